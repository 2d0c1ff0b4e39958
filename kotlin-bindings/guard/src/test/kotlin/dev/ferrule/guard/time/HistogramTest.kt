package dev.ferrule.guard.time

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.Random
import kotlin.concurrent.thread

/** Times in fixed memory, at most a hundredth off (R32), and when they are too long. */
class HistogramTest {
    private fun of(times: Iterable<Long>) = Histogram().apply { times.forEach(::record) }.counts()

    @Test
    fun `each counter takes the times between its bounds, and its middle is a hundredth off at most`() {
        for (cell in 0 until Histogram.CELLS) {
            val from = Histogram.from(cell)
            val to = Histogram.from(cell + 1)
            assertEquals(cell, Histogram.cellOf(from))
            assertEquals(cell, Histogram.cellOf(to - 1))
            assertTrue((to - from) / 2.0 <= maxOf(8.0, from / 100.0), "$from to $to")
        }
        assertEquals(Histogram.CELLS, Histogram.cellOf(Histogram.from(Histogram.CELLS)))
        assertTrue(Histogram.cellOf(Long.MAX_VALUE) > Histogram.CELLS)
    }

    @Test
    fun `quantiles are those of the sorted times`() {
        val random = Random(7)
        val times = List(20_000) { Math.exp(6 + 11 * random.nextDouble()).toLong() }
        val counts = of(times)
        assertEquals(times.size.toLong(), counts.total)
        val sorted = times.sorted()
        for (share in listOf(0.01, 0.5, 0.9, 0.99, 0.999)) {
            val exact = sorted[Math.ceil(share * times.size).toInt() - 1]
            assertEquals(exact.toDouble(), counts.quantile(share).toDouble(), maxOf(8.0, exact / 100.0), "$share")
        }
    }

    @Test
    fun `what is beyond the last counter is not lost, nor is a clock that went backwards`() {
        val counts = of(listOf(-5L, 0L, 3_000_000_000L))
        assertEquals(3, counts.total)
        assertEquals(3_000_000_000L, counts.quantile(1.0))
        assertEquals(listOf(0L, 16L, 2L), counts.filled().first().toList())
        assertEquals(3_000_000_001L, counts.filled().last()[1])
        assertEquals(0, Counts.NONE.quantile(0.5))
    }

    @Test
    fun `a counter that is half full halves all and leaves its neighbour alone`() {
        val histogram = Histogram()
        repeat(100) { histogram.record(16) }
        repeat(0x8000) { histogram.record(0) }
        assertEquals(0x8000L + 100, histogram.counts().total)
        histogram.record(0)
        assertEquals(listOf(listOf(0L, 16L, 0x4000L), listOf(16L, 32L, 50L)), histogram.counts().filled().map { it.toList() })
        repeat(1_000_000) { histogram.record(0) }
        assertTrue(histogram.counts().total <= 0x8000 + 50)
        histogram.clear()
        assertEquals(0, histogram.counts().total)
    }

    @Test
    fun `threads that count at once lose nothing`() {
        val histogram = Histogram()
        List(4) { thread { repeat(8_000) { time -> histogram.record(time.toLong()) } } }.forEach { it.join() }
        assertEquals(32_000, histogram.counts().total)
    }

    @Test
    fun `the bound of the percentile is that of the binomial distribution`() {
        // n and the largest number beyond the percentile that 95 % of all samples do not exceed.
        for ((total, beyond) in listOf(1_000L to 15L, 2_000L to 28L, 10_000L to 117L, 1_000_000L to 10_164L)) {
            assertEquals(total - beyond, LatencyGuard.lowerRank(total, 0.99), "$total")
        }
        assertEquals(1, LatencyGuard.lowerRank(1, 0.99))
    }

    @Test
    fun `too slow is a tenth and a fifth of a millisecond more, at a thousand calls each`() {
        fun slow(legacy: Long, candidate: Long, calls: Int = 1_000) =
            LatencyGuard.isSlow(of(List(calls) { legacy }), of(List(calls) { candidate }))
        assertFalse(slow(1_000_000, 1_190_000))
        assertTrue(slow(1_000_000, 1_220_000))
        assertFalse(slow(10_000_000, 10_900_000))
        assertTrue(slow(10_000_000, 11_300_000))
        assertFalse(slow(10_000_000, 11_300_000, calls = 999))
        // Fifteen slow calls of a thousand may be chance; sixteen are not.
        for ((count, verdict) in listOf(15 to false, 16 to true)) {
            val candidate = List(1_000) { if (it < count) 5_000_000L else 1_000L }
            assertEquals(verdict, LatencyGuard.isSlow(of(List(1_000) { 1_000L }), of(candidate)), "$count")
        }
    }

    @Test
    fun `one call of 64 is timed, whatever the rhythm`() {
        val times = Times()
        val due = List(640_000) { times.isDue() }
        for (rhythm in listOf(1, 2, 3, 64, 100)) {
            val seen = due.filterIndexed { call, _ -> call % rhythm == 0 }
            assertEquals(1 / 64.0, seen.count { it }.toDouble() / seen.size, 0.003, "every $rhythm")
        }
        assertEquals(0, times.legacy().total)
    }
}
