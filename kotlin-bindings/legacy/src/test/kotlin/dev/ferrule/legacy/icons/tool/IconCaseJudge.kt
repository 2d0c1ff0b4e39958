@file:JvmName("JudgeIconCases")

package dev.ferrule.legacy.icons.tool

import com.google.gson.JsonArray
import com.google.gson.JsonElement
import com.google.gson.JsonObject
import com.google.gson.JsonParser
import com.google.gson.JsonPrimitive
import dev.ferrule.legacy.launcher.differences
import dev.ferrule.legacy.launcher.tool.json
import dev.ferrule.legacy.launcher.tool.objects
import dev.ferrule.legacy.launcher.tool.string
import java.io.File
import java.io.PrintStream
import java.nio.file.Files

/**
 * What the legacy icon cache answers differently from AOSP's own, over one recorded case: results, rows, memory and order
 * of calls after every operation. Names and colours stand for pictures, as there is no Skia here.
 */
object IconCaseJudge {
    /** The facts that differ, one text each; empty if there are none. [place] is a folder for the case's file. */
    fun differences(case: JsonObject, place: File): List<String> {
        val input = case.getAsJsonObject("input")
        val actual = IconCaseRunner(input, place, RecordedColors(case.get("output"))).run()
        val expected = case.getAsJsonObject("output").objects("ops")
        if (expected.size != actual.size) return listOf("operations: expected ${expected.size}, was ${actual.size}")
        val operations = input.objects("ops")
        return expected.indices.flatMap { at ->
            differences(reduced(expected[at]), reduced(actual[at])).map { "$at ${operations[at]}: $it" }
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

    private const val NULL_POINTER = "java.lang.NullPointerException"
}

/**
 * Judges every case of the file that the first argument names, one a line, and writes `{"id", "differences"}` for each to
 * standard output, one a line. A case that cannot be run differs by what was thrown.
 */
fun main(arguments: Array<String>) {
    val place = Files.createTempDirectory("ferrule-icon-cases").toFile()
    try {
        PrintStream(System.out, false, "UTF-8").use { out ->
            File(arguments.single()).useLines(Charsets.UTF_8) { lines ->
                lines.filter { it.isNotBlank() }.forEachIndexed { at, line ->
                    out.append(judged(line, place.resolve("$at").apply { mkdirs() }).toString()).append('\n')
                    place.resolve("$at").deleteRecursively()
                }
            }
        }
    } finally {
        place.deleteRecursively()
    }
}

private fun judged(line: String, place: File): JsonObject {
    val case = JsonParser.parseString(line).asJsonObject
    val differences = try {
        IconCaseJudge.differences(case, place)
    } catch (e: Exception) {
        listOf(e.toString())
    }
    return json("id" to case.string("id"), "differences" to differences)
}
