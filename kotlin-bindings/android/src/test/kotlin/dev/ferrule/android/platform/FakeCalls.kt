package dev.ferrule.android.platform

import android.content.ComponentName
import android.content.Context
import android.content.pm.ActivityInfo
import android.content.pm.LauncherActivityInfo
import android.content.pm.PackageInstaller
import dev.ferrule.launcher.ProfileKind
import java.lang.reflect.InvocationTargetException
import java.lang.reflect.Proxy
import java.util.concurrent.CountDownLatch

/**
 * The device's own managers, but for what Robolectric does not have: sessions are as below API 29, and the kinds of profiles
 * and their badges are told.
 */
internal class PhoneCalls(
    private val context: Context,
    private val framework: PlatformCalls = FrameworkCalls(context),
    private val kinds: Map<User, ProfileKind> = emptyMap(),
) : PlatformCalls by framework {
    /** Profiles of which the system does not tell for now, as of a private space that is locked. */
    val hidden = HashSet<User>()

    override fun profiles(): List<User> = framework.profiles() - hidden

    override fun kind(user: User): ProfileKind = kinds[user] ?: framework.kind(user)

    override fun badgedLabel(label: CharSequence, user: User): CharSequence = kinds[user]?.let { "${it.name.lowercase()} $label" } ?: label

    /** An activity that is enabled can be started. */
    override fun resolve(component: ComponentName, user: User): LauncherActivityInfo? {
        if (!framework.isActivityEnabled(component, user)) return null
        val activity = ActivityInfo().apply {
            packageName = component.packageName
            name = component.className
            applicationInfo = framework.application(component.packageName, user)!!
            nonLocalizedLabel = component.packageName
        }
        return LauncherActivities.of(context, activity, user)
    }

    override fun sessions(): List<PackageInstaller.SessionInfo> = context.packageManager.packageInstaller.allSessions
}

/** The device's own managers, one of which fails in a way that a test asks for. */
internal class FakeCalls(private val calls: PlatformCalls) : PlatformCalls by calls {
    /** Whose calls throw. */
    var throwing: PlatformSource? = null

    /** Whose calls do not come back before [release]. */
    var hanging: PlatformSource? = null
    private val released = CountDownLatch(1)
    private val asked = HashMap<PlatformSource, Int>()

    /** How often a source was asked. */
    fun asked(source: PlatformSource): Int = synchronized(asked) { asked[source] ?: 0 }

    /** Lets every call that hangs come back. */
    fun release() = released.countDown()

    private inline fun <T> of(source: PlatformSource, call: () -> T): T {
        synchronized(asked) { asked[source] = (asked[source] ?: 0) + 1 }
        if (source == throwing) throw SecurityException("made to throw")
        if (source == hanging) released.await()
        return call()
    }

    override fun profiles() = of(PlatformSource.USERS) { calls.profiles() }

    override fun serial(user: User) = of(PlatformSource.USERS) { calls.serial(user) }

    override fun user(serial: Long) = of(PlatformSource.USERS) { calls.user(serial) }

    override fun activities(user: User) = of(PlatformSource.APPS) { calls.activities(user) }

    override fun application(packageName: String, user: User) = of(PlatformSource.APPS) { calls.application(packageName, user) }

    override fun isPackageEnabled(packageName: String, user: User) =
        of(PlatformSource.APPS) { calls.isPackageEnabled(packageName, user) }

    override fun applications() = of(PlatformSource.PACKAGES) { calls.applications() }

    override fun isSafeMode() = of(PlatformSource.PACKAGES) { calls.isSafeMode() }

    override fun mayAskForShortcuts() = of(PlatformSource.SHORTCUTS) { calls.mayAskForShortcuts() }

    override fun pinnedShortcuts(user: User) = of(PlatformSource.SHORTCUTS) { calls.pinnedShortcuts(user) }

    override fun sessions() = of(PlatformSource.SESSIONS) { calls.sessions() }

    override fun providers(user: User) = of(PlatformSource.WIDGETS) { calls.providers(user) }
}

/** [calls] with one of them made to throw. */
internal fun callThatThrows(calls: PlatformCalls, name: String): PlatformCalls {
    val type = PlatformCalls::class.java
    return Proxy.newProxyInstance(type.classLoader, arrayOf(type)) { _, method, arguments ->
        if (method.name == name) throw SecurityException("made to throw")
        try {
            method.invoke(calls, *arguments.orEmpty())
        } catch (thrown: InvocationTargetException) {
            throw thrown.targetException
        }
    } as PlatformCalls
}

/** The names of all calls. */
internal fun allCalls(): List<String> = PlatformCalls::class.java.declaredMethods.map { it.name }.distinct().sorted()
