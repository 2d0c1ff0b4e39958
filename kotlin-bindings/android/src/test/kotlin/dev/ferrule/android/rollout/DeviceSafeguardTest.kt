package dev.ferrule.android.rollout

import android.app.ActivityManager
import android.app.ApplicationExitInfo
import android.os.Process
import android.os.SystemClock
import dev.ferrule.android.OnAndroid
import dev.ferrule.guard.Safeguard
import dev.ferrule.guard.crash.ExitReason
import dev.ferrule.guard.crash.ExitReasons
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Assume.assumeTrue
import org.junit.Test
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowActivityManager.ApplicationExitInfoBuilder
import java.io.File

/** The guard on a device: where its files lie, whom it asks, and what it makes of the answers. */
@Config(sdk = [28, 33, 34, 35])
class DeviceSafeguardTest : OnAndroid() {
    @Test
    fun `state and beacons lie in device-protected storage and out of backups`() {
        val expected = File(app.createDeviceProtectedStorageContext().noBackupFilesDir, "ferrule/rollout")
        assertEquals(expected, DeviceSafeguard.folder(app))
        assertEquals(expected, DeviceSafeguard.folder(app.createDeviceProtectedStorageContext()))
        DeviceSafeguard.open(app).use { safeguard ->
            assertTrue(safeguard.isWriter)
            assertTrue(expected.list().orEmpty().isNotEmpty())
        }
    }

    @Test
    fun `the process is this one, and the boot is the same from process to process`() {
        val identity = DeviceSafeguard.identity(app)
        assertEquals(Process.myPid(), identity.pid)
        assertEquals(identity.bootId, DeviceSafeguard.identity(app).bootId)
        assertEquals(identity.buildId, DeviceSafeguard.identity(app).buildId)
        assertTrue(identity.bootId.isNotEmpty() && identity.pageBytes >= 4096)
    }

    @Test
    fun `a death that the activity manager recorded is explained`() {
        assumeTrue(android.os.Build.VERSION.SDK_INT >= 30)
        val info = ApplicationExitInfoBuilder.newBuilder()
            .setPid(4711).setReason(ApplicationExitInfo.REASON_FREEZER).setTimestamp(System.currentTimeMillis() + 1).build()
        shadowOf(app.getSystemService(ActivityManager::class.java)).addApplicationExitInfo(info)
        val reasons = AndroidExitReasons(app)
        val now = SystemClock.elapsedRealtimeNanos()
        assertEquals(ExitReason.FREEZER, reasons.of(4711, now))
        assertEquals(ExitReason.UNKNOWN, reasons.of(4712, now))
    }

    @Test
    @Config(sdk = [28])
    fun `below API 30 nothing is known`() {
        assertEquals(ExitReason.UNKNOWN, AndroidExitReasons(app).of(1, 0))
    }

    @Test
    fun `a phone that cannot answer has a guard all the same`() {
        val setup = DeviceSafeguard.setup(app).apply { exitReasons = ExitReasons { _, _ -> throw SecurityException("no") } }
        Safeguard.open(setup).use { assertFalse(it.dump().isEmpty()) }
    }

    @Test
    fun `a file beside the state kills, and a watch looks each second`() {
        val setup = DeviceSafeguard.setup(app)
        assertEquals(1_000L, setup.watchMillis)
        assertEquals("", setup.killProperty!!.read())
        val file = File(DeviceSafeguard.folder(app), DeviceSafeguard.KILL_FILE)
        DeviceSafeguard.open(app).use { safeguard ->
            assertTrue("KILL none" in safeguard.dump())
            file.writeText("all")
            DeviceSafeguard.tick(safeguard)
            assertTrue("KILL all" in safeguard.dump())
            assertTrue(file.delete())
            DeviceSafeguard.tick(safeguard)
            assertTrue("KILL none" in safeguard.dump())
        }
    }
}
