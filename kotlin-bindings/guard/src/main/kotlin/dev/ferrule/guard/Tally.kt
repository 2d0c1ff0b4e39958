package dev.ferrule.guard

import java.util.concurrent.atomic.AtomicIntegerArray

/**
 * How often each outcome and each verdict came of a feature's calls in this process.
 *
 * Answers of the candidate are counted without a lock or an atomic instruction: two threads at once may count as one there.
 * Everything else is counted exactly.
 */
internal class Tally {
    private val outcomes = AtomicIntegerArray(Outcome.values().size)
    private val verdicts = AtomicIntegerArray(Verdict.Kind.values().size)
    private var answered = 0

    fun count(outcome: Outcome, verdict: Verdict?, answeredBy: Party) {
        if (answeredBy == Party.CANDIDATE) answered++
        if (outcome == Outcome.ANSWERED || outcome == Outcome.SKIPPED) return
        outcomes.getAndIncrement(outcome.ordinal)
        if (verdict != null) verdicts.getAndIncrement(verdict.kind.ordinal)
    }

    fun of(outcome: Outcome): Int = if (outcome == Outcome.ANSWERED) answered else outcomes.get(outcome.ordinal)

    fun of(kind: Verdict.Kind): Int = verdicts.get(kind.ordinal)
}
