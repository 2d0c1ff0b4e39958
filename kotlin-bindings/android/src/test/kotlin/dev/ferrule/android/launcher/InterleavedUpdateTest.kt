package dev.ferrule.android.launcher

import android.content.Intent
import android.content.pm.LauncherApps
import android.content.pm.UserInfo
import android.graphics.Color
import android.graphics.drawable.ColorDrawable
import android.os.Handler
import android.os.Looper
import android.os.Process
import android.os.UserHandle
import android.os.UserManager
import dev.ferrule.android.OnAndroid
import dev.ferrule.android.icons.IconBitmaps
import dev.ferrule.android.icons.IconTokenSource
import dev.ferrule.android.icons.IconUpdates
import dev.ferrule.android.icons.LiveIcons
import dev.ferrule.android.icons.PlatformIconProvider
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
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import java.io.File
import java.util.concurrent.Executor

/**
 * Android's events at every moment of an icon update: before it begins, between any two steps, and while any icon is being
 * drawn. The store must be as if the event had come when the update was over; nothing stale stays in it, nothing is lost, and
 * whoever shows an icon is told that there is a new one.
 */
@Config(sdk = [28, 33, 34, 35])
class InterleavedUpdateTest : OnAndroid() {
    private val own: UserHandle = Process.myUserHandle()
    private val users by lazy { app.getSystemService(UserManager::class.java)!! }

    /** What a key shows: label and colour; null where nothing is stored. */
    private data class Shown(val label: String, val colour: Int)

    /** A phone whose cache was filled, then was away while apps were updated, and now looks after its icons. */
    private inner class Run(private val name: String) {
        val phone = FrameworkPhone(app)
        val work = phone.addProfile(10, UserInfo.FLAG_MANAGED_PROFILE)
        val calls = PhoneCalls(app)
        val serials = listOf(phone.serial, users.getSerialNumberForUser(work))
        private val tasks = ArrayDeque<Runnable>()
        private val buffers = IconBuffers(IconLevel.ICON.slotBytes(SIZE))

        /** What the launcher was told is new, by notices and by changes. */
        val news = HashSet<String>()

        /** Happens when this many more pictures have been drawn. */
        private var drawsLeft = -1
        private var onDraw: () -> Unit = {}
        private lateinit var cache: IconCache

        init {
            RuntimeEnvironment.setQualifiers("+en")
            for (app in listOf("com.a", "com.b", "com.c", "com.d")) install(app, Color.RED)
        }

        fun install(name: String, colour: Int, vararg to: UserHandle = arrayOf(own, work)) {
            for (user in to) phone.install(name, user = user, icon = ColorDrawable(colour))
        }

        fun update(name: String, label: String, colour: Int) {
            for (user in listOf(own, work)) phone.update(name, user, label, ColorDrawable(colour))
        }

        fun uninstall(name: String, isGone: Boolean = true) {
            for (user in listOf(own, work)) phone.uninstall(name, user, isGone)
        }

        fun tell(what: (LauncherApps.Callback, UserHandle) -> Unit) {
            for (callback in phone.callbacks) for (user in listOf(own, work)) what(callback, user)
        }

        fun broadcast(action: String) = app.sendBroadcast(Intent(action).putExtra(Intent.EXTRA_USER, work))

        /** As a launcher that binds items of what is new. */
        private fun onChange(change: PlatformChange) {
            news += change.packages
            if (change.kind != PlatformChangeKind.ADDED) return
            val serial = users.getSerialNumberForUser(change.user)
            for (name in change.packages) shown(cache, IconKey(name, "$name.Main", serial))
        }

        private fun shown(cache: IconCache, key: IconKey): Shown? = buffers.take().use { buffer ->
            val answer = cache.getInto(IconQuery(key), buffer)
            IconBitmaps.of(answer, buffer.pixels())?.let { Shown(answer.label, it.getPixel(SIZE / 2, SIZE / 2)) }
        }

        /** What is stored, by a cache whose provider knows nothing. */
        fun stored(): Map<IconKey, Shown?> = IconCache.open(File(folder, name), OPTIONS) { _, _ -> throw IllegalStateException() }.use { cache ->
            val keys = APPS.flatMap { app -> serials.map { IconKey(app, "$app.Main", it) } }
            keys.associateWith { shown(cache, it) }
        }

        /** Follows the platform; [block] runs when the update is requested and nothing of it is done. */
        fun follow(block: () -> Unit) {
            val platform = PlatformIconProvider(app, SIZE)
            val provider = IconProvider { key, want ->
                platform.load(key, want).also { if (want.plain && drawsLeft-- == 0) onDraw() }
            }
            IconCache.open(File(folder, name), OPTIONS, provider).use {
                cache = it
                val updates = IconUpdates(it.control, SIZE, calls, IconTokenSource(app, LiveIcons()), LiveIcons()) { "" }
                val icons = FollowedIcons(updates, Executor(tasks::add)) { notice -> news += notice.packages }
                PlatformFollower(app, Handler(Looper.getMainLooper()), icons, null, ::onChange).use { follower ->
                    follower.start()
                    block()
                    drain(Int.MAX_VALUE)
                    while (it.work()) Unit
                }
            }
        }

        /** Does what waits, so many tasks at most; how many it were. */
        fun drain(most: Int): Int {
            var done = 0
            while (done < most) {
                (tasks.removeFirstOrNull() ?: break).run()
                done++
            }
            return done
        }

        fun whenDrawn(count: Int, event: () -> Unit) {
            drawsLeft = count
            onDraw = event
        }
    }

    /** An event, and what then is stored of an app's key in each of the profiles, where it is not as without the event. */
    private class Event(val name: String, val happens: Run.() -> Unit, val own: Map<String, Shown?>, val work: Map<String, Shown?> = own)

    private val events = listOf(
        Event(
            "updated", {
                update("com.b", "b 3", Color.GREEN)
                tell { callback, user -> callback.onPackageChanged("com.b", user) }
            },
            mapOf("com.b" to Shown("b 3", Color.GREEN)),
        ),
        Event(
            "added", {
                install("com.f", Color.YELLOW)
                tell { callback, user -> callback.onPackageAdded("com.f", user) }
            },
            mapOf("com.f" to Shown("com.f", Color.YELLOW)),
        ),
        Event(
            "removed", {
                uninstall("com.c")
                tell { callback, user -> callback.onPackageRemoved("com.c", user) }
            },
            mapOf("com.c" to null),
        ),
        Event(
            "removed and installed again", {
                uninstall("com.c")
                tell { callback, user -> callback.onPackageRemoved("com.c", user) }
                install("com.c", Color.YELLOW)
                tell { callback, user -> callback.onPackageAdded("com.c", user) }
            },
            mapOf("com.c" to Shown("com.c", Color.YELLOW)),
        ),
        Event(
            "on a card that is gone for now", {
                uninstall("com.d", isGone = false)
                tell { callback, user -> callback.onPackagesUnavailable(arrayOf("com.d"), user, false) }
            },
            emptyMap(),
        ),
        Event(
            "a profile removed", {
                for (name in APPS) phone.uninstall(name, work)
                assertTrue(users.removeUser(work.hashCode()))
                broadcast(Intent.ACTION_MANAGED_PROFILE_REMOVED)
            },
            emptyMap(), APPS.associateWith { null },
        ),
        Event(
            "another language", {
                RuntimeEnvironment.setQualifiers("+de")
                for (name in LISTED) for (user in listOf(own, work)) phone.relabel(name, user, "$name auf Deutsch")
                app.sendBroadcast(Intent(Intent.ACTION_LOCALE_CHANGED))
            },
            LISTED.associateWith { Shown("$it auf Deutsch", if (it == "com.d") Color.RED else Color.BLUE) },
        ),
    )

    /** One run: the update, and [event] at a moment of it. */
    private fun run(event: Event, moment: String, at: Run.(happen: () -> Unit) -> Unit) {
        val run = Run("${event.name} $moment.db")
        run.follow { }
        val before = run.stored()
        for (name in listOf("com.a", "com.b", "com.c")) run.update(name, "$name 2", Color.BLUE)
        run.install("com.e", Color.BLUE)
        run.news.clear()
        var hasHappened = false
        run.follow {
            run.at {
                hasHappened = true
                event.happens(run)
                shadowOf(Looper.getMainLooper()).idle()
            }
            run.drain(Int.MAX_VALUE)
        }
        assertTrue("${event.name} $moment", hasHappened)
        val stored = run.stored()
        assertEquals("${event.name} $moment", expected(event, run), stored)
        val changed = stored.filter { (key, shown) -> before[key] != null && shown != null && before[key] != shown }
        val untold = changed.keys.map { it.packageName }.toSet() - run.news
        assertEquals("shown stale: ${event.name} $moment", emptySet<String>(), untold)
        for (name in APPS) run.uninstall(name)
        users.removeUser(run.work.hashCode())
    }

    private fun expected(event: Event, run: Run): Map<IconKey, Shown?> {
        val updated = listOf("com.a", "com.b", "com.c").associateWith { Shown("$it 2", Color.BLUE) }
        val plain = updated + mapOf("com.d" to Shown("com.d", Color.RED), "com.e" to Shown("com.e", Color.BLUE))
        return APPS.flatMap { app ->
            run.serials.zip(listOf(event.own, event.work)).map { (serial, then) ->
                IconKey(app, "$app.Main", serial) to if (app in then) then[app] else plain[app]
            }
        }.toMap()
    }

    @Test
    fun `events between the steps of an update`() {
        for (event in events) {
            // What an event does after the end is what it must do at every moment.
            run(event, "after the end") { happen ->
                drain(Int.MAX_VALUE)
                happen()
            }
            for (done in 0..STEPS) {
                run(event, "after $done tasks") { happen ->
                    assertEquals("the update is that long", done, drain(done))
                    happen()
                }
            }
        }
    }

    @Test
    fun `events while an icon is drawn`() {
        for (event in events) for (count in 0 until DRAWS) run(event, "at drawing ${count + 1}") { happen -> whenDrawn(count, happen) }
    }

    private companion object {
        const val SIZE = 48
        val OPTIONS = IconOptions(SIZE, workers = 0)

        /** Apps that are installed at the start of the update, and one that an event installs. */
        val LISTED = listOf("com.a", "com.b", "com.c", "com.d", "com.e")
        val APPS = LISTED + "com.f"

        /** Three apps are stale and one is new, in two profiles. */
        const val DRAWS = 8

        /** It begins with the first, and has an end of its own. */
        const val STEPS = DRAWS + 1
    }
}
