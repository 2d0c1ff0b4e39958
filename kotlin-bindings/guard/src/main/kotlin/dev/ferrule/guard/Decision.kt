package dev.ferrule.guard

/** The two who can answer a call. */
public enum class Party {
    /** The code that has answered so far. */
    LEGACY,

    /** The code that is to replace it. */
    CANDIDATE,
}

/** What came of running the candidate, or of not running it (R11, as far as this guard goes). */
public enum class Outcome {
    /** The candidate was not called. */
    SKIPPED,

    /** The candidate answered and nothing was compared. */
    ANSWERED,

    /** Both answered; [Decision.verdict] says what the comparison found. */
    COMPARED,

    /**
     * Legacy threw where its answer was to be compared. Where it answers, the caller got that throwable and nobody asked the
     * candidate; where the candidate answers, it had answered the same input (R11).
     */
    LEGACY_THREW,

    /** The candidate threw, or answered null where null is no answer. */
    CANDIDATE_FAILED,

    /** Both answered but the comparison threw; or the copy of the input for a later comparison could not be made. */
    HARNESS_ERROR,

    /**
     * The candidate had not answered at its deadline, or was at a write when its caller was interrupted; what it answers later is
     * dropped (R8, R10).
     */
    LATE,

    /** The guard's worker had no room or no time to begin with the call, or the caller was interrupted while it waited for an answer. */
    BUSY,

    /** What the input came from changed while the two ran, so that nothing can be said of their answers (R7). */
    TORN_INPUT,

    /** The comparison was to be made later and had to make room for another (R17). */
    DROPPED,

    /** Legacy's answer was not compared: the sample or the budget left this call out (R16). */
    UNSAMPLED,

    /** Legacy did not give the same answer twice, so that nothing can be said of the candidate's (R18). */
    NOISE,
}

/**
 * One call, as told to a [DecisionListener]: who answered, why, and what came of the candidate.
 *
 * It holds no input and no answer (RO-I7). [failure] may hold data in its message, so it must not leave the process.
 */
public class Decision internal constructor(
    /** Name of the feature. */
    public val feature: String,
    /** Its stage when the call was decided. */
    public val stage: Stage,
    /** Whose answer, or whose throwable, the caller got. */
    public val answeredBy: Party,
    /** Why that party. */
    public val reason: ReasonCode,
    /** What came of the candidate. */
    public val outcome: Outcome,
    /** What the comparison found if [outcome] is [Outcome.COMPARED], else null. */
    public val verdict: Verdict?,
    /** What the candidate, its creation or the comparison threw, else null. */
    public val failure: Throwable?,
) {
    override fun toString(): String =
        "$feature: $answeredBy answered at $stage ($reason, ${verdict ?: outcome})"
}

/**
 * Told of every call of every feature of a [Rollout], once.
 *
 * It runs on the caller's thread before the answer is returned, so it must be quick and must not block; for a call that is
 * compared later, on the guard's worker once it was. What it throws is counted and dropped.
 */
public fun interface DecisionListener {
    /** One call was answered. */
    @Throws(Exception::class)
    public fun onDecision(decision: Decision)
}
