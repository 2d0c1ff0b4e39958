package dev.ferrule.guard.sample

/**
 * One call of [oneIn], spread so that no rhythm of the caller's hits them all or misses them all; the first is one of them.
 *
 * Invariant: no lock and no atomic instruction; two threads at once may count as one, and a share does not notice.
 */
internal class Share(oneIn: Int) {
    private val limit = ALL / maxOf(oneIn, 1)
    private var calls = 0

    fun isDue(): Boolean = ((calls++ * SCATTER).toLong() and UNSIGNED) < limit

    private companion object {
        private const val ALL = 1L shl Int.SIZE_BITS
        private const val UNSIGNED = 0xffff_ffffL

        /** The golden ratio of 2³²: its multiples fall evenly, however many there are. */
        private const val SCATTER = -0x61c8_8647
    }
}
