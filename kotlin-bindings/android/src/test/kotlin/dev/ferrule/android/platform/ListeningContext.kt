package dev.ferrule.android.platform

import android.content.BroadcastReceiver
import android.content.ComponentCallbacks
import android.content.Context
import android.content.ContextWrapper
import android.content.Intent
import android.content.IntentFilter
import android.os.Handler

/** A context that knows who listens to it. */
internal class ListeningContext(base: Context) : ContextWrapper(base) {
    val listeners = ArrayList<Any>()

    override fun getApplicationContext(): Context = this

    // API 28's goes to the application's context, which is this one.
    override fun registerComponentCallbacks(callback: ComponentCallbacks) {
        listeners += callback
        baseContext.registerComponentCallbacks(callback)
    }

    override fun unregisterComponentCallbacks(callback: ComponentCallbacks) {
        listeners -= callback
        baseContext.unregisterComponentCallbacks(callback)
    }

    override fun registerReceiver(receiver: BroadcastReceiver?, filter: IntentFilter, permission: String?, handler: Handler?): Intent? {
        listeners += receiver!!
        return super.registerReceiver(receiver, filter, permission, handler)
    }

    override fun registerReceiver(
        receiver: BroadcastReceiver?,
        filter: IntentFilter,
        permission: String?,
        handler: Handler?,
        flags: Int,
    ): Intent? {
        listeners += receiver!!
        return super.registerReceiver(receiver, filter, permission, handler, flags)
    }

    /** Whatever it was registered for. */
    override fun unregisterReceiver(receiver: BroadcastReceiver) {
        listeners.removeAll { it === receiver }
        super.unregisterReceiver(receiver)
    }
}
