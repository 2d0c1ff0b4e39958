package dev.ferrule.bindings

import dev.ferrule.os4.Samples
import dev.ferrule.uniffi.Abi
import dev.ferrule.uniffi.Confidence
import dev.ferrule.uniffi.DeviceFacts
import dev.ferrule.uniffi.Family
import dev.ferrule.uniffi.FerruleException as GeneratedException
import dev.ferrule.uniffi.Framework
import dev.ferrule.uniffi.GlassLevel
import dev.ferrule.uniffi.InternalException
import dev.ferrule.uniffi.OsCompat
import dev.ferrule.uniffi.Probes
import dev.ferrule.uniffi.PropertyOrigin
import dev.ferrule.uniffi.PropertyText
import dev.ferrule.uniffi.RuntimeState
import dev.ferrule.uniffi.Switch
import dev.ferrule.uniffi.Tri
import dev.ferrule.uniffi.selfTestError
import dev.ferrule.uniffi.selfTestPanic
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeAll
import org.junit.jupiter.api.Test

/** The generated bindings, against the shipped library. */
class ControlPlaneTest {
    private val probes = Probes(Tri.PRESENT, Tri.ABSENT, Tri.PRESENT)
    private val facts = DeviceFacts(12u, 6u, 5u, Abi.ARM64, 440u, PropertyOrigin.LIVE_DEVICE)
    private val calm = RuntimeState(0u, false, 0u, Switch.UNKNOWN, false, false, Switch.UNKNOWN, 1f, false)

    @Test
    fun pairsAnswerLikeTheFastPath() {
        val fast = Samples.decide()
        OsCompat.fromPairs(Samples.os4, probes, facts).use { compat ->
            val identity = compat.identity()
            assertEquals(Family.HYPER_OS, identity.family)
            assertEquals(Confidence.HIGH, identity.confidence)
            assertEquals(4u, identity.major)
            assertTrue(identity.atLeastOs4 && compat.atLeast(4u) && !compat.atLeast(5u))
            assertEquals(Framework.OS4, compat.framework().generation)
            assertTrue(compat.framework().nativeLauncherMayStart)
            val effects = compat.effects(calm)
            assertEquals(GlassLevel.FULL, effects.glass)
            assertEquals(66u, effects.background.blurRadiusPx)
            val controlReasons = identity.reasons + compat.framework().reasons
            assertEquals(fast.identity.reasons.map { it.code to it.detail }, controlReasons.map { it.code to it.detail })
            assertTrue(controlReasons.all { it.sentence.endsWith(".") })
            assertEquals(fast.effects.reasons.map { it.code }, effects.reasons.map { it.code })
        }
    }

    @Test
    fun filesAreMergedByPartitionAndBadLinesCounted() {
        fun file(name: String, text: String) = PropertyText(name, text.toByteArray())
        val files = listOf(
            file("mi_ext/etc/build.prop", "ro.mi.os.version.code=4\nro.mi.os.version.name=OS4.0\nno assignment\n"),
            file("product/etc/build.prop", "ro.build.version.incremental=OS4.0.9.0.XZZCNXM\nro.build.version.sdk=37"),
            file("system/build.prop", "ro.build.version.incremental=AOSP.1\n=empty key\n"),
        )
        OsCompat.fromTexts(files, probes, facts).use { compat ->
            assertTrue(compat.identity().atLeastOs4)
            val report = compat.properties()
            assertEquals(4uL, report.keys)
            assertEquals(2uL, report.ignoredLines)
            assertEquals(listOf("mi_ext" to 3uL, "system" to 2uL), report.firstIgnored.map { it.partition to it.line }.sortedBy { it.first })
        }
    }

    @Test
    fun anyBytesAreAnswered() {
        val hostile = listOf(ByteArray(0), ByteArray(100_000) { (it * 31).toByte() }, "=".repeat(100_000).toByteArray())
        OsCompat.fromTexts(hostile.map { PropertyText("", it) }, probes, facts).use {
            assertEquals(Family.OTHER, it.identity().family)
            assertFalse(it.identity().atLeastOs4)
        }
    }

    @Test
    fun heatIsRememberedPerObject() {
        OsCompat.fromPairs(Samples.os4, probes, facts).use { compat ->
            assertTrue(compat.effects(calm.copy(thermal = 4u)).thermalCapped)
            assertEquals(31_000uL, compat.effects(calm.copy(nowMs = 1_000u)).releaseDueMs)
            assertFalse(compat.effects(calm.copy(nowMs = 31_000u)).thermalCapped)
        }
    }

    @Test
    fun aPanicInTheShippedLibraryIsATypedException() {
        val raw = assertThrows(InternalException::class.java) { selfTestPanic(7u) }
        assertEquals("self-test panic 7", raw.message)
        val ours = assertThrows(NativePanicException::class.java) { ControlPlane.call { selfTestPanic(8u) } }
        assertEquals("FFI_PANIC", ours.code)
        assertEquals("self-test panic 8", ours.message)
    }

    @Test
    fun eachErrorOfTheControlPlaneIsOneOfOurs() {
        val expected = listOf(
            InvalidInputException::class.java,
            StaleHandleException::class.java,
            StorageException::class.java,
            NativeInternalException::class.java,
        )
        expected.forEachIndexed { number, type ->
            assertThrows(GeneratedException::class.java) { selfTestError(number.toUByte()) }
            val error = assertThrows(FerruleException::class.java) { ControlPlane.call { selfTestError(number.toUByte()) } }
            assertInstanceOf(type, error)
            assertEquals("FFI_SELF_TEST", error.code)
            assertEquals("self-test error $number", error.message)
        }
        ControlPlane.call { selfTestError(99u) }
    }

    @Test
    fun aClosedObjectRefuses() {
        val compat = OsCompat.fromPairs(emptyMap(), probes, facts)
        compat.close()
        assertThrows(IllegalStateException::class.java) { compat.identity() }
    }

    companion object {
        @BeforeAll
        @JvmStatic
        fun load() = ControlPlane.require()
    }
}
