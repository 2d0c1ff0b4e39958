package dev.ferrule.demo.icons

import dev.ferrule.demo.TextTable

/** The icons' day as tables of at most 100 columns, with or without colour. */
internal class IconText(private val colour: Boolean) {
    /** The whole report, without a line break at its end. */
    fun render(results: List<IconResult>): String = buildString {
        TextTable.wrap(IconWording.ABOUT, WIDTH).forEach(::appendLine)
        for (result in results) {
            appendLine()
            appendLine(table(result))
            TextTable.wrap(IconWording.scrolling(result), WIDTH).forEach(::appendLine)
            append(TextTable.wrap(IconWording.report(result), WIDTH).joinToString("\n"))
            if (result !== results.last()) appendLine()
        }
    }

    private fun table(result: IconResult): TextTable {
        val table = TextTable(listOf(15, 33, 16, 6, 11, 9))
        table.row(listOf("ICONS", result.title.uppercase(), "SEEN", "DRAWN", "TIME", "MEMORY")) { _, text -> paint(BOLD, text) }
        table.rule()
        for (scene in result.scenes) {
            val isBad = scene.count(Sight.BLANK) + scene.count(Sight.WRONG) > 0
            val cells = listOf(
                scene.title, scene.about, IconWording.sights(scene), "${scene.draws}", IconWording.time(scene.nanos),
                IconWording.bytes(scene.memoryBytes),
            )
            table.row(cells) { column, text -> if (column == 2) paint(if (isBad) RED else GREEN, text) else text }
        }
        return table
    }

    private fun paint(style: String, text: String): String =
        if (colour && text.isNotEmpty()) "\u001B[${style}m$text\u001B[0m" else text

    private companion object {
        private const val WIDTH = 100
        private const val BOLD = "1"
        private const val RED = "31"
        private const val GREEN = "32"
    }
}
