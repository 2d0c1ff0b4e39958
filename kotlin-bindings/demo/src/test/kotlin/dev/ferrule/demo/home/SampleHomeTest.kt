package dev.ferrule.demo.home

import dev.ferrule.demo.DemoRun
import dev.ferrule.demo.PageCheck
import dev.ferrule.demo.icons.IconWording
import dev.ferrule.guard.Party
import dev.ferrule.guard.Verdict
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import org.w3c.dom.Element
import java.io.File
import java.nio.file.Files
import java.nio.file.Path
import javax.xml.parsers.DocumentBuilderFactory

/** The sample home screen, and what both make of it. */
class SampleHomeTest {
    @TempDir
    lateinit var folder: Path

    @BeforeEach
    fun library() = DemoRun.requireLibrary()

    private fun ask(): HomeResult =
        HomeMigration({ FerruleHome() }, { true }, Homes.sample(folder)).run { off(); run() }

    private fun page(): String {
        assertEquals(0, DemoRun.of(folder, "--out", "$folder/page.html").code)
        return Files.readString(folder.resolve("page.html"))
    }

    @Test
    fun `holds what it is meant to hold`() {
        val home = HomeFile.sample(folder)
        assertEquals(180, home.items.size)
        assertEquals(listOf(1, 7, 3, 12, 5, 9), home.pages, "screenOrder counts, not the number")
        val kinds = home.items.groupingBy { it.kind }.eachCount()
        assertEquals(
            mapOf(
                Kind.APP to 155, Kind.PROMISE to 1, Kind.SHORTCUT to 3, Kind.FOLDER to 8, Kind.BIG_FOLDER to 3,
                Kind.WIDGET to 4, Kind.VENDOR_WIDGET to 4, Kind.UNKNOWN to 2,
            ),
            kinds.toSortedMap(),
        )
        assertEquals(6, home.items.mapNotNull { home.pageOf(it) }.distinct().size)
        assertEquals(5, home.items.count { it.place is Place.Dock })
        assertEquals(listOf("Postcards"), home.items.filter { it.place is Place.Elsewhere }.map { it.title })
        val tools = home.items.first { it.title == "Tools" }
        assertEquals(12, home.inside(tools.id).size)
        assertEquals("Recorder", home.inside(tools.id).first().title, "cellX is the order")
        assertEquals(GridSize(4, 6, 5), HomePhones.sample(home).grid)
    }

    @Test
    fun `legacy deletes what it deletes`() {
        val legacy = ask().legacy
        assertEquals(listOf(143, 7, 30), listOf(Fate.SHOWN, Fate.INVISIBLE, Fate.DELETED).map(legacy::count))
        val reasons = legacy.ends.values.filter { it.fate == Fate.DELETED }.groupingBy { it.code }.eachCount()
        assertEquals(
            mapOf(
                "LM_OVERLAPPING_ITEM" to 3, "LM_UNPARENTED" to 16, "LM_EMPTY_FOLDER" to 1,
                "LM_APP_NOT_INSTALLED_EXTERNAL_MEDIA" to 7, "LM_USER_PROFILE_DELETED" to 1, "LM_SHORTCUT_NOT_FOUND" to 1,
                "LM_UNSPECIFIED_WIDGET_INFLATION_RESULT" to 1,
            ),
            reasons,
        )
    }

    @Test
    fun `Ferrule loses nothing and has foreseen all that legacy does`() {
        val result = ask()
        assertEquals(0, result.lost)
        val ferrule = result.ferrule!!
        assertEquals(listOf(163, 10, 7, 0), listOf(Fate.SHOWN, Fate.HELD, Fate.OPAQUE, Fate.QUARANTINED).map(ferrule::count))
        val moved = result.forks.filter { it.isMoved }.map { it.item.title }
        assertEquals(listOf("Games", "Postcards", "Stopwatch", "Tide table"), moved.sorted())
        assertEquals(Verdict.Kind.EXPLAINED, result.shadow.verdict?.kind)
        assertEquals(Party.CANDIDATE, result.live.answeredBy)
        for (fork in result.forks.filter { it.ferrule.fate != Fate.SHOWN }) {
            assertTrue(fork.ferrule.remedies.isNotEmpty(), "${fork.item.title} says what brings it back")
        }
    }

    @Test
    fun `big folders stay big`() {
        val result = ask()
        for (fork in result.forks.filter { it.item.kind == Kind.BIG_FOLDER }) {
            val place = fork.ferrule.place as Place.Desktop
            assertEquals(2 to 2, place.width to place.height, fork.item.title)
        }
    }

    @Test
    fun `what was not moved is where it was`() {
        for (fork in ask().forks.filter { !it.isMoved }) assertEquals(fork.item.place, fork.ferrule.place, fork.item.title)
    }

    @Test
    fun `asking twice gives the same`() {
        fun told() = DemoRun.of(folder, "--out", "$folder/page.html").out
        assertEquals(told().substringBefore(ICONS), told().substringBefore(ICONS))
    }

    @Test
    fun `the page draws every item once before, once after legacy and once after Ferrule`() {
        val page = page()
        PageCheck.check(page)
        assertTrue("http" !in page, "nothing leads out of the page")
        val ids = (1..180).map { "$it" }.sorted()
        for (who in listOf("Stored", "After legacy", "After Ferrule")) {
            val boards = Regex("""<p class="who">$who</p>(<svg .*?</svg>)""").findAll(page).map { it.groupValues[1] }
            val drawn = boards.flatMap { svg ->
                val document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(svg.byteInputStream())
                val groups = document.getElementsByTagName("g")
                (0 until groups.length).map { (groups.item(it) as Element).getAttribute("data-item") }
            }
            assertEquals(ids, drawn.toList().sorted(), who)
        }
    }

    /** Set `-Dferrule.golden.update=true` to accept a change of the report. */
    @Test
    fun `prints the report on file`() {
        val run = DemoRun.of(folder, "--out", "$folder/page.html")
        val report = run.out.drop(run.out.indexOf("A sample home screen")).substringBefore(ICONS).trimEnd() + "\n"
        val golden = File("src/test/resources/sample-home.txt")
        if (System.getProperty("ferrule.golden.update") == "true") golden.writeText(report)
        assertEquals(golden.readText(), report)
        assertEquals(emptyList<String>(), report.lines().filter { it.length > 100 })
    }

    @Test
    fun `the guide shows lines of that report`() {
        val report = File("src/test/resources/sample-home.txt").readLines()
        val blocks = File("../../docs/guide/demo.md").readText().split("```").filterIndexed { at, _ -> at % 2 == 1 }
        val shown = blocks.filter { "LEGACY" in it || "ON THE SCREEN" in it }.flatMap { it.trim('\n').lines() }
        assertTrue(shown.size > 10)
        assertEquals(emptyList<String>(), shown - report.toSet())
    }

    private companion object {
        /** How the part about icons begins; it tells times, which differ from run to run. */
        val ICONS = IconWording.ABOUT.substringBefore(';')
    }
}
