package dev.ferrule.os4

import dev.ferrule.bindings.Isolated
import dev.ferrule.bindings.NativeBridge
import dev.ferrule.guard.Party
import dev.ferrule.guard.Rollout
import dev.ferrule.guard.Stage
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File
import java.util.concurrent.Callable
import java.util.concurrent.CyclicBarrier
import kotlin.concurrent.thread

/** The facade that a launcher calls at start-up. */
class OsCompatTest {
    @Test
    fun aPhoneOnOs4() {
        OsCompat.configure(PropertySource.of(Samples.os4), Samples.facts)
        assertTrue(OsCompat.atLeastOS4())
        assertEquals(GlassLevel.FULL, OsCompat.glassOs4())
        assertEquals(66, OsCompat.glassOS4Background().blurRadiusPx, "24 dp at 440 dpi")
        assertSame(OsCompat.answer(), OsCompat.answer(), "decided once")
    }

    @Test
    fun aSpoofedPhoneIsNotOnOs4() {
        OsCompat.configure(PropertySource.of(Samples.spoofed), Samples.facts)
        assertFalse(OsCompat.atLeastOS4())
        assertTrue(OsCompat.identity().spoofed)
        assertTrue(OsCompat.identity().reasons.isNotEmpty())
    }

    @Test
    fun eightHundredPropertiesAnswerLikeTheFewThatMatter() {
        val few = Samples.decide()
        val many = Samples.decide(Samples.amongOthers(800))
        assertEquals(few.identity.reasons, many.identity.reasons)
        assertEquals(few.toString(), many.toString())
    }

    @Test
    fun anAndroidWithoutPropertiesIsNothingInParticular() {
        OsCompat.configure({ null }, DeviceFacts.NONE)
        assertFalse(OsCompat.atLeastOS4())
        assertEquals(Family.OTHER, OsCompat.identity().family)
    }

    @Test
    fun listenersHearOfChangesAndWhatTheyThrowChangesNoAnswer() {
        OsCompat.configure(PropertySource.of(Samples.os4), Samples.facts)
        OsCompat.answer()
        val heard = ArrayList<GlassLevel>()
        val listener = EffectsListener {
            heard += it.glass
            error("of the listener")
        }
        OsCompat.addListener(listener)
        try {
            OsCompat.update(RuntimeState.Builder().reduceTransparency(true).build())
            throw AssertionError("the updater hears what a listener throws")
        } catch (expected: IllegalStateException) {
            assertEquals("of the listener", expected.message)
        } finally {
            OsCompat.removeListener(listener)
        }
        assertEquals(listOf(GlassLevel.OFF), heard)
        assertEquals(GlassLevel.OFF, OsCompat.glassOs4())
        assertTrue(OsCompat.atLeastOS4())
    }

    @Test
    fun anUpdateOfWhatWasConfiguredBeforeNeverBecomesTheLatestAnswer() {
        val saver = RuntimeState.Builder().batterySaver(true).build()
        repeat(300) {
            OsCompat.configure(PropertySource.of(Samples.os4), Samples.facts)
            OsCompat.answer()
            val start = CyclicBarrier(2)
            val updating = thread {
                start.await()
                OsCompat.update(saver)
            }
            start.await()
            OsCompat.configure(PropertySource.of(Samples.spoofed), Samples.facts)
            updating.join()
            assertTrue(OsCompat.identity().spoofed, OsCompat.answer().toString())
        }
    }

    @Test
    fun configuringAgainFreesTheNativeObject() {
        OsCompat.configure(PropertySource.of(Samples.os4), Samples.facts)
        OsCompat.answer()
        val before = NativeBridge.liveHandles()
        repeat(3) {
            OsCompat.configure(PropertySource.of(Samples.os4), Samples.facts)
            OsCompat.answer()
        }
        assertEquals(before, NativeBridge.liveHandles())
    }

    @Test
    fun withoutTheLibraryTheAnswerIsConservativeAndSaysWhy() {
        Isolated(File("/nowhere/libferrule.so")).use {
            assertEquals("false OFF OPAQUE FFI_LIBRARY_MISSING", it.call(AskWithoutLibrary::class.java))
        }
    }

    class AskWithoutLibrary : Callable<String> {
        override fun call(): String {
            OsCompat.configure(PropertySource.of(Samples.os4), Samples.facts)
            val opaque = if (OsCompat.glassOS4Background().tintLight ushr 24 == 0xff) "OPAQUE" else "TRANSLUCENT"
            return "${OsCompat.atLeastOS4()} ${OsCompat.glassOs4()} $opaque ${OsCompat.identity().reasons.single().code}"
        }
    }

    @Test
    fun behindTheGuardLegacyAnswersWhenTheLibraryIsMissing() {
        Isolated(File("/nowhere/libferrule.so")).use {
            assertEquals("legacy: true, by LEGACY", it.call(AskThroughGuard::class.java))
        }
        assertEquals("legacy: true, by CANDIDATE", AskThroughGuard().call())
    }

    class AskThroughGuard : Callable<String> {
        override fun call(): String {
            var by: Party? = null
            val rollout = Rollout { by = it.answeredBy }
            val check = rollout.feature<OsQuestion, Boolean>("os.at_least_os4") { OsCandidate.atLeastOS4() }.register()
            rollout.setStage(check, Stage.LIVE)
            val answer = rollout.call(check, OsQuestion(PropertySource.of(Samples.os4), Samples.facts)) { true }
            return "legacy: $answer, by $by"
        }
    }
}
