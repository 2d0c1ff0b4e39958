package dev.ferrule.icons

import dev.ferrule.bindings.ControlPlane
import dev.ferrule.bindings.FerruleException
import dev.ferrule.bindings.NativeHandle
import dev.ferrule.launcher.ProfileKind
import dev.ferrule.uniffi.IconCallbackFailure
import dev.ferrule.uniffi.IconItem
import dev.ferrule.uniffi.IconName
import dev.ferrule.uniffi.IconProfile
import dev.ferrule.uniffi.IconProfileKind
import dev.ferrule.uniffi.IconTokenPair
import dev.ferrule.uniffi.IconTrim
import dev.ferrule.uniffi.LegacyIconJudge
import java.io.File
import dev.ferrule.uniffi.IconCache as GeneratedCache
import dev.ferrule.uniffi.IconHealth as GeneratedHealth
import dev.ferrule.uniffi.IconSession as GeneratedSession
import dev.ferrule.uniffi.LegacyIcon as GeneratedRow

/** How much memory the system wants back (`ComponentCallbacks2.onTrimMemory`). */
public enum class IconTrimLevel {
    /** Memory is low while the launcher is shown: half of the budget stays. */
    LOW,

    /** The launcher is hidden: pinned pictures stay. */
    HIDDEN,

    /** Memory is critical: titles and colours stay. */
    CRITICAL,
}

/** How a cache is doing. Counts are since it was opened; no name of a package is in it, so that it may be sent to somebody. */
public class IconHealth internal constructor(from: GeneratedHealth) {
    /** Whether icons are kept in a file that takes writes. */
    public val isGood: Boolean = from.condition == dev.ferrule.uniffi.IconStoreCondition.GOOD

    /** The code of the store's last failure, null if there was none. */
    public val lastError: String? = from.lastError

    /** Counters and figures by name, in the order of the report. */
    public val figures: Map<String, Long> = from.figures.associate { it.name to it.value.toLong() }

    /** The report as one JSON object on one line. */
    public val json: String = from.json

    /** The report as lines of `name value`. */
    public val text: String = from.text

    /** A figure that is always there, for example `hits_memory`; 0 for a name that is none. */
    public fun figure(name: String): Long = figures[name] ?: 0

    override fun toString(): String = text
}

/** An installed item that a session lists: an activity, a shortcut, a widget. */
public class InstalledIcon @JvmOverloads constructor(
    /** Whose icon. */
    public val key: IconKey,
    /** What label and pixels must have been made from; null: the platform does not say, and what is stored stays. */
    public val tokens: IconTokens?,
    /** The same for the package's own entry, where the platform gave the application. */
    public val appTokens: IconTokens? = null,
    /** Where two items share a component, the lower rank decides: 0 activities, 1 shortcuts, 2 widgets. */
    public val rank: Int = 0,
)

/** Packages of a profile whose icons are new; what is shown of them is to be looked up again. */
public class IconNotice internal constructor(
    /** The profile's serial number. */
    public val profile: Long,
    /** The packages, sorted. */
    public val packages: List<String>,
) {
    override fun toString(): String = "$packages of profile $profile"
}

/** Told by [IconSession] whose icons are new. */
public fun interface IconNoticeListener {
    /** Called on the thread of the step, once a pass and profile, when the last of its stale icons is drawn. */
    public fun onNews(notice: IconNotice)
}

/** A row of a legacy cache, whose validity is to be recomputed from what is installed now. */
public class LegacyIconRow internal constructor(row: GeneratedRow) {
    /** Whose icon. */
    public val key: IconKey = key(row.name)

    /** What it was valid for, of caches since 2024; null of older ones. */
    public val freshness: String? = row.freshness

    /** The package's version code, of older caches. */
    public val version: Long? = row.version

    /** When the package was updated in epoch milliseconds, of older caches. */
    public val updatedMillis: Long? = row.updatedMillis

    /** Language tags and SDK, of older caches. */
    public val systemState: String? = row.systemState
}

/** Says whether legacy's rows still hold. */
public fun interface LegacyJudge {
    /** The tokens of [row] from now on, null if it does not hold any more. One that it throws at does not hold. */
    @Throws(Exception::class)
    public fun judge(row: LegacyIconRow): IconTokens?
}

/** What became of legacy's rows. */
public class IconImport internal constructor(from: dev.ferrule.uniffi.IconImport) {
    /** Rows read. */
    public val rows: Long = from.rows.toLong()

    /** Rows taken. */
    public val imported: Long = from.imported.toLong()

    /** Rows of keys of which something was known already. */
    public val kept: Long = from.kept.toLong()

    /** Of the rows taken, those with a monochrome form. */
    public val themed: Long = from.themed.toLong()

    /** Rows not taken, by stable code. */
    public val skipped: Map<String, Long> = from.skipped.associate { it.name to it.value.toLong() }

    override fun toString(): String = "$imported of $rows rows, $kept known already, skipped $skipped"
}

/**
 * What is asked of an [IconCache] rarely: update sessions, events of the platform, trims, health, imports. It goes through
 * the generated bindings: call it off the main thread and off the start-up path. Thread-safe.
 *
 * Every call throws a [FerruleException] where JNA cannot be used (`FFI_JNA_UNAVAILABLE`) or the cache is closed
 * (`FFI_HANDLE_STALE`). What cannot be written is no failure: it is drawn again, and counted in [health].
 */
public class IconControl internal constructor(private val owner: IconCache, private val handle: NativeHandle) {
    /** A package was added or updated: everything known of it is stale, drawn again, and shown until then. */
    public fun packageChanged(packageName: String, profile: Long): Unit = call { it.packageChanged(packageName, profile) }

    /** A package was removed: nothing of it is left, and nothing that is being drawn of it comes back. */
    public fun packageRemoved(packageName: String, profile: Long): Unit = call { it.packageRemoved(packageName, profile) }

    /**
     * An installer says what a package will look like, until it is added or removed; kept in memory only. Whether it is
     * shown: it needs a title and a picture that can be seen.
     */
    public fun installBegan(packageName: String, profile: Long, label: String, colour: Int, pixels: IconPixels): Boolean = call {
        it.installBegan(packageName, profile, label, colour.toUInt(), pixels.generated(bytesPerPixel = 4))
    }

    /** An installer's session is over. */
    public fun installEnded(packageName: String, profile: Long): Unit = call { it.installEnded(packageName, profile) }

    /**
     * Serial numbers of the profiles of which anything is known, stored or in memory: also of those that the platform does not
     * tell of now, as a private space that is locked.
     */
    public fun knownProfiles(): Set<Long> = call { it.knownProfiles().toSet() }

    /** The profiles that there are, by serial number: rows of others go, and the flags of users follow. */
    public fun setProfiles(profiles: Map<Long, ProfileKind>): Unit = call { cache ->
        cache.setProfiles(profiles.map { (serial, kind) -> IconProfile(serial, kind.generated()) })
    }

    /**
     * What labels (languages) and pixels (mask, theme, icon pack) depend on, as texts that are compared. Equal: nothing at
     * all. Different: stale, and shown until there are new ones; a new language touches no pixel.
     */
    public fun setSystem(labels: String, pixels: String): Unit = call { it.setSystem(labels, pixels) }

    /** Icons have another size now: everything goes, and what is under way is kept nowhere. */
    public fun resize(sizePx: Int): Unit = call { it.resize(sizePx) }

    /** Gives memory back, and looks whether the store takes writes again. */
    public fun trim(level: IconTrimLevel): Unit = call { cache ->
        cache.trim(
            when (level) {
                IconTrimLevel.LOW -> IconTrim.LOW
                IconTrimLevel.HIDDEN -> IconTrim.HIDDEN
                IconTrimLevel.CRITICAL -> IconTrim.CRITICAL
            },
        )
    }

    /** Writes what waits to be written. */
    public fun flush(): Unit = call { it.flush() }

    /** Counters and figures. */
    public fun health(): IconHealth = call { IconHealth(it.health()) }

    /** Begins an update session; an older one does nothing any more. Close it. */
    public fun beginSession(): IconSession = call { IconSession(it.beginSession()) }

    /**
     * Takes over the rows of a legacy cache's file that **nobody has open**: it is copied to a private folder in [scratch],
     * which is removed again, and never changed. Rows are taken as [judge] says.
     *
     * @throws FerruleException `IC_IMPORT_…` if the file cannot be read; nothing was taken then
     */
    public fun importFile(file: File, scratch: File, judge: LegacyJudge): IconImport = call { cache ->
        val adapter = object : LegacyIconJudge {
            override fun judge(row: GeneratedRow): IconTokenPair? = try {
                judge.judge(LegacyIconRow(row))?.generated()
            } catch (thrown: Throwable) {
                throw IconCallbackFailure.Failed(thrown.javaClass.name)
            }
        }
        IconImport(cache.importFile(file.path, scratch.path, adapter))
    }

    /** The generated object lives for one call only, so that closing the cache is what closes its file. */
    private inline fun <T> call(block: (GeneratedCache) -> T): T = ControlPlane.call {
        val answer = GeneratedCache.ofHandle(handle.require()).use(block)
        // Until here: a cache that is collected frees its handle.
        owner.keepAlive()
        answer
    }
}

/**
 * An update session: what is stored against what is installed. Pass after pass in any order, then [step] until nothing is
 * left, then [finish]. Closed without that, or overtaken by a newer one, it deletes nothing.
 *
 * ```kotlin
 * cache.control.beginSession().use { session ->
 *     session.pass(activities)
 *     session.run { notice -> reload(notice.packages) }
 *     session.finish()
 * }
 * ```
 */
public class IconSession internal constructor(private val generated: GeneratedSession) : AutoCloseable {
    /** Leaves a package's rows alone: it is being installed, or cannot be seen now (a removed card, a locked profile). */
    public fun spare(packageName: String, profile: Long): Unit = ControlPlane.call { generated.spare(packageName, profile) }

    /** The tokens of a package's own entry, for packages of which no pass lists anything. */
    public fun app(packageName: String, profile: Long, tokens: IconTokens): Unit =
        ControlPlane.call { generated.app(packageName, profile, tokens.generated()) }

    /** Says that a profile is listed whole though no item of it may come: its rows may be deleted. */
    public fun listed(profile: Long): Unit = ControlPlane.call { generated.listed(profile) }

    /** Takes what a part of the platform lists. */
    public fun pass(items: List<InstalledIcon>): Unit = ControlPlane.call {
        generated.pass(items.map { IconItem(name(it.key), it.tokens?.generated(), it.appTokens?.generated(), it.rank.toUByte()) })
    }

    /** How many icons wait. */
    public val waiting: Int get() = ControlPlane.call { generated.waiting().toInt() }

    /** Looks after one icon on this thread; false when nothing was left. [notices] is told what is new, on this thread. */
    public fun step(notices: IconNoticeListener): Boolean {
        val step = ControlPlane.call { generated.step() }
        step.notice?.let { notices.onNews(IconNotice(it.profile, it.packages)) }
        return !step.isIdle
    }

    /** Looks after all that waits; requests that are urgent come between steps, on their own threads. */
    public fun run(notices: IconNoticeListener) {
        while (step(notices)) Unit
    }

    /** Ends the session: deletes what it meant, and answers the keys. A second call does nothing. */
    public fun finish(): List<IconKey> = ControlPlane.call { generated.finish().keys.map(::key) }

    override fun close() {
        generated.close()
    }
}

private fun key(name: IconName) = IconKey(name.`package`, name.className, name.profile)

private fun name(key: IconKey) = IconName(key.packageName, key.className, key.profile)

private fun IconTokens.generated() = IconTokenPair(label, pixels)

private fun ProfileKind.generated() = when (this) {
    // A kind that nobody knows has no badge of its own.
    ProfileKind.MAIN, ProfileKind.OTHER -> IconProfileKind.MAIN
    ProfileKind.WORK -> IconProfileKind.WORK
    ProfileKind.CLONE -> IconProfileKind.CLONE
    ProfileKind.PRIVATE -> IconProfileKind.PRIVATE
}

private fun IconPixels.generated(bytesPerPixel: Int): dev.ferrule.uniffi.DrawnPixels {
    val view = bytes?.duplicate() ?: return dev.ferrule.uniffi.DrawnPixels.Unknown
    val size = width.toLong() * height * bytesPerPixel
    if (size !in 1..view.remaining()) return dev.ferrule.uniffi.DrawnPixels.Unknown
    val copy = ByteArray(size.toInt()).also { view.get(it) }
    return dev.ferrule.uniffi.DrawnPixels.Picture(width.toUInt(), height.toUInt(), copy)
}
