package dev.ferrule.android.platform

import android.appwidget.AppWidgetProviderInfo
import android.content.ComponentName
import android.content.pm.ApplicationInfo
import android.content.pm.LauncherActivityInfo
import android.content.pm.PackageInstaller
import android.content.pm.PackageManager
import android.content.pm.ShortcutInfo
import android.os.UserHandle
import dev.ferrule.launcher.ProfileKind

/**
 * The calls of Android that a snapshot is made of. Each may throw anything and take any time; who asks is prepared for that.
 *
 * Apart from their use so that tests can make each one fail on a framework that is otherwise whole.
 */
internal interface PlatformCalls {
    /** [PlatformSource.USERS]: profiles in the system's order. */
    fun profiles(): List<UserHandle>

    /** [PlatformSource.USERS] */
    fun serial(user: UserHandle): Long

    /** [PlatformSource.USERS]: also of a profile that [profiles] does not tell of now; null if there is none. */
    fun user(serial: Long): UserHandle?

    /** [PlatformSource.USERS] */
    fun kind(user: UserHandle): ProfileKind

    /** [PlatformSource.USERS]: [label] as it is read out for an item of the profile. */
    fun badgedLabel(label: CharSequence, user: UserHandle): CharSequence

    /** [PlatformSource.USERS] */
    fun isQuiet(user: UserHandle): Boolean

    /** [PlatformSource.USERS] */
    fun isUnlocked(user: UserHandle): Boolean

    /** [PlatformSource.APPS] */
    fun activities(user: UserHandle): List<LauncherActivityInfo>

    /** [PlatformSource.APPS]: whether the package is enabled. */
    fun isPackageEnabled(packageName: String, user: UserHandle): Boolean

    /**
     * [PlatformSource.APPS]
     *
     * @throws PackageManager.NameNotFoundException if there is none
     */
    fun application(packageName: String, user: UserHandle): ApplicationInfo?

    /** [PlatformSource.APPS] */
    fun isActivityEnabled(component: ComponentName, user: UserHandle): Boolean

    /** [PlatformSource.APPS]: the activity that starting [component] reaches, null for none. */
    fun resolve(component: ComponentName, user: UserHandle): LauncherActivityInfo?

    /** [PlatformSource.PACKAGES]: of the launcher's own user, also disabled, suspended and archived ones. */
    fun applications(): List<ApplicationInfo>

    /** [PlatformSource.PACKAGES] */
    fun isSafeMode(): Boolean

    /** [PlatformSource.SHORTCUTS] */
    fun mayAskForShortcuts(): Boolean

    /** [PlatformSource.SHORTCUTS] */
    fun pinnedShortcuts(user: UserHandle): List<ShortcutInfo>?

    /** [PlatformSource.SESSIONS]: of all profiles where the system tells them. */
    fun sessions(): List<PackageInstaller.SessionInfo>

    /** [PlatformSource.WIDGETS] */
    fun providers(user: UserHandle): List<AppWidgetProviderInfo>

    /** [PlatformSource.WIDGETS] */
    fun boundProvider(appWidgetId: Int): AppWidgetProviderInfo?

    /** [PlatformSource.WIDGETS]: whether the framework has restored this widget. */
    fun isRestored(appWidgetId: Int): Boolean

    /** [PlatformSource.WIDGETS]: whether binding needs nobody's consent; null where that cannot be asked. */
    fun mayBind(): Boolean?
}
