package dev.ferrule.android.process

import android.os.Handler
import android.os.Looper
import dev.ferrule.android.OnAndroid
import dev.ferrule.android.dump.FerruleCommands
import dev.ferrule.android.home.Homes
import dev.ferrule.android.home.Homes.app
import dev.ferrule.android.home.SqliteRowSource
import dev.ferrule.android.launcher.OsCheckAdapter
import dev.ferrule.android.os.OsMonitor
import dev.ferrule.android.platform.PlatformEvents
import dev.ferrule.android.platform.PlatformGatherer
import dev.ferrule.android.rollout.DeviceSafeguard
import dev.ferrule.bindings.NativeLibrary
import dev.ferrule.guard.Rollout
import dev.ferrule.guard.Stage
import dev.ferrule.launcher.LauncherModel
import dev.ferrule.os4.OsCompat
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Shadows.shadowOf
import java.io.File

/** What a process without JNA does; run by [ProcessMatrixTest] in a JVM of its own. One test: the order is the point. */
class JnaLessProcess : OnAndroid() {
    private fun threads() = Thread.getAllStackTraces().keys.map { it.name }.filter { "ferrule" in it }

    @Test
    fun `without JNA everything hand-written works, and nothing begins before it is asked`() {
        assertTrue(runCatching { Class.forName("com.sun.jna.Native") }.isFailure)

        val safeguard = DeviceSafeguard.open(app)
        val rollout = Rollout()
        val check = OsCheckAdapter(app, rollout, { true })
        val monitor = OsMonitor(app, Handler(Looper.getMainLooper()))
        PlatformEvents(app, Handler(Looper.getMainLooper())) { }.use { it.start() }
        val gatherer = PlatformGatherer(app)
        assertEquals("OFF is legacy's", true, check.isAtLeastOs4())
        assertNull("no library before the first call", NativeLibrary.peek())
        assertEquals("no thread before the first call", emptyList<String>(), threads())

        rollout.setStage(check.feature, Stage.LIVE)
        assertEquals("Ferrule's answer", false, check.isAtLeastOs4())
        monitor.start()
        shadowOf(Looper.getMainLooper()).idle()
        assertEquals(false, OsCompat.atLeastOS4())
        monitor.close()
        Homes.create(File(folder, "launcher.db")).use { legacy ->
            legacy.app(1)
            assertEquals(listOf("App 1"), Homes.titles(folder, SqliteRowSource(legacy)))
        }
        assertTrue(gatherer.gather().failures.size < 6)

        LauncherModel.open(File(folder, "home.db"), Homes.grid, Homes.NOW).use { model ->
            val commands = FerruleCommands(FerruleCommands.of(safeguard), model = { model.control })
            assertTrue(commands.answer(emptyList()).text.isNotEmpty())
            assertTrue(commands.answer(listOf("explain")).text.startsWith("FFI_JNA_UNAVAILABLE "))
        }
        safeguard.close()
    }
}
