package dev.ferrule.demo.icons

import dev.ferrule.legacy.icons.ActivityInfo
import dev.ferrule.legacy.icons.AppInfo
import dev.ferrule.legacy.icons.BitmapInfo
import dev.ferrule.legacy.icons.BulkRequest
import dev.ferrule.legacy.icons.IconFactory
import dev.ferrule.legacy.icons.IconItem
import dev.ferrule.legacy.icons.LegacyIconCache
import dev.ferrule.legacy.icons.Picture
import dev.ferrule.legacy.icons.ShortcutInfo
import dev.ferrule.legacy.icons.SystemIcon
import dev.ferrule.legacy.icons.UpdateQueue
import dev.ferrule.legacy.icons.UserKind
import dev.ferrule.legacy.icons.tool.JdbcIconFile
import dev.ferrule.legacy.launcher.ComponentName
import java.nio.ByteBuffer
import java.nio.file.Path
import dev.ferrule.legacy.icons.IconPlatform as LegacyPlatform

/** Legacy's icon cache as a launcher uses it: bulk look-ups, then an update session that stores what is new or has changed. */
internal class LegacyIcons(private val platform: IconPlatform) : IconSide {
    private val phone = Phone(platform)
    private val pending = ArrayList<SampleApp>()
    private var queue = UpdateQueue()
    private var file: JdbcIconFile? = null
    private var cache: LegacyIconCache? = null

    override val title: String get() = "Legacy"

    override fun start(file: Path) {
        close()
        // As the platform opens it.
        val opened = JdbcIconFile(file.toFile(), listOf("journal_mode=TRUNCATE", "synchronous=FULL"))
        this.file = opened
        queue = UpdateQueue()
        cache = LegacyIconCache(phone, opened, worker = queue)
    }

    private fun open(): LegacyIconCache = checkNotNull(cache) { "it was not started" }

    override fun show(apps: List<SampleApp>): Screen {
        val items = apps.map { IconItem(Phone.component(it), USER) }
        open().fillAll(items.mapIndexed { at, item -> BulkRequest(item, phone.activity(apps[at]), lowRes = false) })
        return object : Screen {
            override fun pixels(at: Int): ByteBuffer? =
                items[at].bitmap?.takeIf { !it.isLowRes && !open().isDefaultIcon(it, USER) }?.let { ByteBuffer.wrap(it.picture.pixels) }

            override fun close() = Unit
        }
    }

    override fun glance(app: SampleApp): Boolean {
        val before = platform.draws to file?.singleReads
        open().fill(IconItem(Phone.component(app), USER), phone.activity(app), lowRes = false)
        return before == platform.draws to file?.singleReads
    }

    override fun updated(apps: List<SampleApp>) {
        pending += apps
    }

    /** A launcher empties its memory and loads all again. */
    override fun themed() {
        open().clearMemory()
    }

    override fun settle() {
        for (app in pending) open().updatePackage(app.key.packageName, USER)
        pending.clear()
        val session = open().begin()
        session.updateActivities(SampleApp.all.map(phone::activity)) { _, _ -> }
        while (queue.size > 0) queue.runRound()
        session.finish()
    }

    override val memoryBytes: Long
        get() = open().entries.values.map { it.bitmap.picture }.distinct().sumOf { it.pixels.size.toLong() }

    override val report: String get() = "Legacy says nothing about its file."

    override fun close() {
        cache?.close()
        cache = null
    }

    /** The demo's platform in legacy's words. */
    private class Phone(private val platform: IconPlatform) : LegacyPlatform {
        private val apps = SampleApp.all.associateBy { it.key.packageName }

        fun activity(app: SampleApp): ActivityInfo = Activity(app, AppFacts(app, platform.version(app)))

        override val factory: IconFactory = Factory(platform)

        override fun systemState(): String = "en,35"

        override fun stateForApp(systemState: String, app: AppInfo?): String? =
            app?.let { "$systemState ${platform.shape.name} ${it.sourceDir}" } ?: systemState

        override fun icon(activity: ActivityInfo): SystemIcon? = drawable(activity.component.packageName)

        override fun icon(app: AppInfo): SystemIcon? = drawable(app.packageName)

        private fun drawable(packageName: String) = apps[packageName]?.let(::Drawable)

        override fun icon(shortcut: ShortcutInfo): SystemIcon? = null

        override fun appInfo(packageName: String, user: Int): AppInfo? = apps[packageName]?.let { AppFacts(it, platform.version(it)) }

        override fun resolveActivity(component: ComponentName, user: Int): ActivityInfo? = apps[component.packageName]?.let(::activity)

        override fun activities(packageName: String, user: Int): List<ActivityInfo> = listOfNotNull(apps[packageName]?.let(::activity))

        override fun isTrusted(packageName: String, user: Int): Boolean = false

        override fun badgeFormat(user: Int): String = "%1\$s"

        override fun serialOf(user: Int): Int = user

        override fun kindOf(user: Int): UserKind = UserKind.MAIN

        override val archiving: Boolean get() = false

        override val forcesMono: Boolean get() = false

        companion object {
            fun component(app: SampleApp): ComponentName = ComponentName(app.key.packageName, app.key.className)
        }
    }

    private class Drawable(val app: SampleApp?) : SystemIcon {
        override val isDefault: Boolean get() = app == null
    }

    private class AppFacts(app: SampleApp, version: Int) : AppInfo {
        override val packageName: String = app.key.packageName
        override val label: String = app.title
        override val sourceDir: String = "/data/app/${app.number}-$version/base.apk"
        override val isInstant: Boolean get() = false
        override val isUsable: Boolean get() = true
        override val isArchived: Boolean get() = false
    }

    private class Activity(shown: SampleApp, override val app: AppInfo) : ActivityInfo {
        override val component: ComponentName = Phone.component(shown)
        override val user: Int get() = USER
        override val label: String = shown.title
    }

    private class Factory(private val platform: IconPlatform) : IconFactory {
        override val isThemed: Boolean get() = false
        override val size: Int get() = platform.side

        override fun defaultIcon(): BitmapInfo {
            val bytes = ByteArray(size * size * Picture.BYTES_PER_PIXEL) { if (it % Picture.BYTES_PER_PIXEL == 3) -1 else 0x77 }
            return BitmapInfo(Picture(size, size, bytes), DEFAULT_COLOUR)
        }

        override fun render(icon: SystemIcon?): BitmapInfo {
            val app = (icon as? Drawable)?.app ?: return defaultIcon()
            return BitmapInfo(Picture(size, size, platform.draw(app)), IconPainter.colour(app, platform.version(app)))
        }

        override fun renderShortcut(icon: SystemIcon): BitmapInfo = render(icon)
    }

    private companion object {
        const val USER = 0
        const val DEFAULT_COLOUR = 0xFF777777.toInt()
    }
}
