package dev.ferrule.android.icons

import android.graphics.Bitmap
import android.graphics.ColorSpace
import android.hardware.HardwareBuffer
import android.os.Build
import dev.ferrule.bindings.InvalidInputException
import dev.ferrule.icons.IconCache
import dev.ferrule.icons.IconQuery

/**
 * Icons written where the graphics processor reads them, so that they are not uploaded when they are first drawn.
 *
 * No device has run this. The look-up is checked by the compiler for Android alone, and a driver may refuse writes of the
 * processor: then there is no such bitmap, and [IconBitmaps] makes one.
 */
public object HardwareIcons {
    /**
     * The icon of [query] as a bitmap of `Config.HARDWARE`; null where there is no icon, before API 29, and where the system
     * has no buffers that can be written to.
     *
     * @throws dev.ferrule.bindings.FerruleException what [IconCache.getHardwareBuffer] throws beside that
     */
    @JvmStatic
    public fun of(cache: IconCache, query: IconQuery): Bitmap? {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.Q) return null
        val usage = HardwareBuffer.USAGE_CPU_WRITE_RARELY or HardwareBuffer.USAGE_GPU_SAMPLED_IMAGE
        // Asked beforehand, as not every driver has every combination; making one that it has not is an exception.
        if (!HardwareBuffer.isSupported(cache.sizePx, cache.sizePx, HardwareBuffer.RGBA_8888, 1, usage)) return null
        // The bitmap keeps the memory; this handle of it is not needed after.
        return HardwareBuffer.create(cache.sizePx, cache.sizePx, HardwareBuffer.RGBA_8888, 1, usage).use { buffer ->
            try {
                val answer = cache.getHardwareBuffer(query, buffer)
                if (answer.hasPixels) Bitmap.wrapHardwareBuffer(buffer, ColorSpace.get(ColorSpace.Named.SRGB)) else null
            } catch (refused: InvalidInputException) {
                if (refused.code in NO_SUCH_BUFFER) null else throw refused
            }
        }
    }

    private val NO_SUCH_BUFFER = setOf("FFI_HARDWARE_BUFFER_UNAVAILABLE", "FFI_BITMAP_INVALID")
}
