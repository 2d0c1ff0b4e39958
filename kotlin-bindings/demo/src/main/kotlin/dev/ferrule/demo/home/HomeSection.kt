package dev.ferrule.demo.home

import dev.ferrule.demo.Html
import dev.ferrule.demo.HtmlReport
import dev.ferrule.demo.counted

/** One home screen as a part of the page: the tally, drawn pages before and after, and what became of each item. */
internal class HomeSection(private val result: HomeResult) {
    private val home = result.home
    private val stored = BoardPlan.stored(result)
    private val legacy = BoardPlan.legacy(result)
    private val ferrule = BoardPlan.ferrule(result).takeIf { result.ferrule != null }

    /** Adds the part to [html]. */
    fun addTo(html: Html): Unit = html.tag("section", "class" to "home", "id" to "home") {
        tag("h2", "Does the home screen survive a start?")
        tag("p", "${HomeWording.source(result)}. ${result.question.phone.about}".trim(), "class" to "about")
        tally()
        tag("h3", "Before and after")
        legend()
        repeat(maxOf(stored.pageCount, legacy.pageCount, ferrule?.pageCount ?: 0)) { page(it) }
        dock()
        stories()
        tag("h3", "Who answered")
        HtmlReport.steps(this, result.steps)
        if (home.isMiui) tag("p", HomeWording.MIUI_NOTE, "class" to "about")
    }

    private fun Html.tally() {
        tag("p", HomeWording.verdict(result), "class" to "verdict-line")
        tag("p", HomeWording.comparison(result), "class" to "about")
        tag("dl", "class" to "tally") {
            tallyOf("Legacy", result.legacy)
            result.ferrule?.let { tallyOf("Ferrule", it) }
        }
    }

    private fun Html.tallyOf(name: String, answer: HomeAnswer) {
        val parts = Fate.values().map { it to answer.count(it) }.filter { it.second > 0 }
        tag("dt", name)
        tag("dd") {
            val words = parts.joinToString { (fate, count) -> "$count ${fate.title}" }
            val size = "0 0 ${home.items.size.coerceAtLeast(1)} 10"
            tag("svg", "class" to "bar", "viewBox" to size, "preserveAspectRatio" to "none", "role" to "img") {
                tag("title", "$name: $words")
                var at = 0
                for ((fate, count) in parts) {
                    tag("rect", "class" to style(fate), "x" to "$at", "y" to "0", "width" to "$count", "height" to "10")
                    at += count
                }
            }
            tag("ul", "class" to "parts") {
                for ((fate, count) in parts) tag("li", "class" to style(fate)) {
                    tag("b", "$count")
                    text(" ${fate.title}")
                    if (fate == Fate.SHOWN && answer === result.ferrule && result.moved > 0) text(", ${result.moved} moved")
                }
                if (answer === result.ferrule) tag("li", "class" to if (result.lost == 0) "none" else "deleted") {
                    tag("b", "${result.lost}")
                    text(" lost")
                }
            }
        }
    }

    private fun Html.legend() {
        fun entry(kind: Kind, look: Look, words: String) = tag("li") {
            BoardPicture(this).swatch(kind, look)
            text(words)
        }
        tag("ul", "class" to "legend") {
            entry(Kind.APP, Look.PLAIN, "app")
            entry(Kind.SHORTCUT, Look.PLAIN, "shortcut")
            entry(Kind.PROMISE, Look.PLAIN, "app being installed")
            entry(Kind.FOLDER, Look.PLAIN, "folder")
            entry(Kind.WIDGET, Look.PLAIN, "widget")
            entry(Kind.VENDOR_WIDGET, Look.PLAIN, "launcher's own widget")
            entry(Kind.UNKNOWN, Look.PLAIN, "unknown type")
        }
        tag("ul", "class" to "legend") {
            entry(Kind.APP, Look.CLASH, "two want the same cells")
            entry(Kind.APP, Look.GHOST, "deleted")
            entry(Kind.APP, Look.FADED, "invisible")
            entry(Kind.APP, Look.HELD, "held: unavailable, at its place")
            entry(Kind.APP, Look.MOVED, "moved")
            entry(Kind.VENDOR_WIDGET, Look.OPAQUE, "kept as it is")
            entry(Kind.APP, Look.ASIDE, "set aside")
        }
    }

    private fun Html.page(number: Int) {
        val isNew = number >= home.pages.size
        figure("Page ${number + 1}" + if (isNew) " (new)" else "", summary { home.pageOf(it.item) == number }) {
            board("Stored", "Page ${number + 1} as it is stored", stored.page(number))
            board("After legacy", "Page ${number + 1} as legacy leaves it", legacy.page(number))
            ferrule?.let {
                board("After Ferrule", "Page ${number + 1} as Ferrule leaves it", it.page(number))
            }
        }
    }

    private fun Html.dock() {
        val pages = home.pages.indices
        val title = if (stored.dock.tray.isEmpty()) "Dock" else "Dock, and what lies nowhere"
        figure(title, summary { home.pageOf(it.item) !in pages }) {
            board("Stored", "The dock as it is stored", stored.dock, isDock = true)
            board("After legacy", "The dock as legacy leaves it", legacy.dock, isDock = true)
            ferrule?.let { board("After Ferrule", "The dock as Ferrule leaves it", it.dock, isDock = true) }
        }
    }

    private fun Html.figure(title: String, words: String, boards: Html.() -> Unit) {
        tag("figure", "class" to "page") {
            tag("figcaption") {
                tag("h4", title)
                if (words.isNotEmpty()) tag("p", words)
            }
            // A narrow screen scrolls it sideways; the keyboard has to reach it for that.
            tag("div", "class" to "boards", "tabindex" to "0", "role" to "group", "aria-label" to title, content = boards)
        }
    }

    private fun Html.board(who: String, label: String, board: Board, isDock: Boolean = false) {
        tag("div") {
            tag("p", who, "class" to "who")
            BoardPicture(this).draw(board, label, trayTitle(board.tray), isDock)
        }
    }

    private fun trayTitle(tray: List<Sprite>): String {
        val looks = tray.map { it.look }.toSet()
        return when {
            looks == setOf(Look.GHOST) -> "deleted"
            looks == setOf(Look.FADED) -> "invisible"
            looks.any { it == Look.GHOST || it == Look.FADED } -> "deleted or invisible"
            looks == setOf(Look.ASIDE) -> "set aside, restorable"
            looks.any { it != Look.PLAIN } -> "kept off the page"
            tray.any { it.item.place is Place.Desktop } -> "outside the grid"
            else -> "in a folder that is gone"
        }
    }

    /** What happened to the items of a page, in one sentence. */
    private fun summary(belongs: (Fork) -> Boolean): String {
        val forks = result.forks.filter(belongs)
        if (forks.isEmpty()) return ""
        if (forks.none { it.differs }) return "${counted(forks.size, "item")}, no difference."
        fun legacy(fate: Fate) = forks.count { it.legacy.fate == fate }
        fun ferrule(fate: Fate) = forks.count { it.ferrule.fate == fate }
        val legacyDid = done(
            legacy(Fate.DELETED) to { "deletes $it" },
            legacy(Fate.INVISIBLE) to { "leaves $it invisible" },
            forks.count { it.isShrunk } to { "makes ${counted(it, "big folder")} small" },
        )
        val ferruleDid = done(
            ferrule(Fate.HELD) to { "holds $it" },
            forks.count { it.isMoved } to { "moves $it" },
            ferrule(Fate.QUARANTINED) to { "sets $it aside" },
            ferrule(Fate.OPAQUE) to { if (it == 1) "keeps 1 as it is" else "keeps $it as they are" },
        )
        return "Of ${counted(forks.size, "item")}, legacy $legacyDid; Ferrule $ferruleDid."
    }

    private fun done(vararg deeds: Pair<Int, (Int) -> String>): String =
        deeds.filter { it.first > 0 }.joinToString { (count, words) -> words(count) }.ifEmpty { "keeps all" }

    private fun Html.stories() {
        val stories = Story.all(result)
        if (stories.isEmpty()) return
        tag("h3", "What became of what, and what brings it back")
        tag("table", "class" to "stories") {
            tag("thead") {
                tag("tr") { listOf("Item", "Was", "Legacy", "Ferrule").forEach { tag("th", it, "scope" to "col") } }
            }
            tag("tbody") { stories.forEach { story(it) } }
        }
    }

    private fun Html.story(story: Story) {
        val (item, end) = story.first.item to story.first.ferrule
        tag("tr", "class" to if (end.fate == Fate.SHOWN) "good" else "warn") {
            tag("th", "scope" to "row") {
                text(if (story.forks.size > 1) counted(story.forks.size, "item") else item.title)
                if (story.forks.size > 1) tag("span", story.titles, "class" to "names")
            }
            tag("td", HomeWording.place(home, item.place), "data-label" to "Was")
            val style = if (story.first.legacy.fate == Fate.SHOWN) "same" else "legacy"
            tag("td", HomeWording.legacy(story.first), "data-label" to "Legacy", "class" to style)
            tag("td", "data-label" to "Ferrule") {
                text(HomeWording.ferrule(story.first))
                if (story.first.isMoved) text(", now ${HomeWording.place(home, end.place)}")
                story.remedy?.let { tag("span", "To bring it back: $it.", "class" to "back") }
                if (end.codes.isNotEmpty()) tag("span", "class" to "code") { tag("code", end.code) }
            }
        }
    }

    private fun style(fate: Fate): String = fate.name.lowercase()
}
