package dev.ferrule.guard.state

/**
 * One sentence a code, for persons: the engine's, and those that only the guard has.
 *
 * Invariant: a code that the engine has too has the engine's sentence; a test compares them.
 */
internal object Sentences {
    private val all = mapOf(
        "RO_KILLED" to "Somebody killed the feature, or all features.",
        "RO_CONFIG_RANGE" to "A setting is outside its range; the feature counts as off.",
        "RO_STATE_LOST" to "No stored state could be read: off until a new build or an operator.",
        "RO_STATE_TOO_NEW" to "The stored state needs a newer reader: all is off, and the file stays.",
        "RO_SAFE_MODE" to "Three native deaths in 24 hours: all is off until a new build or operator.",
        "RO_QUARANTINED" to "This build of the candidate died too often in this feature.",
        "RO_OFF" to "The feature is at stage OFF.",
        "RO_TARGETING_MISS" to "The device is not one that the feature is meant for.",
        "RO_TRIPPED" to "The breaker is open for now.",
        "RO_PROBING" to "The breaker was open; the candidate runs in shadow until it is proven.",
        "RO_DEPENDENCY" to "A feature that this one needs does not run its candidate here.",
        "RO_LOAD" to "The feature is at stage LOAD.",
        "RO_SHADOW" to "The feature is at stage SHADOW.",
        "RO_COHORT_IN" to "Stage CANARY, and the device is in the cohort.",
        "RO_COHORT_OUT" to "Stage CANARY, and the device is not in the cohort.",
        "RO_LIVE" to "The feature is at stage LIVE.",
        "RO_RETIRE" to "The feature is at stage RETIRE.",
        "RO_COMPLETE" to "The feature is at stage COMPLETE; there is no legacy any more.",
        "RO_CANDIDATE_FAILED" to "The candidate should have answered and failed; legacy answered.",
        "RO_SET" to "An operator set the rung.",
        "RO_REFUSED" to "A move was asked for that the rules do not allow; nothing changed.",
        "RO_DEMOTED" to "The feature was moved down by a rule.",
        "RO_FROZEN" to "Two demotions in seven days: only an operator lets the feature rise again.",
        "RO_CONFIGURED" to "A compiled configuration was taken over.",
        "RO_CLEARED" to "An operator lifted a quarantine, the safe mode or a freeze.",
        "RO_UNKILLED" to "The source that had killed took its kill back.",
        "RO_AUDIT_BROKEN" to "The chain of the audit log does not hold: a record was changed, removed or put in.",
        "RO_AUDIT_TORN" to "The last record of the audit log was not written whole; all before it holds.",
        "RO_LEDGER_DAMAGED" to "The file of ledgers was damaged: it was set aside, and what was whole of it goes on.",
        "RO_LEDGER_UNWRITTEN" to "Evidence could not be written; it is kept and tried again.",
        "RO_LEDGER_TOO_NEW" to "The file of ledgers is of a newer version and is left alone; nothing is added to it.",
        "RO_UNAVAILABLE" to "The candidate could not be created in this process, for example because its library is missing.",
        "RO_LOADING" to "Another call is creating the candidate right now.",
        "RO_NO_BEACON" to "Calls cannot be marked as in flight here, so nothing runs that could kill the process unseen.",
    )

    /** The codes that have one. */
    val codes: Set<String>
        get() = all.keys

    fun of(code: String): String = all[code].orEmpty()
}
