package dev.ferrule.legacy.icons

import com.google.gson.JsonArray
import com.google.gson.JsonElement
import com.google.gson.JsonObject
import com.google.gson.JsonPrimitive
import dev.ferrule.legacy.icons.tool.IconCaseRunner
import dev.ferrule.legacy.icons.tool.IconCaseState
import dev.ferrule.legacy.icons.tool.RecordedColors
import dev.ferrule.legacy.launcher.ConformanceData
import dev.ferrule.legacy.launcher.differences
import dev.ferrule.legacy.launcher.tool.objects
import dev.ferrule.legacy.launcher.tool.string
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path

/**
 * The legacy icon cache answers every recorded case as AOSP's own did: results, rows, memory and order of calls after
 * every operation (icon-cache B, C, H, peer K1–K18). Names and colours stand for pictures, as there is no Skia here.
 */
class IconCasesTest {
    @TempDir
    private lateinit var directory: Path

    @TestFactory
    fun answersAsAospsCache(): List<DynamicTest> = ConformanceData.lines("icons/peer/icon_cases.jsonl").map { case ->
        dynamicTest(case.string("id")) {
            val input = case.getAsJsonObject("input")
            val place = Files.createTempDirectory(directory, "case").toFile()
            val actual = IconCaseRunner(input, place, RecordedColors(case.get("output"))).run()
            val expected = case.getAsJsonObject("output").objects("ops")
            val operations = input.objects("ops")
            assertEquals(expected.size, actual.size)
            val wrong = expected.indices.flatMap { at ->
                differences(reduced(expected[at]), reduced(actual[at])).map { "$at ${operations[at]}: $it" }
            }
            assertEquals("", wrong.joinToString("\n"))
            place.deleteRecursively()
        }
    }

    /** Without what only Skia's pixels can give; names of pictures without what pixels do not show. */
    private fun reduced(element: JsonObject): JsonObject = (reduced(element as JsonElement) as JsonObject).also {
        // How large a damaged picture was is Skia's, and so is the text of a null pointer.
        if (it.string("op") == "blob") it.remove("result")
        it.string("exception")?.let { text -> if (text.startsWith(NULL_POINTER)) it.addProperty("exception", NULL_POINTER) }
    }

    private fun reduced(element: JsonElement): JsonElement = when (element) {
        is JsonArray -> JsonArray().apply { element.forEach { add(reduced(it)) } }
        is JsonObject -> JsonObject().apply {
            for ((name, value) in element.entrySet()) {
                when (name) {
                    "argb_sha256", "sha256", "config" -> Unit
                    "themed_sha256" -> addProperty("themed", true)
                    "rows" -> addProperty(name, IconCaseState.UNREADABLE)
                    "bytes" -> if (!element.has("decoded")) add(name, value)
                    "icon_of" -> add(name, JsonPrimitive(pictureOf(value.asString)))
                    else -> add(name, reduced(value))
                }
            }
        }
        else -> element
    }

    private fun pictureOf(name: String) = name.removeSuffix("+mono").replace("live:", "adaptive:")

    private companion object {
        const val NULL_POINTER = "java.lang.NullPointerException"
    }
}
