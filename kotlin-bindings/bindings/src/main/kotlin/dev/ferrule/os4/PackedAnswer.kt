package dev.ferrule.os4

import dev.ferrule.bindings.InvalidInputException

/**
 * An answer in the packed form of `docs/formats/os-packed.md`, format 1, read where and when it is asked for.
 *
 * Any bytes either pass the checks here or are refused with a typed exception; nothing else is ever thrown.
 */
internal class PackedAnswer(private val bytes: ByteArray) {
    private val headerBytes: Int

    init {
        if (bytes.size < HEADER_BYTES) malformed("the answer has ${bytes.size} bytes")
        if (MAGIC.indices.any { bytes[it].toInt() != MAGIC[it].code }) malformed("the answer does not start with $MAGIC")
        val format = short(FORMAT_AT)
        if (format !in 1..FORMAT) {
            throw InvalidInputException("FFI_FORMAT_TOO_NEW", "packed format $format is not known here", "")
        }
        headerBytes = short(HEADER_BYTES_AT)
        if (headerBytes !in HEADER_BYTES..bytes.size) malformed("header length $headerBytes")
        if (int(TOTAL_AT) != bytes.size) malformed("the answer announces ${int(TOTAL_AT)} bytes and has ${bytes.size}")
    }

    /** Kept without anything else being decoded: the one bit that start-up asks for. */
    val atLeastOS4: Boolean
        get() = flag(AT_LEAST_OS4)

    fun identity(): OsIdentity = OsIdentity(
        family = one(FAMILY_AT, FAMILIES),
        major = number(MAJOR_AT),
        minor = number(MINOR_AT),
        sdk = number(SDK_AT),
        confidence = one(CONFIDENCE_AT, CONFIDENCES),
        spoofed = flag(SPOOFED),
        atLeastOS4 = atLeastOS4,
        framework = one(FRAMEWORK_AT, FRAMEWORKS),
        nativeLauncher = one(LAUNCHER_AT, LAUNCHERS),
        reasons = reasons(from = 0, until = short(IDENTITY_REASONS_AT) + short(FRAMEWORK_REASONS_AT)),
    )

    fun effects(): Effects = Effects(
        glass = one(GLASS_AT, GLASSES),
        tier = one(TIER_AT, TIERS),
        bounce = one(BOUNCE_AT, BOUNCES),
        transition = one(TRANSITION_AT, TRANSITIONS),
        blurBackground = bytes[BLUR_AT].toInt() == 1,
        dynamicLayers = one(LAYERS_AT, LAYERS),
        longPressMenu = one(MENU_AT, MENUS),
        background = GlassOS4Background(
            level = one(GLASS_AT, GLASSES),
            blurRadiusPx = int(BLUR_RADIUS_AT),
            tintLight = int(TINT_LIGHT_AT),
            tintDark = int(TINT_DARK_AT),
            noise = bytes[BACKGROUND_FLAGS_AT].toInt() and NOISE != 0,
            highlight = bytes[BACKGROUND_FLAGS_AT].toInt() and HIGHLIGHT != 0,
            fallbackLight = int(FALLBACK_LIGHT_AT),
            fallbackDark = int(FALLBACK_DARK_AT),
        ),
        thermalCapped = flag(HOT),
        releaseDueMillis = long(RELEASE_DUE_AT).takeIf { it != NONE_MILLIS },
        reasons = reasons(short(IDENTITY_REASONS_AT) + short(FRAMEWORK_REASONS_AT), short(REASONS_AT)),
    )

    private fun reasons(from: Int, until: Int): List<Reason> {
        val count = short(REASONS_AT)
        if (until > count || from > until) malformed("reason groups beyond $count")
        val all = ArrayList<Reason>(minOf(until - from, bytes.size / 4))
        var at = headerBytes
        for (index in 0 until until) {
            if (at + 4 > bytes.size) malformed("the reasons end at $at")
            val codeBytes = short(at)
            val detailBytes = short(at + 2)
            val code = at + 4
            at = code + codeBytes + detailBytes
            if (at > bytes.size) malformed("the reasons end at $code")
            if (index < from) continue
            all += Reason(text(code, codeBytes), text(code + codeBytes, detailBytes))
        }
        return java.util.Collections.unmodifiableList(all)
    }

    private fun text(at: Int, length: Int) = String(bytes, at, length, Charsets.UTF_8)

    private fun <T> one(at: Int, values: Array<T>): T {
        val number = bytes[at].toInt() and 0xff
        return if (number < values.size) values[number] else malformed("value $number at $at")
    }

    private fun number(at: Int): Int? = int(at).takeIf { it >= 0 }

    private fun flag(bit: Int): Boolean = bytes[FLAGS_AT].toInt() and bit != 0

    private fun short(at: Int): Int = (bytes[at].toInt() and 0xff) or (bytes[at + 1].toInt() and 0xff shl 8)

    private fun int(at: Int): Int = short(at) or (short(at + 2) shl 16)

    private fun long(at: Int): Long = (int(at).toLong() and 0xffff_ffffL) or (int(at + 4).toLong() shl 32)

    private fun malformed(what: String): Nothing = throw InvalidInputException("FFI_PACKED_MALFORMED", what, "")

    private companion object {
        const val MAGIC = "FOSA"
        const val FORMAT = 1
        const val HEADER_BYTES = 80
        const val NONE_MILLIS = -1L

        const val FORMAT_AT = 4
        const val HEADER_BYTES_AT = 6
        const val TOTAL_AT = 8
        const val REASONS_AT = 12
        const val FAMILY_AT = 14
        const val CONFIDENCE_AT = 15
        const val FRAMEWORK_AT = 16
        const val LAUNCHER_AT = 17
        const val FLAGS_AT = 18
        const val GLASS_AT = 19
        const val TIER_AT = 20
        const val BOUNCE_AT = 21
        const val TRANSITION_AT = 22
        const val BLUR_AT = 23
        const val LAYERS_AT = 24
        const val MENU_AT = 25
        const val BACKGROUND_FLAGS_AT = 26
        const val MAJOR_AT = 28
        const val MINOR_AT = 32
        const val SDK_AT = 36
        const val BLUR_RADIUS_AT = 40
        const val TINT_LIGHT_AT = 44
        const val TINT_DARK_AT = 48
        const val FALLBACK_LIGHT_AT = 52
        const val FALLBACK_DARK_AT = 56
        const val RELEASE_DUE_AT = 64
        const val IDENTITY_REASONS_AT = 72
        const val FRAMEWORK_REASONS_AT = 74

        const val SPOOFED = 1
        const val AT_LEAST_OS4 = 2
        const val HOT = 4
        const val NOISE = 1
        const val HIGHLIGHT = 2

        val FAMILIES = Family.values()
        val CONFIDENCES = Confidence.values()
        val FRAMEWORKS = Framework.values()
        val LAUNCHERS = NativeLauncher.values()
        val GLASSES = GlassLevel.values()
        val TIERS = Tier.values()
        val BOUNCES = Bounce.values()
        val TRANSITIONS = Transition.values()
        val LAYERS = DynamicLayers.values()
        val MENUS = MenuLayout.values()
    }
}
