package dev.ferrule.android.platform

import android.content.pm.ApplicationInfo
import android.content.pm.LauncherActivityInfo
import android.content.pm.PackageManager
import android.content.pm.UserInfo
import android.graphics.Color
import android.graphics.drawable.ColorDrawable
import android.os.Process
import android.os.UserManager
import dev.ferrule.android.OnAndroid
import dev.ferrule.android.home.Homes
import dev.ferrule.android.home.Homes.app
import dev.ferrule.android.home.SqliteRowSource
import dev.ferrule.android.icons.FoundIcon
import dev.ferrule.android.icons.IconBadge
import dev.ferrule.android.icons.IconBitmaps
import dev.ferrule.android.icons.IconTokenSource
import dev.ferrule.android.icons.IconUpdates
import dev.ferrule.android.icons.LiveIcons
import dev.ferrule.android.icons.PlatformIconProvider
import dev.ferrule.android.icons.ProfileLabels
import dev.ferrule.icons.IconAnswer
import dev.ferrule.icons.IconBuffers
import dev.ferrule.icons.IconCache
import dev.ferrule.icons.IconKey
import dev.ferrule.icons.IconLevel
import dev.ferrule.icons.IconOptions
import dev.ferrule.icons.IconQuery
import dev.ferrule.icons.IconTokens
import dev.ferrule.launcher.ItemState
import dev.ferrule.launcher.LauncherModel
import dev.ferrule.launcher.LoadedModel
import dev.ferrule.launcher.ProfileKind
import dev.ferrule.launcher.WorkspaceItemInfo
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowSystemProperties
import java.io.File

/** A phone with a work profile, a private space and a clone: whose app, whose icon, whose label, and what a lock takes away. */
@Config(sdk = [28, 33, 34, 35])
class ProfilesTest : OnAndroid() {
    private val phone by lazy { FrameworkPhone(app) }
    private val users by lazy { app.getSystemService(UserManager::class.java)!! }
    private val own = Process.myUserHandle()
    private val kinds = LinkedHashMap<User, ProfileKind>()
    private val locking by lazy { LockingCalls(PhoneCalls(app, kinds = kinds)) }
    private val serials by lazy { (listOf(own) + kinds.keys).map(users::getSerialNumberForUser) }

    /** What the system says of a profile that is locked: releases and vendors do not agree. */
    private enum class Lock { LISTS_NOTHING, FINDS_NOTHING, THROWS, HIDES_THE_PROFILE }

    private class LockingCalls(private val calls: PlatformCalls) : PlatformCalls by calls {
        var locked: Pair<User, Lock>? = null

        private fun lock(user: User): Lock? = locked?.takeIf { it.first == user }?.second

        override fun profiles(): List<User> = calls.profiles().filter { lock(it) != Lock.HIDES_THE_PROFILE }

        override fun isUnlocked(user: User): Boolean = lock(user) == null && calls.isUnlocked(user)

        override fun isQuiet(user: User): Boolean = lock(user) != null || calls.isQuiet(user)

        override fun activities(user: User): List<LauncherActivityInfo> = when (lock(user)) {
            null -> calls.activities(user)
            Lock.THROWS -> throw SecurityException("locked")
            else -> emptyList()
        }

        override fun application(packageName: String, user: User): ApplicationInfo? = when (lock(user)) {
            Lock.FINDS_NOTHING -> throw PackageManager.NameNotFoundException(packageName)
            Lock.THROWS -> throw SecurityException("locked")
            else -> calls.application(packageName, user)
        }

        override fun isPackageEnabled(packageName: String, user: User): Boolean = when (lock(user)) {
            Lock.FINDS_NOTHING -> false
            Lock.THROWS -> throw SecurityException("locked")
            else -> calls.isPackageEnabled(packageName, user)
        }
    }

    @Before
    fun profiles() {
        ShadowSystemProperties.override("sys.boot_completed", "1")
        val rows = listOf(ProfileKind.WORK to UserInfo.FLAG_MANAGED_PROFILE, ProfileKind.PRIVATE to 0, ProfileKind.CLONE to 0)
        for ((number, row) in rows.withIndex()) kinds[phone.addProfile(10 + number, row.second)] = row.first
        for (user in listOf(own) + kinds.keys) {
            phone.install("com.app", user = user)
            phone.relabel("com.app", user, "App of ${user.hashCode()}")
        }
    }

    private fun home(block: (LauncherModel) -> Unit) {
        Homes.create(File(folder, "launcher.db")).use { legacy ->
            for ((at, serial) in serials.withIndex()) legacy.app(at + 1, "profileId" to serial, "intent" to Homes.launch("com.app"))
            LauncherModel.open(File(folder, "home.db"), Homes.grid, Homes.NOW, phone.serial).use { model ->
                model.importRows(Homes.NOW, SqliteRowSource(legacy))
                block(model)
            }
        }
    }

    private fun load(model: LauncherModel): LoadedModel {
        val gatherer = PlatformGatherer(locking, app.packageName, LauncherState()) { Long.MAX_VALUE }
        return HomeTargets.load(model, gatherer, Homes.NOW, Homes.plain)
    }

    @Test
    fun `each profile's item has the label that its own profile tells`() = home { model ->
        val loaded = load(model)
        assertEquals(serials, loaded.items.map { it.user })
        assertEquals(List(4) { ItemState.LIVE }, loaded.items.map { it.state })
        assertEquals((listOf(own) + kinds.keys).map { "App of ${it.hashCode()}" }, loaded.items.map { it.title })
    }

    @Test
    fun `a profile that is locked keeps every item, whatever the system says of it, and they are back when it is open`() = home { model ->
        load(model)
        for (user in kinds.keys) {
            for (lock in Lock.entries) {
                locking.locked = user to lock
                val loaded = load(model)
                assertEquals("$user $lock", listOf(1L, 2L, 3L, 4L), loaded.items.map { it.id })
                val states = loaded.items.map { it.state }
                val isSeen = lock == Lock.LISTS_NOTHING
                val mine = serials.indexOf(users.getSerialNumberForUser(user))
                val expected = List(4) { if (it == mine && !isSeen) ItemState.HELD else ItemState.LIVE }
                assertEquals("$user $lock", expected, states)
                if (isSeen) assertTrue("$user $lock is greyed out", (loaded.items[mine] as WorkspaceItemInfo).isDisabled)
                locking.locked = null
                assertEquals("$user is open", List(4) { ItemState.LIVE }, load(model).items.map { it.state })
            }
        }
    }

    private fun icons(block: (IconCache, IconBuffers) -> Unit) {
        val finder = { key: IconKey -> FoundIcon("label ${key.profile}", ColorDrawable(colour(key.profile)), IconTokens("l", "p")) }
        val provider = PlatformIconProvider(app, SIZE, { finder(it) })
        IconCache.open(File(folder, "icons.db"), IconOptions(SIZE, workers = 0), provider).use { cache ->
            IconUpdates(cache.control, SIZE, locking, IconTokenSource(app, LiveIcons()), LiveIcons()) { "" }.update { }
            block(cache, IconBuffers(IconLevel.ICON.slotBytes(SIZE)))
        }
    }

    private fun colour(serial: Long) = Color.rgb(serial.toInt(), 50, 50)

    private fun key(serial: Long) = IconKey("com.app", "com.app.Main", serial)

    @Test
    fun `no icon is served to another profile, and each has the badge of its kind`() = icons { cache, buffers ->
        fun check(answer: IconAnswer, pixels: java.nio.ByteBuffer, serial: Long) {
            assertEquals(colour(serial), IconBitmaps.of(answer, pixels)!!.getPixel(1, 1))
            assertEquals("label $serial", answer.label)
        }
        repeat(2) {
            for (serial in serials) buffers.take().use { check(cache.getInto(IconQuery(key(serial)), it), it.pixels(), serial) }
        }
        buffers.take(serials.size).use { arena ->
            val answers = cache.getAllInto(serials.map { IconQuery(key(it)) }, arena)
            for ((slot, serial) in serials.withIndex()) check(answers[slot], arena.pixels(slot), serial)
            assertEquals(listOf(null, IconBadge.WORK, IconBadge.PRIVATE, IconBadge.CLONE), answers.map(IconBadge::of))
        }
    }

    @Test
    fun `a profile that is locked away is not gone, and its icons stay its own`() {
        icons { cache, buffers ->
            val updates = IconUpdates(cache.control, SIZE, locking, IconTokenSource(app, LiveIcons()), LiveIcons()) { "" }
            updates.update { }
            for (serial in serials) buffers.take().use { cache.getInto(IconQuery(key(serial)), it) }
            for (user in kinds.keys) {
                for (lock in Lock.entries) {
                    locking.locked = user to lock
                    updates.update { }
                }
            }
        }
        // Nothing but what was stored is known here.
        IconCache.open(File(folder, "icons.db"), IconOptions(SIZE, workers = 0)) { _, _ -> throw IllegalStateException() }.use { cache ->
            for (serial in serials) {
                IconBuffers(IconLevel.ICON.slotBytes(SIZE)).take().use { buffer ->
                    val answer = cache.getInto(IconQuery(key(serial)), buffer)
                    assertEquals(colour(serial), IconBitmaps.of(answer, buffer.pixels())?.getPixel(1, 1))
                }
            }
        }
    }

    @Test
    fun `the kind of a profile is what the framework tells`() {
        val calls = FrameworkCalls(app)
        val (work, other) = kinds.keys.toList()
        assertEquals(
            listOf(ProfileKind.MAIN, ProfileKind.WORK, ProfileKind.OTHER),
            listOf(own, work, other).map(calls::kind),
        )
    }

    @Test
    fun `labels are read out with their profile`() {
        var asked = 0
        val counting = object : PlatformCalls by locking {
            override fun badgedLabel(label: CharSequence, user: User): CharSequence = locking.badgedLabel(label, user).also { asked++ }
        }
        val labels = ProfileLabels(counting) { users.getUserForSerialNumber(it) }
        repeat(2) {
            assertEquals(listOf("Mail", "work Mail", "private Mail", "clone Mail"), serials.map { labels.describe("Mail", it) })
        }
        assertEquals("once a profile", 4, asked)
        labels.forget()
        labels.describe("Mail", serials[1])
        assertEquals(5, asked)
        assertEquals("a profile that is not there", "Mail", labels.describe("Mail", 4711))
        assertEquals("", labels.describe("", serials[1]))
    }

    private companion object {
        const val SIZE = 16
    }
}
