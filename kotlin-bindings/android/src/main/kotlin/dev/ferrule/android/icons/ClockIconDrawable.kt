package dev.ferrule.android.icons

import android.graphics.Canvas
import android.graphics.ColorFilter
import android.graphics.PixelFormat
import android.graphics.Rect
import android.graphics.drawable.Drawable
import android.os.SystemClock
import java.util.Calendar

/**
 * A clock whose hands go with the time, for the view that shows it; the cache has a still of it, and keeps none on disk.
 *
 * It asks for the next minute while it is visible and has somebody who draws it, and for nothing else. On the main thread.
 */
public class ClockIconDrawable internal constructor(
    private val face: ClockFace,
    private val now: () -> Calendar,
) : Drawable() {
    private val tick = Runnable {
        if (face.show(now())) invalidateSelf() else schedule()
    }

    override fun draw(canvas: Canvas) {
        face.show(now())
        face.icon.draw(canvas)
        schedule()
    }

    /** At the next full minute. */
    private fun schedule() {
        unscheduleSelf(tick)
        val time = now()
        val passed = time.get(Calendar.SECOND) * 1_000L + time.get(Calendar.MILLISECOND)
        if (isVisible) scheduleSelf(tick, SystemClock.uptimeMillis() + MINUTE_MILLIS - passed)
    }

    override fun setVisible(visible: Boolean, restart: Boolean): Boolean {
        val isChanged = super.setVisible(visible, restart)
        if (visible) schedule() else unscheduleSelf(tick)
        return isChanged
    }

    override fun onBoundsChange(bounds: Rect) {
        face.icon.bounds = bounds
    }

    override fun getIntrinsicWidth(): Int = face.icon.intrinsicWidth

    override fun getIntrinsicHeight(): Int = face.icon.intrinsicHeight

    override fun setAlpha(alpha: Int) {
        face.icon.alpha = alpha
    }

    override fun setColorFilter(filter: ColorFilter?) {
        face.icon.colorFilter = filter
    }

    @Deprecated("part of the framework's contract")
    override fun getOpacity(): Int = PixelFormat.TRANSLUCENT

    private companion object {
        private const val MINUTE_MILLIS = 60_000L
    }
}
