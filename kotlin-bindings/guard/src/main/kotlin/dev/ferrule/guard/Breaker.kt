package dev.ferrule.guard

/**
 * Marks a throwable of a candidate as a sign that its native side is not sound: a contained panic (R23, R33). The guard
 * knows no native class, so those classes say it themselves.
 */
public interface PanicSignal

/**
 * Counts what becomes of a candidate's calls in this process and says when the breaker is to open (R33).
 *
 * What it is: counters and three conditions. What it is not: it takes nothing away from anybody; the caller does.
 *
 * Invariants: [answered] costs two plain stores, but for one call of 5,000; after it said *open* it counts from nothing again;
 * a condition is worked out on failures only. At 10,000 calls both counts are halved, so that the rate is that of the last five to
 * ten thousand calls: however long a candidate was good, 63 failures in a row open the breaker.
 */
internal class Breaker(private val nanos: () -> Long) {
    private var calls = 0
    private var failures = 0
    private val panics = LongArray(PANICS)
    private var panicCount = 0
    private val late = BooleanArray(LATE_WINDOW)

    /** Where the next call stands in [late]. */
    private var turn = 0

    /** Whether a call was late since it last opened; until then the window need not be kept. */
    private var wasLate = false

    /** The candidate answered in time. Counts that two threads write at once may lose one: a rate does not notice. */
    fun answered() {
        calls++
        if (calls >= CALLS_MAX) halve()
        if (wasLate) turn(isLate = false)
    }

    /** The candidate threw. True if the breaker is to open. */
    @Synchronized
    fun failed(thrown: Throwable): Boolean {
        calls++
        failures++
        if (calls >= CALLS_MAX) halve()
        if (wasLate) turn(isLate = false)
        val opens = (thrown is PanicSignal && panicked()) || isOften(failures, calls)
        if (opens) reset()
        return opens
    }

    /** The candidate did not answer in time. True if the breaker is to open. */
    @Synchronized
    fun late(): Boolean {
        wasLate = true
        calls++
        turn(isLate = true)
        val opens = late.count { it } >= LATE_MAX
        if (opens) reset()
        return opens
    }

    @Synchronized
    private fun halve() {
        calls /= 2
        failures /= 2
    }

    private fun turn(isLate: Boolean) {
        val at = turn
        late[at] = isLate
        turn = (at + 1) % LATE_WINDOW
    }

    private fun panicked(): Boolean {
        val now = nanos()
        panics[panicCount++ % PANICS] = now
        // Of the last three the oldest stands where the next one will.
        return panicCount >= PANICS && now - panics[panicCount % PANICS] <= PANIC_WINDOW
    }

    private fun reset() {
        calls = 0
        failures = 0
        panicCount = 0
        late.fill(false)
        wasLate = false
    }

    companion object {
        private const val PANICS = 3
        private const val PANIC_WINDOW = 600_000_000_000L
        private const val LATE_WINDOW = 100
        private const val LATE_MAX = 5
        private const val CALLS_MIN = 200
        private const val CALLS_MAX = 10_000
        private const val RATE = 0.005
        private const val DOUBT = 0.05

        /**
         * Whether the lower bound of the error rate, exact and one-sided at 95 %, is above 0.5 %: that is, whether so many
         * failures or more would happen by chance in less than 5 % of all cases if the rate were just that.
         */
        fun isOften(failures: Int, calls: Int): Boolean {
            if (calls < CALLS_MIN) return false
            // P(fewer than `failures`), term by term from none on; in logarithms, for calls without end.
            var term = calls * Math.log1p(-RATE)
            var fewer = 0.0
            for (count in 0 until failures) {
                fewer += Math.exp(term)
                // It only grows: of many failures the first few tell.
                if (1.0 - fewer < DOUBT) return true
                term += Math.log((calls - count).toDouble() / (count + 1)) + Math.log(RATE) - Math.log1p(-RATE)
            }
            return false
        }
    }
}
