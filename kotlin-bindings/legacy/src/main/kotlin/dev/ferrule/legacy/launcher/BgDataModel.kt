package dev.ferrule.legacy.launcher

/** The model in memory (launcher-model B.6). */
public class BgDataModel {
    /** All items by id. */
    public val itemsIdMap: MutableMap<Int, ItemInfo> = HashMap()

    /** Icons and pairs on desktop and dock, and all folders wherever they are (peer C21). */
    public val workspaceItems: MutableList<ItemInfo> = ArrayList()

    /** Widgets. */
    public val appWidgets: MutableList<LauncherAppWidgetInfo> = ArrayList()

    /** Collections by id, placeholders and phantoms included. */
    public val collections: MutableMap<Int, CollectionInfo> = HashMap()

    /** Whether the first page starts with the pinned item; of this load once it is done, of the one before until then. */
    public var isFirstPagePinnedItemEnabled: Boolean = false

    internal fun clear() {
        itemsIdMap.clear()
        workspaceItems.clear()
        appWidgets.clear()
        collections.clear()
    }

    /** The collection of an id; a placeholder folder if none is known. */
    internal fun findOrMakeFolder(id: Int): CollectionInfo = collections.getOrPut(id) { FolderInfo() }

    /** Adds an item. It may throw after the item entered the maps: a pair inside a pair (peer C9). */
    internal fun addItem(item: ItemInfo) {
        itemsIdMap[item.id] = item
        when (item) {
            is FolderInfo -> {
                collections[item.id] = item
                workspaceItems.add(item)
            }
            is AppPairInfo -> {
                collections[item.id] = item
                addToContainer(item)
            }
            is LauncherAppWidgetInfo -> appWidgets.add(item)
            else -> addToContainer(item)
        }
    }

    private fun addToContainer(item: ItemInfo) {
        if (item.container == Favorites.CONTAINER_DESKTOP || item.container == Favorites.CONTAINER_HOTSEAT) {
            workspaceItems.add(item)
        } else {
            findOrMakeFolder(item.container).add(item)
        }
    }

    /** Forgets a row that a sanitise step deleted. Contents of collections are not looked at. */
    internal fun remove(id: Int) {
        collections.remove(id)?.let(workspaceItems::remove)
        itemsIdMap.remove(id)
    }

    /** Page ids in order (launcher-model B.6). */
    internal fun collectWorkspaceScreens(isFirstScreenForced: Boolean): List<Int> {
        val screens = java.util.TreeSet<Int>()
        for (item in itemsIdMap.values) {
            if (item.container == Favorites.CONTAINER_DESKTOP) screens.add(item.screenId)
        }
        if (isFirstScreenForced || screens.isEmpty()) screens.add(Favorites.FIRST_SCREEN_ID)
        return screens.toList()
    }
}
