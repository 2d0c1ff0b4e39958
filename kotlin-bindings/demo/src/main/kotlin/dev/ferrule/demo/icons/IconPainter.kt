package dev.ferrule.demo.icons

import kotlin.math.abs
import kotlin.math.pow

/** The form of a phone's icons: the theme that changes them all. */
internal enum class IconShape(val title: String, val power: Double) {
    ROUNDED("rounded squares", 5.0),
    CIRCLE("circles", 2.0),
}

/**
 * Draws the icons of the pack by arithmetic: the same bytes on every machine, no file, no font, no graphics of the platform.
 * It stands for what is dear on a phone, inflating and rasterising an app's drawable.
 */
internal object IconPainter {
    /** The icon, premultiplied, four bytes a pixel. A newer [version] of an app has a lighter ground and a mark in its corner. */
    fun draw(app: SampleApp, version: Int, shape: IconShape, side: Int): ByteArray {
        val out = ByteArray(side * side * BYTES)
        val ground = ground(app, version)
        for (row in 0 until side) for (column in 0 until side) {
            val (x, y) = ((column + .5) / side * 2 - 1) to ((row + .5) / side * 2 - 1)
            val pixel = DoubleArray(BYTES)
            lay(pixel, 0, cover(edge(shape, x, y - SHADOW_DROP) - .01, side / SHADOW_BLUR) * SHADOW)
            lay(pixel, shaded(ground, y), cover(edge(shape, x, y), side))
            lay(pixel, shaded(ground, y, DARKER), cover(app.glyph.distance(x - .02, y - .04), side / SHADOW_BLUR) * GLYPH_SHADOW)
            lay(pixel, WHITE, cover(app.glyph.distance(x, y), side))
            if (version > 1) lay(pixel, WHITE, cover(abs(x - MARK) + abs(y + MARK) - MARK_SIZE, side))
            val at = (row * side + column) * BYTES
            for (channel in 0 until BYTES) out[at + channel] = (pixel[channel] * FULL + .5).toInt().toByte()
        }
        return out
    }

    /** The colour of the ground, opaque ARGB. */
    fun colour(app: SampleApp, version: Int): Int = OPAQUE or ground(app, version)

    private fun ground(app: SampleApp, version: Int): Int {
        val colour = GROUNDS[app.tint]
        return if (version == 1) colour else shaded(colour, -1.0, LIGHTER)
    }

    /** Distance from the edge of the form. */
    private fun edge(shape: IconShape, x: Double, y: Double): Double =
        (abs(x).pow(shape.power) + abs(y).pow(shape.power)).pow(1 / shape.power) - REACH

    /** How much of a pixel is inside of an edge at this distance. */
    private fun cover(distance: Double, side: Int): Double = (.5 - distance * side / 2).coerceIn(.0, 1.0)

    /** Lays a colour over a premultiplied pixel. */
    private fun lay(pixel: DoubleArray, colour: Int, cover: Double) {
        for (channel in 0 until COLOURS) {
            val value = (colour shr (16 - 8 * channel) and 0xFF) / FULL
            pixel[channel] = value * cover + pixel[channel] * (1 - cover)
        }
        pixel[COLOURS] = cover + pixel[COLOURS] * (1 - cover)
    }

    /** Lighter above, darker below; [by] on top of that. */
    private fun shaded(colour: Int, y: Double, by: Double = .0): Int {
        val factor = 1 - SHADE * y + by
        var shaded = 0
        for (shift in intArrayOf(16, 8, 0)) {
            val value = ((colour shr shift and 0xFF) * factor).toInt().coerceIn(0, 0xFF)
            shaded = shaded or (value shl shift)
        }
        return shaded
    }

    private const val BYTES = 4
    private const val COLOURS = 3
    private const val FULL = 255.0
    private const val OPAQUE = 0xFF shl 24
    private const val WHITE = 0xFFFFFF
    private const val REACH = .93
    private const val SHADE = .16
    private const val SHADOW = .28
    private const val SHADOW_DROP = .04
    private const val SHADOW_BLUR = 12
    private const val DARKER = -.25
    private const val LIGHTER = .06
    private const val GLYPH_SHADOW = .55
    private const val MARK = .56
    private const val MARK_SIZE = .11
    private val GROUNDS = intArrayOf(
        0xD64541, 0xE08A1E, 0x8FA31E, 0x2E9E5B, 0x16918C, 0x2C93D6, 0x3D62D8, 0x7C50C8, 0xD14E8E, 0x5B6878,
    )
}
