package dev.ferrule.android.process

import dev.ferrule.bindings.NativeLibrary
import org.junit.Assert.assertEquals
import org.junit.Test
import org.junit.runner.JUnitCore
import java.io.File

/** Where Ferrule may run (contracts 7): a process in which JNA cannot be used. */
class ProcessMatrixTest {
    @Test
    fun `a process without JNA`() {
        val java = File(System.getProperty("java.home"), "bin/java").path
        val path = System.getProperty("java.class.path").split(File.pathSeparatorChar)
            .filterNot { File(it).name.startsWith("jna-") }
        val inherited = listOf(
            NativeLibrary.FILE_PROPERTY, "robolectric.offline", "robolectric.dependency.dir", "robolectric.enabledSdks",
        ).mapNotNull { name -> System.getProperty(name)?.let { "-D$name=$it" } }
        val command = listOf(java, "-cp", path.joinToString(File.pathSeparator)) + inherited +
            listOf(JUnitCore::class.java.name, JnaLessProcess::class.java.name)
        val output = File.createTempFile("child", ".txt")
        try {
            val process = ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start()
            val exit = process.waitFor()
            assertEquals(output.readText(), 0, exit)
        } finally {
            output.delete()
        }
    }
}
