package dev.ferrule.guard

import dev.ferrule.guard.ledger.Redacted
import dev.ferrule.guard.ledger.Trial
import dev.ferrule.guard.ledger.Trials
import dev.ferrule.guard.time.Cost
import dev.ferrule.guard.time.Stopwatch
import dev.ferrule.guard.time.Times
import dev.ferrule.guard.work.Task

/**
 * What the guard does in one call besides answering it by legacy: create, ask, compare, report.
 *
 * Legacy is called here only after the candidate has answered, for its write or as an oracle, or again as a control (R18); nothing
 * that it throws here reaches a caller. Each of [load], [compare], [replace] and [legacyThrew] ends with exactly one report, at
 * once or on the guard's worker.
 */
internal class Attempt<I, O>(
    private val rollout: Rollout,
    private val feature: Feature<I, O>,
    private val word: Int,
    private var reason: ReasonCode,
    private val legacy: Answerer<I, O>,
    /** What the input's [InputEpoch] said before anybody was asked. */
    private var epoch: Long = 0,
) {
    private var outcome = Outcome.SKIPPED
    private var verdict: Verdict? = null
    private var failure: Throwable? = null
    private var answer: O? = null
    private var redacted: Redacted? = null

    /** What the candidate cost, where it was measured: as [Cost.charge]. */
    private var spent = 0L

    /** [Stage.LOAD]: creates the candidate. */
    fun load() {
        noting { create() }
        report(Party.LEGACY)
    }

    /** [Stage.SHADOW], after [legacyAnswer]: asks the candidate and compares, here or on the guard's worker, or leaves it (R16). */
    fun compare(input: I, legacyAnswer: O) {
        outcome = Outcome.HARNESS_ERROR
        var task: Task? = null
        var isHere = false
        noting {
            val later = feature.running.later
            when {
                !isSampled(input) -> outcome = Outcome.UNSAMPLED
                later == null -> isHere = true
                else -> task = Later(later.of(input), legacyAnswer)
            }
        }
        val made = task
        when {
            isHere -> compareHere(input, legacyAnswer)
            made == null -> {
                testify(input)
                report(Party.LEGACY)
            }
            else -> rollout.worker.offer(made)
        }
    }

    /** A breaker that proves itself needs every call that the budget allows. */
    private fun isSampled(input: I): Boolean {
        val isAllowed = rollout.budget?.allows(feature.running.isStartup) ?: true
        return isAllowed && (reason == ReasonCode.PROBING || feature.inShadow.isDue(input))
    }

    private fun compareHere(input: I, legacyAnswer: O) {
        outcome = Outcome.SKIPPED
        noting {
            try {
                ask(input, isTimed = true)
            } finally {
                rollout.budget?.spent(spent)
            }
            if (outcome == Outcome.ANSWERED) {
                feature.breaker.answered()
                outcome = Outcome.HARNESS_ERROR
                take(Judge(rollout, feature, epoch, legacy).answered(input, legacyAnswer, answer()))
            }
        }
        quietly { if (reason == ReasonCode.PROBING) probed() }
        testify(input)
        report(Party.LEGACY)
    }

    private fun take(judgement: Judgement) {
        verdict = judgement.verdict
        redacted = judgement.redacted
        outcome = judgement.outcome
        if (verdict?.kind == Verdict.Kind.MISMATCH) rollout.timeline.mismatch(rollout.tracer)
    }

    /** A comparison that is made later, on the guard's worker. */
    private abstract inner class Deferred(private val answeredBy: Party, private val input: I) : Task() {
        private val slice = rollout.timeline.putOff(rollout.tracer)

        protected abstract fun compare()

        override fun work() {
            try {
                // The feature may have been taken away since.
                if (Word.safer(word, feature.load()) == word) compare() else leave()
            } finally {
                slice?.end()
            }
        }

        override fun dropped() {
            leave()
            slice?.end()
        }

        protected fun leave() {
            outcome = Outcome.DROPPED
            testify(input)
            report(answeredBy)
        }
    }

    private inner class Later(private val input: I, private val legacyAnswer: O) : Deferred(Party.LEGACY, input) {
        override fun compare() = compareHere(input, legacyAnswer)

        override fun hung() = tripForGood()
    }

    /** While the breaker proves itself: twenty clean probes in a row close it, one that is not begins anew (R33). */
    private fun probed() {
        // What says nothing about the candidate is no probe.
        if (outcome == Outcome.NOISE || outcome == Outcome.TORN_INPUT) return
        val clean = verdict?.kind == Verdict.Kind.MATCH || verdict?.kind == Verdict.Kind.EXPLAINED
        if (!clean) {
            feature.probes.set(0)
        } else if (feature.probes.incrementAndGet() >= PROBES) {
            feature.probes.set(0)
            rollout.safeguard?.probesClean(feature)
        }
    }

    /** [Stage.SHADOW] where legacy threw: the candidate is not asked. */
    fun legacyThrew(input: I) {
        outcome = Outcome.LEGACY_THREW
        testifying { it.passed(input, Word.stage(word), Trial.SKIPPED) }
        report(Party.LEGACY)
    }

    /** [Stage.CANARY] in the cohort and up: asks the candidate. True if it answered; see [answer]. */
    fun replace(input: I): Boolean {
        val isChecked = isChecked(input)
        noting { ask(input, isTimed = feature.times.isDue()) }
        if (outcome != Outcome.ANSWERED) {
            // A candidate that is not there, or is just being created, has not failed: its reason stands.
            if (outcome != Outcome.SKIPPED) reason = ReasonCode.CANDIDATE_FAILED
            report(Party.LEGACY)
            return false
        }
        feature.breaker.answered()
        when {
            feature.running.writes != null && reason != ReasonCode.COMPLETE -> follow(input, isChecked)
            !isChecked -> report(Party.CANDIDATE)
            feature.running.later == null -> check(input)
            else -> checkLater(input)
        }
        return true
    }

    /** Whether legacy's answer is to be held against this one of the candidate (section 2.2: sampled at CANARY and LIVE). */
    private fun isChecked(input: I): Boolean {
        val sampler = feature.oracle ?: return false
        if (reason != ReasonCode.COHORT_IN && reason != ReasonCode.LIVE || feature.isExclusive) return false
        var isChecked = false
        try {
            // Legacy writes anyway; what it costs is not the comparison's.
            val isFree = feature.running.writes != null
            isChecked = (isFree || rollout.budget?.allows(feature.running.isStartup) ?: true) && sampler.isDue(input)
            if (isChecked) epoch = feature.running.epoch?.now() ?: 0L
        } catch (thrown: Throwable) {
            isChecked = false
            quietly { rollout.errors.incrementAndGet() }
            quietly { keepInterrupt(thrown) }
        }
        return isChecked
    }

    /** The write that the candidate has done, done by legacy too, so that a kill needs no data step (R35, R38). */
    private fun follow(input: I, isChecked: Boolean) {
        try {
            val legacyAnswer = legacy.answer(input)
            if (isChecked) judge(input) { it.answered(input, legacyAnswer, answer()) }
        } catch (failure: Throwable) {
            rollout.telling { feature.running.writes?.behind(input, failure) }
            testifying { it.drifted(input, Word.stage(word)) }
            // A write that legacy refuses and the candidate takes is a difference too (R11, R53).
            if (isChecked) judge(input) { it.legacyThrew(input, failure) }
            quietly { keepInterrupt(failure) }
        }
        report(Party.CANDIDATE)
    }

    /** The candidate has answered: asks legacy too, compares, and takes the feature down for a real mismatch (R53). */
    private fun check(input: I) {
        var legacyAnswer: O? = null
        var thrown: Throwable? = null
        val watch = Stopwatch(rollout.meter)
        try {
            legacyAnswer = legacy.answer(input)
        } catch (failure: Throwable) {
            thrown = failure
            quietly { keepInterrupt(failure) }
        }
        quietly {
            val cost = watch.stop()
            rollout.budget?.spent(cost.charge)
            if (thrown == null) feature.times.ofLegacy(cost, feature.operation(input))
        }
        @Suppress("UNCHECKED_CAST") // null only where legacy answered null
        judge(input) { if (thrown == null) it.answered(input, legacyAnswer as O, answer()) else it.legacyThrew(input, thrown) }
        report(Party.CANDIDATE)
    }

    private inline fun judge(input: I, by: (Judge<I, O>) -> Judgement) {
        outcome = Outcome.HARNESS_ERROR
        noting {
            take(by(Judge(rollout, feature, epoch, legacy)))
            // An error on one side is a difference too (R11).
            if (outcome == Outcome.LEGACY_THREW || verdict?.kind == Verdict.Kind.MISMATCH) rollout.fall(feature)
        }
        testify(input)
    }

    /** As [check], on the guard's worker and on a copy of [input]. */
    private fun checkLater(input: I) {
        outcome = Outcome.HARNESS_ERROR
        var task: Task? = null
        noting { task = Check(feature.running.later!!.of(input)) }
        val made = task
        if (made == null) {
            testify(input)
            report(Party.CANDIDATE)
        } else {
            rollout.worker.offer(made)
        }
    }

    private inner class Check(private val input: I) : Deferred(Party.CANDIDATE, input) {
        override fun compare() = if (feature.isOracleHung) leave() else check(input)

        /** Legacy hangs where the candidate answered: that is not the candidate's fault, and must not cost the other thread too. */
        override fun hung() {
            feature.isOracleHung = true
        }
    }

    /** Where a write of the candidate failed and nobody knows how far it got: whoever keeps the two equal hears of it (R10). */
    fun tellUnknown(input: I) {
        val mirror = feature.running.writes ?: return
        val isUnknown = outcome == Outcome.LATE || outcome == Outcome.CANDIDATE_FAILED && failure !is NotApplied
        if (!isUnknown) return
        rollout.telling { mirror.unknown(input, failure) }
        testifying { it.drifted(input, Word.stage(word)) }
    }

    /** Whether what legacy does with the same input belongs to the evidence: the candidate was to answer it and failed. */
    val awaitsLegacy: Boolean
        get() = feature.trials != null && outcome != Outcome.SKIPPED

    /** The candidate failed where it was to answer; legacy threw [thrown] at the same input, or answered it. */
    fun legacyFollowed(input: I, thrown: Throwable?) {
        val failed = failure
        if (thrown == null || outcome != Outcome.CANDIDATE_FAILED || failed == null) {
            testify(input)
        } else {
            val isSame = thrown.javaClass == failed.javaClass
            testifying { it.compared(input, Word.stage(word), if (isSame) Trial.BOTH_THREW_SAME else Trial.BOTH_THREW_DIFF, null) }
        }
    }

    /** What came of this call goes into the ledger (R49). */
    private fun testify(input: I) = testifying {
        val stage = Word.stage(word)
        val codes = verdict?.codes.orEmpty()
        val trial = trial()
        when {
            codes.isNotEmpty() -> it.explained(input, stage, codes, redacted)
            trial == null -> Unit
            trial.counts -> it.compared(input, stage, trial, redacted)
            else -> it.passed(input, stage, trial)
        }
    }

    private fun trial(): Trial? = when (outcome) {
        Outcome.COMPARED -> if (verdict?.kind == Verdict.Kind.MATCH) Trial.MATCH else Trial.MISMATCH
        Outcome.LEGACY_THREW -> Trial.L_THREW
        Outcome.CANDIDATE_FAILED -> when (failure) {
            is PanicSignal -> Trial.C_PANIC
            // A thread that is to end says nothing about the input.
            is InterruptedException -> Trial.DROPPED
            else -> Trial.C_ERROR
        }
        Outcome.LATE -> Trial.LATE
        Outcome.TORN_INPUT -> Trial.TORN_INPUT
        Outcome.NOISE -> Trial.NOISE
        Outcome.DROPPED, Outcome.BUSY -> Trial.DROPPED
        Outcome.HARNESS_ERROR -> Trial.HARNESS_ERROR
        // Counted with the next write, so that a call that is left out costs nothing.
        Outcome.UNSAMPLED -> null
        Outcome.SKIPPED, Outcome.ANSWERED -> null
    }

    /** Nothing that keeping the evidence throws reaches anybody (R9). */
    private inline fun testifying(block: (Trials<I>) -> Unit) {
        val trials = feature.trials ?: return
        rollout.telling { block(trials) }
    }

    /** Asks on this thread, unless the feature has a deadline; [outcome] says what came of it. */
    private fun ask(input: I, isTimed: Boolean) {
        if (feature.running.deadlineNanos == 0L || rollout.worker.isHere) askHere(input, isTimed) else askInTime(input)
    }

    /** Asks on the guard's worker and waits for as long as the feature allows (R8). */
    private fun askInTime(input: I) {
        outcome = Outcome.BUSY
        val asked = Attempt(rollout, feature, word, reason, legacy)
        val task = InTime(asked, input)
        if (!rollout.worker.submit(task)) return
        when (task.await(feature.running.deadlineNanos)) {
            Task.Waited.DONE -> {
                outcome = asked.outcome
                failure = asked.failure
                answer = asked.answer
                spent = asked.spent
                reason = asked.reason
            }
            Task.Waited.LATE -> {
                outcome = Outcome.LATE
                if (feature.breaker.late()) trip()
            }
            // How far a write has got nobody knows (R10); the candidate is not to blame for it.
            Task.Waited.INTERRUPTED -> if (feature.running.writes != null) outcome = Outcome.LATE
            Task.Waited.NOT_BEGUN -> Unit
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
        feature.tally.count(outcome, verdict, answeredBy)
        val listener = rollout.listener ?: return
        rollout.telling {
            listener.onDecision(
                Decision(feature.name, Word.stage(word), answeredBy, reason, outcome, verdict, failure),
            )
        }
    }

    private fun create(): Answerer<I, O>? {
        val candidate = try {
            marked(Times.NO_OPERATION) { feature.candidate() }
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
        val operation = feature.operation(input)
        val watch = if (isTimed) Stopwatch(rollout.meter) else null
        try {
            answer = traced { marked(operation) { candidate.answer(input) } }
        } finally {
            if (watch != null) took(watch.stop(), operation)
        }
        if (answer != null || feature.nullIsAnAnswer) outcome = Outcome.ANSWERED
    }

    private fun took(cost: Cost, operation: Int) {
        spent = cost.charge
        feature.times.ofCandidate(cost, operation)
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
    private inline fun <T> marked(operation: Int, block: () -> T): T {
        val marks = feature.marks ?: return block()
        val slot = marks.slot()
        val depth = slot.depth
        try {
            marks.enter(slot, operation)
            return block()
        } finally {
            // Also where the stack ended within: to the depth from before, whoever did not get to leave.
            marks.leave(slot, depth)
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
        feature.marks?.settle()
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
