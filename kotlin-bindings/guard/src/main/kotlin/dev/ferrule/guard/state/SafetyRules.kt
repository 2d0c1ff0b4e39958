package dev.ferrule.guard.state

import dev.ferrule.guard.Stage
import dev.ferrule.guard.crash.Blame

/** When a changed record has to be on disk, in the order of urgency. */
internal enum class Persist {
    /** Nothing changed that must last. */
    NO,

    /** With the next write, at most every 30 s (R47). */
    SOON,

    /** At once; it makes nothing looser, so it counts already. */
    NOW,

    /** At once, and nothing of it counts before: something rises (RO-I5). */
    BEFORE_USE,
}

/** A record after a rule, and what has to be done about it. */
internal class Change(
    val record: DeviceRecord,
    val persist: Persist,
    /** What happened, a line each for the log: a stable code, and the feature's name or null for all. */
    val notes: List<Note> = emptyList(),
)

/** One thing that happened: the code, the feature's name or null for all, and who made it happen. */
internal class Note(val code: String, val feature: String?, val actor: Actor = Actor.ENGINE)

/** Who made something happen. The order is the number in the audit log. */
internal enum class Actor { ENGINE, OPERATOR, CONFIGURATION }

/**
 * What makes a feature safer by itself: deaths, new builds, the breaker, mismatches (R25–R27, R33, R53).
 *
 * What it is: pure functions from a record to a record; the engine on the workstation has the same rules, written apart.
 *
 * Invariants: no rule here raises a rung, lifts a quarantine or ends safe mode, but for the new build that leaves them
 * behind (RO-I4).
 */
internal object SafetyRules {
    private const val DAY = 86_400_000uL
    private const val STREAK_MAX = 2
    private const val CRASHES_MAX = 3
    private const val DEATHS_MAX = 3
    private const val U8_MAX = 0xff
    private const val PROBATION = 604_800_000uL
    private const val STABLE_UPTIME = 60_000uL
    private const val STABLE_CALLS = 100
    private const val FLAPS_MAX = 2
    private const val FLAP_WINDOW = 604_800_000uL
    private const val OPEN_FIRST = 30_000uL
    private const val OPEN_MOST = 86_400_000uL
    private const val JITTER_MAX = 30_000
    private const val OPENS_MAX = 3
    private const val DOUBLINGS_MAX = 12

    /** A process starts, before any library is loaded (R25). [bootTime] in milliseconds since boot, sleep included. */
    fun start(record: DeviceRecord, boot: ULong, bootTime: ULong, build: ULong, blames: List<Blame>): Change {
        // Of a new boot only its own running time is known to have passed (R31).
        val sameBoot = record.boot == boot
        val passed = if (sameBoot) Recent.since(bootTime, record.bootTime) else bootTime
        val notes = ArrayList<Note>()
        var persist = Persist.SOON
        var now = record.copy(
            age = plus(record.age, passed),
            bootTime = if (sameBoot) maxOf(record.bootTime, bootTime) else bootTime,
            boot = boot,
        )
        val before = record.build
        for (blame in blames.filter { it.build == before }) {
            val counted = count(now, blame, notes)
            if (counted != now) persist = Persist.NOW
            now = counted
        }
        if (before != build) {
            now = newBuild(now, build, notes)
            persist = Persist.NOW
            for (blame in blames.filter { it.build == build }) now = count(now, blame, notes)
        }
        return Change(now, persist, notes)
    }

    /** Time goes on. */
    fun time(record: DeviceRecord, bootTime: ULong): DeviceRecord = record.copy(
        age = plus(record.age, Recent.since(bootTime, record.bootTime)),
        bootTime = maxOf(record.bootTime, bootTime),
    )

    /**
     * R27: ends the streaks of features that have shown to be stable.
     *
     * @param started the age at which the process started
     * @param calls candidate calls of this process, by the feature's number
     */
    fun settle(record: DeviceRecord, started: ULong, firstFrame: Boolean, calls: (Int) -> Int): Change {
        val uptime = Recent.since(record.age, started)
        val settled = record.copy(
            features = record.features.map {
                val stable = firstFrame && uptime >= STABLE_UPTIME && calls(it.settings.id) >= STABLE_CALLS
                if (it.streak > 0 && stable) it.copy(streak = 0) else it
            },
        )
        return Change(settled, if (settled == record) Persist.NO else Persist.SOON)
    }

    private fun count(record: DeviceRecord, blame: Blame, notes: MutableList<Note>): DeviceRecord {
        val build = record.build
        val now = record.age
        val features = record.features.map { old ->
            val bit = 1L shl old.settings.id
            val blamed = blame.features and bit != 0L
            val feature =
                if (blamed) old.copy(streak = minOf(old.streak + 1, U8_MAX), crashes = old.crashes.plus(now)) else old
            val onceIsEnough = feature.settings.critical || feature.probationUntil > now
            val over = feature.streak >= (if (onceIsEnough) 1 else STREAK_MAX) ||
                feature.crashes.within(now, DAY) >= CRASHES_MAX
            val out = (over && blamed) || blame.mirrored and bit != 0L
            if (!out || feature.isQuarantined(build)) return@map feature
            notes += Note("RO_QUARANTINED", feature.settings.name)
            val kept = feature.quarantines.takeLast(FeatureRecord.QUARANTINES_MAX - 1)
            feature.copy(quarantines = kept + Quarantine(build, now))
        }
        val deaths = if (blame.native) record.deaths.plus(now) else record.deaths
        val many = blame.native && deaths.within(now, DAY) >= DEATHS_MAX
        val begins = record.safeMode == null && (many || blame.mirrorsSafeMode)
        if (begins) notes += Note("RO_SAFE_MODE", null)
        return record.copy(
            features = features,
            deaths = deaths,
            safeMode = if (begins) build else record.safeMode,
        )
    }

    private fun newBuild(record: DeviceRecord, build: ULong, notes: MutableList<Note>): DeviceRecord {
        val before = record.build
        return record.copy(
            build = build,
            deaths = Recent(),
            safeMode = record.safeMode?.takeIf { it == build },
            // Which build a lost state was about is not known.
            lost = record.lost && before == 0uL,
            features = record.features.map { old ->
                val fresh = old.copy(
                    streak = 0,
                    crashes = Recent(),
                    trippedUntil = 0u,
                    probing = false,
                    opens = Recent(),
                    cap = old.cap?.takeIf { it.build == build },
                )
                if (before == 0uL || !old.isQuarantined(before)) return@map fresh
                val lowered = fresh.copy(probationUntil = plus(record.age, PROBATION)).loweredTo(Rung.SHADOW)
                if (lowered.granted != old.granted) notes += Note("RO_DEMOTED", old.settings.name)
                lowered
            },
        )
    }

    /** The breaker opens (R33). [jitter] in milliseconds, so that devices do not come back all at once. */
    fun trip(record: DeviceRecord, id: Int, jitter: Int): Change {
        val feature = record.feature(id) ?: return Change(record, Persist.NO)
        val now = record.age
        val opens = feature.opens.plus(now)
        val count = opens.within(now, DAY)
        val doublings = (count - 1).coerceIn(0, DOUBLINGS_MAX)
        val open = minOf(OPEN_FIRST shl doublings, OPEN_MOST) + jitter.coerceIn(0, JITTER_MAX).toULong()
        val tripped = feature.copy(
            opens = opens,
            trippedUntil = maxOf(feature.trippedUntil, plus(now, open)),
            probing = true,
        )
        val notes = arrayListOf(Note("RO_TRIPPED", feature.settings.name))
        val lowered = if (count < OPENS_MAX) {
            tripped
        } else {
            demoted(tripped, record, feature.settings.template.previous(tripped.granted), notes)
        }
        return Change(record.with(id) { lowered }, Persist.NOW, notes)
    }

    /** Twenty probes in a row were clean: the breaker is closed (R33). */
    fun probesClean(record: DeviceRecord, id: Int): Change {
        val feature = record.feature(id)
        if (feature == null || !feature.probing || feature.trippedUntil > record.age) return Change(record, Persist.NO)
        return Change(record.with(id) { it.copy(probing = false, trippedUntil = 0u) }, Persist.BEFORE_USE)
    }

    /** A real mismatch: no tolerance where the candidate answers (R53). */
    fun mismatch(record: DeviceRecord, id: Int): Change = demotion(record, id) { Rung.SHADOW }

    /** The latency guard speaks (R32, R53). */
    fun slow(record: DeviceRecord, id: Int): Change =
        demotion(record, id) { it.settings.template.previous(it.granted) }

    private fun demotion(record: DeviceRecord, id: Int, to: (FeatureRecord) -> Rung): Change {
        val feature = record.feature(id)
        if (feature == null || feature.granted.stage < Stage.CANARY) return Change(record, Persist.NO)
        val notes = ArrayList<Note>()
        val lowered = demoted(feature, record, to(feature), notes)
        if (lowered.granted == feature.granted) return Change(record, Persist.NO)
        return Change(record.with(id) { lowered }, Persist.NOW, notes)
    }

    private fun demoted(feature: FeatureRecord, record: DeviceRecord, to: Rung, notes: MutableList<Note>): FeatureRecord {
        val lowered = feature.loweredTo(to)
        if (lowered.granted == feature.granted) return feature
        notes += Note("RO_DEMOTED", feature.settings.name)
        val demotions = feature.demotions.plus(record.age)
        val flaps = demotions.within(record.age, FLAP_WINDOW) >= FLAPS_MAX
        if (flaps && !feature.frozen) notes += Note("RO_FROZEN", feature.settings.name)
        return lowered.copy(
            cap = Cap(lowered.granted, record.build),
            demotions = demotions,
            frozen = feature.frozen || flaps,
        )
    }

    private fun plus(age: ULong, passed: ULong): ULong =
        if (ULong.MAX_VALUE - age < passed) ULong.MAX_VALUE else age + passed
}
