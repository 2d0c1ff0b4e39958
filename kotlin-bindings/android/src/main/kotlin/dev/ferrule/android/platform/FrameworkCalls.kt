package dev.ferrule.android.platform

import android.appwidget.AppWidgetManager
import android.appwidget.AppWidgetProviderInfo
import android.content.ComponentName
import android.content.Context
import android.content.Intent
import android.content.pm.ApplicationInfo
import android.content.pm.LauncherActivityInfo
import android.content.pm.LauncherApps
import android.content.pm.PackageInstaller
import android.content.pm.PackageManager
import android.content.pm.ShortcutInfo
import android.graphics.drawable.ColorDrawable
import android.os.Build
import android.os.Process
import android.os.UserHandle
import android.os.UserManager
import dev.ferrule.android.os.attempt
import dev.ferrule.launcher.ProfileKind

/** Asks this device's own managers. */
internal class FrameworkCalls(private val context: Context) : PlatformCalls {
    private val users get() = manager(UserManager::class.java)
    private val apps get() = manager(LauncherApps::class.java)
    private val widgets get() = manager(AppWidgetManager::class.java)
    private val packages: PackageManager get() = context.packageManager

    private fun <T> manager(type: Class<T>): T = checkNotNull(context.getSystemService(type)) { "no ${type.name}" }

    override fun profiles(): List<UserHandle> = users.userProfiles

    override fun serial(user: UserHandle): Long = users.getSerialNumberForUser(user)

    override fun user(serial: Long): UserHandle? = users.getUserForSerialNumber(serial)

    override fun kind(user: UserHandle): ProfileKind {
        if (user == Process.myUserHandle()) return ProfileKind.MAIN
        return attempt { kindSinceApi35(user) } ?: if (isManaged(user)) ProfileKind.WORK else ProfileKind.OTHER
    }

    private fun kindSinceApi35(user: UserHandle): ProfileKind? {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.VANILLA_ICE_CREAM) return null
        return when (apps.getLauncherUserInfo(user)?.userType) {
            UserManager.USER_TYPE_PROFILE_MANAGED -> ProfileKind.WORK
            UserManager.USER_TYPE_PROFILE_CLONE -> ProfileKind.CLONE
            UserManager.USER_TYPE_PROFILE_PRIVATE -> ProfileKind.PRIVATE
            else -> null
        }
    }

    /** Where that cannot be asked, a profile is managed if the system badges its icons, as iconloaderlib has it. */
    private fun isManaged(user: UserHandle): Boolean = attempt { users.isManagedProfile(user.hashCode()) } ?: run {
        val plain = ColorDrawable()
        packages.getUserBadgedIcon(plain, user) !== plain
    }

    override fun badgedLabel(label: CharSequence, user: UserHandle): CharSequence = packages.getUserBadgedLabel(label, user)

    override fun isQuiet(user: UserHandle): Boolean = users.isQuietModeEnabled(user)

    override fun isUnlocked(user: UserHandle): Boolean = users.isUserUnlocked(user)

    override fun activities(user: UserHandle): List<LauncherActivityInfo> = apps.getActivityList(null, user)

    override fun isPackageEnabled(packageName: String, user: UserHandle): Boolean = apps.isPackageEnabled(packageName, user)

    override fun application(packageName: String, user: UserHandle): ApplicationInfo? =
        apps.getApplicationInfo(packageName, PackageManager.MATCH_UNINSTALLED_PACKAGES, user)

    override fun isActivityEnabled(component: ComponentName, user: UserHandle): Boolean =
        apps.isActivityEnabled(component, user)

    override fun resolve(component: ComponentName, user: UserHandle): LauncherActivityInfo? =
        apps.resolveActivity(Intent(Intent.ACTION_MAIN).setComponent(component), user)

    override fun applications(): List<ApplicationInfo> =
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.VANILLA_ICE_CREAM) {
            val flags = PackageManager.MATCH_UNINSTALLED_PACKAGES.toLong() or PackageManager.MATCH_ARCHIVED_PACKAGES
            packages.getInstalledApplications(PackageManager.ApplicationInfoFlags.of(flags))
        } else {
            packages.getInstalledApplications(PackageManager.MATCH_UNINSTALLED_PACKAGES)
        }

    override fun isSafeMode(): Boolean = packages.isSafeMode

    override fun mayAskForShortcuts(): Boolean = apps.hasShortcutHostPermission()

    override fun pinnedShortcuts(user: UserHandle): List<ShortcutInfo>? =
        apps.getShortcuts(LauncherApps.ShortcutQuery().setQueryFlags(LauncherApps.ShortcutQuery.FLAG_MATCH_PINNED), user)

    override fun sessions(): List<PackageInstaller.SessionInfo> =
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) {
            apps.allPackageInstallerSessions
        } else {
            packages.packageInstaller.allSessions
        }

    override fun providers(user: UserHandle): List<AppWidgetProviderInfo> = widgets.getInstalledProvidersForProfile(user)

    override fun boundProvider(appWidgetId: Int): AppWidgetProviderInfo? = widgets.getAppWidgetInfo(appWidgetId)

    override fun isRestored(appWidgetId: Int): Boolean =
        widgets.getAppWidgetOptions(appWidgetId)?.getBoolean(AppWidgetManager.OPTION_APPWIDGET_RESTORE_COMPLETED) ?: false

    override fun mayBind(): Boolean? =
        if (context.checkSelfPermission(BIND) == PackageManager.PERMISSION_GRANTED) true else null

    private companion object {
        private const val BIND = "android.permission.BIND_APPWIDGET"
    }
}
