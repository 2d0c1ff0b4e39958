package dev.ferrule.legacy.launcher

import dev.ferrule.legacy.launcher.tool.CaseRunner
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test
import java.io.File

/**
 * The vectors notice when a row of the decision table is broken. What was broken and which case noticed it is written to
 * `target/loader-mutants.md`.
 */
class MutantsTest {
    private class Catch(val mutant: Mutant, val tried: Int, val by: LoaderCase?, val difference: String)

    @Test
    fun `every broken row is caught by a case`() {
        val cases = ConformanceData.loaderCases()
        assumeTrue(cases.isNotEmpty(), "no conformance data")
        val byGroup = cases.groupBy { it.id.substringBefore('/') }
        val catches = Mutants.all.map { find(it, byGroup) }
        report(catches)
        assertEquals(emptyList<String>(), catches.filter { it.by == null }.map { "${it.mutant.row}: ${it.mutant.change}" })
    }

    /** Tries cases until one notices, those of the mutant's groups first. */
    private fun find(mutant: Mutant, byGroup: Map<String, List<LoaderCase>>): Catch {
        val order = mutant.groups.asList() + (byGroup.keys - mutant.groups.toSet())
        var tried = 0
        for (case in order.flatMap { byGroup[it].orEmpty() }) {
            tried++
            val differences = differences(case.output, runner.run(case.input, mutant.rules))
            if (differences.isNotEmpty()) return Catch(mutant, tried, case, differences.first().substringBefore(':'))
        }
        return Catch(mutant, tried, null, "")
    }

    private fun report(catches: List<Catch>) {
        val classes = File(MutantsTest::class.java.protectionDomain.codeSource.location.toURI())
        val lines = ArrayList<String>()
        lines += "# Rows of the decision table (launcher-model B.3) broken one at a time in the legacy loader"
        lines += ""
        lines += "${catches.count { it.by != null }} of ${catches.size} mutations caught by the vectors alone."
        lines += ""
        lines += "| row | mutation | caught by | first member that differs | cases run |"
        lines += "|---|---|---|---|---|"
        catches.mapTo(lines) {
            "| ${it.mutant.row} | ${it.mutant.change} | ${it.by?.id ?: "**nothing**"} | ${it.difference} | ${it.tried} |"
        }
        File(classes.parentFile, "loader-mutants.md").writeText(lines.joinToString("\n", postfix = "\n"))
    }

    private companion object {
        val runner = CaseRunner()

        @JvmStatic
        @AfterAll
        fun close() = runner.close()
    }
}
