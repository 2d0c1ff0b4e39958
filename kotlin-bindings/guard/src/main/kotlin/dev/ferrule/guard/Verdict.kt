package dev.ferrule.guard

/**
 * What a comparison of the two answers found: a match, a mismatch, or a difference with a documented cause.
 *
 * An explained difference names codes of a closed, documented list, and only a rule that recomputes *both* answers
 * from the input may name them (R57). It never counts as a match.
 */
public class Verdict private constructor(
    /** What kind of verdict this is. */
    public val kind: Kind,
    /** The codes of an explained difference, at least one; empty for the other kinds. */
    public val codes: List<String>,
    /** Where the answers differ, until the guard has redacted it. */
    internal val differences: List<Difference> = emptyList(),
) {
    /** The kinds of verdict. */
    public enum class Kind {
        /** The answers are equal. */
        MATCH,

        /** The answers differ and no rule accounts for it. */
        MISMATCH,

        /** The answers differ exactly as a documented cause predicts. */
        EXPLAINED,
    }

    /** The same without the places, which hold values: no more of it leaves the frame that compares (RO-I7). */
    internal fun bare(): Verdict = if (differences.isEmpty()) this else Verdict(kind, codes)

    override fun toString(): String = if (codes.isEmpty()) kind.name else "$kind(${codes.joinToString()})"

    public companion object {
        private val MATCH = Verdict(Kind.MATCH, emptyList())
        private val MISMATCH = Verdict(Kind.MISMATCH, emptyList())

        /** How many places of one comparison are looked at. */
        private const val PLACES_MAX = 64

        /** The answers are equal. */
        @JvmStatic
        public fun match(): Verdict = MATCH

        /** The answers differ and no rule accounts for it. */
        @JvmStatic
        public fun mismatch(): Verdict = MISMATCH

        /** The answers differ in these places and no rule accounts for it. The places are shown redacted, as part of the evidence. */
        @JvmStatic
        public fun mismatch(differences: List<Difference>): Verdict = Verdict(Kind.MISMATCH, emptyList(), differences.take(PLACES_MAX))

        /** As [explained], with the places in which they differ. */
        @JvmStatic
        public fun explained(codes: List<String>, differences: List<Difference>): Verdict =
            if (codes.isEmpty()) mismatch(differences) else Verdict(Kind.EXPLAINED, codes.toList(), differences.take(PLACES_MAX))

        /** The answers differ exactly as [codes] together predict; a difference without a code is a mismatch. */
        @JvmStatic
        public fun explained(vararg codes: String): Verdict =
            if (codes.isEmpty()) MISMATCH else Verdict(Kind.EXPLAINED, codes.toList())
    }
}

/**
 * Compares the two answers to one input. It may throw: that counts as an error of the harness, and the caller of the
 * feature never notices.
 */
public fun interface Comparison<I, O> {
    /** Compares what [legacy] and [candidate] answered to [input]. */
    @Throws(Exception::class)
    public fun compare(input: I, legacy: O, candidate: O): Verdict

    public companion object {
        /** Equal by `equals`, null-safe. */
        @JvmStatic
        public fun <I, O> equality(): Comparison<I, O> =
            Comparison { _, legacy, candidate -> if (legacy == candidate) Verdict.match() else Verdict.mismatch() }
    }
}
