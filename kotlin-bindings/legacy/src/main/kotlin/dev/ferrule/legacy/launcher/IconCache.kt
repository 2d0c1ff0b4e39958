package dev.ferrule.legacy.launcher

/**
 * The part of the icon cache that a load sees: which title and which icon an item gets, with an icon database that is
 * empty and sessions that bring no picture: such a session gives no title either. It draws nothing.
 */
internal class IconCache(private val platform: Platform, private val supportsArchiving: Boolean) {
    private class Entry(var title: String? = "", var icon: IconSource = IconSource.LOW_RES)

    private data class ComponentKey(val component: ComponentName, val serial: Int)

    private val entries = HashMap<ComponentKey, Entry>()
    private val packageEntries = HashMap<PackageUserKey, Entry>()

    /** Title and icon of one item by its component: of the activity, else of the package. */
    fun getTitleAndIcon(info: WorkspaceItemInfo) {
        val component = info.targetComponent
        if (component == null) {
            info.iconSource = IconSource.DEFAULT
            info.title = ""
            return
        }
        val key = ComponentKey(component, info.serial)
        val entry = entries[key]?.takeIf { it.icon != IconSource.LOW_RES }
            ?: load(component, info.serial).also { entries[key] = it }
        apply(entry, info)
    }

    private fun load(component: ComponentName, serial: Int): Entry {
        val activity = platform.resolveActivity(component, serial)
        if (activity != null) return entryOf(activity)
        val ofPackage = packageEntry(PackageUserKey(component.packageName, serial))
        return Entry(ofPackage.title, ofPackage.icon)
    }

    /** Loads the entry of a package, as a pending widget does for its picture. */
    fun loadPackage(packageName: String, serial: Int) {
        packageEntry(PackageUserKey(packageName, serial))
    }

    private fun packageEntry(key: PackageUserKey): Entry {
        packageEntries[key]?.let { return it }
        if (platform.getApplicationInfo(key.packageName, key.serial) == null) return Entry()
        return Entry(key.packageName, IconSource.PACKAGE).also { packageEntries[key] = it }
    }

    /** One request of the bulk load: an item and the activity that it was resolved to. */
    class Request(
        val info: WorkspaceItemInfo,
        val activity: LauncherActivityInfo?,
        val hasBlob: Boolean,
        val isLowRes: Boolean,
    )

    /**
     * Titles and icons of all apps. Items of one component, user and resolution share what the first of them gets, so
     * an item may lose what the row said.
     */
    fun getTitlesAndIconsInBulk(requests: List<Request>) {
        val groups = LinkedHashMap<Triple<ComponentName, Int, Boolean>, MutableList<Request>>()
        for (request in requests) {
            val component = request.info.targetComponent
            if (component == null) {
                request.info.iconSource = IconSource.DEFAULT
            } else {
                groups.getOrPut(Triple(component, request.info.serial, request.isLowRes)) { ArrayList() }.add(request)
            }
        }
        for (group in groups.values) {
            val first = group.first()
            val needsTitle = first.info.title.isNullOrEmpty()
            val needsIcon = first.info.iconSource == IconSource.DEFAULT || first.info.iconSource == IconSource.LOW_RES
            if (!needsTitle && !needsIcon) continue
            val entry = Entry(first.info.title, first.info.iconSource)
            val source = first.activity?.let { entryOf(it) }
            if (needsIcon && source != null) entry.icon = source.icon
            if (needsTitle && source != null) entry.title = source.title
            group.forEach { apply(entry, it.info) }
        }
        for (request in requests) {
            if (request.info.iconSource == IconSource.DEFAULT && request.hasBlob) request.info.iconSource = IconSource.BLOB
        }
    }

    private fun entryOf(activity: LauncherActivityInfo): Entry = Entry(activity.label, IconSource.ACTIVITY)

    /**
     * An item that is marked as archived by then looks as its package does, if that was loaded before. A promise that is
     * looked up while its row is read is not marked yet.
     */
    private fun apply(entry: Entry, info: WorkspaceItemInfo) {
        val packageName = info.targetComponent?.packageName
        val isArchived = supportsArchiving && info.runtimeStatusFlags and WorkspaceItemInfo.FLAG_ARCHIVED != 0
        val ofPackage =
            if (isArchived && packageName != null) packageEntries[PackageUserKey(packageName, info.serial)] else null
        val shown = ofPackage ?: entry
        info.title = shown.title.trimmed()
        info.iconSource = shown.icon
    }
}

/** Blanks of any script cut off at both ends, as Launcher3's `Utilities.trim` does; null is "". */
internal fun String?.trimmed(): String = orEmpty().trim { isBlank(it) }

private fun isBlank(c: Char) = Character.isSpaceChar(c) || Character.isWhitespace(c)
