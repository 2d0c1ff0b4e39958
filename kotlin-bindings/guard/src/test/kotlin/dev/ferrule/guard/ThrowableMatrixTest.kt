package dev.ferrule.guard

import dev.ferrule.guard.work.Task
import dev.ferrule.guard.work.Worker
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assertions.fail
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory
import java.io.File
import java.util.concurrent.LinkedBlockingQueue

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

    /** Where it fails, and up to which stage nothing of that is run at all. */
    private enum class Place(val reachedAt: (Stage) -> Boolean) {
        CREATION({ it > Stage.OFF }),
        CANDIDATE({ it > Stage.LOAD }),
        COMPARISON({ it == Stage.SHADOW }),
        EPOCH({ it == Stage.SHADOW }),
        COPY({ it == Stage.SHADOW }),
        LISTENER({ false }),
    }

    /** On whose thread the candidate runs. */
    private enum class Way { INLINE, LATER, DEADLINE }

    private object NoStack : Throwable("no stack", null, false, false) {
        private fun readResolve(): Any = NoStack
    }

    private class Hostile : RuntimeException() {
        override val message: String get() = throw IllegalStateException("message")
        override fun toString(): String = throw IllegalStateException("toString")
        override fun getStackTrace(): Array<StackTraceElement> = throw IllegalStateException("stack")
    }

    @TestFactory
    fun `legacy answers`(): List<DynamicTest> {
        val cells = Place.values().flatMap { place -> Way.values().map { place to it } }
            .filter { (place, way) -> place != Place.COPY || way == Way.LATER }
            .flatMap { (place, way) ->
                Stage.values().flatMap { stage ->
                    failures.map { (name, failure) ->
                        dynamicTest("$name in $place, $way at $stage") { answersInSpiteOf(failure, place, way, stage) }
                    }
                }
            }
        return cells + dynamicTest("the matrix has its size") { writeTable(cells.size) }
    }

    /** What of the matrix was run, for the test report. A hang on the caller's own thread is not, and says so (R59). */
    private fun writeTable(cells: Int) {
        assertTrue(cells >= 500, "$cells cells")
        val lines = listOf(
            "# The throwable matrix", "",
            "| what | where | how | stages | answered by |", "|---|---|---|---|---|",
            "| ${failures.size} throwables | creation, candidate, comparison, epoch, listener | inline, later, deadline | ${Stage.values().size} | legacy, in $cells of $cells cells |",
            "| the same | copy of the input | later | ${Stage.values().size} | legacy (in the cells above) |",
            "| hang | candidate | deadline | CANARY and up | legacy, at the deadline (`DeadlineTest`) |",
            "| hang | candidate | inline | SHADOW and up | **blocks the caller**: no thread can be taken off a call (R59) |", "",
        )
        File("target").mkdirs()
        File("target/throwable-matrix.md").writeText(lines.joinToString("\n"))
    }

    private fun answersInSpiteOf(failure: () -> Nothing, place: Place, way: Way, stage: Stage) {
        val decisions = LinkedBlockingQueue<Decision>()
        val worker = Worker()
        val rollout = Rollout(null, {
            decisions += it
            if (place == Place.LISTENER) failure()
        }, worker)
        val builder = rollout.feature<Int, String>("test", {
            if (place == Place.CREATION) failure()
            Answerer { if (place == Place.CANDIDATE) failure() else "candidate" }
        }).comparison { _, _, _ -> if (place == Place.COMPARISON) failure() else Verdict.match() }.bucket(0)
        if (way == Way.LATER) builder.later { if (place == Place.COPY) failure() else it }
        if (way == Way.DEADLINE) builder.deadlineNanos = Long.MAX_VALUE
        if (place == Place.EPOCH) builder.epoch { failure() }
        val feature = builder.register()
        if (stage == Stage.CANARY) rollout.setCanary(feature, 1) else rollout.setStage(feature, stage)

        val candidateAnswers = stage >= Stage.CANARY && place != Place.CREATION && place != Place.CANDIDATE
        val expected = if (candidateAnswers) "candidate" else "legacy"
        repeat(3) { round ->
            val answer = try {
                rollout.call(feature, 1) { "legacy" }
            } catch (thrown: Throwable) {
                fail("call $round let ${thrown.javaClass.name} out")
            }
            assertEquals(expected, answer)
            // An interrupt is kept for whoever waits for it; here that is nobody.
            Thread.interrupted()
        }
        val seen = List(3) { decisions.take() }.mapNotNull { it.failure }
        assertEquals(place.reachedAt(stage), seen.isNotEmpty(), "the failure is reported exactly when it happens")
        if (place == Place.LISTENER) {
            // What the worker was at is over when it has done this.
            val last = object : Task() {
                override fun work() = Unit
            }
            worker.submit(last)
            last.await(Long.MAX_VALUE)
            assertEquals(3, rollout.harnessErrors)
        }
        worker.close()
        assertEquals(0, decisions.size, "one decision a call")
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
