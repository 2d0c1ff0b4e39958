package dev.ferrule.guard.state

import dev.ferrule.guard.KillSource

/**
 * What an operator or a configuration may change: kills, rungs, overlays, compiled configurations (section 2.9, R1, R53,
 * R56).
 *
 * Invariants: a source takes back its own kill only; a rung rises by one step only; what rises is on disk before it counts.
 */
internal object OperatorRules {
    /** [source] kills everything, or takes its own kill back. */
    fun killAll(record: DeviceRecord, source: Int, on: Boolean): Change {
        val killed = if (on) record.killed or source else record.killed and source.inv()
        if (killed == record.killed) return Change(record, Persist.NO)
        return Change(record.copy(killed = killed), urgency(on), listOf(Note(code(on), null, actor(source))))
    }

    /** [source] kills one feature, or takes its own kill back. */
    fun kill(record: DeviceRecord, id: Int, source: Int, on: Boolean): Change {
        val feature = record.feature(id) ?: return Change(record, Persist.NO)
        val killed = if (on) feature.killed or source else feature.killed and source.inv()
        if (killed == feature.killed) return Change(record, Persist.NO)
        val changed = record.with(id) { it.copy(killed = killed) }
        return Change(changed, urgency(on), listOf(Note(code(on), feature.settings.name, actor(source))))
    }

    /**
     * [source] kills what [names] say, `all` for everything; and where [isExact] takes back what else it had killed. To be asked
     * without first, so that nothing is alive in between.
     */
    fun killWord(record: DeviceRecord, source: Int, names: Set<String>, isExact: Boolean): Change {
        val notes = ArrayList<Note>()
        fun killed(before: Int, feature: String?): Int {
            val on = (feature ?: "all") in names
            val after = if (on) before or source else if (isExact) before and source.inv() else before
            if (after != before) notes += Note(code(on), feature, actor(source))
            return after
        }
        val changed = record.copy(
            killed = killed(record.killed, null),
            features = record.features.map { it.copy(killed = killed(it.killed, it.settings.name)) },
        )
        return if (notes.isEmpty()) Change(record, Persist.NO) else Change(changed, urgency(on = !isExact), notes)
    }

    private fun urgency(on: Boolean) = if (on) Persist.NOW else Persist.BEFORE_USE

    private fun actor(source: Int) = if (source == KillSource.COMMAND.bit) Actor.OPERATOR else Actor.CONFIGURATION

    private fun code(on: Boolean) = if (on) "RO_KILLED" else "RO_UNKILLED"

    /** Sets the rung: any lower one, or up to the next higher one (R1). */
    fun set(before: DeviceRecord, id: Int, rung: Rung): Change {
        // An operator has looked: a lost state is settled with the first rung that is set.
        val record = before.copy(lost = false)
        val feature = record.feature(id) ?: return Change(record, Persist.NO)
        val settings = feature.settings
        val next = settings.template.next(feature.granted) ?: feature.granted
        if (rung > next || !settings.template.allows(rung.stage) || settings.bad) {
            return Change(before, Persist.NO, listOf(Note("RO_REFUSED", settings.name, Actor.OPERATOR)))
        }
        val notes = listOf(Note("RO_SET", settings.name, Actor.OPERATOR))
        if (rung <= feature.granted) return Change(record.with(id) { it.loweredTo(rung) }, Persist.NOW, notes)
        val raised = record.with(id) {
            it.copy(
                granted = rung,
                frozen = false,
                demotions = Recent(),
                cap = it.cap?.let { cap -> cap.copy(rung = maxOf(cap.rung, rung)) },
            )
        }
        return Change(raised, Persist.BEFORE_USE, notes)
    }

    /** The server's configuration lowers a feature to [rung], or with null no longer does (R56). */
    fun overlay(record: DeviceRecord, id: Int, rung: Rung?): Change {
        val feature = record.feature(id) ?: return Change(record, Persist.NO)
        val before = feature.overlay
        if (rung == before) return Change(record, Persist.NO)
        val rises = rung == null || (before != null && rung > before)
        return Change(
            record.with(id) { it.copy(overlay = rung) },
            if (rises) Persist.BEFORE_USE else Persist.NOW,
        )
    }

    /** A compiled configuration of a higher generation replaces the one before; what is known about safety stays (RO-I4). */
    fun compiled(record: DeviceRecord, generation: ULong, settings: List<Settings>): Change {
        val distinct = settings.distinctBy { it.id }.sortedBy { it.id }
        if (generation <= record.generation || settings.size > DeviceRecord.FEATURES_MAX) {
            return Change(record, Persist.NO, listOf(Note("RO_REFUSED", null, Actor.CONFIGURATION)))
        }
        val features = distinct.map { configured(record, it) }
        return Change(
            record.copy(generation = generation, features = features),
            Persist.BEFORE_USE,
            features.map { Note("RO_CONFIGURED", it.settings.name, Actor.CONFIGURATION) },
        )
    }

    private fun configured(record: DeviceRecord, settings: Settings): FeatureRecord {
        val old = record.feature(settings.id)?.takeIf { it.settings.name == settings.name }
        var feature = old?.copy(settings = settings, granted = settings.start) ?: FeatureRecord(settings)
        if (old != null) {
            old.cap?.takeIf { it.build == record.build }?.let { feature = feature.loweredTo(it.rung) }
            // A build on probation, or one that needs an operator, does not rise by a new file either.
            if (old.frozen || old.probationUntil > record.age) feature = feature.loweredTo(old.granted)
        }
        return if (record.lost || settings.bad) feature.copy(granted = Rung.OFF) else feature
    }

    /** Lifts the quarantine of the current build, and the freeze, of a feature. */
    fun clear(record: DeviceRecord, id: Int): Change {
        val feature = record.feature(id) ?: return Change(record, Persist.NO)
        val cleared = record.with(id) {
            it.copy(
                quarantines = it.quarantines.filter { quarantine -> quarantine.build != record.build },
                streak = 0,
                crashes = Recent(),
                frozen = false,
                demotions = Recent(),
            )
        }
        return Change(cleared, Persist.BEFORE_USE, listOf(Note("RO_CLEARED", feature.settings.name, Actor.OPERATOR)))
    }

    /** Ends safe mode. */
    fun clearSafeMode(record: DeviceRecord): Change = Change(
        record.copy(safeMode = null, deaths = Recent()),
        Persist.BEFORE_USE,
        listOf(Note("RO_CLEARED", null, Actor.OPERATOR)),
    )
}
