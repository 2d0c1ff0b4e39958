package dev.ferrule.legacy.launcher

/**
 * The shape of a folder's grid and the members that its preview shows (launcher-model C.8). It starts from the shape
 * that it had last, so the order in which folders are asked for matters.
 */
internal class FolderGridOrganizer(private val maxColumns: Int, private val maxRows: Int) {
    private var columns = 0
    private var rows = 0
    private var count = 0

    fun setFolder(folder: FolderInfo) {
        count = folder.contents.size
        if (count >= maxColumns * maxRows) {
            columns = maxColumns
            rows = maxRows
            return
        }
        do {
            val before = columns to rows
            step()
        } while (before != columns to rows)
    }

    private fun step() {
        when {
            columns * rows < count -> {
                if ((columns <= rows || rows == maxRows) && columns < maxColumns) columns++ else if (rows < maxRows) rows++
                if (rows == 0) rows = 1
            }
            (rows - 1) * columns >= count && rows >= columns -> rows = maxOf(0, rows - 1)
            (columns - 1) * rows >= count -> columns = maxOf(0, columns - 1)
        }
    }

    /** The first four; of more than four members, those of the upper left quadrant. */
    fun isItemInPreview(rank: Int): Boolean =
        if (count > PREVIEW_ITEMS) rank % columns < 2 && rank / columns < 2 else rank < PREVIEW_ITEMS

    private companion object {
        const val PREVIEW_ITEMS = 4
    }
}
