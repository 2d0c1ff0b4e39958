package dev.ferrule.guard.state

/**
 * CRC-32C (Castagnoli) over bytes. `java.util.zip` has it from Android 14 on only.
 *
 * Invariant: equal to the checksum that the workstation's tools write; the golden slots hold it to that.
 */
internal object Crc32c {
    private const val POLYNOMIAL = 0x82f63b78.toInt()
    private const val ALL = -1

    private val table = IntArray(1 shl Byte.SIZE_BITS) { byte ->
        var value = byte
        repeat(Byte.SIZE_BITS) { value = (value ushr 1) xor (if (value and 1 != 0) POLYNOMIAL else 0) }
        value
    }

    /** The checksum of the first [length] bytes. */
    fun of(bytes: ByteArray, length: Int = bytes.size): Int {
        var crc = ALL
        for (at in 0 until length) {
            crc = table[(crc xor bytes[at].toInt()) and 0xff] xor (crc ushr Byte.SIZE_BITS)
        }
        return crc.inv()
    }
}
