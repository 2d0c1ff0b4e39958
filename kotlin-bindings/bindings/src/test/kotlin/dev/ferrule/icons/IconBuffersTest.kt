package dev.ferrule.icons

import dev.ferrule.bindings.FerruleException
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.nio.ReadOnlyBufferException
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread

/** Leases of memory: what is wrong with their use is impossible or typed. */
class IconBuffersTest {
    private val buffers = IconBuffers(64)

    private fun code(call: () -> Unit): String = assertThrows(FerruleException::class.java) { call() }.code

    @Test
    fun whatIsReleasedCannotBeUsed() {
        val buffer = buffers.take()
        buffer.close()
        buffer.close()
        assertTrue(buffer.isReleased)
        assertEquals("IC_BUFFER_RELEASED", code { buffer.pixels() })
        assertEquals("IC_BUFFER_RELEASED", code { buffer.enter() })
        assertEquals(0, buffers.taken)
    }

    @Test
    fun aSecondReleaseDoesNotReleaseWhatSomebodyElseHasByThen() {
        val first = buffers.take()
        first.close()
        val second = buffers.take()
        first.close()
        assertFalse(second.isReleased)
        assertEquals(1, buffers.taken)
        second.pixels()
    }

    @Test
    fun oneCallOrRequestAtATime() {
        val buffer = buffers.take()
        val memory = buffer.enter()
        assertEquals("IC_BUFFER_BUSY", code { buffer.enter() })
        assertEquals("IC_BUFFER_BUSY", code { buffer.pixels() })
        buffer.leave()
        assertEquals(memory, buffer.enter())
        buffer.close()
        assertEquals(1, buffers.taken, "the memory is still written to")
        buffer.leave()
        buffer.leave()
        assertEquals(0, buffers.taken)
    }

    @Test
    fun memoryIsUsedAgainAndComesZeroed() {
        val first = buffers.take(3)
        val memory = first.enter()
        for (at in 0 until 192) memory.put(at, 7)
        memory.position(9)
        first.leave()
        first.close()
        val second = buffers.take(2)
        assertTrue(memory === second.enter(), "the same memory")
        second.leave()
        for (slot in 0..1) assertTrue((0 until 64).all { second.pixels(slot).get(it).toInt() == 0 })
    }

    @Test
    fun aViewIsOfItsSlotAndReadOnly() {
        val buffer = buffers.take(2)
        val memory = buffer.enter()
        memory.put(64, 5)
        buffer.leave()
        assertEquals(listOf(64, 5), with(buffer.pixels(1)) { listOf(capacity(), get(0).toInt()) })
        assertThrows(ReadOnlyBufferException::class.java) { buffer.pixels().put(0, 1) }
        for (slot in listOf(-1, 2)) assertEquals("FFI_ARGUMENT_INVALID", code { buffer.pixels(slot) })
    }

    @Test
    fun sizesHaveRanges() {
        for (bytes in listOf(0, -4, 63)) assertEquals("FFI_ARGUMENT_INVALID", code { IconBuffers(bytes) })
        for (slots in listOf(0, -1, Int.MAX_VALUE)) assertEquals("FFI_ARGUMENT_INVALID", code { buffers.take(slots) })
        assertEquals(listOf(0, 147_456, 184_320, 147_456), IconLevel.values().map { it.slotBytes(192) })
        assertEquals(8, IconLevel.THEMED.slotBytes(1), "a multiple of four")
        for (side in listOf(0, -1, 1025)) assertEquals("FFI_ARGUMENT_INVALID", code { IconLevel.ICON.slotBytes(side) })
    }

    @Test
    fun threadsNeverShareMemory() {
        val failures = AtomicInteger()
        val threads = List(4) { number ->
            thread {
                repeat(2_000) {
                    val buffer = buffers.take()
                    val memory = buffer.enter()
                    val isClean = memory.get(0).toInt() == 0
                    memory.put(0, (number + 1).toByte())
                    Thread.yield()
                    if (!isClean || memory.get(0).toInt() != number + 1) failures.incrementAndGet()
                    buffer.leave()
                    buffer.close()
                }
            }
        }
        threads.forEach { it.join() }
        assertEquals(listOf(0, 0), listOf(failures.get(), buffers.taken))
    }
}
