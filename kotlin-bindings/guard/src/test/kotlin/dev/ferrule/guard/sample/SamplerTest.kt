package dev.ferrule.guard.sample

import dev.ferrule.guard.Answerer
import dev.ferrule.guard.ComparisonBudget
import dev.ferrule.guard.CostMeter
import dev.ferrule.guard.DeviceConditions
import dev.ferrule.guard.Feature
import dev.ferrule.guard.Outcome
import dev.ferrule.guard.Rollout
import dev.ferrule.guard.Stage
import dev.ferrule.guard.Verdict
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.atomic.AtomicLong

/** Which calls are compared, and what that may cost (R16). */
class SamplerTest {
    private class Conditions(
        override var isHot: Boolean = false,
        override var isSavingBattery: Boolean = false,
        override var uptimeMillis: Long = 20_000,
    ) : DeviceConditions

    private val now = AtomicLong()
    private val conditions = Conditions()
    private val budget = ComparisonBudget(conditions, ComparisonBudget.SHARE_PPM, now::get)

    private fun pass(millis: Long) = now.addAndGet(millis * 1_000_000)

    private fun allows(isStartup: Boolean = false) = budget.allows(isStartup)

    @Test
    fun `a share is what it says, whatever the number`() {
        for (oneIn in listOf(1, 2, 3, 7, 64, 200, 1_000)) {
            val share = Share(oneIn)
            val due = (1..100 * oneIn).count { share.isDue() }
            assertTrue(due in 98..102, "$oneIn: $due")
        }
        for (nonsense in listOf(0, -1, Int.MIN_VALUE)) assertTrue(Share(nonsense).isDue())
    }

    @Test
    fun `of each class the first twenty are compared, then one of so many`() {
        val sampler = Sampler<String>(InputClasses(2) { if (it == "common") 0 else if (it == "rare") 1 else it.length }, 10)
        fun count(input: String, calls: Int) = (1..calls).count { sampler.isDue(input) }
        assertTrue(count("common", 1_020) - 20 in 99..101)
        assertEquals(5, count("rare", 5))
        // Two classes that nobody declared are one.
        assertEquals(20, count("another", 10) + count("a third one", 10))
        assertEquals(InputClasses.CLASSES_MAX, InputClasses<Int>(Int.MAX_VALUE) { it }.count)
        val unnamed = Sampler<Int>(InputClasses(-1, of = null), 10)
        assertTrue((1..120).count { unnamed.isDue(it) } - 20 in 9..11)
    }

    @Test
    fun `the budget ends and comes back with time, and what was overspent is paid back`() {
        assertTrue(allows())
        budget.spent(100_000_000)
        assertFalse(allows(), "1 % of ten seconds is spent")
        pass(1)
        assertTrue(allows())
        budget.spent(100_000_000)
        pass(9_990)
        assertFalse(allows())
        pass(100)
        assertTrue(allows())
        pass(1_000_000)
        allows()
        budget.spent(100_000_000)
        assertFalse(allows(), "an hour brings no more than ten seconds do")
    }

    @Test
    fun `a hot device, battery saver and the first ten seconds of a process keep the quiet`() {
        val rows = listOf(Conditions(isHot = true), Conditions(isSavingBattery = true), Conditions(uptimeMillis = 9_999))
        for (row in rows) {
            val quiet = ComparisonBudget(row, ComparisonBudget.SHARE_PPM, now::get)
            assertFalse(quiet.allows(isStartup = false))
            assertEquals(row.uptimeMillis < 10_000, quiet.allows(isStartup = true))
        }
        for (fine in listOf(Conditions(uptimeMillis = 10_000), Conditions(uptimeMillis = -1), null)) {
            assertTrue(ComparisonBudget(fine, ComparisonBudget.SHARE_PPM, now::get).allows(isStartup = false))
        }
        assertFalse(ComparisonBudget(null, -5, now::get).allows(isStartup = true), "no share is none")
    }

    @Test
    fun `conditions are asked once a second, and where they throw nothing is compared`() {
        assertTrue(allows())
        conditions.isHot = true
        pass(999)
        assertTrue(allows())
        pass(1)
        assertFalse(allows())
        val broken = object : DeviceConditions {
            override val isHot: Boolean get() = throw SecurityException("no")
            override val isSavingBattery = false
            override val uptimeMillis = 60_000L
        }
        assertFalse(ComparisonBudget(broken, ComparisonBudget.SHARE_PPM, now::get).allows(isStartup = true))
    }

    private fun shadow(rollout: Rollout, inShadow: Int = 1): Feature<Int, Int> =
        rollout.feature<Int, Int>("test", { Answerer { it } }).sample(inShadow).register()
            .also { rollout.setStage(it, Stage.SHADOW) }

    @Test
    fun `calls that are left out are counted and legacy answers them`() {
        val rollout = Rollout()
        val feature = shadow(rollout, inShadow = 10)
        repeat(120) { assertEquals(it, rollout.call(feature, it) { input -> input }) }
        assertTrue(feature.tally.of(Verdict.Kind.MATCH) - 20 in 9..11)
        assertEquals(120, feature.tally.of(Verdict.Kind.MATCH) + feature.tally.of(Outcome.UNSAMPLED))
    }

    @Test
    fun `the candidate's processor time is what counts, where it is known`() {
        var used = 0L
        val rollout = Rollout()
        rollout.budget = budget
        rollout.meter = object : CostMeter {
            override fun processorNanos() = used
            override fun allocatedBytes() = -1L
        }
        val feature = rollout.feature<Int, Int>("test", { Answerer { used += 60_000_000; it } }).register()
        rollout.setStage(feature, Stage.SHADOW)
        repeat(5) { rollout.call(feature, it) { input -> input } }
        assertEquals(2 to 3, feature.tally.of(Verdict.Kind.MATCH) to feature.tally.of(Outcome.UNSAMPLED))
        // 20 ms are owed, which 2 s pay back.
        pass(2_001)
        rollout.call(feature, 1) { it }
        assertEquals(3, feature.tally.of(Verdict.Kind.MATCH))
    }

    @Test
    fun `a candidate that fails is charged too, and one without a meter by the time that passed`() {
        var used = 0L
        val rollout = Rollout()
        rollout.budget = budget
        rollout.meter = object : CostMeter {
            override fun processorNanos() = used
            override fun allocatedBytes() = error("unknown")
        }
        val feature = rollout.feature<Int, Int>("test", { Answerer { used += 200_000_000; error("fails") } }).register()
        rollout.setStage(feature, Stage.SHADOW)
        repeat(2) { rollout.call(feature, it) { input -> input } }
        assertEquals(1 to 1, feature.tally.of(Outcome.CANDIDATE_FAILED) to feature.tally.of(Outcome.UNSAMPLED))
    }
}
