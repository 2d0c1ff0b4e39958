package dev.ferrule.guard

/**
 * Told of every change of what the guard trusts, a line each: logcat on a device, under the tag `Ferrule` (section 4.3).
 *
 * It may be called on any thread and must not block. What it throws is dropped.
 */
public fun interface GuardLog {
    /**
     * Something changed.
     *
     * @param code the stable code, one of `docs/codes.md`
     * @param feature the feature's name, or null for all
     * @param line the whole line, code included; no value of any input or answer is in it
     */
    @Throws(Exception::class)
    public fun log(code: String, feature: String?, line: String)
}

/**
 * Marks calls in a system trace: `android.os.Trace` on a device (section 4.3). Names are those of [TraceNames].
 *
 * It is called around every candidate's call and every timed call of legacy, on their thread, and must be quick. What it
 * throws is dropped.
 */
public interface GuardTracer {
    /** A section begins on this thread. */
    public fun begin(name: String)

    /** The section that began last on this thread ends. */
    public fun end()
}

/**
 * A tracer that also shows what spans threads, and numbers (section 4.3): each comparison that is made later, from the call to its
 * end, how many of them there are, and how many real mismatches were found. It is called on the caller's thread and on the
 * guard's worker. What it throws is dropped.
 */
public interface GuardTimeline : GuardTracer {
    /** Something begins that may end on another thread; [cookie] tells it from others of that name. */
    public fun beginAsync(name: String, cookie: Int)

    /** What began with [name] and [cookie] ends. */
    public fun endAsync(name: String, cookie: Int)

    /** The counter [name] stands at [value]. */
    public fun counter(name: String, value: Long)
}

/** The names that traces show: static, at most 127 characters, never a value. */
public object TraceNames {
    /** Longest name that the system takes. */
    public const val LENGTH_MAX: Int = 127

    /** A comparison that is made later, from its call to its end. */
    public const val SHADOW: String = "rr:shadow"

    /** Comparisons that wait for the guard's worker, or run there. */
    public const val QUEUE: String = "rr.queue"

    /** Real mismatches so far. */
    public const val MISMATCH: String = "rr.mismatch"

    private const val PREFIX = "rr:"

    /** Legacy answers the feature called [feature]. */
    @JvmStatic
    public fun legacy(feature: String): String = named(feature, " L")

    /** The candidate answers it. */
    @JvmStatic
    public fun candidate(feature: String): String = named(feature, " C")

    private fun named(feature: String, end: String) = PREFIX + feature.take(LENGTH_MAX - PREFIX.length - end.length) + end
}
