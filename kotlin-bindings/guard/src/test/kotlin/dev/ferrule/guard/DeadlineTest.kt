package dev.ferrule.guard

import dev.ferrule.guard.work.Worker
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.CountDownLatch
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.atomic.AtomicLong

/** Candidates that may not keep their caller waiting: deadlines, hangs, comparisons made later (R7, R8, R17). */
class DeadlineTest {
    private val now = AtomicLong()
    private val worker = Worker(now::get)
    private val decisions = LinkedBlockingQueue<Decision>()
    private val rollout = Rollout(null, { decisions += it }, worker)
    private val release = CountDownLatch(1)

    @AfterEach
    fun end() {
        release.countDown()
        worker.close()
    }

    private fun feature(name: String = "test", answer: (Int) -> String): Feature<Int, String> {
        val builder = rollout.feature<Int, String>(name, { Answerer { answer(it) } })
        builder.deadlineNanos = Long.MAX_VALUE
        return builder.register().also { rollout.setStage(it, Stage.LIVE) }
    }

    private fun hanging(begun: CountDownLatch): Feature<Int, String> =
        rollout.feature<Int, String>("hanging", {
            Answerer {
                begun.countDown()
                while (release.count > 0) {
                    try {
                        release.await()
                    } catch (_: InterruptedException) {
                        // As a candidate in native code, which sees no interrupt.
                    }
                }
                "too late"
            }
        }).deadline(1).register().also { rollout.setStage(it, Stage.LIVE) }

    private fun call(feature: Feature<Int, String>) = rollout.call(feature, 1) { "legacy" }

    /** A call that the worker had not begun at its deadline never is; on a busy machine that may be any number of them. */
    private fun callUntil(feature: Feature<Int, String>, hasBegun: () -> Boolean) {
        do assertEquals("legacy", call(feature)) while (!hasBegun())
    }

    @Test
    fun `a candidate in time answers, on a thread that is not the caller's`() {
        var thread: Thread? = null
        val feature = feature { thread = Thread.currentThread(); "candidate" }
        assertEquals("candidate", call(feature))
        assertFalse(thread === Thread.currentThread())
        assertEquals(Party.CANDIDATE, decisions.single().answeredBy)
        assertEquals(1, feature.times.candidate().total)
    }

    @Test
    fun `legacy answers at the deadline, and what comes later is dropped`() {
        val begun = CountDownLatch(1)
        val feature = hanging(begun)
        callUntil(feature) { begun.count == 0L }
        assertTrue(decisions.all { it.outcome == Outcome.LATE || it.outcome == Outcome.BUSY }, "$decisions")
        assertTrue(decisions.all { it.reason == ReasonCode.CANDIDATE_FAILED })
        // Whatever the machine does: behind a running call the next one is not begun.
        assertEquals("legacy", call(feature))
        assertEquals(Outcome.BUSY, decisions.last().outcome)
        release.countDown()
        assertEquals("candidate", call(feature("next") { "candidate" }))
        assertEquals(0, feature.tally.of(Outcome.ANSWERED))
    }

    @Test
    fun `five late of a hundred open the breaker`() {
        val feature = feature { "candidate" }
        repeat(4) { assertFalse(feature.breaker.late()) }
        repeat(90) { call(feature) }
        assertTrue(feature.breaker.late())
    }

    @Test
    fun `a hang trips its feature and costs one thread of two`() {
        val begun = CountDownLatch(2)
        val first = hanging(begun)
        val second = hanging(begun)
        val other = feature("other") { "candidate" }
        callUntil(first) { begun.count == 1L }
        now.addAndGet(Worker.HUNG_NANOS + 1)
        assertEquals("legacy", call(other), "who finds it out is answered by legacy")
        assertEquals(ReasonCode.TRIPPED, first.reason)
        assertEquals("candidate", call(other))
        callUntil(second) { begun.count == 0L }
        now.addAndGet(Worker.HUNG_NANOS + 1)
        repeat(3) { assertEquals("legacy", call(other), "no third thread") }
        assertEquals(ReasonCode.TRIPPED, second.reason)
        assertEquals(ReasonCode.LIVE, other.reason)
    }

    @Test
    fun `a candidate that asks through the guard again does not wait for itself`() {
        val inner = feature("inner") { "inner" }
        val outer = feature("outer") { rollout.call(inner, it) { "legacy" } + " outer" }
        assertEquals("inner outer", call(outer))
    }

    /** Calls until the candidate has begun with one, and interrupts the caller then. */
    private fun interruptedIn(feature: Feature<Int, String>, begun: CountDownLatch) {
        val caller = Thread.currentThread()
        val interrupter = Thread {
            begun.await()
            caller.interrupt()
        }
        interrupter.start()
        assertEquals("legacy", call(feature))
        // Taken back before the join, which would throw else where the other thread has not quite ended.
        assertTrue(Thread.interrupted())
        interrupter.join()
    }

    private fun stuck(begun: CountDownLatch, mirror: WriteMirror<Int>? = null): Feature<Int, String> {
        val builder = rollout.feature<Int, String>("stuck", {
            Answerer {
                begun.countDown()
                release.await()
                "too late"
            }
        })
        builder.deadlineNanos = Long.MAX_VALUE
        if (mirror != null) builder.writes(mirror)
        return builder.register().also { rollout.setStage(it, Stage.LIVE) }
    }

    @Test
    fun `an interrupted caller gets legacy's answer and keeps its interrupt`() {
        val begun = CountDownLatch(1)
        val feature = stuck(begun)
        interruptedIn(feature, begun)
        assertEquals(Outcome.BUSY, decisions.single().outcome)
        assertEquals(0, feature.tally.of(Outcome.LATE))
    }

    @Test
    fun `a write whose caller is interrupted while the candidate is at it is unknown, and no fault of the candidate's`() {
        val begun = CountDownLatch(1)
        val unknown = ArrayList<Int>()
        val mirror = object : WriteMirror<Int> {
            override fun unknown(input: Int, failure: Throwable?) {
                unknown += input
            }

            override fun behind(input: Int, failure: Throwable) = Unit
        }
        val feature = stuck(begun, mirror)
        interruptedIn(feature, begun)
        assertEquals(listOf(1) to Outcome.LATE, unknown to decisions.single().outcome)
        repeat(4) { assertFalse(feature.breaker.late(), "the interrupt is not among the five") }
        assertTrue(feature.breaker.late())
    }

    @Test
    fun `a write that was not begun when its caller was interrupted is known not to be applied`() {
        val begun = CountDownLatch(1)
        stuck(begun).let { first -> interruptedIn(first, begun) }
        val unknown = ArrayList<Int>()
        val mirror = object : WriteMirror<Int> {
            override fun unknown(input: Int, failure: Throwable?) {
                unknown += input
            }

            override fun behind(input: Int, failure: Throwable) = Unit
        }
        // The worker is still at the first.
        val second = stuck(CountDownLatch(1), mirror)
        Thread.currentThread().interrupt()
        assertEquals("legacy", call(second))
        assertTrue(Thread.interrupted())
        assertEquals(emptyList<Int>() to Outcome.BUSY, unknown to decisions.last().outcome)
    }

    @Test
    fun `a comparison is made later on a copy of the input`() {
        val compared = LinkedBlockingQueue<List<Any>>()
        val original = mutableListOf(1)
        val feature = rollout.feature<List<Int>, Int>("later", { Answerer { it.sum() } })
            .later { it.toList() }
            .comparison { input, legacy, candidate ->
                compared += listOf(input, legacy, candidate, Thread.currentThread())
                Verdict.match()
            }
            .register()
        rollout.setStage(feature, Stage.SHADOW)
        assertEquals(1, rollout.call(feature, original) { it.sum() })
        original += 2
        val (input, legacy, candidate, thread) = compared.take()
        assertEquals(listOf(1), input)
        assertEquals(1 to 1, legacy to candidate)
        assertFalse(thread === Thread.currentThread())
        assertEquals(Outcome.COMPARED, decisions.take().outcome)
    }

    @Test
    fun `comparisons that find no room are counted and every call is reported once`() {
        val begun = CountDownLatch(1)
        val feature = rollout.feature<Int, Int>("later", {
            Answerer { begun.countDown(); release.await(); it }
        }).later { it }.register()
        rollout.setStage(feature, Stage.SHADOW)
        rollout.call(feature, 0) { it }
        begun.await()
        repeat(1_000) { rollout.call(feature, it) { input -> input } }
        assertEquals(1_000 - Worker.BACKLOG_MAX, feature.tally.of(Outcome.DROPPED))
        release.countDown()
        val outcomes = List(1_001) { decisions.take().outcome }
        assertEquals(1_001 - feature.tally.of(Outcome.DROPPED), outcomes.count { it == Outcome.COMPARED })
    }

    @Test
    fun `a kill reaches comparisons that still wait`() {
        val begun = CountDownLatch(1)
        var asked = 0
        val feature = rollout.feature<Int, Int>("later", {
            Answerer { asked++; begun.countDown(); release.await(); it }
        }).later { it }.register()
        rollout.setStage(feature, Stage.SHADOW)
        repeat(10) { rollout.call(feature, it) { input -> input } }
        begun.await()
        rollout.kill("later")
        release.countDown()
        repeat(10) { decisions.take() }
        assertEquals(1, asked)
        assertEquals(9, feature.tally.of(Outcome.DROPPED))
    }

    @Test
    fun `answers to an input whose source changed meanwhile are not compared`() {
        var epoch = 1L
        val feature = rollout.feature<Int, Int>("torn", { Answerer { epoch++; it + 1 } }).epoch { epoch }.register()
        rollout.setStage(feature, Stage.SHADOW)
        assertEquals(1, rollout.call(feature, 1) { it })
        assertEquals(Outcome.TORN_INPUT, decisions.single().outcome)
        assertSame(null, decisions.single().verdict)
        assertEquals(1, feature.tally.of(Outcome.TORN_INPUT))
    }
}
