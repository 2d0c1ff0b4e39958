package dev.ferrule.legacy.icons

import dev.ferrule.legacy.icons.Lookup.has
import dev.ferrule.legacy.launcher.ComponentName

/**
 * Memory, table and provider in this order (icon-cache B.1–B.5, C.3), with AOSP's flaws: no bound of the memory, no
 * test of freshness at a look-up, blank entries that stay. Not for two threads at once: AOSP's asserts its worker.
 */
public abstract class BaseIconCache internal constructor(
    internal val platform: IconPlatform,
    private val file: IconFile,
    private val codec: PictureCodec,
) {
    internal val activityLogic = ActivityLogic(this)
    internal val shortcutLogic = ShortcutLogic(this)
    internal val objectLogic = ObjectLogic(this)

    internal var table = newTable()
        private set
    private val memory = HashMap<IconKey, CacheEntry>(INITIAL_ENTRIES)
    private var default: BitmapInfo? = null
    private val userKinds = HashMap<Int, UserKind>()
    private val badgeFormats = HashMap<Int, String>()
    private var systemState = platform.systemState()

    private fun newTable() = IconTable(file, platform.factory.size, platform.forcesMono, codec)

    /** All of the memory, as it is now. */
    public val entries: Map<IconKey, CacheEntry> get() = memory

    /** Empties the memory, for tests. */
    public fun clearMemory(): Unit = memory.clear()

    internal fun inMemory(key: IconKey): CacheEntry? = memory[key]

    internal fun keep(key: IconKey, entry: CacheEntry) {
        memory[key] = entry
    }

    internal fun evict(key: IconKey) {
        memory.remove(key)
    }

    internal fun evictPackage(packageName: String, user: Int) {
        memory.keys.removeAll { it.component.packageName == packageName && it.user == user }
    }

    internal fun renewSystemState() {
        systemState = platform.systemState()
        badgeFormats.clear()
    }

    internal fun stateForApp(app: AppInfo?): String? = platform.stateForApp(systemState, app)

    internal fun serialOf(user: Int) = platform.serialOf(user)

    /** The system's icon, drawn once, with the flags of [user]. */
    public fun defaultIcon(user: Int): BitmapInfo {
        val drawn = default ?: platform.factory.defaultIcon().also { default = it }
        return forUser(drawn, user)
    }

    /** Whether it is the picture of [defaultIcon], by identity. */
    public fun isDefaultIcon(bitmap: BitmapInfo, user: Int): Boolean = defaultIcon(user).picture === bitmap.picture

    internal fun forUser(bitmap: BitmapInfo, user: Int): BitmapInfo =
        bitmap.withFlags(userKinds.getOrPut(user) { platform.kindOf(user) }.applyTo(bitmap.flags))

    /** As [forUser] for a fresh drawing, which asks what the user is now. */
    internal fun drawnFor(bitmap: BitmapInfo, user: Int): BitmapInfo =
        bitmap.withFlags(platform.kindOf(user).applyTo(bitmap.flags))

    internal fun describe(label: String?, user: Int): String? {
        val format = badgeFormats.getOrPut(user) { platform.badgeFormat(user) }
        return if (format == IDENTITY) label else String.format(format, label)
    }

    /**
     * Settings changed: empties everything and starts a file of the new size. A file that may not be written leaves
     * table and memory, but not the default icon (peer K5).
     */
    public fun updateParams() {
        default = null
        userKinds.clear()
        try {
            table.clear()
        } catch (error: IconSqlException) {
            if (error.kind == IconSqlException.Kind.READ_ONLY) return
            throw error
        }
        table.close()
        table = newTable()
        memory.clear()
    }

    /** The core of every look-up (icon-cache B.3). A cursor row takes the place of the select. */
    internal fun <T : Any> lookUp(
        component: ComponentName,
        user: Int,
        provider: () -> T?,
        logic: CachingLogic<T>,
        flags: Int,
        row: IconRows? = null,
    ): CacheEntry {
        val key = IconKey(component, user)
        val known = memory[key]
        if (known != null && (flags.has(Lookup.LOW_RES) || !known.bitmap.isLowRes)) return known
        val entry = CacheEntry()
        if (known != null || !flags.has(Lookup.SKIP_MEMORY)) memory[key] = entry

        var item: T? = null
        var asked = false
        val found = if (row == null) fillFromTable(key, entry, flags) else fill(key, entry, row, flags)
        if (!found) {
            item = provider()
            asked = true
            loadIcon(item, entry, logic, flags.has(Lookup.PACKAGE_ICON), key)
        }
        if (entry.title.isNullOrEmpty()) {
            if (!asked) item = provider()
            if (item != null) loadTitle(item, entry, logic, user)
        }
        return entry
    }

    internal fun <T : Any> loadIcon(item: T?, entry: CacheEntry, logic: CachingLogic<T>, fromPackage: Boolean, key: IconKey) {
        if (item != null) {
            entry.bitmap = logic.load(item)
        } else if (fromPackage) {
            val whole = packageEntry(key.component.packageName, key.user, lowRes = false)
            entry.bitmap = whole.bitmap
            entry.title = whole.title
            entry.contentDescription = whole.contentDescription
        }
    }

    internal fun <T : Any> loadTitle(item: T, entry: CacheEntry, logic: CachingLogic<T>, user: Int) {
        val label = logic.label(item)
        entry.title = if (label.isNullOrEmpty()) logic.component(item).packageName else label
        entry.contentDescription = describe(entry.title, user)
    }

    private fun fillFromTable(key: IconKey, entry: CacheEntry, flags: Int): Boolean = try {
        table.row(key.component, serialOf(key.user), flags.has(Lookup.LOW_RES)).use {
            it.next() && fill(key, entry, it, flags)
        }
    } catch (_: IconSqlException) {
        false
    }

    /** False if the row has no icon that can be read; its title and colour are taken all the same. */
    private fun fill(key: IconKey, entry: CacheEntry, row: IconRows, flags: Int): Boolean {
        val color = row.long(IconTable.COLOR).toInt() or OPAQUE
        entry.bitmap = BitmapInfo(BitmapInfo.LOW_RES_PICTURE, color)
        val label = row.string(IconTable.LABEL)
        entry.title = label.orEmpty()
        entry.contentDescription = if (label == null) "" else describe(label, key.user)
        if (!flags.has(Lookup.LOW_RES)) {
            val picture = row.bytes(IconTable.ICON)?.let(codec::decode) ?: return false
            val mono = if (platform.factory.isThemed) row.bytes(IconTable.MONO) else null
            entry.bitmap = BitmapInfo(picture, color, mono = mono?.takeIf { it.size == picture.width * picture.height })
        }
        entry.bitmap = forUser(entry.bitmap.withFlags(row.long(IconTable.FLAGS).toInt()), key.user)
        return true
    }

    /** The entry of a package as a whole (icon-cache B.4). A package that is unknown gives a blank, not memorised. */
    internal fun packageEntry(packageName: String, user: Int, lowRes: Boolean): CacheEntry {
        val key = IconKey.ofPackage(packageName, user)
        val known = memory[key]
        if (known != null && (lowRes || !known.bitmap.isLowRes)) return known
        val entry = CacheEntry()
        if (!fillFromTable(key, entry, if (lowRes) Lookup.LOW_RES else Lookup.DEFAULT)) {
            val app = platform.appInfo(packageName, user) ?: return entry
            renderPackage(app, key, entry, lowRes)
        }
        memory[key] = entry
        return entry
    }

    /** The full icon is stored; a low-res entry in memory has no flags (peer K1). */
    private fun renderPackage(app: AppInfo, key: IconKey, entry: CacheEntry, lowRes: Boolean) {
        val drawn = platform.factory.render(platform.icon(app))
        val full = drawnFor(if (app.isInstant) drawn.withFlags(drawn.flags or IconFlag.INSTANT) else drawn, key.user)
        entry.title = app.label
        entry.contentDescription = describe(entry.title, key.user)
        entry.bitmap = if (lowRes) BitmapInfo(BitmapInfo.LOW_RES_PICTURE, full.color) else full
        val freshness = stateForApp(app) ?: return
        table.put(key.component, serialOf(key.user), full, entry.title, freshness)
    }

    /** Renders and writes (icon-cache C.3): a default icon or none changes nothing; memory is only replaced. */
    internal fun <T : Any> add(item: T, logic: CachingLogic<T>) {
        val user = logic.user(item)
        val component = logic.component(item)
        val key = IconKey(component, user)
        val bitmap = logic.load(item)
        if (bitmap.isLowRes || isDefaultIcon(bitmap, user)) return
        val label = logic.label(item)
        val title = if (label.isNullOrEmpty()) component.packageName else label
        if (memory.containsKey(key)) {
            val entry = CacheEntry()
            entry.bitmap = bitmap
            entry.title = title
            entry.contentDescription = describe(title, user)
            memory[key] = entry
        }
        val freshness = logic.freshness(item) ?: return
        table.put(component, serialOf(user), bitmap, title, freshness)
    }

    /** Removes a package's icons: from memory exactly, from the table by LIKE (icon-cache B.9). */
    public fun removePackage(packageName: String, user: Int) {
        evictPackage(packageName, user)
        table.deletePackage(packageName, serialOf(user))
    }

    private companion object {
        const val INITIAL_ENTRIES = 50
        const val OPAQUE = 0xFF shl 24
        const val IDENTITY = "%1\$s"
    }
}
