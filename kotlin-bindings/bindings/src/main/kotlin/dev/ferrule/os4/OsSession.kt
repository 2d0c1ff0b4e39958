package dev.ferrule.os4

import dev.ferrule.bindings.FerruleException
import dev.ferrule.bindings.NativeBridge
import dev.ferrule.bindings.StaleHandleException
import java.lang.ref.PhantomReference
import java.lang.ref.ReferenceQueue
import java.util.Collections
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicLong

/** Told when what may be shown has changed. */
public fun interface EffectsListener {
    /**
     * [effects] hold now. Called on the thread that updated the session, without any lock, so it may call the session.
     * What it throws goes to that thread's caller after every other listener was told.
     */
    public fun onEffectsChanged(effects: Effects)
}

/**
 * One device's answers over time: what holds until the next boot is computed once, the rest on every [update].
 *
 * It holds a native object: exactly one owner closes it. One that is collected without having been closed is freed
 * when the next session is opened. Thread-safe.
 *
 * ```kotlin
 * OsSession.open(PropertySource.of(properties), facts).use { session ->
 *     session.addListener { wallpaper.apply(it.background) }
 *     session.update(RuntimeState.Builder().batterySaver(true).build())
 * }
 * ```
 */
public class OsSession private constructor(handle: Long) : AutoCloseable {
    private val reference = HandleReference(this, handle)
    private val lock = Any()
    private val listeners = CopyOnWriteArrayList<EffectsListener>()

    @Volatile
    private var latest: OsAnswer? = null

    /** The answer of the latest [update]; of a calm state if there was none. */
    public val answer: OsAnswer
        get() = latest ?: update(RuntimeState.CALM)

    /**
     * Answers for [state] and tells the listeners if what may be shown has changed.
     *
     * @throws StaleHandleException if the session is closed
     * @throws FerruleException if native code failed
     */
    public fun update(state: RuntimeState): OsAnswer {
        val before: OsAnswer?
        // The block ends in a value: one that ends in an assignment loads kotlin.Unit, in a cold start the first class of
        // Kotlin's library.
        val now = synchronized(lock) {
            before = latest
            OsAnswer(OsCalls.update(this, reference.require(), state)).also { latest = it }
        }
        if (before != null && !before.effects.looksLike(now.effects)) tellListeners()
        return now
    }

    /** Tells [listener] of every change from now on. */
    public fun addListener(listener: EffectsListener) {
        listeners += listener
    }

    /** Ends what [addListener] began; nothing happens if it did not. */
    public fun removeListener(listener: EffectsListener) {
        listeners -= listener
    }

    /** Frees the native object; again is no error. */
    override fun close() {
        reference.close()
    }

    private fun tellListeners() {
        tell(listeners) { checkNotNull(latest).effects }
    }

    public companion object {
        /** References whose session was collected. */
        internal val collected = ReferenceQueue<OsSession>()

        /** Holds every open handle's reference until it is closed. */
        internal val pending: MutableSet<HandleReference> = Collections.newSetFromMap(ConcurrentHashMap())

        /**
         * Reads the properties that matter and decides everything that holds until the next boot.
         *
         * @throws FerruleException if the library is not there or native code failed
         */
        @JvmStatic
        @JvmOverloads
        public fun open(source: PropertySource, facts: DeviceFacts = DeviceFacts.NONE): OsSession {
            freeCollected()
            return OsSession(OsCalls.open(source, facts))
        }

        private fun freeCollected() {
            while (true) (collected.poll() as HandleReference? ?: return).close()
        }
    }
}

/**
 * Tells all of [listeners], then throws what the first one threw.
 *
 * Each gets the newest effects, not those of one update: with two updates at once the last call tells the last state.
 */
internal fun tell(listeners: List<EffectsListener>, newest: () -> Effects) {
    var failure: Throwable? = null
    for (listener in listeners) {
        try {
            listener.onEffectsChanged(newest())
        } catch (thrown: Throwable) {
            val first = failure
            if (first == null) failure = thrown else if (first !== thrown) first.addSuppressed(thrown)
        }
    }
    failure?.let { throw it }
}

/** Frees a native handle once, on [close] or after its owner was collected. It has no thread: collected owners wait. */
internal class HandleReference(owner: OsSession, handle: Long) : PhantomReference<OsSession>(owner, OsSession.collected) {
    private val handle = AtomicLong(handle)

    init {
        OsSession.pending.add(this)
    }

    fun require(): Long {
        val live = handle.get()
        if (live == 0L) throw stale()
        return live
    }

    /** Apart from [require]: the exception's class is loaded when it is made. */
    private fun stale(): RuntimeException = StaleHandleException("FFI_HANDLE_STALE", "the session is closed", "")

    fun close() {
        val live = handle.getAndSet(0)
        if (live != 0L) NativeBridge.close(live)
        OsSession.pending.remove(this)
    }
}
