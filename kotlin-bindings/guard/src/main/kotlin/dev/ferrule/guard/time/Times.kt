package dev.ferrule.guard.time

import java.util.concurrent.atomic.AtomicReference

/**
 * The times of one feature's calls: legacy's and the candidate's (R31, R32).
 *
 * Where both run, every call is timed; where one party alone answers, one call of 64, because to ask the clock twice
 * costs more than a decision. Invariant: a feature that never left OFF has no histograms.
 */
internal class Times {
    private val legacy = AtomicReference<Histogram?>()
    private val candidate = AtomicReference<Histogram?>()
    private var calls = 0

    /** Whether a call of a feature where one party answers is timed. Two threads may count as one; a share does not notice. */
    fun isDue(): Boolean = (calls++ * SCATTER) ushr SHARE_SHIFT == 0

    fun ofLegacy(nanos: Long) = made(legacy).record(nanos)

    fun ofCandidate(nanos: Long) = made(candidate).record(nanos)

    fun legacy(): Counts = legacy.get()?.counts() ?: Counts.NONE

    fun candidate(): Counts = candidate.get()?.counts() ?: Counts.NONE

    /** Begins anew: what was measured has been acted on. */
    fun clear() {
        legacy.get()?.clear()
        candidate.get()?.clear()
    }

    private fun made(side: AtomicReference<Histogram?>): Histogram {
        side.get()?.let { return it }
        val fresh = Histogram()
        return if (side.compareAndSet(null, fresh)) fresh else side.get() ?: fresh
    }

    private companion object {
        /** Spreads the timed calls, so that no rhythm of the caller's hits them or misses them all. */
        private const val SCATTER = -0x61c8_8647
        private const val SHARE_SHIFT = 26
    }
}
