package dev.ferrule.guard.crash

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.util.concurrent.CountDownLatch
import kotlin.concurrent.thread

/** The beacon page: what is in flight is in the file, whatever becomes of the process (R24, contracts 6). */
class BeaconTest {
    @TempDir
    lateinit var directory: File

    private fun identity(pageBytes: Int = 4096) = ProcessIdentity(4711, "boot", "build", 123L, pageBytes)

    private fun page(): BeaconPage = BeaconPage.read(bytes())!!

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
    fun `files of living processes are left alone and garbage is named`() {
        Beacon.open(directory, identity()).use {
            File(directory, "9-1.beacon").writeBytes(ByteArray(10))
            File(directory, "unrelated").writeText("x")
            val found = Beacon.leftBehind(directory, identity())
            assertEquals(listOf("9-1.beacon"), found.map { it.first.name })
            assertNull(found.single().second)
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
