package dev.ferrule.guard.ledger

import dev.ferrule.guard.Difference
import java.nio.ByteBuffer
import java.security.MessageDigest

/** What one comparison found, as it may leave the frame that compared (RO-I7). [places] are sorted, each once. */
internal class Redacted(val places: List<String>, val exemplar: List<String>) {
    companion object {
        private const val PLACES_BYTES_MAX = 4_096

        /** Redacts [differences]; without any there is one place, the answer as a whole, and nothing is told of it. */
        fun of(differences: List<Difference>, redactor: Redactor): Redacted {
            if (differences.isEmpty()) return NOTHING
            var bytes = 0
            val places = differences.map { "${it.path} ${it.kind.label}" }.distinct()
                .sortedWith(compareBy({ it.substringBeforeLast(' ') }, { it }))
                .takeWhile { bytes += it.length + 1; bytes <= PLACES_BYTES_MAX }
            return Redacted(places, redactor.exemplar(differences))
        }

        val NOTHING = Redacted(listOf(" value"), emptyList())
    }
}

/**
 * Differences by signature, with a few redacted exemplars (R20).
 *
 * Invariants: at most [SIGNATURES_MAX], each with [EXEMPLARS_MAX] exemplars; the same places give the same signature as the engine's
 * `exemplar.rs`; what finds no room is counted in [overflow]. Not thread-safe.
 */
internal class Signatures(private val lodging: Lodging) {
    class One(val places: List<String>, val code: String?) {
        var count = 0L
        val exemplars = ArrayList<List<String>>(1)
    }

    private val byId = LinkedHashMap<Long, One>()

    /** Comparisons whose signature or exemplar found no room. */
    var overflow = 0L

    val all: Map<Long, One>
        get() = byId

    /** One comparison more; [draw] is a number by chance that decides which exemplars stay. */
    fun record(about: String, redacted: Redacted, code: String?, draw: Long) {
        val one = of(id(about, redacted.places), redacted.places, code, 1) ?: return
        if (redacted.exemplar.isEmpty()) return
        if (one.exemplars.size < EXEMPLARS_MAX) {
            keep(one, redacted.exemplar)
            return
        }
        // A reservoir of the others beside the first: each has the same chance to stay.
        val place = Math.floorMod(draw, one.count).coerceAtMost(EXEMPLARS_MAX.toLong()).toInt()
        if (place < EXEMPLARS_MAX - 1 && lodging.take(bytes(redacted.exemplar))) one.exemplars[1 + place] = redacted.exemplar
    }

    /** Adds those of another ledger of the same key. */
    fun add(other: Signatures) {
        overflow = sum(overflow, other.overflow)
        for ((id, more) in other.byId) {
            val one = of(id, more.places, more.code, more.count) ?: continue
            for (exemplar in more.exemplars) if (one.exemplars.size < EXEMPLARS_MAX) keep(one, exemplar)
        }
    }

    /** Takes a signature with its [count]; null where there is no room for it. */
    fun of(id: Long, places: List<String>, code: String?, count: Long): One? {
        var one = byId[id]
        if (one == null) {
            if (byId.size >= SIGNATURES_MAX || !lodging.take(FIXED_BYTES + bytes(places))) {
                overflow = sum(overflow, count)
                return null
            }
            one = One(places, code)
            byId[id] = one
        }
        one.count = sum(one.count, count)
        return one
    }

    /** Drops what is for people only, to make room; it stays counted. */
    fun clear() {
        for (one in byId.values) overflow = sum(overflow, one.count)
        byId.clear()
    }

    private fun keep(one: One, exemplar: List<String>) {
        if (lodging.take(bytes(exemplar))) one.exemplars += exemplar
    }

    companion object {
        const val SIGNATURES_MAX = 64
        const val EXEMPLARS_MAX = 3
        private const val FIXED_BYTES = 160
        private const val TEXT_BYTES = 64

        private fun bytes(texts: List<String>): Int = texts.sumOf { TEXT_BYTES + it.length }

        /** The signature of [places] in the answers of what [about] names. */
        fun id(about: String, places: List<String>): Long {
            val digest = MessageDigest.getInstance("SHA-256")
            digest.update(about.toByteArray(Charsets.UTF_8))
            for (place in places) {
                digest.update(0)
                digest.update(place.substringBeforeLast(' ').toByteArray(Charsets.UTF_8))
                digest.update(1)
                digest.update(place.substringAfterLast(' ').toByteArray(Charsets.UTF_8))
            }
            return ByteBuffer.wrap(digest.digest()).getLong()
        }
    }
}
