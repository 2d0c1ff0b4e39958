package dev.ferrule.android.legacy

import dev.ferrule.legacy.launcher.AppWidgetProviderInfo
import dev.ferrule.legacy.launcher.ComponentName
import dev.ferrule.legacy.launcher.LauncherIntent
import dev.ferrule.legacy.launcher.Platform
import dev.ferrule.legacy.launcher.SessionInfo
import dev.ferrule.legacy.launcher.ShortcutInfo
import dev.ferrule.legacy.launcher.ShortcutKey

/** A phone that has started as usual, with neither widgets nor shortcuts nor installations; its apps are another's to say. */
internal abstract class BarePlatform : Platform {
    override val isSafeMode: Boolean get() = false
    override val isBootCompleted: Boolean get() = true
    override val searchComponent: ComponentName? get() = null

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
