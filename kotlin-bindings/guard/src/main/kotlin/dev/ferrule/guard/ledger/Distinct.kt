package dev.ferrule.guard.ledger

/**
 * How many different inputs there were: a sample of their hashes, all whose last [level] bits are 0, one level higher whenever
 * there would be too many. The same sample as the engine's `distinct.rs`.
 *
 * Invariants: at most [SAMPLE_MAX] hashes, in order; two samples add up to the sample of both; where memory is short the level
 * rises earlier, which is a sample all the same. Not thread-safe.
 */
internal class Distinct(private val lodging: Lodging) {
    /** How many last bits of a sampled hash are 0. */
    var level = 0
        private set

    /** How many hashes are sampled. */
    var size = 0
        private set
    private var hashes = NONE
    private var counts = NONE

    fun hash(index: Int): Long = hashes[index]

    fun count(index: Int): Long = counts[index]

    /** An input that was seen [count] times. The highest bit of the hash does not count. */
    fun add(hash: Long, count: Long = 1) {
        val kept = hash and Long.MAX_VALUE
        if (count <= 0 || !isSampled(kept, level)) return
        val known = hashes.binarySearch(kept, 0, size)
        if (known >= 0) {
            counts[known] = sum(counts[known], count)
            return
        }
        while (!hasPlace()) {
            if (level >= HASH_BITS) return
            raise(level + 1)
            if (!isSampled(kept, level)) return
        }
        val place = hashes.binarySearch(kept, 0, size).inv()
        hashes.copyInto(hashes, place + 1, place, size)
        counts.copyInto(counts, place + 1, place, size)
        hashes[place] = kept
        counts[place] = count
        size++
    }

    /** Adds another sample to this one. */
    fun add(other: Distinct) {
        raise(other.level)
        for (index in 0 until other.size) add(other.hashes[index], other.counts[index])
    }

    /** At least this level: what it no longer samples is dropped. */
    fun raise(to: Int) {
        if (to <= level) return
        level = minOf(to, HASH_BITS)
        var kept = 0
        for (index in 0 until size) {
            if (!isSampled(hashes[index], level)) continue
            hashes[kept] = hashes[index]
            counts[kept] = counts[index]
            kept++
        }
        size = kept
    }

    private fun hasPlace(): Boolean {
        if (size < hashes.size) return true
        if (size >= SAMPLE_MAX) return false
        val grown = if (size == 0) FIRST else minOf(2 * size, SAMPLE_MAX)
        if (!lodging.take((grown - size) * 2 * Long.SIZE_BYTES)) return false
        hashes = hashes.copyOf(grown)
        counts = counts.copyOf(grown)
        return true
    }

    companion object {
        const val SAMPLE_MAX = 256

        /** Hashes have 63 bits, so that every database holds them in its signed numbers. */
        const val HASH_BITS = 63
        private const val FIRST = 8
        private val NONE = LongArray(0)

        /** Whether a sample of this level can hold this hash. */
        fun isSampled(hash: Long, level: Int): Boolean =
            level in 0..HASH_BITS && hash >= 0 && hash and ((1L shl level) - 1) == 0L
    }
}

/** The sum, or the largest number there is. */
internal fun sum(a: Long, b: Long): Long = if (a > Long.MAX_VALUE - b) Long.MAX_VALUE else a + b
