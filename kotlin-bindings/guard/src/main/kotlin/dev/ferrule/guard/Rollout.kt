package dev.ferrule.guard

import dev.ferrule.guard.work.Worker
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicLong

/**
 * Decides, call by call, whether legacy or the candidate answers, and returns legacy's answer whenever the candidate
 * does not give one.
 *
 * What it is: the one door to everything native; a process has one. What it is not: a scheduler. Without a
 * [deadline][FeatureBuilder.deadline] the candidate runs on the caller's thread, so one that hangs blocks the caller (R59).
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
public class Rollout internal constructor(
    internal val safeguard: Safeguard?,
    internal val listener: DecisionListener?,
    internal val worker: Worker,
) {
    /** With a [Safeguard], which holds what outlives the process. */
    public constructor(safeguard: Safeguard?, listener: DecisionListener?) : this(safeguard, listener, Worker())

    /** Without a [Safeguard]: stages are what this process sets, and nothing outlives it. */
    @JvmOverloads
    public constructor(listener: DecisionListener? = null) : this(null, listener)

    private val features = CopyOnWriteArrayList<Feature<*, *>>()
    internal val errors = AtomicLong()

    @Volatile
    private var allKilled = false

    /** Marks calls in a system trace from now on; null, as at first, to mark nothing. */
    @Volatile
    public var tracer: GuardTracer? = null

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
     * Sets the stage of every feature named [name], as a wrapped interface has more than one.
     *
     * @return false if a [Safeguard] refused, or there is none of that name
     */
    public fun setStage(name: String, stage: Stage): Boolean {
        if (safeguard != null) return safeguard.set(name, stage)
        val named = features.filter { it.name == name }
        named.forEach { setStage(it, stage) }
        return named.isNotEmpty()
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
        when (reason) {
            ReasonCode.SHADOW, ReasonCode.PROBING -> return shadowed(feature, word, reason, input, legacy)
            ReasonCode.COHORT_IN, ReasonCode.LIVE, ReasonCode.RETIRE, ReasonCode.COMPLETE -> contained {
                val attempt = Attempt(this, feature, word, reason)
                if (attempt.replace(input)) {
                    if (feature.running.writes != null && reason != ReasonCode.COMPLETE) mirror(feature, input, legacy)
                    return attempt.answer()
                }
                attempt.tellUnknown(input)
            }
            ReasonCode.LOAD -> contained { Attempt(this, feature, word, reason).load() }
            else -> if (listener != null) contained { Attempt(this, feature, word, reason).report(Party.LEGACY) }
        }
        return if (reason.loads && feature.times.isDue()) timed(feature, input, legacy) else legacy.answer(input)
    }

    /** The write that the candidate has done, done by legacy too, so that a kill needs no data step (R35, R38). */
    private fun <I, O> mirror(feature: Feature<I, O>, input: I, legacy: Answerer<I, O>) {
        try {
            legacy.answer(input)
        } catch (failure: Throwable) {
            contained { feature.running.writes?.behind(input, failure) }
            if (failure is InterruptedException) Thread.currentThread().interrupt()
        }
    }

    private fun <I, O> shadowed(
        feature: Feature<I, O>,
        word: Int,
        reason: ReasonCode,
        input: I,
        legacy: Answerer<I, O>,
    ): O {
        var epoch = 0L
        contained { epoch = feature.running.epoch?.now() ?: 0L }
        val answer: O
        try {
            answer = timed(feature, input, legacy)
        } catch (thrown: Throwable) {
            contained { Attempt(this, feature, word, reason).legacyThrew() }
            throw thrown
        }
        contained {
            val attempt = Attempt(this, feature, word, reason, epoch)
            if (feature.running.later == null) attempt.shadow(input, answer) else attempt.shadowLater(input, answer)
        }
        return answer
    }

    /** Legacy, with its time. It is never called inside something that could swallow what it throws. */
    private fun <I, O> timed(feature: Feature<I, O>, input: I, legacy: Answerer<I, O>): O {
        val tracer = tracer
        if (tracer != null) quietly { tracer.begin(feature.traces.first) }
        val begin = System.nanoTime()
        try {
            val answer = legacy.answer(input)
            quietly { feature.times.ofLegacy(System.nanoTime() - begin) }
            return answer
        } finally {
            if (tracer != null) quietly { tracer.end() }
        }
    }

    /**
     * Puts the guard in front of an interface that is annotated with [Guarded]: what is returned answers every call by
     * [legacy], or by what [candidate] makes if the feature is that far. Methods with [Writes] are done by both where the
     * candidate answers, and [mirror] hears where that left them apart.
     *
     * @throws IllegalArgumentException if [type] is no interface or lacks the annotation
     */
    @JvmOverloads
    public fun <T : Any> wrap(
        type: Class<T>,
        legacy: T,
        candidate: CandidateMaker<T>,
        mirror: WriteMirror<MethodCall>? = null,
    ): T = Wrapped.of(this, type, legacy, mirror, candidate)

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
    internal var deadlineNanos: Long = 0
    private var later: InputCopy<I>? = null
    private var epoch: InputEpoch? = null
    private var writes: WriteMirror<I>? = null

    /** How answers are compared at [Stage.SHADOW]; by `equals` if not set. */
    public fun comparison(comparison: Comparison<I, O>): FeatureBuilder<I, O> = apply { this.comparison = comparison }

    /** Says that null is an answer. If not set, a candidate that returns null has failed. */
    public fun nullIsAnAnswer(): FeatureBuilder<I, O> = apply { nullIsAnAnswer = true }

    /** The device's bucket, 0..999 (R12). Outside of that, or not set: in no cohort, whatever its share. */
    public fun bucket(bucket: Int): FeatureBuilder<I, O> =
        apply { this.bucket = if (bucket in 0 until Bucket.COUNT) bucket else NO_BUCKET }

    /**
     * Runs the candidate on the guard's worker and waits at most [millis] for it, 1..5000 (a value outside is cut to that):
     * then legacy's answer counts, and what the candidate answers later is dropped (R8). For operations that may take
     * long; to go to another thread and back costs about 10 µs.
     */
    public fun deadline(millis: Long): FeatureBuilder<I, O> =
        apply { deadlineNanos = TimeUnit.MILLISECONDS.toNanos(millis.coerceIn(1L, Running.DEADLINE_MILLIS_MAX)) }

    /**
     * Compares on the guard's worker at [Stage.SHADOW], some time after the caller has its answer, on what [copy] makes of
     * the input. Legacy's answer must not change afterwards either. The queue is bounded; what finds no room is counted.
     */
    public fun later(copy: InputCopy<I>): FeatureBuilder<I, O> = apply { later = copy }

    /** Tells when what inputs are taken from has changed while the two ran: then their answers are not compared (R7). */
    public fun epoch(epoch: InputEpoch): FeatureBuilder<I, O> = apply { this.epoch = epoch }

    /**
     * Says that the feature writes: where the candidate answers, legacy does the write after it, until COMPLETE, and [mirror]
     * hears what left the two apart (R10, R35, R38). At [Stage.SHADOW] the candidate writes into a store of its own (R42).
     * Writes keep their order, so they are never compared [later].
     */
    public fun writes(mirror: WriteMirror<I>): FeatureBuilder<I, O> = apply { writes = mirror }

    /** The feature, at [Stage.OFF]. */
    public fun register(): Feature<I, O> {
        val running = Running(deadlineNanos, later.takeIf { writes == null }, epoch, writes)
        return Feature(name, candidate, comparison, nullIsAnAnswer, bucket, running).also { rollout.adopt(it) }
    }

    private companion object {
        private const val NO_BUCKET = Int.MAX_VALUE
    }
}
