package dev.ferrule.icons

import dev.ferrule.bindings.InvalidInputException
import java.nio.ByteBuffer
import java.nio.ByteOrder

/** What kind of picture an answer stands for. */
public enum class IconKind {
    /** Nothing is known. */
    BLANK,

    /** The system's default icon; its pixels are the caller's to draw. */
    DEFAULT,

    /** Only title and colour were asked for, and are known. */
    COLOUR,

    /** The icon. */
    ICON,
}

/** Why the provider was not heard. */
public enum class IconUndrawn {
    /** Its call for this icon took longer than [IconOptions.providerMillisMax], and has not come back yet. */
    HANGS,

    /** Too many of its calls hang, so none is begun. */
    REFUSED,
}

/** Where an answer comes from. */
public enum class IconTier {
    /** Memory. */
    MEMORY,

    /** The store. */
    STORE,

    /** The provider. */
    PROVIDER,

    /** The package's entry. */
    PACKAGE,

    /** Nowhere. */
    NOTHING,
}

/**
 * Everything of an icon but its pixels, which lie in the slot that was handed in: from its start four bytes a pixel, red,
 * green, blue and alpha, premultiplied, row by row; behind them, with [hasThemed], one byte of alpha a pixel. A slot holds the
 * pictures of its answer and zeros, never parts of another icon.
 */
public class IconAnswer internal constructor(
    private val bytes: ByteBuffer,
    private val at: Int,
    private val labels: Int,
) {
    /** The title, without the profile's badge; empty when nobody knows it. */
    public val label: String
        get() = text ?: String(bytes.array(), labels + bytes.getInt(at + LABEL_AT), bytes.getInt(at + LABEL_BYTES_AT), Charsets.UTF_8)
            .also { text = it }

    /** Read when it is asked for; two threads may read it at once, to equal texts. */
    private var text: String? = null

    /** The dominant colour, ARGB, alpha 255. */
    public val colour: Int get() = bytes.getInt(at)

    /** AOSP's flags: 1 work, 2 instant, 4 clone, 8 private, 16 full-bleed; those of the profile as it is now. */
    public val flags: Int get() = bytes.getInt(at + 4)

    /** What the picture is. */
    public val kind: IconKind get() = KINDS[bytes.get(at + 8).toInt()]

    /** Where it comes from. */
    public val tier: IconTier get() = TIERS[bytes.get(at + 9).toInt()]

    /** Whether the title is stale; a new one is on its way. */
    public val isLabelStale: Boolean get() = state and 1 != 0

    /** Whether a picture is stale; a new one is on its way. */
    public val isPixelsStale: Boolean get() = state and 2 != 0

    /** Whether the slot was too small: nothing was written, and [missingBytes] says what it needs. */
    public val isSlotTooSmall: Boolean get() = state and 4 != 0

    /** Why the provider was not heard, though it was needed; null if it was, or was not. What is shown is what was known. */
    public val undrawn: IconUndrawn?
        get() = when {
            state and 8 != 0 -> IconUndrawn.HANGS
            state and 16 != 0 -> IconUndrawn.REFUSED
            else -> null
        }

    /** Whether the slot holds a picture. */
    public val hasPixels: Boolean get() = written and (1 or 4) != 0

    /** Whether the picture is the one for dark surroundings. */
    public val isDark: Boolean get() = written and 4 != 0

    /** Whether the monochrome form lies behind the icon, from byte [themedAt]. */
    public val hasThemed: Boolean get() = written and 2 != 0

    /** Pixels a row; 0 without a picture. */
    public val width: Int get() = bytes.getShort(at + 12).toInt() and 0xffff

    /** Rows; 0 without a picture. */
    public val height: Int get() = bytes.getShort(at + 14).toInt() and 0xffff

    /** The first byte of the monochrome form in the slot. */
    public val themedAt: Int get() = width * height * 4

    /** The bytes that the slot needs, where it has fewer; else 0. */
    public val missingBytes: Int get() = bytes.getInt(at + 16)

    private val state: Int get() = bytes.get(at + 10).toInt()
    private val written: Int get() = bytes.get(at + 11).toInt()

    override fun toString(): String = "${kind.name.lowercase()} '$label' ${width}x$height from ${tier.name.lowercase()}"

    internal companion object {
        const val RECORD_BYTES = 28
        private const val LABEL_AT = 20
        private const val LABEL_BYTES_AT = 24
        private val KINDS = IconKind.values()
        private val TIERS = IconTier.values()

        /**
         * Reads answers in the packed form of `docs/formats/icons-packed.md`. Any bytes either pass the checks here or are
         * refused; no accessor fails afterwards.
         */
        fun decode(packed: ByteArray): List<IconAnswer> {
            val bytes = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN)
            if (packed.size < IconQuery.HEADER_BYTES || bytes.getInt(0) != MAGIC) throw malformed("the answers do not start with FICA")
            val format = bytes.getShort(4).toInt()
            if (format != 1) throw InvalidInputException("FFI_FORMAT_TOO_NEW", "packed format $format is not known here", "")
            val header = bytes.getShort(6).toInt() and 0xffff
            val count = bytes.getInt(12)
            val labels = header + count.toLong() * RECORD_BYTES
            if (header < IconQuery.HEADER_BYTES || bytes.getInt(8) != packed.size || count < 0 || labels > packed.size) {
                throw malformed("$count answers in ${packed.size} bytes")
            }
            val answers = ArrayList<IconAnswer>(count)
            for (number in 0 until count) {
                val at = header + number * RECORD_BYTES
                val from = bytes.getInt(at + LABEL_AT).toLong()
                val length = bytes.getInt(at + LABEL_BYTES_AT).toLong()
                val isWhole = from >= 0 && length >= 0 && labels + from + length <= packed.size &&
                    bytes.get(at + 8) in KINDS.indices && bytes.get(at + 9) in TIERS.indices
                if (!isWhole) throw malformed("answer $number")
                answers.add(IconAnswer(bytes, at, labels.toInt()))
            }
            return answers
        }

        private fun malformed(what: String) = InvalidInputException("FFI_PACKED_MALFORMED", "not answers of ours: $what", "")

        /** `FICA`, little endian. */
        private const val MAGIC = 0x41434946
    }
}
