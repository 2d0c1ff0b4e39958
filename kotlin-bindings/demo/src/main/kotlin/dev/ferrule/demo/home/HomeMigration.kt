package dev.ferrule.demo.home

import dev.ferrule.demo.StepResult
import dev.ferrule.guard.CandidateFactory
import dev.ferrule.guard.Comparison
import dev.ferrule.guard.Decision
import dev.ferrule.guard.Feature
import dev.ferrule.guard.Party
import dev.ferrule.guard.Rollout
import dev.ferrule.guard.Stage
import dev.ferrule.guard.Verdict

/**
 * All that became known about one home screen.
 *
 * @property ferrule Ferrule's answer, or null if it gave none
 * @property shadow the decision at SHADOW: what the comparison found
 * @property live the decision at LIVE: who answered
 */
internal class HomeResult(
    val question: HomeQuestion,
    val legacy: HomeAnswer,
    val ferrule: HomeAnswer?,
    val shadow: Decision,
    val live: Decision,
    val steps: List<StepResult>,
) {
    val home: StoredHome
        get() = question.home

    /** Both answers, item by item; empty if Ferrule gave none. An item that Ferrule lost is not in it. */
    val forks: List<Fork> = home.items.mapNotNull { item ->
        val end = ferrule?.ends?.get(item.id) as? FerruleEnd
        end?.let { Fork(item, legacy.ends.getValue(item.id), it) }
    }

    /** How many items Ferrule lost; null if it gave no answer. */
    val lost: Int?
        get() = ferrule?.let { home.items.size - forks.size }

    val moved: Int
        get() = forks.count { it.isMoved }
}

/**
 * Moves the loading of one home screen from legacy to Rust, step by step. Nothing native is called but through the guard.
 */
internal class HomeMigration(
    candidate: CandidateFactory<HomeQuestion, HomeAnswer>,
    private val libraryLoaded: () -> Boolean,
    private val question: HomeQuestion,
) {
    private val steps = mutableListOf<StepResult>()
    private var last: Decision? = null
    private val rollout = Rollout { last = it }
    private val load: Feature<HomeQuestion, HomeAnswer> =
        rollout.feature("launcher.load", candidate).comparison(HomeComparison).register()

    /** Asks at OFF. */
    fun off() {
        step("OFF") { rollout.setStage(load, Stage.OFF) }
    }

    /** Asks at every later step. */
    fun run(): HomeResult {
        val (legacy, shadow) = step("SHADOW") { rollout.setStage(load, Stage.SHADOW) }
        val (answer, live) = step("LIVE") { rollout.setStage(load, Stage.LIVE) }
        step("LIVE, then killed") { rollout.kill(load.name) }
        return HomeResult(question, legacy, answer.takeIf { live.answeredBy == Party.CANDIDATE }, shadow, live, steps)
    }

    private fun step(title: String, set: () -> Unit): Pair<HomeAnswer, Decision> {
        set()
        val answer = rollout.call(load, question, LegacyHome)
        val decision = checkNotNull(last)
        steps += StepResult(title, listOf(decision), libraryLoaded())
        return answer to decision
    }
}

/**
 * Compares the two (contracts 6, R57). Ferrule says of each item what legacy would do with it, computed from the same input;
 * a difference is explained only if legacy did exactly that with every item, and each item that ended otherwise at Ferrule
 * carries its code.
 */
internal object HomeComparison : Comparison<HomeQuestion, HomeAnswer> {
    override fun compare(input: HomeQuestion, legacy: HomeAnswer, candidate: HomeAnswer): Verdict {
        val codes = LinkedHashSet<String>()
        for (item in input.home.items) {
            val (was, now) = legacy.ends.getValue(item.id) to candidate.ends[item.id] as? FerruleEnd
            if (now == null || !isForeseen(now.legacyCode, was)) return Verdict.mismatch()
            if (was.fate != now.fate && now.codes.isEmpty()) return Verdict.mismatch()
            codes += now.codes
        }
        return if (codes.isEmpty()) Verdict.match() else Verdict.explained(*codes.sorted().toTypedArray())
    }

    /** Whether legacy did what Ferrule said it would. */
    private fun isForeseen(legacyCode: String, did: End): Boolean = when {
        legacyCode == "LM_LOADED" -> did.fate == Fate.SHOWN || did.fate == Fate.INVISIBLE && did.code.isEmpty()
        legacyCode.startsWith("LM_ZOMBIE_") -> did.fate == Fate.INVISIBLE
        else -> did.fate == Fate.DELETED && did.code == legacyCode
    }
}
