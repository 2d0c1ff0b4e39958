package dev.ferrule.guard.state

import dev.ferrule.guard.Stage
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File

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
}
