package dev.ferrule.guard.crash

/**
 * What the system says of a process's end: `ApplicationExitInfo`'s reasons, or a wait status (R25).
 *
 * @property inFlight how it counts when a call was in flight
 * @property atRest whether it is a native death although nothing was in flight: delayed corruption (R26)
 */
public enum class ExitReason(internal val inFlight: Weight, internal val atRest: Boolean) {
    /** Nothing is known: API < 30, a plain JVM, another boot. Counts as a crash (contracts 6). */
    UNKNOWN(Weight.NATIVE_DEATH, false),

    /** CRASH_NATIVE. */
    CRASH_NATIVE(Weight.NATIVE_DEATH, true),

    /** CRASH: a throwable that nobody caught. It passed the guard, so it is not the candidate's. */
    CRASH(Weight.NOTHING, false),

    /** SIGNALED by SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGTRAP or SIGSYS. */
    SIGNALED_FAULT(Weight.NATIVE_DEATH, true),

    /** SIGNALED by another signal: somebody's wish. */
    SIGNALED_OTHER(Weight.NOTHING, false),

    /** ANR with the candidate on the main thread's stack. */
    ANR_IN_CANDIDATE(Weight.DEATH, false),

    /** ANR without it. */
    ANR_ELSEWHERE(Weight.NOTHING, false),

    /** INITIALIZATION_FAILURE. */
    INITIALIZATION_FAILURE(Weight.NATIVE_DEATH, false),

    /** EXIT_SELF: with a call in flight it was native code that ended the process. */
    EXIT_SELF(Weight.NATIVE_DEATH, false),

    /** LOW_MEMORY. */
    LOW_MEMORY(Weight.NOTHING, false),

    /** USER_REQUESTED or USER_STOPPED. */
    USER_REQUESTED(Weight.NOTHING, false),

    /** PACKAGE_UPDATED or PACKAGE_STATE_CHANGE. */
    PACKAGE_UPDATED(Weight.NOTHING, false),

    /** FREEZER. */
    FREEZER(Weight.NOTHING, false),

    /** Any other reason that the system names. */
    OTHER(Weight.NOTHING, false),
    ;

    /** What a death weighs. */
    internal enum class Weight(val counts: Boolean, val native: Boolean) {
        /** Nothing: somebody else's wish. */
        NOTHING(false, false),

        /** It counts against the features in flight. */
        DEATH(true, false),

        /** It counts against them and towards safe mode. */
        NATIVE_DEATH(true, true),
    }
}

/**
 * Asks the system why processes ended: `ApplicationExitInfo` on Android, a fake in tests. It may throw; that counts as
 * [ExitReason.UNKNOWN].
 */
public fun interface ExitReasons {
    /** Why process [pid] ended that had started [startNanos] after boot; [ExitReason.UNKNOWN] if nothing is known. */
    @Throws(Exception::class)
    public fun of(pid: Int, startNanos: Long): ExitReason

    public companion object {
        /** Knows nothing: below API 30, and on a plain JVM. */
        @JvmField
        public val NONE: ExitReasons = ExitReasons { _, _ -> ExitReason.UNKNOWN }
    }
}

/** What one ended process has to answer for. */
internal class Blame(
    /** The build that it ran, as a hash of its id. */
    val build: ULong,
    /** The features that a death is counted against, a bit each. */
    val features: Long,
    /** Whether it counts towards safe mode. */
    val native: Boolean,
    /** Features that its header says are quarantined, a bit each (R43). */
    val mirrored: Long,
    /** Whether its header says safe mode. */
    val mirrorsSafeMode: Boolean,
) {
    companion object {
        /** Judges the page of a process that is no more. */
        fun of(page: BeaconPage, reason: ExitReason, crashedTid: Int = 0): Blame {
            val weight = if (page.hasCalls) reason.inFlight else ExitReason.Weight.NOTHING
            val atRest = !page.hasCalls && page.started != 0L && reason.atRest
            return Blame(
                build = page.build.toULong(),
                features = if (weight.counts) page.suspects(crashedTid) else 0L,
                native = weight.native || atRest,
                mirrored = page.mirror and BeaconPage.SAFE_MODE.inv(),
                mirrorsSafeMode = page.mirror and BeaconPage.SAFE_MODE != 0L,
            )
        }
    }
}
