package dev.ferrule.guard

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test

/** Who answers at which stage, and what the listener is told (rollout 2.2, R4, R15). */
class StageTest {
    private val decisions = mutableListOf<Decision>()
    private val rollout = Rollout { decisions += it }
    private var created = 0
    private var asked = 0

    private fun feature(bucket: Int? = null, answer: (Int) -> String? = { "C$it" }): Feature<Int, String?> {
        val builder = rollout.feature<Int, String?>("test", {
            created++
            Answerer {
                asked++
                answer(it)
            }
        })
        return if (bucket == null) builder.register() else builder.bucket(bucket).register()
    }

    private fun call(feature: Feature<Int, String?>): String? = rollout.call(feature, 1) { "L$it" }

    private fun last(): Decision = decisions.last()

    @Test
    fun `off answers by legacy and creates nothing`() {
        assertEquals("L1", call(feature()))
        assertEquals(0, created)
        assertEquals(ReasonCode.OFF, last().reason)
        assertEquals(Party.LEGACY, last().answeredBy)
        assertEquals(Outcome.SKIPPED, last().outcome)
    }

    @Test
    fun `load creates once and never asks`() {
        val feature = feature().also { rollout.setStage(it, Stage.LOAD) }
        repeat(3) { assertEquals("L1", call(feature)) }
        assertEquals(1 to 0, created to asked)
        assertEquals(ReasonCode.LOAD, last().reason)
    }

    @Test
    fun `shadow answers by legacy and compares`() {
        val feature = feature().also { rollout.setStage(it, Stage.SHADOW) }
        assertEquals("L1", call(feature))
        assertEquals(1, asked)
        assertEquals(Outcome.COMPARED, last().outcome)
        assertEquals(Verdict.Kind.MISMATCH, last().verdict?.kind)
    }

    @Test
    fun `shadow finds a match`() {
        val feature = feature { "L$it" }.also { rollout.setStage(it, Stage.SHADOW) }
        call(feature)
        assertEquals(Verdict.Kind.MATCH, last().verdict?.kind)
    }

    @Test
    fun `shadow reports what a comparison explains`() {
        val feature = rollout.feature<Int, String>("test", { Answerer { "C" } })
            .comparison { input, legacy, candidate -> Verdict.explained("OS_$legacy$candidate$input") }
            .register()
        rollout.setStage(feature, Stage.SHADOW)
        assertEquals("L", rollout.call(feature, 7) { "L" })
        assertEquals(listOf("OS_LC7"), last().verdict?.codes)
        assertEquals("EXPLAINED(OS_LC7)", last().verdict.toString())
    }

    @Test
    fun `live answers by the candidate and leaves legacy alone`() {
        val feature = feature().also { rollout.setStage(it, Stage.LIVE) }
        val answer = rollout.call(feature, 1) { error("legacy was asked") }
        assertEquals("C1", answer)
        assertEquals(Party.CANDIDATE, last().answeredBy)
        assertEquals(ReasonCode.LIVE, last().reason)
    }

    @Test
    fun `canary takes the buckets below the share`() {
        val rows = listOf(
            Triple(0, 0, "L1"), Triple(0, 1, "C1"), Triple(9, 10, "C1"), Triple(10, 10, "L1"),
            Triple(999, 999, "L1"), Triple(999, 1000, "C1"), Triple(-1, 1000, "L1"), Triple(1000, 1000, "L1"),
        )
        for ((bucket, permille, expected) in rows) {
            val feature = feature(bucket).also { rollout.setCanary(it, permille) }
            assertEquals(expected, call(feature), "bucket $bucket of $permille")
            val reason = if (expected == "C1") ReasonCode.COHORT_IN else ReasonCode.COHORT_OUT
            assertEquals(reason, last().reason)
        }
    }

    @Test
    fun `a device without a bucket is in no cohort`() {
        val feature = feature().also { rollout.setCanary(it, 1000) }
        assertEquals("L1", call(feature))
    }

    @Test
    fun `a canary stage without a share reaches nobody`() {
        val feature = feature(bucket = 0).also { rollout.setStage(it, Stage.CANARY) }
        assertEquals("L1", call(feature))
    }

    @Test
    fun `a share outside its range is off with a reason`() {
        val feature = feature(bucket = 0)
        for (share in listOf(-1, 1001, Int.MIN_VALUE, Int.MAX_VALUE)) {
            rollout.setCanary(feature, share)
            assertEquals("L1", call(feature))
            assertEquals(ReasonCode.CONFIG_RANGE, last().reason)
            assertEquals(Stage.OFF, feature.stage)
        }
        rollout.setStage(feature, Stage.LIVE)
        assertEquals("C1", call(feature))
    }

    @Test
    fun `kill acts on the next call and survives a new stage`() {
        val feature = feature().also { rollout.setStage(it, Stage.LIVE) }
        assertEquals("C1", call(feature))
        rollout.kill("another")
        assertEquals("C1", call(feature))
        rollout.kill("test")
        assertEquals("L1", call(feature))
        rollout.setStage(feature, Stage.LIVE)
        assertEquals("L1", call(feature))
        assertEquals(ReasonCode.KILLED, last().reason)
        rollout.unkill()
        assertEquals("C1", call(feature))
    }

    @Test
    fun `kill all reaches features that come later`() {
        rollout.killAll()
        val feature = feature().also { rollout.setStage(it, Stage.LIVE) }
        assertEquals("L1", call(feature))
        rollout.unkill()
        assertEquals("C1", call(feature))
    }

    @Test
    fun `null is no answer unless the feature says so`() {
        val strict = feature { null }.also { rollout.setStage(it, Stage.LIVE) }
        assertEquals("L1", call(strict))
        assertEquals(ReasonCode.CANDIDATE_FAILED, last().reason)
        assertNull(last().failure)
        val lenient = rollout.feature<Int, String?>("lenient", { Answerer { null } }).nullIsAnAnswer().register()
        rollout.setStage(lenient, Stage.LIVE)
        assertNull(rollout.call(lenient, 1) { "L" })
        assertEquals(Party.CANDIDATE, last().answeredBy)
    }

    @Test
    fun `what legacy throws reaches the caller as the same object at every stage`() {
        val mine = java.io.IOException("legacy's own")
        for (stage in Stage.values()) {
            val feature = feature { error("candidate fails") }.also { rollout.setStage(it, stage) }
            val thrown = assertThrows(java.io.IOException::class.java) { rollout.call(feature, 1) { throw mine } }
            assertSame(mine, thrown)
            assertEquals(0, thrown.suppressed.size)
            assertNull(thrown.cause)
        }
        assertEquals(1, decisions.count { it.outcome == Outcome.LEGACY_THREW })
    }

    @Test
    fun `the order of a shadow call is legacy, candidate, comparison`() {
        val order = mutableListOf<String>()
        val feature = rollout.feature<Int, Int>("test", { Answerer { order += "candidate"; it } })
            .comparison { _, _, _ -> order += "comparison"; Verdict.match() }
            .register()
        rollout.setStage(feature, Stage.SHADOW)
        rollout.call(feature, 1) { order += "legacy"; it }
        assertEquals(listOf("legacy", "candidate", "comparison"), order)
    }

    @Test
    fun `a mismatch lowers a feature and never raises one that was lowered meanwhile`() {
        val rollout = Rollout()
        for ((stage, after) in listOf(Stage.LIVE to Stage.SHADOW, Stage.LOAD to Stage.LOAD, Stage.OFF to Stage.OFF)) {
            lateinit var feature: Feature<Int, String>
            feature = rollout.feature<Int, String>("f", { Answerer { "candidate" } }).repeatable()
                .comparison { _, legacy, other ->
                    rollout.setStage(feature, stage)
                    if (legacy == other) Verdict.match() else Verdict.mismatch()
                }.register()
            rollout.setStage(feature, Stage.LIVE)
            assertEquals("candidate", rollout.call(feature, 1) { "legacy" })
            assertEquals(after, feature.stage)
        }
    }
}
