package dev.ferrule.guard

import dev.ferrule.guard.ledger.Redacted
import dev.ferrule.guard.time.Stopwatch

/** What two answers to one input came to. [verdict] and [redacted] belong to [Outcome.COMPARED] alone. */
internal class Judgement(
    val outcome: Outcome,
    val verdict: Verdict? = null,
    /** What may be told of the difference; null where nothing is. */
    val redacted: Redacted? = null,
)

/**
 * Compares the two answers to one input (R7, R11, R18).
 *
 * What it is: the rules by which a difference counts, the same whoever answered the caller. What it is not: it takes nothing
 * away from anybody. It throws what the comparison and the epoch throw, and nothing of legacy's.
 *
 * @param epoch what the input's [InputEpoch] said before the first of the two was asked
 */
internal class Judge<I, O>(
    private val rollout: Rollout,
    private val feature: Feature<I, O>,
    private val epoch: Long,
    private val legacy: Answerer<I, O>,
) {
    private val running = feature.running

    /** Both answered. */
    fun answered(input: I, legacyAnswer: O, candidateAnswer: O): Judgement {
        if (isTorn()) return TORN
        val found = compare(input, legacyAnswer, candidateAnswer)
        val verdict = found.bare()
        // Only where legacy gives the same answer again is a difference the candidate's (R18).
        val isControl = feature.control?.isDue() == true
        if (running.isRepeatable && (isControl || verdict.kind == Verdict.Kind.MISMATCH)) {
            val isNoise = when (val again = askAgain(input)) {
                is Again.Answered<*> -> !isSame(input, legacyAnswer, again)
                is Again.Threw -> true
            }
            if (isTorn()) return TORN
            if (isNoise) return NOISE
        }
        return Judgement(Outcome.COMPARED, verdict, told(found))
    }

    /** The candidate answered and legacy threw [thrown]. */
    fun legacyThrew(input: I, thrown: Throwable): Judgement = when {
        isTorn() -> TORN
        // Out of memory, or a thread that is to end, says nothing about the input.
        thrown is VirtualMachineError || thrown is InterruptedException -> Judgement(Outcome.HARNESS_ERROR)
        running.isRepeatable && askAgain(input) is Again.Answered<*> -> NOISE
        else -> Judgement(Outcome.LEGACY_THREW)
    }

    private sealed class Again {
        class Answered<O>(val answer: O) : Again()
        object Threw : Again()
    }

    private fun askAgain(input: I): Again {
        val watch = Stopwatch(rollout.meter)
        try {
            return Again.Answered(legacy.answer(input))
        } catch (thrown: Throwable) {
            if (thrown is InterruptedException) Thread.currentThread().interrupt()
            return Again.Threw
        } finally {
            rollout.budget?.spent(watch.stop().charge)
        }
    }

    @Suppress("UNCHECKED_CAST") // it holds what legacy answered
    private fun isSame(input: I, first: O, again: Again.Answered<*>): Boolean =
        compare(input, first, again.answer as O).kind == Verdict.Kind.MATCH

    private fun compare(input: I, legacyAnswer: O, other: O): Verdict = feature.comparison.compare(input, legacyAnswer, other)
        ?: throw NullPointerException("the comparison of ${feature.name} returned null")

    private fun told(found: Verdict): Redacted? {
        val trials = feature.trials ?: return null
        return if (found.differences.isEmpty()) null else trials.redacted(found.differences)
    }

    private fun isTorn(): Boolean {
        val epochs = running.epoch ?: return false
        return epochs.now() != epoch
    }

    private companion object {
        private val TORN = Judgement(Outcome.TORN_INPUT)
        private val NOISE = Judgement(Outcome.NOISE)
    }
}
