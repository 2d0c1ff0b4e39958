package dev.ferrule.os4

import dev.ferrule.bindings.FerruleException
import dev.ferrule.bindings.InvalidInputException
import dev.ferrule.bindings.NativeBridge
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.nio.ByteBuffer
import java.util.Random

/** The packed form, against the golden files that the Rust tests write and read too (ffi 5.15). */
class PackedFormTest {
    private val state = RuntimeState.Builder().nowMillis(0x0102_0304_0506).batterySaver(true).thermal(4)
        .crossWindowBlur(Switch.ON).userMaterial(Switch.ON).animatorScale(0.5f).nativeLauncherRunning(true).build()
    private val properties = Samples.os4 + ("ro.product.brand" to "Xiaomi \uD83D\uDCF1")

    private fun packed(write: PackedWriter.() -> Unit) = PackedWriter().run {
        write()
        array.copyOf(size)
    }

    @Test
    fun theQuestionHasItsGoldenBytes() {
        val bytes = packed { question(PropertySource.of(properties), Samples.facts, state) }
        assertArrayEquals(Samples.golden("os-question.bin"), bytes)
    }

    @Test
    fun theRuntimeStateHasItsGoldenBytes() {
        assertArrayEquals(Samples.golden("os-runtime.bin"), packed { runtimeState(state) })
    }

    @Test
    fun halfASurrogatePairBecomesAQuestionMark() {
        val odd = packed { question(PropertySource.of(mapOf("ro.product.brand" to "a\uD83Db")), Samples.facts, null) }
        assertEquals("a?b", String(odd, Charsets.UTF_8).takeLast(3))
    }

    @Test
    fun noStateIsACalmOne() {
        assertArrayEquals(packed { runtimeState(RuntimeState.CALM) }, packed { runtimeState(null) })
        val source = PropertySource.of(properties)
        assertArrayEquals(
            packed { question(source, Samples.facts, RuntimeState.CALM) }, packed { question(source, Samples.facts, null) },
        )
    }

    @Test
    fun theKeysAreTheGoldenOnes() {
        assertEquals(String(Samples.golden("os-keys.txt")).trim().lines(), OsKeys.names.toList())
    }

    @Test
    fun theLibraryAnswersTheGoldenQuestionWithTheGoldenAnswer() {
        val question = Samples.golden("os-question.bin")
        val request = ByteBuffer.allocateDirect(question.size).put(question)
        val answer = ByteBuffer.allocateDirect(8192)
        val bytes = ByteArray(OsCalls.decide(request, question.size, answer)).also { answer.get(it) }
        assertArrayEquals(Samples.golden("os-answer.bin"), bytes)
    }

    @Test
    fun theGoldenAnswerReadsAsWhatItSays() {
        val answer = PackedAnswer(Samples.golden("os-answer.bin"))
        val identity = answer.identity()
        assertEquals(Family.HYPER_OS, identity.family)
        assertEquals(listOf(4, 0, 37), listOf(identity.major, identity.minor, identity.sdk))
        assertTrue(identity.atLeastOS4 && identity.atLeast(3) && !identity.atLeast(5) && !identity.spoofed)
        assertEquals(Confidence.HIGH, identity.confidence)
        assertEquals(Framework.OS4, identity.framework)
        assertEquals(NativeLauncher.MAY_START, identity.nativeLauncher)
        val effects = answer.effects()
        assertEquals(GlassLevel.STATIC, effects.glass)
        assertEquals(Bounce.SIMPLIFIED, effects.bounce)
        assertEquals(Transition.SIMPLE, effects.transition)
        assertEquals(DynamicLayers.OFF, effects.dynamicLayers)
        assertEquals(MenuLayout.NEW, effects.longPressMenu)
        assertTrue(effects.thermalCapped && effects.releaseDueMillis == null)
        assertEquals(0xD9F4F4F6.toInt(), effects.background.tintLight)
        assertEquals(0xFF202024.toInt(), effects.background.fallbackDark)
        assertTrue(effects.reasons.any { it.code == "GLASS_BATTERY_SAVER" }, effects.reasons.toString())
    }

    @Test
    fun anAnswerThatDoesNotFitSaysHowMuchItNeeds() {
        val question = Samples.golden("os-question.bin")
        val request = ByteBuffer.allocateDirect(question.size).put(question)
        val small = ByteBuffer.allocateDirect(10)
        val needed = -OsCalls.decide(request, question.size, small)
        assertEquals(Samples.golden("os-answer.bin").size, needed)
        assertEquals(List(10) { 0.toByte() }, List(10) { small.get(it) }, "nothing was written")
        assertEquals(needed, OsCalls.decide(request, question.size, ByteBuffer.allocateDirect(needed)))
    }

    @Test
    fun buffersThatCannotBeUsedAreRefused() {
        val direct = ByteBuffer.allocateDirect(64)
        val cases = listOf(
            { OsCalls.decide(ByteBuffer.allocate(64), 64, direct) },
            { OsCalls.decide(direct, 65, direct) },
            { OsCalls.decide(direct, -1, direct) },
            { OsCalls.decide(direct, 64, ByteBuffer.allocate(64)) },
            { OsCalls.decide(direct, 64, ByteBuffer.allocateDirect(64).asReadOnlyBuffer()) },
            // Past the checks of this side, the library has its own.
            { NativeBridge.decide(ByteBuffer.allocate(64), 64, direct) },
            { NativeBridge.decide(direct, 65, direct) },
            { NativeBridge.decide(direct, Int.MIN_VALUE, direct) },
        )
        for (case in cases) {
            assertEquals("FFI_BUFFER_INVALID", assertThrows(InvalidInputException::class.java) { case() }.code)
        }
    }

    @Test
    fun hostileQuestionsAreAnsweredOrRefused() {
        val golden = Samples.golden("os-question.bin")
        val random = Random(4)
        val request = ByteBuffer.allocateDirect(golden.size)
        val answer = ByteBuffer.allocateDirect(8192)
        var refused = 0
        repeat(20_000) {
            val bytes = golden.copyOf()
            repeat(1 + random.nextInt(3)) { bytes[random.nextInt(bytes.size)] = random.nextInt().toByte() }
            request.clear()
            request.put(bytes)
            try {
                OsCalls.decide(request, random.nextInt(golden.size + 1).let { if (it % 2 == 0) golden.size else it }, answer)
            } catch (_: InvalidInputException) {
                refused++
            }
        }
        assertTrue(refused in 5_000..19_999, "$refused refused")
    }

    @Test
    fun hostileAnswersAreReadOrRefused() {
        val golden = Samples.golden("os-answer.bin")
        for (end in golden.indices) {
            assertThrows(InvalidInputException::class.java) { PackedAnswer(golden.copyOf(end)) }
        }
        val random = Random(4)
        repeat(20_000) {
            val bytes = golden.copyOf()
            repeat(1 + random.nextInt(3)) { bytes[random.nextInt(bytes.size)] = random.nextInt().toByte() }
            try {
                val answer = PackedAnswer(bytes)
                answer.identity()
                answer.effects()
            } catch (_: InvalidInputException) {
                // Refused: fine.
            }
        }
    }

    @Test
    fun aNewerFormatIsNamed() {
        val bytes = Samples.golden("os-answer.bin")
        bytes[4] = 2
        assertEquals("FFI_FORMAT_TOO_NEW", assertThrows(FerruleException::class.java) { PackedAnswer(bytes) }.code)
    }

    @Test
    fun textsOfAllKindsCross() {
        val awkward = mapOf(
            "ro.mi.os.version.incremental" to "a\u0000b",
            "ro.product.brand" to "\uD83D", // half a surrogate pair
            "ro.product.manufacturer" to "é".repeat(100_000),
            "ro.product.mod_device" to "x".repeat(1_000_000),
            "ro.miui.ui.version.name" to "",
        )
        assertTrue(Samples.decide(Samples.os4 + awkward).identity.reasons.isNotEmpty())
        val throwing = PropertySource { key -> if (key == "ro.product.brand") error("no such key") else Samples.os4[key] }
        assertTrue(OsAnswer(OsCalls.decide(throwing, Samples.facts, RuntimeState.CALM)).atLeastOS4)
    }
}
