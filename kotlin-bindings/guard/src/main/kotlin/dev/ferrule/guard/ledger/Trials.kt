package dev.ferrule.guard.ledger

import dev.ferrule.guard.Difference
import dev.ferrule.guard.Evidence
import dev.ferrule.guard.Feature
import dev.ferrule.guard.Outcome
import dev.ferrule.guard.Stage
import dev.ferrule.guard.crash.BeaconPage
import dev.ferrule.guard.state.Rung
import dev.ferrule.guard.time.LatencyGuard
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReferenceArray

/** What the compiled configuration says of a feature's evidence: the hash of it, and which explained differences are accepted. */
internal class Terms(val config: String, val accepted: Set<String>)

/**
 * Counts what came of one feature's calls into the ledgers of the device.
 *
 * What it is: from a call to the key that it belongs to (R49), and what may be told of it. What it is not: it writes nothing.
 *
 * Invariants: it is asked only where two sides were or were to be compared, never where one answers alone; it keeps nothing of an
 * input or an answer but hashes and what was redacted. Thread-safe. It throws what the feature's own functions throw.
 */
internal class Trials<I>(
    private val ledgers: Ledgers,
    private val feature: Feature<I, *>,
    private val evidence: Evidence<I>,
    private val terms: Terms,
) {
    private val operations = feature.running.operations.names
    private val classes = feature.running.sampling.classes
    private val rungs = AtomicReferenceArray<Rung>(Stage.values().size)
    private val known = AtomicReferenceArray<Fresh>((operations.size + 1) * Stage.values().size)
    private val loads = AtomicInteger()
    private val build = BeaconPage.idHash(ledgers.build).toULong()
    private var unsampled = 0

    @Volatile
    private var rung = Rung.OFF

    /** Whether something came that no ledger says yet. */
    val hasNews: Boolean
        get() = loads.get() > 0 && isOfNoOperation

    /** Loads belong to the calls that need them, and to no operation where calls have none or do not come that far. */
    private val isOfNoOperation: Boolean
        get() = operations.isEmpty() || rung.stage <= Stage.LOAD

    /** Calls are decided at [now] from here on. */
    fun publish(now: Rung) {
        rungs.set(now.stage.ordinal, now)
        if (now != Rung.OFF) rung = now
    }

    /** What may be told of [differences]. */
    fun redacted(differences: List<Difference>): Redacted = Redacted.of(differences, ledgers.redactor)

    /** Two answers were compared, or one side failed. */
    fun compared(input: I, stage: Stage, trial: Trial, redacted: Redacted?) {
        val age = ledgers.age()
        val hash: Long
        val className: String
        try {
            hash = ledgers.redactor.hash(evidence.identity.of(input))
            className = classes.nameOf(input)
        } catch (thrown: Throwable) {
            // What burns burns, whatever can be told of its input.
            count(input, stage, age) {
                if (trial.burns) it.add(trial, 1)
                it.add(Trial.HARNESS_ERROR, 1)
            }
            throw thrown
        }
        count(input, stage, age) {
            it.record(trial, className, hash, age)
            if (trial == Trial.MISMATCH) it.signatures.record(it.key.about, redacted ?: Redacted.NOTHING, null, hash)
        }
    }

    /** A documented cause explains the difference (R57). */
    fun explained(input: I, stage: Stage, codes: List<String>, redacted: Redacted?) {
        val named = codes.map { it.take(CODE_MAX) }
        val age = ledgers.age()
        val className: String
        try {
            className = classes.nameOf(input)
        } catch (thrown: Throwable) {
            count(input, stage, age) {
                it.recordExplained(named, terms.accepted::contains, Ledger.OTHER_CLASS)
                it.add(Trial.HARNESS_ERROR, 1)
            }
            throw thrown
        }
        count(input, stage, age) {
            it.recordExplained(named, terms.accepted::contains, className)
            if (redacted != null) it.signatures.record(it.key.about, redacted, named.first(), age)
        }
    }

    /** Nothing was compared, or it does not count. */
    fun passed(input: I, stage: Stage, trial: Trial) = count(input, stage, ledgers.age()) { it.add(trial, 1) }

    /** A write left the two sides' data apart. */
    fun drifted(input: I, stage: Stage) {
        val age = ledgers.age()
        count(input, stage, age) { it.drifted = maxOf(it.drifted, age) }
    }

    /** The candidate was created: its library is loaded. */
    fun loaded() {
        loads.incrementAndGet()
    }

    /** Lets the latency guard's hours count, and what it says. */
    fun watch() {
        val times = feature.times
        val age = ledgers.age()
        for (number in times.measured()) {
            val legacy = times.legacyOf(number) ?: continue
            val candidate = times.candidateOf(number) ?: continue
            val isNone = number == 0 && operations.isNotEmpty()
            if (isNone || rung.stage < Stage.CANARY || !LatencyGuard.watches(legacy, candidate)) continue
            fresh(number, rung.stage)?.count(age) { it.watched(age, LatencyGuard.isSlow(legacy, candidate)) }
        }
    }

    /** Counts what others counted meanwhile. */
    fun gather() {
        val seen = feature.tally.of(Outcome.UNSAMPLED)
        val skipped = seen - unsampled
        val age = ledgers.age()
        if (operations.isEmpty() && skipped > 0) fresh(0, Stage.SHADOW)?.count(age) { it.add(Trial.SKIPPED, skipped.toLong()) }
        unsampled = seen
        if (hasNews) fresh(0, rung.stage)?.count(age) { it.loads = sum(it.loads, loads.getAndSet(0).toLong()) }
    }

    /** The key under which a death counts that is of this feature and build; null where it is not. */
    fun keyOf(death: Book.Death): LedgerKey? = if (death.feature == feature.name && death.build == build) key(0, death.rung) else null

    private inline fun count(input: I, stage: Stage, age: Long, block: (Ledger) -> Unit) {
        val fresh = fresh(feature.operation(input), stage) ?: return
        val burns = fresh.count(age) {
            if (loads.get() > 0) it.loads = sum(it.loads, loads.getAndSet(0).toLong())
            block(it)
        }
        if (burns) ledgers.burned()
    }

    private fun fresh(operation: Int, stage: Stage): Fresh? {
        val now = rungs.get(stage.ordinal) ?: Rung.of(stage, 0) ?: return null
        val place = operation * Stage.values().size + stage.ordinal
        known.get(place)?.let { if (it.key.rung == now) return it }
        return ledgers.of(key(operation, now))?.also { known.set(place, it) }
    }

    private fun key(operation: Int, at: Rung) = LedgerKey(
        feature.name, operations.getOrElse(operation - 1) { "" }.take(NAME_MAX), evidence.legacyBuild, ledgers.build,
        evidence.comparator, terms.config, at,
    )

    private companion object {
        private const val CODE_MAX = 64
        private const val NAME_MAX = 255
    }
}
