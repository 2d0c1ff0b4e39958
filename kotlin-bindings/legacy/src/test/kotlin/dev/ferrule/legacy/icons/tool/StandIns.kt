package dev.ferrule.legacy.icons.tool

import dev.ferrule.legacy.icons.BitmapInfo
import dev.ferrule.legacy.icons.IconFactory
import dev.ferrule.legacy.icons.Picture
import dev.ferrule.legacy.icons.SystemIcon
import java.nio.ByteBuffer

/** An icon of a case by its name, such as `adaptive:00aa00+mono`. */
class NamedIcon(val name: String) : SystemIcon {
    override val isDefault: Boolean get() = name == "default"
}

/**
 * Draws stand-ins where there is no Skia: every pixel of a picture differs a little from the next, its first ones hold the
 * icon's name, by which it is known again. Colours are those of the recording.
 *
 * @param side size of an icon in pixels
 * @param colors what the recording's extractor found at sizes where it is not the icon's own colour
 */
class StandInFactory(private val side: Int, override val isThemed: Boolean, private val forcesMono: Boolean, private val colors: RecordedColors) :
    IconFactory {
    override val size: Int get() = side

    override fun defaultIcon() = BitmapInfo(draw("default", side), colors.of("default", side) ?: DEFAULT_COLOR)

    override fun render(icon: SystemIcon?): BitmapInfo {
        val name = (icon as NamedIcon?)?.name ?: return BitmapInfo(draw(EMPTY, side), OPAQUE)
        if (icon.isDefault) return defaultIcon().let { BitmapInfo(it.picture, it.color, mono = monoOf(name)) }
        val color = if (name.startsWith("clear:")) WHITE else colors.of(pictureOf(name), side) ?: colorOf(name)
        return BitmapInfo(draw(pictureOf(name), side), color, mono = monoOf(name), canPersist = !name.startsWith("live:"))
    }

    override fun renderShortcut(icon: SystemIcon): BitmapInfo = render(icon).let { BitmapInfo(it.picture, ACCENT, mono = it.mono) }

    private fun monoOf(name: String) =
        if (isThemed && (name.endsWith("+mono") || forcesMono && !name.startsWith("live:"))) ByteArray(side * side) { it.toByte() } else null

    private fun colorOf(name: String) = name.substringAfter(':').take(6).toInt(16) or OPAQUE

    companion object {
        private const val OPAQUE = 0xFF shl 24
        private const val WHITE = -1
        private const val ACCENT = 0x336699 or OPAQUE
        private const val EMPTY = ""
        private const val NAME_BYTES = 64

        /** Dominant colour of the system's icon at 48 pixels, as recorded. */
        private const val DEFAULT_COLOR = 0x495e93 or OPAQUE

        /** A monochrome layer does not show in the picture, nor that an icon moves. */
        fun pictureOf(name: String) = name.removeSuffix("+mono").replace("live:", "adaptive:")

        /** A picture that says [name]. */
        fun draw(name: String, side: Int): Picture {
            val pixels = ByteArray(side * side * Picture.BYTES_PER_PIXEL)
            val text = name.toByteArray()
            for (at in pixels.indices) pixels[at] = if (at % 4 == 3) -1 else (at * (side + text.size) / 7 xor at shr 3).toByte()
            var next = 0
            // Into colour bytes only: alpha is full, so nothing is lost by premultiplying.
            fun put(value: Byte) {
                if (next % 4 == 3) next++
                pixels[next++] = value
            }
            put(text.size.toByte())
            text.forEach(::put)
            return Picture(side, side, pixels)
        }

        /** What [draw] was given, or null for other or damaged pictures. */
        fun nameOf(picture: Picture): String? {
            val colors = ByteBuffer.allocate(picture.pixels.size)
            picture.pixels.forEachIndexed { at, value -> if (at % 4 != 3) colors.put(value) }
            val size = colors.get(0).toInt()
            if (size !in 0..NAME_BYTES || size >= colors.position()) return null
            val name = String(colors.array(), 1, size)
            return name.takeIf { draw(it, picture.width).pixels.contentEquals(picture.pixels) }
        }
    }
}
