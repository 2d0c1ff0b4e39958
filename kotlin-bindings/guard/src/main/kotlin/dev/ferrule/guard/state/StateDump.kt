package dev.ferrule.guard.state

import dev.ferrule.guard.KillSource
import dev.ferrule.guard.crash.ProcessIdentity

/**
 * The state as text for `dumpsys`: a line for the device and one a feature (section 4.1).
 *
 * What it is: words and columns. What it is not: it decides nothing; decisions come in.
 *
 * Invariant: no line is longer than 100 columns, and nothing in it is about a person.
 */
internal class StateDump(
    private val record: DeviceRecord,
    private val process: ProcessIdentity,
    private val isWriter: Boolean,
    private val decide: (FeatureRecord) -> Decider.Decision,
) {
    fun text(): String = (head() + HEADINGS + record.features.map(::line).ifEmpty { listOf("(no feature)") })
        .joinToString("\n") { it.take(COLUMNS).trimEnd() }

    private fun head(): List<String> = listOf(
        "ferrule rollout  build-id ${process.buildId.take(ID_SHOWN)}  boot ${process.bootId.take(ID_SHOWN)}" +
            "  configuration ${record.generation}",
        "KILL ${sources(record.killed)}  SAFE MODE ${yes(record.safeMode != null)}  STATE " +
            when {
                record.lost -> "lost"
                isWriter -> "kept here"
                else -> "kept by another process"
            },
    )

    private fun line(feature: FeatureRecord): String {
        val decision = decide(feature)
        val also = listOfNotNull(
            "killed by ${sources(feature.killed)}".takeIf { feature.killed != 0 },
            "lowered to ${feature.overlay}".takeIf { feature.overlay != null },
            "frozen".takeIf { feature.frozen },
            "probation".takeIf { feature.probationUntil > record.age },
        )
        return row(
            shortened(feature.settings.name, NAME_COLUMNS),
            feature.granted.toString(),
            decision.reason.code,
            "${feature.crashes.ages.size}",
            also.joinToString("; "),
        )
    }

    private fun sources(bits: Int): String = if (bits == 0) {
        "none"
    } else {
        KillSource.values().filter { bits and it.bit != 0 }.joinToString("+") { it.name.lowercase() }.ifEmpty { "unknown" }
    }

    private fun yes(holds: Boolean) = if (holds) "yes" else "no"

    private companion object {
        private const val COLUMNS = 100
        private const val ID_SHOWN = 12
        private const val NAME_COLUMNS = 28
        private val HEADINGS = row("FEATURE", "STAGE", "WHY", "DEATHS", "ALSO")

        private fun row(name: String, stage: String, why: String, deaths: String, also: String): String =
            "${name.padEnd(NAME_COLUMNS)}  ${stage.padEnd(12)}  ${why.padEnd(18)}  ${deaths.padStart(6)}  $also"

        /** The two ends of a name that is too long. */
        private fun shortened(name: String, columns: Int): String =
            if (name.length <= columns) name else name.take(columns / 2 - 1) + "…" + name.takeLast(columns / 2)
    }
}
