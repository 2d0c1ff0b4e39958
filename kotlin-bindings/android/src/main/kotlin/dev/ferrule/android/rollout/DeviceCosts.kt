package dev.ferrule.android.rollout

import android.content.Context
import android.os.Build
import android.os.Debug
import android.os.PowerManager
import android.os.Process
import android.os.SystemClock
import dev.ferrule.guard.ComparisonBudget
import dev.ferrule.guard.CostMeter
import dev.ferrule.guard.DeviceConditions

/**
 * What comparisons may cost on this device, and what calls do (R16, R32).
 *
 * ```kotlin
 * rollout.budget = DeviceCosts.budget(context)
 * rollout.meter = DeviceCosts
 * ```
 */
public object DeviceCosts : CostMeter {
    /** At most [sharePpm] millionths of one core, and nothing while the device is hot, saves battery or the process has just started. */
    @JvmStatic
    @JvmOverloads
    public fun budget(context: Context, sharePpm: Int = ComparisonBudget.SHARE_PPM): ComparisonBudget =
        ComparisonBudget(Conditions(context), sharePpm)

    override fun processorNanos(): Long = Debug.threadCpuTimeNanos()

    /** The platform counts no allocations of a thread without slowing all of them down. */
    override fun allocatedBytes(): Long = UNKNOWN

    internal class Conditions(context: Context) : DeviceConditions {
        private val power = context.getSystemService(PowerManager::class.java)

        /** Below API 29 the platform does not tell; a context without the service, as in a test of its own, does not either. */
        override val isHot: Boolean
            get() = Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q && power != null &&
                power.currentThermalStatus >= PowerManager.THERMAL_STATUS_MODERATE

        override val isSavingBattery: Boolean
            get() = power?.isPowerSaveMode == true

        override val uptimeMillis: Long
            get() = SystemClock.elapsedRealtime() - Process.getStartElapsedRealtime()
    }

    private const val UNKNOWN = -1L
}
