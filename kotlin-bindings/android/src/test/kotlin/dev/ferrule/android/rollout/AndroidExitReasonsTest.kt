package dev.ferrule.android.rollout

import android.app.ApplicationExitInfo
import dev.ferrule.android.OnAndroid
import dev.ferrule.guard.crash.ExitReason
import org.junit.Assert.assertEquals
import org.junit.Test

/** What each of the system's reasons weighs for the guard (R25). */
class AndroidExitReasonsTest : OnAndroid() {
    private fun death(reason: Int, status: Int = 0, at: Long = START + 1, trace: String? = null) =
        Death(reason, status, at) { trace?.byteInputStream() }

    private fun reason(vararg deaths: Death) = AndroidExitReasons.of(deaths.toList(), START)

    @Test
    fun `each reason has its own`() {
        val rows = mapOf(
            ApplicationExitInfo.REASON_UNKNOWN to ExitReason.UNKNOWN,
            ApplicationExitInfo.REASON_EXIT_SELF to ExitReason.EXIT_SELF,
            ApplicationExitInfo.REASON_LOW_MEMORY to ExitReason.LOW_MEMORY,
            ApplicationExitInfo.REASON_CRASH to ExitReason.CRASH,
            ApplicationExitInfo.REASON_CRASH_NATIVE to ExitReason.CRASH_NATIVE,
            ApplicationExitInfo.REASON_INITIALIZATION_FAILURE to ExitReason.INITIALIZATION_FAILURE,
            ApplicationExitInfo.REASON_PERMISSION_CHANGE to ExitReason.OTHER,
            ApplicationExitInfo.REASON_EXCESSIVE_RESOURCE_USAGE to ExitReason.OTHER,
            ApplicationExitInfo.REASON_USER_REQUESTED to ExitReason.USER_REQUESTED,
            ApplicationExitInfo.REASON_USER_STOPPED to ExitReason.USER_REQUESTED,
            ApplicationExitInfo.REASON_DEPENDENCY_DIED to ExitReason.OTHER,
            ApplicationExitInfo.REASON_OTHER to ExitReason.OTHER,
            ApplicationExitInfo.REASON_FREEZER to ExitReason.FREEZER,
            ApplicationExitInfo.REASON_PACKAGE_STATE_CHANGE to ExitReason.PACKAGE_UPDATED,
            ApplicationExitInfo.REASON_PACKAGE_UPDATED to ExitReason.PACKAGE_UPDATED,
            // One that a later system adds.
            99 to ExitReason.OTHER,
        )
        for ((given, expected) in rows) assertEquals("reason $given", expected, reason(death(given)))
    }

    @Test
    fun `a signal is a fault or somebody's wish`() {
        for (signal in listOf(4, 5, 6, 7, 11, 31)) {
            assertEquals(ExitReason.SIGNALED_FAULT, reason(death(ApplicationExitInfo.REASON_SIGNALED, signal)))
        }
        for (signal in listOf(1, 9, 13, 15)) {
            assertEquals(ExitReason.SIGNALED_OTHER, reason(death(ApplicationExitInfo.REASON_SIGNALED, signal)))
        }
    }

    @Test
    fun `a hang is the candidate's if its code is on the main thread's stack`() {
        fun trace(main: String, other: String) = "----- pid 7 at now -----\n\n\"main\" prio=5 tid=1 Native\n  $main\n\n" +
            "\"worker\" prio=5 tid=2 Native\n  $other\n"
        val ours = "native: #02 pc 0000 /system/lib64/libferrule.so (ferrule::load+1)"
        val java = "at dev.ferrule.bindings.NativeBridge.modelLoad(Native method)"
        val legacy = "at dev.ferrule.guard.Rollout.call(Rollout.kt:1)"
        val anr = ApplicationExitInfo.REASON_ANR
        assertEquals(ExitReason.ANR_IN_CANDIDATE, reason(death(anr, trace = trace(ours, legacy))))
        assertEquals(ExitReason.ANR_IN_CANDIDATE, reason(death(anr, trace = trace(java, legacy))))
        assertEquals(ExitReason.ANR_ELSEWHERE, reason(death(anr, trace = trace(legacy, ours))))
        assertEquals(ExitReason.ANR_ELSEWHERE, reason(death(anr, trace = null)))
    }

    @Test
    fun `of the deaths of one number the first after the start counts`() {
        val earlier = death(ApplicationExitInfo.REASON_CRASH_NATIVE, at = START - 60_000)
        val own = death(ApplicationExitInfo.REASON_LOW_MEMORY, at = START + 5_000)
        val later = death(ApplicationExitInfo.REASON_CRASH_NATIVE, at = START + 90_000)
        assertEquals(ExitReason.LOW_MEMORY, reason(later, own, earlier))
        assertEquals(ExitReason.UNKNOWN, reason(earlier))
        assertEquals(ExitReason.UNKNOWN, reason())
    }

    private companion object {
        const val START = 1_764_000_000_000L
    }
}
