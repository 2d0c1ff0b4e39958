package dev.ferrule.icons

import dev.ferrule.bindings.InvalidInputException
import dev.ferrule.bindings.NativeBridge
import dev.ferrule.bindings.NativeIconListener
import dev.ferrule.bindings.NativeIconSource
import java.nio.ByteBuffer
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.Executor

/**
 * What native code calls. It does not know the cache, which can so be collected.
 *
 * Nothing that it calls may leave by it: a provider's failure is data, and a listener's is thrown again on the executor.
 */
internal class IconSource(private val provider: IconProvider, private val delivery: Executor) : NativeIconSource {
    private val failures = ConcurrentLinkedQueue<Throwable>()

    override fun load(profile: Long, packageName: String, className: String, wantsLabel: Boolean, variants: Int): ByteArray? =
        try {
            try {
                provider.load(IconKey(packageName, className, profile), IconWant(wantsLabel, variants)).packed()
            } catch (thrown: Throwable) {
                RenderedIcon.failed(thrown)
            }
        } catch (_: Throwable) {
            // Not even that much memory or stack is left.
            null
        }

    override fun post(task: Long): Boolean {
        var hasBegun = false
        return try {
            delivery.execute {
                hasBegun = true
                NativeBridge.iconsRun(task)
                failures.poll()?.let { throw it }
            }
            true
        } catch (thrown: Throwable) {
            // An executor that runs tasks at once: what a listener threw must not be lost in native code.
            if (hasBegun) Thread.currentThread().run { uncaughtExceptionHandler?.uncaughtException(this, thrown) }
            hasBegun
        }
    }

    /** Keeps what a listener threw until the task that called it is back in Kotlin. */
    fun failed(thrown: Throwable) {
        failures.add(thrown)
    }
}

/** One request on its way: keeps the target busy until it has ended, then tells the listener. */
internal class IconDelivery(
    private val source: IconSource,
    private val target: IconBuffer,
    private val listener: IconListener,
) : NativeIconListener {
    private var answer: IconAnswer? = null

    override fun delivered(answer: ByteArray) {
        try {
            this.answer = IconAnswer.decode(answer).single()
        } catch (thrown: Throwable) {
            source.failed(thrown)
        }
    }

    override fun ended(delivered: Boolean) {
        target.leave()
        try {
            listener.onEnded(if (delivered) answer else null)
        } catch (thrown: Throwable) {
            source.failed(thrown)
        }
    }
}

/** What the native side cannot see of a buffer. */
internal fun requireWritable(target: ByteBuffer) {
    if (!target.isDirect) throw InvalidInputException("FFI_BUFFER_INVALID", "not a direct buffer", "capacity ${target.capacity()}")
    if (target.isReadOnly) throw InvalidInputException("FFI_BUFFER_INVALID", "a read-only buffer", "capacity ${target.capacity()}")
}
