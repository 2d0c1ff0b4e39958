package dev.ferrule.guard.state

import dev.ferrule.guard.Stage
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.io.RandomAccessFile

/** The ring of two files, its chain, and what a cut-off write leaves (R55). */
class AuditLogTest {
    @TempDir
    lateinit var directory: File

    private val entry = AuditLog.Entry(Actor.OPERATOR, 1, Rung.OFF, Rung(Stage.LOAD, 0), "RO_SET", 7, 9)

    private fun file(number: Int) = File(directory, "${AuditLog.NAME}.$number")

    @Test
    fun `records go on where another process left off`() {
        repeat(3) { AuditLog(directory).append(listOf(entry, entry)) }
        val report = AuditLog(directory).report()
        assertEquals(AuditLog.End.WHOLE, report.end)
        assertEquals((1L..6L).toList(), report.records.map { it.sequence })
    }

    @Test
    fun `a full file makes room and the chain goes on`() {
        val perFile = AuditLog.FILE_BYTES_MAX / AuditRecord.BYTES
        val log = AuditLog(directory)
        log.append(List(perFile) { entry })
        assertEquals(0, file(1).length())
        log.append(List(perFile + 5) { entry })
        assertTrue(file(0).length() <= AuditLog.FILE_BYTES_MAX && file(1).length() <= AuditLog.FILE_BYTES_MAX)
        val report = AuditLog(directory).report()
        assertEquals(AuditLog.End.WHOLE, report.end)
        assertEquals(2L * perFile + 5, report.records.last().sequence)
        assertEquals(perFile + 5, report.records.size)
        AuditLog(directory).append(listOf(entry))
        assertEquals(AuditLog.End.WHOLE, AuditLog(directory).report().end)
    }

    @Test
    fun `a turn of the ring that was cut off is a torn end, and the chain goes on behind it`() {
        val perFile = AuditLog.FILE_BYTES_MAX / AuditRecord.BYTES
        AuditLog(directory).append(List(perFile) { entry })
        for (bytes in listOf(1, AuditRecord.BYTES - 1, AuditRecord.BYTES)) {
            file(1).writeBytes(ByteArray(bytes))
            val report = AuditLog(directory).report()
            assertEquals(AuditLog.End.TORN to perFile, report.end to report.records.size, "$bytes")
            AuditLog(directory).append(List(3) { entry })
            val after = AuditLog(directory).report()
            assertEquals(AuditLog.End.WHOLE to perFile + 3, after.end to after.records.size, "$bytes")
        }
        file(1).writeBytes(ByteArray(AuditRecord.BYTES + 1))
        assertEquals(AuditLog.End.BROKEN, AuditLog(directory).report().end, "more than a turn leaves")
    }

    @Test
    fun `wherever a write is cut off, what was there before holds and the next record follows it`() {
        AuditLog(directory).append(List(3) { entry })
        val whole = file(0).readBytes()
        for (cut in (2 * AuditRecord.BYTES..whole.size step 19)) {
            file(0).writeBytes(whole.copyOf(cut))
            val report = AuditLog(directory).report()
            val records = cut / AuditRecord.BYTES
            assertEquals(records, report.records.size)
            assertEquals(if (cut % AuditRecord.BYTES == 0) AuditLog.End.WHOLE else AuditLog.End.TORN, report.end, "$cut")
            AuditLog(directory).append(listOf(entry))
            val after = AuditLog(directory).report()
            assertEquals(AuditLog.End.WHOLE to records + 1, after.end to after.records.size, "$cut")
        }
    }

    /** A disk that only an audit log writes to. */
    private class Appending(private val append: (File, Int, ByteArray) -> Unit) : Disk {
        override fun append(file: File, length: Int, bytes: ByteArray) = append.invoke(file, length, bytes)
        override fun replace(file: File, bytes: ByteArray) = error("an audit log replaces nothing")
    }

    /** One write of the log: what its file was before, where it wrote, and what. */
    private class Write(val number: Int, val before: ByteArray, val at: Int, val bytes: ByteArray)

    /** As much of [write] as reached the disk: a length, and of the sectors in it those whose bit is set. */
    private fun Write.leaves(length: Int, sectors: Int): ByteArray {
        val left = before.copyOf(at).copyOf(length)
        for ((index, byte) in bytes.withIndex()) {
            val place = at + index
            val sector = place / SECTOR - at / SECTOR
            if (place < length && sectors and (1 shl sector) != 0) left[place] = byte
        }
        return left
    }

    @Test
    fun `whatever sectors and whatever length of a batch reach the disk, it is no broken chain and nothing told is lost`() {
        val perFile = AuditLog.FILE_BYTES_MAX / AuditRecord.BYTES
        val files = arrayOf(ByteArray(0), ByteArray(0))
        val writes = ArrayList<Write>()
        val disk = Appending { file, length, bytes ->
            val number = file.name.last() - '0'
            writes += Write(number, files[number], length, bytes)
            files[number] = files[number].copyOf(length) + bytes
            file.writeBytes(files[number])
        }
        val quick = Appending { file, length, bytes ->
            RandomAccessFile(file, "rw").use {
                it.setLength(length.toLong())
                it.seek(length.toLong())
                it.write(bytes)
            }
        }
        var states = 0
        // Batches one behind the other come to every place that a record can have in a sector; then turns of the ring.
        val starts = (0 until PLACES).map { it * BATCH } + listOf(perFile - 5, 2 * perFile - 2, 3 * perFile - BATCH)
        var written = 0
        for (start in starts) {
            AuditLog(directory, quick).append(List(start - written) { entry })
            for (number in 0..1) if (file(number).exists()) files[number] = file(number).readBytes()
            var told = AuditLog.verify(files.toList()).records.size
            writes.clear()
            AuditLog(directory, disk).append(List(BATCH) { entry })
            written = start + BATCH
            val after = files.map { it.size }
            // Back to before the batch, then forward write by write.
            val now = arrayOf(files[0], files[1])
            for (write in writes.asReversed()) now[write.number] = write.before
            for (write in writes) {
                val end = write.at + write.bytes.size
                val touched = (end - 1) / SECTOR - write.at / SECTOR + 1
                val lengths = setOf(write.at, end) + (1 until touched).map { (write.at / SECTOR + it) * SECTOR }
                for (length in lengths) for (sectors in 0 until (1 shl touched)) {
                    val crashed = now.copyOf().also { it[write.number] = write.leaves(length, sectors) }.map { it!! }
                    val report = AuditLog.verify(crashed)
                    val what = "$start, ${write.at}, length $length, sectors $sectors"
                    assertTrue(report.end != AuditLog.End.BROKEN, what)
                    // A full ring drops what its older file held.
                    val kept = if (write.at == 0 && write.before.isNotEmpty()) report.records.size else told
                    assertTrue(report.records.size in kept..told + write.bytes.size / AuditRecord.BYTES, what)
                    for ((number, bytes) in crashed.withIndex()) file(number).writeBytes(bytes)
                    AuditLog(directory, quick).append(listOf(entry))
                    assertEquals(AuditLog.End.WHOLE, AuditLog(directory).report().end, what)
                    states++
                }
                now[write.number] = write.before.copyOf(write.at) + write.bytes
                told = AuditLog.verify(now.map { it!! }).records.size
            }
            assertEquals(after, now.map { it!!.size })
            for (number in 0..1) file(number).writeBytes(files[number])
        }
        println("$states crash states of the audit log")
        assertTrue(states > 1_000, "$states")
    }

    @Test
    fun `a changed byte breaks the chain wherever it is, and any bytes are read`() {
        AuditLog(directory).append(List(3) { entry })
        val whole = file(0).readBytes()
        for (at in 0 until 2 * AuditRecord.BYTES) {
            val changed = whole.copyOf().also { it[at] = (it[at].toInt() xor 0x10).toByte() }
            assertEquals(AuditLog.End.BROKEN, AuditLog.verify(listOf(changed, ByteArray(0))).end, "$at")
        }
        val random = java.util.Random(3)
        repeat(200) {
            val bytes = ByteArray(random.nextInt(2_000)).also(random::nextBytes)
            assertEquals(emptyList<AuditRecord>(), AuditLog.verify(listOf(bytes, bytes)).records)
        }
        assertEquals(AuditLog.End.BROKEN, AuditLog.verify(listOf(whole, whole)).end, "the same records twice")
    }

    private companion object {
        private const val SECTOR = 512
        private const val BATCH = 13

        /** Records begin in as many places of a sector. */
        private const val PLACES = 64
    }
}
