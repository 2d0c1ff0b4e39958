package dev.ferrule.guard.crash

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.io.IOException
import java.io.RandomAccessFile
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread

/** The beacon page: what is in flight is in the file, whatever becomes of the process (R24, contracts 6). */
class BeaconTest {
    @TempDir
    lateinit var directory: File

    private fun identity(pageBytes: Int = 4096) = ProcessIdentity(4711, "boot", "build", 123L, pageBytes)

    private fun page(): BeaconPage = BeaconPage.read(bytes())!!

    private fun Beacon.enter(feature: Int, op: Int) = enter(slot(), feature, op)

    private fun Beacon.leave() = slot().let { leave(it, it.depth - 1) }

    private fun bytes(): ByteArray = directory.listFiles()!!.single { it.name.endsWith(".beacon") }.readBytes()

    @Test
    fun `a page says who wrote it`() {
        for (size in listOf(4096, 16384)) {
            Beacon.open(directory, identity(size)).use {
                assertEquals(size, bytes().size)
                assertEquals(4711, page().pid)
                assertEquals(123L, page().startNanos)
                assertEquals(BeaconPage.idHash("boot"), page().boot)
                assertEquals(BeaconPage.idHash("build"), page().build)
                assertFalse(page().hasCalls)
            }
            assertEquals(0, directory.list()!!.size, "closing removes the file")
        }
    }

    @Test
    fun `calls nest and each is seen while it lasts`() {
        Beacon.open(directory, identity()).use { beacon ->
            for (feature in 0..3) beacon.enter(feature, feature + 10)
            assertEquals(listOf(0, 1, 2, 3), page().inFlight.map { it.feature })
            assertEquals(listOf(10, 11, 12, 13), page().inFlight.map { it.op })
            assertTrue(page().inFlight.all { it.tid != 0 }, "the kernel's thread is named")
            beacon.enter(4, 0)
            assertEquals(1, page().overflowNow, "deeper than a slot")
            assertEquals(0b11111L, page().suspects(), "every feature that had started")
            repeat(5) { beacon.leave() }
            assertFalse(page().hasCalls)
            assertEquals(0L, page().suspects())
            assertEquals(0b11111L, page().started)
        }
    }

    @Test
    fun `more threads than slots overflow, and a thread that ended leaves its slot`() {
        Beacon.open(directory, identity()).use { beacon ->
            val entered = CountDownLatch(64)
            val end = CountDownLatch(1)
            val threads = List(64) {
                thread {
                    beacon.enter(1, 0)
                    entered.countDown()
                    end.await()
                    beacon.leave()
                }
            }
            entered.await()
            assertEquals(63, page().inFlight.size)
            assertEquals(1, page().overflowNow)
            end.countDown()
            threads.forEach { it.join() }
            assertFalse(page().hasCalls)
            thread { beacon.enter(2, 0) }.join()
            assertEquals(listOf(2), page().inFlight.map { it.feature })
            // That thread ended inside its call; whoever takes its slot is not blamed for it.
            repeat(63) { thread { beacon.enter(1, 0); beacon.leave() }.join() }
            assertFalse(page().inFlight.any { it.feature == 2 })
        }
    }

    @Test
    fun `only the thread that crashed is blamed if it is known`() {
        Beacon.open(directory, identity()).use { beacon ->
            beacon.enter(0, 0)
            val other = CountDownLatch(1)
            val end = CountDownLatch(1)
            val second = thread {
                beacon.enter(2, 0)
                other.countDown()
                end.await()
                beacon.leave()
            }
            other.await()
            val tids = page().inFlight.associate { it.feature to it.tid }
            assertEquals(0b001L, page().suspects(tids.getValue(0)))
            assertEquals(0b100L, page().suspects(tids.getValue(2)))
            assertEquals(0b101L, page().suspects(1))
            assertEquals(0b101L, page().suspects())
            end.countDown()
            second.join()
            beacon.leave()
        }
    }

    @Test
    fun `any bytes are read without a throw`() {
        val whole = Beacon.open(directory, identity()).use { beacon ->
            beacon.enter(5, 1)
            bytes().also { beacon.leave() }
        }
        for (length in 0 until 64) assertNull(BeaconPage.read(whole.copyOf(length)))
        for (length in 64..whole.size) BeaconPage.read(whole.copyOf(length))
        for (at in 0 until 128) {
            val changed = whole.clone().also { it[at] = (it[at].toInt() xor 0xff).toByte() }
            val page = BeaconPage.read(changed)
            if (at < 6) assertNull(page, "byte $at")
            page?.suspects()
        }
    }

    @Test
    fun `a feature that no bit stands for is blamed on nobody`() {
        val whole = Beacon.open(directory, identity()).use { beacon ->
            beacon.enter(5, 1)
            bytes().also { beacon.leave() }
        }
        for (feature in listOf(63, 64, 0xffff)) {
            val changed = whole.clone()
            changed[64] = feature.toByte()
            changed[65] = (feature ushr 8).toByte()
            assertEquals(0L, BeaconPage.read(changed)!!.suspects())
        }
    }

    @Test
    fun `files of living processes are left alone and garbage is removed`() {
        Beacon.open(directory, identity()).use {
            val dead = File(directory, "8-1.beacon").apply { writeBytes(bytes()) }
            val garbage = File(directory, "9-1.beacon").apply { writeBytes(ByteArray(10)) }
            File(directory, "unrelated").writeText("x")
            assertEquals(listOf(dead), Beacon.leftBehind(directory, identity()).map { it.first })
            assertFalse(garbage.exists())
        }
    }

    @Test
    fun `a disk without room refuses the page before anything is stored in it`() {
        var isAsked = false
        val full = Beacon.Room { channel, bytes ->
            isAsked = true
            assertEquals(0L to 4096, channel.size() to bytes)
            throw IOException("No space left on device")
        }
        assertThrows(IOException::class.java) { Beacon.open(directory, identity(), full) }
        assertTrue(isAsked)
        assertEquals(0, directory.list()!!.size, "what was begun takes no room")
        Beacon.open(directory, identity()).close()
    }

    @Test
    fun `on a disk that is full in earnest the process lives and is refused`() {
        val java = File(System.getProperty("java.home"), "bin/java").path
        val script = "mount -t tmpfs -o size=64k tmpfs \"$1\" && echo mounted && exec \"$2\" -cp \"$3\" \"$4\" \"$1\""
        val output = File.createTempFile("full", ".txt")
        val arguments = listOf(directory.path, java, System.getProperty("java.class.path"), FullDisk::class.java.name)
        val status = try {
            val process = ProcessBuilder(listOf("unshare", "-rm", "sh", "-c", script, "sh") + arguments)
                .redirectErrorStream(true).redirectOutput(output).start()
            assertTrue(process.waitFor(15, TimeUnit.MINUTES))
            process.exitValue()
        } catch (_: IOException) {
            NO_COMMAND
        }
        val lines = output.readLines()
        output.delete()
        assumeTrue("mounted" in lines, "this machine lets no test mount a file system: $lines")
        assertEquals(0 to "refused", status to lines.last(), "$lines")
    }

    @Test
    fun `no other guard of the process drops the lock`() {
        Beacon.open(directory, identity()).use {
            assertThrows(IOException::class.java) { Beacon.open(directory, identity()) }
            assertEquals(emptyList<File>(), Beacon.leftBehind(directory, ProcessIdentity(1, "boot", "build", 1L, 4096)).map { it.first })
            assertEquals("locked", lookFromOutside())
        }
        assertEquals(0, directory.list()!!.size)
    }

    /** Another process, because a lock is a process's: to this one its own files are never locked. */
    private fun lookFromOutside(): String {
        val file = directory.listFiles()!!.single { it.name.endsWith(".beacon") }
        val java = File(System.getProperty("java.home"), "bin/java").path
        val output = File(directory, "output")
        val process = ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), LockProbe::class.java.name, file.path)
            .redirectErrorStream(true).redirectOutput(output).start()
        assertTrue(process.waitFor(15, TimeUnit.MINUTES))
        return output.readText().trim().also { output.delete() }
    }

    @Test
    fun `what a used-up stack could not take back is gone with the next call`() {
        Beacon.open(directory, identity()).use { beacon ->
            val slot = beacon.slot()
            for (depth in 0..5) beacon.enter(slot, depth, 0)
            assertEquals(4 to 2, page().inFlight.size to page().overflowNow)
            // The inner frames did not get to leave.
            beacon.leave(slot, 1)
            assertEquals(listOf(0) to 0, page().inFlight.map { it.feature } to page().overflowNow)
            beacon.enter(slot, 7, 0)
            // Nor did this one, of whose call only the depth was taken back.
            slot.depth = 1
            beacon.enter(slot, 8, 0)
            assertEquals(listOf(0, 8), page().inFlight.map { it.feature })
            slot.depth = 0
            beacon.settle()
            assertFalse(page().hasCalls)
        }
    }

    @Test
    fun `each exit reason weighs as its row says`() {
        val busy = Beacon.open(directory, identity()).use { beacon ->
            beacon.enter(2, 0)
            page().also { beacon.leave() }
        }
        val idle = Beacon.open(directory, identity()).use { beacon ->
            beacon.enter(2, 0)
            beacon.leave()
            page()
        }
        val rows = mapOf(
            ExitReason.UNKNOWN to Triple(true, true, false),
            ExitReason.CRASH_NATIVE to Triple(true, true, true),
            ExitReason.CRASH to Triple(false, false, false),
            ExitReason.SIGNALED_FAULT to Triple(true, true, true),
            ExitReason.SIGNALED_OTHER to Triple(false, false, false),
            ExitReason.ANR_IN_CANDIDATE to Triple(true, false, false),
            ExitReason.ANR_ELSEWHERE to Triple(false, false, false),
            ExitReason.INITIALIZATION_FAILURE to Triple(true, true, false),
            ExitReason.EXIT_SELF to Triple(true, true, false),
            ExitReason.LOW_MEMORY to Triple(false, false, false),
            ExitReason.USER_REQUESTED to Triple(false, false, false),
            ExitReason.PACKAGE_UPDATED to Triple(false, false, false),
            ExitReason.FREEZER to Triple(false, false, false),
            ExitReason.OTHER to Triple(false, false, false),
        )
        assertEquals(ExitReason.values().toSet(), rows.keys)
        for ((reason, row) in rows) {
            val (counts, native, nativeAtRest) = row
            val blame = Blame.of(busy, reason)
            assertEquals(counts to native, (blame.features == 0b100L) to blame.native, "$reason")
            assertEquals(0L to nativeAtRest, Blame.of(idle, reason).let { it.features to it.native }, "$reason at rest")
        }
    }
}

private const val NO_COMMAND = 127

/** Fills a disk and wants a page on it. */
object FullDisk {
    @JvmStatic
    fun main(arguments: Array<String>) {
        val directory = File(arguments.single())
        try {
            File(directory, "filler").outputStream().use { filler -> while (true) filler.write(1) }
        } catch (_: IOException) {
            println("full")
        }
        val said = try {
            Beacon.open(directory, ProcessIdentity(1, "boot", "build", 1L, 4096)).let { it.enter(it.slot(), 0, 0) }
            "marked"
        } catch (_: IOException) {
            "refused"
        }
        println(said)
    }
}

/** Says whether another process has locked a file. */
object LockProbe {
    @JvmStatic
    fun main(arguments: Array<String>) {
        RandomAccessFile(arguments.single(), "rw").use { println(if (it.channel.tryLock() == null) "locked" else "free") }
    }
}
