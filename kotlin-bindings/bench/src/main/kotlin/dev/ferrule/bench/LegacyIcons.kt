package dev.ferrule.bench

import dev.ferrule.legacy.icons.ActivityInfo
import dev.ferrule.legacy.icons.AppInfo
import dev.ferrule.legacy.icons.BitmapInfo
import dev.ferrule.legacy.icons.BulkRequest
import dev.ferrule.legacy.icons.IconFactory
import dev.ferrule.legacy.icons.IconItem
import dev.ferrule.legacy.icons.IconPlatform
import dev.ferrule.legacy.icons.LegacyIconCache
import dev.ferrule.legacy.icons.Lookup
import dev.ferrule.legacy.icons.Picture
import dev.ferrule.legacy.icons.PngCodec
import dev.ferrule.legacy.icons.ShortcutInfo
import dev.ferrule.legacy.icons.SystemIcon
import dev.ferrule.legacy.icons.UpdateQueue
import dev.ferrule.legacy.icons.UserKind
import dev.ferrule.legacy.icons.tool.JdbcIconFile
import dev.ferrule.legacy.launcher.ComponentName
import java.io.File

/** How the legacy cache's file is written. */
internal enum class LegacyJournal(val pragmas: List<String>) {
    /** As Android opens a launcher's database: each row is on the disk when its transaction ends. */
    AS_AOSP(listOf("journal_mode = TRUNCATE", "synchronous = FULL")),

    /** The same with a write-ahead log. */
    SYNCED(listOf("journal_mode = WAL", "synchronous = FULL")),

    /** The fastest that survives the end of the process: a write-ahead log that is synced at checkpoints only. */
    BEST(listOf("journal_mode = WAL", "synchronous = NORMAL")),
}

/**
 * The legacy icon cache over icons that are drawn already: prepared statements, PNG at zlib's fastest level.
 *
 * @param pictures the icons by number
 */
internal class LegacyIcons @JvmOverloads constructor(
    file: File,
    private val pictures: List<Picture>,
    journal: LegacyJournal = LegacyJournal.BEST,
) : AutoCloseable {
    private val queue = UpdateQueue()
    private val cache =
        LegacyIconCache(Phone(), JdbcIconFile(file, journal.pragmas), PngCodec(1), queue)
    private val apps = pictures.indices.map { App(it) }

    /** Renders and writes all, one row a transaction. */
    fun writeAll() {
        val session = cache.begin()
        session.updateActivities(apps) { _, _ -> }
        while (queue.size > 0) queue.runRound()
        session.finish()
    }

    /** Forgets what is in memory, then reads all from the table in one select. */
    fun readAll(): List<IconItem> {
        cache.clearMemory()
        val requests = apps.map { BulkRequest(IconItem(it.component, 0), it, lowRes = false) }
        cache.fillAll(requests)
        return requests.map(BulkRequest::item)
    }

    /** One icon that is in memory after [readAll]. */
    fun fromMemory(number: Int): Picture = cache.entry(apps[number].component, 0, Lookup.DEFAULT) { null }.bitmap.picture

    override fun close() = cache.close()

    /** Sum over every pixel of every icon, in order. */
    fun sum(): Long = readAll().fold(0L) { sum, item -> IconSum.add(sum, item.bitmap!!.picture.pixels) }

    private class Drawn(val number: Int) : SystemIcon {
        override val isDefault: Boolean get() = false
    }

    private class App(val number: Int) : ActivityInfo, AppInfo {
        override val component = ComponentName(IconSum.packageOf(number), IconSum.classOf(number))
        override val packageName: String get() = component.packageName
        override val user: Int get() = 0
        override val label: String get() = IconSum.labelOf(number)
        override val app: AppInfo get() = this
        override val sourceDir: String get() = "/data/app/$packageName/base.apk"
        override val isInstant: Boolean get() = false
        override val isUsable: Boolean get() = true
        override val isArchived: Boolean get() = false
    }

    private inner class Phone : IconPlatform {
        override val factory = object : IconFactory {
            private val default by lazy { BitmapInfo(Picture(1, 1, ByteArray(4)), 0) }
            override val isThemed: Boolean get() = false
            override val size: Int get() = IconPictures.SIDE

            override fun defaultIcon() = default

            override fun render(icon: SystemIcon?) = BitmapInfo(pictures[(icon as Drawn).number], IconSum.COLOUR)

            override fun renderShortcut(icon: SystemIcon) = render(icon)
        }
        override val archiving: Boolean get() = false
        override val forcesMono: Boolean get() = false

        override fun systemState() = "en-US,35"

        override fun stateForApp(systemState: String, app: AppInfo?) = "$systemState ${app?.sourceDir}"

        override fun icon(activity: ActivityInfo) = Drawn((activity as App).number)

        override fun icon(app: AppInfo) = Drawn((app as App).number)

        override fun icon(shortcut: ShortcutInfo): SystemIcon? = null

        override fun appInfo(packageName: String, user: Int): AppInfo? = null

        override fun resolveActivity(component: ComponentName, user: Int): ActivityInfo? = null

        override fun activities(packageName: String, user: Int): List<ActivityInfo> = emptyList()

        override fun isTrusted(packageName: String, user: Int) = false

        override fun badgeFormat(user: Int) = "%1\$s"

        override fun serialOf(user: Int) = user

        override fun kindOf(user: Int) = UserKind.MAIN
    }
}
