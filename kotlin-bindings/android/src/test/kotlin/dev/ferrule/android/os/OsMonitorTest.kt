package dev.ferrule.android.os

import android.content.ComponentCallbacks
import android.content.Context
import android.content.ContextWrapper
import android.content.Intent
import android.content.res.Configuration
import android.os.Build
import android.os.Handler
import android.os.Looper
import android.os.PowerManager
import android.os.SystemClock
import android.provider.Settings
import android.view.WindowManager
import dev.ferrule.android.OnAndroid
import dev.ferrule.android.platform.ListeningContext
import dev.ferrule.os4.Abi
import dev.ferrule.os4.Bounce
import dev.ferrule.os4.DeviceFacts
import dev.ferrule.os4.GlassLevel
import dev.ferrule.os4.OsAnswer
import dev.ferrule.os4.OsSession
import dev.ferrule.os4.Probe
import dev.ferrule.os4.PropertySource
import dev.ferrule.os4.RuntimeState
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Assume.assumeTrue
import org.junit.Test
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import java.lang.reflect.InvocationHandler
import java.lang.reflect.Method
import java.lang.reflect.Proxy
import java.time.Duration
import java.util.function.Consumer

/** The state of system and user reaches the checks, by itself, from each of its sources. */
@Config(sdk = [28, 33, 34, 35])
class OsMonitorTest : OnAndroid() {
    private class Sink : OsStateSink {
        private val session = OsSession.open(PropertySource.of(OS4), FACTS)
        val levels = ArrayList<GlassLevel>()
        var devices = 0
        var answer: OsAnswer? = null

        override fun onDevice(facts: DeviceFacts) {
            devices++
        }

        override fun onState(state: RuntimeState): OsAnswer = session.update(state).also {
            answer = it
            levels += it.effects.glass
        }
    }

    private val sink = Sink()
    private val blur = Blur()
    private val monitor = OsMonitor(WithBlur(app, blur), Handler(Looper.getMainLooper()), sink)

    @After
    fun close() = monitor.close()

    private fun idle() = shadowOf(Looper.getMainLooper()).idle()

    private fun level(): GlassLevel {
        idle()
        return sink.levels.last()
    }

    private fun setting(name: String, value: String) {
        Settings.Global.putString(app.contentResolver, name, value)
        app.contentResolver.notifyChange(Settings.Global.getUriFor(name), null)
    }

    @Test
    fun `battery saver takes the glass away and gives it back`() {
        monitor.start()
        val calm = level()
        // Below API 31 nobody knows whether windows may blur; that caps nothing.
        assertEquals(GlassLevel.FULL, calm)
        val power = shadowOf(app.getSystemService(PowerManager::class.java))
        for (isOn in listOf(true, false)) {
            power.setIsPowerSaveMode(isOn)
            app.sendBroadcast(Intent(PowerManager.ACTION_POWER_SAVE_MODE_CHANGED))
            assertEquals(if (isOn) GlassLevel.STATIC else calm, level())
        }
    }

    @Test
    fun `developer's switch and transparency are observed`() {
        monitor.start()
        val calm = level()
        setting("disable_window_blurs", "1")
        assertEquals(GlassLevel.STATIC, level())
        setting("disable_window_blurs", "0")
        assertEquals(calm, level())
        setting("accessibility_reduce_transparency", "1")
        assertNotEquals(calm, level())
    }

    @Test
    fun `animations that are off are off`() {
        setting(Settings.Global.ANIMATOR_DURATION_SCALE, "0")
        monitor.start()
        idle()
        assertEquals(Bounce.OFF, sink.answer?.effects?.bounce)
    }

    @Test
    fun `a cap of heat is released in time without anybody's asking`() {
        assumeTrue(Build.VERSION.SDK_INT >= 29)
        monitor.start()
        val calm = level()
        val power = shadowOf(app.getSystemService(PowerManager::class.java))
        power.setCurrentThermalStatus(PowerManager.THERMAL_STATUS_SEVERE)
        assertEquals(GlassLevel.STATIC, level())
        power.setCurrentThermalStatus(PowerManager.THERMAL_STATUS_NONE)
        assertEquals("the cap outlasts the heat", GlassLevel.STATIC, level())
        val due = checkNotNull(sink.answer?.effects?.releaseDueMillis)
        shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(due - SystemClock.elapsedRealtime()))
        assertEquals(calm, sink.levels.last())
        assertNull(sink.answer?.effects?.releaseDueMillis)
    }

    @Test
    fun `another density is another device`() {
        monitor.start()
        idle()
        assertEquals(1, sink.devices)
        val same = Configuration(app.resources.configuration)
        app.onConfigurationChanged(same)
        idle()
        assertEquals(1, sink.devices)
        app.onConfigurationChanged(Configuration(same).apply { densityDpi = same.densityDpi + 80 })
        idle()
        assertEquals(2, sink.devices)
    }

    @Test
    fun `after its end it says nothing`() {
        monitor.start()
        idle()
        monitor.close()
        val told = sink.levels.size
        setting("disable_window_blurs", "1")
        app.sendBroadcast(Intent(PowerManager.ACTION_POWER_SAVE_MODE_CHANGED))
        idle()
        assertEquals(told, sink.levels.size)
        assertTrue(told > 0)
    }

    @Test
    fun `after its end nobody is registered`() {
        val context = ListeningContext(app)
        val uri = Settings.Global.getUriFor("disable_window_blurs")
        fun observers() = shadowOf(app.contentResolver).getContentObservers(uri).size
        fun heat() = if (Build.VERSION.SDK_INT < 29) 0 else shadowOf(app.getSystemService(PowerManager::class.java)).thermalStatusListeners.size
        val before = listOf(observers(), heat())
        OsMonitor(context, Handler(Looper.getMainLooper()), sink).use {
            it.start()
            assertEquals("the battery saver and the density: ${context.listeners}", 2, context.listeners.size)
            assertEquals(before[0] + 1, observers())
        }
        assertEquals(emptyList<Any>(), context.listeners)
        assertEquals(before, listOf(observers(), heat()))
    }

    @Test
    fun `cross-window blur is asked for and listened to`() {
        assumeTrue(Build.VERSION.SDK_INT >= 31)
        monitor.start()
        val calm = level()
        blur.set(false)
        assertEquals(GlassLevel.STATIC, level())
        blur.set(true)
        assertEquals(calm, level())
        monitor.close()
        assertEquals(emptyList<Consumer<Boolean>>(), blur.listeners)
    }

    /** A window manager that blurs, which Robolectric's does not. */
    private class Blur : InvocationHandler {
        val listeners = ArrayList<Consumer<Boolean>>()
        private var isOn = true

        fun set(on: Boolean) {
            isOn = on
            listeners.toList().forEach { it.accept(on) }
        }

        override fun invoke(proxy: Any, method: Method, arguments: Array<out Any>?): Any? {
            @Suppress("UNCHECKED_CAST")
            when (method.name) {
                "isCrossWindowBlurEnabled" -> return isOn
                "addCrossWindowBlurEnabledListener" -> listeners += arguments?.last() as Consumer<Boolean>
                "removeCrossWindowBlurEnabledListener" -> listeners -= arguments?.last() as Consumer<Boolean>
            }
            return null
        }
    }

    private class WithBlur(base: Context, private val blur: Blur) : ContextWrapper(base) {
        override fun getApplicationContext(): Context = this

        // API 28's goes to the application's context, which is this one.
        override fun registerComponentCallbacks(callback: ComponentCallbacks) = baseContext.registerComponentCallbacks(callback)

        override fun unregisterComponentCallbacks(callback: ComponentCallbacks) = baseContext.unregisterComponentCallbacks(callback)

        override fun getSystemService(name: String): Any? =
            if (name != Context.WINDOW_SERVICE) {
                super.getSystemService(name)
            } else {
                Proxy.newProxyInstance(javaClass.classLoader, arrayOf(WindowManager::class.java), blur)
            }
    }

    private companion object {
        /** A phone with everything, so that only the state caps. */
        val OS4 = mapOf(
            "persist.sys.advanced_visual_release" to "5",
            "persist.sys.background_blur_supported" to "true",
            "ro.build.version.incremental" to "OS4.0.9.0.XZZCNXM",
            "ro.build.version.sdk" to "37",
            "ro.mi.os.version.code" to "4",
            "ro.mi.os.version.name" to "OS4.0",
            "ro.surface_flinger.supports_background_blur" to "1",
        )
        val FACTS: DeviceFacts = DeviceFacts.Builder().ramGib(12).cpuLevel(6).gpuLevel(5).abi(Abi.ARM64)
            .densityDpi(440).rustRuntimeV5(Probe.PRESENT).liveDevice(true).build()
    }
}
