package dev.ferrule.guard.time

import dev.ferrule.guard.CostMeter

/** Measures one call on its thread, from here to [stop]. It never throws. */
internal class Stopwatch(private val meter: CostMeter?) {
    private val processor = processor()
    private val allocated = allocated()
    private val begin = System.nanoTime()

    fun stop(): Cost {
        val nanos = System.nanoTime() - begin
        return Cost(nanos, passed(processor, processor()), passed(allocated, allocated()))
    }

    private fun processor(): Long = known { it.processorNanos() }

    private fun allocated(): Long = known { it.allocatedBytes() }

    private inline fun known(read: (CostMeter) -> Long): Long = try {
        if (meter == null) Cost.UNKNOWN else read(meter)
    } catch (_: Throwable) {
        Cost.UNKNOWN
    }

    private fun passed(before: Long, after: Long): Long =
        if (before < 0 || after < before) Cost.UNKNOWN else after - before
}

/** What a call cost. [processorNanos] and [allocatedBytes] are [UNKNOWN] where nobody could tell. */
internal class Cost(val nanos: Long, val processorNanos: Long, val allocatedBytes: Long) {
    /** What a budget of processor time is charged: the time that passed where no other is known, for it is never less. */
    val charge: Long
        get() = if (processorNanos == UNKNOWN) nanos else processorNanos

    companion object {
        const val UNKNOWN = -1L
    }
}
