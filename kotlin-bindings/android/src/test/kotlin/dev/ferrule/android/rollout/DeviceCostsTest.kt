package dev.ferrule.android.rollout

import android.content.Context
import android.os.Build
import android.os.PowerManager
import dev.ferrule.android.OnAndroid
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf

/** What the device says of itself to the guard's budget (R16). */
class DeviceCostsTest : OnAndroid() {
    private val context: Context = RuntimeEnvironment.getApplication()
    private val power = shadowOf(context.getSystemService(PowerManager::class.java))
    private val conditions = DeviceCosts.Conditions(context)

    @Test
    fun `battery saver and heat are the platform's`() {
        assertFalse(conditions.isSavingBattery || conditions.isHot)
        power.setIsPowerSaveMode(true)
        assertTrue(conditions.isSavingBattery)
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.Q) return
        for ((status, isHot) in listOf(PowerManager.THERMAL_STATUS_LIGHT to false, PowerManager.THERMAL_STATUS_MODERATE to true)) {
            power.setCurrentThermalStatus(status)
            assertEquals(isHot, conditions.isHot)
        }
    }

    @Test
    fun `what the platform does not tell is unknown`() {
        assertTrue(DeviceCosts.allocatedBytes() < 0)
        assertTrue(conditions.uptimeMillis >= 0)
    }
}
