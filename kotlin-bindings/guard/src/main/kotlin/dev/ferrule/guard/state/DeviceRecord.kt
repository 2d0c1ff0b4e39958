package dev.ferrule.guard.state

import dev.ferrule.guard.Bucket
import dev.ferrule.guard.DeviceFacts

/**
 * All that is kept of a device, as the state slot holds it (R43; the format is `docs/formats/rollout-state.md`).
 *
 * What it is: data with their bounds. What it is not: rules; those are in [SafetyRules] and [OperatorRules].
 *
 * Invariants: every list has a bound; times are *ages* of the device in milliseconds of observed running time, which only
 * ever grow (R31).
 */
internal data class DeviceRecord(
    /** The boot of the last write, as a hash of its id. */
    val boot: ULong = 0u,
    /** Milliseconds since that boot at the last write, sleep included. */
    val bootTime: ULong = 0u,
    /** The device's id, 16 bytes as 32 hex digits (R13). */
    val unit: String = "0".repeat(Bucket.UNIT_LENGTH),
    /** The age of the device. */
    val age: ULong = 0u,
    /** The candidate's build under which the last process started, as a hash of its id. */
    val build: ULong = 0u,
    /** The number of the compiled configuration. */
    val generation: ULong = 0u,
    /** The build that safe mode is about, or null. */
    val safeMode: ULong? = null,
    /** A state before this one could not be read. */
    val lost: Boolean = false,
    /** Who kills everything, a bit a source. */
    val killed: Int = 0,
    /** The last native deaths, whatever the feature. */
    val deaths: Recent = Recent(),
    /** The features, by number. */
    val features: List<FeatureRecord> = emptyList(),
) {
    fun feature(id: Int): FeatureRecord? = features.find { it.settings.id == id }

    fun named(name: String): FeatureRecord? = features.find { it.settings.name == name }

    /** The same, with one feature changed. */
    fun with(id: Int, change: (FeatureRecord) -> FeatureRecord): DeviceRecord =
        copy(features = features.map { if (it.settings.id == id) change(it) else it })

    companion object {
        /** How many features there can be: a bit each in the beacon's header. */
        const val FEATURES_MAX = 63
    }
}

/** What a configuration says of a feature. */
internal data class Settings(
    /** The number, 0..62, the same in every build. */
    val id: Int,
    /** The name, 1..64 bytes. */
    val name: String,
    /** The salt of its buckets, at most 64 bytes. */
    val salt: String,
    val template: Template,
    /** Where it starts under this configuration. */
    val start: Rung,
    /** How far gates may let it rise. */
    val ceiling: Rung,
    /** The first bucket of the canary's window. */
    val windowStart: Int,
    /** One death is enough (R26). */
    val critical: Boolean,
    /** Something was wrong with it: it counts as off (R56). */
    val bad: Boolean,
    /** The features it needs, a bit each. */
    val parents: ULong,
    /** Which devices it is meant for. */
    val targets: List<Target>,
) {
    companion object {
        const val TEXT_BYTES_MAX = 64
        const val TARGETS_MAX = 16
    }
}

/** All that is kept of one feature. */
internal data class FeatureRecord(
    val settings: Settings,
    /** Where it stands, before everything that only lowers. */
    val granted: Rung = settings.start,
    /** What the server's configuration lowers it to. */
    val overlay: Rung? = null,
    /** What an automatic demotion left. */
    val cap: Cap? = null,
    /** Who kills it, a bit a source. */
    val killed: Int = 0,
    /** Deaths in a row. */
    val streak: Int = 0,
    val crashes: Recent = Recent(),
    /** Until when one death is enough, as an age. */
    val probationUntil: ULong = 0u,
    /** Until when the breaker is open, as an age. */
    val trippedUntil: ULong = 0u,
    /** The breaker was open and the candidate has not proven itself yet. */
    val probing: Boolean = false,
    val opens: Recent = Recent(),
    val demotions: Recent = Recent(),
    /** Only an operator lets it rise. */
    val frozen: Boolean = false,
    /** Builds that may not run, oldest first. */
    val quarantines: List<Quarantine> = emptyList(),
) {
    fun isQuarantined(build: ULong): Boolean = quarantines.any { it.build == build }

    /** The same at [rung] or where it stands, whichever is lower. */
    fun loweredTo(rung: Rung): FeatureRecord = copy(granted = settings.template.atMost(minOf(granted, rung)))

    companion object {
        /** How many builds' quarantines are kept (R45). */
        const val QUARANTINES_MAX = 8
    }
}

/** How far an automatic demotion lets [build] go. */
internal data class Cap(val rung: Rung, val build: ULong)

/** A build that may not run, and since when. */
internal data class Quarantine(val build: ULong, val age: ULong)

/** The ages of the last few events of one kind, oldest first; the oldest is dropped. */
internal data class Recent(val ages: List<ULong> = emptyList()) {
    fun plus(now: ULong): Recent = Recent((ages + now).takeLast(MAX))

    /** How many happened within the last [window]. Each leaks out on its own, so a slow pace is seen too (R26). */
    fun within(now: ULong, window: ULong): Int = ages.count { since(now, it) < window }

    companion object {
        /** More than any rule counts. */
        const val MAX = 4

        /** Time from [then] to [now], 0 where it would be negative. */
        fun since(now: ULong, then: ULong): ULong = if (now > then) now - then else 0u
    }
}

/** One predicate on devices (R15). Those of one kind are alternatives; every kind that occurs must be met. */
internal data class Target(val kind: TargetKind, val value: String)

/** What a predicate looks at. The order, from 1 on, is the number on disk. */
internal enum class TargetKind(val meets: (DeviceFacts, String) -> Boolean) {
    MODEL({ facts, value -> facts.model == value }),
    SDK_MIN({ facts, value -> atLeast(facts.sdk, value) }),
    SDK_MAX({ facts, value -> compare(facts.sdk, value) { fact, wanted -> fact <= wanted } }),
    PATCH_MIN({ facts, value -> facts.patch?.let { it >= value } == true }),
    ABI({ facts, value -> facts.abi == value }),
    PAGE_SIZE({ facts, value -> compare(facts.pageSize, value) { fact, wanted -> fact == wanted } }),
    RAM_MIN({ facts, value -> atLeast(facts.ramGib, value) }),
    BUILD_TYPE({ facts, value -> facts.buildType == value }),
    CANDIDATE_MIN({ facts, value -> atLeast(facts.candidate, value) }),
}

private fun atLeast(fact: Int?, value: String) = compare(fact, value) { known, wanted -> known >= wanted }

private fun compare(fact: Int?, value: String, holds: (Long, Long) -> Boolean): Boolean {
    // Digits only, as a number is written in a configuration; a sign is none.
    val wanted = value.toUIntOrNull()?.toLong() ?: return false
    return fact != null && holds(fact.toLong(), wanted)
}
