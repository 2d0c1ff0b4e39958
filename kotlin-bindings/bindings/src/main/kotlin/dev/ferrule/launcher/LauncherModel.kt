package dev.ferrule.launcher

import dev.ferrule.bindings.FerruleException
import dev.ferrule.bindings.NativeBridge
import dev.ferrule.bindings.NativeHandle
import java.io.File
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.Executor

/**
 * A home screen: Ferrule's own store of it, what other launchers' databases bring in, and the model that a launcher shows.
 * For Java and Kotlin alike.
 *
 * Opening, importing and loading go by the hand-written native path and need no JNA. Nothing is ever lost: every item of
 * a load is live, held, in quarantine or opaque, and says why. Thread-safe; calls of one model run one after the other.
 * Call it off the main thread: it reads and writes files. Times are milliseconds since 1970, as the caller's clock says.
 *
 * ```kotlin
 * LauncherModel.open(File(folder, "home.db"), ModelGrid(columns = 5, rows = 6, hotseat = 5), now).use { model ->
 *     if (model.isDefaultLayoutDue) model.importFile(File(backup, "launcher.db"), now)
 *     val loaded = model.load(platform, now)
 *     model.bind(callbacks, mainExecutor)
 * }
 * ```
 */
public class LauncherModel private constructor(
    handle: Long,
    private val mainProfile: Long,
    /** The grid that it was opened for. */
    public val grid: ModelGrid,
) : AutoCloseable {
    private val lock = Any()
    private val handle = NativeHandle(this, handle, "model", NativeBridge::modelClose)
    private val calls = ModelCalls(this, this.handle)
    private val listeners = CopyOnWriteArrayList<ModelListener>()
    private val binders = CopyOnWriteArrayList<ModelBinder>()
    private val opened = calls.opened()

    @Volatile
    private var latest: LoadedModel? = null

    /** Whether opening made the store. */
    public val isCreated: Boolean get() = opened and CREATED != 0

    /** Whether the home screen waited for a default layout or an import when it was opened. */
    public val isDefaultLayoutDue: Boolean get() = opened and DEFAULT_LAYOUT_DUE != 0

    /** Whether the file was damaged: it was set aside, and what could be read of it is here. */
    public val isSalvaged: Boolean get() = opened and SALVAGED != 0

    /** The model of the latest load, null before the first. */
    public val loaded: LoadedModel? get() = latest

    /**
     * Imports a launcher's database that **nobody has open**: a backup, or at first boot before legacy starts. It is copied
     * and never changed. Legacy's own file, once legacy has it open, comes through [importRows].
     *
     * @throws FerruleException if it is no launcher's database, or the store cannot be written; it is then as it was
     */
    public fun importFile(file: File, nowMillis: Long): ImportReport =
        synchronized(lock) { calls.importFile(file, mainProfile, nowMillis) }

    /**
     * Imports the rows that legacy hands over from a database that it has open.
     *
     * @throws FerruleException as [importFile]; what [source] throws comes unchanged
     */
    public fun importRows(nowMillis: Long, source: RowSource): ImportReport {
        // Without the lock: the source may take its time, or call the model.
        val batch = RowBatch().also(source::read).finish()
        return synchronized(lock) { calls.importRows(batch, mainProfile, nowMillis) }
    }

    /**
     * Loads the home screen for what the platform says, writes what the load settles, and tells listeners and bound
     * callbacks what differs from the load before. What could not be written is in [LoadedModel.problem].
     *
     * @throws FerruleException if the model is closed or broken, or if a listener threw
     */
    @JvmOverloads
    public fun load(
        platform: PlatformSnapshot,
        nowMillis: Long,
        grid: ModelGrid = this.grid,
        flags: ModelFlags = ModelFlags.AOSP,
    ): LoadedModel {
        val before: LoadedModel?
        val now: LoadedModel
        synchronized(lock) {
            before = latest
            now = calls.load(platform, grid, flags, nowMillis)
            latest = now
        }
        if (before != null) tell(ModelChange(before, now))
        return now
    }

    /**
     * Keeps in the store what the first load of the next process will come to, if it is asked what the latest load was asked,
     * for [kept]. Call it after a load when the home screen is idle: it decides once more, and writes if that is not kept
     * already. Nothing is kept while a load would change the store.
     *
     * @return whether anything was written
     * @throws FerruleException if the model is closed or broken, or the store cannot be written; it is then as it was
     */
    public fun keepForNextStart(nowMillis: Long): Boolean = synchronized(lock) { calls.keepForNextStart(nowMillis) }

    /**
     * Shows the latest load to [callbacks] on [executor], and tells them of every later one until [unbind].
     *
     * @throws IllegalStateException if nothing was loaded yet
     */
    public fun bind(callbacks: ModelCallbacks, executor: Executor) {
        val model = checkNotNull(latest) { "nothing is loaded" }
        unbind(callbacks)
        ModelBinder(callbacks, executor).also { binders += it }.bind(model)
    }

    /** Ends what [bind] began; steps that wait are dropped. */
    public fun unbind(callbacks: ModelCallbacks) {
        for (binder in binders) {
            if (binder.callbacks === callbacks) {
                binder.stop()
                binders -= binder
            }
        }
    }

    /** Tells [listener] of every load that changes something. */
    public fun addListener(listener: ModelListener) {
        listeners += listener
    }

    /** Ends what [addListener] began. */
    public fun removeListener(listener: ModelListener) {
        listeners -= listener
    }

    /** What is asked rarely: explanations, snapshots, exports. Needs JNA. */
    public val control: ModelControl = ModelControl(this, this.handle)

    /** Frees the native object and with it the store's lock; again is no error. */
    override fun close() {
        binders.forEach { it.stop() }
        binders.clear()
        synchronized(lock) { handle.close() }
    }

    /** Does nothing; whoever calls it holds this object until then. Keeps off API 28's `reachabilityFence`. */
    internal fun keepAlive() {
        synchronized(lock) {}
    }

    /** Tells everybody, then throws what the first listener threw. */
    private fun tell(change: ModelChange) {
        if (change.isEmpty) return
        binders.forEach { it.update(change) }
        var failure: Throwable? = null
        for (listener in listeners) {
            try {
                listener.onModelChanged(change)
            } catch (thrown: Throwable) {
                val first = failure
                if (first == null) failure = thrown else if (first !== thrown) first.addSuppressed(thrown)
            }
        }
        failure?.let { throw it }
    }

    public companion object {
        private const val CREATED = 1
        private const val DEFAULT_LAYOUT_DUE = 2
        private const val SALVAGED = 4

        /**
         * What the first load of the store in [file] will come to, for the first frame of a start: kept by an earlier process
         * ([keepForNextStart]), and only where nothing has changed since, neither the home screen nor what is asked. Else,
         * and whenever anything is odd, null.
         *
         * It takes a fraction of a load, because the store is neither checked nor read, and writes nothing. [open] and [load]
         * belong behind it: they check the store, and what they come to is the truth. Nobody may have the store open.
         *
         * @throws FerruleException if the library is not there
         */
        @JvmStatic
        @JvmOverloads
        public fun kept(
            file: File,
            platform: PlatformSnapshot,
            grid: ModelGrid,
            flags: ModelFlags = ModelFlags.AOSP,
        ): LoadedModel? = ModelCalls.kept(file, platform, grid, flags)

        /**
         * Opens the store in [file], or makes it. One model a file: a second opening, in any process, fails with
         * `LM_STORE_LOCKED` until the first is closed.
         *
         * @param grid the grid to load for, and of a store that is made
         * @param mainProfile serial of the main profile
         * @throws FerruleException if the library is not there or the store cannot be opened; one that is too new
         *   (`LM_STORE_TOO_NEW`) is left as it is, and legacy answers
         */
        @JvmStatic
        @JvmOverloads
        public fun open(file: File, grid: ModelGrid, nowMillis: Long, mainProfile: Long = 0): LauncherModel {
            NativeHandle.freeCollected()
            return LauncherModel(ModelCalls.open(file, grid, mainProfile, nowMillis), mainProfile, grid)
        }
    }
}
