package dev.ferrule.guard.work

import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong

/** The worker's bounds: one thread, one replacement, two queues (R8, R17). Time is a number that the tests set. */
class WorkerTest {
    private val now = AtomicLong()
    private val worker = Worker(now::get)
    private val release = CountDownLatch(1)

    /** Runs until the test releases it, or just so. */
    private inner class Probe(private val isBlocking: Boolean = false) : Task() {
        val begun = CountDownLatch(1)
        val drops = AtomicInteger()
        val hangs = AtomicInteger()
        var thread: Thread? = null

        override fun work() {
            thread = Thread.currentThread()
            begun.countDown()
            while (isBlocking) {
                try {
                    return release.await()
                } catch (_: InterruptedException) {
                    // As a candidate in native code, which sees no interrupt.
                }
            }
        }

        override fun dropped() {
            drops.incrementAndGet()
        }

        override fun hung() {
            hangs.incrementAndGet()
        }
    }

    @AfterEach
    fun end() {
        release.countDown()
        worker.close()
    }

    private fun blocked(): Probe = Probe(isBlocking = true).also {
        assertTrue(worker.submit(it))
        it.begun.await()
    }

    @Test
    fun `a task that nobody left is done, and interrupts of one do not reach the next`() {
        repeat(3) {
            val probe = object : Task() {
                var wasInterrupted = true
                override fun work() {
                    wasInterrupted = Thread.currentThread().isInterrupted
                    Thread.currentThread().interrupt()
                }
            }
            assertTrue(worker.submit(probe))
            assertEquals(Task.Waited.DONE, probe.await(Long.MAX_VALUE))
            assertFalse(probe.wasInterrupted)
        }
        val probe = Probe()
        worker.submit(probe)
        probe.await(Long.MAX_VALUE)
        assertTrue(probe.thread!!.isDaemon)
        assertFalse(worker.isHere)
    }

    @Test
    fun `whoever leaves a running task was kept waiting, whoever leaves one in the queue was not`() {
        val running = blocked()
        val queued = Probe()
        assertTrue(worker.submit(queued))
        assertEquals(Task.Waited.LATE, running.await(0))
        assertEquals(Task.Waited.NOT_BEGUN, queued.await(0))
        release.countDown()
        val last = Probe()
        worker.submit(last)
        assertEquals(Task.Waited.DONE, last.await(Long.MAX_VALUE))
        assertEquals(1, queued.begun.count, "a task that was left is not begun")
    }

    @Test
    fun `an interrupt ends the wait and is kept`() {
        val running = blocked()
        Thread.currentThread().interrupt()
        assertEquals(Task.Waited.INTERRUPTED, running.await(Long.MAX_VALUE))
        assertTrue(Thread.interrupted())
    }

    @Test
    fun `a thread that hangs is replaced once`() {
        val first = blocked()
        now.addAndGet(Worker.HUNG_NANOS)
        assertTrue(worker.submit(Probe()), "five seconds are not more than five seconds")
        now.incrementAndGet()
        assertFalse(worker.submit(Probe()), "the call that finds it out does not take part")
        assertEquals(1, first.hangs.get())
        val second = blocked()
        assertFalse(first.thread === second.thread)
        now.addAndGet(Worker.HUNG_NANOS + 1)
        assertFalse(worker.submit(Probe()))
        assertEquals(1, second.hangs.get())
        assertFalse(worker.submit(Probe()), "and no third thread")
        val late = Probe()
        worker.offer(late)
        assertEquals(1, late.drops.get())
    }

    @Test
    fun `what waits when the last thread hangs is told, and so is what no thread can be had for`() {
        blocked()
        now.addAndGet(Worker.HUNG_NANOS + 1)
        assertFalse(worker.submit(Probe()))
        blocked()
        val left = List(3) { Probe() }.onEach { probe -> do worker.offer(probe) while (probe.drops.getAndSet(0) > 0) }
        assertEquals(3, worker.waiting)
        now.addAndGet(Worker.HUNG_NANOS + 1)
        assertFalse(worker.submit(Probe()))
        assertEquals(listOf(1, 1, 1) to 0, left.map { it.drops.get() } to worker.waiting)
        val refusing = Worker(now::get) { throw OutOfMemoryError("unable to create native thread") }
        val probe = Probe()
        refusing.offer(probe)
        assertEquals(1, probe.drops.get())
        assertFalse(refusing.submit(probe))
    }

    @Test
    fun `both queues are bounded and say what they drop`() {
        blocked()
        val answers = List(100) { Probe() }.count { worker.submit(it) }
        assertEquals(16, answers)
        val later = List(1_000) { Probe() }.onEach(worker::offer)
        assertEquals(Worker.BACKLOG_MAX, worker.waiting)
        assertEquals(1_000 - Worker.BACKLOG_MAX, later.sumOf { it.drops.get() })
        release.countDown()
        for (probe in later.filter { it.drops.get() == 0 }) assertEquals(Task.Waited.DONE, probe.await(Long.MAX_VALUE))
        worker.close()
        assertFalse(worker.submit(Probe()))
    }

    @Test
    fun `a task that throws anything leaves the worker alive`() {
        for (thrown in listOf(IllegalStateException(), OutOfMemoryError("made"), StackOverflowError())) {
            val probe = object : Task() {
                override fun work() = throw thrown
            }
            worker.submit(probe)
            assertEquals(Task.Waited.DONE, probe.await(Long.MAX_VALUE))
        }
        val last = Probe()
        assertTrue(worker.submit(last))
        assertEquals(Task.Waited.DONE, last.await(Long.MAX_VALUE))
    }

    @Test
    fun `a full backlog keeps a fair sample of the whole burst`() {
        val backlog = Backlog<Int>(64)
        val lost = (0 until 10_000).mapNotNull { backlog.offer(it) }
        val kept = generateSequence { backlog.poll() }.toList()
        assertEquals((0 until 10_000).toList(), (lost + kept).sorted())
        assertEquals(64, kept.size)
        // The mean of 64 of them has a standard deviation of 361.
        assertEquals(5_000.0, kept.average(), 1_100.0)
        assertEquals(null, backlog.offer(1), "an empty one begins anew")
    }
}
