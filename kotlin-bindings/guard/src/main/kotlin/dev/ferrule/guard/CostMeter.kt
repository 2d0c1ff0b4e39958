package dev.ferrule.guard

/**
 * What a call costs besides time, as far as the platform tells: `android.os.Debug` on a device (R32).
 *
 * It is asked before and after a timed call, on its thread, and must be quick. What the platform does not tell is unknown, and
 * what it throws counts as unknown.
 */
public interface CostMeter {
    /** Processor time that the calling thread has used so far, in nanoseconds; negative where that is not known. */
    public fun processorNanos(): Long

    /** Bytes that the calling thread has allocated so far; negative where that is not known. */
    public fun allocatedBytes(): Long
}
