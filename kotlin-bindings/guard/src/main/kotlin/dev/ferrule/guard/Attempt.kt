package dev.ferrule.guard

import java.util.concurrent.atomic.AtomicLong

/**
 * What the guard does in one call besides legacy: create, ask, compare, report.
 *
 * It never calls legacy, and each of [load], [shadow], [replace] and [legacyThrew] ends with exactly one report.
 */
internal class Attempt<I, O>(
    private val feature: Feature<I, O>,
    private val word: Int,
    private var reason: ReasonCode,
    private val safeguard: Safeguard?,
    private val listener: DecisionListener?,
    private val errors: AtomicLong,
) {
    private var outcome = Outcome.SKIPPED
    private var verdict: Verdict? = null
    private var failure: Throwable? = null
    private var answer: O? = null

    /** [Stage.LOAD]: creates the candidate. */
    fun load() {
        noting { create() }
        report(Party.LEGACY)
    }

    /** [Stage.SHADOW], after [legacyAnswer]: asks the candidate and compares. */
    fun shadow(input: I, legacyAnswer: O) {
        noting {
            if (ask(input)) {
                outcome = Outcome.HARNESS_ERROR
                verdict = feature.comparison.compare(input, legacyAnswer, answer())
                    ?: throw NullPointerException("the comparison of ${feature.name} returned null")
                outcome = Outcome.COMPARED
            }
        }
        quietly { if (reason == ReasonCode.PROBING) probed() }
        report(Party.LEGACY)
    }

    /** While the breaker proves itself: twenty clean probes in a row close it, one that is not begins anew (R33). */
    private fun probed() {
        val clean = verdict?.kind == Verdict.Kind.MATCH || verdict?.kind == Verdict.Kind.EXPLAINED
        if (!clean) {
            feature.probes.set(0)
        } else if (feature.probes.incrementAndGet() >= PROBES) {
            feature.probes.set(0)
            safeguard?.probesClean(feature)
        }
    }

    /** [Stage.SHADOW] where legacy threw: the candidate is not asked. */
    fun legacyThrew() {
        outcome = Outcome.LEGACY_THREW
        report(Party.LEGACY)
    }

    /** [Stage.LIVE], or [Stage.CANARY] in the cohort: asks the candidate. True if it answered; see [answer]. */
    fun replace(input: I): Boolean {
        noting { ask(input) }
        val answered = outcome == Outcome.ANSWERED
        if (outcome == Outcome.CANDIDATE_FAILED) reason = ReasonCode.CANDIDATE_FAILED
        report(if (answered) Party.CANDIDATE else Party.LEGACY)
        return answered
    }

    /** The candidate's answer, once it has answered. */
    @Suppress("UNCHECKED_CAST") // ask() lets null pass only where null is an answer
    fun answer(): O = answer as O

    /** Tells the listener; what it throws is counted. */
    fun report(answeredBy: Party) {
        if (listener == null) return
        try {
            listener.onDecision(
                Decision(feature.name, Word.stage(word), answeredBy, reason, outcome, verdict, failure),
            )
        } catch (thrown: Throwable) {
            quietly { errors.incrementAndGet() }
            quietly { keepInterrupt(thrown) }
        }
    }

    private fun create(): Answerer<I, O>? {
        val candidate = try {
            marked { feature.candidate() }
        } catch (thrown: Throwable) {
            reason = ReasonCode.UNAVAILABLE
            throw thrown
        }
        if (candidate == null) reason = ReasonCode.LOADING
        return candidate
    }

    private fun ask(input: I): Boolean {
        val candidate = create() ?: return false
        outcome = Outcome.CANDIDATE_FAILED
        feature.countCall()
        answer = marked { candidate.answer(input) }
        if (answer == null && !feature.nullIsAnAnswer) return false
        outcome = Outcome.ANSWERED
        feature.breaker.answered()
        return true
    }

    /** Runs [block] with the call marked as in flight: should the process die in it, the next one knows (R24). */
    private inline fun <T> marked(block: () -> T): T {
        val marks = feature.marks ?: return block()
        marks.enter()
        try {
            return block()
        } finally {
            marks.leave()
        }
    }

    /** Runs [block] and notes what it throws, `Error`s included (R9). */
    private inline fun noting(block: () -> Unit) {
        try {
            block()
        } catch (thrown: Throwable) {
            quietly { note(thrown) }
        }
    }

    private fun note(thrown: Throwable) {
        failure = thrown
        when {
            outcome == Outcome.HARNESS_ERROR -> errors.incrementAndGet()
            // Out of memory or stack: not again in this process.
            thrown is VirtualMachineError -> feature.raise(Word.TRIPPED)
            outcome == Outcome.CANDIDATE_FAILED && feature.breaker.failed(thrown) -> trip()
        }
        keepInterrupt(thrown)
    }

    /** The breaker opens: with a safeguard for a while, without one for the rest of this process. */
    private fun trip() {
        if (safeguard == null) feature.raise(Word.TRIPPED) else safeguard.trip(feature)
    }

    /** Whoever waits for an interrupt still has to see it. */
    private fun keepInterrupt(thrown: Throwable) {
        if (thrown is InterruptedException) Thread.currentThread().interrupt()
    }
}

/** Clean probes in a row that close the breaker. */
private const val PROBES = 20

/** For steps that come after the caller's answer in importance: out of memory or stack there is not passed on. */
internal inline fun quietly(block: () -> Unit) {
    try {
        block()
    } catch (_: Throwable) {
        // Nothing is left to note it with.
    }
}
