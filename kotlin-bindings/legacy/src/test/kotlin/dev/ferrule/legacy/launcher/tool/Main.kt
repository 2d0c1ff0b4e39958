@file:JvmName("LegacyLoads")

package dev.ferrule.legacy.launcher.tool

import com.google.gson.JsonParser
import dev.ferrule.legacy.tool.OsAnswers
import java.io.PrintStream

/**
 * Reads `input` objects of loader cases from standard input, one a line, and writes the `output` object of each to
 * standard output, one a line; an object with a `phone` asks the OS check instead ([OsAnswers]). An empty line is skipped. A line that is no such object ends the run with status 2.
 */
fun main() {
    val out = PrintStream(System.out, false, "UTF-8")
    CaseRunner().use { runner ->
        System.`in`.bufferedReader(Charsets.UTF_8).useLines { lines ->
            lines.filter { it.isNotBlank() }.forEachIndexed { index, line ->
                val input = try {
                    JsonParser.parseString(line).asJsonObject
                } catch (e: RuntimeException) {
                    System.err.println("input ${index + 1}: ${e.message}")
                    out.flush()
                    kotlin.system.exitProcess(2)
                }
                val answer = if (OsAnswers.isAsked(input)) OsAnswers.answer(input) else runner.run(input)
                out.append(answer.toString()).append('\n')
            }
        }
    }
    out.flush()
}
