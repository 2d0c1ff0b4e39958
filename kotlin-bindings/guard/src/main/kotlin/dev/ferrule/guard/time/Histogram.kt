package dev.ferrule.guard.time

import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicIntegerArray
import java.util.concurrent.atomic.AtomicLong

/**
 * How long calls took, in 2 KiB (R32).
 *
 * What it is: 1,024 counters of 16 bits: 128 of 16 ns each, then 64 an octave up to 33 ms, so that the middle of one is at
 * most 0.8 % off; what took longer is counted apart, with the longest. What it is not: it judges nothing; [LatencyGuard] does.
 *
 * Invariants: [record] never waits, throws or allocates; when a counter is half full all are halved, so a count is a weight
 * in which newer calls weigh more.
 */
internal class Histogram {
    /** Two counters an element, the one with the even number in the low half. */
    private val pairs = AtomicIntegerArray(CELLS / 2)
    private val over = AtomicInteger()
    private val longest = AtomicLong()
    private val isHalving = AtomicBoolean()

    /** Counts a call that took [nanos]; a negative time, which no clock gives, counts as 0. */
    fun record(nanos: Long) {
        if (nanos > longest.get()) lengthen(nanos)
        val cell = cellOf(maxOf(nanos, 0L))
        if (cell >= CELLS) {
            over.incrementAndGet()
            return
        }
        val shift = (cell and 1) * HALF_BITS
        val before = pairs.getAndAdd(cell ushr 1, 1 shl shift)
        // From here to an overflow into the neighbour it is as far again; nobody needs to wait for the halving.
        if ((before ushr shift) and HALF_FULL != 0) halve()
    }

    /** What has been counted so far. */
    fun counts(): Counts = Counts(
        IntArray(CELLS + 1) { if (it == CELLS) over.get() else (pairs.get(it ushr 1) ushr ((it and 1) * HALF_BITS)) and HALF },
        longest.get(),
    )

    /** Forgets everything. */
    fun clear() {
        for (pair in 0 until pairs.length()) pairs.set(pair, 0)
        over.set(0)
        longest.set(0)
    }

    private fun lengthen(nanos: Long) {
        while (true) {
            val seen = longest.get()
            if (nanos <= seen || longest.compareAndSet(seen, nanos)) return
        }
    }

    private fun halve() {
        if (!isHalving.compareAndSet(false, true)) return
        try {
            for (pair in 0 until pairs.length()) {
                while (true) {
                    val seen = pairs.get(pair)
                    if (pairs.compareAndSet(pair, seen, (seen ushr 1) and HALVED)) break
                }
            }
            over.set(over.get() / 2)
        } finally {
            isHalving.set(false)
        }
    }

    companion object {
        const val CELLS = 1024
        private const val UNIT_BITS = 4
        private const val LINEAR = 128
        private const val OCTAVE = 64
        private const val OCTAVE_BITS = 6
        private const val HALF_BITS = 16
        private const val HALF = 0xffff
        private const val HALF_FULL = 0x8000
        private const val HALVED = 0x7fff_7fff

        /** The counter of a time; [CELLS] and more for one beyond the last. */
        fun cellOf(nanos: Long): Int {
            val units = nanos ushr UNIT_BITS
            if (units < LINEAR) return units.toInt()
            val octave = Long.SIZE_BITS - 1 - java.lang.Long.numberOfLeadingZeros(units) - (OCTAVE_BITS + 1)
            val within = (units ushr (octave + 1)).toInt() - OCTAVE
            return LINEAR + octave * OCTAVE + within
        }

        /** The shortest time that counts in [cell]. */
        fun from(cell: Int): Long {
            if (cell < LINEAR) return cell.toLong() shl UNIT_BITS
            val octave = (cell - LINEAR) / OCTAVE
            val within = (cell - LINEAR) % OCTAVE
            return (OCTAVE + within).toLong() shl (octave + 1 + UNIT_BITS)
        }
    }
}

/** What a [Histogram] had counted at one moment. */
internal class Counts(private val cells: IntArray, val longest: Long) {
    /** All calls, as weights. */
    val total: Long = cells.fold(0L) { sum, count -> sum + count }

    /** Both together. */
    operator fun plus(other: Counts): Counts =
        Counts(IntArray(cells.size) { cells[it] + other.cells[it] }, maxOf(longest, other.longest))

    /** The time of the call with [rank], counted from 1 and from the shortest; 0 where nothing was counted. */
    fun at(rank: Long): Long {
        var seen = 0L
        for (cell in 0 until Histogram.CELLS) {
            seen += cells[cell]
            if (seen >= rank && seen > 0) return minOf((Histogram.from(cell) + Histogram.from(cell + 1)) / 2, longest)
        }
        return longest
    }

    /** The time within which the share [share] of all calls ended. */
    fun quantile(share: Double): Long = at(maxOf(1L, Math.ceil(share * total).toLong()))

    /** The counters that are not 0: from, to (exclusive) and count; the last one may end at the longest time. */
    fun filled(): List<LongArray> = cells.indices.filter { cells[it] != 0 }.map {
        val to = if (it < Histogram.CELLS) Histogram.from(it + 1) else longest + 1
        longArrayOf(Histogram.from(it), to, cells[it].toLong())
    }

    companion object {
        /** Nothing was counted. */
        val NONE = Counts(IntArray(Histogram.CELLS + 1), 0)
    }
}
