package dev.ferrule.os4

import dev.ferrule.bindings.InvalidInputException

/**
 * An answer in the packed form of `docs/formats/os-packed.md`, format 1, read where and when it is asked for.
 *
 * Making one touches no class of Kotlin's library and none of the enums: it is on the way to the first answer.
 * Any bytes either pass the checks here or are refused with a typed exception; nothing else is ever thrown.
 */
internal class PackedAnswer(private val bytes: ByteArray) {
    private val headerBytes: Int

    init {
        if (bytes.size < HEADER_BYTES) throw malformed("the answer has ${bytes.size} bytes")
        if (int(0) != MAGIC) throw malformed("the answer does not start with FOSA")
        val format = short(FORMAT_AT)
        if (format !in 1..FORMAT) {
            throw refused("FFI_FORMAT_TOO_NEW", "packed format $format is not known here")
        }
        headerBytes = short(HEADER_BYTES_AT)
        if (headerBytes !in HEADER_BYTES..bytes.size) throw malformed("header length $headerBytes")
        if (int(TOTAL_AT) != bytes.size) throw malformed("the answer announces ${int(TOTAL_AT)} bytes and has ${bytes.size}")
    }

    /** Kept without anything else being decoded: the one bit that start-up asks for. */
    val atLeastOS4: Boolean
        get() = flag(AT_LEAST_OS4)

    fun identity(): OsIdentity = OsIdentity(
        family = one(FAMILY_AT, Packed.FAMILIES),
        major = number(MAJOR_AT),
        minor = number(MINOR_AT),
        sdk = number(SDK_AT),
        confidence = one(CONFIDENCE_AT, Packed.CONFIDENCES),
        spoofed = flag(SPOOFED),
        atLeastOS4 = atLeastOS4,
        framework = one(FRAMEWORK_AT, Packed.FRAMEWORKS),
        nativeLauncher = one(LAUNCHER_AT, Packed.LAUNCHERS),
        reasons = reasons(from = 0, until = short(IDENTITY_REASONS_AT) + short(FRAMEWORK_REASONS_AT)),
    )

    fun effects(): Effects = Effects(
        glass = one(GLASS_AT, Packed.GLASSES),
        tier = one(TIER_AT, Packed.TIERS),
        bounce = one(BOUNCE_AT, Packed.BOUNCES),
        transition = one(TRANSITION_AT, Packed.TRANSITIONS),
        blurBackground = bytes[BLUR_AT].toInt() == 1,
        dynamicLayers = one(LAYERS_AT, Packed.LAYERS),
        longPressMenu = one(MENU_AT, Packed.MENUS),
        background = GlassOS4Background(
            level = one(GLASS_AT, Packed.GLASSES),
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
        if (until > count || from > until) throw malformed("reason groups beyond $count")
        val all = ArrayList<Reason>(minOf(until - from, bytes.size / 4))
        var at = headerBytes
        for (index in 0 until until) {
            if (at + 4 > bytes.size) throw malformed("the reasons end at $at")
            val codeBytes = short(at)
            val detailBytes = short(at + 2)
            val code = at + 4
            at = code + codeBytes + detailBytes
            if (at > bytes.size) throw malformed("the reasons end at $code")
            if (index < from) continue
            all += Reason(text(code, codeBytes), text(code + codeBytes, detailBytes))
        }
        return java.util.Collections.unmodifiableList(all)
    }

    private fun text(at: Int, length: Int) = String(bytes, at, length, Charsets.UTF_8)

    private fun <T> one(at: Int, values: Array<T>): T {
        val number = bytes[at].toInt() and 0xff
        return if (number < values.size) values[number] else throw malformed("value $number at $at")
    }

    private fun number(at: Int): Int? = int(at).takeIf { it >= 0 }

    private fun flag(bit: Int): Boolean = bytes[FLAGS_AT].toInt() and bit != 0

    private fun short(at: Int): Int = (bytes[at].toInt() and 0xff) or (bytes[at + 1].toInt() and 0xff shl 8)

    private fun int(at: Int): Int = short(at) or (short(at + 2) shl 16)

    private fun long(at: Int): Long = (int(at).toLong() and 0xffff_ffffL) or (int(at + 4).toLong() shl 32)

    private fun malformed(what: String): RuntimeException = refused("FFI_PACKED_MALFORMED", what)

    /** Apart from the checks: the exception's class is loaded when it is made. */
    private fun refused(code: String, what: String): RuntimeException = InvalidInputException(code, what, "")
}

/** The enums by their packed numbers; apart, so that the one bit of start-up loads none of them. */
private object Packed {
    @JvmField
    val FAMILIES = Family.values()
    @JvmField
    val CONFIDENCES = Confidence.values()
    @JvmField
    val FRAMEWORKS = Framework.values()
    @JvmField
    val LAUNCHERS = NativeLauncher.values()
    @JvmField
    val GLASSES = GlassLevel.values()
    @JvmField
    val TIERS = Tier.values()
    @JvmField
    val BOUNCES = Bounce.values()
    @JvmField
    val TRANSITIONS = Transition.values()
    @JvmField
    val LAYERS = DynamicLayers.values()
    @JvmField
    val MENUS = MenuLayout.values()
}

/** `FOSA`, little endian. */
private const val MAGIC = 0x41534f46
private const val FORMAT = 1
private const val HEADER_BYTES = 80
private const val NONE_MILLIS = -1L

private const val FORMAT_AT = 4
private const val HEADER_BYTES_AT = 6
private const val TOTAL_AT = 8
private const val REASONS_AT = 12
private const val FAMILY_AT = 14
private const val CONFIDENCE_AT = 15
private const val FRAMEWORK_AT = 16
private const val LAUNCHER_AT = 17
private const val FLAGS_AT = 18
private const val GLASS_AT = 19
private const val TIER_AT = 20
private const val BOUNCE_AT = 21
private const val TRANSITION_AT = 22
private const val BLUR_AT = 23
private const val LAYERS_AT = 24
private const val MENU_AT = 25
private const val BACKGROUND_FLAGS_AT = 26
private const val MAJOR_AT = 28
private const val MINOR_AT = 32
private const val SDK_AT = 36
private const val BLUR_RADIUS_AT = 40
private const val TINT_LIGHT_AT = 44
private const val TINT_DARK_AT = 48
private const val FALLBACK_LIGHT_AT = 52
private const val FALLBACK_DARK_AT = 56
private const val RELEASE_DUE_AT = 64
private const val IDENTITY_REASONS_AT = 72
private const val FRAMEWORK_REASONS_AT = 74

private const val SPOOFED = 1
private const val AT_LEAST_OS4 = 2
private const val HOT = 4
private const val NOISE = 1
private const val HIGHLIGHT = 2
