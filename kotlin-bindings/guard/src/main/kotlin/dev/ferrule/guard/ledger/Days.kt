package dev.ferrule.guard.ledger

/**
 * Comparisons and what burned of them, by days of running time since the ledger's first comparison.
 *
 * Invariant: at most [DAYS_MAX] days, in order; what is beyond, or finds no room, is added to the last. Not thread-safe.
 */
internal class Days(private val lodging: Lodging) {
    private var rows = NONE

    /** How many days had comparisons. */
    var size = 0
        private set

    fun day(index: Int): Int = rows[index * WIDTH].toInt()

    fun comparisons(index: Int): Long = rows[index * WIDTH + 1]

    fun real(index: Int): Long = rows[index * WIDTH + 2]

    fun add(day: Int, comparisons: Long, real: Long) {
        val wanted = day.coerceIn(0, DAYS_MAX - 1)
        var place = (0 until size).firstOrNull { day(it) >= wanted } ?: size
        val isNew = place == size || day(place) != wanted
        if (isNew && hasPlace()) {
            rows.copyInto(rows, (place + 1) * WIDTH, place * WIDTH, size * WIDTH)
            rows[place * WIDTH] = wanted.toLong()
            rows[place * WIDTH + 1] = 0
            rows[place * WIDTH + 2] = 0
            size++
        } else if (isNew) {
            if (size == 0) return
            place = size - 1
        }
        rows[place * WIDTH + 1] = sum(rows[place * WIDTH + 1], comparisons)
        rows[place * WIDTH + 2] = sum(rows[place * WIDTH + 2], real)
    }

    /** Adds those of a ledger whose first comparison was [later] days after this one's. */
    fun add(other: Days, later: Int) {
        for (index in 0 until other.size) add(other.day(index) + later, other.comparisons(index), other.real(index))
    }

    /** The first comparison turns out to have been [days] earlier. */
    fun shift(days: Int) {
        for (index in 0 until size) rows[index * WIDTH] = minOf(rows[index * WIDTH] + days, DAYS_MAX - 1L)
    }

    private fun hasPlace(): Boolean {
        if ((size + 1) * WIDTH <= rows.size) return true
        val grown = if (size == 0) 1 else 2 * size
        if (!lodging.take((grown - size) * WIDTH * Long.SIZE_BYTES)) return false
        rows = rows.copyOf(grown * WIDTH)
        return true
    }

    companion object {
        const val DAYS_MAX = 400
        private const val WIDTH = 3
        private val NONE = LongArray(0)
    }
}
