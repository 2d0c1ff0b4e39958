package dev.ferrule.android.platform

import android.content.BroadcastReceiver
import android.content.Context
import android.content.ContextWrapper
import android.content.Intent
import android.content.IntentFilter
import android.content.pm.LauncherApps
import android.content.res.Configuration
import android.net.Uri
import android.os.Build
import android.os.Handler
import android.os.Looper
import android.os.Process
import dev.ferrule.android.OnAndroid
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowLog

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
        app.sendBroadcast(Intent(Intent.ACTION_TIMEZONE_CHANGED))
        app.sendBroadcast(Intent("android.intent.action.OVERLAY_CHANGED", Uri.parse("package:android")))
        app.sendBroadcast(Intent("android.intent.action.OVERLAY_CHANGED", Uri.parse("package:com.other")))
        app.onConfigurationChanged(Configuration(app.resources.configuration))
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
            PlatformChangeKind.DATE to emptyList(),
            PlatformChangeKind.CONFIGURATION to emptyList(),
            PlatformChangeKind.CONFIGURATION to emptyList(),
        ).sortedBy { it.first }
        assertEquals(expected, told.map { it.kind to it.packages }.sortedBy { it.first })
        assertEquals(Process.myUserHandle(), told.first { it.kind == PlatformChangeKind.PROFILE }.user)
        events.close()
        happen()
        assertEquals(expected.size, told.size)
    }

    @Test
    fun `after the end nobody is registered`() {
        val (context, phone) = ListeningContext(app) to FrameworkPhone(app)
        val before = phone.callbacks
        PlatformEvents(context, Handler(Looper.getMainLooper())) { }.use {
            it.start()
            assertTrue("${context.listeners}", context.listeners.size >= 2)
            assertEquals(before.size + 1, phone.callbacks.size)
        }
        assertEquals(emptyList<Any>(), context.listeners)
        assertEquals(before, phone.callbacks)
    }

    /** Whether one of the actions may be sent by anybody on this level, as its framework's manifest has it. */
    private fun isOpen(filter: IntentFilter) = Build.VERSION.SDK_INT == Build.VERSION_CODES.UPSIDE_DOWN_CAKE &&
        filter.actionsIterator().asSequence().any { it in UNPROTECTED_ON_34 }

    /** Registers as the activity manager does for an app that targets API 34 or more. */
    private inner class Strict(private val refuses: (IntentFilter) -> Boolean = { false }) : ContextWrapper(app) {
        override fun registerReceiver(receiver: BroadcastReceiver?, filter: IntentFilter, permission: String?, handler: Handler?) =
            registerReceiver(receiver, filter, permission, handler, 0)

        override fun registerReceiver(
            receiver: BroadcastReceiver?,
            filter: IntentFilter,
            permission: String?,
            handler: Handler?,
            flags: Int,
        ): Intent? {
            val isSaid = flags and (Context.RECEIVER_EXPORTED or Context.RECEIVER_NOT_EXPORTED) != 0
            if (refuses(filter) || (isOpen(filter) && !isSaid)) throw SecurityException("one of RECEIVER_… should be specified")
            assertEquals("nobody else may send these", 0, flags and Context.RECEIVER_EXPORTED)
            return super.registerReceiver(receiver, filter, permission, handler)
        }
    }

    @Test
    fun `where an action is not protected the broadcasts come all the same`() {
        PlatformEvents(Strict(), Handler(Looper.getMainLooper())) { told += it }.use {
            it.start()
            for (action in UNPROTECTED_ON_34 + Intent.ACTION_LOCALE_CHANGED) app.sendBroadcast(Intent(action))
            shadowOf(Looper.getMainLooper()).idle()
        }
        val expected = listOf(PlatformChangeKind.PROFILE, PlatformChangeKind.PROFILE, PlatformChangeKind.LOCALE)
        assertEquals(expected, told.map { it.kind })
        assertEquals(emptyList<String>(), refusals())
    }

    @Test
    fun `a registration that is refused takes no other along and is said`() {
        val events = PlatformEvents(Strict { it.hasAction(UNPROTECTED_ON_34.first()) }, Handler(Looper.getMainLooper())) { told += it }
        events.start()
        happen()
        val kinds = told.map { it.kind }.toSet()
        assertTrue("$kinds", kinds.containsAll(listOf(PlatformChangeKind.LOCALE, PlatformChangeKind.DATE, PlatformChangeKind.CONFIGURATION)))
        assertTrue("$kinds", PlatformChangeKind.PROFILE !in kinds)
        assertEquals(1, refusals().count { "broadcasts: profiles" in it })
        events.close()
        told.clear()
        happen()
        assertEquals(emptyList<PlatformChange>(), told)
    }

    /** Of broadcasts: Robolectric refuses install sessions by itself. */
    private fun refusals() = ShadowLog.getLogsForTag("Ferrule").map { it.msg }.filter { "OS_EVENTS_REFUSED broadcasts" in it }

    /** Those that Robolectric never makes itself. */
    @Test
    fun `each callback has its kind and its packages`() {
        events.start()
        val user = Process.myUserHandle()
        for (callback in FrameworkPhone(app).callbacks) {
            callback.onPackageChanged("com.a", user)
            callback.onPackagesSuspended(arrayOf("com.a", "com.b"), user)
            callback.onPackagesUnsuspended(arrayOf("com.a"), user)
            callback.onPackagesUnavailable(arrayOf("com.a"), user, false)
            callback.onPackagesAvailable(arrayOf("com.a"), user, true)
            callback.onShortcutsChanged("com.a", emptyList(), user)
            if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) callback.onPackageLoadingProgressChanged("com.a", user, 0.5f)
        }
        val expected = listOf(
            PlatformChangeKind.CHANGED, PlatformChangeKind.SUSPENDED, PlatformChangeKind.UNSUSPENDED, PlatformChangeKind.UNAVAILABLE,
            PlatformChangeKind.AVAILABLE, PlatformChangeKind.SHORTCUTS, PlatformChangeKind.LOADING_PROGRESS,
        ).filter { Build.VERSION.SDK_INT >= Build.VERSION_CODES.S || it != PlatformChangeKind.LOADING_PROGRESS }
        assertEquals(expected, told.map { it.kind })
        assertEquals(listOf("com.a", "com.b"), told[1].packages)
        assertEquals(listOf(PlatformChangeKind.AVAILABLE), told.filter { it.isReplacing }.map { it.kind })
        events.close()
    }

    private companion object {
        /** In the framework's manifest as protected from API 35 on. */
        val UNPROTECTED_ON_34 = listOf("android.intent.action.PROFILE_AVAILABLE", "android.intent.action.PROFILE_UNAVAILABLE")
    }
}
