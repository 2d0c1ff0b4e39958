package dev.ferrule.android.icons

import android.app.ActivityManager
import android.content.Context
import dev.ferrule.android.os.attempt

/** How much memory icons may take, by the memory of the device: [dev.ferrule.icons.IconOptions.memoryBytes]. */
public object IconBudget {
    /** For a device that says of itself that it has little memory. */
    internal const val LOW_RAM: Long = 4L shl 20

    /** For a phone of 4 GB, and where nothing is told: a home screen of 192 pixel icons stays; others come from the store. */
    internal const val FOUR_GB: Long = 8L shl 20
    private const val LARGE: Long = 16L shl 20

    /** In bytes. */
    @JvmStatic
    public fun bytes(context: Context): Long {
        val device = attempt { context.getSystemService(ActivityManager::class.java) } ?: return FOUR_GB
        return of(
            attempt { device.isLowRamDevice } ?: false,
            attempt { ActivityManager.MemoryInfo().also(device::getMemoryInfo).totalMem } ?: 0,
        )
    }

    /** [totalBytes] is what the kernel has, which is somewhat less than was bought. */
    private fun of(isLowRam: Boolean, totalBytes: Long): Long = when {
        isLowRam -> LOW_RAM
        totalBytes > 4L shl 30 -> LARGE
        else -> FOUR_GB
    }
}
