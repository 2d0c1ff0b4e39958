package dev.ferrule.icons

import dev.ferrule.bindings.InvalidInputException
import java.nio.Buffer
import java.nio.ByteBuffer
import java.nio.ByteOrder

/**
 * Draws icons: the platform, behind an interface.
 *
 * Called on any thread that looks an icon up or works for the cache, at most once a look-up and never twice at once for a
 * key; no lock is held, so it may call the cache again. However long it takes, only those who wait for the same key wait.
 */
public fun interface IconProvider {
    /**
     * Label and pixels of [key]; a key of a package is about the application itself. Whatever it throws counts as a failure:
     * what is known stays and is shown.
     */
    @Throws(Exception::class)
    public fun load(key: IconKey, want: IconWant): RenderedIcon
}

/** What is wanted of a provider. What it gives beyond that is taken too. */
public class IconWant internal constructor(
    /** Whether the label is wanted. */
    public val label: Boolean,
    private val variants: Int,
) {
    /** Whether the icon is wanted. Without any variant nothing has to be drawn: only the label is stale. */
    public val plain: Boolean get() = variants and 1 != 0

    /** Whether the monochrome form is wanted. */
    public val themed: Boolean get() = variants and 2 != 0

    /** Whether the icon for dark surroundings is wanted. */
    public val dark: Boolean get() = variants and 4 != 0
}

/** What a provider says of one variant. */
public class IconPixels private constructor(
    internal val state: Int,
    internal val width: Int,
    internal val height: Int,
    internal val bytes: ByteBuffer?,
) {
    public companion object {
        /** It was not asked, or failed: nothing is known. */
        @JvmField
        public val UNKNOWN: IconPixels = IconPixels(0, 0, 0, null)

        /** There is no such variant, and will be none for these tokens. */
        @JvmField
        public val ABSENT: IconPixels = IconPixels(1, 0, 0, null)

        /** The system's default icon: shown when nothing better is known, never kept. */
        @JvmField
        public val DEFAULT: IconPixels = IconPixels(2, 0, 0, null)

        /**
         * A picture of these bytes, from the buffer's position on: four a pixel, premultiplied (`Bitmap.copyPixelsToBuffer`),
         * or one of alpha for the monochrome form. The buffer is read when the provider has returned, before anything else.
         */
        @JvmStatic
        public fun picture(width: Int, height: Int, bytes: ByteBuffer): IconPixels = IconPixels(3, width, height, bytes)

        /** A picture that is not kept on disk: a clock, whose hands would stand still. */
        @JvmStatic
        public fun live(width: Int, height: Int, bytes: ByteBuffer): IconPixels = IconPixels(4, width, height, bytes)
    }
}

/** What a provider drew. Made by [Builder]. */
public class RenderedIcon private constructor(private val from: Builder) {
    /** Collects what was drawn; all of it is optional. */
    public class Builder {
        internal var label: String? = null
        internal var tokens: IconTokens? = null
        internal var colour = 0
        internal var flags = 0
        internal var provider = ""
        internal val pixels = arrayOf(IconPixels.UNKNOWN, IconPixels.UNKNOWN, IconPixels.UNKNOWN)

        /** The label; empty: it has none, and the package's name is shown. Not set: the component is unknown. */
        public fun label(label: String): Builder = apply { this.label = label }

        /** What label and pixels were made from; not set: nothing is kept on disk. */
        public fun tokens(tokens: IconTokens): Builder = apply { this.tokens = tokens }

        /** The dominant colour, ARGB; counts with an icon only. */
        public fun colour(colour: Int): Builder = apply { this.colour = colour }

        /** AOSP's flags without those of the user: 2 instant, 16 full-bleed. */
        public fun flags(flags: Int): Builder = apply { this.flags = flags }

        /** Who drew it: an icon pack's package; not set: the system. */
        public fun provider(packageName: String): Builder = apply { provider = packageName }

        /** The icon. */
        public fun plain(pixels: IconPixels): Builder = apply { this.pixels[0] = pixels }

        /** Its monochrome form, of the icon's sides. */
        public fun themed(pixels: IconPixels): Builder = apply { this.pixels[1] = pixels }

        /** The icon for dark surroundings. */
        public fun dark(pixels: IconPixels): Builder = apply { this.pixels[2] = pixels }

        /** What was drawn. */
        public fun build(): RenderedIcon = RenderedIcon(this)
    }

    internal fun packed(): ByteArray = with(from) {
        val texts = listOf(label, tokens?.label, tokens?.pixels, provider).map(IconQuery.Companion::utf8)
        var flag = 0
        if (label != null) flag = flag or HAS_LABEL
        if (tokens != null) flag = flag or HAS_TOKENS
        pack(flag, colour, flags, texts, pixels)
    }

    internal companion object {
        private const val HEADER_BYTES = 64
        private const val HAS_LABEL = 1
        private const val HAS_TOKENS = 2
        private const val FAILED = 4
        private const val SIDE_MAX = 1024

        /** A failure, for the log: what was thrown, without its message, which may be personal. */
        fun failed(thrown: Throwable): ByteArray {
            val texts = listOf(thrown.javaClass.name, "", "", "").map(IconQuery.Companion::utf8)
            return pack(FAILED, 0, 0, texts, Array(3) { IconPixels.UNKNOWN })
        }

        private fun pack(flag: Int, colour: Int, flags: Int, texts: List<ByteArray>, pixels: Array<IconPixels>): ByteArray {
            val sizes = IntArray(pixels.size) { bytesOf(pixels[it], if (it == 1) 1 else 4) }
            val size = HEADER_BYTES + texts.sumOf { it.size } + sizes.sum()
            val out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN)
            for (char in "FICD") out.put(char.code.toByte())
            out.putShort(1).putShort(HEADER_BYTES.toShort()).putInt(size).putShort(flag.toShort()).putShort(0)
            out.putInt(colour).putInt(flags)
            for (text in texts) out.putInt(text.size)
            for (each in pixels) out.put(each.state.toByte()).put(0).putShort(each.width.toShort()).putShort(each.height.toShort())
            (out as Buffer).position(HEADER_BYTES)
            for (text in texts) out.put(text)
            for ((each, bytes) in pixels.zip(sizes.asIterable())) {
                val view = each.bytes?.duplicate() ?: continue
                view.get(out.array(), out.position(), bytes)
                (out as Buffer).position(out.position() + bytes)
            }
            return out.array()
        }

        private fun bytesOf(pixels: IconPixels, bytesPerPixel: Int): Int {
            val bytes = pixels.bytes ?: return 0
            val (width, height) = listOf(pixels.width, pixels.height)
            val needed = width.toLong() * height * bytesPerPixel
            if (width !in 1..SIDE_MAX || height !in 1..SIDE_MAX || needed > bytes.remaining()) {
                throw InvalidInputException("IC_PICTURE_BUFFER", "a picture of ${width}x$height", "${bytes.remaining()} bytes")
            }
            return needed.toInt()
        }
    }
}
