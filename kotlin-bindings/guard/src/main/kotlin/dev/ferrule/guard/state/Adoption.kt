package dev.ferrule.guard.state

/**
 * What a process that does not write the state makes of what another one writes (R46, R48).
 *
 * What it is: pure functions of three records: the one that was taken over before, the same with what this process has found
 * out since, and a newer one. What it is not: it makes nothing looser than the process that writes has made it.
 */
internal object Adoption {
    /** [fresh], and what this process knows beyond [base] to be safer. */
    fun of(fresh: DeviceRecord, base: DeviceRecord, here: DeviceRecord): DeviceRecord = fresh.copy(
        age = maxOf(fresh.age, here.age),
        killed = fresh.killed or (here.killed and base.killed.inv()),
        safeMode = fresh.safeMode ?: here.safeMode.takeIf { base.safeMode == null },
        deaths = more(fresh.deaths, base.deaths, here.deaths),
        features = fresh.features.map { feature ->
            val id = feature.settings.id
            val (before, now) = base.feature(id) to here.feature(id)
            if (before == null || now == null) feature else merged(feature, before, now)
        },
    )

    private fun merged(fresh: FeatureRecord, base: FeatureRecord, here: FeatureRecord): FeatureRecord {
        val found = here.quarantines.filter { quarantine -> (base.quarantines + fresh.quarantines).none { it.build == quarantine.build } }
        val merged = fresh.copy(
            killed = fresh.killed or (here.killed and base.killed.inv()),
            overlay = lower(fresh.overlay, here.overlay.takeIf { it != base.overlay }),
            streak = if (here.streak > base.streak) maxOf(fresh.streak, here.streak) else fresh.streak,
            crashes = more(fresh.crashes, base.crashes, here.crashes),
            opens = more(fresh.opens, base.opens, here.opens),
            demotions = more(fresh.demotions, base.demotions, here.demotions),
            trippedUntil = if (here.trippedUntil > base.trippedUntil) maxOf(fresh.trippedUntil, here.trippedUntil) else fresh.trippedUntil,
            probing = fresh.probing || here.probing && !base.probing,
            frozen = fresh.frozen || here.frozen && !base.frozen,
            quarantines = (fresh.quarantines + found).takeLast(FeatureRecord.QUARANTINES_MAX),
        )
        return if (here.granted < base.granted) merged.loweredTo(here.granted).copy(cap = here.cap) else merged
    }

    private fun lower(one: Rung?, other: Rung?): Rung? = if (one == null || other == null) one ?: other else minOf(one, other)

    private fun more(fresh: Recent, base: Recent, here: Recent): Recent =
        if (here != base && here.ages.size > fresh.ages.size) here else fresh

    /** A kill that this process takes back is its own; those of [base] stay, and nothing of it has to be written. */
    fun kill(before: DeviceRecord, base: DeviceRecord, asked: Change): Change {
        val kept = asked.record.copy(
            killed = asked.record.killed or base.killed,
            features = asked.record.features.map { it.copy(killed = it.killed or (base.feature(it.settings.id)?.killed ?: 0)) },
        )
        return if (kept == before) Change(before, Persist.NO) else Change(kept, Persist.NOW, asked.notes)
    }
}
