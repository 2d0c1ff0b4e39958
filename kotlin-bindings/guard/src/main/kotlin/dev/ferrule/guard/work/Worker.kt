package dev.ferrule.guard.work

import dev.ferrule.guard.quietly
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.locks.ReentrantLock

/**
 * The one thread on which the guard runs what may not keep a caller waiting (R8).
 *
 * What it is: answers that somebody waits for, in order, and behind them comparisons that nobody waits for. What it is not:
 * nobody waits here for an answer of legacy's, so a hung candidate delays none beyond the deadline; legacy runs here for
 * comparisons alone.
 *
 * Invariants: no thread before there is work; a task that runs for more than 5 s trips its feature and costs the thread,
 * which is replaced once a process and then no more; both queues are bounded and what finds no room is told so, as is what
 * waits when the last thread is gone.
 * Lock: [lock] guards the queues and the thread's fields; nothing of anybody else runs while it is held.
 */
internal class Worker(
    private val nanos: () -> Long = System::nanoTime,
    private val start: (Thread) -> Unit = Thread::start,
) {
    private val lock = ReentrantLock()
    private val work = lock.newCondition()
    private val answers = ArrayDeque<Task>(ANSWERS_MAX)
    private val backlog = Backlog<Task>(BACKLOG_MAX)
    private var thread: Runner? = null
    private var begun = 0

    /** Whether this is the worker's own thread: a candidate that asks through the guard again must not wait for itself. */
    val isHere: Boolean
        get() = Thread.currentThread() is Runner

    /** Comparisons that wait. */
    val waiting: Int
        get() = locked { backlog.size }

    /**
     * Hands in a task that somebody waits for. False if there is no room, or no thread any more; and if just now a hung
     * task was found, which may have been of the same feature.
     */
    fun submit(task: Task): Boolean {
        var hung: Task? = null
        var left = emptyList<Task>()
        val taken = locked {
            hung = abandonHung()
            val taken = hung == null && answers.size < ANSWERS_MAX && isStaffed()
            if (taken) {
                answers.addLast(task)
                work.signal()
            }
            left = drainedOfNobody()
            taken
        }
        hung?.let { quietly(it::hung) }
        tellDropped(left)
        return taken
    }

    /**
     * Hands in a task that nobody waits for. Where the queue is full another one may have to make room (R17): the one that
     * loses is told by [Task.dropped]. It never waits for the lock either: where that is taken, [task] is dropped.
     */
    fun offer(task: Task) {
        var hung: Task? = null
        var loser: Task? = task
        var left = emptyList<Task>()
        if (lock.tryLock()) {
            try {
                hung = abandonHung()
                if (isStaffed()) {
                    val wasEmpty = backlog.size == 0
                    loser = backlog.offer(task)
                    // A worker that has something to do comes by itself.
                    if (wasEmpty) work.signal()
                }
                left = drainedOfNobody()
            } finally {
                lock.unlock()
            }
        }
        hung?.let { quietly(it::hung) }
        loser?.let { quietly(it::dropped) }
        tellDropped(left)
    }

    /** Ends the thread once it has finished what it is doing; what waits is dropped. */
    fun close() {
        val left = locked {
            begun = THREADS_MAX
            thread = null
            work.signalAll()
            drainedOfNobody()
        }
        tellDropped(left)
    }

    /** What waits for a thread that will not come any more. */
    private fun drainedOfNobody(): List<Task> {
        if (thread != null || begun < THREADS_MAX) return emptyList()
        val left = answers + backlog.drain()
        answers.clear()
        return left
    }

    private fun tellDropped(left: List<Task>) {
        for (task in left) quietly { task.dropped() }
    }

    private fun isStaffed(): Boolean {
        if (thread?.isAlive == true) return true
        if (begun >= THREADS_MAX) return false
        val fresh = Runner()
        try {
            start(fresh)
        } catch (_: Throwable) {
            // For want of memory or of threads: the next task tries again.
            return false
        }
        begun++
        thread = fresh
        return true
    }

    /** Leaves a thread alone that has been at one task for too long; returns the task. */
    private fun abandonHung(): Task? {
        val runner = thread ?: return null
        val task = runner.task ?: return null
        if (nanos() - runner.since <= HUNG_NANOS) return null
        thread = null
        runner.interrupt()
        return task
    }

    /** The next task of [runner], or null once it has been left alone. */
    private fun next(runner: Runner): Task? = locked {
        runner.task = null
        var task: Task? = null
        while (task == null && thread === runner) {
            task = answers.removeFirstOrNull() ?: backlog.poll()
            if (task == null) work.awaitUninterruptibly()
        }
        runner.task = task
        runner.since = nanos()
        task
    }

    private inline fun <T> locked(block: () -> T): T {
        lock.lock()
        try {
            return block()
        } finally {
            lock.unlock()
        }
    }

    private inner class Runner : Thread("ferrule-candidate") {
        var task: Task? = null
        var since = 0L

        init {
            isDaemon = true
        }

        override fun run() {
            while (true) {
                val task = next(this) ?: return
                quietly { task.run() }
                // What one task left behind is not the next one's.
                interrupted()
            }
        }
    }

    companion object {
        /** One, and one replacement (R8). */
        private const val THREADS_MAX = 2
        private const val ANSWERS_MAX = 16
        const val BACKLOG_MAX = 64
        const val HUNG_NANOS = 5_000_000_000L
    }
}

/**
 * Something that [Worker] runs, and how whoever waits for it finds out. Its state is the token by which a late result is
 * told from one that still counts.
 */
internal abstract class Task {
    private val state = AtomicInteger(NEW)
    private val ended = CountDownLatch(1)

    /** How a wait ended: [LATE] and [INTERRUPTED] left it running. */
    enum class Waited { DONE, LATE, NOT_BEGUN, INTERRUPTED }

    /** What there is to do. It may throw anything. */
    protected abstract fun work()

    /** It came to nothing: there was no room, or the worker ended. */
    open fun dropped() = Unit

    /** It has been running for too long and will not be waited for. */
    open fun hung() = Unit

    fun run() {
        if (!state.compareAndSet(NEW, RUNNING)) return
        try {
            work()
        } finally {
            // Where its caller has left, nobody looks at what it answered.
            state.compareAndSet(RUNNING, DONE)
            ended.countDown()
        }
    }

    /** Waits at most [nanos]; but for [Waited.DONE] the result will not be looked at any more. */
    fun await(nanos: Long): Waited {
        var isInterrupted = false
        try {
            ended.await(nanos, TimeUnit.NANOSECONDS)
        } catch (_: InterruptedException) {
            isInterrupted = true
            // Whoever waits for it still has to see it.
            Thread.currentThread().interrupt()
        }
        return when {
            state.compareAndSet(NEW, LEFT) -> Waited.NOT_BEGUN
            state.compareAndSet(RUNNING, LEFT) -> if (isInterrupted) Waited.INTERRUPTED else Waited.LATE
            else -> Waited.DONE
        }
    }

    private companion object {
        private const val NEW = 0
        private const val RUNNING = 1
        private const val DONE = 2
        private const val LEFT = 3
    }
}
