package dev.ferrule.guard.state

import dev.ferrule.guard.Bucket
import dev.ferrule.guard.DeviceFacts
import dev.ferrule.guard.ReasonCode
import dev.ferrule.guard.Stage

/**
 * How calls of a feature are decided, from the record (R3, R4, R15, section 2.2).
 *
 * What it is: one list of conditions, the strongest "no" first, worked out whenever the record changes and never in a
 * call. What it is not: it knows nothing of what this process saw for itself.
 *
 * Invariants: without a reason to trust the candidate legacy answers (RO-I3); a feature is never further than one that it
 * needs.
 */
internal class Decider(val record: DeviceRecord, private val facts: DeviceFacts, private val tooNew: Boolean) {
    /** A decision: why, and the rung that counts after everything that lowers it. */
    class Decision(val reason: ReasonCode, val rung: Rung, private val isProbed: Boolean = true) {
        /** Whether the candidate answers, here and now. */
        val isCandidate: Boolean
            get() = reason in ANSWERED_BY_CANDIDATE

        /** Whether the candidate runs, to answer or to be compared. */
        val runsCandidate: Boolean
            get() = isCandidate || reason == ReasonCode.SHADOW || reason == ReasonCode.PROBING && isProbed

        /** What a call goes by: [rung]'s stage, but [Stage.LOAD] for a candidate that may not even be probed. */
        val stage: Stage
            get() = if (reason == ReasonCode.PROBING && !isProbed) Stage.LOAD else rung.stage
    }

    /** Decides calls of the feature [id]; an unknown one is off. */
    fun decide(id: Int): Decision = decide(id, emptySet())

    private fun decide(id: Int, below: Set<Int>): Decision {
        val feature = record.feature(id) ?: return off(ReasonCode.OFF)
        refusal(feature)?.let { return off(it) }
        if (id in below) return off(ReasonCode.DEPENDENCY)
        val template = feature.settings.template
        var rung = lowered(feature)
        var candidateElsewhere = true
        var runsElsewhere = true
        for (parent in 0 until ULong.SIZE_BITS) {
            if (feature.settings.parents and (1uL shl parent) == 0uL) continue
            val above = if (parent < DeviceRecord.FEATURES_MAX) decide(parent, below + id) else off(ReasonCode.OFF)
            if (above.rung < rung) rung = template.atMost(above.rung)
            candidateElsewhere = candidateElsewhere && above.isCandidate
            runsElsewhere = runsElsewhere && above.runsCandidate
        }
        if (rung == Rung.OFF) return off(ReasonCode.DEPENDENCY)
        val probing = feature.probing && rung > Rung.SHADOW
        if (probing) rung = template.atMost(Rung.SHADOW)
        val own = when (rung.stage) {
            Stage.OFF -> return off(ReasonCode.OFF)
            Stage.LOAD -> ReasonCode.LOAD
            Stage.SHADOW -> ReasonCode.SHADOW
            Stage.CANARY -> if (inCohort(feature, rung)) ReasonCode.COHORT_IN else ReasonCode.COHORT_OUT
            Stage.LIVE -> ReasonCode.LIVE
            Stage.RETIRE -> ReasonCode.RETIRE
            Stage.COMPLETE -> ReasonCode.COMPLETE
        }
        return when {
            // A candidate that cannot be probed beside legacy does not run until the breaker is closed.
            probing -> Decision(ReasonCode.PROBING, rung, isProbed = own == ReasonCode.SHADOW && runsElsewhere)
            own in ANSWERED_BY_CANDIDATE && !candidateElsewhere -> Decision(ReasonCode.DEPENDENCY, rung)
            own == ReasonCode.SHADOW && !runsElsewhere -> Decision(ReasonCode.DEPENDENCY, rung)
            else -> Decision(own, rung)
        }
    }

    private fun refusal(feature: FeatureRecord): ReasonCode? = refusals(feature).firstOrNull { it.second }?.first

    /** Everything that turns a feature off, the strongest first, and whether it holds: the lines of `why`. */
    fun refusals(feature: FeatureRecord): Sequence<Pair<ReasonCode, Boolean>> = sequenceOf(
        ReasonCode.KILLED to (record.killed != 0 || feature.killed != 0),
        ReasonCode.CONFIG_RANGE to feature.settings.bad,
        ReasonCode.STATE_TOO_NEW to tooNew,
        ReasonCode.STATE_LOST to (record.lost && feature.granted == Rung.OFF),
        ReasonCode.SAFE_MODE to (record.safeMode != null),
        ReasonCode.QUARANTINED to feature.isQuarantined(record.build),
        ReasonCode.OFF to (lowered(feature) == Rung.OFF),
        ReasonCode.TARGETING_MISS to !facts.meetAll(feature.settings.targets),
        ReasonCode.TRIPPED to (feature.trippedUntil > record.age),
    )

    private fun lowered(feature: FeatureRecord): Rung =
        feature.settings.template.atMost(minOf(feature.granted, feature.overlay ?: feature.granted))

    private fun inCohort(feature: FeatureRecord, rung: Rung): Boolean =
        Bucket.isIn(Bucket.of(feature.settings.salt, record.unit), feature.settings.windowStart, rung.permille)

    private fun off(reason: ReasonCode) = Decision(reason, Rung.OFF)

    private companion object {
        private val ANSWERED_BY_CANDIDATE =
            setOf(ReasonCode.COHORT_IN, ReasonCode.LIVE, ReasonCode.RETIRE, ReasonCode.COMPLETE)
    }
}
