package dev.ferrule.bench

import dev.ferrule.legacy.launcher.AppWidgetProviderInfo
import dev.ferrule.legacy.launcher.ApplicationInfo
import dev.ferrule.legacy.launcher.Column
import dev.ferrule.legacy.launcher.ComponentName
import dev.ferrule.legacy.launcher.FavoritesDb
import dev.ferrule.legacy.launcher.LauncherActivityInfo
import dev.ferrule.legacy.launcher.LauncherIntent
import dev.ferrule.legacy.launcher.LegacyLoader
import dev.ferrule.legacy.launcher.LoaderOptions
import dev.ferrule.legacy.launcher.Platform
import dev.ferrule.legacy.launcher.SessionInfo
import dev.ferrule.legacy.launcher.ShortcutInfo
import dev.ferrule.legacy.launcher.ShortcutKey
import dev.ferrule.legacy.launcher.UserInfo

/** A phone on which everything that a home screen names is installed, enabled, pinned and bound; answers from maps. */
public class HomePlatform(rows: FavoritesDb) : Platform {
    private val app = ApplicationInfo(isInstalled = true, isEnabled = true)
    private val packages = HashSet<String>()
    private val activities = HashMap<ComponentName, LauncherActivityInfo>()
    private val shortcuts = ArrayList<ShortcutInfo>()
    private val widgets = HashMap<Int, AppWidgetProviderInfo>()

    init {
        rows.query().use { row ->
            while (row.moveToNext()) {
                val title = row.getString(Column.TITLE).orEmpty()
                val provider = row.getString(Column.APPWIDGET_PROVIDER)?.let(ComponentName::unflattenFromString)
                if (provider != null) widgets[row.getInt(Column.APPWIDGET_ID)] = AppWidgetProviderInfo(provider, null, 1, 1)
                val intent = row.getString(Column.INTENT)?.let(LauncherIntent::parseUri)
                val component = intent?.component ?: continue
                packages.add(component.packageName)
                val shortcut = intent.getStringExtra(LauncherIntent.EXTRA_SHORTCUT_ID)
                if (shortcut == null) {
                    activities.getOrPut(component) { LauncherActivityInfo(component, title, 1f, app) }
                } else {
                    val key = ShortcutKey(component.packageName, shortcut, SERIAL)
                    shortcuts.add(ShortcutInfo(key, component, title, isEnabled = true, isVersionLower = false))
                }
            }
        }
    }

    override val profiles: List<UserInfo> = listOf(UserInfo(SERIAL, isPrivate = false, isQuiet = false, isUnlocked = true))
    override val isSafeMode: Boolean get() = false
    override val isBootCompleted: Boolean get() = true
    override val ownPackage: String get() = "com.android.launcher3"
    override val searchComponent: ComponentName? get() = null

    override fun isPackageEnabled(packageName: String, serial: Int): Boolean = packageName in packages

    override fun getApplicationInfo(packageName: String, serial: Int): ApplicationInfo? = app.takeIf { packageName in packages }

    override fun isActivityEnabled(component: ComponentName, serial: Int): Boolean = component in activities

    override fun resolveActivity(component: ComponentName, serial: Int): LauncherActivityInfo? = activities[component]

    override fun getActivityList(packageName: String, serial: Int): List<LauncherActivityInfo> =
        activities.values.filter { it.component.packageName == packageName }

    override fun getPinnedShortcuts(serial: Int): List<ShortcutInfo> = shortcuts

    override fun pinShortcuts(packageName: String, ids: Collection<String>, serial: Int) {}

    override fun getPendingShortcuts(serial: Int): List<ShortcutKey> = emptyList()

    override fun getInstallSessions(): List<SessionInfo> = emptyList()

    override fun getWidgetProviders(packageName: String, serial: Int): List<AppWidgetProviderInfo> =
        widgets.values.filter { it.provider.packageName == packageName }

    override fun getAppWidgetInfo(appWidgetId: Int): AppWidgetProviderInfo? = widgets[appWidgetId]

    override fun getCustomWidget(component: ComponentName): AppWidgetProviderInfo? = null

    override fun isAppWidgetRestored(appWidgetId: Int): Boolean = true

    override fun allocateAppWidgetId(): Int = throw UnsupportedOperationException("no widget is missing here")

    override fun bindAppWidgetIdIfAllowed(
        appWidgetId: Int,
        provider: AppWidgetProviderInfo,
        options: LauncherIntent?,
    ): Boolean = true

    override fun getAppWidgetIds(): IntArray = widgets.keys.toIntArray()

    override fun deleteAppWidgetId(appWidgetId: Int) {}

    public companion object {
        private const val SERIAL = 0

        /** The bench's grid: 5x6, a dock of five, no search bar. */
        internal val options = LoaderOptions(columns = 5, rows = 6, hotseat = 5, hasQsbOnFirstScreen = false)

        /** A loader on the bench's grid. */
        @JvmStatic
        public fun loader(rows: FavoritesDb): LegacyLoader = LegacyLoader(rows, HomePlatform(rows), options)
    }
}
