package dev.ferrule.guard.time

/**
 * Whether a candidate is too slow to go on answering (R32).
 *
 * What it is: one comparison of two histograms, by a bound and not by a figure that one slow call could move. What it is
 * not: it takes nothing away from anybody.
 */
internal object LatencyGuard {
    private const val CALLS_MIN = 1_000L
    private const val SHARE = 0.99
    private const val DOUBT = 0.05
    private const val FACTOR_PERCENT = 110
    private const val SLACK_NANOS = 200_000L

    /**
     * True if both were timed at least 1,000 times and the candidate's 99th percentile, at its lower 95 % bound, is beyond
     * legacy's by a tenth and by 0.2 ms.
     */
    fun isSlow(legacy: Counts, candidate: Counts): Boolean {
        if (legacy.total < CALLS_MIN || candidate.total < CALLS_MIN) return false
        val usual = legacy.quantile(SHARE)
        return candidate.at(lowerRank(candidate.total)) > maxOf(usual * FACTOR_PERCENT / 100, usual + SLACK_NANOS)
    }

    /** The rank whose value is, with 95 % certainty, not above the 99th percentile that [total] calls were drawn from. */
    fun lowerRank(total: Long): Long {
        // How many of them are beyond the percentile is binomial; in logarithms, for totals without end.
        var term = total * Math.log(SHARE)
        var atMost = Math.exp(term)
        var beyond = 0L
        while (atMost < 1.0 - DOUBT && beyond < total) {
            term += Math.log((total - beyond).toDouble() / (beyond + 1)) + Math.log1p(-SHARE) - Math.log(SHARE)
            beyond++
            atMost += Math.exp(term)
        }
        return maxOf(1L, total - beyond)
    }
}
