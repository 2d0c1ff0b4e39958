package dev.ferrule.guard.ledger

import dev.ferrule.guard.Stage
import dev.ferrule.guard.state.Crc32c
import dev.ferrule.guard.state.Disk
import dev.ferrule.guard.state.Lease
import dev.ferrule.guard.state.Rung
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.io.IOException
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.util.Random

/** The file of ledgers over crashes, damage, full disks and other processes: evidence may be lost, never invented. */
class LedgerFileTest {
    @TempDir
    lateinit var folder: File

    private val path by lazy { File(folder, LedgerFile.NAME) }

    /** A disk of the steps that [Disk.DURABLE] takes; [stop] may end any of them. */
    private class Stepping(private val stop: (File, String) -> Unit) : Disk {
        override fun append(file: File, length: Int, bytes: ByteArray) = error("a file of ledgers is never appended to")

        override fun replace(file: File, bytes: ByteArray) {
            val fresh = File(file.path + ".new")
            stop(file, "begin")
            for (written in listOf(0, 1, 7, bytes.size / 2, bytes.size)) {
                fresh.writeBytes(bytes.copyOf(written))
                stop(file, "written")
            }
            assertTrue(fresh.renameTo(file))
            stop(file, "renamed")
        }
    }

    private class Crash : IOException()

    private fun key(feature: String, rung: Rung = Rung.SHADOW) = LedgerKey(feature, "", "legacy-1", "9f3c", 1, "0".repeat(16), rung)

    private fun ledger(feature: String, matches: Int, mismatches: Int = 0) = Ledger(key(feature), Room.ofFile()).apply {
        repeat(matches) { record(Trial.MATCH, "a", it * 77L, it * 1_000L) }
        repeat(mismatches) { record(Trial.MISMATCH, "b", it * 78L, it * 1_000L) }
        signatures.record(key.about, Redacted(listOf("p value"), listOf("p value null 1")), null, 5)
        touched = matches.toLong()
    }

    private fun file(disk: Disk = Stepping { _, _ -> }, owner: Long = OWNER) = LedgerFile(folder, owner, disk)

    private fun counts(book: Book) = book.ledgers.associate { it.key.feature to (it.count(Trial.MATCH) to it.real) }

    @Test
    fun `wherever a change is cut short, the file says what it said or what it was to say, and goes on`() {
        val before = mapOf("a" to (3L to 0L), "b" to (5L to 1L))
        val after = mapOf("a" to (7L to 0L), "b" to (5L to 1L), "c" to (1L to 1L))
        var states = 0
        for (isDamaged in listOf(false, true)) {
            var step = 0
            while (true) {
                folder.listFiles()!!.forEach { it.delete() }
                file().update { it.add(ledger("a", 3)); it.add(ledger("b", 5, 1)) }
                if (isDamaged) path.appendBytes(ByteArray(3))
                var left = step++
                var isCut = false
                val cutting = file(Stepping { _, _ -> if (left-- == 0) { isCut = true; throw Crash() } })
                val end = try {
                    cutting.update { it.add(ledger("a", 4)); it.add(ledger("c", 1, 1)) }
                } catch (_: IOException) {
                    null
                }
                if (!isCut) break
                states++
                val found = counts(file().read())
                assertTrue(found == before || found == after, "step $step: $found")
                // A lost copy of what was damaged stops nothing.
                if (end != null) assertEquals(after, found)
                file().update { it.add(ledger("d", 2)) }
                assertEquals(found + ("d" to (2L to 0L)), counts(file().read()))
            }
        }
        println("$states crash states of the ledger file, all recovered")
        assertTrue(states >= 21, "$states")
    }

    @Test
    fun `damage anywhere loses ledgers and makes up none`() {
        val told = mapOf("a" to (3L to 0L), "b" to (5L to 1L), "c" to (40L to 2L))
        file().update { it.add(ledger("a", 3)); it.add(ledger("b", 5, 1)); it.add(ledger("c", 40, 2)) }
        val whole = path.readBytes()
        assertEquals(told, counts(Book.decode(whole, OWNER)))
        var kept = 0
        for (at in whole.indices) {
            val book = Book.decode(whole.copyOf().also { it[at] = (it[at].toInt() xor 0x10).toByte() }, OWNER)
            assertTrue(book.isDamaged, "byte $at")
            assertTrue(told.entries.containsAll(counts(book).entries), "byte $at: ${counts(book)}")
            kept += book.ledgers.size
        }
        assertTrue(kept > whole.size, "most of it survives one bad byte: $kept of ${3 * whole.size}")
        for (length in whole.indices) {
            val book = Book.decode(whole.copyOf(length), OWNER)
            assertTrue(told.entries.containsAll(counts(book).entries), "$length bytes")
        }
        val random = Random(20261125)
        repeat(3_000) { round ->
            val bytes = when (round % 3) {
                0 -> ByteArray(random.nextInt(400)).also(random::nextBytes)
                1 -> whole.copyOf().also { bytes -> repeat(1 + random.nextInt(9)) { bytes[random.nextInt(bytes.size)] = random.nextInt().toByte() } }
                else -> whole.copyOfRange(0, 20) + ByteArray(random.nextInt(400)).also(random::nextBytes)
            }
            assertTrue(told.entries.containsAll(counts(Book.decode(bytes, OWNER)).entries), "round $round")
        }
    }

    @Test
    fun `bytes whose checksum is right and that make no sense are damage too`() {
        val payload = LedgerCodec.encode(ledger("a", 3, 1))
        val random = Random(7)
        var read = 0
        repeat(20_000) {
            val bytes = payload.copyOf()
            repeat(1 + random.nextInt(4)) { bytes[random.nextInt(bytes.size)] = random.nextInt().toByte() }
            val cut = if (random.nextInt(4) == 0) bytes.copyOf(random.nextInt(bytes.size)) else bytes
            if (LedgerCodec.decode(ByteBuffer.wrap(cut).order(ByteOrder.LITTLE_ENDIAN)) != null) read++
        }
        println("$read of 20000 changed ledgers read as ledgers")
        assertTrue(read < 20_000)
    }

    @Test
    fun `a damaged file is set aside, told of once, and counted on`() {
        file().update { it.add(ledger("a", 3)); it.add(ledger("b", 5, 1)) }
        val bytes = path.readBytes().also { it[it.size - 1] = (it.last() + 1).toByte() }
        path.writeBytes(bytes)
        assertEquals(LedgerFile.End.MENDED, file().update { it.add(ledger("a", 1)) })
        assertEquals(bytes.toList(), File(folder, "${LedgerFile.NAME}.damaged").readBytes().toList())
        assertEquals(LedgerFile.End.WRITTEN, file().update { it.add(ledger("c", 1)) })
        assertEquals(mapOf("a" to (4L to 0L), "c" to (1L to 0L)), counts(file().read()))
    }

    @Test
    fun `another device's evidence is none of this one's`() {
        file().update { it.add(ledger("a", 3)) }
        assertEquals(LedgerFile.End.MENDED, file(owner = OWNER + 1).update { it.add(ledger("b", 1)) })
        assertEquals(mapOf("b" to (1L to 0L)), counts(file(owner = OWNER + 1).read()))
    }

    @Test
    fun `what a later version wrote is kept, and a file that it alone can read is left alone`() {
        file().update { it.add(ledger("a", 3).apply { appended = byteArrayOf(1, 2, 3) }) }
        val record = ByteBuffer.allocate(5 + 4).order(ByteOrder.LITTLE_ENDIAN).putInt(4).put(9).put(byteArrayOf(7, 7, 7, 7)).array()
        val crc = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(Crc32c.of(record)).array()
        path.appendBytes(record + crc)
        assertEquals(LedgerFile.End.WRITTEN, file().update { it.add(ledger("a", 1)) })
        val bytes = path.readBytes()
        assertTrue(String(bytes, Charsets.ISO_8859_1).contains("\u0007\u0007\u0007\u0007"))
        assertEquals(listOf<Byte>(1, 2, 3), file().read().ledgers.single().appended.toList())
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putShort(6, 2).putInt(16, 0)
            .let { it.putInt(16, Crc32c.of(bytes, 16)) }
        path.writeBytes(bytes)
        assertEquals(LedgerFile.End.TOO_NEW, file().update { it.add(ledger("b", 1)) })
        assertEquals(bytes.toList(), path.readBytes().toList())
    }

    @Test
    fun `one process at a time changes it, and a disk that fails changes nothing`() {
        file().update { it.add(ledger("a", 3)) }
        val bytes = path.readBytes()
        Lease.take(File(folder, "${LedgerFile.NAME}.lock"))!!.use {
            assertEquals(LedgerFile.End.BUSY, file().update { it.add(ledger("b", 1)) })
        }
        assertThrows(IOException::class.java) { file(Stepping { _, _ -> throw IOException("no space left") }).update { it.add(ledger("b", 1)) } }
        assertEquals(bytes.toList(), path.readBytes().toList())
        assertEquals(LedgerFile.End.WRITTEN, LedgerFile(folder, OWNER).update { it.add(ledger("b", 1)) })
        assertEquals(mapOf("a" to (3L to 0L), "b" to (1L to 0L)), counts(file().read()))
        assertFalse(File(folder, "${LedgerFile.NAME}.new").exists())
    }

    @Test
    fun `however much there is, the file has a bound, and what burned goes last`() {
        val random = Random(3)
        file().update { book ->
            for (number in 0 until 150) book.add(
                Ledger(key("feature $number", Rung.SHADOW), Room.ofFile()).apply {
                    touched = number.toLong()
                    repeat(300) { record(if (number == 1 && it == 0) Trial.MISMATCH else Trial.MATCH, "class ${it % 80}", random.nextLong(), it * Ledger.DAY) }
                    repeat(60) { addExplained("CODE_$it", 1, true) }
                    repeat(80) { signatures.record(key.about, Redacted(listOf("place$it value"), listOf("x".repeat(1_000))), null, 1) }
                },
            )
        }
        assertTrue(path.length() <= Book.FILE_BYTES_MAX, "${path.length()}")
        val kept = file().read()
        assertFalse(kept.isDamaged)
        val names = kept.ledgers.map { it.key.feature }
        assertTrue("feature 1" in names && "feature 149" in names && "feature 0" !in names, "$names")
        for (one in kept.ledgers) {
            assertTrue(one.classes.size <= Ledger.CLASSES_MAX + 1 && one.explained.size <= Ledger.EXPLAINED_MAX)
            assertTrue(one.distinct.size <= Distinct.SAMPLE_MAX && one.days.size <= Days.DAYS_MAX)
        }
        assertEquals(1L, kept.ledgers.sumOf { it.real })
    }

    private companion object {
        private const val OWNER = 0x1122334455667788L
    }
}
