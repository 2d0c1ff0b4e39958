package dev.ferrule.android.legacy

import android.os.UserHandle
import dev.ferrule.android.os.attempt
import dev.ferrule.android.platform.PlatformCalls
import dev.ferrule.legacy.launcher.ApplicationInfo
import dev.ferrule.legacy.launcher.ComponentName
import dev.ferrule.legacy.launcher.LauncherActivityInfo
import dev.ferrule.legacy.launcher.UserInfo

/** What the legacy loader asks of the framework, call by call as Launcher3 does. */
internal class FrameworkPlatform(private val calls: PlatformCalls, override val ownPackage: String) : BarePlatform() {
    private val handles: Map<Int, UserHandle> = calls.profiles().associateBy { calls.serial(it).toInt() }

    override val profiles: List<UserInfo> = handles.map { (serial, user) -> UserInfo(serial, false, calls.isQuiet(user), calls.isUnlocked(user)) }

    private fun user(serial: Int): UserHandle = handles.getValue(serial)

    private fun android.content.pm.ApplicationInfo.legacy() =
        ApplicationInfo(flags and android.content.pm.ApplicationInfo.FLAG_INSTALLED != 0, enabled)

    private fun android.content.pm.LauncherActivityInfo.legacy() =
        LauncherActivityInfo(ComponentName(componentName.packageName, componentName.className), label.toString(), 1f, applicationInfo.legacy())

    override fun isPackageEnabled(packageName: String, serial: Int): Boolean = calls.isPackageEnabled(packageName, user(serial))

    override fun getApplicationInfo(packageName: String, serial: Int): ApplicationInfo? =
        attempt { calls.application(packageName, user(serial)) }?.legacy()

    private fun ComponentName.android() = android.content.ComponentName(packageName, className)

    override fun isActivityEnabled(component: ComponentName, serial: Int): Boolean =
        calls.isActivityEnabled(component.android(), user(serial))

    override fun resolveActivity(component: ComponentName, serial: Int): LauncherActivityInfo? =
        calls.resolve(component.android(), user(serial))?.legacy()

    override fun getActivityList(packageName: String, serial: Int): List<LauncherActivityInfo> =
        calls.activities(user(serial)).filter { it.componentName.packageName == packageName }.map { it.legacy() }
}
