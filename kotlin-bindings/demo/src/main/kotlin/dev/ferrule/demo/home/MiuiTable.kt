package dev.ferrule.demo.home

import com.google.gson.JsonObject
import dev.ferrule.legacy.launcher.Favorites
import dev.ferrule.legacy.launcher.LauncherIntent
import java.net.URISyntaxException
import java.nio.file.Path

/**
 * MIUI's `favorites` and `screens`, and the rows that Launcher3 would have for them.
 *
 * Launcher3 never reads such a file: its version is higher than any that it knows, so it starts with an empty home
 * screen. For a fair comparison legacy gets the same items at its own version, as `ferrule model load` does: numbers and
 * places are translated, nothing is decided, and what Launcher3 has no type for keeps one that it does not know.
 */
internal class MiuiTable(private val favorites: List<TableRow>, private val screens: List<TableRow>) {
    private val folders = favorites.filter { it.int("itemType") in folderTypes }.map { it.long("_id") }.toSet()
    private val pages: List<Int> = pages()
    private val dock: Map<Long, Int> = dock()

    /** The place of each item in its folder: by `cellX`, which MIUI uses as an index. */
    private val orders: Map<Long, Int> = favorites.filter { it.long("container") in folders }
        .groupBy { it.long("container") }
        .values.flatMap { inside ->
            inside.sortedWith(compareBy({ it.int("cellX") }, { it.long("_id") }))
                .mapIndexed { order, row -> row.long("_id") to order }
        }.toMap()

    fun home(name: String, file: Path, product: String): StoredHome {
        val items = favorites.map { StoredItem(it.long("_id"), kind(it.int("itemType")), ItemTitle.of(it), place(it)) }
        return StoredHome(name, file, product, isMiui = true, pages, items, favorites.map(::row))
    }

    /** The order is that of `screenOrder`; pages that are used but not listed come after. */
    private fun pages(): List<Int> {
        val listed = screens.sortedWith(compareBy({ it.long("screenOrder") }, { it.long("_id") })).map { it.int("_id") }
        val used = favorites.filter { it.int("container") == Favorites.CONTAINER_DESKTOP }.map { it.int("screen") }
        return (listed + used.sorted()).distinct()
    }

    /** The column that keeps the dock's items apart is the index; where neither does, they are numbered. */
    private fun dock(): Map<Long, Int> {
        val docked = favorites.filter { it.int("container") == Favorites.CONTAINER_HOTSEAT }
        val column = listOf("cellX", "screen").firstOrNull { column ->
            val indices = docked.map { it.int(column) }
            indices.all { it >= 0 } && indices.distinct().size == docked.size
        }
        if (column != null) return docked.associate { it.long("_id") to it.int(column) }
        return docked.sortedWith(compareBy({ it.int("cellX") }, { it.int("screen") }, { it.long("_id") }))
            .withIndex().associate { (index, row) -> row.long("_id") to index }
    }

    private fun kind(itemType: Int): Kind = when (itemType) {
        APP -> Kind.APP
        SHORTCUT -> Kind.SHORTCUT
        FOLDER -> Kind.FOLDER
        WIDGET -> Kind.WIDGET
        PROMISE -> Kind.PROMISE
        GADGET, in themeWidgets -> Kind.VENDOR_WIDGET
        in bigFolders -> Kind.BIG_FOLDER
        else -> Kind.UNKNOWN
    }

    private fun place(row: TableRow): Place {
        val (id, container) = row.long("_id") to row.long("container")
        val isBig = row.int("itemType") in bigFolders
        fun span(column: String) = if (isBig) 2 else row.int(column).coerceAtLeast(1)
        return when {
            container.toInt() == Favorites.CONTAINER_DESKTOP -> {
                val page = pages.indexOf(row.int("screen"))
                Place.Desktop(page, row.int("cellX"), row.int("cellY"), span("spanX"), span("spanY"))
            }
            container.toInt() == Favorites.CONTAINER_HOTSEAT -> Place.Dock(dock.getValue(id))
            container in folders -> Place.Inside(container, orders.getValue(id))
            else -> Place.Elsewhere(container)
        }
    }

    private fun row(stored: TableRow): JsonObject {
        val row = JsonObject()
        listOf("_id", "intent", "profileId", "icon").forEach { stored.copyTo(row, it) }
        (stored.text("title")?.takeIf { it.isNotEmpty() } ?: stored.text("label"))?.let { row.addProperty("title", it) }
        row.addProperty("itemType", launcher3Type(stored))
        if (stored.int("itemType") == PROMISE) row.addProperty("restored", AUTO_INSTALL)
        if (stored.int("itemType") == WIDGET) {
            stored.copyTo(row, "appWidgetId")
            stored.text("appWidgetProvider")?.let { row.addProperty("appWidgetProvider", it) }
        }
        fun put(vararg values: Pair<String, Number>) = values.forEach { (column, value) -> row.addProperty(column, value) }
        put("spanX" to 1, "spanY" to 1)
        when (val place = place(stored)) {
            is Place.Desktop -> put(
                "container" to Favorites.CONTAINER_DESKTOP, "screen" to place.page, "cellX" to place.x, "cellY" to place.y,
                "spanX" to place.width, "spanY" to place.height,
            )
            is Place.Dock -> put(
                "container" to Favorites.CONTAINER_HOTSEAT, "screen" to place.index, "cellX" to place.index, "cellY" to 0,
            )
            is Place.Inside -> put("container" to place.collection, "rank" to place.order)
            is Place.Elsewhere -> put("container" to place.container)
        }
        return row
    }

    private fun launcher3Type(stored: TableRow): Int = when (val type = stored.int("itemType")) {
        APP, PROMISE -> Favorites.ITEM_TYPE_APPLICATION
        SHORTCUT -> if (isPinned(stored.text("intent"))) Favorites.ITEM_TYPE_DEEP_SHORTCUT else SHORTCUT
        FOLDER, in bigFolders -> Favorites.ITEM_TYPE_FOLDER
        WIDGET -> Favorites.ITEM_TYPE_APPWIDGET
        GADGET -> Favorites.ITEM_TYPE_CUSTOM_APPWIDGET
        in 0..Favorites.ITEM_TYPE_DEEP_SHORTCUT, Favorites.ITEM_TYPE_APP_PAIR -> NO_TYPE
        else -> type
    }

    /** A shortcut that the system has pinned names its id. */
    private fun isPinned(intent: String?): Boolean = try {
        intent != null && LauncherIntent.parseUri(intent).getStringExtra(LauncherIntent.EXTRA_SHORTCUT_ID) != null
    } catch (_: URISyntaxException) {
        false
    } catch (_: NumberFormatException) {
        false
    }

    companion object {
        /** The columns that only MIUI has. */
        val columns: List<String> = listOf("itemFlags", "launchCount", "sortMode", "originWidgetId", "product_id")

        private const val APP = 0
        private const val SHORTCUT = 1
        private const val FOLDER = 2
        private const val WIDGET = 4
        private const val GADGET = 5
        private const val PROMISE = 11
        private val themeWidgets = 18..19
        private val bigFolders = 21..22
        private val folderTypes = bigFolders.toSet() + FOLDER

        /** Bit of the column `restored` for apps that somebody else installs. */
        private const val AUTO_INSTALL = 2

        /** A type that no launcher writes. */
        private const val NO_TYPE = -1
    }
}
