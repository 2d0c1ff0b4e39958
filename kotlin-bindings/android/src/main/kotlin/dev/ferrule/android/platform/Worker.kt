package dev.ferrule.android.platform

import java.util.EnumMap
import java.util.concurrent.ExecutionException
import java.util.concurrent.ExecutorService
import java.util.concurrent.Future
import java.util.concurrent.FutureTask
import java.util.concurrent.SynchronousQueue
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException

/** How long to wait for an answer of a source, in milliseconds. */
internal fun interface Patience {
    fun millis(source: PlatformSource): Long
}

/** An answer, or why there is none. */
internal class Asked<T>(val answer: T?, val failure: PlatformFailure?)

/**
 * Asks each source on a thread of its own and waits no longer than [patience] says.
 *
 * A call of the system cannot be taken back: one that hangs keeps its thread. Invariant: a source has at most one such
 * thread; as long as it hangs the source is not asked again and counts as failed. There is no thread before the first
 * question, and none is left a minute after the last answer.
 */
internal class Worker(private val patience: Patience) {
    private val threads: ExecutorService by lazy {
        // No limit of its own: a thread that has just answered is not yet free for the next question.
        ThreadPoolExecutor(0, Int.MAX_VALUE, 1, TimeUnit.MINUTES, SynchronousQueue()) { task ->
            Thread(task, "ferrule-platform").apply { isDaemon = true }
        }
    }
    private val hanging = EnumMap<PlatformSource, Future<*>>(PlatformSource::class.java)

    /** Begins to ask; [Pending.get] waits. */
    fun <T : Any> ask(source: PlatformSource, question: () -> T?): Pending<T> = synchronized(hanging) {
        if (hanging[source]?.isDone == false) return Pending(source, null)
        val task = FutureTask(question)
        return try {
            threads.execute(task)
            hanging[source] = task
            Pending(source, task)
        } catch (_: RuntimeException) {
            Pending(source, null)
        }
    }

    /** A question on its way. */
    inner class Pending<T : Any>(private val source: PlatformSource, private val task: FutureTask<T?>?) {
        /** The answer, or null and a failure. */
        fun get(): Asked<T> {
            val cause = try {
                val answer = task?.get(patience.millis(source), TimeUnit.MILLISECONDS)
                if (answer != null) return Asked(answer, null)
                null
            } catch (thrown: ExecutionException) {
                thrown.cause
            } catch (_: TimeoutException) {
                null
            } catch (interrupted: InterruptedException) {
                Thread.currentThread().interrupt()
                interrupted
            }
            return Asked(null, PlatformFailure(source, null, cause))
        }
    }
}
