package dev.ferrule.android.platform

import android.content.ComponentName
import android.content.Context
import android.content.pm.ApplicationInfo
import android.content.pm.LauncherActivityInfo
import android.content.pm.PackageInstaller
import android.content.pm.PackageManager
import android.content.pm.ShortcutInfo
import android.os.Build
import android.os.Process
import android.os.SystemProperties
import android.os.UserHandle
import dev.ferrule.android.os.attempt
import dev.ferrule.launcher.ComponentKey
import dev.ferrule.launcher.PinnedQuery
import dev.ferrule.launcher.PlatformAnswer
import dev.ferrule.launcher.PlatformSnapshot
import dev.ferrule.launcher.ProfileKind

/** What the platform said at one moment, and who did not answer. */
public class GatheredPlatform internal constructor(
    /** For a load. */
    public val snapshot: PlatformSnapshot,
    /** Whose answers are missing. */
    public val failures: List<PlatformFailure>,
    /** The targets that were asked for by name, or that a list answered. */
    internal val answered: Set<PlatformTarget>,
)

/**
 * Gathers a [PlatformSnapshot] in bulk: a call a list and profile, and one for each thing that the home screen refers to and
 * no list mentions.
 *
 * Everything that is not answered, because a call threw, answered nothing or took too long, is unknown in the snapshot, and
 * so is what no list mentions and nobody asked for: an item of it is held and keeps its place. Call it off the main
 * thread; calls of one gatherer run one after the other. There is no thread before the first call.
 *
 * ```kotlin
 * val gatherer = PlatformGatherer(context, LauncherState().apply { widgetHost = host })
 * model.load(gatherer.gather(HomeTargets.of(model)).snapshot, now)
 * ```
 */
public class PlatformGatherer internal constructor(
    private val calls: PlatformCalls,
    private val ownPackage: String,
    private val state: LauncherState,
    patience: Patience,
) {
    /** Asks the managers of [context]. */
    @JvmOverloads
    public constructor(context: Context, state: LauncherState = LauncherState()) :
        this(FrameworkCalls(context), context.packageName, state, Patience { PATIENCE_MILLIS })

    private val worker = Worker(patience)

    /** The profiles that were told last: without the user manager the home screen is still that of these. */
    private var lastProfiles: List<Profile> = emptyList()

    /** Asks everything. [targets] are looked up by name where no list mentions them. */
    @Synchronized
    @JvmOverloads
    public fun gather(targets: Collection<PlatformTarget> = emptyList()): GatheredPlatform {
        val failures = ArrayList<PlatformFailure>()
        val profiles = profiles(failures)
        val wanted = targets.filter { target -> profiles.any { it.serial == target.user } }
        // All on their way before any is waited for.
        val sessions = worker.ask(PlatformSource.SESSIONS) { calls.sessions() }
        val shortcuts = worker.ask(PlatformSource.SHORTCUTS) { profiles.map { pins(it) } }
        val widgets = worker.ask(PlatformSource.WIDGETS) { Widgets.of(calls, profiles, state) }
        val packages = worker.ask(PlatformSource.PACKAGES) {
            Packages(calls.applications(), attempt { calls.isSafeMode() } ?: false)
        }
        val apps = worker.ask(PlatformSource.APPS) { Apps.of(calls, profiles) }

        val builder = PlatformSnapshot.Builder()
            .ownPackage(ownPackage)
            .isSelection(true)
            .bootCompleted(bootCompleted())
        val pins = answer(shortcuts, failures)
        for ((index, profile) in profiles.withIndex()) profile.addTo(builder, pins?.get(index)?.query ?: PinnedQuery.FAILED)
        pins?.forEach { it.addTo(builder) }
        val found = answer(sessions, failures).orEmpty()
        found.forEach { addSession(builder, it, profiles) }
        val said = Said(builder)
        answer(packages, failures)?.addTo(builder, said, profiles)
        val launchable = answer(apps, failures)
        launchable?.addTo(builder, said)
        launchable?.failures?.let(failures::addAll)
        // A session counts only if its installer is known.
        val installers = found.mapNotNull { session ->
            session.installerPackageName?.let { PlatformTarget(serialOf(session, profiles), it) }
        }
        if (launchable != null) askByName(wanted + installers, profiles, said, failures)
        answer(widgets, failures)?.let {
            it.addTo(builder)
            failures += it.failures
        }
        state.queuedShortcuts.forEach { builder.queuedPin(it.packageName, it.id, it.user) }
        state.customWidgets.forEach(builder::customWidget)
        builder.searchComponent(state.searchComponent).nextWidgetId(state.nextWidgetId)
        return GatheredPlatform(builder.build(), failures, said.targets)
    }

    private fun <T : Any> answer(pending: Worker.Pending<T>, failures: MutableList<PlatformFailure>): T? =
        pending.get().let { asked ->
            asked.failure?.let(failures::add)
            asked.answer
        }

    private fun profiles(failures: MutableList<PlatformFailure>): List<Profile> {
        val fresh = answer(worker.ask(PlatformSource.USERS) { calls.profiles().map { Profile.of(calls, it) } }, failures)
        // No system is without its own user.
        if (fresh.isNullOrEmpty()) return lastProfiles.map { it.unsure() }
        lastProfiles = fresh
        return fresh
    }

    /** What no list mentions is asked for one by one, as Launcher3 asks for everything. */
    private fun askByName(
        targets: Collection<PlatformTarget>,
        profiles: List<Profile>,
        said: Said,
        failures: MutableList<PlatformFailure>,
    ) {
        val open = targets.toSet().filterNot { it in said.targets }
        if (open.isEmpty()) return
        val asked = worker.ask(PlatformSource.APPS) {
            open.mapNotNull { target -> profiles.find { it.serial == target.user }?.let { target to Named.of(calls, target, it) } }
        }
        answer(asked, failures)?.forEach { (target, named) -> named.addTo(said, target) }
    }

    private fun addSession(builder: PlatformSnapshot.Builder, session: PackageInstaller.SessionInfo, profiles: List<Profile>) {
        val name = session.appPackageName ?: return
        builder.installSession(name, serialOf(session, profiles), session.progress, session.installerPackageName)
    }

    /** The property is absent before, and where it cannot be read. */
    private fun bootCompleted(): PlatformAnswer =
        if (attempt { SystemProperties.get("sys.boot_completed") } == "1") PlatformAnswer.YES else PlatformAnswer.UNKNOWN

    private fun serialOf(session: PackageInstaller.SessionInfo, profiles: List<Profile>): Long =
        (profiles.find { it.handle == session.owner() } ?: profiles.find { it.kind == ProfileKind.MAIN })?.serial ?: 0

    private fun pins(profile: Profile): Pins = try {
        if (!calls.mayAskForShortcuts()) {
            Pins(profile, PinnedQuery.NOT_PERMITTED, emptyList())
        } else {
            val shortcuts = calls.pinnedShortcuts(profile.handle)
            Pins(profile, if (shortcuts == null) PinnedQuery.NULL else PinnedQuery.ANSWERED, shortcuts.orEmpty())
        }
    } catch (_: SecurityException) {
        Pins(profile, PinnedQuery.NOT_PERMITTED, emptyList())
    } catch (_: IllegalStateException) {
        Pins(profile, PinnedQuery.FAILED, emptyList())
    }

    /** The shortcuts of a profile. */
    private class Pins(private val profile: Profile, val query: PinnedQuery, private val shortcuts: List<ShortcutInfo>) {
        fun addTo(builder: PlatformSnapshot.Builder) {
            for (pin in shortcuts) {
                builder.pinnedShortcut(
                    pin.`package`, pin.id, profile.serial, pin.activity?.key(), pin.shortLabel?.toString(), pin.isEnabled,
                    disabledReason(pin), pin.isDeclaredInManifest, pin.isDynamic,
                )
            }
        }

        private fun disabledReason(pin: ShortcutInfo): Int = attempt { pin.disabledReason } ?: 0
    }

    /** Packages of the launcher's own user. */
    private class Packages(private val applications: List<ApplicationInfo>, private val isSafeMode: Boolean) {
        fun addTo(builder: PlatformSnapshot.Builder, said: Said, profiles: List<Profile>) {
            builder.safeMode(isSafeMode)
            val own = profiles.find { it.handle == Process.myUserHandle() } ?: return
            for (info in applications) said.application(info, own.serial)
        }
    }

    internal companion object {
        /** More than any of these calls takes on a phone that is well; less than what a user takes for broken. */
        const val PATIENCE_MILLIS: Long = 3_000
    }
}

/** What can be launched, a profile after the other. */
private class Apps(
    private val activities: List<Pair<Profile, List<LauncherActivityInfo>>>,
    val failures: List<PlatformFailure>,
) {
    fun addTo(builder: PlatformSnapshot.Builder, said: Said) {
        for ((profile, list) in activities) {
            for (activity in list) {
                val key = activity.componentName.key()
                attempt { activity.applicationInfo }?.let { said.application(it, profile.serial) }
                said.targets += PlatformTarget(profile.serial, key.packageName, key.className)
                // The list has what is enabled and can be started, and nothing else.
                builder.activity(
                    key, profile.serial, activity.label?.toString().orEmpty(), PlatformAnswer.YES, PlatformAnswer.YES,
                    isListed = true, loadingProgress = attempt { loadingProgress(activity) } ?: 1f,
                )
            }
        }
    }

    private fun loadingProgress(activity: LauncherActivityInfo): Float =
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) activity.loadingProgress else 1f

    companion object {
        fun of(calls: PlatformCalls, profiles: List<Profile>): Apps {
            val failures = ArrayList<PlatformFailure>()
            val lists = profiles.map { profile ->
                profile to try {
                    calls.activities(profile.handle)
                } catch (thrown: RuntimeException) {
                    failures += PlatformFailure(PlatformSource.APPS, profile.serial, thrown)
                    emptyList()
                }
            }
            return Apps(lists, failures)
        }
    }
}

/** What is known of one target that was asked for by name. */
private class Named(
    private val enabled: PlatformAnswer,
    private val info: ApplicationInfo?,
    private val isMissing: Boolean,
    private val activity: PlatformAnswer,
    private val resolved: LauncherActivityInfo?,
    private val resolves: PlatformAnswer,
) {
    fun addTo(said: Said, target: PlatformTarget) {
        said.named(target, enabled, info, isMissing)
        val name = target.className ?: return
        // An activity of a package that is not there is not there.
        if (activity == PlatformAnswer.UNKNOWN && !isMissing) return
        said.activity(
            target, ComponentKey(target.packageName, name), resolved?.label?.toString().orEmpty(),
            if (isMissing) PlatformAnswer.NO else activity, if (isMissing) PlatformAnswer.NO else resolves,
        )
    }

    companion object {
        fun of(calls: PlatformCalls, target: PlatformTarget, profile: Profile): Named {
            var isMissing = false
            val info = attempt {
                try {
                    calls.application(target.packageName, profile.handle)
                } catch (_: PackageManager.NameNotFoundException) {
                    isMissing = true
                    null
                }
            }
            val enabled = answer { calls.isPackageEnabled(target.packageName, profile.handle) }
            val component = target.className?.let { ComponentName(target.packageName, it) }
            if (component == null || isMissing) {
                return Named(enabled, info, isMissing, PlatformAnswer.UNKNOWN, null, PlatformAnswer.UNKNOWN)
            }
            val activity = answer { calls.isActivityEnabled(component, profile.handle) }
            var resolved: LauncherActivityInfo? = null
            val resolves = answer { calls.resolve(component, profile.handle).also { resolved = it } != null }
            return Named(enabled, info, false, activity, resolved, resolves)
        }

        private inline fun answer(call: () -> Boolean): PlatformAnswer =
            attempt(call)?.let(PlatformAnswer::of) ?: PlatformAnswer.UNKNOWN
    }
}

/** Whose session it is; below API 29 only those of the launcher's own user are told. */
internal fun PackageInstaller.SessionInfo.owner(): User =
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) user else Process.myUserHandle()

internal fun ComponentName.key() = ComponentKey(packageName, className)

internal typealias User = UserHandle
