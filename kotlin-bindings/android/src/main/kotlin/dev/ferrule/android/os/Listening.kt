package dev.ferrule.android.os

import android.content.BroadcastReceiver
import android.content.Context
import android.content.IntentFilter
import android.os.Build
import android.os.Handler
import android.util.Log

/**
 * What the system is asked to tell, and how each of it ends.
 *
 * One source that the system refuses takes no other along, and is said in logcat: otherwise what never comes looks like
 * what never happens.
 */
internal class Listening {
    private val ends = ArrayList<() -> Unit>()

    /** Whether it has begun and not ended. */
    val isOn: Boolean get() = ends.isNotEmpty()

    /** Does [begin] for the source named [what]; [end] is done by [close], also after a failure half-way. */
    fun begin(what: String, end: () -> Unit, begin: () -> Unit) {
        ends += end
        try {
            begin()
        } catch (failure: Exception) {
            refused(what, failure)
        } catch (failure: LinkageError) {
            refused(what, failure)
        }
    }

    /**
     * Lets [receiver] have the system's broadcasts in [filter], on [handler]'s thread. It is not exported: the system
     * reaches it all the same, and an app that targets API 34 must say so wherever one of the actions is not protected on the
     * device at hand, as those of the private space are not on API 34.
     */
    fun receive(what: String, context: Context, receiver: BroadcastReceiver, filter: IntentFilter, handler: Handler) {
        begin("broadcasts: $what", { context.unregisterReceiver(receiver) }) {
            if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) {
                context.registerReceiver(receiver, filter, null, handler, Context.RECEIVER_NOT_EXPORTED)
            } else {
                context.registerReceiver(receiver, filter, null, handler)
            }
        }
    }

    /** Ends all of it; again is no error. */
    fun close() {
        ends.forEach { attempt(it) }
        ends.clear()
    }

    private fun refused(what: String, failure: Throwable) {
        Log.w(TAG, "OS_EVENTS_REFUSED $what: $failure")
    }

    private companion object {
        const val TAG = "Ferrule"
    }
}
