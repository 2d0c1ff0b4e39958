package dev.ferrule.demo

import dev.ferrule.legacy.LegacyAnswer
import dev.ferrule.legacy.LegacyFamily

/** The families that both implementations can name. */
internal enum class OsFamily(val title: String) {
    HYPEROS("HyperOS"),
    MIUI("MIUI"),
    XIAOMI_GO("Xiaomi Go"),
    OTHER("other"),
}

/**
 * What a caller of the check acts on, whoever answered: the part that legacy and Ferrule have in common.
 *
 * @property glass whether to draw the glass of OS4 in full
 * @property detail what Ferrule says beyond that; null if legacy answered. Not part of the comparison.
 */
internal class CommonAnswer(
    val family: OsFamily,
    val major: Int?,
    val minor: Int?,
    val atLeastOs4: Boolean,
    val glass: Boolean,
    val detail: FerruleDetail? = null,
) {
    private val facts = listOf(family, major, minor, atLeastOs4, glass)

    override fun equals(other: Any?): Boolean = other is CommonAnswer && facts == other.facts

    override fun hashCode(): Int = facts.hashCode()

    /** The OS in words: `HyperOS 3.1`, `MIUI 14`, `other`. */
    fun os(): String = when {
        family == OsFamily.OTHER -> family.title
        major == null -> if (family == OsFamily.XIAOMI_GO) family.title else "${family.title}, version unknown"
        else -> "${family.title} $major" + (minor?.let { ".$it" } ?: "")
    }

    /** The OS and what follows from it: `HyperOS 4.0, OS4, glass`. */
    override fun toString(): String = listOfNotNull(
        os(),
        if (atLeastOs4) "at least OS4" else null,
        if (glass) "glass" else null,
    ).joinToString()

    companion object {
        /** What legacy said. */
        fun of(answer: LegacyAnswer): CommonAnswer = CommonAnswer(
            family = when (answer.family) {
                LegacyFamily.HYPEROS -> OsFamily.HYPEROS
                LegacyFamily.MIUI -> OsFamily.MIUI
                LegacyFamily.XIAOMI_GO -> OsFamily.XIAOMI_GO
                LegacyFamily.ANDROID -> OsFamily.OTHER
            },
            major = answer.major,
            minor = answer.minor,
            atLeastOs4 = answer.atLeastOs4,
            glass = answer.glass,
        )
    }
}

/** A reason: its code, the raw values, and a sentence where one is known. */
internal data class Reason(val code: String, val detail: String, val sentence: String = "")

/**
 * Ferrule's whole answer, in words, whichever way it crossed; two of them are equal if they say the same.
 *
 * @property effects name and value of each effect, in a fixed order
 */
internal data class FerruleDetail(
    val sdk: Int?,
    val confidence: String,
    val spoofed: Boolean,
    val framework: String,
    val nativeLauncherMayStart: Boolean,
    val glass: String,
    val effects: List<Pair<String, String>>,
    val reasons: List<Reason>,
)
