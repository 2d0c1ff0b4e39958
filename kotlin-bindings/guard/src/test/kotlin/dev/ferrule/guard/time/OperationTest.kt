package dev.ferrule.guard.time

import dev.ferrule.guard.Answerer
import dev.ferrule.guard.CostMeter
import dev.ferrule.guard.Rollout
import dev.ferrule.guard.Stage
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import kotlin.math.abs
import kotlin.math.sqrt

/** Times and costs, operation by operation, and what is made of them (R32). */
class OperationTest {
    private fun cost(nanos: Long = 1_000, processor: Long = Cost.UNKNOWN, bytes: Long = Cost.UNKNOWN) = Cost(nanos, processor, bytes)

    private fun times(legacy: List<Cost>, candidate: List<Cost>, operation: Int = 0): Times = Times(3, Times.Room(3)).also { times ->
        legacy.forEach { times.ofLegacy(it, operation) }
        candidate.forEach { times.ofCandidate(it, operation) }
    }

    private fun isSlow(legacy: Cost, candidate: Cost, calls: Int = 1_000) =
        LatencyGuard.isSlow(times(List(calls) { legacy }, List(calls) { candidate }))

    @Test
    fun `median, processor time and allocations are judged as the tail is, and what is unknown is not`() {
        assertTrue(isSlow(cost(1_000), cost(300_000)))
        assertFalse(isSlow(cost(1_000), cost(150_000)))
        assertTrue(isSlow(cost(processor = 1_000_000), cost(processor = 1_300_000)))
        assertFalse(isSlow(cost(processor = 1_000_000), cost(processor = 1_150_000)), "within 0.2 ms")
        assertFalse(isSlow(cost(processor = 10_000_000), cost(processor = 10_900_000)), "within a tenth")
        assertTrue(isSlow(cost(bytes = 0), cost(bytes = 5_000)))
        assertFalse(isSlow(cost(bytes = 0), cost(bytes = 4_096)))
        assertFalse(isSlow(cost(), cost(processor = 9_000_000, bytes = 9_000_000)), "of legacy it is unknown")
        assertFalse(isSlow(cost(processor = 0), cost(processor = 9_000_000), calls = 999), "too few calls")
    }

    @Test
    fun `a slower median counts where the tail hides it`() {
        val legacy = List(1_000) { if (it % 20 == 0) cost(50_000_000) else cost(10_000) }
        val candidate = List(1_000) { if (it % 20 == 0) cost(50_000_000) else cost(5_000_000) }
        assertTrue(LatencyGuard.isSlow(times(legacy, candidate)))
        assertFalse(LatencyGuard.isSlow(times(legacy, legacy)))
    }

    @Test
    fun `one slow operation is found among quick ones`() {
        val times = Times(2, Times.Room(2))
        // Over many counters: one that is half full would halve the weight of all.
        repeat(110_000) {
            times.ofLegacy(cost(it % 100 * 16L), 1)
            times.ofCandidate(cost(it % 100 * 16L), 1)
        }
        repeat(1_000) {
            times.ofLegacy(cost(1_000), 2)
            times.ofCandidate(cost(400_000), 2)
        }
        assertTrue(LatencyGuard.isSlow(times))
        assertFalse(LatencyGuard.isSlow(times.legacy(), times.candidate()), "together they hide it")
    }

    @Test
    fun `operations without room count with those of none, and both parties of one do`() {
        val room = Times.Room(1)
        val times = Times(2, room)
        times.ofCandidate(cost(), 1)
        times.ofLegacy(cost(), 2)
        times.ofLegacy(cost(), 1)
        times.ofCandidate(cost(), 0)
        assertEquals(listOf(0, 1), times.measured())
        assertNull(times.legacyOf(2))
        assertEquals(1L to 1L, times.legacyOf(0)!!.times.counts().total to times.legacyOf(1)!!.times.counts().total)
        assertEquals(2L to 2L, times.legacy().total to times.candidate().total)
        assertEquals(listOf(0), Times(1, room).also { it.ofLegacy(cost(), 1) }.measured())
        times.clear()
        assertEquals(0, times.legacy().total)
    }

    @Test
    fun `a mean is the mean, and its lower bound is as far below as its doubt`() {
        val random = java.util.Random(3)
        val numbers = List(2_000) { random.nextInt(1_000_000).toLong() }
        val mean = Mean()
        for (number in numbers) mean.take(number)
        mean.take(-1)
        val known = mean.known()
        val expected = numbers.average()
        val deviation = sqrt(numbers.sumOf { (it - expected) * (it - expected) } / (numbers.size - 1))
        assertEquals(2_000, known.count)
        assertTrue(abs(known.mean - expected) < 1e-6 * expected)
        assertTrue(abs(known.lower - (expected - 1.6449 * deviation / sqrt(2_000.0))) < 1e-6 * expected)
        assertEquals(0.0, Mean().apply { take(5) }.known().lower, "one call proves nothing")
        mean.clear()
        assertEquals(0, mean.known().count)
    }

    @Test
    fun `calls are counted with their operation and with what the platform tells of them`() {
        var processor = 0L
        val rollout = Rollout()
        rollout.meter = object : CostMeter {
            override fun processorNanos() = processor
            override fun allocatedBytes(): Long = throw UnsupportedOperationException()
        }
        val feature = rollout.feature<Int, Int>("test", { Answerer { processor += 70; it } })
            .operations(listOf("even", "odd")) { if (it < 0) error("no operation") else it % 3 }.register()
        rollout.setStage(feature, Stage.SHADOW)
        // 0 and 1 are operations, 2 is none of them, and of -1 nobody can tell.
        for (input in listOf(0, 1, 2, -1, 3)) rollout.call(feature, input) { processor += 50; it }
        assertEquals(listOf(2L, 2L, 1L), (0..2).map { feature.times.legacyOf(it)!!.times.counts().total })
        assertEquals(50.0 to 70.0, feature.times.legacyOf(1)!!.processor.known().mean to feature.times.candidateOf(1)!!.processor.known().mean)
        assertEquals(0, feature.times.candidateOf(1)!!.allocated.known().count)
        assertEquals(0, rollout.harnessErrors)
    }
}
