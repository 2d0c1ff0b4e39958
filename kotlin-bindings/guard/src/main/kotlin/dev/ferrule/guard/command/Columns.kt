package dev.ferrule.guard.command

import dev.ferrule.guard.ReasonCode

/** Widths and words that the texts of the guard share with those of `ferrule rollout`. */
internal object Columns {
    const val WIDTH = 100

    /** A text of at most [width] characters, with a mark where something is missing; nothing in it moves a cursor. */
    fun cut(text: String, width: Int): String {
        val clean = String(CharArray(text.length) { if (text[it].isISOControl()) '\uFFFD' else text[it] })
        return if (clean.length <= width) clean else clean.take(width - 1) + "…"
    }

    /** Nanoseconds as microseconds: `0.8`, `12`, `1,204`; a dash where nothing was timed. */
    fun micros(nanos: Long): String = when {
        nanos <= 0 -> "–"
        nanos < 10_000 -> "${nanos / 1_000}.${nanos / 100 % 10}"
        else -> grouped(nanos / 1_000)
    }

    private fun grouped(number: Long): String =
        if (number < 1_000) "$number" else grouped(number / 1_000) + "," + "${number % 1_000}".padStart(3, '0')

    /** Reasons that somebody has to look at. */
    val TRIPPED: Set<ReasonCode> = setOf(
        ReasonCode.KILLED,
        ReasonCode.QUARANTINED,
        ReasonCode.SAFE_MODE,
        ReasonCode.TRIPPED,
        ReasonCode.PROBING,
        ReasonCode.STATE_LOST,
        ReasonCode.STATE_TOO_NEW,
        ReasonCode.CONFIG_RANGE,
        ReasonCode.NO_BEACON,
    )

    /** Whether a call for this reason is to be answered by the candidate. */
    fun isCandidate(reason: ReasonCode): Boolean = reason.trust >= ReasonCode.COHORT_IN.trust
}
