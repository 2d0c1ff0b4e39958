package dev.ferrule.icons

import dev.ferrule.bindings.InvalidInputException
import dev.ferrule.bindings.StaleHandleException
import java.nio.Buffer
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.util.concurrent.atomic.AtomicInteger

/**
 * A pool of direct memory for pixels. Thread-safe.
 *
 * Each [take] gives a lease of its own: what was released cannot be used, and cannot release what somebody else has now.
 * Memory comes zeroed.
 *
 * ```kotlin
 * val buffers = IconBuffers(IconLevel.ICON.slotBytes(192))
 * buffers.take().use { buffer -> show(cache.getInto(query, buffer), buffer.pixels()) }
 * ```
 */
public class IconBuffers @JvmOverloads constructor(
    /** The bytes of a slot, a multiple of four; see [IconLevel.slotBytes]. */
    public val slotBytes: Int,
    private val keptMax: Int = 8,
) {
    private val kept = ArrayList<ByteBuffer>()
    private val leases = AtomicInteger()

    init {
        if (slotBytes <= 0 || slotBytes % 4 != 0) throw InvalidInputException("FFI_ARGUMENT_INVALID", "bytes of a slot is not known", "$slotBytes")
    }

    /** Leases that were not released. */
    public val taken: Int get() = leases.get()

    /**
     * Memory for [slots] icons, one behind the other.
     *
     * @throws InvalidInputException `FFI_ARGUMENT_INVALID` if there are none, or more than one buffer can hold
     */
    @JvmOverloads
    public fun take(slots: Int = 1): IconBuffer {
        val bytes = slots.toLong() * slotBytes
        if (slots < 1 || bytes > Int.MAX_VALUE) throw InvalidInputException("FFI_ARGUMENT_INVALID", "number of slots is not known", "$slots")
        val memory = reused(bytes.toInt()) ?: ByteBuffer.allocateDirect(bytes.toInt())
        leases.incrementAndGet()
        return IconBuffer(this, memory, slots)
    }

    /** The smallest that is large enough; zeroed, so that no lease ever shows what another one held. */
    private fun reused(bytes: Int): ByteBuffer? {
        val memory = synchronized(kept) {
            kept.filter { it.capacity() >= bytes }.minByOrNull { it.capacity() }?.also { kept.remove(it) }
        } ?: return null
        (memory as Buffer).clear()
        while (memory.hasRemaining()) memory.put(ZEROS, 0, minOf(ZEROS.size, memory.remaining()))
        return memory
    }

    internal fun giveBack(memory: ByteBuffer) {
        leases.decrementAndGet()
        synchronized(kept) { if (kept.size < keptMax) kept.add(memory) }
    }

    private companion object {
        private val ZEROS = ByteArray(1 shl 13)
    }
}

/**
 * A lease of [IconBuffers]: memory for one icon or several. Release it with [close]; once more does nothing.
 *
 * Used by one call or request at a time: a second one is refused (`IC_BUFFER_BUSY`), and so is everything after the release
 * (`IC_BUFFER_RELEASED`). A release while a request is under way takes effect when the request has ended.
 */
public class IconBuffer internal constructor(
    private val pool: IconBuffers,
    private val memory: ByteBuffer,
    /** How many icons it has room for. */
    public val slots: Int,
) : AutoCloseable {
    private val state = AtomicInteger(IDLE)

    /** The bytes of a slot. */
    public val slotBytes: Int get() = pool.slotBytes

    /** Whether it was released. */
    public val isReleased: Boolean get() = state.get() >= LEAVING

    /**
     * The pixels of a slot: a read-only view, to be done with before the release.
     *
     * @throws InvalidInputException `IC_BUFFER_BUSY` while a call or request writes to it
     * @throws StaleHandleException `IC_BUFFER_RELEASED` after the release
     */
    @JvmOverloads
    public fun pixels(slot: Int = 0): ByteBuffer {
        if (slot !in 0 until slots) throw InvalidInputException("FFI_ARGUMENT_INVALID", "slot is not known", "$slot")
        refuse(state.get())
        val view = memory.duplicate()
        (view as Buffer).limit((slot + 1) * slotBytes).position(slot * slotBytes)
        return view.slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN)
    }

    override fun close() {
        while (true) {
            val now = state.get()
            val next = if (now == IDLE) RELEASED else LEAVING
            if (now >= LEAVING || state.compareAndSet(now, next)) {
                if (now == IDLE) pool.giveBack(memory)
                return
            }
        }
    }

    /** The memory, for a call or request of which [leave] is the end. */
    internal fun enter(): ByteBuffer {
        while (!state.compareAndSet(IDLE, BUSY)) refuse(state.get())
        return memory
    }

    internal fun leave() {
        if (!state.compareAndSet(BUSY, IDLE) && state.compareAndSet(LEAVING, RELEASED)) pool.giveBack(memory)
    }

    internal inline fun <T> lend(call: (ByteBuffer) -> T): T {
        val memory = enter()
        try {
            return call(memory)
        } finally {
            leave()
        }
    }

    private fun refuse(state: Int) {
        if (state == BUSY) throw InvalidInputException("IC_BUFFER_BUSY", "another call or request uses the buffer", "")
        if (state >= LEAVING) throw StaleHandleException("IC_BUFFER_RELEASED", "the buffer was released", "")
    }

    private companion object {
        private const val IDLE = 0
        private const val BUSY = 1

        /** Released while busy. */
        private const val LEAVING = 2
        private const val RELEASED = 3
    }
}
