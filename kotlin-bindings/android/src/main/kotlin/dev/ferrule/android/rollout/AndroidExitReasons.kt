package dev.ferrule.android.rollout

import android.app.ActivityManager
import android.app.ApplicationExitInfo
import android.content.Context
import android.os.Build
import android.os.SystemClock
import android.system.OsConstants
import dev.ferrule.guard.crash.ExitReason
import dev.ferrule.guard.crash.ExitReasons
import java.io.InputStream

/** One death as the system recorded it; apart from `ApplicationExitInfo`, so that a rule can be tried on any. */
internal class Death(
    val reason: Int,
    /** The exit code, or the signal. */
    val status: Int,
    /** When, by the wall clock. */
    val atMillis: Long,
    /** The trace of an ANR. */
    val trace: () -> InputStream?,
)

/**
 * Why this package's processes ended, as the activity manager recorded it (R25). Below API 30 it knows nothing, and a death
 * with a call in flight then counts as a crash.
 */
public class AndroidExitReasons(private val context: Context) : ExitReasons {
    override fun of(pid: Int, startNanos: Long): ExitReason {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.R) return ExitReason.UNKNOWN
        val manager = context.getSystemService(ActivityManager::class.java) ?: return ExitReason.UNKNOWN
        val deaths = manager.getHistoricalProcessExitReasons(context.packageName, pid, MOST_DEATHS)
            .map { Death(it.reason, it.status, it.timestamp, it::getTraceInputStream) }
        val sinceStart = SystemClock.elapsedRealtimeNanos() - startNanos
        return of(deaths, startedMillis = System.currentTimeMillis() - sinceStart / NANOS)
    }

    internal companion object {
        private const val NANOS = 1_000_000L

        /** As many as a number of a process is likely to come again. */
        private const val MOST_DEATHS = 8

        /** Between two readings of a clock that may be set in between. */
        private const val SLACK_MILLIS = 2_000L

        /** What a stack shows where native code of ours was at work; the guard is on the stack of legacy's calls too. */
        private val CANDIDATE = listOf("libferrule.so", "dev.ferrule.bindings.NativeBridge")
        private val FAULTS = intArrayOf(
            OsConstants.SIGSEGV, OsConstants.SIGABRT, OsConstants.SIGBUS, OsConstants.SIGILL, OsConstants.SIGTRAP,
            OsConstants.SIGSYS,
        )

        /**
         * Of the deaths of one process number the first after the process started. One from before was of another process,
         * or the clock was set since: then nothing is known.
         */
        fun of(deaths: List<Death>, startedMillis: Long): ExitReason {
            val own = deaths.filter { it.atMillis >= startedMillis - SLACK_MILLIS }.minByOrNull { it.atMillis }
            return own?.let(::reason) ?: ExitReason.UNKNOWN
        }

        private fun reason(death: Death): ExitReason = when (death.reason) {
            ApplicationExitInfo.REASON_UNKNOWN -> ExitReason.UNKNOWN
            ApplicationExitInfo.REASON_EXIT_SELF -> ExitReason.EXIT_SELF
            ApplicationExitInfo.REASON_SIGNALED ->
                if (death.status in FAULTS) ExitReason.SIGNALED_FAULT else ExitReason.SIGNALED_OTHER
            ApplicationExitInfo.REASON_LOW_MEMORY -> ExitReason.LOW_MEMORY
            ApplicationExitInfo.REASON_CRASH -> ExitReason.CRASH
            ApplicationExitInfo.REASON_CRASH_NATIVE -> ExitReason.CRASH_NATIVE
            ApplicationExitInfo.REASON_ANR ->
                if (isInCandidate(death)) ExitReason.ANR_IN_CANDIDATE else ExitReason.ANR_ELSEWHERE
            ApplicationExitInfo.REASON_INITIALIZATION_FAILURE -> ExitReason.INITIALIZATION_FAILURE
            ApplicationExitInfo.REASON_USER_REQUESTED, ApplicationExitInfo.REASON_USER_STOPPED -> ExitReason.USER_REQUESTED
            ApplicationExitInfo.REASON_PACKAGE_UPDATED, ApplicationExitInfo.REASON_PACKAGE_STATE_CHANGE ->
                ExitReason.PACKAGE_UPDATED
            ApplicationExitInfo.REASON_FREEZER -> ExitReason.FREEZER
            else -> ExitReason.OTHER
        }

        /** Whether the main thread's stack shows the candidate. A trace that is not there blames nobody (R25). */
        private fun isInCandidate(death: Death): Boolean {
            val trace = death.trace() ?: return false
            return trace.bufferedReader().useLines { lines ->
                val main = lines.dropWhile { !it.startsWith("\"main\"") }.takeWhile { it.isNotBlank() }
                main.any { line -> CANDIDATE.any { it in line } }
            }
        }
    }
}
