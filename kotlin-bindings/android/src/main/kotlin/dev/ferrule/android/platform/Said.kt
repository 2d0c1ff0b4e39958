package dev.ferrule.android.platform

import android.content.pm.ApplicationInfo
import android.os.Build
import dev.ferrule.android.os.attempt
import dev.ferrule.launcher.AppInfoAnswer
import dev.ferrule.launcher.ComponentKey
import dev.ferrule.launcher.PinnedQuery
import dev.ferrule.launcher.PlatformAnswer
import dev.ferrule.launcher.PlatformSnapshot
import dev.ferrule.launcher.ProfileKind

/** What was said of packages and activities so far; the first answer stands. */
internal class Said(private val builder: PlatformSnapshot.Builder) {
    /** What needs no question of its own any more. */
    val targets = HashSet<PlatformTarget>()

    /** A package that a list has. */
    fun application(info: ApplicationInfo, user: Long) {
        val name = info.packageName ?: return
        if (!targets.add(PlatformTarget(user, name))) return
        val answer = info.answer()
        val isThere = info.flags and ApplicationInfo.FLAG_INSTALLED != 0
        builder.packageInfo(name, user, PlatformAnswer.of(isThere && info.enabled), answer)
    }

    /** A package that was asked for by its name. */
    fun named(target: PlatformTarget, enabled: PlatformAnswer, info: ApplicationInfo?, isMissing: Boolean) {
        if (!targets.add(PlatformTarget(target.user, target.packageName))) return
        val answer = if (isMissing) AppInfoAnswer.NOT_FOUND else info?.answer() ?: AppInfoAnswer.UNKNOWN
        builder.packageInfo(target.packageName, target.user, enabled, answer)
    }

    /** An activity that no list has. */
    fun activity(target: PlatformTarget, key: ComponentKey, label: String, enabled: PlatformAnswer, resolves: PlatformAnswer) {
        if (targets.add(target)) builder.activity(key, target.user, label, enabled, resolves, isListed = false)
    }

    private fun ApplicationInfo.answer(): AppInfoAnswer = AppInfoAnswer.found(
        isInstalled = flags and ApplicationInfo.FLAG_INSTALLED != 0,
        isEnabled = enabled,
        isSystem = flags and ApplicationInfo.FLAG_SYSTEM != 0,
        isSuspended = flags and ApplicationInfo.FLAG_SUSPENDED != 0,
        isExternal = flags and ApplicationInfo.FLAG_EXTERNAL_STORAGE != 0,
        isArchived = Build.VERSION.SDK_INT >= Build.VERSION_CODES.VANILLA_ICE_CREAM && isArchived,
    )
}

/** A profile as the user manager describes it. */
internal class Profile(
    val handle: User,
    val serial: Long,
    val kind: ProfileKind,
    private val quiet: PlatformAnswer,
    private val unlocked: PlatformAnswer,
) {
    fun addTo(builder: PlatformSnapshot.Builder, pinned: PinnedQuery) {
        // A handle's hash is its user id; the call for it is hidden.
        builder.profile(serial, handle.hashCode(), kind, quiet, unlocked, pinned)
    }

    /** The same, with its state no longer known. */
    fun unsure() = Profile(handle, serial, kind, PlatformAnswer.UNKNOWN, PlatformAnswer.UNKNOWN)

    companion object {
        /** @throws RuntimeException if even its number is not to be had */
        fun of(calls: PlatformCalls, handle: User): Profile {
            fun answer(call: () -> Boolean) = attempt(call)?.let(PlatformAnswer::of) ?: PlatformAnswer.UNKNOWN
            return Profile(
                handle,
                calls.serial(handle),
                attempt { calls.kind(handle) } ?: ProfileKind.OTHER,
                answer { calls.isQuiet(handle) },
                answer { calls.isUnlocked(handle) },
            )
        }
    }
}
