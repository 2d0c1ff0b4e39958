package dev.ferrule.demo.home

import com.google.gson.JsonObject
import java.nio.file.Path

/** Columns, rows and places of the dock. */
internal data class GridSize(val columns: Int, val rows: Int, val dock: Int) {
    override fun toString(): String = "${columns}x$rows, dock $dock"

    companion object {
        private const val SIDE_MAX = 64
        private val form = Regex("""(\d{1,3})x(\d{1,3})/(\d{1,3})""")

        /** Reads `4x6/5`; null if it is none, or a side is not 1 to 64. */
        fun parse(text: String): GridSize? {
            val (columns, rows, dock) = form.matchEntire(text)?.destructured?.toList()?.map { it.toInt() } ?: return null
            return GridSize(columns, rows, dock).takeIf { grid -> listOf(columns, rows, dock).all { grid.isSide(it) } }
        }
    }

    private fun isSide(side: Int): Boolean = side in 1..SIDE_MAX

    /** This grid, grown to hold what ends at [end] if that makes sense at all. */
    fun holding(end: Cells): GridSize = GridSize(
        columns = if (isSide(end.columns)) maxOf(columns, end.columns) else columns,
        rows = if (isSide(end.rows)) maxOf(rows, end.rows) else rows,
        dock = if (isSide(end.dock)) maxOf(dock, end.dock) else dock,
    )

    /** How far an item reaches; 0 where it says nothing. */
    class Cells(val columns: Int, val rows: Int, val dock: Int)
}

/** Where an item stands. Pages are counted from 0, from left to right. */
internal sealed interface Place {
    /** Cells of a page. */
    data class Desktop(val page: Int, val x: Int, val y: Int, val width: Int, val height: Int) : Place

    /** A place of the dock. */
    data class Dock(val index: Int) : Place

    /** Among the contents of a folder or a pair. */
    data class Inside(val collection: Long, val order: Int) : Place

    /** In something that is not there. */
    data class Elsewhere(val container: Long) : Place
}

/** What an item is, for a person. */
internal enum class Kind(val title: String) {
    APP("app"),
    PROMISE("app that is being installed"),
    SHORTCUT("shortcut"),
    FOLDER("folder"),
    BIG_FOLDER("big folder"),
    APP_PAIR("app pair"),
    WIDGET("widget"),
    VENDOR_WIDGET("widget of the launcher itself"),
    UNKNOWN("item of an unknown type"),
}

/** An item as the database stores it. */
internal class StoredItem(val id: Long, val kind: Kind, val title: String, val place: Place) {
    val isCollection: Boolean
        get() = kind == Kind.FOLDER || kind == Kind.BIG_FOLDER || kind == Kind.APP_PAIR
}

/**
 * A home screen as a file stores it.
 *
 * @property name what the reports call it
 * @property file a copy of the file, which nobody else has open
 * @property product whose file it is and its version, in words
 * @property pages the launcher's own numbers of the pages, from left to right
 * @property items by ascending id
 * @property rows the rows in the form of Launcher3's table at version 32, which is what the legacy loader reads: the
 *   `rows` of a loader case
 */
internal class StoredHome(
    val name: String,
    val file: Path,
    val product: String,
    val isMiui: Boolean,
    val pages: List<Int>,
    val items: List<StoredItem>,
    val rows: List<JsonObject>,
) {
    private val byId = items.associateBy { it.id }
    private val contents: Map<Long, List<StoredItem>> = items.filter { it.place is Place.Inside }
        .groupBy { (it.place as Place.Inside).collection }
        .mapValues { (_, inside) -> inside.sortedBy { (it.place as Place.Inside).order } }

    fun item(id: Long): StoredItem? = byId[id]

    /** What a folder or a pair contains, in order. */
    fun inside(id: Long): List<StoredItem> = contents[id].orEmpty()

    /** The page that an item belongs to, by itself or by its folder; null for the dock, and where there is none. */
    fun pageOf(item: StoredItem): Int? = when (val place = item.place) {
        is Place.Desktop -> place.page
        is Place.Inside -> byId[place.collection]?.let { (it.place as? Place.Desktop)?.page }
        is Place.Dock, is Place.Elsewhere -> null
    }
}
