package dev.ferrule.guard

/**
 * How far a feature has moved from legacy to its candidate. The order is the order of promotion.
 *
 * The number of a stage on disk is its place in this list.
 */
public enum class Stage {
    /** Legacy answers; nothing of the candidate is created, loaded or initialised (RO-I2). */
    OFF,

    /** Legacy answers; the candidate is created once, which loads its library, and is never called. */
    LOAD,

    /** Legacy answers; the candidate runs after it on the same input and the two answers are compared. */
    SHADOW,

    /** The candidate answers on devices in the cohort, legacy elsewhere and whenever the candidate fails. */
    CANARY,

    /** The candidate answers; legacy does whenever the candidate fails. */
    LIVE,

    /** As [LIVE], and nothing is compared any more; legacy's data are still written. */
    RETIRE,

    /** The candidate answers and legacy is on its way out of the code; where it is still given, it answers failures. */
    COMPLETE,
}
