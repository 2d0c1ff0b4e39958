package dev.ferrule.icons

import dev.ferrule.bindings.InvalidInputException
import dev.ferrule.os4.Samples
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.nio.ByteBuffer

/** The packed forms are, byte for byte, those of the library's own tests; hostile bytes are a typed error. */
class PackedIconsTest {
    private val tokens = IconTokens("de,en 35", "kreis ● 35")

    @Test
    fun lookUpsHaveTheirGoldenBytes() {
        val queries = listOf(
            IconQuery(IconKey("com.camera", ".Main"), IconLevel.THEMED, tokens, usePackage = true, remember = false),
            IconQuery(IconKey("com.\uD83D\uDCF1", "ä.Б", -10)),
            IconQuery(IconKey.ofPackage("com.a", Long.MAX_VALUE), IconLevel.DARK, remember = false),
            IconQuery(null, IconLevel.COLOUR),
        )
        assertArrayEquals(Samples.golden("icons-question.bin"), IconQuery.packed(queries))
    }

    @Test
    fun answersAreReadFromTheirGoldenBytes() {
        val answers = IconAnswer.decode(Samples.golden("icons-answer.bin"))
        val facts = answers.map { listOf(it.label, it.kind, it.tier, it.width, it.height, it.missingBytes) }
        assertEquals(
            listOf(
                listOf("Kamera \uD83D\uDCF1", IconKind.ICON, IconTier.STORE, 192, 190, 0),
                listOf("Б", IconKind.ICON, IconTier.PACKAGE, 192, 190, 0),
                listOf("", IconKind.BLANK, IconTier.NOTHING, 0, 0, 0),
                listOf("", IconKind.DEFAULT, IconTier.PROVIDER, 0, 0, 0),
                listOf("Farbe", IconKind.COLOUR, IconTier.MEMORY, 0, 0, 0),
                listOf("Groß", IconKind.ICON, IconTier.MEMORY, 0, 0, 147_456),
            ),
            facts,
        )
        assertTrue(answers.all { it.colour == 0xff123456.toInt() || it.kind == IconKind.BLANK })
        assertEquals(listOf(true, true, false, 145_920), with(answers[0]) { listOf(hasPixels, hasThemed, isDark, themedAt) })
        assertEquals(
            listOf(true, false, true, true, true),
            with(answers[1]) { listOf(hasPixels, hasThemed, isDark, isLabelStale, isPixelsStale) },
        )
        assertEquals(listOf(true, false), with(answers[5]) { listOf(isSlotTooSmall, hasPixels) })
        assertEquals(0x11, answers[0].flags)
        assertTrue(answers.all { it.undrawn == null })
    }

    @Test
    fun whyTheProviderWasNotHeardIsABitOfTheState() {
        val stateAt = 16 + 10
        for ((bit, undrawn) in listOf(8 to IconUndrawn.HANGS, 16 to IconUndrawn.REFUSED)) {
            val packed = Samples.golden("icons-answer.bin")
            packed[stateAt] = (packed[stateAt].toInt() or bit).toByte()
            assertEquals(undrawn, IconAnswer.decode(packed)[0].undrawn)
        }
    }

    @Test
    fun whatWasDrawnHasItsGoldenBytes() {
        val drawn = RenderedIcon.Builder().label("Kamera \uD83D\uDCF1").tokens(tokens).colour(0xff123456.toInt()).flags(0x12)
            .provider("com.pack")
            .plain(IconPixels.picture(2, 1, ByteBuffer.wrap(byteArrayOf(1, 2, 3, 4, 5, 6, 7, 8))))
            .themed(IconPixels.live(2, 1, ByteBuffer.wrap(byteArrayOf(9, 10))))
            .dark(IconPixels.ABSENT)
            .build()
        assertArrayEquals(Samples.golden("icons-drawn.bin"), drawn.packed())
    }

    @Test
    fun aPictureIsReadFromThePositionOfItsBufferWhichStays() {
        val bytes = ByteBuffer.allocateDirect(12)
        for (at in 0 until 12) bytes.put(at, at.toByte())
        bytes.position(4)
        val packed = RenderedIcon.Builder().plain(IconPixels.picture(1, 1, bytes)).build().packed()
        assertEquals(listOf<Byte>(4, 5, 6, 7), packed.takeLast(4))
        assertEquals(4, bytes.position())
        for ((width, height) in listOf(3 to 1, 0 to 1, 1 to -1, 1025 to 1)) {
            val wrong = RenderedIcon.Builder().plain(IconPixels.picture(width, height, bytes)).build()
            assertEquals("IC_PICTURE_BUFFER", assertThrows(InvalidInputException::class.java) { wrong.packed() }.code)
        }
    }

    @Test
    fun everyCutAndEveryFlippedByteOfAnswersIsReadOrRefused() {
        val golden = Samples.golden("icons-answer.bin")
        for (end in golden.indices) assertThrows(InvalidInputException::class.java) { IconAnswer.decode(golden.copyOf(end)) }
        for (at in golden.indices) {
            for (flip in intArrayOf(0x01, 0x80, 0xff)) {
                val hostile = golden.clone()
                hostile[at] = (hostile[at].toInt() xor flip).toByte()
                try {
                    // What is read can be shown.
                    IconAnswer.decode(hostile).forEach { "$it ${it.colour} ${it.flags} ${it.themedAt} ${it.missingBytes}" }
                } catch (refused: InvalidInputException) {
                    assertTrue(refused.code in setOf("FFI_PACKED_MALFORMED", "FFI_FORMAT_TOO_NEW"), refused.code)
                }
            }
        }
    }
}
