package dev.ferrule.legacy.launcher.allapps

import com.ibm.icu.lang.UScript
import com.ibm.icu.text.AlphabeticIndex
import com.ibm.icu.text.Collator
import com.ibm.icu.text.RuleBasedCollator
import com.ibm.icu.util.ULocale

/**
 * The two questions about labels that only a user's languages can answer, answered by icu4j, whose data are of the
 * version that Android 15 has (launcher-model C.7, B.7): the order of labels, and the section of a label.
 *
 * @param locales BCP 47 names, the user's own first; English where there are none
 */
class PlatformLabels(locales: List<String>) {
    private val own = ULocale.forLanguageTag(locales.firstOrNull() ?: "en")

    /** Orders labels in the user's first language. */
    val collator: Collator = collatorOf(own)

    private val index = AlphabeticIndex<Unit>(own)
        .addLabels(*locales.drop(1).map(ULocale::forLanguageTag).toTypedArray())
        .addLabels(ULocale.ENGLISH)
        .buildImmutableIndex()
    private val miscellaneous = if (own.language == "ja") "\u4ed6" else "\u2219"

    /** The section of a label, as Launcher3's `AlphabeticIndexCompat` names it. */
    fun sectionOf(label: String): String {
        val trimmed = trim(label)
        val name = index.getBucket(index.getBucketIndex(trimmed)).label
        if (trim(name).isNotEmpty() || trimmed.isEmpty()) return name
        val first = trimmed.codePointAt(0)
        return when {
            Character.isDigit(first) -> "#"
            Character.isLetter(first) -> miscellaneous
            else -> "\u2219"
        }
    }

    /** Launcher3's `LabelComparator`: letters and digits before everything else, then the language's order. */
    fun compare(a: String, b: String): Int {
        val speaks = { text: String -> text.isNotEmpty() && Character.isLetterOrDigit(text.codePointAt(0)) }
        return when {
            speaks(a) && !speaks(b) -> -1
            !speaks(a) && speaks(b) -> 1
            else -> collator.compare(a, b)
        }
    }

    private companion object {
        val TRIMMED = Regex("^[\\s|\\p{javaSpaceChar}]*(.*)[\\s|\\p{javaSpaceChar}]*$")

        fun trim(text: String) = TRIMMED.replace(text, "$1")

        fun collatorOf(locale: ULocale): Collator {
            val collator = Collator.getInstance(locale)
            if (locale.language != "ja") return collator
            // Android's own data put kana and ideographs before Latin; CLDR's put them behind.
            return (collator.cloneAsThawed() as RuleBasedCollator).apply {
                setReorderCodes(UScript.KATAKANA, UScript.HAN, UScript.LATIN)
            }
        }
    }
}

/** An entry of the list of all apps. */
class App(val packageName: String, val className: String, val serial: Int, val title: String)

/**
 * Launcher3's `AppInfoComparator`: label, component, current user, serial. It calls an entry of the current user the smaller
 * one on whichever side it stands, itself included (peer P2); kept.
 */
class AppOrder(private val labels: PlatformLabels, private val currentSerial: Int) : Comparator<App> {
    override fun compare(a: App, b: App): Int {
        val byLabel = labels.compare(a.title, b.title)
        if (byLabel != 0) return byLabel
        val byComponent = compareValuesBy(a, b, App::packageName, App::className)
        return when {
            byComponent != 0 -> byComponent
            a.serial == currentSerial -> -1
            else -> a.serial.compareTo(b.serial)
        }
    }
}
