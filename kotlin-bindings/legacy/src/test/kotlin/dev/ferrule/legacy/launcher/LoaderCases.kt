package dev.ferrule.legacy.launcher

import com.google.gson.JsonElement
import com.google.gson.JsonObject
import com.google.gson.JsonParser
import java.io.File

/** A case of `launcher/peer/loader_cases.jsonl`: what Launcher3's own code answered. */
class LoaderCase(val id: String, val input: JsonObject, val output: JsonObject)

/** The conformance data that the build was given. */
object ConformanceData {
    /**
     * A file below `FERRULE_CONFORMANCE_DIR`, by default `shared/data` beside the project. Null if there is none, but a
     * failure on a build machine.
     */
    fun file(path: String): File? {
        val directory = System.getenv("FERRULE_CONFORMANCE_DIR")?.let(::File) ?: projectRoot().resolve("../shared/data")
        val file = directory.resolve(path)
        if (file.isFile) return file
        check(System.getenv("CI").isNullOrEmpty()) { "conformance data missing: $file" }
        return null
    }

    private fun projectRoot(): File =
        generateSequence(File("").absoluteFile) { it.parentFile }.first { it.resolve("kotlin-bindings").isDirectory }

    /** All lines of a file, or none. */
    fun lines(path: String): List<JsonObject> = file(path)
        ?.useLines(Charsets.UTF_8) { lines -> lines.map { JsonParser.parseString(it).asJsonObject }.toList() }
        .orEmpty()

    fun loaderCases(): List<LoaderCase> = lines("launcher/peer/loader_cases.jsonl").map {
        LoaderCase(it.get("id").asString, it.getAsJsonObject("input"), it.getAsJsonObject("output"))
    }
}

/** The members in which two outputs differ, one text each; empty if they are equal. */
fun differences(expected: JsonObject, actual: JsonObject): List<String> =
    (expected.keySet() + actual.keySet()).filter { expected.get(it) != actual.get(it) }
        .map { "$it: expected ${expected.get(it).text()}, was ${actual.get(it).text()}" }

private fun JsonElement?.text() = this?.toString() ?: "absent"
