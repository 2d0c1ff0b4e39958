package dev.ferrule.guard.state

import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.security.MessageDigest

/**
 * One record of the audit log, 152 bytes, format 1 (`docs/formats/rollout-audit.md`).
 *
 * Invariants: every field has a fixed place; the last 32 bytes are the hash of all before them, the hash of the record before
 * included; bytes that make no sense are no record.
 */
internal class AuditRecord(
    val actor: Actor,
    /** The feature's number; null for all. */
    val feature: Int?,
    val from: Rung,
    val to: Rung,
    /** Counts records from 1. */
    val sequence: Long,
    /** The boot, as a hash of its id. */
    val boot: Long,
    val bootMillis: Long,
    /** The hash of the record before; zeros for the first. */
    val previous: ByteArray,
    /** The code. */
    val reason: String,
) {
    fun encode(): ByteArray {
        val bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN)
        bytes.put(MAGIC).putShort(actor.ordinal.toShort()).putShort((feature ?: ALL_FEATURES).toShort())
        bytes.putShort(from.packed().toShort()).putShort(to.packed().toShort()).putInt(0)
        bytes.putLong(sequence).putLong(boot).putLong(bootMillis).put(previous).put(ByteArray(EVIDENCE_BYTES))
        bytes.put(reason.toByteArray().copyOf(REASON_BYTES)).put(hashOf(bytes.array()))
        return bytes.array()
    }

    companion object {
        const val BYTES = 152
        const val HASH_AT = 120
        private val MAGIC = "FRA1".toByteArray()
        private const val ALL_FEATURES = 0xffff
        private const val PREVIOUS_AT = 40
        private const val EVIDENCE_BYTES = 16
        private const val REASON_AT = 88
        private const val REASON_BYTES = 32
        private val actors = Actor.values()

        /** The hash that the record after this one names. */
        fun hashOf(record: ByteArray): ByteArray =
            MessageDigest.getInstance("SHA-256").apply { update(record, 0, HASH_AT) }.digest()

        /** Reads the record at [at]; null unless its hash is right and every field makes sense. */
        fun decode(file: ByteArray, at: Int): AuditRecord? {
            if (file.size - at < BYTES) return null
            val bytes = file.copyOfRange(at, at + BYTES)
            if (!hashOf(bytes).contentEquals(bytes.copyOfRange(HASH_AT, BYTES))) return null
            if (!bytes.copyOf(MAGIC.size).contentEquals(MAGIC)) return null
            val fields = ByteBuffer.wrap(bytes, MAGIC.size, BYTES - MAGIC.size).order(ByteOrder.LITTLE_ENDIAN)
            val actor = actors.getOrNull(fields.getShort().toInt() and 0xffff) ?: return null
            val feature = (fields.getShort().toInt() and 0xffff).takeIf { it != ALL_FEATURES }
            val from = Rung.unpack(fields.getShort().toInt() and 0xffff) ?: return null
            val to = Rung.unpack(fields.getShort().toInt() and 0xffff) ?: return null
            fields.getInt()
            return AuditRecord(
                actor, feature, from, to, fields.getLong(), fields.getLong(), fields.getLong(),
                bytes.copyOfRange(PREVIOUS_AT, PREVIOUS_AT + REASON_BYTES),
                String(bytes, REASON_AT, REASON_BYTES, Charsets.US_ASCII).substringBefore('\u0000'),
            )
        }
    }
}
