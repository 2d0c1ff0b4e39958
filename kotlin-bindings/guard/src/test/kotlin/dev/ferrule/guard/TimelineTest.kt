package dev.ferrule.guard

import dev.ferrule.guard.work.Worker
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.Collections
import java.util.concurrent.CountDownLatch
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit

/** What a trace shows of calls and of comparisons that are made later (section 4.3). */
class TimelineTest {
    private val seen: MutableList<String> = Collections.synchronizedList(ArrayList())
    private val decisions = LinkedBlockingQueue<Decision>()
    private val ended = CountDownLatch(1)
    private val worker = Worker()
    private val rollout = Rollout(null, { decisions += it }, worker)
    private val timeline = object : GuardTimeline {
        override fun begin(name: String) { seen += "begin $name" }
        override fun end() { seen += "end" }
        override fun beginAsync(name: String, cookie: Int) { seen += "begin $name $cookie" }
        override fun counter(name: String, value: Long) {
            seen += "$name $value"
            // The last that is told of the last comparison.
            if (name == TraceNames.QUEUE && value == 0L) ended.countDown()
        }
        override fun endAsync(name: String, cookie: Int) { seen += "end $name $cookie" }
    }

    @AfterEach
    fun end() = worker.close()

    private fun feature(stage: Stage, answer: (Int) -> Int): Feature<Int, Int> =
        rollout.feature<Int, Int>("f", { Answerer { answer(it) } }).later { it }.repeatable().register()
            .also { rollout.setStage(it, stage) }

    /** Three calls are made, and the worker is at the comparison of the first until [release]. */
    private fun threeWaiting(release: CountDownLatch, answer: (Int) -> Int): Feature<Int, Int> {
        val begun = CountDownLatch(1)
        val feature = feature(Stage.SHADOW) { begun.countDown(); release.await(); answer(it) }
        rollout.call(feature, 0) { it }
        // Until the worker is at it, it may have the lock, and the next would find no room.
        assertTrue(begun.await(120, TimeUnit.SECONDS))
        for (input in 1..2) rollout.call(feature, input) { it }
        return feature
    }

    private fun await() = assertTrue(ended.await(120, TimeUnit.SECONDS))

    @Test
    fun `each comparison is one slice from its call to its end, whether it is made or dropped`() {
        rollout.tracer = timeline
        val release = CountDownLatch(1)
        val feature = threeWaiting(release) { it }
        rollout.kill("f")
        release.countDown()
        await()
        for (cookie in 1..3) {
            assertEquals(1, seen.count { it == "begin rr:shadow $cookie" })
            assertEquals(1, seen.count { it == "end rr:shadow $cookie" })
        }
        assertEquals((1..3).toSet(), seen.filter { it.startsWith("begin rr:shadow") }.map { it.last().digitToInt() }.toSet())
        assertTrue("rr.queue 3" in seen)
        assertEquals(2, feature.tally.of(Outcome.DROPPED))
    }

    @Test
    fun `one that the worker has no time for ends too`() {
        rollout.tracer = timeline
        val release = CountDownLatch(1)
        val feature = threeWaiting(release) { it }
        worker.close()
        assertEquals(2, seen.count { it.startsWith("end rr:shadow") })
        release.countDown()
        await()
        assertEquals("rr.queue 0", seen.last { it.startsWith("rr.queue") })
    }

    @Test
    fun `real mismatches are counted`() {
        rollout.tracer = timeline
        val release = CountDownLatch(1)
        threeWaiting(release) { it + 1 }
        release.countDown()
        await()
        assertEquals(listOf("rr.mismatch 1", "rr.mismatch 2", "rr.mismatch 3"), seen.filter { it.startsWith("rr.mismatch") })
    }

    @Test
    fun `a tracer that throws, or that shows slices of one thread only, changes nothing`() {
        val broken = object : GuardTimeline {
            override fun begin(name: String) = error("begin")
            override fun end() = error("end")
            override fun beginAsync(name: String, cookie: Int) = error("begin")
            override fun endAsync(name: String, cookie: Int) = error("end")
            override fun counter(name: String, value: Long) = error("counter")
        }
        val plain = object : GuardTracer {
            override fun begin(name: String) = Unit
            override fun end() = Unit
        }
        for (tracer in listOf(broken, plain, null)) {
            rollout.tracer = tracer
            val feature = feature(Stage.SHADOW) { it + 1 }
            assertEquals(1, rollout.call(feature, 1) { it })
            assertEquals(Verdict.Kind.MISMATCH, decisions.poll(120, TimeUnit.SECONDS)?.verdict?.kind)
        }
        assertEquals(0, rollout.harnessErrors)
    }
}
