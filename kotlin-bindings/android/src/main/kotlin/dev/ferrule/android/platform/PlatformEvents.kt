package dev.ferrule.android.platform

import android.content.BroadcastReceiver
import android.content.ComponentCallbacks
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import android.content.pm.LauncherApps
import android.content.pm.PackageInstaller
import android.content.pm.ShortcutInfo
import android.content.res.Configuration
import android.os.Build
import android.os.Handler
import android.os.PatternMatcher
import android.os.UserHandle
import dev.ferrule.android.os.Listening
import dev.ferrule.android.os.attempt

/** What happened to the platform. */
public enum class PlatformChangeKind {
    /** Packages were installed. */
    ADDED,

    /** Packages were removed. */
    REMOVED,

    /** Packages were updated, or a component of them switched. */
    CHANGED,

    /** Packages are there again: external storage was mounted. */
    AVAILABLE,

    /** Packages are not there for now. */
    UNAVAILABLE,

    /** Packages were suspended. */
    SUSPENDED,

    /** They no longer are. */
    UNSUSPENDED,

    /** Shortcuts of a package changed. */
    SHORTCUTS,

    /** More of an incremental install is there. */
    LOADING_PROGRESS,

    /** An install session began, ended, or shows something else. */
    SESSION,

    /** More of an install session is done. */
    SESSION_PROGRESS,

    /** A profile came, went, was paused, switched on or unlocked. */
    PROFILE,

    /** The system has booted. */
    BOOT_COMPLETED,

    /** Labels are in another language. */
    LOCALE,

    /** What pictures depend on may be another: density, night, the shape of icons. */
    CONFIGURATION,

    /** It is another day, here or because the clock was set. */
    DATE,
}

/** One change. */
public class PlatformChange internal constructor(
    /** What happened. */
    public val kind: PlatformChangeKind,
    /** Whom it happened to, null where that is not told or all are meant. */
    public val user: UserHandle?,
    /** To which packages; empty where it is not about packages. */
    public val packages: List<String>,
    /** With [PlatformChangeKind.AVAILABLE] and [PlatformChangeKind.UNAVAILABLE]: because of an update. */
    public val isReplacing: Boolean = false,
) {
    override fun toString(): String = "${kind.name.lowercase()} ${user ?: ""} ${packages.joinToString(",")}"
}

/** Told of changes, on the thread of the handler that the events were opened with. */
public fun interface PlatformChangeListener {
    /** [change] has happened. */
    public fun onPlatformChange(change: PlatformChange)
}

/**
 * Turns Android's callbacks and broadcasts into one stream of changes: what an icon cache drops, and why a model gathers a
 * new snapshot. What follows from each is [dev.ferrule.android.launcher.PlatformFollower]'s.
 *
 * It decides nothing and remembers nothing; events that the system sends twice come twice.
 */
public class PlatformEvents(
    private val context: Context,
    private val handler: Handler,
    private val listener: PlatformChangeListener,
) : AutoCloseable {
    private val apps: LauncherApps? = attempt { context.getSystemService(LauncherApps::class.java) }
    private val listening = Listening()

    private val packages = object : LauncherApps.Callback() {
        override fun onPackageRemoved(name: String, user: UserHandle) = tell(PlatformChangeKind.REMOVED, user, name)

        override fun onPackageAdded(name: String, user: UserHandle) = tell(PlatformChangeKind.ADDED, user, name)

        override fun onPackageChanged(name: String, user: UserHandle) = tell(PlatformChangeKind.CHANGED, user, name)

        override fun onPackagesAvailable(names: Array<String>, user: UserHandle, replacing: Boolean) =
            tell(PlatformChangeKind.AVAILABLE, user, *names, isReplacing = replacing)

        override fun onPackagesUnavailable(names: Array<String>, user: UserHandle, replacing: Boolean) =
            tell(PlatformChangeKind.UNAVAILABLE, user, *names, isReplacing = replacing)

        override fun onPackagesSuspended(names: Array<String>, user: UserHandle) =
            tell(PlatformChangeKind.SUSPENDED, user, *names)

        override fun onPackagesUnsuspended(names: Array<String>, user: UserHandle) =
            tell(PlatformChangeKind.UNSUSPENDED, user, *names)

        override fun onShortcutsChanged(name: String, shortcuts: List<ShortcutInfo>, user: UserHandle) =
            tell(PlatformChangeKind.SHORTCUTS, user, name)

        override fun onPackageLoadingProgressChanged(name: String, user: UserHandle, progress: Float) =
            tell(PlatformChangeKind.LOADING_PROGRESS, user, name)
    }

    private val sessions = object : PackageInstaller.SessionCallback() {
        override fun onCreated(sessionId: Int) = tell(PlatformChangeKind.SESSION, null)

        override fun onBadgingChanged(sessionId: Int) = tell(PlatformChangeKind.SESSION, null)

        override fun onActiveChanged(sessionId: Int, active: Boolean) = tell(PlatformChangeKind.SESSION, null)

        override fun onProgressChanged(sessionId: Int, progress: Float) = tell(PlatformChangeKind.SESSION_PROGRESS, null)

        override fun onFinished(sessionId: Int, success: Boolean) = tell(PlatformChangeKind.SESSION, null)
    }

    private val broadcasts = object : BroadcastReceiver() {
        override fun onReceive(context: Context, intent: Intent) {
            // The typed call is of API 33, and has no fallback.
            @Suppress("DEPRECATION")
            val user = attempt { intent.getParcelableExtra<UserHandle>(Intent.EXTRA_USER) }
            when (intent.action) {
                Intent.ACTION_BOOT_COMPLETED -> tell(PlatformChangeKind.BOOT_COMPLETED, user)
                Intent.ACTION_LOCALE_CHANGED -> tell(PlatformChangeKind.LOCALE, null)
                Intent.ACTION_DATE_CHANGED, Intent.ACTION_TIME_CHANGED, Intent.ACTION_TIMEZONE_CHANGED ->
                    tell(PlatformChangeKind.DATE, null)
                OVERLAY_CHANGED -> tell(PlatformChangeKind.CONFIGURATION, null)
                else -> tell(PlatformChangeKind.PROFILE, user)
            }
        }
    }

    private val configuration = object : ComponentCallbacks {
        override fun onConfigurationChanged(configuration: Configuration) {
            handler.post { tell(PlatformChangeKind.CONFIGURATION, null) }
        }

        @Deprecated("part of the interface")
        override fun onLowMemory() = Unit
    }

    /** Listens from now on; what the system refuses is said in logcat, and the rest is listened to. */
    public fun start() {
        check(!listening.isOn) { "the events are started" }
        listening.begin("packages", { apps?.unregisterCallback(packages) }) { apps?.registerCallback(packages, handler) }
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) {
            listening.begin("install sessions", { apps?.unregisterPackageInstallerSessionCallback(sessions) }) {
                apps?.registerPackageInstallerSessionCallback({ handler.post(it) }, sessions)
            }
        } else {
            val installer = attempt { context.packageManager.packageInstaller }
            listening.begin("install sessions", { installer?.unregisterSessionCallback(sessions) }) {
                installer?.registerSessionCallback(sessions, handler)
            }
        }
        // Each apart, so that one that is refused takes no other along.
        listening.receive("system", context, broadcasts, filter(SYSTEM), handler)
        listening.receive("profiles", context, broadcasts, filter(PROFILES), handler)
        // The shape of icons is the system package's.
        val overlays = filter(listOf(OVERLAY_CHANGED)).apply {
            addDataScheme("package")
            addDataSchemeSpecificPart("android", PatternMatcher.PATTERN_LITERAL)
        }
        listening.receive("overlays", context, broadcasts, overlays, handler)
        listening.begin("configuration", { context.unregisterComponentCallbacks(configuration) }) {
            context.registerComponentCallbacks(configuration)
        }
    }

    /** Ends listening; again is no error. */
    override fun close(): Unit = listening.close()

    private fun filter(actions: List<String>) = IntentFilter().apply { actions.forEach(::addAction) }

    private fun tell(kind: PlatformChangeKind, user: UserHandle?, vararg packages: String, isReplacing: Boolean = false) {
        if (listening.isOn) listener.onPlatformChange(PlatformChange(kind, user, packages.toList(), isReplacing))
    }

    private companion object {
        /** Hidden in `Intent`. */
        private const val OVERLAY_CHANGED = "android.intent.action.OVERLAY_CHANGED"

        private val SYSTEM = listOf(
            Intent.ACTION_BOOT_COMPLETED,
            Intent.ACTION_LOCALE_CHANGED,
            Intent.ACTION_DATE_CHANGED,
            Intent.ACTION_TIME_CHANGED,
            Intent.ACTION_TIMEZONE_CHANGED,
        )

        private val PROFILES = listOf(
            Intent.ACTION_USER_UNLOCKED,
            Intent.ACTION_MANAGED_PROFILE_ADDED,
            Intent.ACTION_MANAGED_PROFILE_REMOVED,
            Intent.ACTION_MANAGED_PROFILE_AVAILABLE,
            Intent.ACTION_MANAGED_PROFILE_UNAVAILABLE,
            Intent.ACTION_MANAGED_PROFILE_UNLOCKED,
            // Of API 31 and 35: clones and the private space.
            "android.intent.action.PROFILE_ADDED",
            "android.intent.action.PROFILE_REMOVED",
            "android.intent.action.PROFILE_ACCESSIBLE",
            "android.intent.action.PROFILE_INACCESSIBLE",
            "android.intent.action.PROFILE_AVAILABLE",
            "android.intent.action.PROFILE_UNAVAILABLE",
        )
    }
}
