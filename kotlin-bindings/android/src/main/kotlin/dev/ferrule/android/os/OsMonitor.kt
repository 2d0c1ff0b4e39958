package dev.ferrule.android.os

import android.content.BroadcastReceiver
import android.content.ComponentCallbacks
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import android.content.res.Configuration
import android.database.ContentObserver
import android.net.Uri
import android.os.Build
import android.os.Handler
import android.os.Looper
import android.os.PowerManager
import android.os.SystemClock
import android.provider.Settings
import android.view.WindowManager
import dev.ferrule.os4.DeviceFacts
import dev.ferrule.os4.OsAnswer
import dev.ferrule.os4.OsCompat
import dev.ferrule.os4.RuntimeState
import dev.ferrule.os4.Switch
import java.util.concurrent.Executor
import java.util.function.Consumer

/** Who is told the state of system and user. */
public interface OsStateSink {
    /** The device itself is another, as for another display: everything is decided anew. */
    public fun onDevice(facts: DeviceFacts)

    /** The state is [state]; the answer tells when to ask again. Null where there is none. */
    public fun onState(state: RuntimeState): OsAnswer?

    public companion object {
        /** Feeds [OsCompat]. */
        @JvmField
        public val OS_COMPAT: OsStateSink = object : OsStateSink {
            override fun onDevice(facts: DeviceFacts) = OsCompat.configure(DeviceProperties, facts)

            override fun onState(state: RuntimeState): OsAnswer = OsCompat.update(state)
        }
    }
}

/**
 * Keeps the OS checks told of battery saver, heat, cross-window blur, the user's switches, the animations' scale and the
 * display's density.
 *
 * It is told of changes and polls nothing; after heat it asks once more when the cap is due to be released. Everything
 * runs on [handler]'s thread. What the system does not answer keeps its last value, at first the one that caps nothing.
 *
 * ```kotlin
 * val monitor = OsMonitor(context).apply { start() }
 * OsCompat.addListener { wallpaper.apply(it.background) }
 * ```
 */
public class OsMonitor @JvmOverloads constructor(
    context: Context,
    private val handler: Handler = Handler(Looper.getMainLooper()),
    private val sink: OsStateSink = OsStateSink.OS_COMPAT,
) : AutoCloseable {
    private val context: Context = context.applicationContext ?: context
    private val executor = Executor { handler.post(it) }
    private val refresh = Runnable { refresh() }
    private val listening = Listening()
    private val power = attempt { this.context.getSystemService(PowerManager::class.java) }
    private val windows = attempt { this.context.getSystemService(WindowManager::class.java) }

    private var densityDpi = 0
    private var batterySaver = false
    private var thermal = 0
    private var crossWindowBlur = Switch.UNKNOWN
    private var isNativeLauncherRunning = false

    /** Reads everything once, tells the sink, and listens from now on. On [handler]'s thread. */
    public fun start() {
        check(!listening.isOn) { "the monitor is started" }
        listen()
        sink.onDevice(DeviceReader.read(context).also { densityDpi = context.resources.configuration.densityDpi })
        refresh()
    }

    /** Says whether the native launcher is the one running. */
    public fun nativeLauncherRunning(isRunning: Boolean) {
        handler.post {
            isNativeLauncherRunning = isRunning
            refresh()
        }
    }

    /** Ends listening; again is no error. */
    override fun close() {
        handler.removeCallbacks(refresh)
        listening.close()
    }

    /** The state as the system tells it now. */
    internal fun state(): RuntimeState {
        attempt { power?.isPowerSaveMode }?.let { batterySaver = it }
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) attempt { power?.currentThermalStatus }?.let { thermal = it }
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) {
            attempt { windows?.isCrossWindowBlurEnabled }?.let { crossWindowBlur = if (it) Switch.ON else Switch.OFF }
        }
        return RuntimeState.Builder()
            .nowMillis(SystemClock.elapsedRealtime())
            .batterySaver(batterySaver)
            .thermal(thermal)
            .crossWindowBlur(crossWindowBlur)
            .windowBlursDisabled(global(BLURS_DISABLED) == "1")
            .reduceTransparency(global(REDUCE_TRANSPARENCY) == "1")
            .userMaterial(switch(secure(USER_MATERIAL)))
            .animatorScale(global(Settings.Global.ANIMATOR_DURATION_SCALE)?.toFloatOrNull() ?: 1f)
            .nativeLauncherRunning(isNativeLauncherRunning)
            .build()
    }

    private fun refresh() {
        if (!listening.isOn) return
        handler.removeCallbacks(refresh)
        val due = sink.onState(state())?.effects?.releaseDueMillis ?: return
        handler.postDelayed(refresh, maxOf(0, due - SystemClock.elapsedRealtime()))
    }

    /** A source that cannot be listened to is read whenever another one speaks. */
    private fun listen() {
        val saver = object : BroadcastReceiver() {
            override fun onReceive(context: Context, intent: Intent) = refresh()
        }
        listening.receive("battery saver", context, saver, IntentFilter(PowerManager.ACTION_POWER_SAVE_MODE_CHANGED), handler)
        val observer = object : ContentObserver(handler) {
            override fun onChange(selfChange: Boolean) = refresh()
        }
        listening.begin("settings", { context.contentResolver.unregisterContentObserver(observer) }) {
            for (uri in OBSERVED) context.contentResolver.registerContentObserver(uri, false, observer)
        }
        val display = object : ComponentCallbacks {
            override fun onConfigurationChanged(configuration: Configuration) = executor.execute { onDensity(configuration) }

            @Deprecated("part of the interface")
            override fun onLowMemory() = Unit
        }
        listening.begin("display", { context.unregisterComponentCallbacks(display) }) { context.registerComponentCallbacks(display) }
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) {
            val heat = PowerManager.OnThermalStatusChangedListener { executor.execute(refresh) }
            listening.begin("heat", { power?.removeThermalStatusListener(heat) }) { power?.addThermalStatusListener(heat) }
        }
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) {
            val blur = Consumer<Boolean> { refresh() }
            listening.begin("blur", { windows?.removeCrossWindowBlurEnabledListener(blur) }) {
                windows?.addCrossWindowBlurEnabledListener(executor, blur)
            }
        }
    }

    private fun onDensity(configuration: Configuration) {
        if (!listening.isOn || configuration.densityDpi == densityDpi) return
        densityDpi = configuration.densityDpi
        sink.onDevice(DeviceReader.read(context))
        refresh()
    }

    private fun global(name: String) = attempt { Settings.Global.getString(context.contentResolver, name) }

    private fun secure(name: String) = attempt { Settings.Secure.getString(context.contentResolver, name) }

    private fun switch(value: String?) = when (value) {
        null -> Switch.UNKNOWN
        "0" -> Switch.OFF
        else -> Switch.ON
    }

    private companion object {
        private const val BLURS_DISABLED = "disable_window_blurs"
        private const val REDUCE_TRANSPARENCY = "accessibility_reduce_transparency"
        private const val USER_MATERIAL = "background_blur_enable"
        private val OBSERVED: List<Uri> = listOf(
            Settings.Global.getUriFor(BLURS_DISABLED),
            Settings.Global.getUriFor(REDUCE_TRANSPARENCY),
            Settings.Global.getUriFor(Settings.Global.ANIMATOR_DURATION_SCALE),
            Settings.Secure.getUriFor(USER_MATERIAL),
        )
    }
}
