package dev.ferrule.android.icons

import android.content.ComponentCallbacks2
import android.content.Context
import android.content.res.Configuration
import dev.ferrule.bindings.FerruleException
import dev.ferrule.icons.IconTrimLevel
import java.util.concurrent.Executor

/** Gives memory back; `cache.control::trim` in a launcher. */
public fun interface IconMemory {
    /** Frees what [level] asks for. */
    public fun trim(level: IconTrimLevel)
}

/**
 * Passes the system's wish for memory on to the icon cache: less while the launcher is shown, more while it is hidden.
 *
 * The trim goes through the control plane, so it runs on [worker]; what it throws is dropped, as memory that could not be
 * given back is no reason to end a launcher.
 */
public class IconTrimmer(private val memory: IconMemory, private val worker: Executor) : ComponentCallbacks2 {
    /** Listens to [context]'s application; ends with `unregisterComponentCallbacks`. */
    public fun register(context: Context): Unit = context.registerComponentCallbacks(this)

    override fun onTrimMemory(level: Int) {
        val wanted = levelOf(level) ?: return
        worker.execute {
            try {
                memory.trim(wanted)
            } catch (_: FerruleException) {
                // Closed, or without JNA.
            }
        }
    }

    @Deprecated("part of the interface")
    override fun onLowMemory(): Unit = onTrimMemory(ComponentCallbacks2.TRIM_MEMORY_COMPLETE)

    override fun onConfigurationChanged(configuration: Configuration): Unit = Unit

    internal companion object {
        /** Null for what asks for nothing. Levels between those that Android names count as the one below. */
        @Suppress("DEPRECATION") // Since API 34 only two of them come; older systems send all.
        fun levelOf(level: Int): IconTrimLevel? = when {
            level >= ComponentCallbacks2.TRIM_MEMORY_COMPLETE -> IconTrimLevel.CRITICAL
            level >= ComponentCallbacks2.TRIM_MEMORY_UI_HIDDEN -> IconTrimLevel.HIDDEN
            level >= ComponentCallbacks2.TRIM_MEMORY_RUNNING_CRITICAL -> IconTrimLevel.CRITICAL
            level >= ComponentCallbacks2.TRIM_MEMORY_RUNNING_LOW -> IconTrimLevel.LOW
            else -> null
        }
    }
}
