package dev.ferrule.android.icons

import android.content.ComponentCallbacks2
import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.Color
import android.graphics.drawable.AdaptiveIconDrawable
import android.graphics.drawable.BitmapDrawable
import android.graphics.drawable.ColorDrawable
import android.graphics.drawable.Drawable
import android.graphics.drawable.InsetDrawable
import android.os.Build
import dev.ferrule.android.OnAndroid
import dev.ferrule.icons.IconBuffers
import dev.ferrule.icons.IconCache
import dev.ferrule.icons.IconKey
import dev.ferrule.icons.IconLevel
import dev.ferrule.icons.IconOptions
import dev.ferrule.icons.IconQuery
import dev.ferrule.icons.IconTokens
import dev.ferrule.icons.IconTrimLevel
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.annotation.Config
import java.io.File
import java.util.concurrent.Executor

/** Drawables of the framework through the cache and back to bitmaps, with the framework's own drawing. */
@Config(sdk = [28, 33, 34, 35])
class IconsTest : OnAndroid() {
    private val drawables = HashMap<IconKey, Drawable?>()
    private val finder = IconFinder { key ->
        if (key in drawables) FoundIcon("label of ${key.packageName}", drawables[key], IconTokens("l", "p")) else null
    }
    private val key = IconKey("com.a", ".Main")
    private val buffers = IconBuffers(IconLevel.THEMED.slotBytes(SIZE))

    private fun <T> cache(block: (IconCache) -> T): T {
        val options = IconOptions(SIZE, workers = 0)
        return IconCache.open(File(folder, "icons.db"), options, PlatformIconProvider(app, SIZE, finder)).use(block)
    }

    private fun adaptive(monochrome: Drawable? = null): AdaptiveIconDrawable {
        val back = ColorDrawable(Color.BLUE)
        val front = InsetDrawable(ColorDrawable(Color.RED), 0.45f)
        return if (Build.VERSION.SDK_INT >= 33) AdaptiveIconDrawable(back, front, monochrome) else AdaptiveIconDrawable(back, front)
    }

    @Test
    fun `where no hardware buffer can be written to there is no such bitmap, and no exception`() = cache { cache ->
        drawables[key] = adaptive()
        assertNull(HardwareIcons.of(cache, IconQuery(key)))
    }

    @Test
    fun `an adaptive icon comes back as the framework draws it, pixel for pixel`() = cache { cache ->
        drawables[key] = adaptive()
        val expected = Bitmap.createBitmap(SIZE, SIZE, Bitmap.Config.ARGB_8888)
        adaptive().run {
            setBounds(0, 0, SIZE, SIZE)
            draw(Canvas(expected))
        }
        buffers.take().use { buffer ->
            val answer = cache.getInto(IconQuery(key), buffer)
            assertEquals("label of com.a", answer.label)
            val bitmap = checkNotNull(IconBitmaps.of(answer, buffer.pixels()))
            assertTrue(bitmap.sameAs(expected))
            assertEquals(Color.RED, bitmap.getPixel(SIZE / 2, SIZE / 2))
            assertEquals("the mask cuts the corner", 0, Color.alpha(bitmap.getPixel(0, 0)))
        }
    }

    @Test
    fun `a half-transparent icon keeps its premultiplied pixels, and its bounds`() = cache { cache ->
        val icon = ColorDrawable(0x40ff8000).apply { setBounds(1, 2, 3, 4) }
        drawables[key] = icon
        buffers.take().use { buffer ->
            val bitmap = checkNotNull(IconBitmaps.of(cache.getInto(IconQuery(key), buffer), buffer.pixels()))
            assertTrue(bitmap.sameAs(IconBitmaps.rasterise(ColorDrawable(0x40ff8000), SIZE)))
        }
        assertEquals(android.graphics.Rect(1, 2, 3, 4), icon.bounds)
    }

    @Test
    fun `the monochrome layer is the alpha of the themed form`() = cache { cache ->
        drawables[key] = adaptive(InsetDrawable(ColorDrawable(Color.BLACK), 0.4f))
        buffers.take().use { buffer ->
            val answer = cache.getInto(IconQuery(key, IconLevel.THEMED), buffer)
            val themed = IconBitmaps.themedOf(answer, buffer.pixels())
            if (Build.VERSION.SDK_INT < 33) {
                assertNull(themed)
            } else {
                checkNotNull(themed)
                assertEquals(255, Color.alpha(themed.getPixel(SIZE / 2, SIZE / 2)))
                assertEquals(0, Color.alpha(themed.getPixel(1, 1)))
            }
        }
    }

    @Test
    fun `an icon that cannot be loaded is no blank one`() = cache { cache ->
        drawables[key] = null
        buffers.take().use { buffer ->
            val answer = cache.getInto(IconQuery(key), buffer)
            assertEquals("label of com.a", answer.label)
            assertFalse(answer.hasPixels)
            assertFalse(cache.getInto(IconQuery(IconKey("com.unknown", ".Main")), buffer).hasPixels)
        }
    }

    @Test
    fun `a drawable shows its placeholder, then the icon, and keeps it`() = cache { cache ->
        drawables[key] = BitmapDrawable(app.resources, IconBitmaps.rasterise(ColorDrawable(Color.GREEN), 9))
        val drawable = CachedIconDrawable(cache, buffers, IconQuery(key), ColorDrawable(Color.GRAY)).apply { setBounds(0, 0, SIZE, SIZE) }
        fun shown() = IconBitmaps.rasterise(drawable, SIZE).getPixel(SIZE / 4, SIZE / 4)
        drawable.load()
        assertFalse(drawable.isLoaded)
        assertEquals(Color.GRAY, shown())
        while (cache.work()) Unit
        assertTrue(drawable.isLoaded)
        assertEquals(Color.GREEN, shown())
        drawable.badge = ColorDrawable(Color.MAGENTA)
        assertEquals(Color.MAGENTA, IconBitmaps.rasterise(drawable, SIZE).getPixel(SIZE - 1, SIZE - 1))
        assertEquals(Color.GREEN, shown())
        assertEquals("every buffer is back", 0, buffers.taken)
        // From memory, at once.
        val second = CachedIconDrawable(cache, buffers, IconQuery(key), null).apply { load() }
        assertTrue(second.isLoaded)
        assertEquals(0, buffers.taken)
    }

    @Test
    fun `a drawable that is recycled takes its request back`() = cache { cache ->
        drawables[key] = ColorDrawable(Color.GREEN)
        val drawable = CachedIconDrawable(cache, buffers, IconQuery(key), null)
        drawable.load()
        drawable.cancel()
        while (cache.work()) Unit
        assertFalse(drawable.isLoaded)
        assertEquals(0, buffers.taken)
    }

    @Test
    fun `each level of the system asks for its own`() {
        val rows = mapOf(
            ComponentCallbacks2.TRIM_MEMORY_RUNNING_MODERATE to null,
            ComponentCallbacks2.TRIM_MEMORY_RUNNING_LOW to IconTrimLevel.LOW,
            ComponentCallbacks2.TRIM_MEMORY_RUNNING_CRITICAL to IconTrimLevel.CRITICAL,
            ComponentCallbacks2.TRIM_MEMORY_UI_HIDDEN to IconTrimLevel.HIDDEN,
            ComponentCallbacks2.TRIM_MEMORY_BACKGROUND to IconTrimLevel.HIDDEN,
            ComponentCallbacks2.TRIM_MEMORY_MODERATE to IconTrimLevel.HIDDEN,
            ComponentCallbacks2.TRIM_MEMORY_COMPLETE to IconTrimLevel.CRITICAL,
        )
        for ((level, expected) in rows) assertEquals("level $level", expected, IconTrimmer.levelOf(level))
    }

    @Test
    fun `memory is given back when the system asks`() = cache { cache ->
        drawables[key] = ColorDrawable(Color.GREEN)
        buffers.take().use { cache.getInto(IconQuery(key), it) }
        val trimmer = IconTrimmer(cache.control::trim, Executor { it.run() })
        trimmer.register(app)
        app.onTrimMemory(ComponentCallbacks2.TRIM_MEMORY_COMPLETE)
        app.unregisterComponentCallbacks(trimmer)
        buffers.take().use { assertFalse(cache.peekInto(IconQuery(key), it)?.hasPixels ?: false) }
        buffers.take().use { assertNotNull(IconBitmaps.of(cache.getInto(IconQuery(key), it), it.pixels())) }
    }

    private companion object {
        const val SIZE = 48
    }
}
