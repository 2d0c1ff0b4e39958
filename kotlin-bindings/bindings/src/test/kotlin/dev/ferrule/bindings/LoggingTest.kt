package dev.ferrule.bindings

import dev.ferrule.os4.Samples
import dev.ferrule.uniffi.selfTestPanic
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger

/** Log lines reach a Kotlin sink, from whatever thread. */
class LoggingTest {
    private val lines = ConcurrentLinkedQueue<Triple<LogLevel, String, String>>()

    @AfterEach
    fun silence() {
        Logging.setLevel(LogLevel.OFF)
        Logging.setSink(null)
    }

    private fun collect() = Logging.setSink { level, line -> lines += Triple(level, line, Thread.currentThread().name) }

    @Test
    fun aDecisionIsLoggedWithItsSpans() {
        collect()
        Logging.setLevel(LogLevel.INFO)
        Samples.decide()
        val line = lines.single { "decided" in it.second }
        assertEquals(LogLevel.INFO, line.first)
        assertEquals(
            "ferrule::os: decided family=\"hyperos\" major=4 confidence=\"high\" spoofed=false",
            line.second,
        )
        Logging.setLevel(LogLevel.DEBUG)
        Samples.decide()
        assertTrue(lines.last { "decided" in it.second }.second.endsWith("(call{entry=\"decide\"} > decide{keys=7})"), lines.toString())
    }

    @Test
    fun theLevelChangesAtRunTime() {
        collect()
        Logging.setLevel(LogLevel.INFO)
        Samples.decide()
        val before = lines.size
        Logging.setLevel(LogLevel.ERROR)
        Samples.decide()
        assertTrue(before > 0)
        assertEquals(before, lines.size)
    }

    @Test
    fun nativeThreadsAreAttachedByNameAndGoneAfterwards() {
        collect()
        Logging.setLevel(LogLevel.ERROR)
        assertEquals(16L, NativeBridge.selfTest(8, 16))
        val ours = lines.filter { "line of a native thread" in it.second }
        val expected = (0..15).flatMap { thread -> (0..39).map { "number=$thread line=$it" } }
        assertEquals(expected.toSet(), ours.map { it.second.substring(it.second.indexOf("number=")) }.toSet())
        assertEquals(expected.size, ours.size)
        assertEquals(setOf("ferrule-selftest"), ours.map { it.third }.toSet())
        assertTrue(Thread.getAllStackTraces().keys.none { it.name == "ferrule-selftest" }, "none stays attached")
    }

    @Test
    fun aSinkThatThrowsIsContained() {
        val calls = AtomicInteger()
        Logging.setSink { _, _ ->
            calls.incrementAndGet()
            throw OutOfMemoryError("a sink that throws")
        }
        Logging.setLevel(LogLevel.INFO)
        assertTrue(Samples.decide().atLeastOS4)
        assertEquals(4L, NativeBridge.selfTest(8, 4))
        assertTrue(calls.get() > 0)
    }

    @Test
    fun aSinkMayCallFerruleAgain() {
        var depth = 0
        Logging.setSink { _, line ->
            depth++
            assertTrue(depth < 10, "no recursion")
            Logging.setLevel(LogLevel.INFO)
            Samples.decide()
            lines += Triple(LogLevel.INFO, line, "")
        }
        Logging.setLevel(LogLevel.INFO)
        Samples.decide()
        assertEquals(1, lines.count { "decided" in it.second })
    }

    @Test
    fun aPanicIsLoggedWithPlaceAndBacktrace() {
        collect()
        Logging.setLevel(LogLevel.ERROR)
        try {
            NativeBridge.selfTest(1, 0)
        } catch (_: NativePanicException) {
            // Expected; this test is about the line.
        }
        val line = lines.single { it.second.contains("panic at") }.second
        assertTrue(line.contains("selftest.rs:"), line)
        assertTrue(line.contains("self_test"), "a symbolised backtrace: $line")
        assertTrue(Regex(""" 0x[0-9a-f]+ - """).containsMatchIn(line), "addresses, for a library without symbols: $line")
        assertTrue(line.contains("build_id=\"${buildId()}\""), line)
        assertTrue(Regex(" base=0x[0-9a-f]*000\\b").containsMatchIn(line), line)
    }

    @Test
    fun aPanicOfTheControlPlaneOrOfANativeThreadIsLoggedOnce() {
        ControlPlane.require()
        collect()
        Logging.setLevel(LogLevel.ERROR)
        assertThrows(NativePanicException::class.java) { ControlPlane.call { selfTestPanic(7u) } }
        assertEquals(1L, NativeBridge.selfTest(9, 0))
        val panics = lines.filter { "panic at" in it.second }
        assertEquals(listOf(true, true), panics.map { "build_id=\"${buildId()}\"" in it.second }, panics.toString())
    }

    /** Out of the file of the shipped library: the GNU note is name length 4, length 20, type 3, `GNU`, and the id. */
    private fun buildId(): String {
        val bytes = File(System.getProperty(NativeLibrary.FILE_PROPERTY)).readBytes().toString(Charsets.ISO_8859_1)
        val note = "\u0004\u0000\u0000\u0000\u0014\u0000\u0000\u0000\u0003\u0000\u0000\u0000GNU\u0000"
        return bytes.substringAfter(note).take(20).map { "%02x".format(it.code) }.joinToString("")
    }
}
