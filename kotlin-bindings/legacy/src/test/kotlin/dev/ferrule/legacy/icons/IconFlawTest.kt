package dev.ferrule.legacy.icons

import dev.ferrule.legacy.launcher.ConformanceData
import dev.ferrule.legacy.launcher.tool.string
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import java.io.File

/** The list of flaws is closed, documented, and each one is seen in the recording (contracts 6, R57). */
class IconFlawTest {
    private val page = generateSequence(File("").absoluteFile) { it.parentFile }
        .map { it.resolve("docs/codes.md") }.first(File::isFile).readText()

    @Test
    fun `codes are the names, each once`() {
        assertEquals(IconFlaw.entries.map { "IC_LEGACY_${it.name}" }, IconFlaw.entries.map(IconFlaw::code))
    }

    /** The entry names a case of the recording; a case that was kept back counts by its group. */
    @TestFactory
    fun `each flaw has an entry whose case is recorded`(): List<DynamicTest> {
        val recorded = ConformanceData.lines("icons/peer/icon_cases.jsonl").mapTo(HashSet()) { it.string("id")!! }
        val groups = recorded.mapTo(HashSet()) { it.substringBefore('/') }
        return if (recorded.isEmpty()) emptyList() else IconFlaw.entries.map { flaw -> dynamicTest(flaw.code) { check(flaw, groups) } }
    }

    private fun check(flaw: IconFlaw, groups: Set<String>) {
        val entry = page.substringAfter("## ${flaw.code}\n", "").substringBefore("\n## ")
        assertTrue(entry.isNotEmpty(), "no entry")
        val named = Regex("`([a-z_]+)/[^`]+`").findAll(entry).map { it.groupValues[1] }.toList()
        assertTrue(named.isNotEmpty() && groups.containsAll(named), "names $named")
    }
}
