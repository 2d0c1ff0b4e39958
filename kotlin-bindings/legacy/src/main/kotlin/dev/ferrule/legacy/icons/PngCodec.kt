package dev.ferrule.legacy.icons

import java.io.ByteArrayOutputStream
import java.util.zip.CRC32
import java.util.zip.DataFormatException
import java.util.zip.Deflater
import java.util.zip.Inflater
import kotlin.math.abs

/**
 * PNG of 8-bit RGBA, the only form the table holds. Reads as Skia does (peer K7): a file that is cut in its pixels gives
 * what was there, and a wrong checksum behind the header is not noticed.
 *
 * @param level zlib's level, 1 fast to 9 small
 */
public class PngCodec @JvmOverloads constructor(private val level: Int = DEFAULT_LEVEL) : PictureCodec {
    override fun encode(picture: Picture): ByteArray {
        val out = ByteArrayOutputStream(picture.pixels.size / 8)
        out.write(SIGNATURE)
        val header = ByteArray(HEADER_SIZE)
        putInt(header, 0, picture.width)
        putInt(header, 4, picture.height)
        header[8] = 8
        header[9] = RGBA
        chunk(out, IHDR, header, header.size)
        chunk(out, SBIT, SIGNIFICANT_BITS, SIGNIFICANT_BITS.size)
        chunk(out, SRGB, PERCEPTUAL, PERCEPTUAL.size)
        val packed = deflate(filter(picture))
        chunk(out, IDAT, packed, packed.size)
        chunk(out, IEND, packed, 0)
        return out.toByteArray()
    }

    private fun deflate(raw: ByteArray): ByteArray {
        val deflater = Deflater(level)
        try {
            deflater.setInput(raw)
            deflater.finish()
            val out = ByteArrayOutputStream(raw.size / 8)
            val buffer = ByteArray(BUFFER)
            while (!deflater.finished()) out.write(buffer, 0, deflater.deflate(buffer))
            return out.toByteArray()
        } finally {
            deflater.end()
        }
    }

    /** Each row with the filter whose result is smallest in sum. */
    private fun filter(picture: Picture): ByteArray {
        val stride = picture.width * Picture.BYTES_PER_PIXEL
        val rows = ByteArray((stride + 1) * picture.height)
        val straight = unpremultiplied(picture.pixels)
        val candidate = ByteArray(stride)
        for (y in 0 until picture.height) {
            val start = y * (stride + 1)
            var best = Int.MAX_VALUE
            for (kind in FILTERS) {
                var sum = 0
                for (x in 0 until stride) {
                    val at = y * stride + x
                    val value = (straight[at] - predict(kind, straight, at, x, y, stride)).toByte()
                    candidate[x] = value
                    sum += abs(value.toInt())
                    if (sum >= best) break
                }
                if (sum >= best) continue
                best = sum
                rows[start] = kind.toByte()
                candidate.copyInto(rows, start + 1)
            }
        }
        return rows
    }

    override fun decode(bytes: ByteArray): Picture? {
        if (bytes.size < PIXELS_FROM || SIGNATURE.indices.any { bytes[it] != SIGNATURE[it] }) return null
        if (int(bytes, SIGNATURE.size) != HEADER_SIZE || int(bytes, SIGNATURE.size + 4) != IHDR) return null
        val crc = CRC32().apply { update(bytes, SIGNATURE.size + 4, HEADER_SIZE + 4) }.value.toInt()
        if (crc != int(bytes, SIGNATURE.size + 8 + HEADER_SIZE)) return null
        val header = SIGNATURE.size + 8
        val width = int(bytes, header)
        val height = int(bytes, header + 4)
        val isOurs = bytes[header + 8].toInt() == 8 && bytes[header + 9] == RGBA && bytes[header + 12].toInt() == 0
        if (!isOurs || width !in 1..MAX_SIDE || height !in 1..MAX_SIDE) return null
        val stride = width * Picture.BYTES_PER_PIXEL
        val rows = ByteArray((stride + 1) * height)
        val got = inflate(bytes, rows) ?: return null
        return Picture(width, height, unfilter(rows, got / (stride + 1), stride, height))
    }

    /** How many bytes there were; null if there are no pixels, or bytes that are none. */
    private fun inflate(bytes: ByteArray, into: ByteArray): Int? {
        val inflater = Inflater()
        try {
            var got = 0
            var seen = false
            var at = PIXELS_FROM - CHUNK_OVERHEAD
            while (at + 8 <= bytes.size) {
                val size = int(bytes, at)
                val kind = int(bytes, at + 4)
                if (size < 0 || kind == IEND) break
                if (kind == IDAT) {
                    seen = true
                    inflater.setInput(bytes, at + 8, minOf(size, bytes.size - at - 8))
                    while (got < into.size) {
                        val more = inflater.inflate(into, got, into.size - got)
                        if (more == 0) break
                        got += more
                    }
                }
                if (size > bytes.size - at - CHUNK_OVERHEAD) break
                at += CHUNK_OVERHEAD + size
            }
            return if (seen) got else null
        } catch (_: DataFormatException) {
            return null
        } finally {
            inflater.end()
        }
    }

    private fun unfilter(rows: ByteArray, complete: Int, stride: Int, height: Int): ByteArray {
        val out = ByteArray(stride * height)
        for (y in 0 until complete) {
            val from = y * (stride + 1)
            System.arraycopy(rows, from + 1, out, y * stride, stride)
            unfilterRow(rows[from].toInt(), out, y, stride)
        }
        premultiply(out)
        return out
    }

    private fun unfilterRow(kind: Int, out: ByteArray, y: Int, stride: Int) {
        val start = y * stride
        val end = start + stride
        when {
            // Without a row above, Paeth's guess is what stands left.
            kind == SUB || kind == PAETH && y == 0 ->
                for (at in start + BPP until end) out[at] = (out[at] + out[at - BPP]).toByte()
            kind == UP -> if (y > 0) for (at in start until end) out[at] = (out[at] + out[at - stride]).toByte()
            kind == PAETH -> {
                for (at in start until start + BPP) out[at] = (out[at] + out[at - stride]).toByte()
                for (at in start + BPP until end) {
                    val left = out[at - BPP].toInt() and 0xFF
                    val up = out[at - stride].toInt() and 0xFF
                    out[at] = (out[at] + paeth(left, up, out[at - stride - BPP].toInt() and 0xFF)).toByte()
                }
            }
            kind == AVERAGE -> for (x in 0 until stride) {
                out[start + x] = (out[start + x] + predict(AVERAGE, out, start + x, x, y, stride)).toByte()
            }
        }
    }

    private companion object {
        const val DEFAULT_LEVEL = 6
        const val BUFFER = 8192
        const val MAX_SIDE = 4096
        const val BPP = Picture.BYTES_PER_PIXEL
        const val HEADER_SIZE = 13
        const val CHUNK_OVERHEAD = 12
        const val RGBA: Byte = 6
        const val IHDR = 0x49484452
        const val SBIT = 0x73424954
        const val SRGB = 0x73524742
        const val IDAT = 0x49444154
        const val IEND = 0x49454E44
        val SIGNATURE = byteArrayOf(-119, 80, 78, 71, 13, 10, 26, 10)
        val SIGNIFICANT_BITS = byteArrayOf(8, 8, 8, 8)
        val PERCEPTUAL = byteArrayOf(0)

        /** The least that a file with any pixel has: signature, header and the head of another chunk. */
        const val PIXELS_FROM = 8 + HEADER_SIZE + 2 * CHUNK_OVERHEAD

        const val SUB = 1
        const val UP = 2
        const val AVERAGE = 3
        const val PAETH = 4
        val FILTERS = intArrayOf(0, SUB, UP, AVERAGE, PAETH)

        fun predict(kind: Int, data: ByteArray, at: Int, x: Int, y: Int, stride: Int): Int {
            val left = if (x >= BPP) data[at - BPP].toInt() and 0xFF else 0
            val up = if (y > 0) data[at - stride].toInt() and 0xFF else 0
            return when (kind) {
                SUB -> left
                UP -> up
                AVERAGE -> (left + up) / 2
                PAETH -> paeth(left, up, if (x >= BPP && y > 0) data[at - stride - BPP].toInt() and 0xFF else 0)
                else -> 0
            }
        }

        fun paeth(left: Int, up: Int, corner: Int): Int {
            val guess = left + up - corner
            val byLeft = abs(guess - left)
            val byUp = abs(guess - up)
            val byCorner = abs(guess - corner)
            return if (byLeft <= byUp && byLeft <= byCorner) left else if (byUp <= byCorner) up else corner
        }

        fun unpremultiplied(pixels: ByteArray): ByteArray {
            val out = pixels.copyOf()
            for (at in out.indices step BPP) {
                val alpha = out[at + 3].toInt() and 0xFF
                if (alpha == 0 || alpha == 255) continue
                for (c in at until at + 3) out[c] = minOf(255, ((out[c].toInt() and 0xFF) * 255 + alpha / 2) / alpha).toByte()
            }
            return out
        }

        fun premultiply(pixels: ByteArray) {
            for (at in pixels.indices step BPP) {
                val alpha = pixels[at + 3].toInt() and 0xFF
                if (alpha == 255) continue
                for (c in at until at + 3) pixels[c] = (((pixels[c].toInt() and 0xFF) * alpha + 127) / 255).toByte()
            }
        }

        fun int(bytes: ByteArray, at: Int): Int = (bytes[at].toInt() and 0xFF shl 24) or
            (bytes[at + 1].toInt() and 0xFF shl 16) or (bytes[at + 2].toInt() and 0xFF shl 8) or (bytes[at + 3].toInt() and 0xFF)

        fun putInt(bytes: ByteArray, at: Int, value: Int) {
            for (i in 0 until 4) bytes[at + i] = (value ushr (24 - 8 * i)).toByte()
        }

        fun chunk(out: ByteArrayOutputStream, kind: Int, data: ByteArray, size: Int) {
            val head = ByteArray(8)
            putInt(head, 0, size)
            putInt(head, 4, kind)
            out.write(head)
            out.write(data, 0, size)
            val crc = CRC32()
            crc.update(head, 4, 4)
            crc.update(data, 0, size)
            val tail = ByteArray(4)
            putInt(tail, 0, crc.value.toInt())
            out.write(tail)
        }
    }
}
