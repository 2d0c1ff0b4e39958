package dev.ferrule.guard.command

import dev.ferrule.guard.Feature
import dev.ferrule.guard.KillSource
import dev.ferrule.guard.Outcome
import dev.ferrule.guard.Verdict
import dev.ferrule.guard.ledger.Ledgers
import dev.ferrule.guard.state.DeviceRecord
import dev.ferrule.guard.state.FeatureRecord
import dev.ferrule.guard.state.Sentences

/**
 * What only this process knows, as text: times, counts, who killed, what is trusted less than the state says (R32).
 *
 * Invariant: no line is longer than 100 columns, and nothing in it is about a person.
 */
internal object ProcessText {
    private val HEADINGS = row("THIS PROCESS, SINCE ITS START", "p50 L/C µs", "p99 L/C µs", "ANSWERED", "FAILED", "DIFFER", "DROPPED")

    /** A heading and a line a feature, then a line for each that something more is to be said of; empty without a feature. */
    fun of(features: List<Feature<*, *>>, record: DeviceRecord, ledgers: Ledgers? = null): List<String> {
        val said = also(features, record) + listOfNotNull(
            ledgers?.problem?.let { "evidence: $it ${Sentences.of(it)}" },
            ledgers?.unkept?.takeIf { it > 0 }?.let { "evidence: calls of too many keys, not kept: $it" },
        ).map { Columns.cut(it, Columns.WIDTH) }
        return (if (features.isEmpty()) emptyList() else listOf(HEADINGS) + features.map(::line)) + said
    }

    private fun line(feature: Feature<*, *>): String {
        val legacy = feature.times.legacy()
        val candidate = feature.times.candidate()
        val tally = feature.tally
        fun both(share: Double) = "${Columns.micros(legacy.quantile(share))}/${Columns.micros(candidate.quantile(share))}"
        return row(
            Columns.cut(feature.name, 32),
            both(0.5),
            both(0.99),
            "${tally.of(Outcome.ANSWERED)}",
            "${tally.of(Outcome.CANDIDATE_FAILED) + tally.of(Outcome.LATE)}",
            "${tally.of(Verdict.Kind.MISMATCH)}",
            "${tally.of(Outcome.DROPPED)}",
        )
    }

    private fun also(features: List<Feature<*, *>>, record: DeviceRecord): List<String> {
        val lines = ArrayList<String>()
        if (record.killed != 0) lines += "all: killed by ${sources(record.killed)}"
        for (feature in record.features) lines += more(feature, record).map { "${feature.settings.name}: $it" }
        for (feature in features) {
            // A flag of the process is stronger than the state.
            if (feature.isOverridden) lines += "${feature.name}: ${feature.reason} in this process"
            val noise = feature.tally.of(Outcome.NOISE)
            if (noise > 0) lines += "${feature.name}: legacy differed from itself, comparisons that do not count: $noise"
        }
        return lines.map { Columns.cut(it, Columns.WIDTH) }
    }

    private fun more(feature: FeatureRecord, record: DeviceRecord): List<String> = listOfNotNull(
        "killed by ${sources(feature.killed)}".takeIf { feature.killed != 0 },
        "lowered to ${feature.overlay} by the server's configuration".takeIf { feature.overlay != null },
        "on probation: one death is enough".takeIf { feature.probationUntil > record.age },
    )

    /** The names of kill sources; a bit of a later version is unknown. */
    fun sources(bits: Int): String {
        val names = KillSource.values().filter { bits and it.bit != 0 }.map { it.name.lowercase() }
        return names.ifEmpty { listOf("unknown") }.joinToString("+")
    }

    private fun row(name: String, p50: String, p99: String, answered: String, failed: String, differ: String, dropped: String) =
        "${name.padEnd(32)} ${p50.padStart(15)} ${p99.padStart(15)} ${answered.padStart(10)} ${failed.padStart(7)} " +
            "${differ.padStart(7)} ${dropped.padStart(7)}"
}
