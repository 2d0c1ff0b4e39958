package dev.ferrule.guard.state

import java.io.File
import java.io.IOException

/**
 * The audit log beside the state: what moved, who moved it and why, a ring of two files chained by hashes (R55).
 *
 * What it is: the same format and the same check as the engine's, written apart and held together by golden bytes. What it is
 * not: proof of an author; it shows that nothing in it was changed.
 *
 * Invariants: a record is never rewritten; when a file is full the other one is emptied and goes on; [append] returns when the
 * records are durable; whichever sectors of a write reach the disk, no whole record stands behind one that is not. Not
 * thread-safe: the safeguard's order of writes guards it.
 */
internal class AuditLog(private val directory: File, private val disk: Disk = Disk.DURABLE) {
    /** How the log ends. */
    enum class End { WHOLE, TORN, BROKEN }

    /** What the two files say: the records that hold, oldest first, and where the next one goes. */
    class Report(
        val records: List<AuditRecord>,
        val end: End,
        internal val active: Int,
        internal val length: Int,
        internal val hash: ByteArray,
    )

    private var next: Report? = null
    private var sequence = 0L

    /** Reads and checks both files; one that is not there is empty. */
    fun report(): Report = verify(List(FILES) { number -> file(number).takeIf { it.exists() }?.readBytes() ?: ByteArray(0) })

    /**
     * Writes records behind what is there, also behind a chain that does not hold, whose break stays visible.
     *
     * @throws IOException if they are not known to be durable; the next call looks at the files anew
     */
    @Throws(IOException::class)
    fun append(entries: List<Entry>) {
        var at = next ?: report().also { sequence = it.records.lastOrNull()?.sequence ?: 0 }
        next = null
        var left = entries
        while (left.isNotEmpty()) {
            val isFull = at.length + AuditRecord.BYTES > FILE_BYTES_MAX
            val active = if (isFull) 1 - at.active else at.active
            val length = if (isFull) 0 else at.length
            // The first record of an emptied file is written alone: whatever is left of it is known for the ring's turn.
            val some = left.take(if (isFull) 1 else minOf(together(length), (FILE_BYTES_MAX - length) / AuditRecord.BYTES))
            at = write(some, active, length, at.hash)
            left = left.drop(some.size)
        }
        next = at
    }

    private fun write(entries: List<Entry>, active: Int, length: Int, before: ByteArray): Report {
        var hash = before
        val bytes = ByteArray(entries.size * AuditRecord.BYTES)
        for ((index, entry) in entries.withIndex()) {
            sequence++
            val record = with(entry) {
                AuditRecord(actor, feature, from, to, sequence, boot, bootMillis, hash, reason).encode()
            }
            record.copyInto(bytes, index * AuditRecord.BYTES)
            hash = AuditRecord.hashOf(record)
        }
        disk.append(file(active), length, bytes)
        return Report(emptyList(), End.WHOLE, active, length + bytes.size, hash)
    }

    /** What is to be written of something that happened. */
    class Entry(
        val actor: Actor,
        val feature: Int?,
        val from: Rung,
        val to: Rung,
        val reason: String,
        val boot: Long,
        val bootMillis: Long,
    )

    private fun file(number: Int) = File(directory, "$NAME.$number")

    companion object {
        const val NAME = "rollout.audit"
        const val FILE_BYTES_MAX = 262_144
        private const val FILES = 2

        /** What a disk writes whole or not at all, at the least; sectors of one write may reach it in any order. */
        private const val SECTOR_BYTES = 512
        private val GENESIS = ByteArray(AuditRecord.BYTES - AuditRecord.HASH_AT)

        /**
         * How many records one write may put behind [length] bytes: those that begin in its first sector. If that sector is lost
         * none of them is whole, and only the last one reaches into another.
         */
        private fun together(length: Int): Int =
            (SECTOR_BYTES - length % SECTOR_BYTES + AuditRecord.BYTES - 1) / AuditRecord.BYTES

        /** Bytes of the longest write: the records that begin in one sector, of which the last may reach into the next. */
        private const val WRITE_BYTES_MAX = SECTOR_BYTES + AuditRecord.BYTES

        private class Part(val records: List<AuditRecord>, val bytes: ByteArray, private val hasGap: Boolean) {
            val whole = records.size * AuditRecord.BYTES
            val rest = bytes.size - whole

            /** Whether no writer leaves such a file: a record behind what is none, or more of the latter than one write has. */
            val isForeign get() = hasGap || rest > WRITE_BYTES_MAX || bytes.size > FILE_BYTES_MAX

            fun hash(index: Int) = AuditRecord.hashOf(bytes.copyOfRange(index * AuditRecord.BYTES, (index + 1) * AuditRecord.BYTES))
        }

        private fun part(file: ByteArray): Part {
            val bytes = if (file.size > FILE_BYTES_MAX) file.copyOf(FILE_BYTES_MAX) else file
            val starts = bytes.indices step AuditRecord.BYTES
            val read = starts.map { AuditRecord.decode(bytes, it) }
            val records = read.takeWhile { it != null }.filterNotNull()
            return Part(records, file, read.drop(records.size).any { it != null })
        }

        /** Checks the chain over both files, in either order. */
        fun verify(files: List<ByteArray>): Report {
            val (first, second) = files.map(::part)
            val begin = { part: Part -> part.records.firstOrNull()?.sequence ?: 0L }
            val active = if (begin(second) > begin(first)) 1 else 0
            val (older, newer) = if (active == 1) first to second else second to first
            val held = ArrayList<AuditRecord>()
            var end = End.WHOLE
            var hash = GENESIS
            var before: AuditRecord? = null
            for (part in listOf(older, newer)) {
                for ((index, record) in part.records.withIndex()) {
                    val last = before
                    val follows = when (last) {
                        // The ring may have dropped the beginning: the oldest record that is there is believed.
                        null -> record.sequence > 1 || record.previous.contentEquals(GENESIS)
                        else -> record.sequence == last.sequence + 1 && record.previous.contentEquals(hash)
                    }
                    if (!follows) end = End.BROKEN
                    before = record
                    hash = part.hash(index)
                    if (end == End.WHOLE) held += record
                }
            }
            // The older file was full when the ring went on. A file without a record may be where the ring was to go on: its
            // length became durable, what was written did not.
            val firstAlone = older.rest <= AuditRecord.BYTES || newer.records.isEmpty()
            val begun = if (older.records.isEmpty() && firstAlone) older.rest else 0
            val restOfOlder = newer.records.isNotEmpty() && older.rest >= AuditRecord.BYTES && begun == 0
            when {
                end != End.WHOLE -> Unit
                older.isForeign || newer.isForeign || restOfOlder -> end = End.BROKEN
                newer.rest > 0 || begun > 0 -> end = End.TORN
            }
            return Report(held, end, active, newer.whole, hash)
        }
    }
}
