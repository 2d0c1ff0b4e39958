package dev.ferrule.legacy.launcher

import com.google.gson.JsonObject
import dev.ferrule.legacy.launcher.tool.json
import dev.ferrule.legacy.launcher.tool.objectOrNull
import dev.ferrule.legacy.launcher.tool.string
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory
import java.net.URISyntaxException

/** Intent texts are read and printed as the framework's class does it (launcher-model A.8, peer I1–I6). */
class IntentCasesTest {
    @TestFactory
    fun readsAndPrintsAsTheFramework(): List<DynamicTest> =
        ConformanceData.lines("launcher/peer/intents_cases.jsonl").map { case ->
            dynamicTest(case.string("id")) { assertEquals(expected(case), answer(case.string("input")!!)) }
        }

    private fun expected(case: JsonObject): JsonObject {
        val exception = case.objectOrNull("exception")
        if (exception != null) return json("exception" to exception.string("class"), "index" to case.get("error_index"))
        return fields(case.getAsJsonObject("result"))
    }

    private fun fields(result: JsonObject): JsonObject = json(
        "action" to result.string("action"),
        "data" to result.string("data"),
        "type" to result.string("type"),
        "package" to result.string("package"),
        "component" to result.string("component"),
        "flags" to result.get("flags"),
        "to_uri" to result.string("to_uri"),
        "selector" to result.objectOrNull("selector")?.let(::fields),
    )

    private fun answer(text: String): JsonObject = try {
        fields(LauncherIntent.parseUri(text))
    } catch (e: URISyntaxException) {
        json("exception" to e.javaClass.name, "index" to e.index)
    } catch (e: NumberFormatException) {
        json("exception" to e.javaClass.name, "index" to null)
    }

    private fun fields(intent: LauncherIntent): JsonObject = json(
        "action" to intent.action,
        "data" to intent.data,
        "type" to intent.type,
        "package" to intent.packageName,
        "component" to intent.component?.flattenToString(),
        "flags" to intent.flags,
        "to_uri" to intent.toUri(),
        "selector" to intent.selector?.let(::fields),
    )
}
