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
import java.util.concurrent.atomic.AtomicInteger

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
        FULL_HEAP to { fillMemory() },
        "StackOverflowError, real" to { overflow(0).let { throw AssertionError("no overflow at $it") } },
        "InternalError" to { throw InternalError("unsafe access") },
        INTERRUPT to { throw InterruptedException() },
        "throwable without a stack" to { throw NoStack },
        "throwable that fails to print" to { throw Hostile() },
    )

    /** Where it fails, and at which stages that is told to the listener. */
    private enum class Place(val toldAt: (Stage) -> Boolean = { false }) {
        CREATION({ it > Stage.OFF }),
        CANDIDATE({ it > Stage.LOAD }),
        COMPARISON({ it == Stage.SHADOW }),
        EPOCH({ it == Stage.SHADOW }),
        COPY({ it == Stage.SHADOW }),
        LISTENER,

        /** Which class the input is in, at SHADOW and, of a feature that is repeatable, where the candidate answers. */
        INPUT_CLASS({ it == Stage.SHADOW }),
        OPERATION,
        TRACER,
        METER,
        CONDITIONS,

        /** Legacy, asked again as a control or as an oracle after the candidate has answered. */
        ORACLE,

        /** Legacy's own write behind that of the candidate. */
        FOLLOWING,

        /** The mirror, told that legacy is behind. */
        BEHIND,

        /** The mirror, told that nobody knows what the candidate did. */
        UNKNOWN({ it > Stage.LOAD }),
        ;

        val isOfWrites: Boolean get() = this >= FOLLOWING
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

    /** What came of the cells in which something was thrown. */
    private class Count {
        val cells = AtomicInteger()
        val threw = AtomicInteger()
        val legacy = AtomicInteger()
        val candidate = AtomicInteger()
    }

    private val counts = Place.values().associateWith { Count() }

    @TestFactory
    fun `legacy answers`(): List<DynamicTest> {
        val cells = Place.values().flatMap { place -> Way.values().map { place to it } }
            .filter { (place, way) -> place != Place.COPY || way == Way.LATER }
            // Writes keep their order, so they are never compared later.
            .filter { (place, way) -> !place.isOfWrites || way != Way.LATER }
            .flatMap { (place, way) ->
                Stage.values().flatMap { stage ->
                    failures.filter { (name, _) -> place <= Place.LISTENER || way == Way.INLINE || name != FULL_HEAP }.map { (name, failure) ->
                        dynamicTest("$name in $place, $way at $stage") { answersInSpiteOf(failure, place, way, stage) }
                    }
                }
            }
        return cells + dynamicTest("the matrix has its size") { writeTable() }
    }

    /** What of the matrix was run, for the test report. A hang on the caller's own thread is not, and says so (R59). */
    private fun writeTable() {
        fun sum(of: (Count) -> AtomicInteger) = counts.values.sumOf { of(it).get() }
        val (threw, legacy, candidate) = Triple(sum { it.threw }, sum { it.legacy }, sum { it.candidate })
        assertEquals(threw, legacy + candidate, "every cell in which something was thrown was answered")
        assertTrue(legacy >= 500, "$legacy cells")
        for ((place, count) in counts) assertTrue(count.threw.get() > 0, "nothing was thrown in $place")
        val lines = listOf(
            "# The throwable matrix", "",
            "${failures.size} throwables at ${Stage.values().size} stages, inline, later and with a deadline: ${sum { it.cells }} cells. " +
                "In $threw something was thrown: $legacy were answered by legacy, $candidate by a candidate that had not failed, " +
                "none by a throwable.", "",
            "| where | cells | in which something was thrown | answered by legacy | by the candidate |", "|---|---|---|---|---|",
        ) + counts.map { (place, count) ->
            "| ${place.name.lowercase().replace('_', ' ')} | ${count.cells} | ${count.threw} | ${count.legacy} | ${count.candidate} |"
        } + listOf(
            "", "| what | where | how | stages | answered by |", "|---|---|---|---|---|",
            "| hang | candidate | deadline | CANARY and up | legacy, at the deadline (`DeadlineTest`) |",
            "| hang | candidate | inline | SHADOW and up | **blocks the caller**: no thread can be taken off a call (R59) |", "",
        )
        File("target").mkdirs()
        File("target/throwable-matrix.md").writeText(lines.joinToString("\n"))
    }

    private fun answersInSpiteOf(failure: () -> Nothing, place: Place, way: Way, stage: Stage) {
        val thrown = AtomicInteger()
        val decisions = LinkedBlockingQueue<Decision>()
        val worker = Worker()
        val at = { where: Place ->
            if (place == where) {
                thrown.incrementAndGet()
                failure()
            }
        }
        val rollout = Rollout(null, {
            decisions += it
            at(Place.LISTENER)
        }, worker)
        val feature = feature(rollout, at, place, way)
        if (stage == Stage.CANARY) rollout.setCanary(feature, 1) else rollout.setStage(feature, stage)

        val hasCandidate = place != Place.CREATION && place != Place.CANDIDATE && place != Place.UNKNOWN
        val told = ArrayList<Throwable>()
        val answers = List(3) { round ->
            // Whatever lowered it, the next call is to reach the same place.
            val candidateAnswers = hasCandidate && feature.stage >= Stage.CANARY && feature.reason != ReasonCode.TRIPPED
            var asked = 0
            val answer = try {
                rollout.call(feature, 1) {
                    asked++
                    // The first time it is asked where legacy answers, its throwable is the caller's; after the candidate it is not.
                    if (candidateAnswers || asked > 1) listOf(Place.ORACLE, Place.FOLLOWING).forEach(at)
                    if (candidateAnswers && place == Place.BEHIND) throw IllegalStateException("disk full")
                    "legacy"
                }
            } catch (thrown: Throwable) {
                fail("call $round let ${thrown.javaClass.name} out")
            }
            // A caller that is interrupted waits for no deadline: legacy answers, unless the candidate was quicker.
            val isInterrupted = place == Place.INPUT_CLASS && way == Way.DEADLINE && failure === failures.getValue(INTERRUPT)
            if (!isInterrupted || answer != "legacy") assertEquals(if (candidateAnswers) "candidate" else "legacy", answer)
            // An interrupt is kept for whoever waits for it; here that is nobody.
            Thread.interrupted()
            decisions.take().failure?.let(told::add)
            // What the worker was at is over when it has done this.
            val last = object : Task() {
                override fun work() = Unit
            }
            worker.submit(last)
            last.await(Long.MAX_VALUE)
            answer
        }
        assertEquals(place.toldAt(stage), told.isNotEmpty(), "the failure is reported exactly when it happens")
        if (place == Place.LISTENER) assertEquals(3, rollout.harnessErrors)
        worker.close()
        assertEquals(0, decisions.size, "one decision a call")
        val count = counts.getValue(place)
        count.cells.incrementAndGet()
        if (thrown.get() == 0) return
        count.threw.incrementAndGet()
        (if (answers.all { it == "legacy" }) count.legacy else count.candidate).incrementAndGet()
    }

    private fun feature(rollout: Rollout, at: (Place) -> Unit, place: Place, way: Way): Feature<Int, String> {
        val builder = rollout.feature<Int, String>("test", {
            at(Place.CREATION)
            Answerer {
                at(Place.CANDIDATE)
                if (place == Place.UNKNOWN) throw IllegalStateException("half done")
                "candidate"
            }
        }).comparison { _, _, _ ->
            at(Place.COMPARISON)
            if (place == Place.ORACLE) Verdict.mismatch() else Verdict.match()
        }.bucket(0)
        if (way == Way.LATER) builder.later { at(Place.COPY); it }
        if (way == Way.DEADLINE) builder.deadlineNanos = Long.MAX_VALUE
        if (place == Place.EPOCH) builder.epoch { at(Place.EPOCH); 0L }
        if (place == Place.INPUT_CLASS) builder.repeatable().classes(2) { at(Place.INPUT_CLASS); 0 }
        if (place == Place.OPERATION) builder.operations(listOf("only")) { at(Place.OPERATION); 0 }
        if (place == Place.ORACLE) builder.repeatable()
        if (place.isOfWrites) {
            builder.writes(object : WriteMirror<Int> {
                override fun unknown(input: Int, failure: Throwable?) = at(Place.UNKNOWN)
                override fun behind(input: Int, failure: Throwable) = at(Place.BEHIND)
            })
        }
        if (place == Place.CONDITIONS) rollout.budget = ComparisonBudget(Hostilities(at))
        if (place == Place.METER) rollout.meter = Hostilities(at)
        if (place == Place.TRACER) rollout.tracer = Hostilities(at)
        return builder.register()
    }

    /** A platform in which whatever is asked fails. */
    private class Hostilities(private val at: (Place) -> Unit) : CostMeter, GuardTracer, DeviceConditions {
        override fun processorNanos() = 0L.also { at(Place.METER) }
        override fun allocatedBytes() = 0L.also { at(Place.METER) }
        override fun begin(name: String) = at(Place.TRACER)
        override fun end() = at(Place.TRACER)
        override val isHot: Boolean get() = false.also { at(Place.CONDITIONS) }
        override val isSavingBattery: Boolean get() = false.also { at(Place.CONDITIONS) }
        override val uptimeMillis: Long get() = (-1L).also { at(Place.CONDITIONS) }
    }

    @TestFactory
    fun `out of memory or stack in the candidate is not tried again`(): List<DynamicTest> =
        listOf(FULL_HEAP, "StackOverflowError, real").map { name ->
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
        /** It takes its time, so not every way of every place has it. */
        private const val FULL_HEAP = "OutOfMemoryError, real"
        private const val INTERRUPT = "InterruptedException"

        private fun overflow(depth: Int): Int = if (depth < 0) 0 else overflow(depth + 1) + 1

        private fun fillMemory(): Nothing {
            // More than any heap: the VM throws without filling it first.
            val arrays = ArrayList<LongArray>()
            while (true) arrays += LongArray(Int.MAX_VALUE - 8)
        }
    }
}
