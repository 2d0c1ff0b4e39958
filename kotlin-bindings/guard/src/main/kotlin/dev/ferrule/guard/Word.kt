package dev.ferrule.guard

/**
 * The packed state of a feature: all that a decision needs, in one `Int` (R4).
 *
 * Bits 0–2 stage, 3–7 the reason that stage and device give, then a bit each: killed, tripped, unavailable, bad setting.
 * Whether the device is in the cohort is worked out when a stage is set, not when a call is decided.
 */
internal object Word {
    const val KILLED: Int = 1 shl 13
    const val TRIPPED: Int = 1 shl 14
    const val UNAVAILABLE: Int = 1 shl 15
    const val BAD_SETTING: Int = 1 shl 16

    /** What a new configuration does not touch. */
    const val OVERRIDES: Int = KILLED or TRIPPED or UNAVAILABLE

    private const val STAGE_BITS = 0b111
    private const val REASON_SHIFT = 3
    private const val REASON_BITS = 0x1f
    private val stages = Stage.values()
    private val reasons = ReasonCode.values()

    /** A word at [stage] whose calls are decided by [reason] while nothing in this process overrides it. */
    fun of(stage: Stage, reason: ReasonCode): Int = stage.ordinal or (reason.ordinal shl REASON_SHIFT)

    fun stage(word: Int): Stage = stages[word and STAGE_BITS]

    /** The one of two words that trusts the candidate less; [earlier] if they are equal in that (R2). */
    fun safer(earlier: Int, now: Int): Int = if (trust(now) < trust(earlier)) now else earlier

    /** A breaker that is to prove itself where the two cannot run side by side lets the candidate be loaded and no more. */
    private fun trust(word: Int): Int {
        val reason = reason(word)
        return if (reason == ReasonCode.PROBING && stage(word) < Stage.SHADOW) ReasonCode.LOAD.trust else reason.trust
    }

    /** The decision. The strongest "no" comes first, so that the reason names what would have to be undone. */
    fun reason(word: Int): ReasonCode {
        val settled = reasons[(word ushr REASON_SHIFT) and REASON_BITS]
        return when {
            word and KILLED != 0 -> ReasonCode.KILLED
            word and BAD_SETTING != 0 -> ReasonCode.CONFIG_RANGE
            !settled.loads -> settled
            word and TRIPPED != 0 -> ReasonCode.TRIPPED
            word and UNAVAILABLE != 0 -> ReasonCode.UNAVAILABLE
            else -> settled
        }
    }
}
