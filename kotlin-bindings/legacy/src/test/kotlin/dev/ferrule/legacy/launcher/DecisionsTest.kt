package dev.ferrule.legacy.launcher

import com.google.gson.JsonParser
import dev.ferrule.legacy.launcher.tool.CaseDatabase
import dev.ferrule.legacy.launcher.tool.CasePlatform
import dev.ferrule.legacy.launcher.tool.objects
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Each row has one decision (SPEC-07), and a load that nothing has changed writes nothing the second time (SPEC-06). */
class DecisionsTest {
    private val input = JsonParser.parseString(
        """
        {"platform": {"profiles": [{"serial": 0}],
          "packages": [{"pkg": "a.b", "serial": 0, "is_package_enabled": true, "app_info": {"installed": true}}],
          "activities": [{"component": "a.b/.C", "serial": 0, "enabled": true, "label": "C"}]},
         "rows": [
          {"_id": 3, "itemType": 99, "container": -100, "screen": 0, "cellX": 1, "cellY": 0, "spanX": 1, "spanY": 1},
          {"_id": 1, "itemType": 0, "container": -100, "screen": 0, "cellX": 0, "cellY": 0, "spanX": 1, "spanY": 1,
           "intent": "#Intent;component=a.b/.C;end"},
          {"_id": 2, "itemType": 0, "container": -100, "screen": 0, "cellX": 0, "cellY": 0, "spanX": 1, "spanY": 1,
           "intent": "#Intent;component=gone/.C;end"},
          {"_id": 4, "itemType": 4, "container": -100, "screen": 0, "cellX": 2, "cellY": 0, "spanX": 1, "spanY": 1},
          {"_id": 5, "itemType": 0, "container": -100, "screen": 0, "cellX": 0, "cellY": 0, "spanX": 1, "spanY": 1,
           "intent": "#Intent;component=a.b/.C;end"}]}
        """,
    ).asJsonObject

    @Test
    fun `each row has a decision, in row order`() = withLoader { loader ->
        val decisions = loader.load().decisions.map { "${it.id} ${it.verdict} ${it.code}" }
        val expected = listOf(
            "1 ACCEPT ",
            "2 DELETE app_not_installed_external_media",
            "3 SKIP unknown_item_type",
            "4 SKIP java.lang.NullPointerException",
            "5 DELETE overlapping_item",
        )
        assertEquals(expected, decisions)
    }

    @Test
    fun `a load without a change writes nothing again`() = withLoader { loader ->
        loader.load()
        val second = loader.load()
        assertEquals(listOf("deleteBadAppPairs ", "deleteUnparentedApps ", "removeGhostWidgets []"), second.dbLog)
        assertTrue(second.deleted.isEmpty())
    }

    private fun withLoader(test: (LegacyLoader) -> Unit) = CaseDatabase().use { database ->
        database.fill(input.objects("rows"))
        val platform = CasePlatform(input.getAsJsonObject("platform"))
        val options = LoaderOptions(columns = 5, rows = 5, hotseat = 5, hasQsbOnFirstScreen = false)
        test(LegacyLoader(database.favorites, platform, options))
    }
}
