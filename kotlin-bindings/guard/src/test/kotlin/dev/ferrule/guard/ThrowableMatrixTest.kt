package dev.ferrule.guard

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assertions.fail
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory

/**
 * Whatever is thrown, wherever, at whichever stage: the caller gets an answer, and it is legacy's unless the candidate
 * gave one (RO-I1, R9; the throwable matrix of rollout 3.5).
 */
class ThrowableMatrixTest {
    /** Ways to fail; each is a thing that JNI, a library or a bug really does. */
    private val failures: Map<String, () -> Nothing> = linkedMapOf(
        "RuntimeException" to { throw IllegalStateException("boom") },
        "checked exception" to { throw java.io.IOException("sneaky") },
        "Error" to { throw Error("bare") },
        "AssertionError" to { throw AssertionError("bug") },
        "UnsatisfiedLinkError" to { throw UnsatisfiedLinkError("no such library") },
        "NoClassDefFoundError" to { throw NoClassDefFoundError("gone") },
        "ExceptionInInitializerError" to { throw ExceptionInInitializerError(RuntimeException("static")) },
        "NoSuchMethodError" to { throw NoSuchMethodError("older framework") },
        "ThreadDeath" to { @Suppress("DEPRECATION") throw ThreadDeath() },
        "OutOfMemoryError, made" to { throw OutOfMemoryError("made") },
        "OutOfMemoryError, real" to { fillMemory() },
        "StackOverflowError, real" to { overflow(0).let { throw AssertionError("no overflow at $it") } },
        "InternalError" to { throw InternalError("unsafe access") },
        "InterruptedException" to { throw InterruptedException() },
        "throwable without a stack" to { throw NoStack },
        "throwable that fails to print" to { throw Hostile() },
    )

    private enum class Place { CREATION, CANDIDATE, COMPARISON, LISTENER }

    private object NoStack : Throwable("no stack", null, false, false) {
        private fun readResolve(): Any = NoStack
    }

    private class Hostile : RuntimeException() {
        override val message: String get() = throw IllegalStateException("message")
        override fun toString(): String = throw IllegalStateException("toString")
        override fun getStackTrace(): Array<StackTraceElement> = throw IllegalStateException("stack")
    }

    @TestFactory
    fun `legacy answers`(): List<DynamicTest> =
        Place.values().flatMap { place ->
            Stage.values().flatMap { stage ->
                failures.map { (name, failure) ->
                    dynamicTest("$name in $place at $stage") { answersInSpiteOf(failure, place, stage) }
                }
            }
        }

    private fun answersInSpiteOf(failure: () -> Nothing, place: Place, stage: Stage) {
        val decisions = mutableListOf<Decision>()
        val rollout = Rollout {
            decisions += it
            if (place == Place.LISTENER) failure()
        }
        val feature = rollout.feature<Int, String>("test", {
            if (place == Place.CREATION) failure()
            Answerer { if (place == Place.CANDIDATE) failure() else "candidate" }
        }).comparison { _, _, _ -> if (place == Place.COMPARISON) failure() else Verdict.match() }.bucket(0).register()
        if (stage == Stage.CANARY) rollout.setCanary(feature, 1) else rollout.setStage(feature, stage)

        val candidateAnswers = stage >= Stage.CANARY && (place == Place.COMPARISON || place == Place.LISTENER)
        val expected = if (candidateAnswers) "candidate" else "legacy"
        repeat(3) { round ->
            val answer = try {
                rollout.call(feature, 1) { "legacy" }
            } catch (thrown: Throwable) {
                fail("call $round let ${thrown.javaClass.name} out")
            }
            assertEquals(expected, answer)
        }
        Thread.interrupted()
        assertEquals(3, decisions.size, "one decision a call")
        val seen = decisions.mapNotNull { it.failure }
        val reached = place == Place.CREATION && stage > Stage.OFF ||
            place == Place.CANDIDATE && stage > Stage.LOAD ||
            place == Place.COMPARISON && stage == Stage.SHADOW
        assertEquals(reached, seen.isNotEmpty(), "the failure is reported exactly when it happens")
        if (place == Place.LISTENER) assertEquals(3, rollout.harnessErrors)
    }

    @TestFactory
    fun `out of memory or stack in the candidate is not tried again`(): List<DynamicTest> =
        listOf("OutOfMemoryError, real", "StackOverflowError, real").map { name ->
            dynamicTest(name) {
                var asked = 0
                val rollout = Rollout()
                val feature = rollout.feature<Int, String>("test", {
                    Answerer {
                        asked++
                        failures.getValue(name)()
                    }
                }).register()
                rollout.setStage(feature, Stage.LIVE)
                repeat(3) { assertEquals("legacy", rollout.call(feature, 1) { "legacy" }) }
                assertEquals(1, asked)
                assertEquals(ReasonCode.TRIPPED, feature.reason)
                rollout.setStage(feature, Stage.SHADOW)
                assertEquals(ReasonCode.TRIPPED, feature.reason, "a new stage does not loosen a trip (RO-I4)")
            }
        }

    /**
     * Wherever the stack ends, also between the guard's own frames, legacy answers if legacy alone could have: the
     * caller recurses until no call fits, and at each depth the guard may not fail where the bare call succeeds with
     * the room that the guard's one frame needs.
     */
    @TestFactory
    fun `answers near the end of the stack`(): List<DynamicTest> =
        listOf(Stage.LIVE, Stage.SHADOW, Stage.OFF).map { stage ->
            dynamicTest("$stage") {
                val rollout = Rollout {}
                val feature = rollout.feature<Int, Int>("test", { Answerer { overflow(it) } }).register()
                rollout.setStage(feature, stage)
                var answers = 0
                val thread = Thread(null, {
                    fun descend(depth: Int) {
                        try {
                            descend(depth + 1)
                        } catch (_: StackOverflowError) {
                            // Unwinding: from here up there is more room at each frame.
                        }
                        if (depth % 50 == 0) {
                            rollout.setStage(feature, stage)
                            try {
                                if (rollout.call(feature, 0) { -1 } == -1) answers++
                            } catch (_: StackOverflowError) {
                                // No room for legacy itself.
                            }
                        }
                    }
                    descend(0)
                }, "deep", 512 * 1024)
                thread.start()
                thread.join()
                assertTrue(answers > 10, "only $answers answers")
            }
        }

    @TestFactory
    fun `an interrupt is not lost`(): List<DynamicTest> =
        listOf(Stage.SHADOW, Stage.LIVE).map { stage ->
            dynamicTest("$stage") {
                val rollout = Rollout()
                val feature = rollout.feature<Int, String>("test", { Answerer { throw InterruptedException() } })
                    .register()
                rollout.setStage(feature, stage)
                assertEquals("legacy", rollout.call(feature, 1) { "legacy" })
                assertTrue(Thread.interrupted())
            }
        }

    private companion object {
        private fun overflow(depth: Int): Int = if (depth < 0) 0 else overflow(depth + 1) + 1

        private fun fillMemory(): Nothing {
            // More than any heap: the VM throws without filling it first.
            val arrays = ArrayList<LongArray>()
            while (true) arrays += LongArray(Int.MAX_VALUE - 8)
        }
    }
}
