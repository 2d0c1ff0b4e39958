package dev.ferrule.android.platform

import android.content.ComponentName
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import android.content.pm.ApplicationInfo
import android.content.pm.LauncherApps
import android.content.pm.PackageInfo
import android.os.Process
import android.os.UserManager
import org.robolectric.Shadows.shadowOf

/** What Robolectric's managers say of a phone; apps have one activity, `.Main`. */
internal class FrameworkPhone(private val context: Context) {
    private val user = Process.myUserHandle()

    /** Of the launcher's own profile. */
    val serial: Long = context.getSystemService(UserManager::class.java)!!.getSerialNumberForUser(user)

    /** Installs an app; one that is not launchable has its activity all the same, and no list has it. */
    fun install(name: String, isLaunchable: Boolean = true) {
        val application = ApplicationInfo().apply {
            packageName = name
            flags = ApplicationInfo.FLAG_INSTALLED
            enabled = true
            nonLocalizedLabel = name
        }
        val packages = shadowOf(context.packageManager)
        packages.installPackage(
            PackageInfo().apply {
                packageName = name
                applicationInfo = application
            },
        )
        val component = ComponentName(name, "$name.Main")
        packages.addActivityIfNotPresent(component)
        val apps = shadowOf(context.getSystemService(LauncherApps::class.java))
        apps.addEnabledPackage(user, name)
        apps.setActivityEnabled(user, component)
        apps.addApplicationInfo(user, name, application)
        if (!isLaunchable) return
        packages.addIntentFilterForActivity(component, IntentFilter(Intent.ACTION_MAIN).apply { addCategory(Intent.CATEGORY_LAUNCHER) })
        apps.addActivity(user, LauncherActivities.of(context, component, application))
    }
}
