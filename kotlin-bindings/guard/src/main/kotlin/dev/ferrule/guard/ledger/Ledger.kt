package dev.ferrule.guard.ledger

import dev.ferrule.guard.state.Rung

/** What a ledger is about (R49). Any difference makes another ledger. */
internal data class LedgerKey(
    val feature: String,
    /** The operation; empty if the feature has none. */
    val op: String,
    val legacyBuild: String,
    val candidateBuild: String,
    val comparator: Int,
    /** The hash of the feature's configuration, 16 hexadecimal digits. */
    val config: String,
    /** Where it was gathered: a step of the ramp needs evidence of its own (section 2.12). */
    val rung: Rung,
) {
    /** What a signature is about. */
    val about: String
        get() = "$feature\n$op\n$candidateBuild"
}

/**
 * What was counted under one key on this device: counters with the rules of the engine's `record.rs`.
 *
 * What it is: either all that the file says, or what came since and is not in the file yet; the two add up. What it is not: a
 * verdict.
 *
 * Invariants: counters only grow; an explained difference is no match, and an unaccepted one burns (R57); what burned stays
 * burned (R50). Not thread-safe: whoever shares it guards it.
 */
internal class Ledger(val key: LedgerKey, room: Room) {
    /** How often a code explained a difference, and whether the configuration accepts it. */
    class Explained(var count: Long, var isAccepted: Boolean)

    private val lodging = Lodging(room)
    private val counts = LongArray(TRIALS.size)
    private val classHits = HashMap<String, Long>()
    private val explainedBy = HashMap<String, Explained>()
    val distinct = Distinct(lodging)
    val signatures = Signatures(lodging)
    val days = Days(lodging)

    /** Ages of the first and the last comparison, in ms; negative before there is one. */
    var first = NEVER
    var last = NEVER

    /** The age at which anything was counted last. */
    var touched = 0L
    var loads = 0L
    var deaths = 0L
    var latencyHours = 0L
    var latencyTrips = 0L

    /** The first hour of the device's age in which the latency guard watched, as far as is known here, and the last. */
    private var latencyFrom = NEVER
    var latencyHour = NEVER

    /** The age at which the two sides' data differed last. */
    var drifted = NEVER

    /** What a later version of the file's format appended; kept (R45). */
    var appended = NO_BYTES

    /** Hits by class, in the order of names that the engine keeps. */
    val classes: Map<String, Long>
        get() = classHits.toSortedMap(BY_BYTES)

    /** Explained differences by code, in that order. */
    val explained: Map<String, Explained>
        get() = explainedBy.toSortedMap(BY_BYTES)

    /** Agreements and real mismatches: the trials of the bound. */
    val comparisons: Long
        get() = total { it.counts }

    val unaccepted: Long
        get() {
            var all = 0L
            for (one in explainedBy.values) if (!one.isAccepted) all = sum(all, one.count)
            return all
        }

    /** What burns: real mismatches and unaccepted differences (R50, R57). */
    val real: Long
        get() = sum(total { it.burns }, unaccepted)

    fun count(trial: Trial): Long = counts[trial.ordinal]

    fun add(trial: Trial, count: Long) {
        counts[trial.ordinal] = sum(counts[trial.ordinal], count)
    }

    /** A comparison of an input of a class. */
    fun record(trial: Trial, className: String, hash: Long, age: Long) {
        add(trial, 1)
        distinct.add(hash)
        addClass(className, 1)
        at(age)
        days.add(dayOf(age), 1, if (trial.burns) 1 else 0)
    }

    /** A call whose difference documented causes explain. Its class is hit; it is no trial of the bound. */
    fun recordExplained(codes: List<String>, isAccepted: (String) -> Boolean, className: String) {
        for (code in codes) addExplained(code, 1, isAccepted(code))
        addClass(className, 1)
    }

    fun addClass(name: String, hits: Long) {
        val place = if (name in classHits || hasRoom(classHits.size, CLASSES_MAX, name)) name else OTHER_CLASS
        classHits[place] = sum(classHits[place] ?: 0, hits)
    }

    fun addExplained(code: String, count: Long, isAccepted: Boolean) {
        val known = explainedBy[code]
        when {
            known != null -> {
                known.count = sum(known.count, count)
                known.isAccepted = known.isAccepted && isAccepted
            }
            // A list of causes that long explains nothing any more.
            explainedBy.size >= EXPLAINED_MAX -> add(Trial.MISMATCH, count)
            hasRoom(explainedBy.size, EXPLAINED_MAX, code) -> explainedBy[code] = Explained(count, isAccepted)
            else -> add(Trial.HARNESS_ERROR, count)
        }
    }

    /** The latency guard watched, or spoke, at [age]. */
    fun watched(age: Long, isSlow: Boolean) {
        val hour = age / HOUR
        if (hour > latencyHour) {
            if (latencyFrom < 0) latencyFrom = hour
            latencyHour = hour
            latencyHours = sum(latencyHours, 1)
        }
        if (isSlow) latencyTrips = sum(latencyTrips, 1)
    }

    /** Adds what came since, or what another process counted. */
    fun add(other: Ledger) {
        for (trial in TRIALS) add(trial, other.count(trial))
        for ((name, hits) in other.classHits) addClass(name, hits)
        for ((code, one) in other.explainedBy) addExplained(code, one.count, one.isAccepted)
        distinct.add(other.distinct)
        signatures.add(other.signatures)
        addDays(other)
        touched = maxOf(touched, other.touched)
        loads = sum(loads, other.loads)
        deaths = sum(deaths, other.deaths)
        latencyTrips = sum(latencyTrips, other.latencyTrips)
        latencyHours = sum(latencyHours, hoursOf(other))
        latencyHour = maxOf(latencyHour, other.latencyHour)
        drifted = maxOf(drifted, other.drifted)
        if (appended.isEmpty()) appended = other.appended
    }

    /** The hours of [other] that are not counted here yet: one that begins within an hour that is counted shares that hour. */
    private fun hoursOf(other: Ledger): Long {
        val isApart = other.latencyHours == 0L || latencyHour < 0 || other.latencyFrom > latencyHour
        return if (isApart) other.latencyHours else minOf(other.latencyHours - 1, maxOf(0, other.latencyHour - latencyHour))
    }

    /** Whole days from the first comparison to the last. */
    fun span(): Long = if (first < 0) 0 else (last - first) / DAY

    /** Takes the room for its counters; false where there is none. */
    fun lodge(): Boolean = lodging.take(FIXED_BYTES)

    /** Gives back the room that it took: it is in nobody's way while it is written, and not looked at after that. */
    fun leave() = lodging.leave()

    /** It is looked at again after all, and takes that room again. */
    fun comeBack() = lodging.comeBack()

    private fun addDays(other: Ledger) {
        if (other.first < 0) return
        if (first >= 0 && other.first < first) {
            days.shift(((first - other.first) / DAY).toInt())
            first = other.first
        }
        if (first < 0) first = other.first
        last = maxOf(last, other.last)
        days.add(other.days, ((other.first - first) / DAY).toInt())
    }

    private fun at(age: Long) {
        if (first < 0) first = age
        last = maxOf(last, age)
    }

    private fun dayOf(age: Long): Int = (maxOf(0L, age - first) / DAY).toInt()

    private fun hasRoom(size: Int, most: Int, name: String): Boolean = size < most && lodging.take(ENTRY_BYTES + name.length)

    /** Without a list of its own: it is asked at every call that is compared. */
    private inline fun total(wanted: (Trial) -> Boolean): Long {
        var all = 0L
        for (trial in TRIALS) if (wanted(trial)) all = sum(all, count(trial))
        return all
    }

    companion object {
        const val CLASSES_MAX = 64
        const val EXPLAINED_MAX = 64

        /** Where inputs of no class, and classes beyond the bound, are counted. */
        const val OTHER_CLASS = "(other)"
        const val NEVER = -1L
        const val DAY = 86_400_000L
        private val TRIALS = Trial.values()
        private const val HOUR = 3_600_000L
        private const val ENTRY_BYTES = 96

        /** What one takes with nothing in it. */
        private const val FIXED_BYTES = 720
        private val NO_BYTES = ByteArray(0)

        /** Names in the order of their UTF-8 bytes, as the engine keeps them. */
        private val BY_BYTES = Comparator<String> { a, b ->
            val (left, right) = a.toByteArray(Charsets.UTF_8) to b.toByteArray(Charsets.UTF_8)
            val at = (0 until minOf(left.size, right.size)).firstOrNull { left[it] != right[it] }
            if (at == null) left.size - right.size else (left[at].toInt() and 0xff) - (right[at].toInt() and 0xff)
        }
    }
}
