package dev.ferrule.guard.command

import dev.ferrule.guard.Bucket
import dev.ferrule.guard.ReasonCode
import dev.ferrule.guard.state.Decider
import dev.ferrule.guard.state.DeviceRecord
import dev.ferrule.guard.state.FeatureRecord
import dev.ferrule.guard.state.Sentences

/**
 * The state as text: what `ferrule rollout status` and `why` print of it, line by line (section 4.1).
 *
 * What it is: words and columns. What it is not: it decides nothing; decisions come in.
 * Invariant: no line is longer than 100 columns, and nothing in it is about a person.
 */
internal class StateText(private val record: DeviceRecord, private val decide: (FeatureRecord) -> Decider.Decision) {
    /** The device, a heading, and a line a feature. */
    fun status(): List<String> = head() + record.features.map(::row)

    private fun head(): List<String> {
        val killed = if (record.killed != 0) "all" else "none"
        val safeMode = if (record.safeMode != null) "yes" else "no"
        val build = record.build.toString(16).padStart(16, '0')
        return listOf("generation ${record.generation}  build $build  KILL $killed  SAFE MODE $safeMode", HEADINGS)
    }

    private fun row(feature: FeatureRecord): String {
        val decision = decide(feature)
        val next = feature.settings.template.next(feature.granted)
        return row(
            Columns.cut(feature.settings.name, 32),
            decision.rung.toString(),
            Columns.cut(decision.reason.code.removePrefix("RO_"), 18),
            if (Columns.isCandidate(decision.reason)) "candidate" else "legacy",
            "${feature.crashes.ages.size}",
            when {
                feature.frozen -> "operator"
                next == null || next > feature.settings.ceiling -> "–"
                else -> "$next"
            },
        )
    }

    /** One JSON object a feature, as `ferrule rollout status --json` prints them. */
    fun statusJson(): List<String> = record.features.map { feature ->
        val facts = FeatureFacts.of(record, feature, decide(feature))
        Json.line("schema_version" to SCHEMA_VERSION, *facts, "generation" to record.generation)
    }

    /** One JSON object a rule, as `ferrule rollout why --json` prints them. */
    fun whyJson(feature: FeatureRecord, decider: Decider): List<String> =
        rules(feature, decider).map { (code, holds) -> ruleJson(code, holds) }

    /** The rules that were asked for [feature], in order: up to the first that turns it off, else the one that decides. */
    private fun rules(feature: FeatureRecord, decider: Decider): List<Pair<ReasonCode, Boolean>> {
        val refusals = decider.refusals(feature).toList()
        val holds = refusals.indexOfFirst { it.second }
        return if (holds >= 0) refusals.take(holds + 1) else refusals + (decide(feature).reason to true)
    }

    /** Every rule that was asked for [feature], in order, and what it comes to. */
    fun why(feature: FeatureRecord, decider: Decider): List<String> {
        val decision = decide(feature)
        val bucket = Bucket.of(feature.settings.salt, record.unit)
        val party = if (Columns.isCandidate(decision.reason)) "the candidate" else "legacy"
        return rules(feature, decider).map { (code, holds) -> rule(code, holds) } + (
            "${Columns.cut(feature.settings.name, 40)}: ${decision.rung}, bucket $bucket, " +
                "window ${feature.settings.windowStart}+${decision.rung.permille}; $party answers"
            )
    }

    companion object {
        /** Of the JSON that `ferrule rollout` prints. */
        private const val SCHEMA_VERSION = 1
        private val HEADINGS = row("FEATURE", "STAGE", "WHY", "ANSWERS", "CRASH", "NEXT")

        private fun row(name: String, stage: String, why: String, answers: String, crash: String, next: String) =
            "${name.padEnd(32)} ${stage.padEnd(14)} ${why.padEnd(18)} ${answers.padEnd(9)} ${crash.padStart(5)} $next"

        /** One rule as JSON. */
        fun ruleJson(code: ReasonCode, holds: Boolean): String = Json.line(
            "schema_version" to SCHEMA_VERSION,
            "rule" to code.code,
            "holds" to holds,
            "sentence" to Sentences.of(code.code),
        )

        /** One rule: whether it holds, its code and its sentence. */
        fun rule(code: ReasonCode, holds: Boolean): String =
            "${if (holds) "yes" else "no "} ${code.code.padEnd(20)} ${Columns.cut(Sentences.of(code.code), 74)}"
    }
}
