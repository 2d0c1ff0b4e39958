package dev.ferrule.guard

import java.util.Locale

/**
 * Tells inputs apart, so that a ledger knows how many different ones were compared (section 2.12).
 *
 * Only a hash under a key of the device is kept of what it gives (R21).
 */
public fun interface InputIdentity<I> {
    /** Bytes that are equal for equal inputs and different for different ones. */
    @Throws(Exception::class)
    public fun of(input: I): ByteArray
}

/**
 * One place in which two answers differ, for [Verdict.mismatch] and [Verdict.explained].
 *
 * The values go no further than the guard, which redacts them before the comparison's frame is left (R21, RO-I7): of texts and
 * bytes a digest under the device's key and their length, of lists and maps their size, numbers and truth values as they are, and
 * of anything else nothing.
 *
 * @param path where, as names of fields with dots between and indexes as `[*]`; never a value. Characters that names do not have are
 *   replaced, and it is cut to 256
 * @property kind how they differ there
 * @property legacy legacy's value there
 * @property candidate the candidate's
 */
public class Difference @JvmOverloads constructor(
    path: String,
    public val kind: Kind,
    internal val legacy: Any? = null,
    internal val candidate: Any? = null,
) {
    /** Where. */
    public val path: String = path.take(PATH_MAX).map { if (it in 'a'..'z' || it in 'A'..'Z' || it in '0'..'9' || it in PATH_CHARACTERS) it else '?' }
        .joinToString("")

    /** How two answers differ in a place. */
    public enum class Kind {
        /** Both have a value of one kind there, and it is not the same. */
        VALUE,

        /** Both have a value there, of different kinds. */
        KIND,

        /** Only legacy has one. */
        ONLY_LEGACY,

        /** Only the candidate has one. */
        ONLY_CANDIDATE,
        ;

        internal val label: String = name.lowercase(Locale.ROOT)
    }

    private companion object {
        private const val PATH_MAX = 256
        private const val PATH_CHARACTERS = "._-[]*()\$"
    }
}

/** What a feature says of its evidence: what a ledger's key needs besides the configuration (R49). */
internal class Evidence<I>(legacyBuild: String, val comparator: Int, val identity: InputIdentity<I>) {
    val legacyBuild: String = legacyBuild.take(BUILD_MAX)

    private companion object {
        private const val BUILD_MAX = 255
    }
}
