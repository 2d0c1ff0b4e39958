package dev.ferrule.android.launcher.guide

import android.content.Context
import android.os.Handler
import dev.ferrule.android.rollout.DeviceCosts
import dev.ferrule.android.rollout.DeviceSafeguard
import dev.ferrule.guard.Rollout

/** The guard of a launcher's process, from its start to its end. [handler] is of a thread that may write files. */
class GuardedLauncher(context: Context, private val handler: Handler) : AutoCloseable {
    val safeguard = DeviceSafeguard.open(context)

    val rollout = Rollout(safeguard, null).apply {
        budget = DeviceCosts.budget(context)
        meter = DeviceCosts
    }

    private val tick = object : Runnable {
        override fun run() {
            DeviceSafeguard.tick(safeguard)
            handler.postDelayed(this, TICK_MILLIS)
        }
    }

    init {
        handler.postDelayed(tick, TICK_MILLIS)
    }

    fun onFirstFrame() {
        handler.post { safeguard.firstFrame() }
    }

    fun onFront() {
        handler.post { DeviceSafeguard.tick(safeguard) }
    }

    /** Nothing is asked after this. */
    override fun close() {
        handler.removeCallbacks(tick)
        safeguard.close()
    }

    companion object {
        const val TICK_MILLIS: Long = 30_000
    }
}
