package dev.ferrule.guard

/**
 * Why a call was answered by the one who answered it. A closed list: each [code] has an entry in
 * `docs/codes.md` and never changes its meaning.
 */
public enum class ReasonCode(
    /** The stable code, for reports and for programs that compare. */
    public val code: String,
    /** How far the candidate is trusted in such a call: 0 not at all, 1 to be loaded, 2 to run, from 3 on to answer. */
    internal val trust: Int,
) {
    /** The feature is at [Stage.OFF]. */
    OFF("RO_OFF", 0),

    /** Somebody killed the feature, or all features. */
    KILLED("RO_KILLED", 0),

    /** The breaker is open: the candidate failed too often, or ran out of memory or stack (R9, R33). */
    TRIPPED("RO_TRIPPED", 0),

    /** The candidate could not be created, for example because its library is missing (R30). */
    UNAVAILABLE("RO_UNAVAILABLE", 0),

    /** Another call is creating the candidate right now; this one does not wait for it. */
    LOADING("RO_LOADING", 0),

    /** A setting was outside its range, so the feature counts as off (R56). */
    CONFIG_RANGE("RO_CONFIG_RANGE", 0),

    /** No stored state could be read: off until a new build or an operator (R43). */
    STATE_LOST("RO_STATE_LOST", 0),

    /** The stored state needs a newer reader: all is off, and the file stays (R45). */
    STATE_TOO_NEW("RO_STATE_TOO_NEW", 0),

    /** Calls cannot be marked as in flight, so nothing may run that could kill the process unseen (R24). */
    NO_BEACON("RO_NO_BEACON", 0),

    /** Three native deaths in 24 hours: all is off until a new build or operator (R26). */
    SAFE_MODE("RO_SAFE_MODE", 0),

    /** This build of the candidate died too often in this feature (R26). */
    QUARANTINED("RO_QUARANTINED", 0),

    /** The device is not one that the feature is meant for (R15). */
    TARGETING_MISS("RO_TARGETING_MISS", 0),

    /** A feature that this one needs does not run its candidate here (R3). */
    DEPENDENCY("RO_DEPENDENCY", 0),

    /** The feature is at [Stage.LOAD]. */
    LOAD("RO_LOAD", 1),

    /** The feature is at [Stage.SHADOW]. */
    SHADOW("RO_SHADOW", 2),

    /** The breaker was open; the candidate runs in shadow until it is proven (R33). */
    PROBING("RO_PROBING", 2),

    /** [Stage.CANARY], and this device is in the cohort. */
    COHORT_IN("RO_COHORT_IN", 3),

    /** [Stage.CANARY], and this device is not in the cohort. */
    COHORT_OUT("RO_COHORT_OUT", 1),

    /** The feature is at [Stage.LIVE]. */
    LIVE("RO_LIVE", 4),

    /** The feature is at [Stage.RETIRE]. */
    RETIRE("RO_RETIRE", 5),

    /** The feature is at [Stage.COMPLETE]. */
    COMPLETE("RO_COMPLETE", 6),

    /** The candidate should have answered and failed; legacy answered in its place. */
    CANDIDATE_FAILED("RO_CANDIDATE_FAILED", 0),
    ;

    /** Whether the candidate's library may be loaded for such a call (RO-I2). */
    internal val loads: Boolean
        get() = trust > 0

    override fun toString(): String = code
}
