package dev.ferrule.android.legacy

import android.os.UserHandle
import dev.ferrule.android.os.attempt
import dev.ferrule.android.platform.PlatformCalls
import dev.ferrule.legacy.launcher.AppWidgetProviderInfo
import dev.ferrule.legacy.launcher.ApplicationInfo
import dev.ferrule.legacy.launcher.ComponentName
import dev.ferrule.legacy.launcher.LauncherActivityInfo
import dev.ferrule.legacy.launcher.LauncherIntent
import dev.ferrule.legacy.launcher.Platform
import dev.ferrule.legacy.launcher.SessionInfo
import dev.ferrule.legacy.launcher.ShortcutInfo
import dev.ferrule.legacy.launcher.ShortcutKey
import dev.ferrule.legacy.launcher.UserInfo

/** What the legacy loader asks of the framework, call by call as Launcher3 does; the phone has neither widgets nor shortcuts. */
internal class FrameworkPlatform(private val calls: PlatformCalls, override val ownPackage: String) : Platform {
    private val handles: Map<Int, UserHandle> = calls.profiles().associateBy { calls.serial(it).toInt() }

    override val profiles: List<UserInfo> = handles.map { (serial, user) -> UserInfo(serial, false, calls.isQuiet(user), calls.isUnlocked(user)) }
    override val isSafeMode: Boolean get() = false
    override val isBootCompleted: Boolean get() = true
    override val searchComponent: ComponentName? get() = null

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

    override fun getPinnedShortcuts(serial: Int): List<ShortcutInfo> = emptyList()

    override fun pinShortcuts(packageName: String, ids: Collection<String>, serial: Int) = Unit

    override fun getPendingShortcuts(serial: Int): List<ShortcutKey> = emptyList()

    override fun getInstallSessions(): List<SessionInfo> = emptyList()

    override fun getWidgetProviders(packageName: String, serial: Int): List<AppWidgetProviderInfo> = emptyList()

    override fun getAppWidgetInfo(appWidgetId: Int): AppWidgetProviderInfo? = null

    override fun getCustomWidget(component: ComponentName): AppWidgetProviderInfo? = null

    override fun isAppWidgetRestored(appWidgetId: Int): Boolean = false

    override fun allocateAppWidgetId(): Int = error("no widget is missing here")

    override fun bindAppWidgetIdIfAllowed(appWidgetId: Int, provider: AppWidgetProviderInfo, options: LauncherIntent?): Boolean = false

    override fun getAppWidgetIds(): IntArray = IntArray(0)

    override fun deleteAppWidgetId(appWidgetId: Int) = Unit
}
