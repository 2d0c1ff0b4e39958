package dev.ferrule.demo.home

import com.google.gson.JsonObject
import dev.ferrule.legacy.launcher.Favorites
import java.nio.file.Path

/**
 * Launcher3's `favorites` of any version: rows are taken as they are stored, and columns of later versions get their
 * defaults. The upgrade that Launcher3 would do first is left out.
 */
internal class AospTable(private val favorites: List<TableRow>, private val screens: List<TableRow>) {
    fun home(name: String, file: Path, product: String): StoredHome {
        val pages = pages()
        val collections = favorites.filter { it.int("itemType") in collectionTypes }.map { it.long("_id") }.toSet()
        val items = favorites.map { row ->
            StoredItem(row.long("_id"), kind(row.int("itemType")), ItemTitle.of(row), place(row, pages, collections))
        }
        return StoredHome(name, file, product, isMiui = false, pages, items, favorites.map(::row))
    }

    /** Before version 28 a table had the order of the pages; since then it is that of their numbers. */
    private fun pages(): List<Int> {
        val listed = screens.sortedBy { it.long("screenRank") }.map { it.int("_id") }
        val used = favorites.filter { it.int("container") == Favorites.CONTAINER_DESKTOP }.map { it.int("screen") }
        return (listed + used.sorted()).distinct()
    }

    private fun kind(itemType: Int): Kind = when (itemType) {
        Favorites.ITEM_TYPE_APPLICATION -> Kind.APP
        LEGACY_SHORTCUT, Favorites.ITEM_TYPE_DEEP_SHORTCUT -> Kind.SHORTCUT
        Favorites.ITEM_TYPE_FOLDER -> Kind.FOLDER
        Favorites.ITEM_TYPE_APPWIDGET -> Kind.WIDGET
        Favorites.ITEM_TYPE_CUSTOM_APPWIDGET -> Kind.VENDOR_WIDGET
        Favorites.ITEM_TYPE_APP_PAIR -> Kind.APP_PAIR
        else -> Kind.UNKNOWN
    }

    private fun place(row: TableRow, pages: List<Int>, collections: Set<Long>): Place {
        val container = row.long("container")
        // Launcher3 ignores the size of icons and folders.
        val hasSize = row.int("itemType") !in collectionTypes + iconTypes
        fun span(column: String) = if (hasSize) row.int(column).coerceAtLeast(1) else 1
        return when {
            container.toInt() == Favorites.CONTAINER_DESKTOP -> {
                val page = pages.indexOf(row.int("screen"))
                Place.Desktop(page, row.int("cellX"), row.int("cellY"), span("spanX"), span("spanY"))
            }
            container.toInt() == Favorites.CONTAINER_HOTSEAT -> Place.Dock(row.int("screen"))
            container in collections -> Place.Inside(container, row.int("rank"))
            else -> Place.Elsewhere(container)
        }
    }

    private fun row(stored: TableRow): JsonObject =
        JsonObject().also { row -> rowColumns.forEach { stored.copyTo(row, it) } }

    companion object {
        private const val LEGACY_SHORTCUT = 1
        private val collectionTypes = setOf(Favorites.ITEM_TYPE_FOLDER, Favorites.ITEM_TYPE_APP_PAIR)
        private val iconTypes =
            setOf(Favorites.ITEM_TYPE_APPLICATION, LEGACY_SHORTCUT, Favorites.ITEM_TYPE_DEEP_SHORTCUT)
        private val rowColumns = listOf(
            "_id", "title", "intent", "container", "screen", "cellX", "cellY", "spanX", "spanY", "itemType", "appWidgetId",
            "icon", "appWidgetProvider", "modified", "restored", "profileId", "rank", "options", "appWidgetSource",
        )
    }
}
