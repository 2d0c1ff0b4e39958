package dev.ferrule.demo.icons

import dev.ferrule.icons.IconKey

/**
 * An app of the demo's pack: made up, with an icon that [IconPainter] draws from what it is.
 *
 * @property glyph what is on its icon
 * @property tint the colour of its ground, 0 to 9
 */
internal class SampleApp(val number: Int, val glyph: Glyph, val tint: Int) {
    val title: String = "${TINTS[tint]} ${glyph.title}"
    val key: IconKey = IconKey("org.example.${title.lowercase().replace(' ', '.')}", ".Main")

    override fun toString(): String = title

    companion object {
        private val TINTS = listOf("Red", "Amber", "Lime", "Green", "Teal", "Sky", "Blue", "Violet", "Pink", "Slate")

        /** The colours of the pack. */
        val tints: Int = TINTS.size

        /** The 200 apps of the pack, the first screen's first. Neighbours differ in glyph and in colour. */
        val all: List<SampleApp> = List(Glyph.all.size * tints) { number ->
            val round = number / Glyph.all.size
            SampleApp(number, Glyph.all[number % Glyph.all.size], (number + round * STEP) % tints)
        }

        /** So far apart are the colours of an app and of the one with the same glyph in the next round. */
        private const val STEP = 3
    }
}
