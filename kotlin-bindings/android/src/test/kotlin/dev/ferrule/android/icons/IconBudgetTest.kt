package dev.ferrule.android.icons

import android.app.ActivityManager
import dev.ferrule.android.OnAndroid
import org.junit.Assert.assertEquals
import org.junit.Test
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

/** The budget of icons follows the memory of the device. */
@Config(sdk = [28, 33, 34, 35])
class IconBudgetTest : OnAndroid() {
    @Test
    fun `the less memory a device has, the less of it do icons take`() {
        class Row(val isLowRam: Boolean, val total: Long, val budget: Long)
        val gigabyte = 1L shl 30
        val rows = listOf(
            Row(true, 8 * gigabyte, 4L shl 20),
            Row(true, 2 * gigabyte, 4L shl 20),
            Row(false, 0, 8L shl 20),
            Row(false, 3_800L shl 20, 8L shl 20),
            Row(false, 4 * gigabyte, 8L shl 20),
            Row(false, 5_600L shl 20, 16L shl 20),
            Row(false, 12 * gigabyte, 16L shl 20),
        )
        val device = shadowOf(app.getSystemService(ActivityManager::class.java))
        for (row in rows) {
            device.setIsLowRamDevice(row.isLowRam)
            device.setMemoryInfo(ActivityManager.MemoryInfo().apply { totalMem = row.total })
            assertEquals("${row.isLowRam} ${row.total}", row.budget, IconBudget.bytes(app))
        }
    }
}
