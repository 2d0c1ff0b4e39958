package dev.ferrule.android.icons

import android.content.ComponentName
import android.content.res.Resources
import android.content.res.TypedArray
import android.graphics.Color
import android.graphics.drawable.AdaptiveIconDrawable
import android.graphics.drawable.ColorDrawable
import android.graphics.drawable.Drawable
import android.graphics.drawable.InsetDrawable
import android.graphics.drawable.LayerDrawable
import android.graphics.drawable.RotateDrawable
import android.os.Bundle
import android.os.SystemClock
import dev.ferrule.android.OnAndroid
import dev.ferrule.android.platform.FrameworkPhone
import dev.ferrule.android.platform.PhoneCalls
import dev.ferrule.android.platform.PlatformChange
import dev.ferrule.android.platform.PlatformChangeKind
import dev.ferrule.icons.IconBuffers
import dev.ferrule.icons.IconCache
import dev.ferrule.icons.IconKey
import dev.ferrule.icons.IconLevel
import dev.ferrule.icons.IconOptions
import dev.ferrule.icons.IconProvider
import dev.ferrule.icons.IconQuery
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowPackageManager
import java.io.File
import java.util.Calendar
import java.util.GregorianCalendar

/** Icons that change by themselves: a calendar's leaf and a clock's hands. */
@Config(sdk = [28, 33, 34, 35])
class LiveIconsTest : OnAndroid() {
    private var time: Calendar = at(day = 1)
    private val live = LiveIcons(setOf(CALENDAR), setOf(CLOCK)) { time.clone() as Calendar }
    private val phone by lazy { FrameworkPhone(app) }
    private val buffers = IconBuffers(IconLevel.ICON.slotBytes(SIZE))
    private val drawn = ArrayList<String>()

    private fun at(day: Int = 1, hour: Int = 0, minute: Int = 0, second: Int = 0): Calendar =
        GregorianCalendar(2026, Calendar.JANUARY, day, hour, minute, second)

    /** Resources of an app: an array of 31 drawables, the colour of each its day, and a clock. */
    private inner class AppResources(from: Resources) : Resources(from.assets, from.displayMetrics, from.configuration) {
        override fun obtainTypedArray(id: Int): TypedArray = if (id == DAYS) Days(this) else throw NotFoundException()

        override fun getDrawableForDensity(id: Int, density: Int, theme: Theme?): Drawable =
            if (id == FACE) clock() else ColorDrawable(Color.rgb(id - FIRST_DAY, 0, 0))
    }

    private class Days(from: Resources) : TypedArray(from) {
        override fun getResourceId(index: Int, missing: Int): Int = if (index in 0..30) FIRST_DAY + index else missing

        override fun recycle() = Unit
    }

    /** A hand that points up at level 0 and goes round once in this many levels. */
    private fun hand(colour: Int, levels: Int) = RotateDrawable().apply {
        drawable = InsetDrawable(ColorDrawable(colour), 0.45f, 0.3f, 0.45f, 0.5f)
        fromDegrees = 0f
        toDegrees = 360f * 10_000 / levels
    }

    private fun clock(): AdaptiveIconDrawable {
        val layers = arrayOf(ColorDrawable(Color.WHITE), hand(Color.RED, 720), hand(Color.BLUE, 60), ColorDrawable(Color.GREEN))
        return AdaptiveIconDrawable(ColorDrawable(Color.BLACK), LayerDrawable(layers))
    }

    private fun clockMetadata(vararg more: Pair<String, Int>) = Bundle().apply {
        val keys = listOf("LEVEL_PER_TICK_ICON_ROUND" to FACE, "HOUR_LAYER_INDEX" to 1, "MINUTE_LAYER_INDEX" to 2, "SECOND_LAYER_INDEX" to 3)
        for ((key, value) in keys + more) putInt("com.android.launcher3.$key", value)
    }

    private fun install(name: String, metadata: Bundle?) {
        phone.install(name, icon = ColorDrawable(Color.GRAY), metadata = metadata)
        ShadowPackageManager.resources[name] = AppResources(app.resources)
    }

    private fun installCalendar(metadata: Bundle? = Bundle().apply { putInt("$CALENDAR.dynamic_icons", DAYS) }) = install(CALENDAR, metadata)

    @After
    fun forgetResources() = ShadowPackageManager.resources.clear()

    private fun open(block: (IconCache) -> Unit) {
        val platform = PlatformIconProvider(app, SIZE, LauncherAppsFinder(app, SIZE, live))
        val provider = IconProvider { key, want ->
            drawn += key.packageName
            platform.load(key, want)
        }
        IconCache.open(File(folder, "icons.db"), IconOptions(SIZE, workers = 0), provider).use(block)
    }

    private fun updates(cache: IconCache) =
        IconUpdates(cache.control, SIZE, PhoneCalls(app), IconTokenSource(app, live), live) { "" }.apply { update { } }

    private fun key(name: String) = IconKey(name, "$name.Main", phone.serial)

    private fun pixel(cache: IconCache, name: String, x: Int = SIZE / 2, y: Int = SIZE / 2): Int? = buffers.take().use { buffer ->
        IconBitmaps.of(cache.getInto(IconQuery(key(name)), buffer), buffer.pixels())?.getPixel(x, y)
    }

    @Test
    fun `a calendar has the leaf of its day, and turns it with the date`() {
        installCalendar()
        install("com.other", null)
        open { cache ->
            val updates = updates(cache)
            assertEquals(Color.rgb(0, 0, 0), pixel(cache, CALENDAR))
            assertEquals(Color.GRAY, pixel(cache, "com.other"))
            for (day in listOf(2, 31)) {
                drawn.clear()
                time = at(day)
                assertFalse(updates.apply(DATE))
                while (cache.work()) Unit
                assertEquals(Color.rgb(day - 1, 0, 0), pixel(cache, CALENDAR))
                assertEquals("nobody else is drawn", setOf(CALENDAR), drawn.toSet())
            }
            drawn.clear()
            time = at(day = 31, hour = 9)
            updates.apply(DATE)
            while (cache.work()) Unit
            assertEquals("a clock that was set turns no leaf", emptyList<String>(), drawn)
        }
    }

    @Test
    fun `yesterday's leaf is not valid today`() {
        installCalendar()
        open { cache -> assertEquals(Color.rgb(0, 0, 0), pixel(cache, CALENDAR)) }
        time = at(day = 2)
        open { cache ->
            updates(cache)
            assertEquals(Color.rgb(1, 0, 0), pixel(cache, CALENDAR))
        }
        val tokens = (1..31).map { day ->
            time = at(day)
            LauncherAppsFinder(app, SIZE, live).find(key(CALENDAR))!!.tokens!!
        }
        assertEquals(31, tokens.map { it.pixels }.toSet().size)
        assertEquals("the label has nothing of the day", 1, tokens.map { it.label }.toSet().size)
    }

    @Test
    fun `a calendar that has no leaves shows its icon`() {
        val rows = listOf(null, Bundle(), Bundle().apply { putInt("$CALENDAR.dynamic_icons", DAYS + 1) })
        for (metadata in rows) {
            installCalendar(metadata)
            assertNull(LiveIconLoader(app.packageManager, live, 0).calendar(ComponentName(CALENDAR, "$CALENDAR.Main")))
        }
        open { cache -> assertEquals(Color.GRAY, pixel(cache, CALENDAR)) }
    }

    @Test
    fun `a clock shows the time, without its second hand, and is kept on no disk`() {
        install(CLOCK, clockMetadata())
        time = at(hour = 15)
        open { cache ->
            assertEquals("hour", Color.RED, pixel(cache, CLOCK, x = SIZE * 3 / 4))
            assertEquals("minute", Color.BLUE, pixel(cache, CLOCK, y = SIZE / 4))
            assertEquals("nothing covers the face", Color.WHITE, pixel(cache, CLOCK, x = SIZE / 4))
        }
        IconCache.open(File(folder, "icons.db"), IconOptions(SIZE, workers = 0)) { _, _ -> throw IllegalStateException() }.use { cache ->
            assertNull(pixel(cache, CLOCK))
            buffers.take().use { assertEquals(CLOCK, cache.getInto(IconQuery(key(CLOCK)), it).label) }
        }
    }

    @Test
    fun `the hands turn by what is missing to the time`() {
        class Row(val hour: Int, val minute: Int, val defaults: List<Pair<String, Int>>, val levels: List<Int>)
        val ten = listOf("DEFAULT_HOUR" to 10, "DEFAULT_MINUTE" to 10)
        val rows = listOf(
            Row(0, 0, emptyList(), listOf(0, 0)),
            Row(15, 30, emptyList(), listOf(210, 210)),
            Row(23, 59, emptyList(), listOf(719, 719)),
            Row(10, 10, ten, listOf(10, 600)),
            Row(9, 5, ten, listOf(11 * 60 + 5, 9 * 60 + 55)),
        )
        for (row in rows) {
            val icon = clock()
            val face = checkNotNull(ClockFace.of(icon, clockMetadata(*row.defaults.toTypedArray())))
            face.show(at(hour = row.hour, minute = row.minute))
            val layers = icon.foreground as LayerDrawable
            assertEquals("${row.hour}:${row.minute} ${row.defaults}", row.levels, listOf(1, 2).map { layers.getDrawable(it).level })
            assertFalse("the same minute moves nothing", face.show(at(hour = row.hour, minute = row.minute, second = 59)))
        }
        val (flat, layerless) = ColorDrawable(Color.RED) to AdaptiveIconDrawable(ColorDrawable(Color.RED), ColorDrawable(Color.RED))
        for (other in listOf(null, flat, layerless)) assertNull(ClockFace.of(other, clockMetadata()))
        assertNotNull("a layer that is not there is no hand", ClockFace.of(clock(), clockMetadata("HOUR_LAYER_INDEX" to 9)))
    }

    @Test
    fun `a clock that is shown asks for the next minute, and for none while it is hidden`() {
        install(CLOCK, clockMetadata())
        time = at(hour = 3, minute = 0, second = 20)
        val clock = checkNotNull(LauncherAppsFinder(app, SIZE, live).clock(key(CLOCK)))
        val scheduled = ArrayList<Pair<Runnable, Long>>()
        var invalidated = 0
        clock.callback = object : Drawable.Callback {
            override fun invalidateDrawable(who: Drawable) {
                invalidated++
            }

            override fun scheduleDrawable(who: Drawable, what: Runnable, at: Long) {
                scheduled += what to at
            }

            override fun unscheduleDrawable(who: Drawable, what: Runnable) {
                scheduled.removeAll { it.first == what }
            }
        }
        fun pixel(x: Int = SIZE / 2, y: Int = SIZE / 2) = IconBitmaps.rasterise(clock, SIZE).getPixel(x, y)
        assertEquals(Color.RED, pixel(x = SIZE * 3 / 4))
        assertEquals(listOf(SystemClock.uptimeMillis() + 40_000), scheduled.map { it.second })
        invalidated = 0
        time = at(hour = 9, minute = 30)
        scheduled.single().first.run()
        assertTrue(invalidated > 0)
        assertEquals("down", Color.BLUE, pixel(y = SIZE * 3 / 4))
        clock.setVisible(false, false)
        assertEquals(0, scheduled.size)
        pixel()
        assertEquals(0, scheduled.size)
        clock.setVisible(true, false)
        assertEquals(1, scheduled.size)
        assertNull(LauncherAppsFinder(app, SIZE, live).clock(key("com.other")))
    }

    @Test
    fun `icons are loaded for the density that is large enough`() {
        val rows = mapOf(36 to 120, 48 to 160, 49 to 213, 126 to 480, 144 to 480, 192 to 640, 1024 to 640)
        for ((size, density) in rows) assertEquals("$size px", density, LauncherAppsFinder.densityFor(size))
    }

    private companion object {
        const val SIZE = 48
        const val CALENDAR = "com.calendar"
        const val CLOCK = "com.clock"
        const val DAYS = 7
        const val FACE = 8
        const val FIRST_DAY = 100
        val DATE = PlatformChange(PlatformChangeKind.DATE, null, emptyList())
    }
}
