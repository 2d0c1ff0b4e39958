package dev.ferrule.android.launcher

import android.content.Context
import android.os.Handler
import dev.ferrule.android.icons.IconUpdate
import dev.ferrule.android.icons.IconUpdates
import dev.ferrule.android.platform.PlatformChange
import dev.ferrule.android.platform.PlatformChangeKind
import dev.ferrule.android.platform.PlatformChangeListener
import dev.ferrule.android.platform.PlatformEvents
import dev.ferrule.bindings.FerruleException
import dev.ferrule.icons.IconNoticeListener
import java.util.concurrent.Executor
import java.util.concurrent.atomic.AtomicBoolean

/** An icon cache that follows the platform. */
public class FollowedIcons(
    /** Of the cache. */
    public val updates: IconUpdates,
    /** One thread with a queue, on which icons are drawn anew: one each time, so that other work comes between. */
    public val worker: Executor,
    /** Told whose icons are new after an update session, on that thread. */
    public val notices: IconNoticeListener,
)

/** A home screen that follows the platform. */
public class FollowedHome(
    /** The model's thread. */
    public val worker: Executor,
    /** Loads the home screen anew: [ModelLoadAdapter.load] and what the launcher does with it. */
    public val reload: Runnable,
)

/**
 * Keeps icon cache and home screen at what the platform says: each change goes to the icons that it concerns, and the home
 * screen is loaded anew with a fresh snapshot. However many changes come before a load begins, there is one load.
 *
 * [listener] is told of each change when the icon cache knows of it, so that whoever asks for an icon then learns that it is
 * stale: on the icons' worker, or on the handler's thread where no icons follow. [start] goes through the control plane: call it
 * when the first screen is shown.
 */
public class PlatformFollower @JvmOverloads constructor(
    context: Context,
    handler: Handler,
    private val icons: FollowedIcons?,
    home: FollowedHome?,
    private val listener: PlatformChangeListener = PlatformChangeListener { },
) : AutoCloseable {
    private val events = PlatformEvents(context, handler, ::follow)
    private val update = icons?.let { Once(it.worker) { orLater { step(it, it.updates.begin()) } } }
    private val reload = home?.let { Once(it.worker) { it.reload.run() } }

    /** Follows from now on; icons are looked after at once. */
    public fun start() {
        events.start()
        update?.request()
    }

    /** Ends following; what is under way goes on. */
    override fun close(): Unit = events.close()

    private fun follow(change: PlatformChange) {
        if (icons == null) {
            listener.onPlatformChange(change)
        } else {
            icons.worker.execute {
                orLater { if (icons.updates.apply(change)) update?.request() }
                listener.onPlatformChange(change)
            }
        }
        if (change.kind !in NOT_OF_HOME) reload?.request()
    }

    /** One icon each time the worker comes to it, so that a change need not wait for all of them. */
    private fun step(icons: FollowedIcons, update: IconUpdate) {
        var goesOn = false
        try {
            goesOn = update.step(icons.notices)
        } finally {
            if (!goesOn) update.close()
        }
        if (goesOn) icons.worker.execute { orLater { step(icons, update) } }
    }

    /** Closed, or without JNA: what was not told is found by its tokens at the next update. */
    private inline fun orLater(work: () -> Unit) {
        try {
            work()
        } catch (_: FerruleException) {
            return
        }
    }

    /** Work that is done once however often it is asked for before it begins. */
    private class Once(private val executor: Executor, private val work: () -> Unit) {
        private val isDue = AtomicBoolean()

        fun request() {
            if (!isDue.compareAndSet(false, true)) return
            executor.execute {
                isDue.set(false)
                work()
            }
        }
    }

    private companion object {
        /** What an item shows of these comes from elsewhere: its icon, or the launcher's own progress bar. */
        private val NOT_OF_HOME =
            setOf(PlatformChangeKind.CONFIGURATION, PlatformChangeKind.DATE, PlatformChangeKind.SESSION_PROGRESS)
    }
}
