package dev.ferrule.bindings

import java.lang.ref.PhantomReference
import java.lang.ref.ReferenceQueue
import java.util.Collections
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicLong

/**
 * Frees what native code keeps for an owner, once: on [close] or after the owner was collected.
 *
 * It has no thread: what collected owners left waits for the next [freeCollected]. An OS session has its own
 * (`HandleReference`), which loads fewer classes on the way to a cold process's first answer.
 *
 * @param name what is closed, for the error
 * @param free frees the live handle; knows no owner, which could else never be collected
 */
internal class NativeHandle(owner: Any, handle: Long, private val name: String, private val free: (Long) -> Unit) :
    PhantomReference<Any>(owner, collected) {
    private val handle = AtomicLong(handle)

    init {
        pending.add(this)
    }

    /** The handle while it is live; `FFI_HANDLE_STALE` afterwards. */
    fun require(): Long {
        val live = handle.get()
        if (live == 0L) throw StaleHandleException("FFI_HANDLE_STALE", "the $name is closed", "")
        return live
    }

    fun close() {
        val live = handle.getAndSet(0)
        pending.remove(this)
        if (live != 0L) free(live)
    }

    companion object {
        private val collected = ReferenceQueue<Any>()

        /** Holds every open handle's reference until it is closed. */
        private val pending: MutableSet<NativeHandle> = Collections.newSetFromMap(ConcurrentHashMap())

        /** Frees what was forgotten, and with it its threads, files and locks. */
        fun freeCollected() {
            while (true) (collected.poll() as NativeHandle? ?: return).close()
        }
    }
}
