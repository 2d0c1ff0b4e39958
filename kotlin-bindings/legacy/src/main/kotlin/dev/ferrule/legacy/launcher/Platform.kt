package dev.ferrule.legacy.launcher

/**
 * The calls that the loader makes to the platform's services, one method a call. Nothing is derived here.
 *
 * A user is named by its profile serial.
 */
public interface Platform {
    /** Profiles in the platform's order; the first is the current user. */
    public val profiles: List<UserInfo>

    /** Whether the device is in safe mode. */
    public val isSafeMode: Boolean

    /** Whether the boot has completed. */
    public val isBootCompleted: Boolean

    /** The launcher's own package. */
    public val ownPackage: String

    /** `LauncherApps.isPackageEnabled`. */
    public fun isPackageEnabled(packageName: String, serial: Int): Boolean

    /** `LauncherApps.getApplicationInfo`; null if there is none. */
    public fun getApplicationInfo(packageName: String, serial: Int): ApplicationInfo?

    /** `LauncherApps.isActivityEnabled`. */
    public fun isActivityEnabled(component: ComponentName, serial: Int): Boolean

    /** `LauncherApps.resolveActivity` for the component. */
    public fun resolveActivity(component: ComponentName, serial: Int): LauncherActivityInfo?

    /** `LauncherApps.getActivityList`. */
    public fun getActivityList(packageName: String, serial: Int): List<LauncherActivityInfo>

    /**
     * `LauncherApps.getShortcuts` for pinned ones; null is an answer too.
     *
     * @throws IllegalStateException if the user is locked or the service failed
     * @throws SecurityException if the launcher may not ask
     */
    public fun getPinnedShortcuts(serial: Int): List<ShortcutInfo>?

    /** `LauncherApps.pinShortcuts`. */
    public fun pinShortcuts(packageName: String, ids: Collection<String>, serial: Int)

    /** Shortcuts that wait in the install queue for a user. */
    public fun getPendingShortcuts(serial: Int): List<ShortcutKey>

    /** All install sessions. */
    public fun getInstallSessions(): List<SessionInfo>

    /** Providers of widgets, of a package and user. */
    public fun getWidgetProviders(packageName: String, serial: Int): List<AppWidgetProviderInfo>

    /** `AppWidgetManager.getAppWidgetInfo`. */
    public fun getAppWidgetInfo(appWidgetId: Int): AppWidgetProviderInfo?

    /** The launcher-internal widget of a component. */
    public fun getCustomWidget(component: ComponentName): AppWidgetProviderInfo?

    /** Whether the widget's options say that the platform restored it. */
    public fun isAppWidgetRestored(appWidgetId: Int): Boolean

    /** Allocates a widget id for the launcher's host. */
    public fun allocateAppWidgetId(): Int

    /** Binds without asking the user; false if that is not allowed. */
    public fun bindAppWidgetIdIfAllowed(appWidgetId: Int, provider: AppWidgetProviderInfo, options: LauncherIntent?): Boolean

    /** Ids of the launcher's host; null if the query fails. */
    public fun getAppWidgetIds(): IntArray?

    /** Frees a widget id. */
    public fun deleteAppWidgetId(appWidgetId: Int)

    /** Component of the search widget. */
    public val searchComponent: ComponentName?
}

/**
 * A profile.
 *
 * @property serial profile serial, as in `profileId`
 * @property isPrivate whether it is the private space
 * @property isQuiet whether it is paused
 * @property isUnlocked whether its storage is unlocked
 */
public class UserInfo(
    public val serial: Int,
    public val isPrivate: Boolean,
    public val isQuiet: Boolean,
    public val isUnlocked: Boolean,
)

/**
 * What the package manager says of a package.
 *
 * @property isInstalled installed for the user
 * @property isEnabled not disabled
 * @property isSystem part of the system image
 * @property isSuspended suspended
 * @property isExternal on external storage
 * @property isArchived archived
 */
public class ApplicationInfo(
    public val isInstalled: Boolean,
    public val isEnabled: Boolean,
    public val isSystem: Boolean = false,
    public val isSuspended: Boolean = false,
    public val isExternal: Boolean = false,
    public val isArchived: Boolean = false,
)

/**
 * A launchable activity.
 *
 * @property component its name
 * @property label its label
 * @property loadingProgress how much of an incremental download is there, 0 to 1
 * @property applicationInfo its application
 */
public class LauncherActivityInfo(
    public val component: ComponentName,
    public val label: String,
    public val loadingProgress: Float,
    public val applicationInfo: ApplicationInfo?,
)

/** Package and id of a shortcut. Both must be there, as in a component name (peer C2). */
public class ShortcutKey(packageName: String?, id: String?, public val serial: Int) {
    private val name = ComponentName(packageName, id)

    /** Package that published the shortcut. */
    public val packageName: String get() = name.packageName

    /** Id in that package. */
    public val id: String get() = name.className

    override fun equals(other: Any?): Boolean = other is ShortcutKey && other.name == name && other.serial == serial

    override fun hashCode(): Int = name.hashCode() * 31 + serial

    internal companion object {
        fun fromIntent(intent: LauncherIntent, serial: Int) =
            ShortcutKey(intent.packageName, intent.getStringExtra(LauncherIntent.EXTRA_SHORTCUT_ID), serial)
    }
}

/**
 * A pinned shortcut.
 *
 * @property key package, id, user
 * @property activity activity that it belongs to
 * @property label short label
 * @property isEnabled false if the publisher disabled it
 * @property isVersionLower disabled because the installed app is older than the backup
 */
public class ShortcutInfo(
    public val key: ShortcutKey,
    public val activity: ComponentName?,
    public val label: String,
    public val isEnabled: Boolean,
    public val isVersionLower: Boolean,
)

/**
 * An install session.
 *
 * @property packageName package that is being installed
 * @property serial user
 * @property installer package of the installer
 * @property progress 0 to 1
 */
public class SessionInfo(
    public val packageName: String?,
    public val serial: Int,
    public val installer: String?,
    public val progress: Float,
) {
    internal val percent: Int get() = (progress * 100).toInt()
}

/**
 * A widget provider.
 *
 * @property provider its component
 * @property configure its configuration activity
 * @property minSpanX least width in cells
 * @property minSpanY least height in cells
 */
public class AppWidgetProviderInfo(
    public val provider: ComponentName,
    public val configure: ComponentName?,
    public val minSpanX: Int,
    public val minSpanY: Int,
)

internal data class PackageUserKey(val packageName: String, val serial: Int)
