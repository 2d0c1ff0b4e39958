package dev.ferrule.guard

import dev.ferrule.guard.ledger.Trials
import dev.ferrule.guard.sample.InputClasses
import dev.ferrule.guard.sample.Sampler
import dev.ferrule.guard.sample.Share
import dev.ferrule.guard.time.Times
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReference

/** Answers an input: legacy and the candidate both do. */
public fun interface Answerer<I, O> {
    /** The answer to [input]. It may throw anything. */
    @Throws(Exception::class)
    public fun answer(input: I): O
}

/**
 * Creates the candidate of a feature.
 *
 * It is the only thing that refers to the candidate's classes, and it is called at most once, at the first call beyond
 * [Stage.OFF]. What it throws makes the feature unavailable for the life of the process.
 */
public fun interface CandidateFactory<I, O> {
    /** The candidate, ready to answer. */
    @Throws(Exception::class)
    public fun create(): Answerer<I, O>
}

/** Thrown by a factory whose candidate another feature is making just now: the next call asks again. */
internal object NotYet : Exception() {
    private const val serialVersionUID = 1L

    private fun readResolve(): Any = NotYet

    /** It is one object and goes one step. */
    override fun fillInStackTrace(): Throwable = this
}

/** Copies an input, so that a candidate can be asked later what legacy was asked now. */
public fun interface InputCopy<I> {
    /** Something equal to [input] that nobody changes any more: [input] itself, if it never changes. */
    @Throws(Exception::class)
    public fun of(input: I): I
}

/** Counts the changes of what inputs are taken from, for example of a home screen's model (R7). */
public fun interface InputEpoch {
    /** Another number after every change. */
    @Throws(Exception::class)
    public fun now(): Long
}

/** Says which of a feature's declared operations an input asks for. */
public fun interface OperationOf<I> {
    /** The operation's place in the list of names, from 0; any other number stands for none of them. */
    @Throws(Exception::class)
    public fun of(input: I): Int
}

/** What inputs may ask for, numbered from 1; 0 is none of it. */
internal class Operations<I>(names: List<String>, private val of: OperationOf<I>?) {
    val names: List<String> = names.take(OPERATIONS_MAX)

    fun of(input: I): Int {
        val place = of?.of(input) ?: return Times.NO_OPERATION
        return if (place in names.indices) place + 1 else Times.NO_OPERATION
    }

    private companion object {
        private const val OPERATIONS_MAX = 64
    }
}

/**
 * How the calls of a feature are run beside or instead of legacy's.
 *
 * @property deadlineNanos how long a caller waits for the candidate's answer; 0 to run it on the caller's thread
 * @property later how inputs are copied for comparisons that are made later; null to compare on the caller's thread
 * @property epoch tells whether what inputs are taken from changed while the two ran
 * @property writes hears which writes left the two apart; null for a feature that only reads
 * @property isRepeatable whether legacy can be asked an input once more
 * @property isStartup whether it is about starting, and so is compared while a process starts
 * @property sampling which calls are compared
 * @property operations what inputs may ask for
 */
internal class Running<I>(
    val deadlineNanos: Long,
    val later: InputCopy<I>?,
    val epoch: InputEpoch?,
    val writes: WriteMirror<I>?,
    val isRepeatable: Boolean,
    val isStartup: Boolean,
    val sampling: Sampling<I>,
    val operations: Operations<I>,
) {
    companion object {
        const val DEADLINE_MILLIS_MAX = 5_000L
    }
}

/** Of how many calls one is compared, beyond the first of each class: at SHADOW, and where the candidate answers (R16). */
internal class Sampling<I>(val classes: InputClasses<I>, val inShadow: Int, val whileAnswering: Int)

/**
 * One thing that legacy can answer and a candidate can answer instead. Made by [Rollout.feature]; thread-safe.
 *
 * All that decides a call is one 32-bit word and the device's bucket, so that a decision is one volatile load.
 */
public class Feature<I, O> internal constructor(
    /** Name in reports, for example `os.compat_check`. */
    public val name: String,
    private val factory: CandidateFactory<I, O>,
    internal val comparison: Comparison<I, O>,
    internal val nullIsAnAnswer: Boolean,
    internal val bucket: Int,
    internal val running: Running<I>,
    room: Times.Room,
    /** What its ledgers need; null where it keeps none. */
    internal val evidence: Evidence<I>? = null,
) {
    private val word = AtomicInteger(Word.of(Stage.OFF, ReasonCode.OFF))

    /** Marks calls in flight; null where nothing outlives the process. */
    internal var marks: Marks? = null

    /** Counts what comes of its calls as evidence; null where nothing outlives the process or nobody said what it is about. */
    internal var trials: Trials<I>? = null

    /** What became of the candidate's calls in this process. */
    internal val breaker = Breaker(System::nanoTime)

    /** What came of the calls of this process, and how long they took. */
    internal val tally = Tally()
    internal val times = Times(running.operations.names.size, room)

    /** What a trace calls legacy's and the candidate's calls. */
    internal val traces = TraceNames.legacy(name) to TraceNames.candidate(name)

    /** Which calls are compared at SHADOW; and which are checked by legacy where the candidate answers, null for none. */
    internal val inShadow = Sampler(running.sampling.classes, running.sampling.inShadow)
    internal val oracle =
        if (running.isRepeatable || running.writes != null) {
            Sampler(running.sampling.classes, running.sampling.whileAnswering)
        } else {
            null
        }

    /** Which comparisons hold legacy against itself as well; null where it cannot be asked again (R18). */
    internal val control = if (running.isRepeatable) Share(CONTROL_ONE_IN) else null

    /** The two cannot run side by side, says the state, so legacy checks nothing here. */
    @Volatile
    internal var isExclusive = false

    /** Legacy hung as an oracle: it is not asked as one again in this process. */
    @Volatile
    internal var isOracleHung = false

    /** Clean probes in a row while the breaker proves itself (R33). */
    internal val probes = AtomicInteger()

    /** About how often the candidate was called: enough to tell a feature in use from one that is not (R27). */
    internal var candidateCalls = 0
        private set
    private val slot = AtomicReference<Any?>(NOT_CREATED)

    /** The stage that was set last, whatever overrides it. */
    public val stage: Stage
        get() = Word.stage(word.get())

    /** How the next call would be decided. */
    public val reason: ReasonCode
        get() = Word.reason(word.get())

    /** Whether this process trusts the candidate less than its stage says. */
    internal val isOverridden: Boolean
        get() = word.get() and Word.OVERRIDES != 0

    internal fun load(): Int = word.get()

    /** Replaces stage and share; kill, trip and unavailability stay (RO-I4). */
    internal fun configure(configured: Int) {
        update { (it and Word.OVERRIDES) or configured }
    }

    /** As [configure], but only where the stage was higher: it may have been lowered since whoever asks has looked (RO-I4). */
    internal fun lowerTo(configured: Int) {
        update { if (Word.stage(it) > Word.stage(configured)) (it and Word.OVERRIDES) or configured else it }
    }

    internal fun raise(flag: Int) {
        update { it or flag }
    }

    internal fun lower(flag: Int) {
        update { it and flag.inv() }
    }

    /** Which operation [input] asks for; none where that cannot be told. */
    internal fun operation(input: I): Int = try {
        running.operations.of(input)
    } catch (_: Throwable) {
        Times.NO_OPERATION
    }

    internal fun countCall() {
        // Two threads may count as one, and that it ends somewhere keeps it from overflowing.
        if (candidateCalls < ENOUGH_CALLS) candidateCalls++
    }

    /**
     * The candidate, created by the first caller.
     *
     * Returns null while another call creates it: no call waits for another's library load, and a factory that calls
     * the feature it belongs to gets legacy's answer. Throws what the factory throws, once; then the word says so.
     */
    internal fun candidate(): Answerer<I, O>? {
        val seen = slot.get()
        if (seen !== NOT_CREATED) {
            @Suppress("UNCHECKED_CAST")
            return if (seen === CREATING) null else seen as Answerer<I, O>
        }
        if (!slot.compareAndSet(NOT_CREATED, CREATING)) return null
        quietly { marks?.firstUse() }
        // Left at CREATING after a failure: nobody tries again, whatever happens to the word.
        var outcome: Any = CREATING
        try {
            // A factory in Java can return null.
            val created = factory.create() ?: throw NullPointerException("the factory of $name returned null")
            outcome = created
            return created
        } catch (_: NotYet) {
            outcome = NOT_CREATED
            return null
        } finally {
            if (outcome === CREATING) raise(Word.UNAVAILABLE) else slot.set(outcome)
            if (outcome !== CREATING && outcome !== NOT_CREATED) quietly { trials?.loaded() }
        }
    }

    private inline fun update(change: (Int) -> Int) {
        while (true) {
            val old = word.get()
            if (word.compareAndSet(old, change(old))) return
        }
    }

    private companion object {
        private const val ENOUGH_CALLS = 1_000_000
        private const val CONTROL_ONE_IN = 200
        private val NOT_CREATED: Any = "not created"
        private val CREATING: Any = "creating"
    }
}
