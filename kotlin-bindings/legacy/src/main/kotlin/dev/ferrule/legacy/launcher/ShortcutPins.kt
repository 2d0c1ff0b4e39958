package dev.ferrule.legacy.launcher

/** Makes the system's pinned shortcuts those of the model (launcher-model B.5 step 5; SPEC-11). */
internal class ShortcutPins(private val platform: Platform) {
    fun update(model: BgDataModel) {
        for (user in platform.profiles) updateUser(model, user.serial)
    }

    private fun updateUser(model: BgDataModel, serial: Int) {
        // After a failed query nothing is done.
        val pinned = queryPinnedShortcuts(platform, serial) ?: return
        val system = pinned.groupByTo(HashMap(), { it.key.packageName }, { it.key.id })
        val wanted = HashMap<String, MutableSet<String>>()
        val keys = model.itemsIdMap.values.filterIsInstance<WorkspaceItemInfo>()
            .filter { it.itemType == Favorites.ITEM_TYPE_DEEP_SHORTCUT && it.serial == serial }
            .map { ShortcutKey.fromIntent(it.intent, serial) }
        for (key in keys + platform.getPendingShortcuts(serial)) {
            wanted.getOrPut(key.packageName) { HashSet() }.add(key.id)
        }
        for ((packageName, ids) in wanted) {
            val known = system.remove(packageName).orEmpty().toSet()
            if (known != ids) platform.pinShortcuts(packageName, ids, serial)
        }
        for (packageName in system.keys) platform.pinShortcuts(packageName, emptyList(), serial)
    }
}
