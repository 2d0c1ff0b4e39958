package dev.ferrule.guard.state

import dev.ferrule.guard.Safeguard
import dev.ferrule.guard.SafeguardSetup
import dev.ferrule.guard.Stage
import dev.ferrule.guard.crash.ProcessIdentity
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.nio.file.Files
import java.nio.file.attribute.PosixFilePermissions

/** Whoever else is on the device reads nothing of the guard's (contracts 7). */
class PrivateFileTest {
    @TempDir
    lateinit var directory: File

    private fun mode(file: File) = PosixFilePermissions.toString(Files.getPosixFilePermissions(file.toPath()))

    @Test
    fun `every file of an open guard is its owner's alone`() {
        assumeTrue("posix" in directory.toPath().fileSystem.supportedFileAttributeViews())
        val settings = Settings(0, "a", "a", Template.PURE, Rung(Stage.LIVE, 0), Rung(Stage.LIVE, 0), 0, false, false, 0u, emptyList())
        val compiled = Slots.encodeFile(Payload(DeviceRecord(features = listOf(FeatureRecord(settings)))))
        val setup = SafeguardSetup(directory, ProcessIdentity(1, "boot", "build", 1, 4096)) { 1_000L }.apply {
            this.compiled = compiled
            writer = java.util.concurrent.Executor { it.run() }
        }
        Safeguard.open(setup).use { safeguard ->
            safeguard.command("kill")
            safeguard.command("unkill")
            Disk.DURABLE.append(File(directory, "appended"), 0, byteArrayOf(1))
            Disk.DURABLE.replace(File(directory, "replaced"), byteArrayOf(1))
            val files = directory.walkTopDown().filter { it.isFile }.toList()
            assertTrue(files.size >= 5, "$files")
            assertEquals(emptyMap<String, String>(), files.associate { it.name to mode(it) }.filterValues { it != "rw-------" })
        }
    }

    @Test
    fun `what is there is opened as it is`() {
        val file = File(directory, "kept").apply { writeText("kept") }
        PrivateFile.open(file).use { assertEquals(4, it.length()) }
        assertEquals("kept", file.readText())
    }
}
