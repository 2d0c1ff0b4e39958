package dev.ferrule.guard.state

import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.io.IOException

/** What is durable when a write returns: the bytes, and the name that they are found under (R43, R44). */
class DiskTest {
    @TempDir
    lateinit var directory: File

    /** What the directory holds whenever its names become durable: after a crash it is the last of these, or what came since. */
    private val settled = ArrayList<Map<String, String>>()
    private val disk = DurableDisk { folder ->
        assertEquals(directory, folder)
        settled += folder.listFiles()!!.associate { it.name to it.readText() }
    }
    private val file get() = File(directory, "file")

    @Test
    fun `a name is settled once all its bytes are there, and before anybody is told`() {
        disk.replace(file, "one".toByteArray())
        assertEquals(listOf(mapOf("file" to "one")), settled)
        disk.replace(file, "two".toByteArray())
        assertEquals(mapOf("file" to "two"), settled.last())
        assertFalse(File(directory, "file.new").exists())
    }

    @Test
    fun `a file that begins by appending is settled too, one that goes on has its name`() {
        disk.append(file, 0, "one".toByteArray())
        assertEquals(listOf(mapOf("file" to "one")), settled)
        disk.append(file, 3, "two".toByteArray())
        disk.append(file, 4, "x".toByteArray())
        assertEquals(1, settled.size)
        assertEquals("onetx", file.readText())
    }

    @Test
    fun `names that could not be settled are an error, as bytes are`() {
        val failing = DurableDisk { throw IOException("Input/output error") }
        assertThrows(IOException::class.java) { failing.replace(file, ByteArray(1)) }
        assertThrows(IOException::class.java) { failing.append(file, 0, ByteArray(1)) }
    }

    @Test
    fun `the real one opens the directory, and the first state is written through it`() {
        Disk.DURABLE.replace(file, byteArrayOf(1, 2))
        Disk.DURABLE.append(file, 2, byteArrayOf(3))
        assertArrayEquals(byteArrayOf(1, 2, 3), file.readBytes())
    }
}
