package dev.ferrule.guard

/**
 * What a comparison of the two answers found: a match, a mismatch, or a difference with a documented cause.
 *
 * An explained difference names a code of a closed, documented list, and only a rule that recomputes *both* answers
 * from the input may name one (R57). It never counts as a match.
 */
public class Verdict private constructor(
    /** What kind of verdict this is. */
    public val kind: Kind,
    /** The code of an explained difference, else null. */
    public val code: String?,
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

    override fun toString(): String = if (code == null) kind.name else "$kind($code)"

    public companion object {
        private val MATCH = Verdict(Kind.MATCH, null)
        private val MISMATCH = Verdict(Kind.MISMATCH, null)

        /** The answers are equal. */
        @JvmStatic
        public fun match(): Verdict = MATCH

        /** The answers differ and no rule accounts for it. */
        @JvmStatic
        public fun mismatch(): Verdict = MISMATCH

        /** The answers differ exactly as [code] predicts. */
        @JvmStatic
        public fun explained(code: String): Verdict = Verdict(Kind.EXPLAINED, code)
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
