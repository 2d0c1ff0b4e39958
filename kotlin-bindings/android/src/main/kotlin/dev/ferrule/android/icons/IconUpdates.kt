package dev.ferrule.android.icons

import android.content.Context
import android.content.pm.ApplicationInfo
import android.graphics.drawable.BitmapDrawable
import dev.ferrule.android.os.attempt
import dev.ferrule.android.platform.FrameworkCalls
import dev.ferrule.android.platform.PlatformCalls
import dev.ferrule.android.platform.PlatformChange
import dev.ferrule.android.platform.PlatformChangeKind
import dev.ferrule.android.platform.User
import dev.ferrule.android.platform.owner
import dev.ferrule.icons.IconCache
import dev.ferrule.icons.IconControl
import dev.ferrule.icons.IconKey
import dev.ferrule.icons.IconNoticeListener
import dev.ferrule.icons.IconPixels
import dev.ferrule.icons.IconSession
import dev.ferrule.icons.InstalledIcon
import dev.ferrule.launcher.PackageUser
import dev.ferrule.launcher.ProfileKind

/**
 * An update that is under way; of the thread of its [IconUpdates]. One that is closed before its end, or overtaken by a newer
 * one, deletes nothing, and what it has drawn stays.
 */
public class IconUpdate internal constructor(private val session: IconSession) : AutoCloseable {
    private var isOpen = true

    /** What came to be away since the update began to list. */
    internal fun spare(away: PackageUser) {
        if (isOpen) session.spare(away.packageName, away.user)
    }

    /** Looks after one icon, or ends the update; false when it has ended. [notices] is told whose icons are new. */
    public fun step(notices: IconNoticeListener): Boolean {
        if (session.step(notices)) return true
        session.finish()
        return false
    }

    override fun close() {
        isOpen = false
        session.close()
    }
}

/**
 * Tells an icon cache what has happened to the platform, and looks after what it has stored.
 *
 * Nothing is dropped for a call that failed: a profile that is not told, or whose list does not come, keeps its icons, and so
 * does a package that is installed and lists nothing. It goes through the control plane, so every call may throw a
 * `FerruleException`. Not thread-safe: its calls belong to one thread that is neither the main one nor the model's, as
 * [update] draws.
 */
public class IconUpdates internal constructor(
    private val control: IconControl,
    private val sizePx: Int,
    private val calls: PlatformCalls,
    private val tokens: IconTokenSource,
    private val live: LiveIcons,
    private val theme: () -> String,
) {
    /**
     * For [cache], with what [context] can tell; [live] as the cache's provider has it.
     *
     * @param theme what else all pictures depend on: an icon pack and its version, whether icons are themed
     */
    @JvmOverloads
    public constructor(context: Context, cache: IconCache, live: LiveIcons = LiveIcons(), theme: () -> String = { "" }) :
        this(cache.control, cache.sizePx, FrameworkCalls(context), IconTokenSource(context, live), live, theme)

    /** Of a profile of which only the number is known now, there is no handle. */
    private class Known(val handle: User?, val kind: ProfileKind)

    /** By serial, as they were last told. */
    private var profiles: Map<Long, Known> = emptyMap()
    private val unavailable = HashSet<PackageUser>()
    private var installing: Set<PackageUser> = emptySet()
    private var latest: IconUpdate? = null
    private var days: Map<String, Int?> = daysNow()

    /** Tells the cache of [change]; whether [update] is due because of it. */
    public fun apply(change: PlatformChange): Boolean {
        when (change.kind) {
            PlatformChangeKind.ADDED, PlatformChangeKind.CHANGED, PlatformChangeKind.AVAILABLE -> return !each(change) {
                unavailable -= it
                control.packageChanged(it.packageName, it.user)
            }
            PlatformChangeKind.REMOVED -> return !each(change) {
                unavailable -= it
                control.packageRemoved(it.packageName, it.user)
            }
            PlatformChangeKind.UNAVAILABLE -> each(change) {
                unavailable += it
                latest?.spare(it)
            }
            PlatformChangeKind.SESSION -> showInstalls()
            PlatformChangeKind.DATE -> turnCalendars()
            PlatformChangeKind.PROFILE, PlatformChangeKind.BOOT_COMPLETED, PlatformChangeKind.LOCALE, PlatformChangeKind.CONFIGURATION -> return true
            // Icons are as they were.
            PlatformChangeKind.SUSPENDED, PlatformChangeKind.UNSUSPENDED, PlatformChangeKind.SHORTCUTS,
            PlatformChangeKind.LOADING_PROGRESS, PlatformChangeKind.SESSION_PROGRESS,
            -> Unit
        }
        return false
    }

    /** [begin]s and does all that there is to do; [notices] is told on this thread. */
    public fun update(notices: IconNoticeListener): Unit = begin().use { while (it.step(notices)) Unit }

    /**
     * Begins to hold what is stored against what is installed now: step by step what is stale is drawn, and at the end what is
     * gone is deleted. Changes may be [applied][apply] between the steps. An older update does nothing any more.
     */
    public fun begin(): IconUpdate {
        readProfiles()
        control.setSystem(tokens.languages(), "${tokens.look()} ${tokens.mask()} ${theme()}")
        if (profiles.isNotEmpty()) control.setProfiles(profiles.mapValues { it.value.kind })
        val session = control.beginSession()
        val update = IconUpdate(session)
        try {
            for ((serial, profile) in profiles) list(session, serial, profile)
            (unavailable + installing).forEach(update::spare)
        } catch (thrown: Throwable) {
            update.close()
            throw thrown
        }
        latest = update
        return update
    }

    /**
     * Those that the user manager tells, and those that it hides for now: one that is locked away is not gone. Of profiles that
     * were hidden before this process began, the cache's own icons tell.
     */
    private fun readProfiles() {
        val told = attempt {
            calls.profiles().associate { calls.serial(it) to known(it) }
        }
        // No system is without its own user: nobody answered.
        if (told.isNullOrEmpty()) return
        profiles = told + (profiles.keys + control.knownProfiles() - told.keys).mapNotNull(::hidden)
    }

    private fun known(user: User) = Known(user, attempt { calls.kind(user) } ?: ProfileKind.OTHER)

    /** Null if the profile is gone; where that cannot be asked it is not. */
    private fun hidden(serial: Long): Pair<Long, Known>? = try {
        calls.user(serial)?.let { serial to known(it) }
    } catch (_: Exception) {
        serial to (profiles[serial] ?: Known(null, ProfileKind.OTHER))
    }

    /** A profile that is locked or paused lists nothing of what it has, so that nothing can be missing from it. */
    private fun list(session: IconSession, serial: Long, profile: Known) {
        val user = profile.handle ?: return
        val isOpen = attempt { calls.isUnlocked(user) && !calls.isQuiet(user) } ?: false
        val activities = if (isOpen) attempt { calls.activities(user) }.orEmpty() else emptyList()
        if (activities.isEmpty()) return
        val listed = HashSet<String>()
        session.pass(
            activities.map { activity ->
                val name = activity.componentName
                listed += name.packageName
                val app = attempt { activity.applicationInfo }?.let(tokens::of)
                InstalledIcon(IconKey(name.packageName, name.className, serial), tokens.of(activity), app)
            },
        )
        spareUnlisted(session, serial, profile, listed)
    }

    /** Disabled, archived or on a card that is not in: known of the launcher's own user only. */
    private fun spareUnlisted(session: IconSession, serial: Long, profile: Known, listed: Set<String>) {
        if (profile.kind != ProfileKind.MAIN) return
        attempt { calls.applications() }.orEmpty().forEach { info ->
            if (info.packageName !in listed) session.spare(info.packageName, serial)
        }
    }

    /** Whether the profile of [change] is known; else only a session can tell what it means. */
    private inline fun each(change: PlatformChange, block: (PackageUser) -> Unit): Boolean {
        val serial = change.user?.let { attempt { calls.serial(it) } }?.takeIf { it >= 0 } ?: return false
        for (name in change.packages) block(PackageUser(name, serial))
        return true
    }

    /** What installers say of packages that are on their way. */
    private fun showInstalls() {
        val sessions = attempt { calls.sessions() } ?: return
        val now = HashSet<PackageUser>()
        for (session in sessions) {
            val name = session.appPackageName ?: continue
            val user = session.owner()
            val serial = attempt { calls.serial(user) }?.takeIf { it >= 0 } ?: continue
            // The icon of what is being updated is known better than an installer knows it.
            if (isInstalled(name, user)) continue
            val label = session.appLabel?.toString().orEmpty()
            val bitmap = attempt { session.appIcon } ?: continue
            val pixels = IconBitmaps.bytesOf(IconBitmaps.rasterise(BitmapDrawable(null, bitmap), sizePx))
            control.installBegan(name, serial, label, 0, IconPixels.picture(sizePx, sizePx, pixels))
            now += PackageUser(name, serial)
        }
        (installing - now).forEach { control.installEnded(it.packageName, it.user) }
        installing = now
        now.forEach { latest?.spare(it) }
    }

    private fun isInstalled(packageName: String, user: User): Boolean {
        val info = attempt { calls.application(packageName, user) } ?: return false
        return info.flags and ApplicationInfo.FLAG_INSTALLED != 0
    }

    /** A clock that is set within the same day turns no leaf. */
    private fun turnCalendars() {
        val now = daysNow()
        val turned = now.keys.filter { now[it] != days[it] }
        days = now
        for (name in turned) profiles.keys.forEach { control.packageChanged(name, it) }
    }

    private fun daysNow(): Map<String, Int?> = live.calendars.associateWith(live::dayOf)
}
