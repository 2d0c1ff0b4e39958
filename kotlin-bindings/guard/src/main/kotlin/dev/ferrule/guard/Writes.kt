package dev.ferrule.guard

/**
 * Marks a throwable of a candidate that failed before it changed anything: legacy may do the write in its place, and the
 * two stay equal (R10). Without the mark it is not known what the candidate did.
 */
public interface NotApplied

/**
 * Hears which writes left the two sides apart. Who implements it keeps what they touch in a bounded, persistent set of dirty
 * keys, and reconciles a key before it is read next (R10, R38): [DirtyKeys] is such a set.
 *
 * It is called on the thread of the write, before that returns. What it throws is counted and dropped.
 */
public interface WriteMirror<I> {
    /**
     * The candidate failed and did not say [NotApplied]: [input] may or may not be in its data. Legacy has done the write.
     *
     * @param failure what it threw; null where it was late or returned null
     */
    @Throws(Exception::class)
    public fun unknown(input: I, failure: Throwable?)

    /** The candidate has done the write and legacy, to be kept current behind it, threw [failure]. */
    @Throws(Exception::class)
    public fun behind(input: I, failure: Throwable)
}
