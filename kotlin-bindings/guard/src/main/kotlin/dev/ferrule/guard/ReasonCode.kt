package dev.ferrule.guard

/**
 * Why a call was answered by the one who answered it. A closed list: each [code] has an entry in
 * `docs/codes.md` and never changes its meaning.
 */
public enum class ReasonCode(
    /** The stable code, for reports and for programs that compare. */
    public val code: String,
) {
    /** The feature is at [Stage.OFF]. */
    OFF("RO_OFF"),

    /** Somebody killed the feature, or all features. */
    KILLED("RO_KILLED"),

    /** The candidate ran out of memory or stack in this process; it is not called again (R9). */
    TRIPPED("RO_TRIPPED"),

    /** The candidate could not be created, for example because its library is missing (R30). */
    UNAVAILABLE("RO_UNAVAILABLE"),

    /** Another call is creating the candidate right now; this one does not wait for it. */
    LOADING("RO_LOADING"),

    /** A setting was outside its range, so the feature counts as off (R56). */
    CONFIG_RANGE("RO_CONFIG_RANGE"),

    /** The feature is at [Stage.LOAD]. */
    LOAD("RO_LOAD"),

    /** The feature is at [Stage.SHADOW]. */
    SHADOW("RO_SHADOW"),

    /** [Stage.CANARY], and this device is in the cohort. */
    COHORT_IN("RO_COHORT_IN"),

    /** [Stage.CANARY], and this device is not in the cohort. */
    COHORT_OUT("RO_COHORT_OUT"),

    /** The feature is at [Stage.LIVE]. */
    LIVE("RO_LIVE"),

    /** The candidate should have answered and failed; legacy answered in its place. */
    CANDIDATE_FAILED("RO_CANDIDATE_FAILED"),
    ;

    override fun toString(): String = code
}
