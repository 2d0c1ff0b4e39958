package dev.ferrule.guard.command

import dev.ferrule.guard.ledger.Ledger
import dev.ferrule.guard.ledger.Ledgers
import dev.ferrule.guard.ledger.Redactor
import dev.ferrule.guard.ledger.Trial

/**
 * A ledger as JSON Lines (`docs/formats/rollout-ledger.md`): the same keys in the same order as the engine's `export.rs` and
 * `detail.rs`.
 *
 * Invariant: there is no value of any input or answer in it, only counts, names, hashes under the device's key and what was redacted.
 */
internal object LedgerText {
    private const val SCHEMA = 1

    /** The lines of all of a device's ledgers, each with its end; what cannot be read is left out. */
    fun of(ledgers: Ledgers?): String {
        val known = ledgers ?: return ""
        val age = known.age()
        return known.all().flatMap { lines(it, known.device(it.key), age) }.joinToString("") { "$it\n" }
    }

    /** The lines of [ledger] of the device called [device] at the device's age [age] in ms. */
    fun lines(ledger: Ledger, device: String, age: Long): List<String> =
        listOf(counts(ledger, device, age)) + coverage(ledger, device) + differences(ledger, device) + days(ledger, device)

    private fun counts(ledger: Ledger, device: String, age: Long): String = with(ledger) {
        val known = listOf(
            "kind" to "ledger",
            "schema" to SCHEMA,
            "feature" to key.feature,
            "op" to key.op,
            "legacy_build" to key.legacyBuild,
            "candidate_build" to key.candidateBuild,
            "comparator" to key.comparator,
            "config" to key.config,
            "stage" to key.rung.stage.name.lowercase(java.util.Locale.ROOT),
            "permille" to key.rung.permille,
            "device" to device,
            "comparisons" to comparisons,
            "real" to real,
            "unaccepted" to unaccepted,
            "days" to span(),
            "loads" to loads,
            "deaths" to deaths,
            "latency_hours" to latencyHours,
            "latency_trips" to latencyTrips,
            "drifted_days_ago" to if (drifted < 0) null else maxOf(0L, age - drifted) / Ledger.DAY,
        )
        Json.line(known + Trial.values().map { it.label to count(it) })
    }

    private fun coverage(ledger: Ledger, device: String): List<String> {
        val classes = ledger.classes.map { (name, hits) -> line("class", device, "class" to name, "hits" to hits) }
        val explained = ledger.explained.map { (code, one) ->
            line("explained", device, "code" to code, "count" to one.count, "accepted" to one.isAccepted)
        }
        val distinct = ledger.distinct
        val inputs = (0 until distinct.size).map {
            line("input", device, "hash" to distinct.hash(it), "count" to distinct.count(it), "level" to distinct.level)
        }
        return classes + explained + inputs
    }

    private fun differences(ledger: Ledger, device: String): List<String> = ledger.signatures.all.flatMap { (id, one) ->
        val name = Redactor.hex(id)
        val signature =
            line("signature", device, "signature" to name, "places" to one.places, "count" to one.count, "code" to one.code)
        listOf(signature) + one.exemplars.map { line("exemplar", device, "signature" to name, "lines" to it) }
    }

    private fun days(ledger: Ledger, device: String): List<String> = (0 until ledger.days.size).map {
        line("day", device, "day" to ledger.days.day(it), "comparisons" to ledger.days.comparisons(it), "real" to ledger.days.real(it))
    }

    private fun line(kind: String, device: String, vararg fields: Pair<String, Any?>): String =
        Json.line(listOf("kind" to kind, "schema" to SCHEMA, "device" to device) + fields)
}
