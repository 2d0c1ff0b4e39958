package dev.ferrule.android.icons

import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.Rect
import android.graphics.drawable.BitmapDrawable
import android.graphics.drawable.Drawable
import dev.ferrule.icons.IconAnswer
import java.nio.Buffer
import java.nio.ByteBuffer

/** Pixels to bitmaps and back, in the one form that crosses: four bytes a pixel, premultiplied, as `Bitmap` keeps them. */
public object IconBitmaps {
    /** The icon that a look-up wrote into [pixels], null where it wrote none. */
    @JvmStatic
    public fun of(answer: IconAnswer, pixels: ByteBuffer): Bitmap? {
        if (!answer.hasPixels) return null
        val bitmap = Bitmap.createBitmap(answer.width, answer.height, Bitmap.Config.ARGB_8888)
        bitmap.copyPixelsFromBuffer(pixels)
        return bitmap
    }

    /** The monochrome form, of alpha alone, or null. */
    @JvmStatic
    public fun themedOf(answer: IconAnswer, pixels: ByteBuffer): Bitmap? {
        if (!answer.hasThemed) return null
        val bitmap = Bitmap.createBitmap(answer.width, answer.height, Bitmap.Config.ALPHA_8)
        val alpha = pixels.duplicate()
        alpha.at(answer.themedAt)
        // A bitmap's rows may be longer than its picture.
        val row = ByteArray(answer.width)
        val rows = ByteBuffer.allocate(bitmap.rowBytes * answer.height)
        for (y in 0 until answer.height) {
            alpha.get(row)
            rows.at(y * bitmap.rowBytes)
            rows.put(row)
        }
        rows.at(0)
        bitmap.copyPixelsFromBuffer(rows)
        return bitmap
    }

    /** Draws [drawable] into a square of [sizePx]; its bounds are as they were afterwards. */
    @JvmStatic
    public fun rasterise(drawable: Drawable, sizePx: Int): Bitmap {
        val bitmap = Bitmap.createBitmap(sizePx, sizePx, Bitmap.Config.ARGB_8888)
        val canvas = Canvas(bitmap)
        if (drawable is BitmapDrawable && drawable.bitmap?.config == Bitmap.Config.HARDWARE) {
            // A hardware bitmap cannot be drawn by software; its copy can.
            drawable.bitmap.copy(Bitmap.Config.ARGB_8888, false)?.let { canvas.drawBitmap(it, null, square(sizePx), null) }
            return bitmap
        }
        val before = drawable.copyBounds()
        drawable.setBounds(0, 0, sizePx, sizePx)
        drawable.draw(canvas)
        drawable.bounds = before
        return bitmap
    }

    /** The bytes of a bitmap, for a provider's picture. */
    @JvmStatic
    public fun bytesOf(bitmap: Bitmap): ByteBuffer {
        val bytes = ByteBuffer.allocateDirect(bitmap.byteCount)
        bitmap.copyPixelsToBuffer(bytes)
        bytes.at(0)
        return bytes
    }

    /** The alpha of a bitmap, a byte a pixel, for a provider's monochrome form. */
    @JvmStatic
    public fun alphaOf(bitmap: Bitmap): ByteBuffer {
        val colours = IntArray(bitmap.width * bitmap.height)
        bitmap.getPixels(colours, 0, bitmap.width, 0, 0, bitmap.width, bitmap.height)
        val bytes = ByteBuffer.allocateDirect(colours.size)
        for (colour in colours) bytes.put((colour ushr ALPHA_SHIFT).toByte())
        bytes.at(0)
        return bytes
    }

    /** By the class that API 28 has this method in. */
    private fun Buffer.at(position: Int) {
        position(position)
    }

    private const val ALPHA_SHIFT = 24

    private fun square(side: Int) = Rect(0, 0, side, side)
}
