package dev.ferrule.guard

import java.io.Closeable
import java.io.File
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

/** Reads a file that kills. */
internal object KillFile {
    private const val BYTES_MAX = 4096
    private const val ALL = "all"

    /** What [file] says: nothing where there is none; everything where it is there and does not say whom it means. */
    fun read(file: File): String {
        if (!file.exists()) return ""
        val bytes = ByteArray(BYTES_MAX + 1)
        var length = 0
        try {
            file.inputStream().use { input ->
                while (length < bytes.size) {
                    val read = input.read(bytes, length, bytes.size - length)
                    if (read < 0) break
                    length += read
                }
            }
        } catch (_: Exception) {
            return if (file.exists()) ALL else ""
        }
        return if (length > BYTES_MAX) ALL else String(bytes, 0, length, Charsets.UTF_8).ifBlank { ALL }
    }
}
