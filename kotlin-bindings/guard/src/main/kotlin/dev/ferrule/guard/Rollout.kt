package dev.ferrule.guard

import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicLong

/**
 * Decides, call by call, whether legacy or the candidate answers, and returns legacy's answer whenever the candidate
 * does not give one.
 *
 * What it is: the one door to everything native. What it is not: a scheduler. The candidate runs on the caller's
 * thread, so one that hangs blocks the caller (R59).
 *
 * Invariants: nothing that the candidate, a comparison or the listener throws reaches the caller, `Error`s included
 * (RO-I1); a throwable of legacy reaches the caller as the same object; at [Stage.OFF] the candidate's classes are not
 * touched (RO-I2); any doubt means legacy (RO-I3).
 *
 * ```kotlin
 * val rollout = Rollout { log(it.toString()) }
 * val check = rollout.feature<Properties, Answer>("os.compat_check", { NativeCheck() }).register()
 * rollout.setStage(check, Stage.SHADOW)
 * val answer = rollout.call(check, properties) { legacyCheck(it) }
 * ```
 */
public class Rollout(private val safeguard: Safeguard?, private val listener: DecisionListener?) {
    /** Without a [Safeguard]: stages are what this process sets, and nothing outlives it. */
    @JvmOverloads
    public constructor(listener: DecisionListener? = null) : this(null, listener)

    private val features = CopyOnWriteArrayList<Feature<*, *>>()
    private val errors = AtomicLong()

    @Volatile
    private var allKilled = false

    /** How often a comparison or the listener threw. Such calls were answered as if it had not. */
    public val harnessErrors: Long
        get() = errors.get()

    /**
     * Starts the definition of a feature; it begins at [Stage.OFF].
     *
     * @param name shown in reports and used by [kill]; names need not be unique
     * @param candidate creates the candidate when it is first needed
     */
    public fun <I, O> feature(name: String, candidate: CandidateFactory<I, O>): FeatureBuilder<I, O> =
        FeatureBuilder(this, name, candidate)

    /**
     * Sets a stage; the next call sees it. [Stage.CANARY] without a share reaches nobody: use [setCanary].
     *
     * @return false if a [Safeguard] refused, which lets a stage rise by one step at a time (R1)
     */
    public fun setStage(feature: Feature<*, *>, stage: Stage): Boolean {
        if (safeguard != null) return safeguard.set(feature.name, stage)
        feature.configure(Word.of(stage, reasonOf(stage)))
        return true
    }

    /**
     * Sets [Stage.CANARY] for the devices whose bucket is below [permille], 0..1000.
     *
     * A share outside the range is no error: the feature counts as off, with [ReasonCode.CONFIG_RANGE].
     *
     * @return false if a [Safeguard] refused
     */
    public fun setCanary(feature: Feature<*, *>, permille: Int): Boolean {
        if (safeguard != null) return safeguard.set(feature.name, Stage.CANARY, permille)
        val reason = if (Bucket.isIn(feature.bucket, 0, permille)) ReasonCode.COHORT_IN else ReasonCode.COHORT_OUT
        feature.configure(if (permille in 0..Bucket.COUNT) Word.of(Stage.CANARY, reason) else Word.BAD_SETTING)
        return true
    }

    /** Takes every feature named [name] away from its candidate, from the next call on. */
    public fun kill(name: String) {
        features.filter { it.name == name }.forEach { it.raise(Word.KILLED) }
    }

    /** Takes all features away from their candidates, also those registered later. */
    public fun killAll() {
        allKilled = true
        features.forEach { it.raise(Word.KILLED) }
    }

    /** Takes back [kill] and [killAll]; stages are as they were set last. */
    public fun unkill() {
        allKilled = false
        features.forEach { it.lower(Word.KILLED) }
    }

    /**
     * Answers [input] by [legacy], or by the candidate if the feature is that far and the candidate succeeds.
     *
     * @throws Throwable only what [legacy] throws, unchanged
     */
    public fun <I, O> call(feature: Feature<I, O>, input: I, legacy: Answerer<I, O>): O =
        decided(feature, feature.load(), input, legacy)

    /**
     * Begins a session of [feature]: calls on it are decided as at its beginning, so that what one party made is never
     * asked of the other, except that what makes the feature safer counts at once (R2).
     */
    public fun <I, O> session(feature: Feature<I, O>): Session<I, O> = Session(this, feature)

    internal fun <I, O> decided(feature: Feature<I, O>, word: Int, input: I, legacy: Answerer<I, O>): O {
        val reason = Word.reason(word)
        // Legacy is called here and nowhere else, and never inside something that could swallow what it throws.
        when (reason) {
            ReasonCode.SHADOW, ReasonCode.PROBING -> return shadowed(feature, word, reason, input, legacy)
            ReasonCode.COHORT_IN, ReasonCode.LIVE, ReasonCode.RETIRE, ReasonCode.COMPLETE -> contained {
                val attempt = Attempt(feature, word, reason, safeguard, listener, errors)
                if (attempt.replace(input)) return attempt.answer()
            }
            ReasonCode.LOAD -> contained { Attempt(feature, word, reason, safeguard, listener, errors).load() }
            else -> if (listener != null) {
                contained { Attempt(feature, word, reason, safeguard, listener, errors).report(Party.LEGACY) }
            }
        }
        return legacy.answer(input)
    }

    private fun <I, O> shadowed(
        feature: Feature<I, O>,
        word: Int,
        reason: ReasonCode,
        input: I,
        legacy: Answerer<I, O>,
    ): O {
        val answer: O
        try {
            answer = legacy.answer(input)
        } catch (thrown: Throwable) {
            contained { Attempt(feature, word, reason, safeguard, listener, errors).legacyThrew() }
            throw thrown
        }
        contained { Attempt(feature, word, reason, safeguard, listener, errors).shadow(input, answer) }
        return answer
    }

    internal fun adopt(feature: Feature<*, *>) {
        features += feature
        // After it is in the list: a kill between the two lines reaches it one way or the other.
        if (allKilled) feature.raise(Word.KILLED)
        if (safeguard != null) {
            feature.marks = safeguard.marks(feature)
            safeguard.adopt(feature)
        }
    }

    private fun reasonOf(stage: Stage): ReasonCode = when (stage) {
        Stage.OFF -> ReasonCode.OFF
        Stage.LOAD -> ReasonCode.LOAD
        Stage.SHADOW -> ReasonCode.SHADOW
        Stage.CANARY -> ReasonCode.COHORT_OUT
        Stage.LIVE -> ReasonCode.LIVE
        Stage.RETIRE -> ReasonCode.RETIRE
        Stage.COMPLETE -> ReasonCode.COMPLETE
    }

    /** Where even an attempt cannot be begun, for want of memory or stack, legacy still answers. */
    private inline fun contained(block: () -> Unit) {
        try {
            block()
        } catch (_: Throwable) {
            quietly { errors.incrementAndGet() }
        }
    }
}

/** Defines a feature; [register] ends the definition. Not thread-safe. */
public class FeatureBuilder<I, O> internal constructor(
    private val rollout: Rollout,
    private val name: String,
    private val candidate: CandidateFactory<I, O>,
) {
    private var comparison: Comparison<I, O> = Comparison.equality()
    private var nullIsAnAnswer = false
    private var bucket = NO_BUCKET

    /** How answers are compared at [Stage.SHADOW]; by `equals` if not set. */
    public fun comparison(comparison: Comparison<I, O>): FeatureBuilder<I, O> = apply { this.comparison = comparison }

    /** Says that null is an answer. If not set, a candidate that returns null has failed. */
    public fun nullIsAnAnswer(): FeatureBuilder<I, O> = apply { nullIsAnAnswer = true }

    /** The device's bucket, 0..999 (R12). Outside of that, or not set: in no cohort, whatever its share. */
    public fun bucket(bucket: Int): FeatureBuilder<I, O> =
        apply { this.bucket = if (bucket in 0 until Bucket.COUNT) bucket else NO_BUCKET }

    /** The feature, at [Stage.OFF]. */
    public fun register(): Feature<I, O> =
        Feature(name, candidate, comparison, nullIsAnAnswer, bucket).also { rollout.adopt(it) }

    private companion object {
        private const val NO_BUCKET = Int.MAX_VALUE
    }
}
