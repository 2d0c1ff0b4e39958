package dev.ferrule.android.platform

import android.content.Intent
import android.content.pm.LauncherApps
import android.os.Handler
import android.os.Looper
import android.os.Process
import dev.ferrule.android.OnAndroid
import org.junit.Assert.assertEquals
import org.junit.Test
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

/** Callbacks and broadcasts as one stream. */
@Config(sdk = [28, 33, 34, 35])
class PlatformEventsTest : OnAndroid() {
    private val told = ArrayList<PlatformChange>()
    private val events by lazy { PlatformEvents(app, Handler(Looper.getMainLooper())) { told += it } }
    private val apps by lazy { shadowOf(app.getSystemService(LauncherApps::class.java)) }

    private fun happen() {
        apps.notifyPackageAdded("com.a")
        apps.notifyPackageRemoved("com.a")
        app.sendBroadcast(Intent(Intent.ACTION_LOCALE_CHANGED))
        app.sendBroadcast(Intent(Intent.ACTION_MANAGED_PROFILE_UNAVAILABLE).putExtra(Intent.EXTRA_USER, Process.myUserHandle()))
        app.sendBroadcast(Intent(Intent.ACTION_BOOT_COMPLETED))
        shadowOf(Looper.getMainLooper()).idle()
    }

    @Test
    fun `each event is one change, and after the end there is none`() {
        events.start()
        happen()
        val expected = listOf(
            PlatformChangeKind.ADDED to listOf("com.a"),
            PlatformChangeKind.REMOVED to listOf("com.a"),
            PlatformChangeKind.LOCALE to emptyList(),
            PlatformChangeKind.PROFILE to emptyList(),
            PlatformChangeKind.BOOT_COMPLETED to emptyList(),
        )
        assertEquals(expected.toSet(), told.map { it.kind to it.packages }.toSet())
        assertEquals(expected.size, told.size)
        assertEquals(Process.myUserHandle(), told.first { it.kind == PlatformChangeKind.PROFILE }.user)
        events.close()
        happen()
        assertEquals(expected.size, told.size)
    }
}
