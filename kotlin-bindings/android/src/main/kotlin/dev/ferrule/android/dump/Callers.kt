package dev.ferrule.android.dump

import android.content.Context
import android.content.pm.PackageManager
import android.os.Binder
import android.os.Process
import dev.ferrule.android.os.attempt

/**
 * Who may read dumps and reports and give commands (contracts 7): root, the shell, this process itself, and whoever holds
 * [permission], which only packages of the same signature get.
 *
 * A permission of that name that a package of another signature declares lets nobody in.
 *
 * @param permission one that a package of the same signature declares with the level `signature`; by default [permissionOf]
 */
public class Callers @JvmOverloads constructor(
    private val context: Context,
    private val permission: String = permissionOf(context),
) {
    /** @throws SecurityException if the caller of the running binder call is somebody else */
    public fun enforce() {
        val (pid, uid) = Binder.getCallingPid() to Binder.getCallingUid()
        if (uid == Process.ROOT_UID || uid == Process.SHELL_UID || uid == Process.myUid()) return
        if (context.checkPermission(permission, pid, uid) == PackageManager.PERMISSION_GRANTED && isOurs()) return
        throw SecurityException("uid $uid may not ask Ferrule: it lacks $permission")
    }

    /** Whoever is installed first owns a name, and could give it to everybody. */
    private fun isOurs(): Boolean {
        val packages = context.packageManager
        val declaring = attempt { packages.getPermissionInfo(permission, 0) }?.packageName ?: return false
        return declaring == context.packageName ||
            packages.checkSignatures(declaring, context.packageName) == PackageManager.SIGNATURE_MATCH
    }

    public companion object {
        /**
         * The permission that the archive's manifest declares for the app that it becomes part of: a name of the app's own,
         * so that two apps can be installed beside each other.
         */
        @JvmStatic
        public fun permissionOf(context: Context): String = context.packageName + ".permission.FERRULE_DUMP"
    }
}
