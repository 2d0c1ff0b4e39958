package dev.ferrule.bench

import dev.ferrule.legacy.icons.Picture
import kotlin.math.abs
import kotlin.math.hypot
import kotlin.math.max
import kotlin.math.pow

/**
 * Icons as phones have them: a shape with a soft edge and a shadow, a gradient, and a figure on it. Drawn from their number
 * alone; about as large in each format as an icon pack's.
 */
internal object IconPictures {
    const val SIDE = 192
    private const val RADIUS = 80.0

    /** The icon of a number, premultiplied RGBA. */
    @JvmStatic
    fun draw(number: Int): Picture {
        val pixels = ByteArray(SIDE * SIDE * Picture.BYTES_PER_PIXEL)
        val mixed = number * 0x9E3779B1.toInt()
        val top = color(mixed)
        val bottom = color(mixed ushr 7 xor mixed)
        val figure = color(mixed ushr 13 xor mixed.inv())
        val power = doubleArrayOf(2.0, 3.0, 5.0)[number % 3]
        var at = 0
        for (y in 0 until SIDE) {
            for (x in 0 until SIDE) {
                val dx = (x - SIDE / 2 + 0.5) / RADIUS
                val dy = (y - SIDE / 2 + 0.5) / RADIUS
                val edge = (abs(dx).pow(power) + abs(dy).pow(power)).pow(1 / power)
                val inside = ((1 - edge) * RADIUS + 0.5).coerceIn(0.0, 1.0)
                val shadow = max(0.0, 1 - (edge - 1) * 10) * 0.25 * (1 - inside)
                val onFigure = isFigure(number, dx, dy)
                for (channel in 0 until 3) {
                    val shade = top[channel] + (bottom[channel] - top[channel]) * y / SIDE
                    val value = if (onFigure) figure[channel] else shade
                    pixels[at++] = (value * inside).toInt().toByte()
                }
                pixels[at++] = (255 * (inside + shadow)).toInt().coerceIn(0, 255).toByte()
            }
        }
        return Picture(SIDE, SIDE, pixels)
    }

    private fun isFigure(number: Int, dx: Double, dy: Double): Boolean = when (number / 3 % 4) {
        0 -> hypot(dx, dy) < 0.5 && hypot(dx, dy) > 0.3
        1 -> abs(dx) < 0.5 && abs(dy) < 0.5 && abs(abs(dx) - abs(dy)) < 0.15
        2 -> abs(dy) < 0.45 && ((dx + 1) * 6).toInt() % 2 == 0 && abs(dx) < 0.6
        else -> dy > -0.5 && abs(dx) < (dy + 0.5) * 0.5 && dy < 0.5
    }

    private fun color(bits: Int) = IntArray(3) { bits ushr (8 * it) and 0xFF }
}
