package dev.ferrule.guard.time

import dev.ferrule.guard.sample.Share
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReferenceArray

/**
 * How long the calls of one feature took, operation by operation: legacy's and the candidate's (R31, R32).
 *
 * Where both run, every call is timed; where one party alone answers, one call of 64, because to ask the clock twice
 * costs more than a decision.
 *
 * Invariants: a feature that never left OFF has no histograms; an operation that finds no [room] any more counts with the calls of no
 * operation, which always have theirs.
 *
 * @param operations how many operations there are, from 1 on; [NO_OPERATION] is none of them
 */
internal class Times(operations: Int = 0, private val room: Room = Room(0)) {
    private val sides = AtomicReferenceArray<Side?>(2 * (operations + 1))
    private val share = Share(TIMED_ONE_IN)

    /** Whether a call of a feature where one party answers is timed. */
    fun isDue(): Boolean = share.isDue()

    fun ofLegacy(cost: Cost, operation: Int = NO_OPERATION) = take(LEGACY, operation, cost)

    fun ofCandidate(cost: Cost, operation: Int = NO_OPERATION) = take(CANDIDATE, operation, cost)

    /** Of all operations together. */
    fun legacy(): Counts = all(LEGACY)

    fun candidate(): Counts = all(CANDIDATE)

    /** What is known of one operation's calls; null where nothing was measured. */
    fun legacyOf(operation: Int): Side? = sides.get(2 * operation + LEGACY)

    fun candidateOf(operation: Int): Side? = sides.get(2 * operation + CANDIDATE)

    /** The operations that have something of their own, [NO_OPERATION] included. */
    fun measured(): List<Int> =
        (0 until sides.length() / 2).filter { legacyOf(it) != null || candidateOf(it) != null }

    /** Begins anew: what was measured has been acted on. */
    fun clear() {
        for (place in 0 until sides.length()) sides.get(place)?.clear()
    }

    private fun all(side: Int): Counts =
        (side until sides.length() step 2).mapNotNull { sides.get(it)?.times?.counts() }.reduceOrNull(Counts::plus) ?: Counts.NONE

    private fun take(side: Int, operation: Int, cost: Cost) = kept(2 * operation + side).take(cost)

    private fun kept(place: Int): Side {
        sides.get(place)?.let { return it }
        // Of no operation there is always room; and where a side of one has some, the other one has too.
        val isRoom = place < 2 || sides.get(place xor 1) != null || room.take()
        if (!isRoom) return kept(place and 1)
        val fresh = Side()
        return if (sides.compareAndSet(place, null, fresh)) fresh else sides.get(place) ?: fresh
    }

    /** What is known of one party's calls of one operation. */
    class Side {
        val times = Histogram()
        val processor = Mean()
        val allocated = Mean()

        fun take(cost: Cost) {
            times.record(cost.nanos)
            processor.take(cost.processorNanos)
            allocated.take(cost.allocatedBytes)
        }

        fun clear() {
            times.clear()
            processor.clear()
            allocated.clear()
        }
    }

    /** How many operations of a process may have histograms of their own: that bounds its memory (section 2.14). */
    class Room(operations: Int) {
        private val left = AtomicInteger(operations)

        fun take(): Boolean = left.getAndUpdate { if (it > 0) it - 1 else 0 } > 0
    }

    companion object {
        const val NO_OPERATION = 0
        private const val LEGACY = 0
        private const val CANDIDATE = 1
        private const val TIMED_ONE_IN = 64
    }
}
