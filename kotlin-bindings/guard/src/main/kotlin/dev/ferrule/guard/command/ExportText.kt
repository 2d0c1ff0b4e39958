package dev.ferrule.guard.command

import dev.ferrule.guard.Feature
import dev.ferrule.guard.KillSource
import dev.ferrule.guard.Outcome
import dev.ferrule.guard.Verdict
import dev.ferrule.guard.crash.ProcessIdentity
import dev.ferrule.guard.state.AuditRecord
import dev.ferrule.guard.state.Decider
import dev.ferrule.guard.state.DeviceRecord
import dev.ferrule.guard.state.FeatureRecord
import dev.ferrule.guard.time.Counts
import dev.ferrule.guard.time.Mean
import dev.ferrule.guard.time.Times

/**
 * What a report needs of the guard, as JSON Lines (`docs/formats/rollout-guard.md`).
 *
 * Invariants: one object a line, keys in a fixed order, whole numbers only; no value of any input or answer is in it.
 */
internal class ExportText(private val record: DeviceRecord, private val decide: (FeatureRecord) -> Decider.Decision) {
    fun lines(
        process: ProcessIdentity,
        state: String,
        features: List<Feature<*, *>>,
        events: List<AuditRecord>,
    ): List<String> {
        val byName = features.groupBy { it.name }
        return listOf(device(process, state)) +
            record.features.map { feature(it, byName[it.settings.name].orEmpty()) } +
            features.flatMap { listOf(times(it, "legacy", it.times.legacy()), times(it, "candidate", it.times.candidate())) } +
            features.flatMap(::operations) +
            events.map(::event) +
            deaths()
    }

    private fun device(process: ProcessIdentity, state: String) = line(
        "guard",
        "build" to process.buildId,
        "boot" to process.bootId,
        "generation" to record.generation,
        "age_ms" to record.age,
        "killed" to KillSource.values().filter { record.killed and it.bit != 0 }.map { it.name.lowercase() },
        "safe_mode" to (record.safeMode != null),
        "state" to state,
        "features" to record.features.size,
    )

    private fun feature(feature: FeatureRecord, here: List<Feature<*, *>>): String {
        fun sum(outcome: Outcome) = here.sumOf { it.tally.of(outcome) }
        fun sum(kind: Verdict.Kind) = here.sumOf { it.tally.of(kind) }
        return line(
            "feature",
            *FeatureFacts.of(record, feature, decide(feature)),
            "answered" to sum(Outcome.ANSWERED),
            "failed" to sum(Outcome.CANDIDATE_FAILED),
            "late" to sum(Outcome.LATE),
            "busy" to sum(Outcome.BUSY),
            "match" to sum(Verdict.Kind.MATCH),
            "mismatch" to sum(Verdict.Kind.MISMATCH),
            "explained" to sum(Verdict.Kind.EXPLAINED),
            "torn_input" to sum(Outcome.TORN_INPUT),
            "harness_error" to sum(Outcome.HARNESS_ERROR),
            "legacy_threw" to sum(Outcome.LEGACY_THREW),
            "dropped" to sum(Outcome.DROPPED),
            "unsampled" to sum(Outcome.UNSAMPLED),
            "noise" to sum(Outcome.NOISE),
        )
    }

    private fun times(feature: Feature<*, *>, side: String, counts: Counts) = line(
        "latency",
        "feature" to feature.name,
        "side" to side,
        "count" to counts.total,
        "p50_ns" to counts.quantile(0.5),
        "p99_ns" to counts.quantile(0.99),
        "max_ns" to counts.longest,
        "buckets" to counts.filled().map { it.toList() },
    )

    private fun operations(feature: Feature<*, *>): List<String> = feature.times.measured().flatMap { number ->
        val name = feature.running.operations.names.getOrNull(number - 1)
        val legacy = feature.times.legacyOf(number)
        val candidate = feature.times.candidateOf(number)
        listOfNotNull(legacy?.let { cost(feature, name, "legacy", it) }, candidate?.let { cost(feature, name, "candidate", it) })
    }

    private fun cost(feature: Feature<*, *>, operation: String?, side: String, known: Times.Side): String {
        val counts = known.times.counts()
        return line(
            "operation",
            "feature" to feature.name,
            "operation" to operation,
            "side" to side,
            "count" to counts.total,
            "p50_ns" to counts.quantile(0.5),
            "p99_ns" to counts.quantile(0.99),
            "max_ns" to counts.longest,
            "processor_ns" to mean(known.processor),
            "allocated_bytes" to mean(known.allocated),
        )
    }

    /** Null where nobody could tell. */
    private fun mean(cost: Mean): Long? = cost.known().takeIf { it.count > 0 }?.let { Math.round(it.mean) }

    private fun event(event: AuditRecord) = line(
        "event",
        "sequence" to event.sequence,
        "boot" to event.boot.toULong().toString(16).padStart(16, '0'),
        "boottime_ms" to event.bootMillis,
        "actor" to event.actor.name.lowercase(),
        "feature" to event.feature?.let { id -> record.feature(id)?.settings?.name ?: "$id" },
        "from" to "${event.from}",
        "to" to "${event.to}",
        "reason" to event.reason,
    )

    private fun deaths(): List<String> {
        val ofFeatures = record.features.flatMap { feature -> feature.crashes.ages.map { feature.settings.name to it } }
        return (ofFeatures + record.deaths.ages.map { null to it })
            .map { (feature, age) -> line("death", "feature" to feature, "age_ms" to age) }
    }

    companion object {
        private const val SCHEMA = 1

        private fun line(kind: String, vararg fields: Pair<String, Any?>): String =
            Json.line(listOf("kind" to kind, "schema" to SCHEMA) + fields)
    }
}
