package dev.ferrule.bench

import dev.ferrule.bindings.NativeLibrary
import dev.ferrule.os4.OsCompat
import dev.ferrule.os4.PropertySource
import java.io.File
import java.util.concurrent.TimeUnit

private const val RUNS = 11

/**
 * From the first touch of the loader to the first answer, each time in a JVM of its own: `fast` by the hand-written path
 * (budget 5 ms), `generated` by UniFFI.
 *
 * Without arguments it starts those JVMs and prints one line a way: name, median, fastest and slowest in milliseconds.
 */
public fun main(arguments: Array<String>) {
    when (arguments.firstOrNull()) {
        "fast" -> timed {
            OsCompat.configure(PropertySource.of(properties), Phone.facts())
            OsCompat.atLeastOS4()
        }
        "generated" -> timed {
            Generated.prepare()
            Generated.ask(properties) > 0
        }
        else -> for (way in listOf("fast", "generated")) {
            val millis = List(RUNS) { child(way) }.sorted()
            println("cold_start_%s %.2f ms (%.2f to %.2f)".format(way, millis[RUNS / 2], millis.first(), millis.last()))
        }
    }
}

/** Made before the clock starts: the phone has its properties. */
private val properties = Phone.properties()

private inline fun timed(answer: () -> Boolean) {
    Phone.facts()
    properties.size
    val start = System.nanoTime()
    check(answer())
    println((System.nanoTime() - start) / 1e6)
}

private fun child(way: String): Double {
    val java = File(System.getProperty("java.home"), "bin/java").path
    val library = NativeLibrary.FILE_PROPERTY.let { "-D$it=${System.getProperty(it)}" }
    val process = ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), library, "dev.ferrule.bench.ColdStartKt", way)
        .redirectError(ProcessBuilder.Redirect.INHERIT).start()
    val output = process.inputStream.bufferedReader().readText()
    check(process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0) { output }
    return output.trim().toDouble()
}
