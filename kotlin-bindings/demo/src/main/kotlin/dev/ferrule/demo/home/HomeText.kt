package dev.ferrule.demo.home

import dev.ferrule.demo.StepTable
import dev.ferrule.demo.TextTable

/** One home screen as tables of at most 100 columns, with or without colour. */
internal class HomeText(private val colour: Boolean) {
    /** The whole report, without a line break at its end. */
    fun render(result: HomeResult): String = buildString {
        TextTable.wrap(HomeWording.source(result), WIDTH).forEach { appendLine(paint(BOLD, it)) }
        val about = result.question.phone.about
        if (about.isNotEmpty()) TextTable.wrap(about, WIDTH).forEach { appendLine(it) }
        appendLine()
        appendLine(totals(result))
        appendLine()
        if (result.ferrule != null) {
            appendLine(pages(result))
            appendLine()
            val stories = Story.all(result)
            if (stories.isNotEmpty()) {
                appendLine(stories(result, stories))
                appendLine()
            }
        }
        appendLine(StepTable.of(result.steps, listOf(20, 62, 12), ::paint))
        appendLine()
        val notes = listOfNotNull(HomeWording.comparison(result), HomeWording.MIUI_NOTE.takeIf { result.home.isMiui })
        notes.flatMap { TextTable.wrap(it, WIDTH) }.forEach { appendLine(it) }
        append(TextTable.wrap(HomeWording.verdict(result), WIDTH).joinToString("\n") { paint(BOLD, it) })
    }

    private fun totals(result: HomeResult): TextTable {
        val table = TextTable(listOf(10) + List(TOTALS.size) { 13 })
        table.row(listOf("") + TOTALS.map { it.title.uppercase() }) { _, text -> paint(BOLD, text) }
        table.rule()
        fun row(name: String, answer: HomeAnswer) {
            table.row(listOf(name) + TOTALS.map { "${answer.count(it)}" }) { column, text ->
                val isLoss = column > 0 && TOTALS[column - 1] in losses && text != "0"
                if (isLoss) paint(RED, text) else text
            }
        }
        row("Legacy", result.legacy)
        result.ferrule?.let { row("Ferrule", it) }
        return table
    }

    private fun pages(result: HomeResult): TextTable {
        val table = TextTable(listOf(16, 8, 10, 10, 12, 10, 10, 8))
        val titles = listOf("WHERE", "ITEMS", "LEGACY", "DELETES", "INVISIBLE", "FERRULE", "HOLDS", "MOVED")
        table.row(titles) { _, text -> paint(BOLD, text) }
        table.rule()
        val groups = result.forks.groupBy { result.home.pageOf(it.item) ?: if (isInDock(result, it)) DOCK else NOWHERE }
        for ((page, forks) in groups.toSortedMap()) {
            val name = if (page == DOCK) "Dock" else if (page == NOWHERE) "Nowhere" else "Page ${page + 1}"
            fun legacy(fate: Fate) = forks.count { it.legacy.fate == fate }
            fun ferrule(vararg fates: Fate) = forks.count { it.ferrule.fate in fates }
            val cells = listOf(
                forks.size, legacy(Fate.SHOWN), legacy(Fate.DELETED), legacy(Fate.INVISIBLE), ferrule(Fate.SHOWN),
                ferrule(Fate.HELD, Fate.OPAQUE, Fate.QUARANTINED), forks.count { it.isMoved },
            )
            table.row(listOf(name) + cells.map { "$it" }) { column, text ->
                if (column in 3..4 && text != "0") paint(RED, text) else text
            }
        }
        return table
    }

    private fun isInDock(result: HomeResult, fork: Fork): Boolean = when (val place = fork.item.place) {
        is Place.Dock -> true
        is Place.Inside -> result.home.item(place.collection)?.place is Place.Dock
        is Place.Desktop, is Place.Elsewhere -> false
    }

    private fun stories(result: HomeResult, stories: List<Story>): TextTable {
        val table = TextTable(listOf(17, 17, 24, 36))
        table.row(listOf("ITEM", "WAS", "LEGACY", "FERRULE")) { _, text -> paint(BOLD, text) }
        for (story in stories) {
            table.rule()
            val (item, end) = story.first.item to story.first.ferrule
            val where = if (story.first.isMoved) "now " + HomeWording.place(result.home, end.place) else null
            val remedy = story.remedy?.let { "to bring it back: $it" }
            val ferrule = listOfNotNull(HomeWording.ferrule(story.first), where, remedy)
            val cells = listOf(
                story.title, HomeWording.place(result.home, item.place), HomeWording.legacy(story.first),
                ferrule.joinToString("; ") + if (end.codes.isEmpty()) "" else " [${end.code}]",
            )
            table.row(cells) { column, text ->
                when (column) {
                    2 -> paint(if (story.first.legacy.fate == Fate.SHOWN) YELLOW else RED, text)
                    3 -> paint(if (end.fate == Fate.SHOWN) GREEN else YELLOW, text)
                    else -> text
                }
            }
        }
        return table
    }

    private fun paint(style: String, text: String): String =
        if (colour && text.isNotEmpty()) "\u001B[${style}m$text\u001B[0m" else text

    private companion object {
        const val WIDTH = 100
        const val DOCK = Int.MAX_VALUE - 1
        const val NOWHERE = Int.MAX_VALUE
        val TOTALS = listOf(Fate.SHOWN, Fate.HELD, Fate.OPAQUE, Fate.QUARANTINED, Fate.INVISIBLE, Fate.DELETED)
        val losses = setOf(Fate.INVISIBLE, Fate.DELETED)
        const val BOLD = "1"
        const val RED = "31"
        const val GREEN = "32"
        const val YELLOW = "33"
    }
}
