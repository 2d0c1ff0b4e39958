package dev.ferrule.icons

import dev.ferrule.bindings.FerruleException
import dev.ferrule.bindings.InvalidInputException
import dev.ferrule.bindings.NativeBridge
import dev.ferrule.bindings.StaleHandleException
import dev.ferrule.icons.Painter.Companion.key
import dev.ferrule.icons.Painter.Companion.shown
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.nio.Buffer
import java.nio.ByteBuffer
import java.util.Random

/** Look-ups into the caller's memory, from the provider to the second process, and everything that can be wrong with them. */
class IconCacheTest {
    @TempDir
    lateinit var folder: File

    private val painter = Painter()
    private val buffers = IconBuffers(Painter.slotBytes)

    private fun open(file: String = "icons.db", painter: IconProvider = this.painter) =
        IconCache.open(File(folder, file), IconOptions(Painter.SIZE, workers = 0), painter)

    private fun code(call: () -> Unit): String = assertThrows(FerruleException::class.java) { call() }.code

    private fun fill(buffer: ByteBuffer, value: Byte) = repeat(buffer.capacity()) { buffer.put(it, value) }

    @Test
    fun anIconIsDrawnOnceAndComesFromMemoryAndFromTheStoreOfTheNextProcess() {
        painter.set(key(7), 7)
        open().use { cache ->
            buffers.take().use { buffer ->
                val drawn = cache.getInto(IconQuery(key(7)), buffer)
                assertEquals(listOf("App 7", IconKind.ICON, IconTier.PROVIDER, 8, 8), with(drawn) { listOf(label, kind, tier, width, height) })
                assertEquals(0xff000007.toInt(), drawn.colour)
                assertEquals(7, shown(buffer.pixels()))
                assertEquals(IconTier.MEMORY, cache.getInto(IconQuery(key(7)), buffer).tier)
            }
        }
        for (remember in listOf(true, false)) {
            open().use { cache ->
                buffers.take().use { buffer ->
                    val query = IconQuery(key(7), remember = remember)
                    assertNull(cache.peekInto(query, buffer), "nothing is in memory")
                    assertEquals(IconTier.STORE, cache.getInto(query, buffer).tier)
                    assertEquals(7, shown(buffer.pixels()))
                    assertEquals(if (remember) IconTier.MEMORY else null, cache.peekInto(query, buffer)?.tier)
                }
            }
        }
        assertEquals(1, painter.calls())
        assertEquals(0, buffers.taken)
    }

    @Test
    fun theMonochromeFormLiesBehindTheIcon() = open().use { cache ->
        painter.set(key(3), 3)
        val target = ByteBuffer.allocateDirect(IconLevel.THEMED.slotBytes(8) + 64)
        for (remember in listOf(true, false)) {
            fill(target, 99)
            val answer = cache.getInto(IconQuery(key(3), IconLevel.THEMED, remember = remember), target)
            assertTrue(answer.hasThemed && answer.hasPixels && !answer.isDark)
            assertEquals(3, shown(target))
            for (at in 0 until 64) {
                assertEquals(3, target.get(answer.themedAt + at).toInt())
                assertEquals(0, target.get(answer.themedAt + 64 + at).toInt(), "the rest of a slot is zero")
            }
        }
    }

    @Test
    fun nothingKnownIsBlankAndClearsTheSlot() = open().use { cache ->
        val target = ByteBuffer.allocateDirect(256)
        fill(target, 99)
        val answer = cache.getInto(IconQuery(key(1)), target)
        assertEquals(listOf(IconKind.BLANK, "", false), listOf(answer.kind, answer.label, answer.hasPixels))
        assertTrue((0 until 256).all { target.get(it).toInt() == 0 })
        assertEquals(IconKind.DEFAULT, cache.getInto(IconQuery(null), target).kind)
    }

    @Test
    fun aProviderThatThrowsIsAFailureAndNothingElse() = open().use { cache ->
        painter.set(key(1), 1)
        val target = ByteBuffer.allocateDirect(256)
        for (thrown in listOf(IllegalStateException("no"), StackOverflowError(), OutOfMemoryError("made up"), LinkageError())) {
            painter.before = { throw thrown }
            assertEquals(IconKind.BLANK, cache.getInto(IconQuery(IconKey("com.x", thrown.javaClass.name)), target).kind)
        }
        painter.before = {}
        assertEquals(IconKind.ICON, cache.getInto(IconQuery(key(1)), target).kind)
    }

    @Test
    fun buffersThatCannotBeUsedAreRefused() = open().use { cache ->
        painter.set(key(1), 1)
        val query = IconQuery(key(1))
        val direct = ByteBuffer.allocateDirect(512)
        assertEquals("FFI_BUFFER_INVALID", code { cache.getInto(query, ByteBuffer.allocate(512)) })
        assertEquals("FFI_BUFFER_INVALID", code { cache.getInto(query, direct.asReadOnlyBuffer()) })
        assertEquals("FFI_BUFFER_INVALID", code { cache.getInto(query, direct.duplicate().also { (it as Buffer).position(1) }) })
        val small = direct.duplicate().also { (it as Buffer).limit(252) }
        val refused = assertThrows(InvalidInputException::class.java) { cache.getInto(query, small) }
        assertEquals(listOf("IC_SLOT_TOO_SMALL", "252 bytes"), listOf(refused.code, refused.context))
        assertEquals("FFI_BUFFER_INVALID", code { cache.getAllInto(listOf(query, query, query), direct, 256) })
        assertEquals("FFI_ARGUMENT_INVALID", code { cache.getAllInto(listOf(query), direct, 255) })
        assertEquals("FFI_BITMAP_INVALID", code { cache.getBitmap(query, "no bitmap") })
        assertEquals("FFI_HARDWARE_BUFFER_UNAVAILABLE", code { cache.getHardwareBuffer(query, "no buffer") })
        // Behind the facade's back.
        val handle = NativeBridge.iconsOpen(File(folder, "raw.db").path, 8, 0, 1_000, IconSource(painter) { it.run() })
        for ((at, bytes) in listOf(-1 to 4, 0 to -1, 0 to 513, 512 to 4, Int.MAX_VALUE to Int.MAX_VALUE)) {
            assertEquals("FFI_BUFFER_INVALID", code { NativeBridge.iconsGetInto(this, handle, query.packed(), direct, at, bytes, false) })
        }
        assertEquals("FFI_PACKED_MALFORMED", code { NativeBridge.iconsGetInto(this, handle, ByteArray(9), direct, 0, 8, false) })
        assertTrue(NativeBridge.iconsClose(handle))
        assertEquals(false, NativeBridge.iconsClose(handle))
        assertEquals("FFI_HANDLE_STALE", code { NativeBridge.iconsGetInto(this, handle, query.packed(), direct, 0, 8, false) })
    }

    @Test
    fun whatIsClosedAnswersNothing() {
        val cache = open()
        cache.close()
        cache.close()
        val buffer = buffers.take()
        assertThrows(StaleHandleException::class.java) { cache.getInto(IconQuery(key(1)), buffer) }
        assertThrows(StaleHandleException::class.java) { cache.request(IconQuery(key(1)), buffer) { } }
        buffer.pixels()
        open().use { assertEquals(IconKind.BLANK, it.getInto(IconQuery(key(1)), buffer).kind, "the file is free") }
    }

    @Test
    fun manyInOneGoAreTheSameAsOneByOne() {
        val random = Random(20261130)
        for (number in 0 until 40) painter.set(key(number), number)
        val queries = List(200) {
            val level = IconLevel.values()[random.nextInt(4)]
            // Some that nobody knows, some twice.
            IconQuery(if (random.nextInt(20) == 0) null else key(random.nextInt(44)), level, remember = random.nextBoolean())
        }
        val arena = buffers.take(queries.size)
        for (file in listOf("cold.db", "warm.db")) {
            // Twice the same questions, of a cache that has some of them in memory, some in its store, some nowhere.
            val bulk = open(file)
            if (file == "warm.db") bulk.getAllInto(queries.take(60), arena)
            val answers = bulk.getAllInto(queries, arena)
            bulk.close()
            open("single-$file").use { single ->
                buffers.take().use { buffer ->
                    for ((number, query) in queries.withIndex()) {
                        val answer = single.getInto(query, buffer)
                        val facts = { it: IconAnswer -> listOf(it.label, it.kind, it.colour, it.flags, it.width, it.height, it.hasThemed) }
                        assertEquals(facts(answer), facts(answers[number]), "$query")
                        assertEquals(buffer.pixels(), arena.pixels(number), "$query")
                    }
                }
            }
        }
        assertEquals(44, (0 until 44).count { painter.calls(key(it)) > 0 })
    }

    @Test
    fun namesAreComparedByteForByte() = open().use { cache ->
        val target = ByteBuffer.allocateDirect(256)
        val names = listOf("com.a", "com.A", "com.ä", "com.a ", "com.\uD83D\uDCF1")
        for ((number, name) in names.withIndex()) painter.set(IconKey(name, ".M", 10), number + 1)
        for ((number, name) in names.withIndex()) {
            cache.getInto(IconQuery(IconKey.of("$name/.M", 10)), target)
            assertEquals(number + 1, shown(target), name)
        }
        assertEquals("FFI_ARGUMENT_INVALID", code { IconKey.of("com.a/") })
        assertEquals("FFI_ARGUMENT_INVALID", code { cache.getInto(IconQuery(IconKey("a".repeat(70_000), ".M")), target) })
    }
}
