package dev.ferrule.guard

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** When the breaker opens, and what a session holds on to (R2, R33). */
class BreakerTest {
    private class Panic : RuntimeException(), PanicSignal

    private var nanos = 0L
    private val breaker = Breaker { nanos }
    private val minute = 60_000_000_000L

    @Test
    fun `three panics within ten minutes open it`() {
        assertFalse(breaker.failed(Panic()))
        nanos += 5 * minute
        assertFalse(breaker.failed(Panic()))
        nanos += 5 * minute + 1
        assertFalse(breaker.failed(Panic()), "the first is too old")
        nanos += 4 * minute
        assertTrue(breaker.failed(Panic()))
        assertFalse(breaker.failed(Panic()), "it counts from nothing again")
    }

    @Test
    fun `other failures open it by their rate, and not before 200 calls`() {
        repeat(50) { assertFalse(breaker.failed(IllegalStateException())) }
        repeat(149) { breaker.answered() }
        assertTrue(breaker.failed(IllegalStateException()))
    }

    @Test
    fun `the bound on the rate is exact`() {
        // Smallest counts whose one-sided 95 % lower bound (Clopper-Pearson) is above 0.5 %.
        for ((calls, least) in listOf(200 to 4, 1_000 to 10, 10_000 to 63)) {
            assertFalse(Breaker.isOften(least - 1, calls), "${least - 1} of $calls")
            assertTrue(Breaker.isOften(least, calls), "$least of $calls")
        }
        assertFalse(Breaker.isOften(0, Int.MAX_VALUE))
        assertFalse(Breaker.isOften(199, 199))
    }

    @Test
    fun `however long a candidate was good, 63 failures in a row are the most that it may have`() {
        for (good in listOf(9_999, 10_000, 1_000_000, 30_000_000)) {
            val breaker = Breaker { nanos }
            repeat(good) { breaker.answered() }
            var failures = 1
            while (!breaker.failed(IllegalStateException())) failures++
            assertTrue(failures in 30..63, "$failures after $good")
        }
    }

    @Test
    fun `a failure is not late`() {
        repeat(4) { assertFalse(breaker.late()) }
        repeat(96) { breaker.failed(IllegalStateException()) }
        repeat(4) { assertFalse(breaker.late(), "the first four are a hundred calls ago") }
        assertTrue(breaker.late())
    }

    @Test
    fun `five late answers of a hundred open it`() {
        repeat(4) { assertFalse(breaker.late()) }
        repeat(96) { breaker.answered() }
        repeat(4) { assertFalse(breaker.late(), "the first four are a hundred calls ago") }
        assertTrue(breaker.late())
    }

    @Test
    fun `a candidate that keeps panicking is not asked again`() {
        val rollout = Rollout()
        var asked = 0
        val feature = rollout.feature<Int, String>("test", {
            Answerer {
                asked++
                throw Panic()
            }
        }).register()
        rollout.setStage(feature, Stage.LIVE)
        repeat(10) { assertEquals("legacy", rollout.call(feature, it) { "legacy" }) }
        assertEquals(3, asked)
        assertEquals(ReasonCode.TRIPPED, feature.reason)
    }

    @Test
    fun `a session stays with the party that it began with`() {
        val rollout = Rollout()
        val feature = rollout.feature<Int, String>("test", { Answerer { "candidate" } }).register()
        val early = rollout.session(feature)
        rollout.setStage(feature, Stage.LIVE)
        val late = rollout.session(feature)
        assertEquals("legacy" to "candidate", early.call(1) { "legacy" } to late.call(1) { "legacy" })
        rollout.setStage(feature, Stage.SHADOW)
        assertEquals(ReasonCode.SHADOW, late.reason, "what is safer counts at once")
        rollout.setStage(feature, Stage.LIVE)
        assertEquals("candidate", late.call(1) { "legacy" })
        rollout.kill("test")
        assertEquals("legacy" to ReasonCode.KILLED, late.call(1) { "legacy" } to late.reason)
    }
}
