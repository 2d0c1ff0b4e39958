package dev.ferrule.icons

import dev.ferrule.bindings.ControlPlane
import dev.ferrule.bindings.FerruleException
import dev.ferrule.bindings.NativeBridge
import dev.ferrule.guard.Rollout
import dev.ferrule.guard.Stage
import dev.ferrule.icons.Painter.Companion.key
import dev.ferrule.icons.Painter.Companion.rgba
import dev.ferrule.icons.Painter.Companion.shown
import dev.ferrule.launcher.ProfileKind
import dev.ferrule.uniffi.DrawnIcon
import dev.ferrule.uniffi.DrawnPixels
import dev.ferrule.uniffi.IconDemand
import dev.ferrule.uniffi.IconDepth
import dev.ferrule.uniffi.IconFound
import dev.ferrule.uniffi.IconName
import dev.ferrule.uniffi.IconSource
import dev.ferrule.uniffi.IconTokenPair
import dev.ferrule.uniffi.IconWaiter
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.sql.DriverManager
import java.util.concurrent.atomic.AtomicInteger
import dev.ferrule.uniffi.IconCache as GeneratedCache

/** What is asked rarely, by the generated bindings over the same open cache; the guard. */
class IconControlTest {
    @TempDir
    lateinit var folder: File

    private val painter = Painter().apply { for (number in 1..9) set(key(number), number) }
    private val buffers = IconBuffers(Painter.slotBytes)
    private val store get() = File(folder, "icons.db")

    private fun open() = IconCache.open(store, IconOptions(Painter.SIZE, workers = 0), painter)

    private fun IconCache.show(number: Int): String =
        buffers.take().use { buffer -> getInto(IconQuery(key(number)), buffer).let { "${it.label} ${it.tier}" } }

    private fun installed(numbers: IntRange, token: String = "1") =
        numbers.map { InstalledIcon(key(it), IconTokens(token, token)) }

    @Test
    fun aSessionDrawsWhatIsStaleOrNewAndDeletesWhatIsGone() = open().use { cache ->
        cache.control.beginSession().use { session ->
            session.pass(installed(1..3))
            assertEquals(3, session.waiting)
            session.run { throw AssertionError("what is new is not reported: $it") }
            assertEquals(emptyList<IconKey>(), session.finish())
        }
        assertEquals(3, painter.calls())
        painter.token = "2"
        val news = ArrayList<IconNotice>()
        cache.control.beginSession().use { session ->
            session.spare("com.app3", 0)
            session.pass(listOf(InstalledIcon(key(1), IconTokens("2", "2")), InstalledIcon(key(2), null)))
            session.run { news += it }
            assertEquals(emptyList<IconKey>(), session.finish(), "one is spared, two are named")
        }
        assertEquals(listOf("[com.app1] of profile 0"), news.map { it.toString() })
        assertEquals(listOf(2, 1, 1), (1..3).map { painter.calls(key(it)) })
        cache.control.beginSession().use { session ->
            session.listed(0)
            assertEquals(listOf(key(1), key(2), key(3)), session.finish())
            assertEquals(emptyList<IconKey>(), session.finish())
        }
        cache.control.beginSession().close()
        assertEquals("App 1 PROVIDER", cache.show(1))
    }

    @Test
    fun eventsOfThePlatform() = open().use { cache ->
        val control = cache.control
        assertEquals("App 1 PROVIDER", cache.show(1))
        control.packageChanged("com.app1", 0)
        buffers.take().use { assertTrue(cache.getInto(IconQuery(key(1)), it).run { isLabelStale && isPixelsStale }) }
        assertTrue(cache.work(), "it is drawn again")
        assertEquals(2, painter.calls(key(1)))
        control.packageRemoved("com.app1", 0)
        assertEquals("App 1 PROVIDER", cache.show(1))
        assertEquals(true, control.installBegan("com.app9", 0, "Soon", 7, IconPixels.picture(8, 8, rgba(77))))
        assertEquals(false, control.installBegan("com.app9", 0, "", 7, IconPixels.picture(8, 8, rgba(77))))
        assertEquals(false, control.installBegan("com.app9", 0, "Soon", 7, IconPixels.UNKNOWN))
        buffers.take().use {
            assertEquals("Soon", cache.getInto(IconQuery(IconKey.ofPackage("com.app9")), it).label)
            assertEquals(77, shown(it.pixels()))
            control.installEnded("com.app9", 0)
            assertEquals(IconKind.BLANK, cache.getInto(IconQuery(IconKey.ofPackage("com.app9")), it).kind)
        }
        control.setSystem("en", "circle")
        control.setSystem("fr", "circle")
        buffers.take().use { assertEquals(listOf(true, false), cache.getInto(IconQuery(key(1)), it).run { listOf(isLabelStale, isPixelsStale) }) }
        control.setProfiles(mapOf(0L to ProfileKind.WORK))
        buffers.take().use { assertEquals(1, cache.getInto(IconQuery(key(1)), it).flags) }
        control.setProfiles(mapOf(10L to ProfileKind.OTHER))
        control.resize(16)
        assertEquals("FFI_ARGUMENT_INVALID", assertThrows(FerruleException::class.java) { control.resize(0) }.code)
    }

    @Test
    fun healthCountsAndTrimsGiveMemoryBack() = open().use { cache ->
        cache.pin(listOf(key(1)))
        repeat(2) { for (number in 1..3) cache.show(number) }
        val health = cache.control.health()
        assertEquals(listOf(3L, 3L, 3L), listOf("hits_memory", "hits_provider", "memory_pictures").map(health::figure))
        assertTrue(health.isGood && health.lastError == null && health.figure("memory_pinned_bytes") > 0)
        assertTrue(health.json.startsWith("{\"condition\":\"good\",\"last_error\":null,\"hits_memory\":3,"), health.json)
        assertTrue("hits_memory 3\n" in health.text, health.text)
        for ((level, pictures) in listOf(IconTrimLevel.LOW to 3L, IconTrimLevel.HIDDEN to 1L, IconTrimLevel.CRITICAL to 0L)) {
            cache.control.trim(level)
            assertEquals(pictures, cache.control.health().figure("memory_pictures"), "$level")
        }
        cache.control.flush()
        assertEquals("App 1 STORE", cache.show(1))
        // A second cache of the same file keeps its icons in memory, and says so.
        open().use { second ->
            assertEquals("IC_STORE_LOCKED", second.control.health().lastError)
            assertEquals("App 1 PROVIDER", second.show(1))
        }
    }

    @Test
    fun legacysRowsAreTakenAsTheJudgeSays() = open().use { cache ->
        val legacy = File(folder, "app_icons.db")
        DriverManager.getConnection("jdbc:sqlite:$legacy").use { db ->
            db.createStatement().use { sql ->
                sql.execute("PRAGMA user_version = ${(15 shl 16) + Painter.SIZE}")
                sql.execute(
                    "CREATE TABLE icons (componentName TEXT NOT NULL, profileId INTEGER NOT NULL, freshnessId TEXT, icon BLOB, " +
                        "mono_icon BLOB, icon_color INTEGER DEFAULT 0, flags INTEGER DEFAULT 0, label TEXT, PRIMARY KEY (componentName, profileId))",
                )
            }
            db.prepareStatement("INSERT INTO icons VALUES (?, 0, ?, ?, NULL, 0, 0, ?)").use { row ->
                for ((number, freshness) in listOf(1 to "same", 2 to "older", 3 to "same", 4 to "throws")) {
                    row.setString(1, key(number).toString().substringBefore('#'))
                    row.setString(2, freshness)
                    row.setBytes(3, if (number == 3) ByteArray(9) else png(number))
                    row.setString(4, "Legacy $number")
                    row.executeUpdate()
                }
            }
        }
        val report = cache.control.importFile(legacy, folder) { row ->
            check(row.freshness != "throws" && row.version == null)
            IconTokens("1", "1").takeIf { row.freshness == "same" }
        }
        assertEquals(mapOf("IC_ROW_BAD_ICON" to 1L, "IC_ROW_STALE" to 2L), report.skipped)
        assertEquals(listOf(4L, 1L, 0L, 0L), with(report) { listOf(rows, imported, kept, themed) })
        assertEquals("Legacy 1 STORE", cache.show(1))
        assertEquals(1L, cache.control.importFile(legacy, folder) { IconTokens("1", "1") }.kept)
        val absent = assertThrows(FerruleException::class.java) { cache.control.importFile(File(folder, "none"), folder) { null } }
        assertEquals("IC_IMPORT_ABSENT", absent.code)
    }

    private fun png(number: Int): ByteArray {
        val image = java.awt.image.BufferedImage(Painter.SIZE, Painter.SIZE, java.awt.image.BufferedImage.TYPE_INT_ARGB)
        for (at in 0 until Painter.SIZE * Painter.SIZE) image.setRGB(at % Painter.SIZE, at / Painter.SIZE, 0xff000000.toInt() or number)
        return java.io.ByteArrayOutputStream().also { javax.imageio.ImageIO.write(image, "png", it) }.toByteArray()
    }

    @Test
    fun aClosedCacheHasNoControl() {
        val control = open().use { it.control }
        assertEquals("FFI_HANDLE_STALE", assertThrows(FerruleException::class.java) { control.health() }.code)
    }

    /** The generated classes alone: provider, requests and cancellation across UniFFI, pixels by the native path. */
    @Test
    fun theGeneratedCacheHasAProviderAndRequestsOfItsOwn() {
        ControlPlane.require()
        val before = NativeBridge.liveHandles()
        val calls = AtomicInteger()
        val source = object : IconSource {
            override fun load(name: IconName, want: IconDemand): DrawnIcon {
                calls.incrementAndGet()
                if (name.className == "Throws") throw IllegalStateException("of the provider")
                val pixels = ByteArray(256).also { rgba(5).get(it) }
                val picture = if (want.plain) DrawnPixels.Picture(8u, 8u, pixels) else DrawnPixels.Unknown
                return DrawnIcon(
                    name.`package`, IconTokenPair("1", "1"), 0u, 0u, "", picture, DrawnPixels.Absent, DrawnPixels.Default,
                )
            }
        }
        GeneratedCache.open(File(folder, "generated.db").path, 8, 1L shl 20, source).use { cache ->
            val told = ArrayList<IconFound?>()
            val waiter = object : IconWaiter {
                override fun onEnded(found: IconFound?) {
                    told += found
                    throw IllegalStateException("of the listener")
                }
            }
            val name = IconName("com.a", "M", 0)
            cache.request(name, IconDepth.ICON, waiter).use { it.cancel() }
            assertEquals(false, cache.work())
            assertEquals(listOf(listOf<IconFound?>(null), 0), listOf(told, calls.get()), "cancelled while queued: never begun")
            cache.request(name, IconDepth.ICON, waiter).use {
                assertEquals(true, cache.work())
                it.cancel()
            }
            assertEquals(listOf("com.a", "icon", "provider"), told[1]!!.let { listOf(it.label, it.kind, it.tier) })
            buffers.take().use { buffer ->
                val memory = buffer.enter()
                val query = IconQuery(IconKey("com.a", "M")).packed()
                val packed = NativeBridge.iconsGetInto(this, cache.handle(), query, memory, 0, buffer.slotBytes, true)
                buffer.leave()
                assertEquals(IconTier.MEMORY, IconAnswer.decode(packed!!)[0].tier)
                assertEquals(5, shown(buffer.pixels()))
            }
            cache.request(IconName("com.a", "Throws", 0), IconDepth.ICON, waiter).close()
            cache.work()
            assertEquals("blank", told[2]!!.kind)
        }
        assertTrue(NativeBridge.liveHandles() <= before)
    }

    @Test
    fun theGuardLetsLegacyAnswerWhateverIsThrown() {
        val rollout = Rollout()
        fun feature(opener: IconOpener, convert: IconConverter<String> = IconConverter { answer, pixels -> "${answer.label} ${shown(pixels)}" }) =
            rollout.feature<IconQuery, String>(IconCandidate.FEATURE) { IconCandidate.looker(opener, convert) }.register()
                .also { rollout.setStage(it, Stage.LIVE) }
        val cache = open()
        val live = feature({ cache })
        assertEquals("App 4 4", rollout.call(live, IconQuery(key(4))) { "legacy" })
        for (thrown in listOf(IllegalStateException(), StackOverflowError(), OutOfMemoryError("made up"))) {
            assertEquals("legacy", rollout.call(feature({ cache }) { _, _ -> throw thrown }, IconQuery(key(4))) { "legacy" })
        }
        assertEquals("legacy", rollout.call(feature({ throw LinkageError() }), IconQuery(key(4))) { "legacy" })
        cache.close()
        assertEquals("legacy", rollout.call(live, IconQuery(key(4))) { "legacy" })
    }
}
