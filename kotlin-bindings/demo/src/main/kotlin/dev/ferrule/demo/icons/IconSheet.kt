package dev.ferrule.demo.icons

import java.io.ByteArrayOutputStream
import java.nio.ByteBuffer
import java.util.zip.CRC32
import java.util.zip.Deflater
import java.util.zip.DeflaterOutputStream

/** Icons as a cache handed them out, small and side by side, as a PNG file in memory. */
internal class IconSheet private constructor(val columns: Int, val rows: Int, val png: ByteArray) {
    /** Pixels a row. */
    val width: Int get() = columns * CELL

    /** Rows of pixels. */
    val height: Int get() = rows * CELL

    companion object {
        private const val COLUMNS = 20
        private const val CELL = 52
        private const val ICON = 48
        private const val BYTES = 4
        private const val FULL = 255

        /** A sheet of [count] icons of [side] pixels, a multiple of 48; what has no pixels stays empty. */
        fun of(count: Int, side: Int, pixels: (Int) -> ByteBuffer?): IconSheet {
            require(side % ICON == 0) { "$side is no multiple of $ICON" }
            val (columns, rows) = COLUMNS to (count + COLUMNS - 1) / COLUMNS
            val out = ByteArray(columns * CELL * rows * CELL * BYTES)
            for (at in 0 until count) {
                val from = pixels(at) ?: continue
                val (left, top) = at % columns * CELL + (CELL - ICON) / 2 to at / columns * CELL + (CELL - ICON) / 2
                for (y in 0 until ICON) for (x in 0 until ICON) {
                    put(out, ((top + y) * columns * CELL + left + x) * BYTES, mean(from, side, x, y))
                }
            }
            return IconSheet(columns, rows, png(out, columns * CELL, rows * CELL))
        }

        /** The mean of a block of premultiplied pixels. */
        private fun mean(from: ByteBuffer, side: Int, x: Int, y: Int): IntArray {
            val block = side / ICON
            val sum = IntArray(BYTES)
            for (row in y * block until (y + 1) * block) for (column in x * block until (x + 1) * block) {
                for (channel in 0 until BYTES) sum[channel] += from.get((row * side + column) * BYTES + channel).toInt() and FULL
            }
            return IntArray(BYTES) { sum[it] / (block * block) }
        }

        /** PNG's colours are not premultiplied. */
        private fun put(out: ByteArray, at: Int, pixel: IntArray) {
            val alpha = pixel[BYTES - 1]
            for (channel in 0 until BYTES - 1) {
                out[at + channel] = (if (alpha == 0) 0 else minOf(FULL, pixel[channel] * FULL / alpha)).toByte()
            }
            out[at + BYTES - 1] = alpha.toByte()
        }

        private fun png(pixels: ByteArray, width: Int, height: Int): ByteArray {
            val out = ByteArrayOutputStream()
            out.write(byteArrayOf(0x89.toByte(), 'P'.code.toByte(), 'N'.code.toByte(), 'G'.code.toByte(), 13, 10, 26, 10))
            val header = ByteBuffer.allocate(13).putInt(width).putInt(height).put(byteArrayOf(8, 6, 0, 0, 0))
            chunk(out, "IHDR", header.array())
            val packed = ByteArrayOutputStream()
            DeflaterOutputStream(packed, Deflater(Deflater.BEST_COMPRESSION)).use { deflater ->
                val stride = width * BYTES
                val line = ByteArray(stride)
                for (row in 0 until height) {
                    // Each byte less the one above it: grounds that are shaded downwards become small numbers.
                    deflater.write(if (row == 0) 0 else UP)
                    for (at in 0 until stride) {
                        val above = if (row == 0) 0 else pixels[(row - 1) * stride + at].toInt()
                        line[at] = (pixels[row * stride + at] - above).toByte()
                    }
                    deflater.write(line)
                }
            }
            chunk(out, "IDAT", packed.toByteArray())
            chunk(out, "IEND", ByteArray(0))
            return out.toByteArray()
        }

        private const val UP = 2

        private fun chunk(out: ByteArrayOutputStream, name: String, content: ByteArray) {
            val named = name.toByteArray(Charsets.US_ASCII) + content
            val sum = CRC32().apply { update(named, 0, named.size) }.value.toInt()
            out.write(ByteBuffer.allocate(named.size + 8).putInt(content.size).put(named).putInt(sum).array())
        }
    }
}
