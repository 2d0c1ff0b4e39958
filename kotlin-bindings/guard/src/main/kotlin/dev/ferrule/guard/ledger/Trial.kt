package dev.ferrule.guard.ledger

import java.util.Locale

/**
 * What came of one call that was to be compared: the closed list of R11. The order is the number on disk.
 *
 * @property agrees the two sides agreed
 * @property burns a real mismatch; an error on one side is one
 */
internal enum class Trial(val agrees: Boolean = false, val burns: Boolean = false) {
    MATCH(agrees = true),
    MISMATCH(burns = true),
    BOTH_THREW_SAME(agrees = true),
    BOTH_THREW_DIFF(burns = true),
    L_THREW(burns = true),
    C_ERROR(burns = true),
    C_PANIC(burns = true),
    LATE,
    TORN_INPUT,
    NOISE,
    WAIVED,
    SKIPPED,
    DROPPED,
    HARNESS_ERROR,
    ;

    /** As the lines of a ledger call it. */
    val label: String = name.lowercase(Locale.ROOT)

    /** Whether it is a comparison: one of the trials of the bound. */
    val counts: Boolean
        get() = agrees || burns
}
