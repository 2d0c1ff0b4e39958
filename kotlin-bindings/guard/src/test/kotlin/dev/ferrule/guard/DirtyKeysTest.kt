package dev.ferrule.guard

import dev.ferrule.guard.state.DirtyLog
import dev.ferrule.guard.state.Disk
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.io.IOException
import java.io.RandomAccessFile
import java.util.Random

/** Keys whose sides may differ, over deaths of process and power (R10, R38, R39). */
class DirtyKeysTest {
    @TempDir
    lateinit var directory: File

    private val file by lazy { File(directory, "dirty") }

    /** A disk without the waiting; what it does is handed to [seen] first. */
    private class Quick(private val seen: ((Act) -> Unit)? = null) : Disk {
        override fun append(file: File, length: Int, bytes: ByteArray) {
            seen?.invoke(Act(file.read(), length, bytes))
            RandomAccessFile(file, "rw").use {
                it.setLength(length.toLong())
                it.seek(length.toLong())
                it.write(bytes)
            }
        }

        override fun replace(file: File, bytes: ByteArray) {
            seen?.invoke(Act(file.read(), null, bytes))
            file.writeBytes(bytes)
        }

        private fun File.read() = if (exists()) readBytes() else ByteArray(0)
    }

    /** One change of the file: behind [length], or all of it where that is null. */
    private class Act(val before: ByteArray, private val length: Int?, private val bytes: ByteArray) {
        val after = if (length == null) bytes else before.copyOf(length) + bytes

        /** Every content that a crash in it can leave. A record never lies in two sectors: it is there, or zeros, or not yet. */
        fun crashStates(): List<ByteArray> {
            if (length == null) return listOf(before, after)
            val cut = before.copyOf(length)
            val lengths = (1..bytes.size).map { cut + ByteArray(it) }
            return listOf(before, cut, after) + lengths + (1 until bytes.size).map { cut + bytes.copyOf(it) }
        }
    }

    private fun keys(disk: Disk = Quick()) = DirtyKeys(file, null, disk)

    private fun said(keys: DirtyKeys) = keys.keys to keys.needsFullResync

    @Test
    fun `what is marked is dirty until somebody who has seen the mark repairs it, also in the next process`() {
        val first = keys()
        first.mark(7)
        first.mark(-1)
        val seen = first.seen
        first.mark(7)
        first.clean(7, seen)
        first.clean(-1, seen)
        first.clean(99, seen)
        for (keys in listOf(first, keys())) {
            assertTrue(7 in keys && -1 !in keys && 99 !in keys)
            assertEquals(listOf(7L), keys.keys)
            assertFalse(keys.needsFullResync)
        }
        val next = keys()
        next.clean(7, next.seen)
        assertEquals(emptyList<Long>() to false, said(keys()))
    }

    @Test
    fun `a read of a dirty key waits for its repair`() {
        val keys = keys()
        keys.mark(1)
        var repairs = 0
        assertFalse(keys.isCurrent(1) { repairs++; false }, "read the other side")
        assertTrue(keys.isCurrent(1) { repairs++; keys.mark(1); true })
        assertTrue(1 in keys, "it was written again meanwhile")
        assertTrue(keys.isCurrent(1) { repairs++; true })
        assertTrue(keys.isCurrent(1) { error("it is clean") })
        assertEquals(3, repairs)
    }

    @Test
    fun `one key too many asks for everything, which a whole comparison gives`() {
        val keys = keys()
        for (key in 0L until DirtyLog.KEYS_MAX) keys.mark(key)
        assertFalse(keys.needsFullResync)
        val before = keys.seen
        keys.mark(5_000)
        val length = file.length()
        keys.mark(5_001)
        assertEquals(length, file.length(), "what is known already costs nothing")
        for (one in listOf(keys, keys())) {
            assertTrue(one.needsFullResync && 5_000L in one && 1_000_000L in one)
            assertEquals(DirtyLog.KEYS_MAX, one.keys.size)
        }
        keys.resynced(before)
        assertTrue(keys.needsFullResync, "it had not seen the overflow")
        keys.resynced(keys.seen)
        assertFalse(keys().needsFullResync)
        assertEquals(DirtyLog.KEYS_MAX, keys().keys.size)
    }

    @Test
    fun `the file stays within its bound and numbers never go back`() {
        val keys = keys()
        var seen = 0L
        repeat(5_000) { round ->
            keys.mark(round % 10L)
            assertTrue(keys.seen > seen)
            seen = keys.seen
            assertTrue(file.length() <= DirtyKeys.FILE_BYTES_MAX)
        }
        repeat(10) { keys.clean(it.toLong(), keys.seen) }
        seen = keys.seen
        assertTrue(keys().seen >= seen)
        repeat(2_500) { keys.mark(1); keys.clean(1, keys.seen) }
        assertTrue(keys().let { it.keys.isEmpty() && it.seen >= keys.seen })
    }

    @Test
    fun `whatever a crash leaves of the file, all that was told is there and nothing else but what was being told`() {
        val acts = ArrayList<Act>()
        val random = Random(20261125)
        var states = 0
        var before = emptyList<Long>() to false
        val keys = keys(Quick { acts += it })
        repeat(6_000) { round ->
            val key = random.nextInt(1_200).toLong()
            when (random.nextInt(20)) {
                0, 1 -> keys.clean(key, keys.seen)
                2 -> if (round % 50 == 0) keys.resynced(keys.seen)
                else -> keys.mark(key)
            }
            val after = said(keys)
            val sets = setOf(before.first.toSet() to before.second, after.first.toSet() to after.second)
            // All of them for some changes and for every one that writes the file anew.
            val isLooked = round < 100 || round % 997 == 0 || acts.any { it.after.size < it.before.size }
            for (act in acts) if (isLooked) for (content in act.crashStates()) {
                val crashed = File(directory, "crashed").also { it.writeBytes(content) }
                val next = DirtyKeys(crashed, null, Quick())
                val found = next.keys.toSet() to next.needsFullResync
                assertTrue(found in sets, "round $round, ${content.size} bytes")
                // And it goes on.
                next.mark(5_555)
                val again = DirtyKeys(crashed, null, Quick())
                assertEquals(next.keys.toSet() to next.needsFullResync, again.keys.toSet() to again.needsFullResync)
                states++
            }
            acts.clear()
            before = after
        }
        println("$states crash states of the dirty keys")
        assertTrue(states > 5_000, "$states")
    }

    @Test
    fun `damage anywhere but at the end asks for everything, and the next change mends the file`() {
        val keys = keys()
        for (key in 1L..5L) keys.mark(key)
        val whole = file.readBytes()
        for (at in 0 until whole.size - DirtyLog.BYTES) {
            file.writeBytes(whole.copyOf().also { it[at] = (it[at].toInt() xor 0x20).toByte() })
            val found = keys()
            assertTrue(found.needsFullResync, "byte $at")
            assertTrue(found.keys.size >= 4)
            found.resynced(found.seen)
            found.mark(9)
            assertEquals(false, keys().needsFullResync)
        }
        val random = Random(5)
        repeat(200) {
            file.writeBytes(ByteArray(random.nextInt(500)).also(random::nextBytes))
            val found = keys()
            assertTrue(found.needsFullResync || file.length() < 2 * DirtyLog.BYTES)
            assertEquals(emptyList<Long>(), found.keys)
        }
        file.delete()
        file.mkdirs()
        assertTrue(keys().needsFullResync, "what cannot be read may be anything")
    }

    @Test
    fun `a mark that could not be written counts, is told, and is written with the next one`() {
        var fails = false
        val quick = Quick { if (fails) throw IOException("disk full") }
        val keys = keys(quick)
        keys.mark(1)
        fails = true
        assertThrows(IOException::class.java) { keys.mark(2) }
        assertTrue(2 in keys)
        assertTrue(keys.isCurrent(1) { true })
        fails = false
        keys.mark(3)
        assertEquals(listOf(2L, 3L), keys().keys)
    }

    @Test
    fun `one owner at a time, and writes that left the two apart mark their keys`() {
        val dirty = DirtyKeys.open(directory, "launcher.model")!!
        assertNull(DirtyKeys.open(directory, "launcher.model"))
        DirtyKeys.open(directory, "another")!!.close()
        val rollout = Rollout()
        val feature = rollout.feature<Int, String>("launcher.model", { Answerer { if (it == 1) error("unknown") else "C" } })
            .writes(dirty.mirror { it.toLong() }).register()
        rollout.setStage(feature, Stage.LIVE)
        assertEquals("L", rollout.call(feature, 1) { "L" })
        assertEquals("C", rollout.call(feature, 2) { throw IOException("legacy cannot follow") })
        rollout.setStage(feature, Stage.RETIRE)
        assertEquals("C", rollout.call(feature, 3) { "L" })
        assertEquals(listOf(1L, 2L), dirty.keys)
        dirty.close()
        val next = DirtyKeys.open(directory, "launcher.model")!!
        assertEquals(listOf(1L, 2L), next.keys)
        next.close()
        assertEquals(0, rollout.harnessErrors)
    }
}
