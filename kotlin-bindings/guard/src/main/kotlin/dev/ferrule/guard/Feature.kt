package dev.ferrule.guard

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

/**
 * How the calls of a feature are run beside or instead of legacy's.
 *
 * @property deadlineNanos how long a caller waits for the candidate's answer; 0 to run it on the caller's thread
 * @property later how inputs are copied for comparisons that are made later; null to compare on the caller's thread
 * @property epoch tells whether what inputs are taken from changed while the two ran
 * @property writes hears which writes left the two apart; null for a feature that only reads
 */
internal class Running<I>(
    val deadlineNanos: Long = 0,
    val later: InputCopy<I>? = null,
    val epoch: InputEpoch? = null,
    val writes: WriteMirror<I>? = null,
) {
    companion object {
        const val DEADLINE_MILLIS_MAX = 5_000L
    }
}

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
) {
    private val word = AtomicInteger(Word.of(Stage.OFF, ReasonCode.OFF))

    /** Marks calls in flight; null where nothing outlives the process. */
    internal var marks: Marks? = null

    /** What became of the candidate's calls in this process. */
    internal val breaker = Breaker(System::nanoTime)

    /** What came of the calls of this process, and how long they took. */
    internal val tally = Tally()
    internal val times = Times()

    /** What a trace calls legacy's and the candidate's calls. */
    internal val traces = TraceNames.legacy(name) to TraceNames.candidate(name)

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

    internal fun raise(flag: Int) {
        update { it or flag }
    }

    internal fun lower(flag: Int) {
        update { it and flag.inv() }
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
        var created: Answerer<I, O>? = null
        try {
            // A factory in Java can return null.
            created = factory.create() ?: throw NullPointerException("the factory of $name returned null")
            return created
        } finally {
            // Left at CREATING after a failure: nobody tries again, whatever happens to the word.
            if (created == null) raise(Word.UNAVAILABLE) else slot.set(created)
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
        private val NOT_CREATED: Any = "not created"
        private val CREATING: Any = "creating"
    }
}
