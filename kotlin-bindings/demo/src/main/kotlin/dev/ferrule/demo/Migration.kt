package dev.ferrule.demo

import dev.ferrule.guard.Answerer
import dev.ferrule.guard.CandidateFactory
import dev.ferrule.guard.Comparison
import dev.ferrule.guard.Decision
import dev.ferrule.guard.Feature
import dev.ferrule.guard.Party
import dev.ferrule.guard.Rollout
import dev.ferrule.guard.Stage
import dev.ferrule.guard.Verdict

/** Ferrule's answer by the control path, and how Rust read the files ([reading] is null by the fast path). */
internal class ControlAnswer(val answer: CommonAnswer, val reading: Reading?)

/**
 * How the files of a phone were read.
 *
 * @property firstIgnored the first lines that made no sense, as `partition:line cause`
 */
internal class Reading(val lines: Long, val ignoredLines: Long, val firstIgnored: List<String>)

/** All that became known about one phone. */
internal class PhoneResult(
    val phone: Phone,
    val legacy: CommonAnswer,
    /** Ferrule's answer, or null if it gave none. */
    val ferrule: CommonAnswer?,
    /** The decision at SHADOW: what the comparison found. */
    val shadow: Decision,
    /** The decision at LIVE: who answered. */
    val live: Decision,
    /** What the control path said, or null if it could not be asked. */
    val control: ControlAnswer?,
    /** Whether both paths said the same; null if one is missing. */
    val pathsAgree: Boolean?,
) {
    /** Ferrule's reasons, with sentences where the control path has brought them. */
    val reasons: List<Reason>
        get() = control?.answer?.detail?.reasons ?: ferrule?.detail?.reasons.orEmpty()
}

/** One step of the migration, over all phones. */
internal class StepResult(
    /** What was set, for example `SHADOW`. */
    val title: String,
    val decisions: List<Decision>,
    /** Whether the native library was loaded when the step had ended. */
    val libraryLoaded: Boolean,
) {
    fun answeredBy(party: Party): Int = decisions.count { it.answeredBy == party }

    fun found(kind: Verdict.Kind): Int = decisions.count { it.verdict?.kind == kind }
}

/** What the whole run found. */
internal class MigrationResult(val phones: List<PhoneResult>, val steps: List<StepResult>)

/**
 * Plays the framework: moves one feature, the OS check, from legacy to Rust and asks about all phones at each step.
 *
 * Nothing native is called but through the guard. The control path is a second feature whose "legacy" is the fast
 * path: so the guard's own shadow comparison proves that both say the same.
 */
internal class Migration(
    fast: CandidateFactory<Phone, CommonAnswer>,
    control: CandidateFactory<Phone, ControlAnswer>,
    private val libraryLoaded: () -> Boolean,
) {
    private var last: Decision? = null
    private val rollout = Rollout { last = it }
    private val legacy = Answerer<Phone, CommonAnswer> { LegacyCheck.answer(it) }
    private val check: Feature<Phone, CommonAnswer> = rollout.feature("os.compat_check", fast)
        .comparison(Flaws { rollout.call(twin, it, legacy) })
        .register()

    /** The candidate once more, for comparisons that compute it again. */
    private val twin: Feature<Phone, CommonAnswer> = rollout.feature("os.compat_check.again", fast).register()
    private val parity = rollout.feature("os.compat_check.control", control)
        .comparison(Comparison { phone, fastAnswer, controlAnswer -> compare(phone, fastAnswer, controlAnswer) })
        .register()
    private val controlAnswers = HashMap<Phone, ControlAnswer>()

    /** Asks about [phones] at every step. */
    fun run(phones: List<Phone>): MigrationResult {
        val off = step("OFF", phones) { rollout.setStage(check, Stage.OFF) }
        val shadow = step("SHADOW", phones) {
            rollout.setStage(twin, Stage.LIVE)
            rollout.setStage(check, Stage.SHADOW)
        }
        val live = step("LIVE", phones) { rollout.setStage(check, Stage.LIVE) }
        rollout.setStage(parity, Stage.SHADOW)
        val results = phones.mapIndexed { index, phone ->
            val answered = live.answers[index]
            val ferrule = answered.takeIf { live.result.decisions[index].answeredBy == Party.CANDIDATE }
            PhoneResult(
                phone = phone,
                legacy = shadow.answers[index],
                ferrule = ferrule,
                shadow = shadow.result.decisions[index],
                live = live.result.decisions[index],
                control = if (ferrule == null) null else askControl(phone, ferrule),
                pathsAgree = pathsAgree(ferrule),
            )
        }
        val killed = step("LIVE, then killed", phones) { rollout.kill(check.name) }
        return MigrationResult(results, listOf(off, shadow, live, killed).map { it.result })
    }

    private class Step(val result: StepResult, val answers: List<CommonAnswer>)

    private fun step(title: String, phones: List<Phone>, set: () -> Unit): Step {
        set()
        val decisions = mutableListOf<Decision>()
        val answers = phones.map { phone ->
            rollout.call(check, phone, legacy).also { decisions += checkNotNull(last) }
        }
        return Step(StepResult(title, decisions, libraryLoaded()), answers)
    }

    private fun askControl(phone: Phone, fast: CommonAnswer): ControlAnswer? {
        controlAnswers.remove(phone)
        rollout.call(parity, phone) { ControlAnswer(fast, reading = null) }
        return controlAnswers[phone]
    }

    /** Reads the decision that [askControl] has just caused. */
    private fun pathsAgree(ferrule: CommonAnswer?): Boolean? {
        val verdict = last?.takeIf { ferrule != null && it.feature == parity.name }?.verdict ?: return null
        return verdict.kind == Verdict.Kind.MATCH
    }

    private fun compare(phone: Phone, fast: ControlAnswer, control: ControlAnswer): Verdict {
        controlAnswers[phone] = control
        val same = fast.answer == control.answer && fast.answer.detail?.bare() == control.answer.detail?.bare()
        return if (same) Verdict.match() else Verdict.mismatch()
    }

    /** Without the sentences, which only the control path brings. */
    private fun FerruleDetail.bare(): FerruleDetail = copy(reasons = reasons.map { it.copy(sentence = "") })
}
