package dev.ferrule.legacy.launcher

/** The loader's writes, and a log of them in order. */
internal class ModelDbController(private val db: FavoritesDb) {
    private val entries = ArrayList<String>()

    val log: List<String> get() = entries

    fun query(): FavoritesCursor = db.query()

    fun update(id: Int, values: Map<String, Any?>) {
        db.update(id, values)
        entries.add(values.entries.joinToString(" ", "update ", " where _id= ? [$id]") { "${it.key}=${it.value}" })
    }

    fun delete(ids: List<Int>) {
        db.delete(ids)
        entries.add("delete where _id IN (${ids.joinToString(", ")})")
    }

    fun clearRestored(ids: List<Int>) {
        db.clearRestored(ids)
        entries.add("update restored=0 where _id IN (${ids.joinToString(", ")})")
    }

    fun deleteEmptyFolders(): List<Int> = logged("deleteEmptyFolders", db.deleteEmptyFolders())

    fun deleteBadAppPairs(): List<Int> = logged("deleteBadAppPairs", db.deleteBadAppPairs())

    fun deleteUnparentedApps(): List<Int> = logged("deleteUnparentedApps", db.deleteUnparentedApps())

    private fun logged(name: String, ids: List<Int>): List<Int> {
        entries.add("$name ${ids.joinToString(", ")}")
        return ids
    }

    /** B.5 step 4: frees the host's ids that no row of type 4 holds; nothing if the host does not answer. */
    fun removeGhostWidgets(platform: Platform): List<Int> {
        val freed = ArrayList<Int>()
        platform.getAppWidgetIds()?.let { ids ->
            val valid = db.appWidgetIds()
            for (id in ids) {
                if (id !in valid) {
                    platform.deleteAppWidgetId(id)
                    freed.add(id)
                }
            }
        }
        entries.add("removeGhostWidgets ${freed.sorted()}")
        return freed
    }
}
