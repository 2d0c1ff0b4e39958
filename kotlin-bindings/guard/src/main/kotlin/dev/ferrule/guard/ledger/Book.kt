package dev.ferrule.guard.ledger

import dev.ferrule.guard.crash.BeaconPage
import dev.ferrule.guard.state.Crc32c
import dev.ferrule.guard.state.Fields
import dev.ferrule.guard.state.Rung
import dev.ferrule.guard.state.rest
import dev.ferrule.guard.state.take
import dev.ferrule.guard.state.u16
import dev.ferrule.guard.state.u64
import dev.ferrule.guard.state.u8
import java.nio.ByteBuffer
import java.nio.ByteOrder

/**
 * All ledgers of a device: what the file says, and how that is written (`docs/formats/rollout-device-ledger.md`).
 *
 * What it is: bytes to ledgers and back, and how ledgers of equal keys become one. What it is not: it touches no file; see
 * [LedgerFile].
 *
 * Invariants: a record counts if its checksum is right and it makes sense, whatever is around it; at most [FILE_BYTES_MAX] bytes are
 * written: for that, first what is for people only goes, then ledgers that did not burn, those touched longest ago before the
 * others. Not thread-safe.
 */
internal class Book(
    /** Whose it is: a number made of the device's key. Ledgers of another key tell inputs apart in another way. */
    private val owner: Long,
) {
    /** A death that no ledger was found for yet. */
    data class Death(val feature: String, val build: ULong, val rung: Rung)

    private val byKey = LinkedHashMap<LedgerKey, Ledger>()
    private val unplaced = ArrayList<Death>()
    private val unknown = ArrayList<Pair<Int, ByteArray>>()

    /** Bytes were found that nobody wrote. */
    var isDamaged = false
        private set

    /** It asks for a newer reader and is left alone. */
    var isTooNew = false
        private set

    val ledgers: Collection<Ledger>
        get() = byKey.values
    val deaths: List<Death>
        get() = unplaced

    fun add(ledger: Ledger) {
        val known = byKey[ledger.key] ?: Ledger(ledger.key, Room.ofFile()).also { byKey[ledger.key] = it }
        known.add(ledger)
    }

    /**
     * A process died in a call of a feature: it counts in the ledger of that feature and build which was touched last, or where
     * [terms] say that there is to be one.
     */
    fun add(death: Death, terms: (Death) -> LedgerKey?) {
        val ledger = byKey.values.filter { it.key.feature == death.feature && hash(it.key.candidateBuild) == death.build }
            .maxByOrNull { it.touched } ?: terms(death)?.let { key -> Ledger(key, Room.ofFile()).also { byKey[key] = it } }
        when {
            ledger != null -> ledger.deaths = sum(ledger.deaths, 1)
            unplaced.size < DEATHS_MAX -> unplaced += death
        }
    }

    /** Deaths whose ledger is known by now go into it. */
    fun place(terms: (Death) -> LedgerKey?) {
        val waiting = unplaced.toList()
        unplaced.clear()
        for (death in waiting) add(death, terms)
    }

    fun encode(): ByteArray {
        val kept = byKey.values.associateWith(LedgerCodec::encode).toMutableMap()
        val others = unknown.map { (kind, bytes) -> record(kind, bytes) } + unplaced.map { record(KIND_DEATH, death(it)) }
        fun length() = HEADER_BYTES + kept.values.sumOf { RECORD_BYTES + it.size } + others.sumOf { it.size }
        // What goes first stands first.
        val order = byKey.values.sortedWith(compareBy({ it.real > 0 || it.deaths > 0 }, { it.touched }))
        for (ledger in order) {
            if (length() <= FILE_BYTES_MAX) break
            ledger.signatures.clear()
            kept[ledger] = LedgerCodec.encode(ledger)
        }
        for (ledger in order) {
            if (length() <= FILE_BYTES_MAX) break
            kept.remove(ledger)
            byKey.remove(ledger.key)
        }
        val body = Fields()
        for (bytes in kept.values) body.raw(record(KIND_LEDGER, bytes))
        for (bytes in others) body.raw(bytes)
        val head = Fields().u32(MAGIC).u16(FORMAT).u16(MIN_READER).u64(owner.toULong()).bytes()
        return Fields().raw(head).u32(Crc32c.of(head)).raw(body.bytes()).bytes()
    }

    private fun death(death: Death): ByteArray = Fields().text(death.feature).u64(death.build).u16(death.rung.packed()).bytes()

    private fun readDeath(bytes: ByteBuffer): Boolean {
        if (bytes.remaining() < 1) return false
        val length = bytes.u8()
        if (bytes.remaining() != length + DEATH_BYTES || unplaced.size >= DEATHS_MAX) return false
        val feature = String(bytes.take(length).rest(), Charsets.UTF_8)
        val build = bytes.u64()
        unplaced += Death(feature, build, Rung.unpack(bytes.u16()) ?: return false)
        return true
    }

    /** Whether the record makes sense. */
    private fun take(kind: Int, bytes: ByteBuffer): Boolean = when (kind) {
        KIND_LEDGER -> LedgerCodec.decode(bytes)?.takeIf { byKey.put(it.key, it) == null } != null
        KIND_DEATH -> readDeath(bytes)
        else -> unknown.add(kind to bytes.rest())
    }

    companion object {
        const val FILE_BYTES_MAX = 262_144
        private const val DEATHS_MAX = 16
        private const val MAGIC = 0x474c5246 // "FRLG", little-endian
        private const val FORMAT = 1
        private const val MIN_READER = 1
        private const val HEADER_BYTES = 20
        private const val OWNER_AT = 8
        private const val HEADER_CRC_AT = 16
        private const val RECORD_BYTES = 9
        private const val LENGTH_BYTES = 4
        private const val KIND_LEDGER = 1
        private const val KIND_DEATH = 2
        private const val DEATH_BYTES = 10

        private fun hash(build: String): ULong = BeaconPage.idHash(build).toULong()

        private fun record(kind: Int, payload: ByteArray): ByteArray {
            val bytes = Fields().u32(payload.size).u8(kind).raw(payload).bytes()
            return Fields().raw(bytes).u32(Crc32c.of(bytes, bytes.size)).bytes()
        }

        /** Reads a file of [owner]'s; an empty one is one that nobody has written yet. */
        fun decode(file: ByteArray, owner: Long): Book {
            val book = Book(owner)
            if (file.isEmpty()) return book
            if (file.size < HEADER_BYTES || file.size > FILE_BYTES_MAX) return book.apply { isDamaged = true }
            val input = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN)
            val isOurs = input.getInt() == MAGIC && input.u16() >= FORMAT && input.getInt(HEADER_CRC_AT) == Crc32c.of(file, HEADER_CRC_AT)
            if (!isOurs) return book.apply { isDamaged = true }
            if (input.u16() > MIN_READER) return book.apply { isTooNew = true }
            if (input.getLong(OWNER_AT) != owner) return book.apply { isDamaged = true }
            var at = HEADER_BYTES
            while (at < file.size) {
                val length = if (file.size - at < RECORD_BYTES) -1 else input.getInt(at)
                val end = at + RECORD_BYTES + length
                // Behind a length that is none nobody knows where the next record begins.
                if (length < 0 || length > FILE_BYTES_MAX || end > file.size) return book.apply { isDamaged = true }
                val body = file.copyOfRange(at, end - LENGTH_BYTES)
                val isWhole = Crc32c.of(body, body.size) == input.getInt(end - LENGTH_BYTES)
                val payload = ByteBuffer.wrap(body, LENGTH_BYTES + 1, length).slice().order(ByteOrder.LITTLE_ENDIAN)
                if (!isWhole || !book.take(body[LENGTH_BYTES].toInt() and 0xff, payload)) book.isDamaged = true
                at = end
            }
            return book
        }
    }
}
