package dev.ferrule.android.dump

import android.content.Context
import android.content.pm.PackageManager
import android.os.Binder
import android.os.Process

/**
 * Who may read dumps and reports and give commands (contracts 7): root, the shell, this process itself, and whoever holds
 * [PERMISSION], which only packages of the same signature get.
 */
public class Callers(private val context: Context) {
    /** @throws SecurityException if the caller of the running binder call is somebody else */
    public fun enforce() {
        val (pid, uid) = Binder.getCallingPid() to Binder.getCallingUid()
        if (uid == Process.ROOT_UID || uid == Process.SHELL_UID || uid == Process.myUid()) return
        if (context.checkPermission(PERMISSION, pid, uid) == PackageManager.PERMISSION_GRANTED) return
        throw SecurityException("uid $uid may not ask Ferrule: it lacks $PERMISSION")
    }

    public companion object {
        /** A permission of the level `signature`, which the package that exports the service declares. */
        public const val PERMISSION: String = "dev.ferrule.permission.DUMP"
    }
}
