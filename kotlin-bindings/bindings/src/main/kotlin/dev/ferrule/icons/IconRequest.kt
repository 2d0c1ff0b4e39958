package dev.ferrule.icons

import dev.ferrule.bindings.NativeBridge
import dev.ferrule.bindings.NativeHandle
import dev.ferrule.bindings.StaleHandleException

/** Told once how a request ended. */
public fun interface IconListener {
    /**
     * The answer, whose pixels are in the request's buffer; null if the request was taken back, by [IconRequest.cancel], a
     * newer request of the same view, or because the cache was closed. Called on the cache's delivery executor, which gets
     * what it throws; no lock is held, so it may call the cache.
     */
    @Throws(Exception::class)
    public fun onEnded(answer: IconAnswer?)
}

/** A request that can be taken back. Thread-safe. */
public class IconRequest internal constructor(
    private val owner: IconCache,
    private val handle: NativeHandle,
    private val number: Long,
) {
    /**
     * Takes it back, in every state and any number of times. Work that is still queued is never begun then, and once this
     * has returned on the delivery thread nothing is written or delivered any more.
     */
    public fun cancel() {
        ifOpen { NativeBridge.iconsCancel(owner, it, number) }
    }

    /** A page came into sight or left it. */
    public fun reprioritise(priority: IconPriority) {
        ifOpen { NativeBridge.iconsReprioritise(owner, it, number, priority.ordinal) }
    }

    /** Closing the cache has ended the request. */
    private inline fun ifOpen(call: (Long) -> Unit) {
        if (number == 0L) return
        try {
            call(handle.require())
        } catch (_: StaleHandleException) {
            return
        }
    }
}
