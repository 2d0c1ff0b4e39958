package dev.ferrule.android.icons

import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.ColorFilter
import android.graphics.Paint
import android.graphics.PixelFormat
import android.graphics.Rect
import android.graphics.drawable.Drawable
import dev.ferrule.bindings.FerruleException
import dev.ferrule.icons.IconAnswer
import dev.ferrule.icons.IconBuffers
import dev.ferrule.icons.IconCache
import dev.ferrule.icons.IconPriority
import dev.ferrule.icons.IconQuery
import dev.ferrule.icons.IconRequest

/**
 * A drawable that shows an icon as soon as the cache has it: at once what is in memory, else [placeholder] until a request is
 * answered. On the main thread, which the cache has to deliver to.
 *
 * A default or blank answer never takes the place of a picture that is shown. [badge] is drawn into the icon's lower right
 * corner each time, where AOSP has it, and is no part of what is cached.
 */
public class CachedIconDrawable(
    private val cache: IconCache,
    private val buffers: IconBuffers,
    private val query: IconQuery,
    private val placeholder: Drawable?,
) : Drawable() {
    private val paint = Paint(Paint.FILTER_BITMAP_FLAG or Paint.ANTI_ALIAS_FLAG)
    private val target = Rect()
    private var picture: Bitmap? = null
    private var request: IconRequest? = null

    /** Drawn over the icon, null for none. */
    public var badge: Drawable? = null
        set(value) {
            field = value
            invalidateSelf()
        }

    /** Whether a picture is shown. */
    public val isLoaded: Boolean get() = picture != null

    /** Looks into memory, and asks for what is not there or stale. */
    @JvmOverloads
    public fun load(priority: IconPriority = IconPriority.VISIBLE) {
        cancel()
        val found = try {
            buffers.take().use { buffer ->
                cache.peekInto(query, buffer)?.also { show(it) { IconBitmaps.of(it, buffer.pixels()) } }
            }
        } catch (_: FerruleException) {
            // The cache is closed: what is shown stays.
            return
        }
        if (found == null || !found.hasPixels || found.isPixelsStale) ask(priority)
    }

    /** Takes the request back, as when the view is recycled. What is shown stays. */
    public fun cancel() {
        request?.cancel()
        request = null
    }

    private fun ask(priority: IconPriority) {
        val buffer = buffers.take()
        try {
            request = cache.request(query, buffer, priority) { answer ->
                request = null
                if (answer != null) show(answer) { IconBitmaps.of(answer, buffer.pixels()) }
                buffer.close()
            }
        } catch (_: FerruleException) {
            buffer.close()
        }
    }

    private inline fun show(answer: IconAnswer, read: () -> Bitmap?) {
        if (!answer.hasPixels) return
        picture = read() ?: return
        invalidateSelf()
    }

    override fun draw(canvas: Canvas) {
        val shown = picture
        if (shown == null) placeholder?.draw(canvas) else canvas.drawBitmap(shown, null, bounds, paint)
        badge?.let { drawBadge(canvas, it) }
    }

    private fun drawBadge(canvas: Canvas, badge: Drawable) {
        val side = (BADGE_SHARE * minOf(bounds.width(), bounds.height())).toInt()
        target.set(bounds.right - side, bounds.bottom - side, bounds.right, bounds.bottom)
        badge.bounds = target
        badge.draw(canvas)
    }

    override fun onBoundsChange(bounds: Rect) {
        placeholder?.bounds = bounds
    }

    override fun getIntrinsicWidth(): Int = cache.sizePx

    override fun getIntrinsicHeight(): Int = cache.sizePx

    override fun setAlpha(alpha: Int) {
        paint.alpha = alpha
        placeholder?.alpha = alpha
        invalidateSelf()
    }

    override fun setColorFilter(filter: ColorFilter?) {
        paint.colorFilter = filter
        placeholder?.colorFilter = filter
        invalidateSelf()
    }

    @Deprecated("part of the framework's contract")
    override fun getOpacity(): Int = PixelFormat.TRANSLUCENT

    private companion object {
        /** Side of a badge as a share of the icon's (icon-cache B.5). */
        private const val BADGE_SHARE = 0.444f
    }
}
