package dev.ferrule.guard

/**
 * The packed state of a feature: all that a decision needs besides the device's bucket, in one `Int` (R4).
 *
 * Bits 0–2 stage, 3–12 share of devices in ‰ (0..1000), then a bit each: killed, tripped, unavailable, bad setting.
 */
internal object Word {
    const val KILLED: Int = 1 shl 13
    const val TRIPPED: Int = 1 shl 14
    const val UNAVAILABLE: Int = 1 shl 15
    const val BAD_SETTING: Int = 1 shl 16

    /** What a new configuration does not touch. */
    const val OVERRIDES: Int = KILLED or TRIPPED or UNAVAILABLE

    const val BUCKETS: Int = 1000

    private const val STAGE_BITS = 0b111
    private const val SHARE_SHIFT = 3
    private const val SHARE_BITS = 0x3ff
    private val stages = Stage.values()

    fun of(stage: Stage, permille: Int): Int = stage.ordinal or (permille shl SHARE_SHIFT)

    fun stage(word: Int): Stage = stages[word and STAGE_BITS]

    private fun permille(word: Int): Int = (word ushr SHARE_SHIFT) and SHARE_BITS

    /** The decision. The strongest "no" comes first, so that the reason names what would have to be undone. */
    fun reason(word: Int, bucket: Int): ReasonCode = when {
        word and KILLED != 0 -> ReasonCode.KILLED
        word and BAD_SETTING != 0 -> ReasonCode.CONFIG_RANGE
        word and STAGE_BITS == Stage.OFF.ordinal -> ReasonCode.OFF
        word and TRIPPED != 0 -> ReasonCode.TRIPPED
        word and UNAVAILABLE != 0 -> ReasonCode.UNAVAILABLE
        else -> when (stage(word)) {
            Stage.OFF -> ReasonCode.OFF
            Stage.LOAD -> ReasonCode.LOAD
            Stage.SHADOW -> ReasonCode.SHADOW
            Stage.CANARY ->
                if (bucket < permille(word)) ReasonCode.COHORT_IN else ReasonCode.COHORT_OUT
            Stage.LIVE -> ReasonCode.LIVE
        }
    }
}
