package dev.ferrule.guard.command

import dev.ferrule.guard.Bucket
import dev.ferrule.guard.state.Decider
import dev.ferrule.guard.state.DeviceRecord
import dev.ferrule.guard.state.FeatureRecord

/** Where a feature stands, as every JSON line about one begins: `status --json` and the export read alike by this. */
internal object FeatureFacts {
    /** Keys and values in their order. */
    fun of(record: DeviceRecord, feature: FeatureRecord, decision: Decider.Decision): Array<Pair<String, Any?>> = arrayOf(
        "feature" to feature.settings.name,
        "id" to feature.settings.id,
        "stage" to decision.rung.stage.name.lowercase(),
        "permille" to decision.rung.permille,
        "reason" to decision.reason.code,
        "answers" to if (Columns.isCandidate(decision.reason)) "candidate" else "legacy",
        "granted" to "${feature.granted}",
        "ceiling" to "${feature.settings.ceiling}",
        "bucket" to Bucket.of(feature.settings.salt, record.unit),
        "deaths" to feature.crashes.ages.size,
        "quarantined" to feature.isQuarantined(record.build),
        "frozen" to feature.frozen,
    )
}
