package dev.ferrule.guard

import dev.ferrule.guard.sample.Sampler
import dev.ferrule.guard.work.Worker
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotSame
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.IOException
import java.util.concurrent.CountDownLatch
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong

/** Legacy as the oracle of a candidate that answers, and against itself (section 2.2, R11, R18, R53). */
class OracleTest {
    private val now = AtomicLong()
    private val worker = Worker(now::get)
    private val decisions = LinkedBlockingQueue<Decision>()
    private val rollout = Rollout(null, { decisions += it }, worker)
    private val asked = AtomicInteger()

    @AfterEach
    fun end() = worker.close()

    private fun builder(name: String = "test", answer: (Int) -> String = { "A$it" }): FeatureBuilder<Int, String> =
        rollout.feature<Int, String>(name, { Answerer { answer(it) } }).bucket(0).repeatable()

    private fun FeatureBuilder<Int, String>.at(stage: Stage): Feature<Int, String> = register().also {
        if (stage == Stage.CANARY) rollout.setCanary(it, 1) else rollout.setStage(it, stage)
    }

    private fun call(feature: Feature<Int, String>, input: Int = 1, legacy: (Int) -> String = { "A$it" }): String =
        rollout.call(feature, input) {
            asked.incrementAndGet()
            legacy(it)
        }

    /** The decision on the last call, wherever it was made. */
    private fun decision(): Decision = decisions.poll(120, TimeUnit.SECONDS) ?: error("no decision")

    @Test
    fun `legacy checks the candidate at canary and live, and at no other stage where that answers`() {
        val rows = mapOf(Stage.CANARY to 1, Stage.LIVE to 1, Stage.RETIRE to 0, Stage.COMPLETE to 0)
        for ((stage, expected) in rows) {
            asked.set(0)
            val feature = builder().sample(1, 1).at(stage)
            // The first comparison is also the first control, which asks once more.
            assertEquals("A1", call(feature))
            val first = decision()
            assertEquals(Party.CANDIDATE, first.answeredBy)
            assertEquals(if (expected == 1) Outcome.COMPARED else Outcome.ANSWERED, first.outcome, "$stage")
            asked.set(0)
            assertEquals("A1", call(feature))
            assertEquals(expected, asked.get(), "$stage")
            decision()
            assertEquals(2, feature.tally.of(Outcome.ANSWERED))
            assertEquals(2 * expected, feature.tally.of(Verdict.Kind.MATCH))
        }
    }

    @Test
    fun `a legacy that is not said to be repeatable is not asked where the candidate answers`() {
        val feature = rollout.feature<Int, String>("test", { Answerer { "C" } }).sample(1, 1).at(Stage.LIVE)
        repeat(100) { assertEquals("C", call(feature)) }
        assertEquals(0, asked.get())
    }

    @Test
    fun `the first twenty are checked, then one of so many`() {
        val feature = builder().sample(1, 10).at(Stage.LIVE)
        repeat(Sampler.FIRST_OF_CLASS + 1_000) { call(feature, it) }
        assertTrue(feature.tally.of(Verdict.Kind.MATCH) - Sampler.FIRST_OF_CLASS in 99..101)
    }

    @Test
    fun `a real mismatch takes the feature down to shadow, and the caller of that call still has the candidate's answer`() {
        for (stage in listOf(Stage.CANARY, Stage.LIVE)) {
            val feature = builder { "C$it" }.at(stage)
            assertEquals("C1", call(feature))
            assertEquals(Verdict.Kind.MISMATCH, decision().verdict?.kind)
            assertEquals(ReasonCode.SHADOW, feature.reason)
            assertEquals("A2", call(feature, 2))
            assertEquals(Party.LEGACY, decision().answeredBy)
        }
    }

    @Test
    fun `it is made on the worker and on a copy where comparisons are made later`() {
        val threads = LinkedBlockingQueue<Thread>()
        val copied = AtomicInteger()
        val feature = builder { "C$it" }.later { copied.incrementAndGet(); it }.at(Stage.LIVE)
        val release = CountDownLatch(1)
        // Legacy may take its time: the caller has its answer.
        assertEquals("C1", call(feature) { threads += Thread.currentThread(); release.await(); "A$it" })
        assertEquals(ReasonCode.LIVE, feature.reason)
        release.countDown()
        assertEquals(Verdict.Kind.MISMATCH, decision().verdict?.kind)
        assertEquals(ReasonCode.SHADOW, feature.reason)
        assertEquals(1, copied.get())
        assertNotSame(Thread.currentThread(), threads.take())
    }

    @Test
    fun `a feature that was taken away meanwhile is not checked any more`() {
        val begun = CountDownLatch(1)
        val release = CountDownLatch(1)
        val feature = builder { "C$it" }.later { it }.at(Stage.LIVE)
        val legacy = { input: Int ->
            begun.countDown()
            release.await()
            "C$input"
        }
        call(feature, 0, legacy)
        // Until the worker is at it, it may have the lock, and the next would find no room.
        assertTrue(begun.await(120, TimeUnit.SECONDS))
        call(feature, 1, legacy)
        call(feature, 2, legacy)
        rollout.kill("test")
        release.countDown()
        assertEquals(listOf(Outcome.COMPARED, Outcome.DROPPED, Outcome.DROPPED), List(3) { decision().outcome })
        assertEquals(3, feature.tally.of(Outcome.ANSWERED))
    }

    @Test
    fun `a legacy that hangs as an oracle trips nobody and is not asked as one again`() {
        val begun = CountDownLatch(1)
        val release = CountDownLatch(1)
        val feature = builder().later { it }.at(Stage.LIVE)
        call(feature) {
            begun.countDown()
            while (release.count > 0) try { release.await() } catch (_: InterruptedException) { /* as native code */ }
            "A$it"
        }
        assertTrue(begun.await(120, TimeUnit.SECONDS))
        now.addAndGet(Worker.HUNG_NANOS + 1)
        asked.set(0)
        repeat(3) { assertEquals("A2", call(feature, 2)) }
        assertEquals(List(3) { Outcome.DROPPED }, List(3) { decision().outcome })
        assertEquals(ReasonCode.LIVE, feature.reason)
        assertEquals(0, asked.get())
        release.countDown()
    }

    @Test
    fun `where legacy throws and the candidate does not, that is a difference, and nothing of it reaches the caller`() {
        val feature = builder().at(Stage.LIVE)
        assertEquals("A1", call(feature) { throw IOException("legacy's own") })
        val decision = decision()
        assertEquals(Outcome.LEGACY_THREW to Party.CANDIDATE, decision.outcome to decision.answeredBy)
        assertNull(decision.failure)
        assertEquals(ReasonCode.SHADOW, feature.reason)
        val short = builder("short").at(Stage.LIVE)
        assertEquals("A1", call(short) { throw OutOfMemoryError("made") })
        assertEquals(Outcome.HARNESS_ERROR, decision().outcome)
        assertEquals(ReasonCode.LIVE, short.reason, "no memory says nothing about an input")
        val moody = builder("moody").at(Stage.LIVE)
        assertEquals("A1", call(moody) { if (asked.get() % 2 == 1) throw IOException() else "A$it" })
        assertEquals(Outcome.NOISE, decision().outcome)
        assertEquals(ReasonCode.LIVE, moody.reason)
    }

    @Test
    fun `whatever the harness's own parts throw, the caller has the candidate's answer and the feature stays`() {
        val parts = listOf<FeatureBuilder<Int, String>.() -> Unit>(
            { comparison { _, _, _ -> throw Error("comparison") } },
            { epoch { throw Error("epoch") } },
            { classes(3) { throw Error("class") } },
            { later { throw Error("copy") } },
        )
        for ((index, part) in parts.withIndex()) {
            val before = rollout.harnessErrors
            val feature = builder { "C$it" }.apply(part).at(Stage.LIVE)
            assertEquals("C1", call(feature), "part $index")
            assertEquals(Party.CANDIDATE, decision().answeredBy)
            assertEquals(ReasonCode.LIVE, feature.reason)
            assertEquals(before + 1, rollout.harnessErrors, "part $index")
        }
    }

    @Test
    fun `an input whose source changed says nothing`() {
        var epoch = 0L
        val feature = builder { "C$it" }.epoch { epoch }.at(Stage.LIVE)
        assertEquals("C1", call(feature) { epoch++; "A$it" })
        assertEquals(Outcome.TORN_INPUT, decision().outcome)
        assertEquals(ReasonCode.LIVE, feature.reason)
    }

    @Test
    fun `legacy that differs from itself counts against nobody, at shadow and at live`() {
        for (stage in listOf(Stage.SHADOW, Stage.LIVE)) {
            val feature = builder { "C" }.at(stage)
            repeat(10) { call(feature) { "noise ${asked.get()}" } }
            assertEquals(10, feature.tally.of(Outcome.NOISE), "$stage")
            assertEquals(0, feature.tally.of(Verdict.Kind.MISMATCH))
            assertEquals(stage, feature.stage)
            decisions.clear()
        }
    }

    @Test
    fun `one comparison of two hundred asks legacy again without a reason, and more of them do for one`() {
        val feature = builder().at(Stage.SHADOW)
        repeat(400) { call(feature, it) }
        assertEquals(402, asked.get())
        asked.set(0)
        val other = builder("other") { "C" }.at(Stage.SHADOW)
        repeat(100) { call(other, it) }
        assertEquals(200, asked.get())
        assertEquals(100, other.tally.of(Verdict.Kind.MISMATCH))
    }

    @Test
    fun `legacy's write behind the candidate's is compared too, and written once`() {
        val mirror = object : WriteMirror<Int> {
            override fun unknown(input: Int, failure: Throwable?) = error("nothing is unknown")
            override fun behind(input: Int, failure: Throwable) = error("nothing is behind")
        }
        val feature = rollout.feature<Int, String>("writes", { Answerer { "C$it" } }).writes(mirror).repeatable().at(Stage.LIVE)
        assertEquals("C1", call(feature))
        assertEquals(1, asked.get())
        assertEquals(Verdict.Kind.MISMATCH, decision().verdict?.kind)
        assertEquals(ReasonCode.SHADOW, feature.reason)
        assertEquals(0, rollout.harnessErrors)
    }

    @Test
    fun `an oracle's times are legacy's`() {
        val feature = builder().sample(1, 1).at(Stage.LIVE)
        repeat(5) { call(feature) }
        assertEquals(5, feature.times.legacy().total)
        assertFalse(feature.times.candidate().total == 0L)
        assertSame(ReasonCode.LIVE, feature.reason)
    }
}
