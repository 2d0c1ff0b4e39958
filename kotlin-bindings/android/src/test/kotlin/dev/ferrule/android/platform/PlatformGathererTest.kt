package dev.ferrule.android.platform

import android.appwidget.AppWidgetManager
import android.appwidget.AppWidgetProviderInfo
import android.content.ComponentName
import android.content.pm.ActivityInfo
import android.content.pm.ApplicationInfo
import android.content.pm.LauncherApps
import android.database.sqlite.SQLiteDatabase
import android.os.Process
import android.util.Size
import dev.ferrule.android.OnAndroid
import dev.ferrule.android.home.Homes
import dev.ferrule.android.home.Homes.app
import dev.ferrule.android.home.SqliteRowSource
import dev.ferrule.launcher.ItemState
import dev.ferrule.launcher.LauncherModel
import dev.ferrule.launcher.LoadedModel
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import java.io.File

/** A home screen loaded with what the device's own managers say, each of them also failing once. */
@Config(sdk = [28, 33, 34, 35])
class PlatformGathererTest : OnAndroid() {
    private val calls by lazy { FakeCalls(PhoneCalls(app)) }
    private val state = LauncherState().apply { widgetSpans = WidgetSpans { Size(2, 1) } }
    private val phone by lazy { FrameworkPhone(app) }

    /** Waits for ever, but for a source that hangs: for it the time is up at once. */
    private val gatherer by lazy {
        PlatformGatherer(calls, app.packageName, state) { if (it == calls.hanging) 0 else Long.MAX_VALUE }
    }

    @Before
    fun aPhone() {
        for (number in 1..5) phone.install("com.app$number")
        // Only what is asked by name finds it: it is no launcher's activity.
        phone.install("com.app6", isLaunchable = false)
        val widget = AppWidgetProviderInfo().apply {
            provider = ComponentName("com.app3", "com.app3.Widget")
            providerInfo = ActivityInfo().apply {
                packageName = "com.app3"
                name = "com.app3.Widget"
                applicationInfo = ApplicationInfo().apply {
                    packageName = "com.app3"
                    uid = Process.myUid()
                }
            }
        }
        shadowOf(app.getSystemService(AppWidgetManager::class.java)).addInstalledProvidersForProfile(Process.myUserHandle(), widget)
    }

    @After
    fun release() = calls.release()

    private fun <T> home(block: (LauncherModel) -> T): T {
        val file = File(folder, "launcher.db")
        Homes.create(file).use { legacy: SQLiteDatabase ->
            for (id in 1..6) legacy.app(id, "profileId" to phone.serial)
            return LauncherModel.open(File(folder, "home.db"), Homes.grid, Homes.NOW, phone.serial).use { model ->
                model.importRows(Homes.NOW, SqliteRowSource(legacy))
                block(model)
            }
        }
    }

    private fun load(model: LauncherModel): LoadedModel = HomeTargets.load(model, gatherer, Homes.NOW, Homes.plain)

    private fun states(loaded: LoadedModel) = loaded.items.associate { it.id to it.state }

    private fun allLive(): Map<Long, ItemState> = (1L..6L).associateWith { ItemState.LIVE }

    @Test
    fun `every item of a phone that answers is live, also one that only its name finds`() = home { model ->
        val loaded = load(model)
        assertEquals(allLive(), states(loaded))
        assertEquals(emptyList<PlatformFailure>(), gatherer.gather(HomeTargets.of(loaded)).failures)
    }

    @Test
    fun `whoever throws, no row is lost and all are back with the next answer`() = home { model ->
        for (source in PlatformSource.entries) {
            calls.throwing = source
            val loaded = load(model)
            assertEquals("$source throws", 6, loaded.items.size)
            assertTrue("$source throws", loaded.quarantined.isEmpty())
            calls.throwing = null
            assertEquals("$source is back", allLive(), states(load(model)))
        }
    }

    @Test
    fun `whichever single call throws, no row is lost and all are back with the next answer`() = home { model ->
        assertEquals(allLive(), states(load(model)))
        for (name in allCalls()) {
            val gatherer = PlatformGatherer(callThatThrows(PhoneCalls(app), name), app.packageName, state) { Long.MAX_VALUE }
            val loaded = HomeTargets.load(model, gatherer, Homes.NOW, Homes.plain)
            assertEquals("$name throws", (1L..6L).toSet(), loaded.items.map { it.id }.toSet())
            assertTrue("$name throws", loaded.quarantined.isEmpty())
            assertEquals("$name is back", allLive(), states(load(model)))
        }
    }

    @Test
    fun `a user manager that knows nobody has not answered, and who was told before is not gone`() = home { model ->
        val fake = PhoneCalls(app)
        val gatherer = PlatformGatherer(fake, app.packageName, state) { Long.MAX_VALUE }
        assertEquals(allLive(), states(HomeTargets.load(model, gatherer, Homes.NOW, Homes.plain)))
        fake.hidden += fake.profiles()
        val loaded = HomeTargets.load(model, gatherer, Homes.NOW, Homes.plain)
        assertEquals(allLive(), states(loaded))
    }

    @Test
    fun `whoever hangs, the load goes on without it, and no second thread waits for it`() = home { model ->
        assertEquals(allLive(), states(load(model)))
        for (source in PlatformSource.entries) {
            val fake = FakeCalls(PhoneCalls(app))
            fake.hanging = source
            val gatherer = PlatformGatherer(fake, app.packageName, state) { if (it == source) 0 else Long.MAX_VALUE }
            try {
                repeat(3) {
                    val gathered = gatherer.gather(model.loaded?.let(HomeTargets::of).orEmpty())
                    assertTrue("$source hangs", gathered.failures.any { it.source == source && it.cause == null })
                    val loaded = model.load(gathered.snapshot, Homes.NOW, flags = Homes.plain)
                    assertEquals("$source hangs", 6, loaded.items.size)
                    assertTrue("$source hangs", loaded.quarantined.isEmpty())
                }
                assertTrue("$source was asked ${fake.asked(source)} times", fake.asked(source) <= 1)
            } finally {
                fake.release()
            }
        }
        assertEquals(allLive(), states(load(model)))
    }

    @Test
    fun `what is not installed is held, and there again once it is`() = home { model ->
        load(model)
        shadowOf(app.packageManager).deletePackage("com.app6")
        val apps = shadowOf(app.getSystemService(LauncherApps::class.java))
        apps.addApplicationInfo(Process.myUserHandle(), "com.app6", null)
        assertEquals(6, load(model).items.size)
    }
}
