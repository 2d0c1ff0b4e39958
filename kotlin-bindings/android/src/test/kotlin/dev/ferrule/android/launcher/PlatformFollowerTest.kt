package dev.ferrule.android.launcher

import android.content.Intent
import android.content.pm.LauncherApps
import android.content.pm.PackageInstaller
import android.content.pm.UserInfo
import android.graphics.Bitmap
import android.graphics.Color
import android.graphics.drawable.ColorDrawable
import android.os.Handler
import android.os.Looper
import android.os.Process
import android.os.UserHandle
import android.os.UserManager
import dev.ferrule.android.OnAndroid
import dev.ferrule.android.home.Homes
import dev.ferrule.android.home.Homes.app
import dev.ferrule.android.home.SqliteRowSource
import dev.ferrule.android.icons.IconBitmaps
import dev.ferrule.android.icons.IconTokenSource
import dev.ferrule.android.icons.IconUpdates
import dev.ferrule.android.icons.LiveIcons
import dev.ferrule.android.icons.PlatformIconProvider
import dev.ferrule.android.platform.FrameworkPhone
import dev.ferrule.android.platform.HomeTargets
import dev.ferrule.android.platform.LauncherState
import dev.ferrule.android.platform.PhoneCalls
import dev.ferrule.android.platform.PlatformChange
import dev.ferrule.android.platform.PlatformChangeKind
import dev.ferrule.android.platform.PlatformGatherer
import dev.ferrule.android.platform.allCalls
import dev.ferrule.android.platform.callThatThrows
import dev.ferrule.icons.IconBuffers
import dev.ferrule.icons.IconCache
import dev.ferrule.icons.IconKey
import dev.ferrule.icons.IconLevel
import dev.ferrule.icons.IconOptions
import dev.ferrule.icons.IconProvider
import dev.ferrule.icons.IconQuery
import dev.ferrule.launcher.ItemState
import dev.ferrule.launcher.LauncherModel
import dev.ferrule.launcher.LoadedModel
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowSystemProperties
import java.io.File
import java.util.concurrent.Executor

/** From Android's events to what the launcher shows: icons, labels, rows and the home screen. */
@Config(sdk = [28, 33, 34, 35])
class PlatformFollowerTest : OnAndroid() {
    private val phone by lazy { FrameworkPhone(app) }
    private val calls by lazy { PhoneCalls(app) }
    private val main by lazy { Handler(Looper.getMainLooper()) }
    private val atOnce = Executor { it.run() }
    private val buffers = IconBuffers(IconLevel.ICON.slotBytes(SIZE))
    private val news = ArrayList<String>()
    private val told = ArrayList<PlatformChangeKind>()

    /** Keys of which pixels were asked of the provider. */
    private val drawn = ArrayList<IconKey>()

    private fun happens(event: () -> Unit) {
        event()
        shadowOf(Looper.getMainLooper()).idle()
    }

    private fun iconsFollow(block: (IconCache) -> Unit) {
        val platform = PlatformIconProvider(app, SIZE)
        val provider = IconProvider { key, want ->
            if (want.plain) drawn += key
            platform.load(key, want)
        }
        IconCache.open(File(folder, "icons.db"), IconOptions(SIZE, workers = 0), provider).use { cache ->
            val updates = IconUpdates(cache.control, SIZE, calls, IconTokenSource(app, LiveIcons()), LiveIcons()) { "" }
            val icons = FollowedIcons(updates, atOnce) { notice -> news += notice.packages }
            PlatformFollower(app, main, icons, null) { told += it.kind }.use {
                it.start()
                block(cache)
            }
        }
    }

    private fun key(name: String, user: Long = phone.serial) = IconKey(name, "$name.Main", user)

    private fun colour(cache: IconCache, key: IconKey): Int? = buffers.take().use { buffer ->
        IconBitmaps.of(cache.getInto(IconQuery(key), buffer), buffer.pixels())?.getPixel(SIZE / 2, SIZE / 2)
    }

    private fun label(cache: IconCache, key: IconKey): String = buffers.take().use { cache.getInto(IconQuery(key), it).label }

    private fun work(cache: IconCache) {
        while (cache.work()) Unit
    }

    @Test
    fun `an updated package has its new icon and its new label, and nobody else is drawn`() {
        for (name in listOf("com.a", "com.b")) phone.install(name, icon = ColorDrawable(Color.RED))
        iconsFollow { cache ->
            assertEquals(Color.RED, colour(cache, key("com.a")))
            assertEquals(Color.RED, colour(cache, key("com.b")))
            phone.update("com.a", label = "New", icon = ColorDrawable(Color.BLUE))
            drawn.clear()
            happens { phone.callbacks.forEach { it.onPackageChanged("com.a", Process.myUserHandle()) } }
            assertEquals(listOf(PlatformChangeKind.CHANGED), told)
            work(cache)
            assertEquals(Color.BLUE, colour(cache, key("com.a")))
            assertEquals("New", label(cache, key("com.a")))
            assertEquals(Color.RED, colour(cache, key("com.b")))
            assertEquals(setOf(key("com.a")), drawn.toSet())
        }
    }

    @Test
    fun `what was updated while nobody listened is found at the start`() {
        phone.install("com.a", icon = ColorDrawable(Color.RED))
        iconsFollow { assertEquals(Color.RED, colour(it, key("com.a"))) }
        phone.update("com.a", icon = ColorDrawable(Color.BLUE))
        iconsFollow { assertEquals(Color.BLUE, colour(it, key("com.a"))) }
        assertEquals(listOf("com.a"), news)
    }

    @Test
    fun `another language makes new labels and draws no pixel`() {
        for (name in listOf("com.a", "com.b")) phone.install(name, icon = ColorDrawable(Color.RED))
        iconsFollow { cache ->
            for (name in listOf("com.a", "com.b")) assertEquals(name, label(cache, key(name)))
            drawn.clear()
            RuntimeEnvironment.setQualifiers("+de")
            for (name in listOf("com.a", "com.b")) phone.relabel(name, label = "$name auf Deutsch")
            happens { app.sendBroadcast(Intent(Intent.ACTION_LOCALE_CHANGED)) }
            for (name in listOf("com.a", "com.b")) assertEquals("$name auf Deutsch", label(cache, key(name)))
            assertEquals(emptyList<IconKey>(), drawn)
            assertEquals(listOf("com.a", "com.b"), news)
            assertEquals(Color.RED, colour(cache, key("com.a")))
        }
    }

    @Test
    fun `a profile that is gone leaves no row, one that is locked keeps its own`() {
        val users = app.getSystemService(UserManager::class.java)!!
        val (work, other) = phone.addProfile(10, UserInfo.FLAG_MANAGED_PROFILE) to phone.addProfile(11, UserInfo.FLAG_MANAGED_PROFILE)
        val serials = listOf(work, other).map(users::getSerialNumberForUser)
        for (user in listOf(Process.myUserHandle(), work, other)) phone.install("com.a", user = user, icon = ColorDrawable(Color.RED))
        val keys = (listOf(phone.serial) + serials).map { key("com.a", it) }
        iconsFollow { cache ->
            for (key in keys) assertEquals(Color.RED, colour(cache, key))
            shadowOf(users).setProfileIsLocked(other, true)
            happens { profile(Intent.ACTION_MANAGED_PROFILE_UNAVAILABLE, other) }
            assertTrue(users.removeUser(work.hashCode()))
            happens { profile(Intent.ACTION_MANAGED_PROFILE_REMOVED, work) }
        }
        // A cache of the same file whose provider knows nothing has what was stored.
        IconCache.open(File(folder, "icons.db"), IconOptions(SIZE, workers = 0)) { _, _ -> throw IllegalStateException() }.use { cache ->
            assertEquals(listOf(Color.RED, null, Color.RED), keys.map { colour(cache, it) })
        }
    }

    private fun profile(action: String, user: UserHandle) = app.sendBroadcast(Intent(action).putExtra(Intent.EXTRA_USER, user))

    @Test
    fun `a profile that is hidden keeps its icons over a restart, and is drawn no more when it shows again`() {
        val hidden = phone.addProfile(10, UserInfo.FLAG_MANAGED_PROFILE)
        val serial = app.getSystemService(UserManager::class.java)!!.getSerialNumberForUser(hidden)
        for (user in listOf(Process.myUserHandle(), hidden)) phone.install("com.a", user = user, icon = ColorDrawable(Color.RED))
        val keys = listOf(phone.serial, serial).map { key("com.a", it) }
        iconsFollow { cache -> for (key in keys) assertEquals(Color.RED, colour(cache, key)) }
        drawn.clear()
        calls.hidden += hidden
        iconsFollow { cache -> for (key in keys) assertEquals(Color.RED, colour(cache, key)) }
        calls.hidden -= hidden
        iconsFollow { cache ->
            for (key in keys) assertEquals(Color.RED, colour(cache, key))
            assertEquals(emptyList<IconKey>(), drawn)
            // One that is gone for good while it is hidden is no profile that hides.
            calls.hidden += hidden
            assertTrue(app.getSystemService(UserManager::class.java)!!.removeUser(hidden.hashCode()))
            happens { profile(Intent.ACTION_MANAGED_PROFILE_REMOVED, hidden) }
            assertEquals(setOf(phone.serial), cache.control.knownProfiles())
        }
    }

    @Test
    fun `whichever call throws while icons are looked after, none is lost`() {
        val work = phone.addProfile(10, UserInfo.FLAG_MANAGED_PROFILE)
        val serial = app.getSystemService(UserManager::class.java)!!.getSerialNumberForUser(work)
        for (user in listOf(Process.myUserHandle(), work)) phone.install("com.a", user = user, icon = ColorDrawable(Color.RED))
        val keys = listOf(phone.serial, serial).map { key("com.a", it) }
        iconsFollow { cache -> for (key in keys) assertEquals(Color.RED, colour(cache, key)) }
        for (name in allCalls()) {
            IconCache.open(File(folder, "icons.db"), IconOptions(SIZE, workers = 0)) { _, _ -> throw IllegalStateException() }.use { cache ->
                val failing = callThatThrows(calls, name)
                repeat(2) {
                    IconUpdates(cache.control, SIZE, failing, IconTokenSource(app, LiveIcons()), LiveIcons()) { "" }.update { }
                }
                assertEquals("$name throws", listOf(Color.RED, Color.RED), keys.map { colour(cache, it) })
            }
        }
    }

    @Test
    fun `a package that is gone for now keeps its icon, one that is removed does not`() {
        for (name in listOf("com.a", "com.b")) phone.install(name, icon = ColorDrawable(Color.RED))
        val user = Process.myUserHandle()
        iconsFollow { cache ->
            for (name in listOf("com.a", "com.b")) assertEquals(Color.RED, colour(cache, key(name)))
            happens { phone.callbacks.forEach { it.onPackagesUnavailable(arrayOf("com.a"), user, false) } }
            happens { phone.callbacks.forEach { it.onPackageRemoved("com.b", user) } }
        }
        IconCache.open(File(folder, "icons.db"), IconOptions(SIZE, workers = 0)) { _, _ -> throw IllegalStateException() }.use { cache ->
            assertEquals(listOf(Color.RED, null), listOf("com.a", "com.b").map { colour(cache, key(it)) })
        }
    }

    /** Robolectric tells no launcher of sessions from API 29 on, so the change is handed over. */
    @Test
    fun `an installer's icon is shown until the session is over`() {
        val installer = app.packageManager.packageInstaller
        val parameters = PackageInstaller.SessionParams(PackageInstaller.SessionParams.MODE_FULL_INSTALL).apply {
            setAppPackageName("com.new")
            setAppLabel("New")
            setAppIcon(Bitmap.createBitmap(8, 8, Bitmap.Config.ARGB_8888).apply { eraseColor(Color.GREEN) })
        }
        val change = PlatformChange(PlatformChangeKind.SESSION, null, emptyList())
        IconCache.open(File(folder, "icons.db"), IconOptions(SIZE, workers = 0), PlatformIconProvider(app, SIZE)).use { cache ->
            val updates = IconUpdates(cache.control, SIZE, calls, IconTokenSource(app, LiveIcons()), LiveIcons()) { "" }
            val session = installer.createSession(parameters)
            assertFalse(updates.apply(change))
            val key = IconKey.ofPackage("com.new", phone.serial)
            assertEquals(Color.GREEN to "New", colour(cache, key) to label(cache, key))
            installer.abandonSession(session)
            assertFalse(updates.apply(change))
            assertEquals(null, colour(cache, key))
        }
    }

    @Test
    fun `the home screen is loaded anew with what the platform says now, and held items come back`() {
        // Else what is missing may be on a card that boot has still to bring.
        ShadowSystemProperties.override("sys.boot_completed", "1")
        phone.install("com.app1")
        val loads = ArrayList<LoadedModel>()
        val waiting = ArrayList<Runnable>()
        Homes.create(File(folder, "launcher.db")).use { legacy ->
            for (id in 1..2) legacy.app(id, "profileId" to phone.serial)
            LauncherModel.open(File(folder, "home.db"), Homes.grid, Homes.NOW, phone.serial).use { model ->
                model.importRows(Homes.NOW, SqliteRowSource(legacy))
                val gatherer = PlatformGatherer(calls, app.packageName, LauncherState()) { Long.MAX_VALUE }
                val load = { loads += HomeTargets.load(model, gatherer, Homes.NOW, Homes.plain) }
                load()
                assertEquals(mapOf(1L to ItemState.LIVE, 2L to ItemState.HELD), states(loads.last()))
                PlatformFollower(app, main, null, FollowedHome({ waiting += it }, load), { told += it.kind }).use {
                    it.start()
                    phone.install("com.app2")
                    happens { shadowOf(app.getSystemService(LauncherApps::class.java)).notifyPackageAdded("com.app2") }
                    happens { app.sendBroadcast(Intent(Intent.ACTION_LOCALE_CHANGED)) }
                    happens { app.sendBroadcast(Intent(Intent.ACTION_TIMEZONE_CHANGED)) }
                    assertEquals(listOf(PlatformChangeKind.ADDED, PlatformChangeKind.LOCALE, PlatformChangeKind.DATE), told)
                    assertEquals("two changes before a load are one load", 1, waiting.size)
                    waiting.removeAt(0).run()
                    happens { app.sendBroadcast(Intent(Intent.ACTION_BOOT_COMPLETED)) }
                    assertEquals("a change after it is another", 1, waiting.size)
                }
                assertEquals(mapOf(1L to ItemState.LIVE, 2L to ItemState.LIVE), states(loads.last()))
            }
        }
    }

    private fun states(loaded: LoadedModel) = loaded.items.associate { it.id to it.state }

    private companion object {
        const val SIZE = 48
    }
}
