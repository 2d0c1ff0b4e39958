package dev.ferrule.android.icons

import android.content.res.Resources
import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.Color
import android.graphics.ColorMatrix
import android.graphics.ColorMatrixColorFilter
import android.graphics.Paint
import android.graphics.Path
import android.graphics.Region
import android.graphics.RegionIterator
import android.graphics.Rect
import android.graphics.drawable.AdaptiveIconDrawable
import android.graphics.drawable.BitmapDrawable
import android.graphics.drawable.ColorDrawable
import android.graphics.drawable.Drawable
import android.graphics.drawable.GradientDrawable
import android.graphics.drawable.InsetDrawable
import android.graphics.drawable.ShapeDrawable
import android.graphics.drawable.shapes.PathShape
import java.nio.ByteBuffer
import kotlin.math.floor
import kotlin.math.sqrt

/**
 * What the framework makes of a few drawables, each step by the framework's own classes: rasterised layers, the masked icon,
 * scaled bitmaps, straight colours, the flattened bitmap and its alpha. What iconloaderlib computes from pixels is written
 * here from its description (icon-cache D), over the framework's arithmetic.
 */
internal class FrameworkPixels(private val resources: Resources) {
    /** By name: background and foreground of an adaptive icon. */
    val scenes: Map<String, Pair<Drawable, Drawable>> = mapOf(
        "solid" to (ColorDrawable(Color.BLUE) to InsetDrawable(ColorDrawable(Color.RED), 0.3f)),
        "soft" to (
            GradientDrawable(GradientDrawable.Orientation.TL_BR, intArrayOf(0xffff8000.toInt(), 0xff0040ff.toInt())) to
                InsetDrawable(GradientDrawable().apply { shape = GradientDrawable.OVAL; setColor(0x80ffffff.toInt()) }, 0.25f)
            ),
        "thin" to (ColorDrawable(Color.WHITE) to lines()),
        "noise" to (ColorDrawable(0xff202020.toInt()) to BitmapDrawable(resources, noise())),
    )

    private fun lines() = ShapeDrawable(
        PathShape(
            Path().apply {
                for (at in 20..80 step 10) {
                    moveTo(at.toFloat(), 20f)
                    lineTo(100f - at, 80f)
                }
            },
            100f, 100f,
        ),
    ).apply {
        paint.style = Paint.Style.STROKE
        paint.strokeWidth = 1f
        paint.color = 0xff005030.toInt()
    }

    /** Every alpha and colour that a small generator comes by. */
    private fun noise(): Bitmap {
        var state = 20261125L
        val colours = IntArray(LAYER * LAYER) {
            state = (state * 6364136223846793005L + 1442695040888963407L)
            (state ushr 32).toInt()
        }
        return Bitmap.createBitmap(colours, LAYER, LAYER, Bitmap.Config.ARGB_8888)
    }

    /** All pictures of a scene by name, as their bytes. */
    fun of(background: Drawable, foreground: Drawable): Map<String, ByteArray> {
        val icon = AdaptiveIconDrawable(background, foreground)
        val masked = IconBitmaps.rasterise(icon, SIZE)
        val flattened = flattened(background, foreground)
        return linkedMapOf(
            "background.rgba" to layer(background),
            "foreground.rgba" to layer(foreground),
            "mask.alpha" to coverage(icon),
            "masked.rgba" to bytes(masked),
            "straight.rgba" to straight(masked),
            "shrunk.rgba" to bytes(Bitmap.createScaledBitmap(masked, SMALL, SMALL, true)),
            "grown.rgba" to bytes(Bitmap.createScaledBitmap(masked, LAYER, LAYER, true)),
            "wrapped.rgba" to bytes(wrapped(masked)),
            "flattened.rgba" to bytes(flattened),
            "mono.alpha" to mono(flattened),
            "dominant.rgba" to dominant(masked),
        )
    }

    /** A layer where the icon's view shows it: it reaches a quarter of the view beyond on each side. */
    private fun layer(drawable: Drawable): ByteArray {
        val bitmap = blank(SIZE)
        val beyond = (LAYER - SIZE) / 2
        draw(drawable, Canvas(bitmap), Rect(-beyond, -beyond, SIZE + beyond, SIZE + beyond))
        return bytes(bitmap)
    }

    private fun draw(drawable: Drawable, canvas: Canvas, bounds: Rect) {
        drawable.bounds = bounds
        drawable.draw(canvas)
    }

    /** How much of each pixel the framework's mask covers. */
    private fun coverage(icon: AdaptiveIconDrawable): ByteArray {
        icon.setBounds(0, 0, SIZE, SIZE)
        val bitmap = blank(SIZE)
        Canvas(bitmap).drawPath(icon.iconMask, Paint(Paint.ANTI_ALIAS_FLAG))
        val bytes = ByteArray(SIZE * SIZE)
        IconBitmaps.alphaOf(bitmap).get(bytes)
        return bytes
    }

    private fun straight(bitmap: Bitmap): ByteArray {
        val colours = IntArray(bitmap.width * bitmap.height)
        bitmap.getPixels(colours, 0, bitmap.width, 0, 0, bitmap.width, bitmap.height)
        return colours.flatMap { rgba(it) }.toByteArray()
    }

    private fun rgba(colour: Int) =
        listOf(Color.red(colour), Color.green(colour), Color.blue(colour), Color.alpha(colour)).map { it.toByte() }

    /** An old icon on white, drawn small about the centre of its layer. [SCALE] is the normaliser's for the default mask. */
    private fun wrapped(icon: Bitmap): Bitmap {
        val bitmap = blank(LAYER).apply { eraseColor(Color.WHITE) }
        val scale = SCALE * 0.7f / 1.5f
        val canvas = Canvas(bitmap)
        canvas.scale(scale, scale, LAYER / 2f, LAYER / 2f)
        canvas.drawBitmap(icon, null, Rect(0, 0, LAYER, LAYER), Paint(Paint.FILTER_BITMAP_FLAG or Paint.ANTI_ALIAS_FLAG))
        return bitmap
    }

    private fun flattened(background: Drawable, foreground: Drawable): Bitmap {
        val bitmap = blank(FLATTENED).apply { eraseColor(Color.BLACK) }
        val canvas = Canvas(bitmap)
        for (layer in listOf(background, foreground)) draw(layer, canvas, Rect(0, 0, FLATTENED, FLATTENED))
        return bitmap
    }

    /** D.3: grey as alpha by a colour matrix, stretched in floats, inverted where the upper and lower bands are bright. */
    private fun mono(flattened: Bitmap): ByteArray {
        val third = 0.3333f
        val matrix = ColorMatrix(floatArrayOf(0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, third, third, third, 0f, 0f))
        val grey = blank(FLATTENED)
        Canvas(grey).drawBitmap(flattened, 0f, 0f, Paint().apply { colorFilter = ColorMatrixColorFilter(matrix) })
        val values = ByteArray(FLATTENED * FLATTENED).also { IconBitmaps.alphaOf(grey).get(it) }.map { it.toInt() and 0xff }
        val (least, greatest) = values.min() to values.max()
        if (least == greatest) return values.map { it.toByte() }.toByteArray()
        val band = FLATTENED * (FLATTENED - SIZE) / 2
        val edge = (values.take(band).sum() + values.takeLast(band).sum()).toFloat() / (2 * band)
        val range = (greatest - least).toFloat()
        val isInverted = (edge - least) / range > 0.5f
        return values.map { value ->
            val stretched = Math.round((value - least) * 255f / range)
            (if (isInverted) 255 - stretched else stretched).toByte()
        }.toByteArray()
    }

    /** D.2, with the framework's own colours; one pixel. */
    private fun dominant(bitmap: Bitmap): ByteArray {
        val stride = maxOf(1, sqrt((bitmap.width * bitmap.height / 20).toDouble()).toInt())
        val scores = FloatArray(360)
        val kept = ArrayList<Pair<Int, FloatArray>>()
        var best = -1
        var bestScore = -1f
        for (y in 0 until bitmap.height step stride) {
            for (x in 0 until bitmap.width step stride) {
                val colour = bitmap.getPixel(x, y)
                if (Color.alpha(colour) < 128 || kept.size == 20) continue
                val hsv = FloatArray(3).also { Color.colorToHSV(colour or (0xff shl 24), it) }
                val bucket = hsv[0].toInt()
                scores[bucket] += hsv[1] * hsv[2]
                if (scores[bucket] > bestScore) {
                    best = bucket
                    bestScore = scores[bucket]
                }
                kept += (colour or (0xff shl 24)) to hsv
            }
        }
        val shades = HashMap<Int, Float>()
        var found = Color.BLACK
        var most = -1f
        for ((colour, hsv) in kept) {
            if (hsv[0].toInt() != best) continue
            val shade = floor(hsv[1] * 100).toInt() + floor(hsv[2] * 10_000).toInt()
            val score = (shades[shade] ?: 0f) + hsv[1] * hsv[2]
            shades[shade] = score
            if (score > most) {
                most = score
                found = colour
            }
        }
        return rgba(found).toByteArray()
    }

    /** The pixels inside the default mask on a square of twice the icon's side, as the normaliser counts them. */
    fun maskArea(): Int {
        val icon = AdaptiveIconDrawable(ColorDrawable(Color.BLACK), null)
        val side = 2 * NORMAL
        icon.setBounds(0, 0, side, side)
        val region = Region().apply { setPath(icon.iconMask, Region(0, 0, side, side)) }
        val (parts, part) = RegionIterator(region) to Rect()
        var area = 0
        while (parts.next(part)) area += part.width() * part.height()
        return area
    }

    private fun blank(side: Int) = Bitmap.createBitmap(side, side, Bitmap.Config.ARGB_8888)

    /** As a device has them, red first; Robolectric's drawing library keeps blue first on a workstation. */
    private fun bytes(bitmap: Bitmap): ByteArray {
        val bytes = raw(bitmap)
        if (isBlueFirst) {
            for (at in bytes.indices step 4) bytes[at] = bytes[at + 2].also { bytes[at + 2] = bytes[at] }
        }
        return bytes
    }

    private val isBlueFirst by lazy { raw(blank(1).apply { eraseColor(Color.BLUE) })[0].toInt() != 0 }

    private fun raw(bitmap: Bitmap): ByteArray {
        val bytes: ByteBuffer = IconBitmaps.bytesOf(bitmap)
        return ByteArray(bytes.remaining()).also { bytes.get(it) }
    }

    companion object {
        const val SIZE = 48
        const val NORMAL = 192

        /** A layer of an icon of [SIZE], half as large again. */
        const val LAYER = 72
        const val FLATTENED = 64
        const val SMALL = 32
        private const val SCALE = 0.80940324f
    }
}
