package dev.ferrule.legacy.icons

import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test
import java.io.ByteArrayInputStream
import java.util.Random
import javax.imageio.ImageIO

class PngCodecTest {
    private val codec = PngCodec()

    /** A picture with gradients, hard edges and noise, of every alpha. */
    private fun picture(width: Int, height: Int, seed: Long): Picture {
        val random = Random(seed)
        val pixels = ByteArray(width * height * 4)
        for (at in pixels.indices step 4) {
            val x = at / 4 % width
            val y = at / 4 / width
            val alpha = if (random.nextInt(3) == 0) random.nextInt(256) else if (x < width / 2) 255 else 0
            for (c in 0 until 3) pixels[at + c] = ((x * 3 + y * (c + 1) + random.nextInt(9)) % 256 * alpha / 255).toByte()
            pixels[at + 3] = alpha.toByte()
        }
        return Picture(width, height, pixels)
    }

    @Test
    fun `gives back every premultiplied pixel`() {
        for ((at, size) in listOf(1 to 1, 3 to 2, 48 to 48, 60 to 60, 192 to 192, 7 to 31).withIndex()) {
            for (level in listOf(1, 6)) {
                val picture = picture(size.first, size.second, at.toLong())
                val back = codec.decode(PngCodec(level).encode(picture))!!
                assertEquals(size, back.width to back.height)
                assertArrayEquals(picture.pixels, back.pixels)
            }
        }
    }

    @Test
    fun `another reader sees the same picture`() {
        val picture = picture(40, 30, 5)
        val read = ImageIO.read(ByteArrayInputStream(codec.encode(picture)))
        assertEquals(40 to 30, read.width to read.height)
        for (at in 0 until 40 * 30) {
            val argb = read.getRGB(at % 40, at / 40)
            assertEquals(picture.pixels[at * 4 + 3].toInt() and 0xFF, argb ushr 24)
            val alpha = argb ushr 24
            for (c in 0 until 3) {
                val straight = argb ushr (16 - 8 * c) and 0xFF
                assertEquals(picture.pixels[at * 4 + c].toInt() and 0xFF, (straight * alpha + 127) / 255)
            }
        }
    }

    @Test
    fun `a cut file gives its first rows, as Skia's does`() {
        val picture = picture(48, 48, 9)
        val bytes = codec.encode(picture)
        val half = codec.decode(bytes.copyOf(bytes.size / 2))!!
        val row = 48 * 4
        assertArrayEquals(picture.pixels.copyOf(row), half.pixels.copyOf(row))
        assertArrayEquals(ByteArray(row), half.pixels.copyOfRange(47 * row, 48 * row))
        assertArrayEquals(picture.pixels, codec.decode(bytes.copyOf(bytes.size - 13))!!.pixels)
    }

    @Test
    fun `nothing that is no picture is one, and no bytes make it throw`() {
        for (text in listOf("", "x", "no picture at all, but long enough to hold a header of one, really")) {
            assertNull(codec.decode(text.toByteArray()))
        }
        val bytes = codec.encode(picture(9, 9, 3))
        for (size in 0 until 45) assertNull(codec.decode(bytes.copyOf(size)))
        for (at in 0 until 33) assertNull(codec.decode(bytes.copyOf().also { it[at] = (it[at].toInt() xor 1).toByte() }), "byte $at")
        for (at in 33 until bytes.size) {
            for (bit in 0 until 8) codec.decode(bytes.copyOf().also { it[at] = (it[at].toInt() xor (1 shl bit)).toByte() })
        }
        assertNotNull(codec.decode(bytes))
    }
}
