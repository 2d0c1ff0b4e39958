package dev.ferrule.guard.state

import java.nio.ByteBuffer
import java.nio.ByteOrder

/**
 * The bytes of a state file: two checksummed slots, and which of them counts (R43, R45, contracts 5).
 *
 * What it is: bytes to a state and back. What it is not: it touches no file; see [StateFile].
 *
 * Invariants: a slot counts only if its checksum is right and its payload makes sense; of two the higher sequence counts;
 * header and checksum stand in the same places in every format.
 */
internal object Slots {
    const val SLOT_BYTES = 32_768
    const val FILE_BYTES = 2 * SLOT_BYTES
    private const val HEADER_BYTES = 40
    private const val CRC_BYTES = 4
    private const val MAGIC = 0x53525246 // "FRRS", little-endian
    private const val FORMAT = 1
    private const val MIN_READER = 1
    private const val MIN_READER_AT = 6
    private const val SEQUENCE_AT = 8
    private const val BOOT_AT = 16
    private const val BOOT_TIME_AT = 24
    private const val LENGTH_AT = 32

    /** What a file says. */
    sealed interface Content {
        /** No slot of it is whole. */
        object Lost : Content

        /** The newest slot asks for a newer reader. */
        object TooNew : Content

        /** The slot that counts. */
        class State(val payload: Payload) : Content
    }

    /** Where the next write goes. */
    class Next(val sequence: ULong, val slot: Int) {
        companion object {
            val FIRST = Next(1u, 0)
        }
    }

    private class Slot(val index: Int, val sequence: ULong, val payload: Payload?)

    /** Reads a file. Bytes beyond [FILE_BYTES] are not looked at. */
    fun read(file: ByteArray): Pair<Content, Next> {
        val newest = (0..1).mapNotNull { decode(file, it) }.maxByOrNull { it.sequence }
            ?: return Content.Lost to Next.FIRST
        val next = Next(newest.sequence + 1u, 1 - newest.index)
        return (newest.payload?.let { Content.State(it) } ?: Content.TooNew) to next
    }

    /** The higher number of the two slots, as [read] finds their bytes; it may be one that is just being written. */
    fun sequence(read: (ByteBuffer, Long) -> Int): ULong? = (0..1).mapNotNull { slot ->
        val bytes = ByteBuffer.allocate(Long.SIZE_BYTES).order(ByteOrder.LITTLE_ENDIAN)
        val count = read(bytes, slot.toLong() * SLOT_BYTES + SEQUENCE_AT)
        if (count == Long.SIZE_BYTES) bytes.getLong(0).toULong() else null
    }.maxOrNull()

    /** The bytes of a slot, without the rest of its place; null if the payload is too large for one. */
    fun encode(payload: Payload, sequence: ULong): ByteArray? {
        val body = payload.encode()
        if (body.size > SLOT_BYTES - HEADER_BYTES - CRC_BYTES) return null
        val covered = Fields()
            .u32(MAGIC).u16(FORMAT).u16(MIN_READER)
            .u64(sequence).u64(payload.record.boot).u64(payload.record.bootTime)
            .u32(body.size).u32(0)
            .raw(body)
            .bytes()
        return covered + Fields().u32(Crc32c.of(covered)).bytes()
    }

    /** A new file: the payload in the first slot, zeros in the second; null if the payload is too large. */
    fun encodeFile(payload: Payload): ByteArray? = encode(payload, Next.FIRST.sequence)?.copyOf(FILE_BYTES)

    private fun decode(file: ByteArray, index: Int): Slot? {
        val start = index * SLOT_BYTES
        if (file.size - start < HEADER_BYTES + CRC_BYTES) return null
        val bytes = file.copyOfRange(start, minOf(start + SLOT_BYTES, file.size))
        val slot = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)
        if (slot.getInt(0) != MAGIC) return null
        val sequence = slot.getLong(SEQUENCE_AT).toULong()
        if (sequence == 0uL || sequence == ULong.MAX_VALUE) return null
        val length = slot.getInt(LENGTH_AT)
        if (length < 0 || length > bytes.size - HEADER_BYTES - CRC_BYTES) return null
        val end = HEADER_BYTES + length
        if (slot.getInt(end) != Crc32c.of(bytes, end)) return null
        val minReader = slot.getShort(MIN_READER_AT).toInt() and 0xffff
        if (minReader > FORMAT) return Slot(index, sequence, null)
        val payload = Payload.decode(bytes.copyOfRange(HEADER_BYTES, end)) ?: return null
        val record = payload.record.copy(
            boot = slot.getLong(BOOT_AT).toULong(),
            bootTime = slot.getLong(BOOT_TIME_AT).toULong(),
        )
        return Slot(index, sequence, payload.with(record))
    }
}
