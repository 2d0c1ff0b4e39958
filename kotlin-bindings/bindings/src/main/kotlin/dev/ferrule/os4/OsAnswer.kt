package dev.ferrule.os4

/** One reason of an answer. */
public class Reason internal constructor(
    /** The stable code, see `docs/codes.md`. */
    @get:JvmName("getCode")
    public val code: String,
    /** The raw values that led to it, for people; never parse it. */
    public val detail: String,
) {
    override fun toString(): String = if (detail.isEmpty()) code else "$code: $detail"

    override fun equals(other: Any?): Boolean = other is Reason && code == other.code && detail == other.detail

    override fun hashCode(): Int = 31 * code.hashCode() + detail.hashCode()
}

/** Which OS this is. */
public class OsIdentity internal constructor(
    /** The family. */
    public val family: Family,
    /** The decided major version, null if no evidence names one. */
    public val major: Int?,
    /** The minor that the phone itself declares for that major, else null. */
    public val minor: Int?,
    /** The SDK level, null if unknown. */
    public val sdk: Int?,
    /** How far to trust it. */
    public val confidence: Confidence,
    /** Declared values are higher than what independent stamps say. */
    public val spoofed: Boolean,
    /** HyperOS 4 or later, on evidence that agrees. */
    public val atLeastOS4: Boolean,
    /** Which generation the framework is. */
    public val framework: Framework,
    /** Whether the native launcher may start. */
    public val nativeLauncher: NativeLauncher,
    /** Every reason, in the order of the rules. */
    public val reasons: List<Reason>,
) {
    /** Whether this is HyperOS of at least [major], on evidence that agrees. */
    public fun atLeast(major: Int): Boolean =
        family == Family.HYPER_OS && (this.major ?: 0) >= major && confidence >= Confidence.MEDIUM && !spoofed

    override fun toString(): String = "$family ${major ?: "?"}${minor?.let { ".$it" } ?: ""}, $confidence confidence" +
        (if (spoofed) ", spoofed" else "") + ", framework $framework"
}

/** How a glass surface's background is drawn; colours are ARGB as in `android.graphics.Color`. */
public class GlassOS4Background internal constructor(
    /** The level it was resolved for. */
    public val level: GlassLevel,
    /** Blur radius in physical pixels at the display's density; 0 below [GlassLevel.FROSTED]. */
    public val blurRadiusPx: Int,
    /** Tint over the blur in light mode. */
    public val tintLight: Int,
    /** Tint over the blur in dark mode. */
    public val tintDark: Int,
    /** A fine noise keeps the blur from banding. */
    public val noise: Boolean,
    /** A highlight runs along the edge. */
    public val highlight: Boolean,
    /** Opaque colour in light mode, for when a promised blur is not to be had. */
    public val fallbackLight: Int,
    /** Opaque colour in dark mode, likewise. */
    public val fallbackDark: Int,
) {
    override fun toString(): String = "$level, blur $blurRadiusPx px, tint %08x/%08x".format(tintLight, tintDark) +
        (if (noise) ", noise" else "") + (if (highlight) ", highlight" else "")
}

/** What the device may show at one moment. */
public class Effects internal constructor(
    /** The glass level. */
    public val glass: GlassLevel,
    /** The device tier. */
    public val tier: Tier,
    /** The bounce. */
    public val bounce: Bounce,
    /** The open and close transition. */
    public val transition: Transition,
    /** Live blur behind surfaces. */
    public val blurBackground: Boolean,
    /** The layers. */
    public val dynamicLayers: DynamicLayers,
    /** The layout of the long-press menu. */
    public val longPressMenu: MenuLayout,
    /** The background of glass surfaces. */
    public val background: GlassOS4Background,
    /** Heat caps the effects now. */
    public val thermalCapped: Boolean,
    /** When to ask again because that cap may end, in the caller's monotonic milliseconds; null if nothing is due. */
    public val releaseDueMillis: Long?,
    /** Every reason, in the order of the fields and the rules. */
    public val reasons: List<Reason>,
) {
    /** Whether [other] would look the same; reasons and the due time are not compared. */
    public fun looksLike(other: Effects): Boolean = glass == other.glass && bounce == other.bounce &&
        transition == other.transition && blurBackground == other.blurBackground &&
        dynamicLayers == other.dynamicLayers && longPressMenu == other.longPressMenu &&
        background.blurRadiusPx == other.background.blurRadiusPx

    override fun toString(): String = "glass $glass, bounce $bounce, transition $transition, layers $dynamicLayers, " +
        "menu $longPressMenu"
}

/** Identity and effects of one question; each is decoded when it is first asked for. */
public class OsAnswer private constructor(
    private val packed: PackedAnswer?,
    identity: OsIdentity?,
    effects: Effects?,
) {
    internal constructor(packed: PackedAnswer) : this(packed, null, null)

    /** HyperOS 4 or later, on evidence that agrees. */
    public val atLeastOS4: Boolean = packed?.atLeastOS4 ?: false

    /** Which OS this is. */
    public val identity: OsIdentity by lazy(LazyThreadSafetyMode.PUBLICATION) {
        identity ?: checkNotNull(packed).identity()
    }

    /** What may be shown. */
    public val effects: Effects by lazy(LazyThreadSafetyMode.PUBLICATION) { effects ?: checkNotNull(packed).effects() }

    override fun toString(): String = "$identity; $effects"

    public companion object {
        /**
         * What is answered when nothing can be decided: an unknown OS that is not OS4, and no effect at all.
         *
         * [code] and [detail] become the only reason of both parts.
         */
        @JvmStatic
        public fun conservative(code: String, detail: String): OsAnswer {
            val reasons = listOf(Reason(code, detail))
            val identity = OsIdentity(
                Family.OTHER, null, null, null, Confidence.LOW, spoofed = false, atLeastOS4 = false,
                Framework.UNKNOWN, NativeLauncher.KEEP_PREVIOUS, reasons,
            )
            val opaque = GlassOS4Background(
                GlassLevel.OFF, 0, OPAQUE_LIGHT, OPAQUE_DARK, noise = false, highlight = false, OPAQUE_LIGHT, OPAQUE_DARK,
            )
            val effects = Effects(
                GlassLevel.OFF, Tier.LOW, Bounce.OFF, Transition.OFF, blurBackground = false, DynamicLayers.OFF,
                MenuLayout.CLASSIC, opaque, thermalCapped = false, releaseDueMillis = null, reasons,
            )
            return OsAnswer(null, identity, effects)
        }

        // The opaque colours of contracts 2, needed where no native code can be asked for them.
        private const val OPAQUE_LIGHT = 0xFFF4F4F6.toInt()
        private const val OPAQUE_DARK = 0xFF202024.toInt()
    }
}
