package dev.ferrule.guard

/**
 * Why a call was answered by the one who answered it. A closed list of stable codes: the name is the code, each has
 * an entry in `docs/codes.md`, and a code never changes its meaning.
 */
public enum class ReasonCode {
    /** The feature is at [Stage.OFF]. */
    RO_OFF,

    /** Somebody killed the feature, or all features. */
    RO_KILLED,

    /** The candidate ran out of memory or stack in this process; it is not called again (R9). */
    RO_TRIPPED,

    /** The candidate could not be created, for example because its library is missing (R30). */
    RO_UNAVAILABLE,

    /** Another call is creating the candidate right now; this one does not wait for it. */
    RO_LOADING,

    /** A setting was outside its range, so the feature counts as off (R56). */
    RO_CONFIG_RANGE,

    /** The feature is at [Stage.LOAD]. */
    RO_LOAD,

    /** The feature is at [Stage.SHADOW]. */
    RO_SHADOW,

    /** [Stage.CANARY], and this device is in the cohort. */
    RO_COHORT_IN,

    /** [Stage.CANARY], and this device is not in the cohort. */
    RO_COHORT_OUT,

    /** The feature is at [Stage.LIVE]. */
    RO_LIVE,

    /** The candidate should have answered and failed; legacy answered in its place. */
    RO_CANDIDATE_FAILED,
}
