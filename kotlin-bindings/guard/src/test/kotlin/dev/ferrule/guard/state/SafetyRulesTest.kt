package dev.ferrule.guard.state

import dev.ferrule.guard.Stage
import dev.ferrule.guard.crash.Blame
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Deaths, new builds, breaker, demotion, and what an operator may do (R1, R25–R27, R33, R53, R56). */
class SafetyRulesTest {
    private val live = Rung(Stage.LIVE, 0)

    private fun settings(id: Int, critical: Boolean = false, template: Template = Template.PURE) =
        Settings(id, "f$id", "f$id", template, live, live, 0, critical, false, 0u, emptyList())

    private fun device(vararg settings: Settings) =
        DeviceRecord(boot = 1u, build = 7u, age = 1_000u, features = settings.map { FeatureRecord(it) })

    private fun death(features: Long, build: ULong = 7u, native: Boolean = true) = Blame(build, features, native, 0L, false)

    private fun start(record: DeviceRecord, vararg blames: Blame, build: ULong = 7u, at: ULong = 1_000u) =
        SafetyRules.start(record, 1u, at, build, blames.toList())

    private fun codes(change: Change) = change.notes.map { it.code }

    @Test
    fun `two deaths in a row quarantine the feature that was in flight and no other`() {
        val once = start(device(settings(0), settings(1)), death(0b01))
        assertEquals(Persist.NOW, once.persist)
        assertFalse(once.record.feature(0)!!.isQuarantined(7u))
        val twice = start(once.record, death(0b01))
        assertTrue(twice.record.feature(0)!!.isQuarantined(7u))
        assertFalse(twice.record.feature(1)!!.isQuarantined(7u))
        assertEquals(listOf("RO_QUARANTINED"), codes(twice))
    }

    @Test
    fun `a critical feature is out after one`() {
        assertTrue(start(device(settings(0, critical = true)), death(1)).record.feature(0)!!.isQuarantined(7u))
    }

    @Test
    fun `three deaths within a day quarantine a slow crasher whose streak ended each time`() {
        var record = device(settings(0))
        for (at in listOf(1uL, 2uL, 3uL)) {
            record = record.with(0) { it.copy(streak = 0) }
            record = start(record, death(1, native = false), at = at * 3_600_000uL).record
        }
        assertTrue(record.feature(0)!!.isQuarantined(7u))
        var slow = device(settings(0))
        for (at in listOf(1uL, 14uL, 27uL)) {
            slow = slow.with(0) { it.copy(streak = 0) }
            slow = start(slow, death(1, native = false), at = at * 3_600_000uL).record
        }
        assertFalse(slow.feature(0)!!.isQuarantined(7u), "each leaks out on its own")
    }

    @Test
    fun `three native deaths of any feature within a day begin safe mode`() {
        val two = start(start(device(settings(0), settings(1)), death(1)).record, death(2)).record
        assertNull(two.safeMode)
        val three = start(two, death(0))
        assertEquals(7uL, three.record.safeMode)
        assertTrue("RO_SAFE_MODE" in codes(three))
        assertNull(start(three.record, build = 8u).record.safeMode, "a new build leaves it behind")
    }

    @Test
    fun `a new build after a quarantine restarts in shadow on probation`() {
        val out = start(start(device(settings(0), settings(1)), death(1)).record, death(1)).record
        val fresh = start(out, build = 8u)
        assertEquals(Rung.SHADOW, fresh.record.feature(0)!!.granted)
        assertEquals(live, fresh.record.feature(1)!!.granted)
        assertTrue(fresh.record.feature(0)!!.isQuarantined(7u), "the old build stays out")
        val again = start(fresh.record, death(1, build = 8u), build = 8u)
        assertTrue(again.record.feature(0)!!.isQuarantined(8u), "one death is enough on probation")
    }

    @Test
    fun `deaths of a build that is no more do not count against the new one`() {
        val change = start(device(settings(0)), death(1, build = 5u), build = 8u)
        assertEquals(0, change.record.feature(0)!!.streak)
    }

    @Test
    fun `a streak ends after a minute, a hundred calls and the first frame, all three`() {
        val hurt = start(device(settings(0)), death(1)).record
        for ((uptime, calls, frame) in listOf(
            Triple(59_999, 100, true), Triple(60_000, 99, true), Triple(60_000, 100, false),
        )) {
            val later = hurt.copy(age = hurt.age + uptime.toULong())
            assertEquals(1, SafetyRules.settle(later, hurt.age, frame) { calls }.record.feature(0)!!.streak)
        }
        val stable = SafetyRules.settle(hurt.copy(age = hurt.age + 60_000u), hurt.age, true) { 100 }
        assertEquals(0 to Persist.SOON, stable.record.feature(0)!!.streak to stable.persist)
        assertEquals(1, stable.record.feature(0)!!.crashes.ages.size, "the leaky bucket remembers")
    }

    @Test
    fun `the breaker opens for longer each time and the third within a day demotes`() {
        var record = device(settings(0))
        val waits = List(3) {
            record = SafetyRules.trip(record, 0, jitter = 5).record
            record.feature(0)!!.trippedUntil - record.age
        }
        assertEquals(listOf(30_005uL, 60_005uL, 120_005uL), waits)
        assertEquals(Rung.EVERYBODY, record.feature(0)!!.granted)
        assertEquals(Persist.NO, SafetyRules.probesClean(record, 0).persist, "not while it is open")
        val later = record.copy(age = record.age + 120_005uL)
        val closed = SafetyRules.probesClean(later, 0)
        assertEquals(Persist.BEFORE_USE, closed.persist)
        assertFalse(closed.record.feature(0)!!.probing)
    }

    @Test
    fun `a mismatch where the candidate answers falls to shadow, two falls freeze`() {
        val fallen = SafetyRules.mismatch(device(settings(0)), 0)
        assertEquals(Rung.SHADOW, fallen.record.feature(0)!!.granted)
        assertFalse(fallen.record.feature(0)!!.frozen)
        assertEquals(Persist.NO, SafetyRules.mismatch(fallen.record, 0).persist, "in shadow it burns evidence only")
        val risen = fallen.record.with(0) { it.copy(granted = live) }
        val again = SafetyRules.slow(risen, 0)
        assertEquals(listOf("RO_DEMOTED", "RO_FROZEN"), codes(again))
        assertTrue(again.record.feature(0)!!.frozen)
    }

    @Test
    fun `an operator lowers at will and raises by one step`() {
        val off = device(settings(0)).with(0) { it.copy(granted = Rung.OFF) }
        assertEquals(listOf("RO_REFUSED"), codes(OperatorRules.set(off, 0, Rung.SHADOW)))
        val load = OperatorRules.set(off, 0, Rung(Stage.LOAD, 0))
        assertEquals(Persist.BEFORE_USE, load.persist)
        assertEquals(Persist.NOW, OperatorRules.set(device(settings(0)), 0, Rung.OFF).persist)
        val retire = OperatorRules.set(device(settings(0)), 0, Rung(Stage.RETIRE, 0))
        assertEquals(listOf("RO_REFUSED"), codes(retire), "a feature that only reads has no such stage")
    }

    @Test
    fun `no source takes back another's kill`() {
        var record = OperatorRules.killAll(device(settings(0)), 1, on = true).record
        record = OperatorRules.killAll(record, 16, on = true).record
        record = OperatorRules.killAll(record, 16, on = false).record
        assertEquals(1, record.killed)
        assertEquals(Persist.NO, OperatorRules.killAll(record, 16, on = false).persist)
    }

    @Test
    fun `a new configuration loosens nothing that was tightened`() {
        val fallen = SafetyRules.mismatch(device(settings(0), settings(1)), 0).record
        val change = OperatorRules.compiled(fallen, 1u, listOf(settings(0), settings(1), settings(2)))
        assertEquals(listOf(Rung.SHADOW, live, live), change.record.features.map { it.granted })
        assertEquals(Persist.NO, OperatorRules.compiled(change.record, 1u, emptyList()).persist, "not twice")
        val lost = OperatorRules.compiled(fallen.copy(lost = true), 1u, listOf(settings(1)))
        assertEquals(Rung.OFF, lost.record.feature(1)!!.granted)
    }

    @Test
    fun `an overlay lowers at once and lets go only once it is written`() {
        val lower = OperatorRules.overlay(device(settings(0)), 0, Rung.SHADOW)
        assertEquals(Persist.NOW, lower.persist)
        assertEquals(Persist.BEFORE_USE, OperatorRules.overlay(lower.record, 0, null).persist)
        assertEquals(Persist.NO, OperatorRules.overlay(lower.record, 0, Rung.SHADOW).persist)
    }

    @Test
    fun `every template climbs its own ladder, and down again`() {
        val stops = mapOf(Template.PURE to 10, Template.READ_WRITE to 11, Template.EXCLUSIVE to 9)
        for ((template, count) in stops) {
            val ladder = generateSequence(Rung.OFF) { template.next(it) }.toList()
            assertEquals(count, ladder.size, "$template: $ladder")
            assertEquals(ladder.sorted(), ladder)
            assertEquals(ladder.dropLast(1), ladder.drop(1).map { template.previous(it) })
            for (rung in ladder) assertEquals(rung, Rung.unpack(rung.packed()))
        }
        assertEquals(6 + 1001, (0..0xffff).count { Rung.unpack(it) != null })
    }
}
