package dev.ferrule.guard.time

import java.util.concurrent.atomic.AtomicBoolean

/**
 * The mean of what calls cost, with its doubt, in a few words of memory.
 *
 * Invariants: what is unknown is not counted; [take] never waits: where two threads come at once one of their calls is left out,
 * which a mean does not notice.
 */
internal class Mean {
    private val isTaken = AtomicBoolean()
    private var count = 0L
    private var mean = 0.0
    private var squares = 0.0

    /** What is known at one moment. */
    class Known(val count: Long, val mean: Double, private val squares: Double) {
        /** The mean that is, with 95 % certainty, not above the one that these calls were drawn from. */
        val lower: Double
            get() = if (count < 2) 0.0 else mean - NORMAL_95 * Math.sqrt(squares / (count - 1) / count)

        private companion object {
            /** Of the normal distribution, one-sided; there are a thousand calls at least. */
            private const val NORMAL_95 = 1.6449
        }
    }

    /** Counts a call; a negative cost is an unknown one. */
    fun take(cost: Long) {
        if (cost < 0 || !isTaken.compareAndSet(false, true)) return
        // Welford's way: no difference of large sums.
        count++
        val off = cost - mean
        mean += off / count
        squares += off * (cost - mean)
        isTaken.set(false)
    }

    /** What is known; of nothing while a call is being counted. */
    fun known(): Known {
        if (!isTaken.compareAndSet(false, true)) return NONE
        val known = Known(count, mean, squares)
        isTaken.set(false)
        return known
    }

    fun clear() {
        while (!isTaken.compareAndSet(false, true)) Thread.yield()
        count = 0
        mean = 0.0
        squares = 0.0
        isTaken.set(false)
    }

    private companion object {
        private val NONE = Known(0, 0.0, 0.0)
    }
}
