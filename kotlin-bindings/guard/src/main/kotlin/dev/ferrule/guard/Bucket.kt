package dev.ferrule.guard

import java.nio.ByteBuffer
import java.security.MessageDigest

/**
 * Which thousandth of all devices this one falls into, feature by feature (R12–R14).
 *
 * What it is: the hash and the window. What it is not: it makes no device id and stores none.
 *
 * Invariants: the same salt and unit give the same bucket for ever, in both languages; two salts are independent, so a
 * canary of one feature says nothing about that of another; a window that grows drops nobody.
 */
public object Bucket {
    /** How many buckets there are: shares are in thousandths of the devices. */
    public const val COUNT: Int = 1000

    /** Characters of a unit: a random 128-bit id as lower-case hex digits (R13). */
    public const val UNIT_LENGTH: Int = 32

    internal const val UNIT_BYTES = UNIT_LENGTH / 2

    /**
     * The bucket, `0..999`: the first eight bytes of SHA-256 over `length(salt):salt:unit`, scaled (R12).
     *
     * @param salt the feature's name, or the name of a group whose features share no device; counted in UTF-8 bytes
     * @param unit the device's id, [UNIT_LENGTH] lower-case hex digits
     * @throws IllegalArgumentException if [unit] is anything else
     */
    @JvmStatic
    public fun of(salt: String, unit: String): Int {
        require(isUnit(unit)) { "a unit is $UNIT_LENGTH lower-case hex digits" }
        val length = salt.toByteArray(Charsets.UTF_8).size
        return scaled(head("$length:$salt:$unit".toByteArray(Charsets.UTF_8)))
    }

    /** Whether [unit] has the form of a device's id. */
    @JvmStatic
    public fun isUnit(unit: String): Boolean =
        unit.length == UNIT_LENGTH && unit.all { it in '0'..'9' || it in 'a'..'f' }

    /** The unit of a 128-bit id, 16 bytes. */
    internal fun unitOf(bytes: ByteArray): String =
        bytes.joinToString("") { (it.toInt() and 0xff).toString(16).padStart(2, '0') }

    /**
     * Whether [bucket] lies in the window of [count] buckets from [start] on (R14). The window does not wrap; a bucket,
     * start or count outside of `0..1000` is in no window.
     */
    @JvmStatic
    public fun isIn(bucket: Int, start: Int, count: Int): Boolean =
        bucket in 0 until COUNT && start in 0..COUNT && count in 0..COUNT && bucket >= start && bucket - start < count

    /** The first eight bytes of SHA-256 over [bytes], big-endian. */
    internal fun head(bytes: ByteArray): Long =
        ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes)).getLong()

    /** `(high as unsigned * 1000) >> 64`, in two halves because the product needs 74 bits. */
    private fun scaled(high: Long): Int {
        val upper = (high ushr Int.SIZE_BITS) * COUNT
        val lower = (high and 0xffff_ffffL) * COUNT
        return ((upper + (lower ushr Int.SIZE_BITS)) ushr Int.SIZE_BITS).toInt()
    }
}
