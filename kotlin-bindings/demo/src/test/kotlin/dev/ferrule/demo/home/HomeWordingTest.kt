package dev.ferrule.demo.home

import dev.ferrule.legacy.launcher.RestoreError
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File

/** Every code that an item can end with has its words. */
class HomeWordingTest {
    private val codes = File("../../docs/codes.md").readLines().filter { it.startsWith("## LM_") }.map { it.removePrefix("## ") }

    @Test
    fun `every reason of legacy has words`() {
        val swept = listOf("LM_EMPTY_FOLDER", "LM_BAD_APP_PAIR", "LM_UNPARENTED")
        val reasons = RestoreError.values().map { "LM_${it.text.uppercase()}" } + swept
        assertEquals(reasons.toSortedSet(), HomeWording.deleted.keys.toSortedSet())
    }

    @Test
    fun `every code of what Ferrule keeps has words, and there is no other`() {
        val families = listOf("LM_HELD_", "LM_QUARANTINED_", "LM_RELOCATED_", "LM_KEPT_OPAQUE")
        val wanted = codes.filter { code -> families.any(code::startsWith) }
        assertTrue(wanted.size > 20)
        assertEquals(emptyList<String>(), wanted - HomeWording.kept.keys)
        assertEquals(emptySet<String>(), HomeWording.kept.keys - codes.toSet())
    }
}
