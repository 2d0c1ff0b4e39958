package dev.ferrule.demo.icons

import dev.ferrule.icons.IconBuffers
import dev.ferrule.icons.IconCache
import dev.ferrule.icons.IconKey
import dev.ferrule.icons.IconKind
import dev.ferrule.icons.IconLevel
import dev.ferrule.icons.IconOptions
import dev.ferrule.icons.IconPixels
import dev.ferrule.icons.IconProvider
import dev.ferrule.icons.IconQuery
import dev.ferrule.icons.IconTokens
import dev.ferrule.icons.IconWant
import dev.ferrule.icons.RenderedIcon
import dev.ferrule.launcher.ProfileKind
import dev.ferrule.legacy.icons.ActivityInfo
import dev.ferrule.legacy.icons.AppInfo
import dev.ferrule.legacy.icons.BitmapInfo
import dev.ferrule.legacy.icons.IconFactory
import dev.ferrule.legacy.icons.IconFlag
import dev.ferrule.legacy.icons.IconItem
import dev.ferrule.legacy.icons.IconPlatform
import dev.ferrule.legacy.icons.LegacyIconCache
import dev.ferrule.legacy.icons.Picture
import dev.ferrule.legacy.icons.PngCodec
import dev.ferrule.legacy.icons.ShortcutInfo
import dev.ferrule.legacy.icons.SystemIcon
import dev.ferrule.legacy.icons.UpdateQueue
import dev.ferrule.legacy.icons.UserKind
import dev.ferrule.legacy.icons.tool.JdbcIconFile
import dev.ferrule.legacy.launcher.ComponentName
import java.io.File
import java.nio.ByteBuffer

/** What the system gives for an app's icon. */
internal enum class Gives { PICTURE, DEFAULT, NOTHING, EXCEPTION }

/** An installed app: its icon says who it is and which version. */
internal class InstalledApp(val number: Int, val profile: Int, var version: Int, var gives: Gives) : ActivityInfo, AppInfo {
    override val component = ComponentName("com.app$number", "com.app$number.Main")
    override val packageName: String get() = component.packageName
    override val user: Int get() = profile
    override val label: String get() = "App $number"
    override val app: AppInfo get() = this
    override val sourceDir: String get() = "/data/app/$packageName-$version"
    override val isInstant: Boolean get() = false
    override val isUsable: Boolean get() = true
    override val isArchived: Boolean get() = false
    val key = IconKey(packageName, component.className, profile.toLong())
    val tokens get() = IconTokens("en", "$version")
    val picture get() = Picture(SIDE, SIDE, ByteArray(SIDE * SIDE * 4) { byteArrayOf(number.toByte(), profile.toByte(), version.toByte(), -1)[it % 4] })

    companion object {
        const val SIDE = 8
    }
}

/** Whose picture it is; none of [isBlank], [isDefault] and [app]: a picture of nobody. */
internal class Shown(val isBlank: Boolean, val isDefault: Boolean, val app: Triple<Int, Int, Int>?, val flags: Int) {
    override fun toString() = if (isBlank) "blank" else if (isDefault) "default" else "$app"
}

/** Both caches over one phone. Ferrule is asked for pixels through JNI, legacy for its pictures. */
internal class TwoCaches(private val folder: File) : IconProvider, AutoCloseable {
    val apps = HashMap<Pair<Int, Int>, InstalledApp>()

    /** Every picture that was ever given for an app that is installed still. */
    val given = HashMap<Pair<Int, Int>, HashSet<Int>>()
    private val buffers = IconBuffers(IconLevel.ICON.slotBytes(InstalledApp.SIDE))
    private val queue = UpdateQueue()
    private var ferrule = openFerrule()
    private var legacy = openLegacy()

    private fun openFerrule() = IconCache.open(File(folder, "icons.db"), IconOptions(InstalledApp.SIDE, workers = 0), this)
        .also { it.control.setProfiles(mapOf(0L to ProfileKind.MAIN, WORK.toLong() to ProfileKind.WORK)) }

    private fun openLegacy() = LegacyIconCache(
        Phone(), JdbcIconFile(File(folder, "app_icons.db"), listOf("synchronous = OFF")), PngCodec(1), queue,
    )

    override fun load(key: IconKey, want: IconWant): RenderedIcon {
        val place = key.packageName.removePrefix("com.app").toInt() to key.profile.toInt()
        val app = apps[place] ?: return RenderedIcon.Builder().build()
        val pixels = when (app.gives) {
            Gives.PICTURE -> {
                if (want.plain) given.getOrPut(place, ::HashSet).add(app.version)
                IconPixels.picture(InstalledApp.SIDE, InstalledApp.SIDE, ByteBuffer.wrap(app.picture.pixels))
            }
            Gives.DEFAULT -> IconPixels.DEFAULT
            Gives.NOTHING -> IconPixels.UNKNOWN
            Gives.EXCEPTION -> throw IllegalStateException("icon")
        }
        return RenderedIcon.Builder().label(app.label).tokens(app.tokens).colour(app.number).plain(pixels).build()
    }

    /** Asks Ferrule for one icon with the tokens that hold now. */
    fun askFerrule(number: Int, profile: Int): Shown = askAllFerrule(listOf(number to profile)).single()

    /** The same in one call. */
    fun askAllFerrule(places: List<Pair<Int, Int>>): List<Shown> {
        val queries = places.map { (number, profile) ->
            IconQuery(IconKey("com.app$number", "com.app$number.Main", profile.toLong()), IconLevel.ICON, apps[number to profile]?.tokens)
        }
        return buffers.take(places.size).use { arena ->
            val answers = if (places.size == 1) listOf(ferrule.getInto(queries[0], arena)) else ferrule.getAllInto(queries, arena)
            answers.mapIndexed { slot, answer ->
                val app = if (answer.hasPixels) who(ByteArray(4).also { arena.pixels(slot).get(it) }) else null
                Shown(answer.kind == IconKind.BLANK || answer.kind == IconKind.COLOUR, answer.kind == IconKind.DEFAULT, app, answer.flags)
            }
        }
    }

    @Suppress("TooGenericExceptionCaught") // The system's exceptions go through legacy (IC_LEGACY_PROVIDER_THROWS).
    fun askLegacy(number: Int, profile: Int): Shown {
        val item = IconItem(ComponentName("com.app$number", "com.app$number.Main"), profile)
        try {
            legacy.fill(item, lowRes = false)
        } catch (_: RuntimeException) {
            return Shown(isBlank = true, isDefault = false, null, 0)
        }
        val bitmap = item.bitmap!!
        val isDefault = !bitmap.isLowRes && legacy.isDefaultIcon(bitmap, profile)
        val app = if (bitmap.isLowRes || isDefault) null else who(bitmap.picture.pixels)
        return Shown(bitmap.isLowRes, isDefault, app, bitmap.flags)
    }

    private fun who(pixels: ByteArray) = Triple(pixels[0].toInt(), pixels[1].toInt(), pixels[2].toInt() and 0xFF)

    @Suppress("TooGenericExceptionCaught")
    fun changed(number: Int, profile: Int) {
        ferrule.control.packageChanged("com.app$number", profile.toLong())
        try {
            legacy.updatePackage("com.app$number", profile)
        } catch (_: RuntimeException) {
            // Uncaught on a device.
        }
    }

    fun removed(number: Int, profile: Int) {
        apps.remove(number to profile)
        given.remove(number to profile)
        ferrule.control.packageRemoved("com.app$number", profile.toLong())
        legacy.removePackage("com.app$number", profile)
    }

    /** An update session of both. */
    @Suppress("TooGenericExceptionCaught")
    fun session() {
        val all = apps.values.sortedWith(compareBy(InstalledApp::number, InstalledApp::profile))
        ferrule.control.beginSession().use { session ->
            for (profile in listOf(0, WORK)) session.listed(profile.toLong())
            session.pass(all.map { dev.ferrule.icons.InstalledIcon(it.key, it.tokens) })
            session.run { }
            session.finish()
        }
        val handler = legacy.begin()
        handler.updateActivities(all) { _, _ -> }
        while (queue.size > 0) {
            try {
                queue.runRound()
            } catch (_: RuntimeException) {
                // Uncaught on a device.
            }
        }
        handler.finish()
    }

    /** Lets Ferrule draw what waits. */
    fun work() {
        do {
            val isMore = ferrule.work()
        } while (isMore)
    }

    fun restart() {
        close()
        ferrule = openFerrule()
        legacy = openLegacy()
    }

    override fun close() {
        ferrule.close()
        legacy.close()
    }

    private class Drawn(val app: InstalledApp) : SystemIcon {
        override val isDefault: Boolean get() = app.gives == Gives.DEFAULT
    }

    private inner class Phone : IconPlatform {
        override val factory = object : IconFactory {
            private val default = BitmapInfo(Picture(InstalledApp.SIDE, InstalledApp.SIDE, ByteArray(InstalledApp.SIDE * InstalledApp.SIDE * 4)), 0)
            override val isThemed: Boolean get() = false
            override val size: Int get() = InstalledApp.SIDE

            override fun defaultIcon() = default

            override fun render(icon: SystemIcon?): BitmapInfo =
                (icon as Drawn?)?.let { BitmapInfo(it.app.picture, it.app.number) } ?: BitmapInfo(default.picture.let { Picture(it.width, it.height, it.pixels.copyOf()) }, 0)

            override fun renderShortcut(icon: SystemIcon) = render(icon)
        }
        override val archiving: Boolean get() = false
        override val forcesMono: Boolean get() = false

        override fun systemState() = "en,35"

        override fun stateForApp(systemState: String, app: AppInfo?) = "$systemState ${app?.sourceDir}"

        private fun draw(app: InstalledApp): SystemIcon? = when (app.gives) {
            Gives.EXCEPTION -> throw IllegalStateException("icon")
            Gives.NOTHING -> null
            else -> Drawn(app)
        }

        override fun icon(activity: ActivityInfo) = draw(activity as InstalledApp)

        override fun icon(app: AppInfo) = draw(app as InstalledApp)

        override fun icon(shortcut: ShortcutInfo): SystemIcon? = null

        private fun find(packageName: String, user: Int) = apps[packageName.removePrefix("com.app").toInt() to user]

        override fun appInfo(packageName: String, user: Int): AppInfo? = find(packageName, user)

        override fun resolveActivity(component: ComponentName, user: Int): ActivityInfo? = find(component.packageName, user)

        override fun activities(packageName: String, user: Int) = listOfNotNull(find(packageName, user))

        override fun isTrusted(packageName: String, user: Int) = false

        override fun badgeFormat(user: Int) = "%1\$s"

        override fun serialOf(user: Int) = user

        override fun kindOf(user: Int) = if (user == WORK) UserKind.WORK else UserKind.MAIN
    }

    companion object {
        const val WORK = 10

        /** The badge that a profile's icons wear. */
        fun badgeOf(profile: Int) = if (profile == WORK) IconFlag.WORK else 0
    }
}
