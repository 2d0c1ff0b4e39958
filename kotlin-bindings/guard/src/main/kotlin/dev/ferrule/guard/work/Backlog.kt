package dev.ferrule.guard.work

/**
 * A bounded queue that, when it is full, keeps a fair sample of what came since it was last empty instead of the first few
 * (R17: a queue that drops its tail would keep nothing but the heads of bursts).
 *
 * Not thread-safe: its owner's lock guards it. The numbers that decide are a fixed sequence, so the same burst keeps the same.
 */
internal class Backlog<T : Any>(private val capacity: Int) {
    private val kept = ArrayDeque<T>(capacity)
    private var came = 0L
    private var random = SEED

    val size: Int
        get() = kept.size

    /** Takes [item] in; returns what has to go for it, [item] itself included, or null where there is room. */
    fun offer(item: T): T? {
        if (kept.isEmpty()) came = 0
        came++
        if (kept.size < capacity) {
            kept.addLast(item)
            return null
        }
        val place = (next() ushr 1) % came
        if (place >= capacity) return item
        val loser = kept[place.toInt()]
        kept[place.toInt()] = item
        return loser
    }

    fun poll(): T? = kept.removeFirstOrNull()

    fun drain(): List<T> = kept.toList().also { kept.clear() }

    /** Marsaglia's xorshift. */
    private fun next(): Long {
        random = random xor (random shl 13)
        random = random xor (random ushr 7)
        random = random xor (random shl 17)
        return random
    }

    private companion object {
        private const val SEED = 0x5eed_0f_ca11L
    }
}
