package dev.ferrule.android.launcher.guide

import android.os.Handler
import android.os.Looper
import dev.ferrule.android.OnAndroid
import dev.ferrule.android.rollout.DeviceSafeguard
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowSystemProperties
import java.time.Duration

/** What the guide shows keeps the guard going, and ends it. */
@Config(sdk = [28, 33, 34, 35])
class GuardedLauncherTest : OnAndroid() {
    @After
    fun unkill() = ShadowSystemProperties.override(DeviceSafeguard.KILL_PROPERTY, "")

    private fun pass(millis: Long) = shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(millis))

    @Test
    fun `a kill is seen in the time between two looks, and nothing is left behind`() {
        val launcher = GuardedLauncher(app, Handler(Looper.getMainLooper()))
        launcher.onFirstFrame()
        launcher.onFront()
        pass(0)
        val calm = launcher.safeguard.dump()
        ShadowSystemProperties.override(DeviceSafeguard.KILL_PROPERTY, "all")
        pass(GuardedLauncher.TICK_MILLIS)
        val killed = launcher.safeguard.dump()
        assertTrue("$calm\n$killed", "KILL none" in calm && "KILL all" in killed)
        launcher.close()
        assertEquals(Duration.ZERO, shadowOf(Looper.getMainLooper()).nextScheduledTaskTime)
    }
}
