package dev.ferrule.guard

/**
 * A session object's calls of one feature, for example those of one loaded home screen; made by [Rollout.session] (R2).
 *
 * Invariants: it never trusts the candidate more than at its beginning; what makes the feature safer, such as a kill,
 * counts from the next call on. Thread-safe.
 */
public class Session<I, O> internal constructor(private val rollout: Rollout, private val feature: Feature<I, O>) {
    private val latched = feature.load()

    /** How the next call would be decided. */
    public val reason: ReasonCode
        get() = Word.reason(word())

    /** Answers [input] as [Rollout.call] does. */
    public fun call(input: I, legacy: Answerer<I, O>): O = rollout.decided(feature, word(), input, legacy)

    private fun word(): Int = Word.safer(latched, feature.load())
}
