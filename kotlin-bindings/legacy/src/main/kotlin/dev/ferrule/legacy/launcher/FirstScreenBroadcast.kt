package dev.ferrule.legacy.launcher

/** Which installers hear of items on the first page (launcher-model B.8, without the lists' contents). */
internal class FirstScreenBroadcast(private val sessions: Map<PackageUserKey, SessionInfo>, private val currentSerial: Int) {
    /** One text `action:installer` a broadcast. */
    fun send(model: BgDataModel, firstScreen: Int): List<String> {
        val packagesByInstaller = HashMap<String, MutableSet<String>>()
        for ((key, session) in sessions) {
            if (key.serial != currentSerial) continue
            packagesByInstaller.getOrPut(session.installer!!) { HashSet() }.add(key.packageName)
        }
        if (packagesByInstaller.isEmpty()) return emptyList()
        val items = itemsOf(model, firstScreen)
        return packagesByInstaller.filterValues { packages -> items.any { isPending(it, packages) } }
            .keys.map { "$ACTION:$it" }.sorted()
    }

    /** Items of the dock and the page, and what lies in those; containers first, so that one walk finds all. */
    private fun itemsOf(model: BgDataModel, firstScreen: Int): List<ItemInfo> {
        val found = HashSet<Int>()
        return (model.workspaceItems + model.appWidgets).sortedBy { it.container }.filter { item ->
            val isOnScreen = when (item.container) {
                Favorites.CONTAINER_HOTSEAT -> true
                Favorites.CONTAINER_DESKTOP -> item.screenId == firstScreen
                else -> item.container in found
            }
            if (isOnScreen) found.add(item.id)
            isOnScreen
        }
    }

    private fun isPending(item: ItemInfo, packages: Set<String>): Boolean =
        if (item is CollectionInfo) {
            item.appContents.any { it.targetComponent?.packageName in packages }
        } else {
            item.targetComponent?.packageName in packages
        }

    private companion object {
        const val ACTION = "com.android.launcher3.action.FIRST_SCREEN_ACTIVE_INSTALLS"
    }
}
