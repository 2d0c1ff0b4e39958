package dev.ferrule.legacy

/** The families that the check can name. */
public enum class LegacyFamily {
    /** Xiaomi HyperOS. */
    HYPEROS,

    /** MIUI. */
    MIUI,

    /** Xiaomi's Android Go builds; only a repaired check knows them. */
    XIAOMI_GO,

    /** Everything else. */
    ANDROID,
}

/**
 * What the check says about a phone.
 *
 * @property family which system
 * @property version major version as a float, as such code keeps it; null if it found none
 * @property minor minor version, null if it found none
 * @property atLeastOs4 whether to do what only OS4 can
 * @property glass whether to draw the glass of OS4
 */
public class LegacyAnswer(
    public val family: LegacyFamily,
    public val version: Float?,
    public val minor: Int?,
    public val atLeastOs4: Boolean,
    public val glass: Boolean,
) {
    /** [version] without its fraction. */
    public val major: Int?
        get() = version?.toInt()

    override fun equals(other: Any?): Boolean = other is LegacyAnswer && facts() == other.facts()

    override fun hashCode(): Int = facts().hashCode()

    override fun toString(): String = "$family $version.$minor atLeastOs4=$atLeastOs4 glass=$glass"

    private fun facts(): List<Any?> = listOf(family, version, minor, atLeastOs4, glass)
}
