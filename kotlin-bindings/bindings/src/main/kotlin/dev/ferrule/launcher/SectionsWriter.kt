package dev.ferrule.launcher

import dev.ferrule.bindings.InvalidInputException
import java.nio.Buffer
import java.nio.ByteBuffer
import java.nio.ByteOrder

/**
 * Writes a packed list (`docs/formats/model-packed.md`): records may be added to any section at any time.
 *
 * What it is not: it checks no value; the native side decides what they mean. Not thread-safe.
 */
internal class SectionsWriter(private val magic: String, private val strides: IntArray) {
    private val sections = Array(strides.size) { IntArray(START_WORDS) }
    private val used = IntArray(strides.size)
    private val numbers = HashMap<String, Int>()
    private var ends = IntArray(START_WORDS)
    private var texts = 0
    private var block = ByteArray(START_BYTES)
    private var blockBytes = 0

    /** Room for a record of [section], all words 0; where it begins, for [set]. */
    fun record(section: Int): Int {
        val at = used[section]
        val end = at + strides[section]
        if (end > sections[section].size) sections[section] = sections[section].copyOf(maxOf(end, at * 2))
        used[section] = end
        return at
    }

    /** Sets word [index] of the record at [at]. */
    fun set(section: Int, at: Int, index: Int, value: Int) {
        sections[section][at + index] = value
    }

    /** Sets two words, low first. */
    fun setLong(section: Int, at: Int, index: Int, value: Long) {
        set(section, at, index, value.toInt())
        set(section, at, index + 1, (value shr 32).toInt())
    }

    /** The number of a text, the same for equal texts; 0 for null. */
    fun text(text: String?): Int {
        if (text == null) return 0
        numbers[text]?.let { return it }
        // What has no UTF-8, half a surrogate pair, becomes a question mark.
        return bytes(text.toByteArray(Charsets.UTF_8)).also { numbers[text] = it }
    }

    /** The number of some bytes. */
    fun bytes(bytes: ByteArray): Int {
        val end = blockBytes.toLong() + bytes.size
        if (end > BYTES_MAX) throw tooLong()
        if (end > block.size) block = block.copyOf(minOf(maxOf(end, block.size * 2L), BYTES_MAX).toInt())
        System.arraycopy(bytes, 0, block, blockBytes, bytes.size)
        blockBytes = end.toInt()
        if (texts == ends.size) ends = ends.copyOf(texts * 2)
        ends[texts++] = blockBytes
        return texts
    }

    /** The number of bytes that [writeTo] writes. */
    fun size(): Int {
        val words = HEAD_WORDS + 2L * strides.size + texts + used.sumOf { it.toLong() }
        val total = words * WORD + blockBytes
        if (total > BYTES_MAX) throw tooLong()
        return total.toInt()
    }

    /**
     * Writes everything to the start of [buffer], which has room for [size]; with [head] in place of the first words of
     * the first section. Changes nothing here, so several threads may write at once.
     */
    fun writeTo(buffer: ByteBuffer, head: IntArray = IntArray(0)) {
        val out = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN)
        (out as Buffer).clear()
        for (char in magic) out.put(char.code.toByte())
        out.putShort(PACKED_FORMAT.toShort())
        out.putShort(((HEAD_WORDS + 2 * strides.size) * WORD).toShort())
        out.putInt(size())
        out.putInt(texts)
        out.putInt(blockBytes)
        out.putInt(strides.size)
        for (index in strides.indices) {
            out.putInt(used[index] / strides[index])
            out.putInt(strides[index])
        }
        val words = out.asIntBuffer()
        words.put(head)
        words.put(sections[0], head.size, used[0] - head.size)
        for (index in 1 until strides.size) words.put(sections[index], 0, used[index])
        words.put(ends, 0, texts)
        (out as Buffer).position(out.position() + words.position() * WORD)
        out.put(block, 0, blockBytes)
    }

    private fun tooLong(): RuntimeException =
        InvalidInputException("FFI_PACKED_MALFORMED", "the list has more than $BYTES_MAX bytes", "")

    private companion object {
        private const val WORD = 4
        private const val HEAD_WORDS = 6
        private const val START_WORDS = 64
        private const val START_BYTES = 4096

        /** What the library takes at most. */
        private const val BYTES_MAX = 1L shl 28
    }
}
