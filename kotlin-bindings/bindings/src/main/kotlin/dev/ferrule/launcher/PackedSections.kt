package dev.ferrule.launcher

import dev.ferrule.bindings.InvalidInputException
import java.nio.Buffer
import java.nio.ByteBuffer
import java.nio.ByteOrder

/**
 * A packed list that was read: texts and sections of records of 32-bit words (`docs/formats/model-packed.md`).
 *
 * What it is: the container and its checks. What it is not: it knows no field. Any bytes either pass the checks here and
 * in the accessors or are refused with a typed exception; nothing else is ever thrown. Not thread-safe.
 */
internal class PackedSections(bytes: ByteBuffer, private val size: Int, magic: String, strides: IntArray) {
    private val words: IntArray
    private val block: ByteArray
    private val endsAt: Int
    private val texts: Array<String?>
    private val starts: IntArray
    private val lengths: IntArray
    private val counts: IntArray

    init {
        if (size < HEAD_BYTES || size > bytes.capacity()) throw malformed("the packed list has $size bytes")
        val all = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN)
        (all as Buffer).clear()
        for (index in 0 until MAGIC_BYTES) {
            if (all.get(index).toInt() != magic[index].code) throw malformed("the packed list does not start with $magic")
        }
        val format = all.getShort(FORMAT_AT).toInt() and 0xffff
        if (format !in 1..FORMAT) throw refused("FFI_FORMAT_TOO_NEW", "packed format $format is not known here")
        val header = all.getShort(HEADER_AT).toInt() and 0xffff
        if (header % WORD != 0 || header > size) throw malformed("header length $header")
        val announced = all.getInt(TOTAL_AT)
        if (announced != size) throw malformed("the packed list announces $announced bytes and has $size")
        val textCount = all.getInt(TEXTS_AT)
        val blockBytes = all.getInt(BLOCK_AT)
        val sections = all.getInt(SECTIONS_AT)
        if (sections < strides.size || sections > (header - HEAD_BYTES) / ENTRY_BYTES) throw malformed("$sections sections")
        if (textCount < 0 || blockBytes < 0) throw malformed("$textCount texts in $blockBytes bytes")
        starts = IntArray(sections)
        lengths = IntArray(sections)
        counts = IntArray(sections)
        var at = header.toLong() / WORD
        for (index in 0 until sections) {
            counts[index] = all.getInt(HEAD_BYTES + index * ENTRY_BYTES)
            lengths[index] = all.getInt(HEAD_BYTES + index * ENTRY_BYTES + WORD)
            if (counts[index] < 0 || lengths[index] < (if (index < strides.size) strides[index] else 1)) {
                throw malformed("section $index has ${counts[index]} records of ${lengths[index]} words")
            }
            starts[index] = at.toInt()
            at += counts[index].toLong() * lengths[index]
            if (at > size) throw malformed("section $index ends behind the list")
        }
        endsAt = at.toInt()
        at += textCount
        if (at * WORD + blockBytes != size.toLong()) throw malformed("the parts have ${at * WORD + blockBytes} bytes of $size")
        words = IntArray(at.toInt())
        all.asIntBuffer().get(words)
        block = ByteArray(blockBytes)
        (all as Buffer).position(words.size * WORD)
        all.get(block)
        texts = arrayOfNulls(textCount)
    }

    /** How many records a section has. */
    fun count(section: Int): Int = counts[section]

    /** Where a record begins, for [int]. */
    fun record(section: Int, index: Int): Int {
        if (index < 0 || index >= counts[section]) throw malformed("record $index of section $section")
        return starts[section] + index * lengths[section]
    }

    /** The one record of a section that has exactly one. */
    fun only(section: Int): Int {
        if (counts[section] != 1) throw malformed("${counts[section]} head records")
        return starts[section]
    }

    /** A word. */
    fun int(at: Int): Int = words[at]

    /** Two words, low first. */
    fun long(at: Int): Long = (words[at].toLong() and 0xffff_ffffL) or (words[at + 1].toLong() shl 32)

    /** A text, null for the number 0. Equal numbers give the same object. */
    fun text(at: Int): String? {
        val number = words[at]
        if (number == 0) return null
        if (number < 0 || number > texts.size) throw malformed("text $number of ${texts.size}")
        texts[number - 1]?.let { return it }
        val start = if (number == 1) 0 else words[endsAt + number - 2]
        val end = words[endsAt + number - 1]
        if (start < 0 || start > end || end > block.size) throw malformed("text $number ends at $end")
        return String(block, start, end - start, Charsets.UTF_8).also { texts[number - 1] = it }
    }

    /** One of a closed list, by position. */
    fun <T> one(at: Int, values: Array<T>): T {
        val number = words[at]
        if (number < 0 || number >= values.size) throw malformed("number $number of a list of ${values.size}")
        return values[number]
    }

    /** Whether records from [first] on, [count] of them, are in a section. */
    fun checkRange(section: Int, first: Int, count: Int) {
        if (first < 0 || count < 0 || first.toLong() + count > counts[section]) {
            throw malformed("records $first and $count more of section $section")
        }
    }

    private fun malformed(what: String): RuntimeException = refused("FFI_PACKED_MALFORMED", what)

    private fun refused(code: String, what: String): RuntimeException = InvalidInputException(code, what, "")
}

internal const val PACKED_FORMAT = 1
private const val FORMAT = PACKED_FORMAT
private const val WORD = 4
private const val MAGIC_BYTES = 4
private const val FORMAT_AT = 4
private const val HEADER_AT = 6
private const val TOTAL_AT = 8
private const val TEXTS_AT = 12
private const val BLOCK_AT = 16
private const val SECTIONS_AT = 20
private const val HEAD_BYTES = 24
private const val ENTRY_BYTES = 8
