package dev.ferrule.guard.state

import java.nio.ByteBuffer
import java.nio.ByteOrder

/**
 * The bytes of a file of dirty keys: records of 32 bytes, one behind the other, format 1 (`docs/formats/rollout-dirty.md`).
 *
 * What it is: records to bytes and back, and what they come to. What it is not: it touches no file; see
 * [dev.ferrule.guard.DirtyKeys].
 *
 * Invariants: at most [KEYS_MAX] keys; one more sets [needsFullResync], which only a whole comparison takes back; a key is clean
 * only by a record that has seen the mark. A record that is none at the very end was being written; anywhere else it is
 * damage, and then everything is to be compared.
 */
internal class DirtyLog {
    private val since = LinkedHashMap<Long, Long>()

    /** The number of the overflow that has not been settled yet; 0 for none. */
    private var overflow = 0L

    /** The number of the last record. */
    var sequence = 0L
        private set

    /** Whether bytes were found that nobody wrote. */
    var isDamaged = false
        private set

    val keys: Set<Long>
        get() = since.keys

    val needsFullResync: Boolean
        get() = overflow != 0L

    /** What a record says. The order is the number on disk. */
    enum class Kind {
        /** Numbers go on behind this record's. */
        BASE,

        /** The key is behind since this record. */
        DIRTY,

        /** The key was repaired by somebody who had seen all up to `asOf`. */
        CLEAN,

        /** More keys are behind than are remembered. */
        OVERFLOW,

        /** Everything was compared by somebody who had seen all up to `asOf`. */
        RESYNCED,
    }

    class Record(val kind: Kind, val sequence: Long, val key: Long, val asOf: Long) {
        fun encode(): ByteArray {
            val bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN)
            bytes.putShort(MAGIC).put(FORMAT).put(kind.ordinal.toByte()).putInt(0)
            bytes.putLong(sequence).putLong(key).putLong(asOf)
            bytes.putInt(CRC_AT, Crc32c.of(bytes.array(), BYTES))
            return bytes.array()
        }
    }

    /** The next record: that [key] is behind. Null where that is known already, as everything is. */
    fun mark(key: Long): Record? = when {
        key in since || since.size < KEYS_MAX -> next(Kind.DIRTY, key)
        needsFullResync -> null
        else -> next(Kind.OVERFLOW)
    }

    /** The next record: that [key] was repaired. Null where that changes nothing. */
    fun clean(key: Long, asOf: Long): Record? {
        val marked = since[key] ?: return null
        return if (marked <= asOf) next(Kind.CLEAN, key, asOf) else null
    }

    /** The next record: that everything was compared. Null where that changes nothing. */
    fun resynced(asOf: Long): Record? = if (overflow in 1..asOf) next(Kind.RESYNCED, asOf = asOf) else null

    /** As many records as it takes to say the same. */
    fun records(): List<Record> {
        val marks = since.map { (key, number) -> Record(Kind.DIRTY, number, key, 0) }
        val over = if (needsFullResync) listOf(Record(Kind.OVERFLOW, overflow, 0, 0)) else emptyList()
        return (marks + over).sortedBy { it.sequence } + Record(Kind.BASE, sequence + 1, 0, 0)
    }

    fun take(record: Record) {
        sequence = record.sequence
        when (record.kind) {
            Kind.BASE -> Unit
            Kind.DIRTY -> {
                since.remove(record.key)
                if (since.size < KEYS_MAX) since[record.key] = record.sequence else overflow = record.sequence
            }
            Kind.CLEAN -> since[record.key]?.let { if (it <= record.asOf) since.remove(record.key) }
            Kind.OVERFLOW -> overflow = record.sequence
            Kind.RESYNCED -> if (overflow <= record.asOf) overflow = 0
        }
    }

    /** Something is behind that nobody can name. */
    fun damage() {
        isDamaged = true
        // A number of its own: what is written anew has each one once.
        overflow = ++sequence
    }

    private fun next(kind: Kind, key: Long = 0, asOf: Long = 0) = Record(kind, sequence + 1, key, asOf)

    companion object {
        const val BYTES = 32
        const val KEYS_MAX = 1024
        private const val MAGIC: Short = 0x4446 // "FD", little-endian
        private const val FORMAT: Byte = 1
        private const val CRC_AT = 4
        private const val KIND_AT = 3
        private const val FIELDS_AT = 8
        private val kinds = Kind.values()

        /** Reads a file. */
        fun read(file: ByteArray): DirtyLog {
            val log = DirtyLog()
            var bad = 0
            for (at in file.indices step BYTES) {
                val record = decode(file, at)?.takeIf { it.sequence > log.sequence }
                if (record == null) bad++ else log.take(record)
                // Behind the one that was being written nothing was.
                if (bad > 0 && (record != null || bad > 1)) log.isDamaged = true
            }
            if (log.isDamaged) log.damage()
            return log
        }

        /** Where the next record goes in a file that is not damaged: behind the last one, over one that was being written. */
        fun length(file: ByteArray): Int {
            val whole = file.size / BYTES * BYTES
            return if (whole > 0 && decode(file, whole - BYTES) == null) whole - BYTES else whole
        }

        private fun decode(file: ByteArray, at: Int): Record? {
            if (file.size - at < BYTES) return null
            val bytes = file.copyOfRange(at, at + BYTES)
            val fields = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)
            val crc = fields.getInt(CRC_AT)
            fields.putInt(CRC_AT, 0)
            if (crc != Crc32c.of(bytes, BYTES) || fields.getShort(0) != MAGIC || bytes[2] != FORMAT) return null
            val kind = kinds.getOrNull(bytes[KIND_AT].toInt()) ?: return null
            fun field(number: Int) = fields.getLong(FIELDS_AT + number * Long.SIZE_BYTES)
            return Record(kind, field(0), field(1), field(2))
        }
    }
}
