package dev.ferrule.guard

import dev.ferrule.guard.work.Task

/**
 * What the guard does in one call besides legacy: create, ask, compare, report.
 *
 * It never calls legacy, and each of [load], [shadow], [shadowLater], [replace] and [legacyThrew] ends with exactly one report.
 */
internal class Attempt<I, O>(
    private val rollout: Rollout,
    private val feature: Feature<I, O>,
    private val word: Int,
    private var reason: ReasonCode,
    /** What the input's [InputEpoch] said before legacy was asked. */
    private val epoch: Long = 0,
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
            ask(input, isTimed = true)
            if (outcome == Outcome.ANSWERED) {
                feature.breaker.answered()
                outcome = Outcome.HARNESS_ERROR
                if (isTorn()) {
                    outcome = Outcome.TORN_INPUT
                } else {
                    verdict = feature.comparison.compare(input, legacyAnswer, answer())
                        ?: throw NullPointerException("the comparison of ${feature.name} returned null")
                    outcome = Outcome.COMPARED
                }
            }
        }
        quietly { if (reason == ReasonCode.PROBING) probed() }
        report(Party.LEGACY)
    }

    /** [Stage.SHADOW], after [legacyAnswer]: has it asked and compared on the guard's worker, on a copy of [input]. */
    fun shadowLater(input: I, legacyAnswer: O) {
        outcome = Outcome.HARNESS_ERROR
        var task: Task? = null
        noting {
            val copy = feature.running.later!!.of(input)
            task = Later(copy, legacyAnswer)
        }
        val made = task
        if (made == null) report(Party.LEGACY) else rollout.worker.offer(made)
    }

    private inner class Later(private val input: I, private val legacyAnswer: O) : Task() {
        init {
            outcome = Outcome.SKIPPED
        }

        override fun work() {
            // The feature may have been taken away since.
            if (Word.safer(word, feature.load()) == word) {
                shadow(input, legacyAnswer)
            } else {
                dropped()
            }
        }

        override fun dropped() {
            outcome = Outcome.DROPPED
            report(Party.LEGACY)
        }

        override fun hung() = tripForGood()
    }

    private fun isTorn(): Boolean {
        val epochs = feature.running.epoch ?: return false
        return epochs.now() != epoch
    }

    /** While the breaker proves itself: twenty clean probes in a row close it, one that is not begins anew (R33). */
    private fun probed() {
        val clean = verdict?.kind == Verdict.Kind.MATCH || verdict?.kind == Verdict.Kind.EXPLAINED
        if (!clean) {
            feature.probes.set(0)
        } else if (feature.probes.incrementAndGet() >= PROBES) {
            feature.probes.set(0)
            rollout.safeguard?.probesClean(feature)
        }
    }

    /** [Stage.SHADOW] where legacy threw: the candidate is not asked. */
    fun legacyThrew() {
        outcome = Outcome.LEGACY_THREW
        report(Party.LEGACY)
    }

    /** [Stage.LIVE], or [Stage.CANARY] in the cohort: asks the candidate. True if it answered; see [answer]. */
    fun replace(input: I): Boolean {
        noting { ask(input, isTimed = feature.times.isDue()) }
        val answered = outcome == Outcome.ANSWERED
        if (answered) feature.breaker.answered()
        // A candidate that is not there, or is just being created, has not failed: its reason stands.
        if (!answered && outcome != Outcome.SKIPPED) reason = ReasonCode.CANDIDATE_FAILED
        report(if (answered) Party.CANDIDATE else Party.LEGACY)
        return answered
    }

    /** Where a write of the candidate failed and nobody knows how far it got: whoever keeps the two equal hears of it (R10). */
    fun tellUnknown(input: I) {
        val mirror = feature.running.writes ?: return
        val isUnknown = outcome == Outcome.LATE || outcome == Outcome.CANDIDATE_FAILED && failure !is NotApplied
        if (!isUnknown) return
        try {
            mirror.unknown(input, failure)
        } catch (thrown: Throwable) {
            quietly { rollout.errors.incrementAndGet() }
            quietly { keepInterrupt(thrown) }
        }
    }

    /** Asks on this thread, unless the feature has a deadline; [outcome] says what came of it. */
    private fun ask(input: I, isTimed: Boolean) {
        if (feature.running.deadlineNanos == 0L || rollout.worker.isHere) askHere(input, isTimed) else askInTime(input)
    }

    /** Asks on the guard's worker and waits for as long as the feature allows (R8). */
    private fun askInTime(input: I) {
        outcome = Outcome.BUSY
        val asked = Attempt(rollout, feature, word, reason)
        val task = InTime(asked, input)
        if (!rollout.worker.submit(task)) return
        when (task.await(feature.running.deadlineNanos)) {
            Task.Waited.DONE -> {
                outcome = asked.outcome
                failure = asked.failure
                answer = asked.answer
                reason = asked.reason
            }
            Task.Waited.LATE -> {
                outcome = Outcome.LATE
                if (feature.breaker.late()) trip()
            }
            Task.Waited.NOT_BEGUN, Task.Waited.INTERRUPTED -> Unit
        }
    }

    private inner class InTime(private val asked: Attempt<I, O>, private val input: I) : Task() {
        override fun work() = asked.noting { asked.askHere(input, isTimed = true) }

        override fun hung() = tripForGood()
    }

    /** For the rest of this process; where something outlives it, the next one finds the breaker open. */
    private fun tripForGood() {
        feature.raise(Word.TRIPPED)
        rollout.safeguard?.trip(feature)
    }

    /** The candidate's answer, once it has answered. */
    @Suppress("UNCHECKED_CAST") // an outcome of ANSWERED lets null pass only where null is an answer
    fun answer(): O = answer as O

    /** Counts, and tells the listener; what that throws is counted. */
    fun report(answeredBy: Party) {
        feature.tally.count(outcome, verdict)
        val listener = rollout.listener ?: return
        try {
            listener.onDecision(
                Decision(feature.name, Word.stage(word), answeredBy, reason, outcome, verdict, failure),
            )
        } catch (thrown: Throwable) {
            quietly { rollout.errors.incrementAndGet() }
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

    private fun askHere(input: I, isTimed: Boolean) {
        val candidate = create() ?: return
        outcome = Outcome.CANDIDATE_FAILED
        feature.countCall()
        val begin = if (isTimed) System.nanoTime() else 0L
        answer = traced { marked { candidate.answer(input) } }
        if (isTimed) feature.times.ofCandidate(System.nanoTime() - begin)
        if (answer != null || feature.nullIsAnAnswer) outcome = Outcome.ANSWERED
    }

    private inline fun <T> traced(block: () -> T): T {
        val tracer = rollout.tracer ?: return block()
        quietly { tracer.begin(feature.traces.second) }
        try {
            return block()
        } finally {
            quietly { tracer.end() }
        }
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
            outcome == Outcome.HARNESS_ERROR -> rollout.errors.incrementAndGet()
            // Out of memory or stack: not again in this process.
            thrown is VirtualMachineError -> feature.raise(Word.TRIPPED)
            outcome == Outcome.CANDIDATE_FAILED && feature.breaker.failed(thrown) -> trip()
        }
        keepInterrupt(thrown)
    }

    /** The breaker opens: with a safeguard for a while, without one for the rest of this process. */
    private fun trip() {
        rollout.safeguard?.trip(feature) ?: feature.raise(Word.TRIPPED)
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
