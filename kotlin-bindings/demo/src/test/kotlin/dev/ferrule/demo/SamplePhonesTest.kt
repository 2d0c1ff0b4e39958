package dev.ferrule.demo

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit

/** The whole program on the phones that the project ships. */
class SamplePhonesTest {
    @TempDir
    lateinit var folder: Path

    @BeforeEach
    fun library() = DemoRun.requireLibrary()

    /** Set `-Dferrule.golden.update=true` to accept a change of the report. */
    @Test
    fun `prints the report on file`() {
        val run = DemoRun.of(folder, "--out", "$folder/page.html")
        val report = run.out.substringBefore("\nA sample home screen")
        val golden = File("src/test/resources/sample-phones.txt")
        if (System.getProperty("ferrule.golden.update") == "true") golden.writeText(report)
        assertEquals(golden.readText(), report)
        assertEquals(0, run.code, run.err)
    }

    @Test
    fun `fits 120 columns`() {
        val run = DemoRun.of(folder)
        val lines = run.out.lines().filterNot { it.startsWith("Page with") }
        assertEquals(emptyList<String>(), lines.filter { it.length > 120 })
    }

    @Test
    fun `leaves no difference unexplained and asks both paths`() {
        val result = Migration({ FerruleCheck() }, { ControlCheck() }, { true }).run(PhoneSource.samples())
        for (phone in result.phones) {
            assertTrue(Wording.differences(phone).none { it.first == "UNEXPLAINED" }, phone.phone.name)
            assertEquals(true, phone.pathsAgree, phone.phone.name)
            assertEquals(0L, phone.control?.reading?.ignoredLines, phone.phone.name)
        }
        assertEquals(10, result.phones.size)
    }

    @Test
    fun `writes a page that stands alone and says where`() {
        Files.createDirectory(folder.resolve("target"))
        val run = DemoRun.of(folder)
        val page = folder.resolve("target/ferrule-demo.html")
        assertTrue(run.out.trim().endsWith("Page with all reasons: ${page.toAbsolutePath().normalize()}"), run.out)
        PageCheck.check(Files.readString(page))
    }

    @Test
    fun `colours only where they are wanted`() {
        assertTrue('\u001B' !in DemoRun.of(folder).out)
        assertTrue('\u001B' in DemoRun.of(folder, colour = true).out)
    }

    @Test
    fun `as a process off loads nothing and the exit code is 0`() {
        val process = Child.run(folder, library = System.getProperty("ferrule.library"))
        assertEquals(0, process.code, process.err)
        val off = process.out.lines().first { it.startsWith("OFF ") }
        assertTrue(off.endsWith("not loaded"), off)
        assertTrue('\u001B' !in process.out, "no colours where there is no terminal")
    }

    @Test
    fun `without the library legacy answers and the exit code is 1`() {
        val process = Child.run(folder, library = "$folder/nothing.so")
        assertEquals(1, process.code, process.out)
        assertTrue("FFI_LIBRARY_MISSING" in process.err, process.err)
        assertTrue("legacy answered 10 (RO_UNAVAILABLE)" in process.out, process.out)
        assertTrue("HyperOS 4.0, at least" in process.out)
    }

    /** The program as a process of its own. */
    private class Child(val code: Int, val out: String, val err: String) {
        companion object {
            fun run(folder: Path, library: String): Child {
                val (out, err) = folder.resolve("out").toFile() to folder.resolve("err").toFile()
                val java = File(System.getProperty("java.home"), "bin/java").path
                val process = ProcessBuilder(
                    java, "-Dferrule.library=$library", "-cp", System.getProperty("java.class.path"), "dev.ferrule.demo.MainKt",
                ).directory(folder.toFile()).redirectOutput(out).redirectError(err).start()
                check(process.waitFor(15, TimeUnit.MINUTES)) { process.destroyForcibly() }
                return Child(process.exitValue(), out.readText(), err.readText())
            }
        }
    }
}
