package dev.ferrule.demo.home

/** How an item is drawn. */
internal enum class Look(val style: String) {
    /** As it is. */
    PLAIN("plain"),

    /** On the screen, at another place than before. */
    MOVED("moved"),

    /** Two want the same cells. */
    CLASH("clash"),

    /** At its place, shown as unavailable. */
    HELD("held"),

    /** Kept as it is, not understood. */
    OPAQUE("opaque"),

    /** Off the screen, restorable. */
    ASIDE("aside"),

    /** Not on the screen, and nobody says so. */
    FADED("faded"),

    /** Deleted. */
    GHOST("ghost"),
    ;

    /** Whether it takes up cells. */
    val isSolid: Boolean
        get() = this == PLAIN || this == MOVED || this == CLASH || this == HELD || this == OPAQUE
}

/** An item as it is drawn, with what it contains. */
internal class Sprite(val item: StoredItem, var look: Look) {
    val inside: MutableList<Sprite> = mutableListOf()
}

/** Cells of a board. */
internal data class Box(val x: Int, val y: Int, val width: Int, val height: Int) {
    /** The first column after it. */
    val right: Int
        get() = x + width

    /** The first row after it. */
    val bottom: Int
        get() = y + height

    fun cells(): List<Pair<Int, Int>> = (x until x + width).flatMap { column -> (y until y + height).map { column to it } }
}

/** One board: a page, or the dock. What has no place on it lies in the tray below. */
internal class Board(val columns: Int, val rows: Int) {
    val tiles: MutableList<Pair<Box, Sprite>> = mutableListOf()
    val tray: MutableList<Sprite> = mutableListOf()
    private val taken = HashMap<Pair<Int, Int>, Sprite>()

    /** The tray's sprites in rows as wide as the board, each as large as it was on its page if that fits. */
    fun trayTiles(): List<Pair<Box, Sprite>> {
        var (x, y, bottom) = Triple(0, 0, 0)
        return tray.map { sprite ->
            val size = sprite.item.place as? Place.Desktop
            val isUsual = size != null && size.width in 1..columns && size.height in 1..LARGEST
            val (width, height) = if (size != null && isUsual) size.width to size.height else 1 to 1
            if (x + width > columns) {
                x = 0
                y = bottom
            }
            val box = Box(x, y, width, height)
            x = box.right
            bottom = maxOf(bottom, box.bottom)
            box to sprite
        }
    }

    /** Puts a sprite on its cells if it may lie there: something solid may lie on something else, but then both clash. */
    fun put(box: Box, sprite: Sprite): Boolean {
        val isInside = box.x >= 0 && box.y >= 0 && box.width in 1..columns - box.x && box.height in 1..rows - box.y
        if (!isInside) return false
        val others = box.cells().mapNotNull { taken[it] }.distinct()
        if (others.isNotEmpty() && !sprite.look.isSolid) return false
        if (others.isNotEmpty()) (others + sprite).forEach { it.look = Look.CLASH }
        tiles += box to sprite
        if (sprite.look.isSolid) box.cells().forEach { taken[it] = sprite }
        return true
    }

    private companion object {
        const val LARGEST = 4
    }
}

/**
 * A whole home screen as somebody sees it: a board a page, and the dock.
 *
 * Invariant: every item is in it exactly once, in a tile, in a tray, or among the contents of one.
 */
internal class BoardPlan private constructor(private val result: HomeResult, seen: (StoredItem) -> Seen) {
    /** Where somebody sees an item, and how it looks to him. */
    class Seen(val place: Place?, val look: Look)

    private val grid = result.question.phone.grid
    private val sprites = result.home.items.associate { item -> item.id to (Sprite(item, seen(item).look) to seen(item)) }
    private val boards = sortedMapOf<Int, Board>()

    /** The dock, and in its tray what belongs to no page. */
    val dock: Board = Board(grid.dock, 1)

    /** One more than the number of the last page. */
    val pageCount: Int
        get() = boards.keys.maxOrNull()?.plus(1) ?: 0

    init {
        val (solid, rest) = sprites.values.partition { it.first.look.isSolid }
        (solid + rest).forEach { (sprite, seen) -> place(sprite, seen.place) }
        for ((sprite, seen) in sprites.values.sortedBy { (it.second.place as? Place.Inside)?.order ?: 0 }) {
            if (seen.place is Place.Inside) parent(seen.place)?.inside?.add(sprite)
        }
        for (board in boards.values) board.tiles.sortBy { (box, _) -> -box.width * box.height }
    }

    /** The board of a page; an empty one where nobody has anything on it. */
    fun page(number: Int): Board = boards[number] ?: Board(grid.columns, grid.rows)

    private fun board(page: Int?): Board =
        if (page == null || page < 0) dock else boards.getOrPut(page) { Board(grid.columns, grid.rows) }

    private fun place(sprite: Sprite, place: Place?) {
        val isPlaced = when (place) {
            is Place.Desktop ->
                place.page >= 0 && board(place.page).put(Box(place.x, place.y, place.width, place.height), sprite)
            is Place.Dock -> dock.put(Box(place.index, 0, 1, 1), sprite)
            is Place.Inside -> parent(place) != null
            is Place.Elsewhere, null -> false
        }
        if (!isPlaced) board((place as? Place.Desktop)?.page ?: result.home.pageOf(sprite.item)).tray += sprite
    }

    /** What an item lies in, if that is drawn as something that has contents. */
    private fun parent(place: Place.Inside): Sprite? {
        val (sprite, seen) = sprites[place.collection] ?: return null
        return sprite.takeIf { it.item.isCollection && seen.place !is Place.Inside }
    }

    companion object {
        /** As the database stores it. */
        fun stored(result: HomeResult): BoardPlan = BoardPlan(result) { Seen(it.place, Look.PLAIN) }

        /** As legacy leaves it. */
        fun legacy(result: HomeResult): BoardPlan = BoardPlan(result) { item ->
            val end = result.legacy.ends.getValue(item.id)
            when (end.fate) {
                Fate.DELETED -> Seen(item.place, Look.GHOST)
                Fate.INVISIBLE -> Seen(item.place, Look.FADED)
                else -> Seen(end.place, Look.PLAIN)
            }
        }

        /** As Ferrule leaves it; what it lost, or gave no answer for, is a ghost. */
        fun ferrule(result: HomeResult): BoardPlan {
            val forks = result.forks.associateBy { it.item.id }
            return BoardPlan(result) { item ->
                val fork = forks[item.id]
                when (fork?.ferrule?.fate) {
                    null, Fate.DELETED -> Seen(item.place, Look.GHOST)
                    Fate.INVISIBLE -> Seen(item.place, Look.FADED)
                    Fate.SHOWN -> Seen(fork.ferrule.place, if (fork.isMoved) Look.MOVED else Look.PLAIN)
                    Fate.HELD -> Seen(fork.ferrule.place, Look.HELD)
                    Fate.OPAQUE -> Seen(fork.ferrule.place, Look.OPAQUE)
                    Fate.QUARANTINED -> Seen(null, Look.ASIDE)
                }
            }
        }
    }
}
