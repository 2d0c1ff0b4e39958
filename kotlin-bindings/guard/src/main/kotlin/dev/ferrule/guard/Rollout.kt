package dev.ferrule.guard

import dev.ferrule.guard.sample.InputClasses
import dev.ferrule.guard.time.Stopwatch
import dev.ferrule.guard.time.Times
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
    internal val timeline = Timeline()
    internal val room = Times.Room(OPERATIONS_TIMED)

    @Volatile
    private var allKilled = false

    /** Marks calls in a system trace from now on; null, as at first, to mark nothing. */
    @Volatile
    public var tracer: GuardTracer? = null

    /** How much may be spent on comparing; null, as at first, for no limit. */
    @Volatile
    public var budget: ComparisonBudget? = null

    /** Tells what timed calls cost besides time from now on; null, as at first, where nobody can. */
    @Volatile
    public var meter: CostMeter? = null

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
        var failed: Attempt<I, O>? = null
        when (reason) {
            ReasonCode.SHADOW, ReasonCode.PROBING ->
                // A candidate that cannot be probed beside legacy is loaded and no more (R33).
                if (Word.stage(word) >= Stage.SHADOW) {
                    return shadowed(feature, word, reason, input, legacy)
                } else {
                    contained { Attempt(this, feature, word, reason, legacy).load() }
                }
            ReasonCode.COHORT_IN, ReasonCode.LIVE, ReasonCode.RETIRE, ReasonCode.COMPLETE -> contained {
                val attempt = Attempt(this, feature, word, reason, legacy)
                if (attempt.replace(input)) return attempt.answer()
                if (attempt.awaitsLegacy) failed = attempt
                attempt.tellUnknown(input)
            }
            ReasonCode.LOAD -> contained { Attempt(this, feature, word, reason, legacy).load() }
            else -> if (listener != null) contained { Attempt(this, feature, word, reason, legacy).report(Party.LEGACY) }
        }
        val after = failed
        return when {
            after != null -> followed(after, feature, input, legacy)
            reason.loads && feature.times.isDue() -> timed(feature, input, legacy)
            else -> legacy.answer(input)
        }
    }

    /** Legacy in a failed candidate's place; whether it throws too belongs to the evidence (R11). */
    private fun <I, O> followed(after: Attempt<I, O>, feature: Feature<I, O>, input: I, legacy: Answerer<I, O>): O {
        val answer: O
        try {
            answer = timed(feature, input, legacy)
        } catch (thrown: Throwable) {
            contained { after.legacyFollowed(input, thrown) }
            throw thrown
        }
        contained { after.legacyFollowed(input, null) }
        return answer
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
            contained { Attempt(this, feature, word, reason, legacy).legacyThrew(input) }
            throw thrown
        }
        contained { Attempt(this, feature, word, reason, legacy, epoch).compare(input, answer) }
        return answer
    }

    /** Legacy, with its time. It is never called inside something that could swallow what it throws. */
    private fun <I, O> timed(feature: Feature<I, O>, input: I, legacy: Answerer<I, O>): O {
        val tracer = tracer
        if (tracer != null) quietly { tracer.begin(feature.traces.first) }
        val watch = Stopwatch(meter)
        try {
            val answer = legacy.answer(input)
            quietly { feature.times.ofLegacy(watch.stop(), feature.operation(input)) }
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

    /** A real mismatch where the candidate answers: no tolerance, the feature goes back to shadow (R53). */
    internal fun fall(feature: Feature<*, *>) {
        if (safeguard != null) safeguard.mismatch(feature.name) else feature.lowerTo(Word.of(Stage.SHADOW, ReasonCode.SHADOW))
    }

    /** Tells somebody outside; what that throws is counted and dropped. */
    internal inline fun telling(block: () -> Unit) {
        try {
            block()
        } catch (thrown: Throwable) {
            quietly { errors.incrementAndGet() }
            // Whoever waits for it still has to see it.
            quietly { if (thrown is InterruptedException) Thread.currentThread().interrupt() }
        }
    }

    internal fun adopt(feature: Feature<*, *>) {
        features += feature
        // After it is in the list: a kill between the two lines reaches it one way or the other.
        if (allKilled) feature.raise(Word.KILLED)
        safeguard?.adopt(feature)
    }

    private companion object {
        /** With two histograms of 2 KiB each, beside those of 63 features: within the budget of section 2.14. */
        private const val OPERATIONS_TIMED = 16
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
    private var isRepeatable = false
    private var isStartup = false
    private var classes = InputClasses<I>(0, of = null)
    private var inShadow = 1
    private var whileAnswering = ORACLE_ONE_IN
    private var operations = Operations<I>(emptyList(), null)
    private var evidence: Evidence<I>? = null

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
     * Compares on the guard's worker, some time after the caller has its answer, on what [copy] makes of the input. That answer
     * must not change afterwards either. The queue is bounded; what finds no room is counted.
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

    /**
     * Says that legacy can be asked any input once more: it changes nothing, and where comparisons are made [later] it may be asked
     * on another thread. Then a sample of the calls that the candidate answers at CANARY and LIVE is answered by legacy too, after
     * it and for the comparison alone, and a real mismatch takes the feature down to SHADOW (R53); and one comparison of 200, and
     * each that found a difference, asks legacy again: where legacy differs from itself nothing counts against the candidate (R18).
     *
     * Without [later] legacy is asked on the caller's thread, before that gets the candidate's answer: for legacies that take
     * microseconds.
     */
    public fun repeatable(): FeatureBuilder<I, O> = apply { isRepeatable = true }

    /**
     * Divides inputs into classes `0` until [count], at most 64; of each the first 20 are compared, so that rare ones are seen too
     * (R16).
     */
    public fun classes(count: Int, of: InputClass<I>): FeatureBuilder<I, O> = apply { classes = InputClasses(count, of = of) }

    /** The same with the classes' names, as the configuration declares them: what a gate asks for is counted by name. */
    public fun classes(names: List<String>, of: InputClass<I>): FeatureBuilder<I, O> =
        apply { classes = InputClasses(names.size, names.toList(), of) }

    /**
     * Keeps a ledger of what is compared, on the device and over the life of the process, for gates (R49): one for each operation and
     * each rung of this legacy, this comparator, the configuration and the candidate's build. It takes a [Safeguard] whose compiled
     * state is that of `ferrule rollout compile`, which brings the configuration's hash; without that nothing is kept.
     *
     * @param legacyBuild what tells this legacy from another version of it, at most 255 characters
     * @param comparator the version of the comparison: one more whenever it changes
     * @param identity tells inputs apart; what it throws, and what a comparison throws, counts as an error of the harness
     */
    public fun evidence(legacyBuild: String, comparator: Int, identity: InputIdentity<I>): FeatureBuilder<I, O> =
        apply { evidence = Evidence(legacyBuild, comparator, identity) }

    /**
     * How many calls are compared beyond the first of each class: one of [inShadow] at SHADOW, where every one is if not set, and
     * one of [whileAnswering] where the candidate answers, 64 if not set (R16).
     */
    @JvmOverloads
    public fun sample(inShadow: Int, whileAnswering: Int = ORACLE_ONE_IN): FeatureBuilder<I, O> = apply {
        this.inShadow = inShadow
        this.whileAnswering = whileAnswering
    }

    /**
     * Names the operations that inputs may ask for, at most 64: each is timed and judged by itself (R32), and a process that dies
     * in one leaves its number in the beacon, counted from 1 (R24). 16 in a process have times of their own; further ones are
     * timed together with what is no operation.
     */
    public fun operations(names: List<String>, of: OperationOf<I>): FeatureBuilder<I, O> =
        apply { operations = Operations(names, of) }

    /** Says that the feature is about starting, so that it is compared in the first ten seconds of a process too (R16). */
    public fun startup(): FeatureBuilder<I, O> = apply { isStartup = true }

    /** The feature, at [Stage.OFF]. */
    public fun register(): Feature<I, O> {
        val running = Running(
            deadlineNanos, later.takeIf { writes == null }, epoch, writes,
            isRepeatable = isRepeatable && writes == null, isStartup, Sampling(classes, inShadow, whileAnswering),
            operations,
        )
        return Feature(name, candidate, comparison, nullIsAnAnswer, bucket, running, rollout.room, evidence).also { rollout.adopt(it) }
    }

    private companion object {
        private const val NO_BUCKET = Int.MAX_VALUE
        private const val ORACLE_ONE_IN = 64
    }
}
