package dev.ferrule.guard.time

/**
 * Whether a candidate costs too much to go on answering (R32).
 *
 * What it is: comparisons of two parties' calls of one operation, each by a bound and not by a figure that one slow call could
 * move: the 99th percentile, the median, processor time and allocations. What it is not: it takes nothing away from anybody,
 * and what is not known of both counts for nothing.
 */
internal object LatencyGuard {
    private const val CALLS_MIN = 1_000L
    private val SHARES = doubleArrayOf(0.99, 0.5)
    private const val DOUBT = 0.05
    private const val FACTOR_PERCENT = 110
    private const val SLACK_NANOS = 200_000L

    /** A page: less is what one call allocates more than another of the same code. */
    private const val SLACK_BYTES = 4_096L

    /** True if some operation of [times] is too slow or too dear. */
    fun isSlow(times: Times): Boolean = times.measured().any { operation ->
        val legacy = times.legacyOf(operation)
        val candidate = times.candidateOf(operation)
        legacy != null && candidate != null && isSlow(legacy, candidate)
    }

    /** Whether enough is known of both to judge by. */
    fun watches(legacy: Times.Side, candidate: Times.Side): Boolean =
        legacy.times.counts().total >= CALLS_MIN && candidate.times.counts().total >= CALLS_MIN

    /** True if one operation's [candidate] is too slow or too dear. */
    fun isSlow(legacy: Times.Side, candidate: Times.Side): Boolean =
        isSlow(legacy.times.counts(), candidate.times.counts()) ||
            isDear(legacy.processor.known(), candidate.processor.known(), SLACK_NANOS) ||
            isDear(legacy.allocated.known(), candidate.allocated.known(), SLACK_BYTES)

    /**
     * True if both were timed at least 1,000 times and the candidate's 99th percentile or its median, at its lower 95 % bound, is
     * beyond legacy's by a tenth and by 0.2 ms.
     */
    fun isSlow(legacy: Counts, candidate: Counts): Boolean {
        if (legacy.total < CALLS_MIN || candidate.total < CALLS_MIN) return false
        return SHARES.any { share ->
            val usual = legacy.quantile(share)
            candidate.at(lowerRank(candidate.total, share)) > maxOf(usual * FACTOR_PERCENT / 100, usual + SLACK_NANOS)
        }
    }

    private fun isDear(legacy: Mean.Known, candidate: Mean.Known, slack: Long): Boolean {
        if (legacy.count < CALLS_MIN || candidate.count < CALLS_MIN) return false
        return candidate.lower > maxOf(legacy.mean * FACTOR_PERCENT / 100, legacy.mean + slack)
    }

    /** The rank whose value is, with 95 % certainty, not above the quantile [share] that [total] calls were drawn from. */
    fun lowerRank(total: Long, share: Double): Long {
        // How many of them are beyond it is binomial; in logarithms, for totals without end.
        var term = total * Math.log(share)
        var atMost = Math.exp(term)
        var beyond = 0L
        while (atMost < 1.0 - DOUBT && beyond < total) {
            term += Math.log((total - beyond).toDouble() / (beyond + 1)) + Math.log1p(-share) - Math.log(share)
            beyond++
            atMost += Math.exp(term)
        }
        return maxOf(1L, total - beyond)
    }
}
