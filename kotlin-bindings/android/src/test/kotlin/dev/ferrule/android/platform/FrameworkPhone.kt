package dev.ferrule.android.platform

import android.content.ComponentName
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import android.content.pm.ActivityInfo
import android.content.pm.ApplicationInfo
import android.content.pm.LauncherActivityInfo
import android.content.pm.LauncherApps
import android.content.pm.PackageInfo
import android.graphics.drawable.Drawable
import android.os.Bundle
import android.os.Process
import android.os.UserHandle
import android.os.UserManager
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowLauncherApps
import org.robolectric.shadows.ShadowUserManager
import org.robolectric.util.ReflectionHelpers
import org.robolectric.util.ReflectionHelpers.ClassParameter

/** What Robolectric's managers say of a phone; apps have one activity, `.Main`. */
internal class FrameworkPhone(private val context: Context) {
    private val own = Process.myUserHandle()
    private val users = context.getSystemService(UserManager::class.java)!!
    private val packages = shadowOf(context.packageManager)
    private val apps = shadowOf(context.getSystemService(LauncherApps::class.java))
    private val installed = HashMap<Pair<String, UserHandle>, Pair<ApplicationInfo, ActivityInfo>>()
    private var versions = 0

    init {
        shadowOf(users).setUserState(own, ShadowUserManager.UserState.STATE_RUNNING_UNLOCKED)
    }

    /** Of the launcher's own profile. */
    val serial: Long = users.getSerialNumberForUser(own)

    /** What the system calls when something happens to packages. */
    val callbacks: List<LauncherApps.Callback>
        get() = ReflectionHelpers.getStaticField<List<android.util.Pair<LauncherApps.Callback, *>>>(ShadowLauncherApps::class.java, "callbacks")
            .map { it.first }

    /** Adds a profile of this kind (`UserInfo`'s flags) and answers its handle; its serial is its number plus 100. */
    fun addProfile(number: Int, flags: Int): UserHandle {
        val handle = UserHandle.of(number)
        shadowOf(users).addProfile(own.hashCode(), number, "profile $number", flags)
        shadowOf(users).setSerialNumberForUser(handle, number + 100L)
        shadowOf(users).setUserState(handle, ShadowUserManager.UserState.STATE_RUNNING_UNLOCKED)
        return handle
    }

    /** Installs an app; one that is not launchable has its activity all the same, and no list has it. */
    fun install(
        name: String,
        isLaunchable: Boolean = true,
        user: UserHandle = own,
        icon: Drawable? = null,
        metadata: Bundle? = null,
    ) {
        val application = ApplicationInfo().apply {
            packageName = name
            flags = ApplicationInfo.FLAG_INSTALLED
            enabled = true
            nonLocalizedLabel = name
            metaData = metadata
        }
        val activity = ActivityInfo().apply {
            packageName = name
            this.name = "$name.Main"
            applicationInfo = application
            metaData = metadata
        }
        installed[name to user] = application to activity
        update(name, user, name, icon)
        packages.installPackage(
            PackageInfo().apply {
                packageName = name
                applicationInfo = application
            },
        )
        packages.addOrUpdateActivity(ActivityInfo(activity))
        val component = ComponentName(name, "$name.Main")
        apps.addEnabledPackage(user, name)
        apps.setActivityEnabled(user, component)
        apps.addApplicationInfo(user, name, application)
        if (!isLaunchable) return
        packages.addIntentFilterForActivity(component, IntentFilter(Intent.ACTION_MAIN).apply { addCategory(Intent.CATEGORY_LAUNCHER) })
        apps.addActivity(user, LauncherActivities.of(context, activity, user))
    }

    /** No list has the app any more; where [isGone] the package manager does not know of it either. */
    fun uninstall(name: String, user: UserHandle = own, isGone: Boolean = true) {
        of<LauncherActivityInfo>("activityList", user).removeIf { it.componentName.packageName == name }
        if (!isGone) return
        of<String>("enabledPackages", user).remove(name)
        ReflectionHelpers.getStaticField<Map<UserHandle, MutableMap<String, *>>>(ShadowLauncherApps::class.java, "applicationInfoList")[user]
            ?.remove(name)
        installed -= name to user
        if (installed.keys.none { it.first == name }) packages.removePackage(name)
    }

    /** What `LauncherApps` has of a user. */
    private fun <T> of(list: String, user: UserHandle): MutableCollection<T> = ReflectionHelpers.callInstanceMethod(
        ReflectionHelpers.getStaticField(ShadowLauncherApps::class.java, list), "get", ClassParameter.from(Any::class.java, user),
    )

    /** A new version of an app with this label and icon. */
    fun update(name: String, user: UserHandle = own, label: String = name, icon: Drawable? = null) {
        val (application, _) = installed.getValue(name to user)
        versions++
        application.sourceDir = "/data/app/$name-$versions/base.apk"
        relabel(name, user, label)
        icon?.let { packages.setUnbadgedApplicationIcon(name, it) }
    }

    /** Another label of the same version: the language is another. */
    fun relabel(name: String, user: UserHandle = own, label: String) {
        val (application, activity) = installed.getValue(name to user)
        application.nonLocalizedLabel = label
        activity.nonLocalizedLabel = label
    }
}
