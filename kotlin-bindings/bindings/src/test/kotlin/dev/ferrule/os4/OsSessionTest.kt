package dev.ferrule.os4

import dev.ferrule.bindings.NativeBridge
import dev.ferrule.bindings.StaleHandleException
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.atomic.AtomicInteger

/** Sessions: updates, listeners, and the life of their native objects. */
class OsSessionTest {
    private val saver = RuntimeState.Builder().batterySaver(true).build()

    private fun open() = OsSession.open(PropertySource.of(Samples.os4), Samples.facts)

    @Test
    fun updatesChangeEffectsAndNotIdentity() {
        open().use { session ->
            assertEquals(GlassLevel.FULL, session.answer.effects.glass)
            val capped = session.update(saver)
            assertEquals(GlassLevel.STATIC, capped.effects.glass)
            assertTrue(capped.atLeastOS4)
            assertEquals(GlassLevel.FULL, session.update(RuntimeState.CALM).effects.glass)
        }
    }

    @Test
    fun heatIsRememberedFor30SecondsOfTheCallersClock() {
        open().use { session ->
            fun at(millis: Long, thermal: Int) =
                session.update(RuntimeState.Builder().nowMillis(millis).thermal(thermal).build()).effects
            assertTrue(at(1_000, 3).thermalCapped)
            val cooling = at(2_000, 0)
            assertTrue(cooling.thermalCapped)
            assertEquals(32_000L, cooling.releaseDueMillis)
            assertFalse(at(32_000, 0).thermalCapped)
        }
    }

    @Test
    fun listenersHearOfChangesOnly() {
        open().use { session ->
            val heard = ArrayList<GlassLevel>()
            val listener = EffectsListener { heard += it.glass }
            session.addListener(listener)
            session.update(RuntimeState.CALM)
            session.update(saver)
            session.update(saver)
            session.removeListener(listener)
            session.update(RuntimeState.CALM)
            assertEquals(listOf(GlassLevel.STATIC), heard)
        }
    }

    @Test
    fun aListenerMayCallTheSessionAndThrow() {
        open().use { session ->
            val heard = AtomicInteger()
            session.update(RuntimeState.CALM)
            session.addListener { throw IllegalArgumentException("of the listener") }
            session.addListener {
                heard.incrementAndGet()
                session.answer
            }
            val thrown = assertThrows(IllegalArgumentException::class.java) { session.update(saver) }
            assertEquals("of the listener", thrown.message)
            assertEquals(1, heard.get(), "the second listener was told all the same")
            assertEquals(GlassLevel.STATIC, session.answer.effects.glass)
        }
    }

    @Test
    fun aFlowBeginsWithTheStateAndFollowsIt() {
        open().use { session ->
            val seen = ArrayList<GlassLevel>()
            runBlocking {
                session.effectsFlow().take(2).collect {
                    seen += it.glass
                    // From another thread, and only once the first element has come.
                    if (seen.size == 1) Thread { session.update(saver) }.start()
                }
            }
            assertEquals(listOf(GlassLevel.FULL, GlassLevel.STATIC), seen)
        }
    }

    @Test
    fun aClosedSessionSaysSo() {
        val session = open()
        session.close()
        session.close()
        assertEquals("FFI_HANDLE_STALE", assertThrows(StaleHandleException::class.java) { session.update(saver) }.code)
    }

    @Test
    fun staleAndForgedHandlesAreRefusedNatively() {
        val live = OsCalls.open(PropertySource.of(Samples.os4), Samples.facts)
        assertTrue(NativeBridge.close(live))
        assertFalse(NativeBridge.close(live))
        for (handle in listOf(live, 0L, -1L, 1L, Long.MAX_VALUE, Long.MIN_VALUE, live xor (1L shl 24))) {
            assertThrows(StaleHandleException::class.java) { OsCalls.update(this, handle, saver) }
            assertFalse(NativeBridge.close(handle))
        }
    }

    @Test
    fun manyThreadsShareOneSession() {
        open().use { session ->
            val failures = AtomicInteger()
            val threads = List(8) { number ->
                Thread {
                    repeat(2_000) {
                        val state = if ((it + number) % 2 == 0) saver else RuntimeState.CALM
                        val glass = session.update(state).effects.glass
                        val expected = if (state === saver) GlassLevel.STATIC else GlassLevel.FULL
                        if (glass != expected) failures.incrementAndGet()
                    }
                }.apply { start() }
            }
            threads.forEach(Thread::join)
            assertEquals(0, failures.get())
        }
    }
}
