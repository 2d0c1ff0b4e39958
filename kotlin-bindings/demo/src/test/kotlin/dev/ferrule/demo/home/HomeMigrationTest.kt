package dev.ferrule.demo.home

import dev.ferrule.demo.DemoRun
import dev.ferrule.guard.Answerer
import dev.ferrule.guard.CandidateFactory
import dev.ferrule.guard.Party
import dev.ferrule.guard.ReasonCode
import dev.ferrule.guard.Verdict
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path

/** The walk from legacy to Ferrule for one home screen, with candidates that misbehave. */
class HomeMigrationTest {
    @TempDir
    lateinit var folder: Path

    private fun ask(candidate: CandidateFactory<HomeQuestion, HomeAnswer>): HomeResult =
        HomeMigration(candidate, { false }, Homes.sample(folder)).run { off(); run() }

    private fun demo(candidate: CandidateFactory<HomeQuestion, HomeAnswer>): DemoRun {
        val rows = Homes.app(1, "Mail", 0, 0, 0) + Homes.app(2, "Maps", 0, 1, 0)
        val db = Homes.make(folder.resolve("launcher.db"), Homes.AOSP + rows)
        return DemoRun.of(folder, "--db", "$db", home = candidate)
    }

    @Test
    fun `a candidate that cannot be created leaves the answer to legacy`() {
        val result = ask { throw UnsatisfiedLinkError("gone") }
        assertNull(result.ferrule)
        assertEquals(ReasonCode.UNAVAILABLE, result.live.reason)
        assertEquals(listOf(1, 1, 1, 1), result.steps.map { it.answeredBy(Party.LEGACY) })
        assertEquals(143, result.legacy.count(Fate.SHOWN))
    }

    @Test
    fun `a candidate that throws makes the program say so, and the page shows legacy alone`() {
        val run = demo { Answerer { throw StackOverflowError() } }
        assertEquals(1, run.code)
        assertTrue("Ferrule did not answer for the home screen; legacy did" in run.err, run.err)
        assertTrue("Ferrule gave no answer" in run.out, run.out)
        val page = Files.readString(folder.resolve("ferrule-demo.html"))
        assertTrue("After legacy" in page && "After Ferrule" !in page)
    }

    @Test
    fun `an item that Ferrule loses makes the program fail`() {
        val run = demo(Homes.candidate { item, end -> end.takeIf { item.id != 2L } })
        assertEquals(1, run.code, run.out)
        assertTrue("Ferrule lost 1 item of the home screen" in run.err, run.err)
        assertTrue("Ferrule loses 1." in run.out, run.out)
        assertTrue("UNEXPLAINED" in run.out, run.out)
    }

    @Test
    fun `what legacy does otherwise than foreseen is unexplained`() {
        fun foreseen(code: String) = Homes.candidate { item, end ->
            if (item.title != "Tickets") end
            else FerruleEnd(end.fate, end.place, end.code, end.codes, code, isMoved = false, end.remedies)
        }
        assertEquals(Verdict.Kind.EXPLAINED, ask(foreseen("LM_APP_NOT_INSTALLED_EXTERNAL_MEDIA")).shadow.verdict?.kind)
        for (code in listOf("LM_LOADED", "LM_UNPARENTED", "LM_ZOMBIE_PROVIDER")) {
            assertEquals(Verdict.Kind.MISMATCH, ask(foreseen(code)).shadow.verdict?.kind, code)
        }
    }

    @Test
    fun `a difference without a code is unexplained`() {
        val silent = Homes.candidate { _, end ->
            FerruleEnd(end.fate, end.place, end.code, emptyList(), end.legacyCode, isMoved = false, emptyList())
        }
        assertEquals(Verdict.Kind.MISMATCH, ask(silent).shadow.verdict?.kind)
    }

    @Test
    fun `killed means legacy on the next call`() {
        val killed = ask(Homes.candidate()).steps.last()
        assertEquals(listOf(ReasonCode.KILLED), killed.decisions.map { it.reason })
    }

    @Test
    fun `every board has every item exactly once, wherever it ended`() {
        // Each fate at every third item, with places in the way of others, off the grid and nowhere.
        val places = listOf(
            Place.Desktop(0, 0, 0, 4, 6), Place.Desktop(9, 70, -1, 1, 1), Place.Dock(99), Place.Inside(20, 3), Place.Elsewhere(7), null,
        )
        val fates = Fate.values()
        val result = ask(
            Homes.candidate { item, end ->
                val at = item.id.toInt()
                val (fate, place) = fates[at % fates.size] to places[at / 2 % places.size]
                FerruleEnd(fate, place, end.code, end.codes, end.legacyCode, isMoved = at % 5 == 0, emptyList())
            },
        )
        for (plan in listOf(BoardPlan.stored(result), BoardPlan.legacy(result), BoardPlan.ferrule(result))) {
            val boards = (0 until plan.pageCount).map(plan::page) + plan.dock
            fun all(sprite: Sprite): List<Long> = listOf(sprite.item.id) + sprite.inside.flatMap(::all)
            val drawn = boards.flatMap { board -> board.tiles.map { it.second } + board.tray }.flatMap(::all)
            assertEquals((1L..180L).toList(), drawn.sorted())
        }
    }
}
