package dev.ferrule.legacy.launcher

/** Which cells of a page, or of the dock, are taken. */
internal class GridOccupancy(private val countX: Int, private val countY: Int) {
    val cells: Array<BooleanArray> = Array(countX) { BooleanArray(countY) }

    /** Sums may overflow, as they do in Launcher3: a span of 2^31 − 1 at column 2 looks vacant (peer C5). */
    fun isRegionVacant(x: Int, y: Int, spanX: Int, spanY: Int): Boolean {
        val x2 = x + spanX - 1
        val y2 = y + spanY - 1
        if (x < 0 || y < 0 || x2 >= countX || y2 >= countY) return false
        for (i in x..x2) {
            for (j in y..y2) if (cells[i][j]) return false
        }
        return true
    }

    fun markCells(cellX: Int, cellY: Int, spanX: Int, spanY: Int) {
        if (cellX < 0 || cellY < 0) return
        var x = cellX
        while (x < cellX + spanX && x < countX) {
            var y = cellY
            while (y < cellY + spanY && y < countY) cells[x][y++] = true
            x++
        }
    }
}

/**
 * The placement check (launcher-model B.4): greedy, in the order of the rows.
 *
 * Pages and dock share one map, the dock under its container id, as in Launcher3.
 */
internal class PlacementCheck(private val options: LoaderOptions, private val reservesFirstRow: Boolean) {
    private val occupied = HashMap<Int, GridOccupancy>()

    /**
     * Takes the item's place; false if it is outside or taken.
     *
     * @throws IndexOutOfBoundsException for a negative index in the dock
     */
    fun place(item: ItemInfo): Boolean = when (item.container) {
        Favorites.CONTAINER_HOTSEAT -> placeInHotseat(item.screenId)
        Favorites.CONTAINER_DESKTOP -> placeOnDesktop(item)
        else -> true
    }

    private fun placeInHotseat(index: Int): Boolean {
        if (index >= options.hotseat) return false
        val dock = occupied[Favorites.CONTAINER_HOTSEAT] ?: GridOccupancy(options.hotseat, 1)
        if (dock.cells[index][0]) return false
        dock.cells[index][0] = true
        occupied[Favorites.CONTAINER_HOTSEAT] = dock
        return true
    }

    private fun placeOnDesktop(item: ItemInfo): Boolean {
        val isOutside = item.cellX < 0 || item.cellY < 0 ||
            item.cellX + item.spanX > options.columns || item.cellY + item.spanY > options.rows
        if (isOutside) return false
        val page = occupied.getOrPut(item.screenId) { newPage(item.screenId) }
        if (!page.isRegionVacant(item.cellX, item.cellY, item.spanX, item.spanY)) return false
        page.markCells(item.cellX, item.cellY, item.spanX, item.spanY)
        return true
    }

    private fun newPage(screenId: Int): GridOccupancy {
        val page = GridOccupancy(options.columns + 1, options.rows + 1)
        if (screenId == Favorites.FIRST_SCREEN_ID && reservesFirstRow) page.markCells(0, 0, options.searchColumns, 1)
        return page
    }
}
