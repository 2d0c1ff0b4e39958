package dev.ferrule.guard

import java.io.Closeable
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean

/**
 * The one thread that looks for kills from outside while calls go on (R34).
 *
 * Invariants: no thread before [begin], nor after [close]; at most one, a daemon.
 *
 * @param millis between two looks; 0 or less for none at all
 */
internal class Watch(private val millis: Long, private val look: () -> Unit) : Closeable {
    private val closed = CountDownLatch(1)
    private val isBegun = AtomicBoolean()

    /** From now on. What the platform throws for want of a thread is thrown, and the next call tries again. */
    fun begin() {
        if (millis <= 0 || !isBegun.compareAndSet(false, true)) return
        var isRunning = false
        try {
            Thread(::run, "ferrule-watch").apply { isDaemon = true }.start()
            isRunning = true
        } finally {
            if (!isRunning) isBegun.set(false)
        }
    }

    private fun run() {
        while (!closed.await(millis, TimeUnit.MILLISECONDS)) quietly(look)
    }

    override fun close() {
        closed.countDown()
    }
}
