package dev.ferrule.guard

import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong

/** What traces show of comparisons (section 4.3). Nothing that a tracer throws leaves it. */
internal class Timeline {
    private val begun = AtomicInteger()
    private val pending = AtomicInteger()
    private val mismatches = AtomicLong()

    /** A comparison was put off. What is returned ends it, wherever that is; null where nobody traces. */
    fun putOff(tracer: GuardTracer?): Slice? {
        if (tracer !is GuardTimeline) return null
        val cookie = begun.incrementAndGet()
        val now = pending.incrementAndGet()
        quietly { tracer.beginAsync(TraceNames.SHADOW, cookie) }
        quietly { tracer.counter(TraceNames.QUEUE, now.toLong()) }
        return Slice(tracer, cookie)
    }

    /** A real mismatch was found. */
    fun mismatch(tracer: GuardTracer?) {
        val now = mismatches.incrementAndGet()
        if (tracer is GuardTimeline) quietly { tracer.counter(TraceNames.MISMATCH, now) }
    }

    /** One comparison that was put off. */
    inner class Slice(private val tracer: GuardTimeline, private val cookie: Int) {
        fun end() {
            val now = pending.decrementAndGet()
            quietly { tracer.endAsync(TraceNames.SHADOW, cookie) }
            quietly { tracer.counter(TraceNames.QUEUE, now.toLong()) }
        }
    }
}
