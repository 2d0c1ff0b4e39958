package dev.ferrule.guard

/**
 * How far a feature has moved from legacy to its candidate. The order is the order of promotion.
 *
 * Two more stages follow [LIVE] once features write (`RETIRE`, `COMPLETE`); a reader of stages must expect them.
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
}
