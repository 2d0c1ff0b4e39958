package dev.ferrule.legacy.icons

import dev.ferrule.legacy.launcher.ComponentName

/**
 * The launcher's icon cache as AOSP writes it (icon-cache B, C; the peer's findings K1–K18): a hash map before a table
 * of PNGs, one row a transaction. For comparison and benches; its flaws are its own and stay.
 *
 * @param worker runs a task later on the thread of the cache: on a device 1 ms after now
 */
public class LegacyIconCache @JvmOverloads constructor(
    platform: IconPlatform,
    file: IconFile,
    codec: PictureCodec = PngCodec(),
    private val worker: UpdateQueue = UpdateQueue(),
) : BaseIconCache(platform, file, codec) {
    internal fun post(task: Runnable) = worker.add(task)

    /** Starts a session: renews the system's state and cancels what older ones queued. */
    public fun begin(): UpdateHandler {
        renewSystemState()
        worker.clear()
        return UpdateHandler(this)
    }

    /** Cancels updates and closes the file. A later use opens it again. */
    public fun close() {
        begin()
        table.close()
    }

    /** Fills [item] from its component; the activity is asked for only if needed. */
    public fun fill(item: IconItem, lowRes: Boolean) {
        val component = item.component
        if (component == null) {
            item.bitmap = defaultIcon(item.user)
            item.title = ""
            item.contentDescription = ""
            return
        }
        val flags = Lookup.PACKAGE_ICON or lowFlag(lowRes)
        fill(item, component, { platform.resolveActivity(component, item.user) }, flags)
    }

    /** Fills [item] with a known activity. */
    public fun fill(item: IconItem, activity: ActivityInfo?, lowRes: Boolean) {
        val archived = platform.archiving && activity?.app?.isArchived == true
        val flags = lowFlag(lowRes) or if (archived) Lookup.PACKAGE_ICON else 0
        fill(item, item.component!!, { activity }, flags)
    }

    private fun fill(item: IconItem, component: ComponentName, provider: () -> ActivityInfo?, flags: Int) {
        apply(lookUp(component, item.user, provider, activityLogic, flags), item)
        if (!platform.archiving || !item.isArchived) return
        // An archived item shows the package, but only if memory has that in full.
        val whole = inMemory(IconKey.ofPackage(component.packageName, item.user)) ?: return
        if (whole.bitmap.isLowRes) return
        item.appTitle = item.title
        apply(whole, item)
    }

    /** A plain look-up. */
    public fun entry(component: ComponentName, user: Int, flags: Int, provider: () -> ActivityInfo?): CacheEntry =
        lookUp(component, user, provider, activityLogic, flags)

    /** A plain look-up of an object. */
    public fun entry(item: CachedObject, flags: Int, provider: () -> CachedObject?): CacheEntry =
        lookUp(item.component, item.user, provider, objectLogic, flags)

    /** The label of an object, which memory need not hold. */
    public fun title(item: CachedObject): String =
        trim(lookUp(item.component, item.user, { item }, objectLogic, Lookup.LOW_RES or Lookup.SKIP_MEMORY).title)

    /** Fills an item again with what is known, without asking for its activity. */
    public fun refresh(item: IconItem) {
        val flags = lowFlag(item.usesLowRes)
        // AOSP asks here whether there is an icon or it is not the default one: always true (icon-cache C.5).
        apply(lookUp(item.component!!, item.user, { null }, activityLogic, flags), item)
    }

    /** Fills a package item. */
    public fun fill(item: PackageItem, lowRes: Boolean): Unit =
        apply(packageEntry(item.packageName, item.user, lowRes), item.shown)

    /** Fills a deep shortcut's item; what it shows stays if the shortcut has no icon and it shows something. */
    public fun fill(item: IconItem, shortcut: ShortcutInfo) {
        val cached = CachedShortcut(shortcut, platform)
        val entry = lookUp(cached.component, shortcut.user, { cached }, shortcutLogic, Lookup.SKIP_MEMORY)
        val bitmap = if (entry.bitmap.isLowRes) defaultIcon(shortcut.user) else entry.bitmap
        val shown = item.bitmap
        val keeps = shown != null && (shown.isLowRes || !isDefaultIcon(shown, item.user))
        if (isDefaultIcon(bitmap, shortcut.user) && keeps) return
        item.bitmap = bitmap.withBadge(badgeOf(shortcut))
    }

    private fun badgeOf(shortcut: ShortcutInfo): BitmapInfo? {
        val wanted = shortcut.badgePackage
        val other = wanted?.takeIf { platform.isTrusted(shortcut.packageName, shortcut.user) }
        val activity = shortcut.activity
        if (other == null && activity != null) {
            return IconItem(activity, shortcut.user).also { fill(it, lowRes = false) }.bitmap
        }
        val whole = PackageItem(other ?: shortcut.packageName, shortcut.user)
        fill(whole, lowRes = false)
        return whole.shown.bitmap
    }

    /** An install session tells icon and label of a package to come: memory only (icon-cache B.4, peer K3). */
    public fun setInstallSession(packageName: String, user: Int, icon: SystemIcon?, title: String?) {
        evictPackage(packageName, user)
        if (title.isNullOrEmpty()) return
        val entry = CacheEntry()
        entry.title = title
        if (icon != null) entry.bitmap = drawnFor(platform.factory.render(icon), user)
        keep(IconKey.ofPackage(packageName, user), entry)
    }

    /** A package was installed or changed: deletes its icons and renders those of its activities. */
    public fun updatePackage(packageName: String, user: Int) {
        val activities = platform.activities(packageName, user)
        removePackage(packageName, user)
        for (activity in activities) add(activity, activityLogic)
    }

    /** Fills many items with one select a user and level (icon-cache B.6, peer K2, K17, K18). */
    public fun fillAll(requests: List<BulkRequest>) {
        val sections = HashMap<Section, ArrayList<BulkRequest>>()
        for (request in requests) {
            val item = request.item
            if (item.component == null) {
                item.bitmap = defaultIcon(item.user)
            } else {
                sections.getOrPut(Section(item.user, request.lowRes), ::ArrayList).add(request)
            }
        }
        for ((section, list) in sections) fillSection(section, list)
    }

    private fun fillSection(section: Section, requests: List<BulkRequest>) {
        val byComponent = HashMap<ComponentName, ArrayList<BulkRequest>>()
        for (request in requests) {
            if (!request.item.isDeepShortcut) byComponent.getOrPut(request.item.component!!, ::ArrayList).add(request)
        }
        val flags = lowFlag(section.lowRes)
        try {
            val components = requests.mapTo(LinkedHashSet()) { it.item.component!! }
            table.rows(components, serialOf(section.user), section.lowRes).use { rows ->
                while (rows.next()) {
                    val component = rows.string(IconTable.COMPONENT)?.let(ComponentName::unflattenFromString) ?: continue
                    val same = byComponent[component] ?: continue
                    val entry = lookUp(component, section.user, { same[0].activity }, activityLogic, flags, rows)
                    for (request in same) apply(entry, request.item)
                }
            }
        } catch (_: IconSqlException) {
            // All of them go the other way.
        }
        for ((component, same) in byComponent) fillWithoutRow(IconKey(component, section.user), same)
    }

    /** Renders anew, for this call only, whatever the first of the equal requests lacks. */
    private fun fillWithoutRow(key: IconKey, same: List<BulkRequest>) {
        val item = same[0].item
        val bitmap = item.bitmap
        val lacksTitle = item.title.isNullOrEmpty()
        val lacksIcon = bitmap == null || isDefaultIcon(bitmap, key.user) || bitmap === BitmapInfo.BLANK
        if (!lacksTitle && !lacksIcon) return
        val activity = same[0].activity
        val entry = CacheEntry()
        entry.title = item.title
        if (bitmap != null) entry.bitmap = bitmap
        entry.contentDescription = item.contentDescription
        if (lacksIcon) loadIcon(activity, entry, activityLogic, fromPackage = false, key)
        if (lacksTitle && entry.title.isNullOrEmpty() && activity != null) loadTitle(activity, entry, activityLogic, key.user)
        for (request in same) apply(entry, request.item)
    }

    private fun apply(entry: CacheEntry, item: IconItem) {
        item.title = trim(entry.title)
        item.contentDescription = entry.contentDescription
        item.bitmap = entry.bitmap
    }

    private fun lowFlag(lowRes: Boolean) = if (lowRes) Lookup.LOW_RES else Lookup.DEFAULT

    /** Hashes as the platform's pair does: the order of its map is the order of the sections. */
    private data class Section(val user: Int, val lowRes: Boolean) {
        override fun hashCode() = user xor lowRes.hashCode()
    }

    private companion object {
        val SPACES = Regex("^[\\s\\p{javaSpaceChar}]+|[\\s\\p{javaSpaceChar}]+$")

        fun trim(text: String?): String = text.orEmpty().replace(SPACES, "")
    }
}

/** Tasks of update sessions that wait for the worker. */
public class UpdateQueue {
    private val tasks = ArrayDeque<Runnable>()

    /** How many wait. */
    public val size: Int get() = tasks.size

    internal fun add(task: Runnable) {
        tasks.addLast(task)
    }

    internal fun clear(): Unit = tasks.clear()

    /** Runs each task that waits now once, in order. What they throw goes through, the rest still waits. */
    public fun runRound() {
        repeat(tasks.size) { tasks.removeFirstOrNull()?.run() }
    }
}
