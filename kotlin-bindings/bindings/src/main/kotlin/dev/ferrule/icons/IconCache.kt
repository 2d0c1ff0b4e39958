package dev.ferrule.icons

import dev.ferrule.bindings.FerruleException
import dev.ferrule.bindings.InvalidInputException
import dev.ferrule.bindings.NativeBridge
import dev.ferrule.bindings.NativeHandle
import dev.ferrule.bindings.NativeLibrary
import dev.ferrule.bindings.StaleHandleException
import java.io.File
import java.nio.ByteBuffer
import java.util.concurrent.Executor

/** What opening an [IconCache] needs to know. */
public class IconOptions @JvmOverloads constructor(
    /** The side of the icons, in pixels, 1 to 1,024; a store of another size is emptied. */
    public val sizePx: Int,
    /** The budget of memory, in bytes. */
    public val memoryBytes: Long = 16L shl 20,
    /**
     * Threads of the cache's own that draw what is asked by [IconCache.request] and what is stale, and one more that watches
     * over them. With 0 there are none, and the caller lends threads by [IconCache.work].
     */
    public val workers: Int = 2,
    /** Where listeners are told: a launcher's main thread. By default the thread that did the work. */
    public val delivery: Executor = Executor { it.run() },
    /**
     * How long a call of the provider may take before it is given up on, in milliseconds. Who waits is told what is known
     * ([IconUndrawn.HANGS]), and another thread takes the place of the one that the call keeps until it comes back. While
     * four hang, no other is begun ([IconUndrawn.REFUSED]).
     */
    public val providerMillisMax: Long = 10_000,
)

/**
 * The icon cache: icons in memory of a fixed budget, in a file of its own, and from a [IconProvider], in this order. For
 * Java and Kotlin alike; thread-safe.
 *
 * Looking up goes by the hand-written native path and needs no JNA. Pixels are written straight into memory of the caller's:
 * that memory is the call's own until it returns. Leases of [IconBuffers] see to that; whoever hands in a buffer of his own
 * must not touch it from another thread, or from a provider, meanwhile.
 *
 * What is stale is shown while a new picture is drawn; a default or blank icon never replaces a real one. Opening never
 * fails for the file's sake: where none can be used, icons stay in memory, and the health report says why.
 *
 * ```kotlin
 * val cache = IconCache.open(File(folder, "icons.db"), IconOptions(sizePx = 192), provider)
 * buffers.take().use { buffer ->
 *     val answer = cache.getInto(IconQuery(IconKey("com.camera", ".Main")), buffer)
 *     if (answer.hasPixels) bitmap.copyPixelsFromBuffer(buffer.pixels())
 * }
 * ```
 */
public class IconCache private constructor(
    handle: Long,
    private val source: IconSource,
    /** The side of the icons that it was opened for. */
    public val sizePx: Int,
) : AutoCloseable {
    private val handle = NativeHandle(this, handle, "icon cache", NativeBridge::iconsClose)

    /** What is asked rarely: sessions, events, trims, health, imports. Needs JNA. */
    public val control: IconControl = IconControl(this, this.handle)

    /**
     * Looks an icon up on this thread, its pixels into slot 0 of [target]. A provider may be called; if another thread is
     * drawing the same icon, its result is waited for.
     *
     * @throws InvalidInputException `IC_BUFFER_BUSY`; `IC_SLOT_TOO_SMALL` if the picture does not fit, and nothing is written
     * @throws StaleHandleException `IC_BUFFER_RELEASED`; `FFI_HANDLE_STALE` if the cache is closed
     */
    public fun getInto(query: IconQuery, target: IconBuffer): IconAnswer =
        target.lend { memory -> checkNotNull(into(query, memory, 0, target.slotBytes, isPeek = false)) }

    /**
     * The same with a direct buffer of the caller's, from its position to its limit, which stay as they are. The first byte
     * has to lie at a multiple of four.
     *
     * @throws InvalidInputException `FFI_BUFFER_INVALID` if it is not direct, is read-only or begins between; `IC_SLOT_TOO_SMALL`
     */
    public fun getInto(query: IconQuery, target: ByteBuffer): IconAnswer {
        requireWritable(target)
        return checkNotNull(into(query, target, target.position(), target.remaining(), isPeek = false))
    }

    /** What memory has, or null: asks no file and no provider, for the thread that draws. Else as [getInto]. */
    public fun peekInto(query: IconQuery, target: IconBuffer): IconAnswer? =
        target.lend { memory -> into(query, memory, 0, target.slotBytes, isPeek = true) }

    /** As [peekInto], with a direct buffer of the caller's. */
    public fun peekInto(query: IconQuery, target: ByteBuffer): IconAnswer? {
        requireWritable(target)
        return into(query, target, target.position(), target.remaining(), isPeek = true)
    }

    private fun into(query: IconQuery, target: ByteBuffer, at: Int, bytes: Int, isPeek: Boolean): IconAnswer? {
        val packed = NativeBridge.iconsGetInto(this, handle.require(), query.packed(), target, at, bytes, isPeek) ?: return null
        val answer = IconAnswer.decode(packed)[0]
        if (answer.isSlotTooSmall) {
            throw InvalidInputException("IC_SLOT_TOO_SMALL", "the picture needs ${answer.missingBytes} bytes", "$bytes bytes")
        }
        return answer
    }

    /**
     * Looks icons up with one pass over the store, the pixels of each into the slot of its number; the answers, in order.
     * The same answers as one by one; the same icon twice is drawn once. One that does not fit its slot says so
     * ([IconAnswer.isSlotTooSmall]) and keeps no other back.
     *
     * @throws InvalidInputException if there are fewer slots than look-ups; else as [getInto]
     */
    public fun getAllInto(queries: List<IconQuery>, arena: IconBuffer): List<IconAnswer> =
        arena.lend { memory -> allInto(queries, memory, 0, arena.slots * arena.slotBytes, arena.slotBytes) }

    /** The same with a direct buffer of the caller's, from its position to its limit, cut into slots of [slotBytes]. */
    public fun getAllInto(queries: List<IconQuery>, arena: ByteBuffer, slotBytes: Int): List<IconAnswer> {
        requireWritable(arena)
        return allInto(queries, arena, arena.position(), arena.remaining(), slotBytes)
    }

    private fun allInto(queries: List<IconQuery>, arena: ByteBuffer, at: Int, bytes: Int, slotBytes: Int) =
        IconAnswer.decode(NativeBridge.iconsGetAllInto(this, handle.require(), IconQuery.packed(queries), arena, at, bytes, slotBytes))

    /**
     * Looks an icon up into an Android bitmap: mutable, premultiplied `ARGB_8888`, of the icon's sides. Its pixels are locked
     * for the call.
     *
     * @param bitmap an `android.graphics.Bitmap`; this module knows no Android types
     * @throws InvalidInputException `FFI_BITMAP_INVALID` if it cannot be used, and everywhere but on Android
     */
    public fun getBitmap(query: IconQuery, bitmap: Any): IconAnswer =
        IconAnswer.decode(NativeBridge.iconsGetBitmap(this, handle.require(), query.packed(), bitmap))[0]

    /**
     * Looks an icon up into an Android hardware buffer, from which `Bitmap.wrapHardwareBuffer` makes a bitmap that is drawn
     * without being uploaded: of the icon's sides, one layer, `RGBA_8888`, with a `USAGE_CPU_WRITE` among its usages. It is
     * locked for the call.
     *
     * @param buffer an `android.hardware.HardwareBuffer`; this module knows no Android types
     * @throws InvalidInputException `FFI_BITMAP_INVALID` if it cannot be used; `FFI_HARDWARE_BUFFER_UNAVAILABLE` where the
     *   system has none, which is everywhere but on Android: use [getBitmap]
     */
    public fun getHardwareBuffer(query: IconQuery, buffer: Any): IconAnswer =
        IconAnswer.decode(NativeBridge.iconsGetHardwareBuffer(this, handle.require(), query.packed(), buffer))[0]

    /**
     * Asks for an icon; [listener] is told on [IconOptions.delivery] when its pixels are in slot 0 of [target], which is busy
     * until then. A newer request of the same [view] above 0 takes the older back.
     *
     * @throws InvalidInputException `IC_BUFFER_BUSY`
     * @throws StaleHandleException `IC_BUFFER_RELEASED`; `FFI_HANDLE_STALE` if the cache is closed
     */
    @JvmOverloads
    public fun request(
        query: IconQuery,
        target: IconBuffer,
        priority: IconPriority = IconPriority.VISIBLE,
        view: Long = 0,
        listener: IconListener,
    ): IconRequest {
        val memory = target.enter()
        try {
            val delivery = IconDelivery(source, target, listener)
            val number = NativeBridge.iconsRequest(
                this, handle.require(), query.packed(), priority.ordinal, view, delivery, memory, 0, target.slotBytes,
            )
            return IconRequest(this, handle, number)
        } catch (refused: FerruleException) {
            target.leave()
            throw refused
        }
    }

    /**
     * Does the most urgent piece of queued work on this thread; whether there was any. Before it, calls of the provider that
     * take too long on other threads are given up on.
     */
    public fun work(): Boolean = NativeBridge.iconsWork(handle.require(), false)

    /** Says whose pictures stay in memory longest: the first screen and the dock, the most important first. */
    public fun pin(keys: List<IconKey>) {
        NativeBridge.iconsPin(this, handle.require(), IconQuery.packed(keys.map { IconQuery(it, IconLevel.COLOUR) }))
    }

    /**
     * Ends every request, lets the threads go when each has ended what it is at, writes what waits and closes the file;
     * again is no error. A provider that hangs holds nothing back but the thread that it is called on.
     */
    override fun close() {
        handle.close()
    }

    /** Does nothing; whoever calls it holds this object until then. Keeps off API 28's `reachabilityFence`. */
    internal fun keepAlive() {
        synchronized(handle) {}
    }

    public companion object {
        /**
         * Opens the cache in [file], or makes it. One cache a file: a second one, in any process, keeps its icons in memory
         * only (`IC_STORE_LOCKED` in its health). Legacy's own file is never opened.
         *
         * @throws FerruleException if the library is not there, or `FFI_ARGUMENT_INVALID` for options out of range
         */
        @JvmStatic
        public fun open(file: File, options: IconOptions, provider: IconProvider): IconCache {
            NativeLibrary.require()
            NativeHandle.freeCollected()
            if (options.workers !in 0..WORKERS_MAX) {
                throw InvalidInputException("FFI_ARGUMENT_INVALID", "number of workers is not known", "${options.workers}")
            }
            val source = IconSource(provider, options.delivery)
            val handle = NativeBridge.iconsOpen(
                file.path, options.sizePx, options.memoryBytes, options.providerMillisMax, source,
            )
            for (number in 1..options.workers) thread("ferrule-icons-$number") { work(handle) }
            if (options.workers > 0) thread("ferrule-icons-watch") { watch(handle, options.workers) }
            return IconCache(handle, source, options.sizePx)
        }

        private const val WORKERS_MAX = 16

        /** A thread that ends when the cache is closed; it does not know the cache, which can so be collected. */
        private fun thread(name: String, run: () -> Unit) = Thread(run, name).apply { isDaemon = true }.start()

        /** Puts a worker in the place of each that a provider keeps. */
        private fun watch(handle: Long, workers: Int) {
            var number = workers
            while (true) {
                val lost = try {
                    NativeBridge.iconsWatch(handle)
                } catch (_: StaleHandleException) {
                    return
                }
                if (lost == 0) return
                repeat(lost) { thread("ferrule-icons-${++number}") { work(handle) } }
            }
        }

        private fun work(handle: Long) {
            while (true) {
                try {
                    NativeBridge.iconsWork(handle, true)
                    return
                } catch (_: StaleHandleException) {
                    return
                } catch (_: FerruleException) {
                    // A panic has ended the icon that it was at; the next one is another.
                    continue
                }
            }
        }
    }
}
