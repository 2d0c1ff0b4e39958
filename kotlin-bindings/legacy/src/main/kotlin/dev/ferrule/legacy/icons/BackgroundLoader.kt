package dev.ferrule.legacy.icons

import java.util.concurrent.Executor

/**
 * Icons for views that show a colour so far (icon-cache B.8).
 *
 * @param worker runs the look-up
 * @param main runs callbacks, and the end of each request exactly once
 * @param onForeground hears when the worker's priority is to be raised (true) and lowered (false)
 */
public class BackgroundLoader(
    private val cache: LegacyIconCache,
    private val worker: Executor,
    private val main: Executor,
    private val onForeground: (Boolean) -> Unit,
) {
    /** Requests that have not ended. */
    public var pending: Int = 0
        private set

    /**
     * Looks [item] up in full. Anything but an item or a package gives a request that is cancelled already; null throws
     * a [NullPointerException], as AOSP's guard does not let it through (peer, B.8).
     */
    public fun <T : Any> load(item: T?, onLoaded: (T) -> Unit): BackgroundRequest {
        val wanted = item ?: throw NullPointerException("item is null")
        val work: () -> Unit = when (wanted) {
            is IconItem -> { -> cache.fill(wanted, lowRes = false) }
            is PackageItem -> { -> cache.fill(wanted, lowRes = false) }
            else -> return BackgroundRequest(main) {}.also(BackgroundRequest::cancel)
        }
        if (pending++ == 0) onForeground(true)
        val request = BackgroundRequest(main) { if (--pending <= 0) onForeground(false) }
        worker.execute { request.run(work) { onLoaded(wanted) } }
        return request
    }
}

/** A request that can be cancelled: before its work it does not run, after it nobody hears of it. */
public class BackgroundRequest internal constructor(private val main: Executor, private val onEnd: () -> Unit) {
    /** Whether it was cancelled. */
    @Volatile
    public var isCancelled: Boolean = false
        private set
    private var ended = false

    /** Cancels it; again or after its end that does nothing. */
    public fun cancel() {
        isCancelled = true
        main.execute(::end)
    }

    internal fun run(work: () -> Unit, callback: () -> Unit) {
        if (isCancelled) return
        work()
        main.execute {
            if (!isCancelled) callback()
            end()
        }
    }

    private fun end() {
        if (ended) return
        ended = true
        onEnd()
    }
}
