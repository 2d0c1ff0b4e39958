package dev.ferrule.icons

import dev.ferrule.bindings.FerruleException
import dev.ferrule.bindings.NativeBridge
import dev.ferrule.icons.Painter.Companion.key
import dev.ferrule.icons.Painter.Companion.shown
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executor
import java.util.concurrent.LinkedBlockingQueue

/** S10 and S14 through Kotlin: who is told what, and what never begins. Threads meet at latches; nothing is timed. */
class IconRequestTest {
    @TempDir
    lateinit var folder: File

    private val painter = Painter().apply { for (number in 1..9) set(key(number), number) }
    private val buffers = IconBuffers(Painter.slotBytes)

    /** The main thread: runs when told. */
    private class MainThread : Executor {
        private val tasks = ConcurrentLinkedQueue<Runnable>()

        override fun execute(task: Runnable) {
            tasks.add(task)
        }

        fun run() {
            while (true) (tasks.poll() ?: return).run()
        }
    }

    private val main = MainThread()

    private fun open(workers: Int = 0, delivery: Executor = main) =
        IconCache.open(File(folder, "icons.db"), IconOptions(Painter.SIZE, workers = workers, delivery = delivery), painter)

    /** What listeners were told, null for an end without an answer. */
    private val told = ConcurrentLinkedQueue<String>()

    private fun listener() = IconListener { told.add(it?.label ?: "ended") }

    private fun IconCache.workAll() = generateSequence { work().takeIf { it } }.count()

    @Test
    fun aRequestIsDeliveredOnItsExecutor() = open().use { cache ->
        val buffer = buffers.take()
        cache.request(IconQuery(key(1)), buffer, listener = listener())
        assertEquals("IC_BUFFER_BUSY", assertThrows(FerruleException::class.java) { buffer.pixels() }.code)
        assertEquals("IC_BUFFER_BUSY", assertThrows(FerruleException::class.java) { cache.getInto(IconQuery(key(1)), buffer) }.code)
        assertEquals(1, cache.workAll())
        assertEquals(0, told.size, "the main thread has not run")
        main.run()
        assertEquals(listOf("App 1"), told.toList())
        assertEquals(1, shown(buffer.pixels()))
    }

    @Test
    fun whatIsCancelledWhileQueuedIsNeverBegun(): Unit = open().use { cache ->
        val buffer = buffers.take()
        val request = cache.request(IconQuery(key(1)), buffer, listener = listener())
        cache.request(IconQuery(key(2)), buffers.take(), listener = listener())
        request.cancel()
        request.cancel()
        assertEquals(1, cache.workAll())
        main.run()
        assertEquals(listOf("ended", "App 2"), told.toList())
        assertEquals(listOf(0, 1), listOf(painter.calls(key(1)), painter.calls(key(2))))
        assertEquals(0, buffer.pixels().get(0).toInt())
    }

    @Test
    fun whatIsCancelledBeforeTheDeliveryWritesNothing() = open().use { cache ->
        val buffer = buffers.take()
        val request = cache.request(IconQuery(key(1)), buffer, listener = listener())
        cache.workAll()
        request.cancel()
        main.run()
        assertEquals(listOf("ended"), told.toList())
        assertEquals(0, buffer.pixels().get(3).toInt())
        request.cancel()
        request.reprioritise(IconPriority.NEAR)
    }

    @Test
    fun aNewerRequestOfAViewTakesTheOlderBackAndPrioritiesDecide() = open().use { cache ->
        cache.request(IconQuery(key(1)), buffers.take(), view = 5, listener = listener())
        cache.request(IconQuery(key(2)), buffers.take(), view = 5, listener = listener())
        cache.request(IconQuery(key(3)), buffers.take(), IconPriority.BACKGROUND, listener = listener())
        val near = cache.request(IconQuery(key(4)), buffers.take(), IconPriority.BACKGROUND, listener = listener())
        near.reprioritise(IconPriority.NEAR)
        assertEquals(3, cache.workAll())
        main.run()
        assertEquals(listOf("ended", "App 2", "App 4", "App 3"), told.toList())
        assertEquals(0, painter.calls(key(1)))
    }

    @Test
    fun aReleaseMeanwhileTakesEffectAtTheEnd() = open().use { cache ->
        val buffer = buffers.take()
        cache.request(IconQuery(key(1)), buffer, listener = listener())
        buffer.close()
        buffer.close()
        assertEquals(1, buffers.taken)
        assertEquals("IC_BUFFER_RELEASED", assertThrows(FerruleException::class.java) { buffer.pixels() }.code)
        cache.workAll()
        main.run()
        assertEquals(listOf("App 1"), told.toList())
        assertEquals(0, buffers.taken)
    }

    @Test
    fun closingEndsEveryRequest() {
        // What other tests of this process forgot may be freed meanwhile.
        val before = NativeBridge.liveHandles()
        open().use { cache ->
            cache.request(IconQuery(key(1)), buffers.take(), listener = listener())
            cache.request(IconQuery(key(2)), buffers.take(), listener = listener())
            cache.work()
        }
        main.run()
        assertEquals(listOf("ended", "ended"), told.toList())
        assertTrue(NativeBridge.liveHandles() <= before)
    }

    @Test
    fun aRequestForNothingEndsAtOnce(): Unit = open(delivery = { it.run() }).use { cache ->
        val buffer = buffers.take()
        cache.request(IconQuery(null), buffer, listener = listener()).cancel()
        assertEquals(listOf("ended"), told.toList())
        assertEquals(0, buffer.pixels().get(0).toInt())
    }

    @Test
    fun whatAListenerThrowsReachesItsExecutor() = open().use { cache ->
        cache.request(IconQuery(key(1)), buffers.take()) { throw IllegalStateException("of the listener") }
        cache.workAll()
        assertEquals("of the listener", assertThrows(IllegalStateException::class.java) { main.run() }.message)
        // An executor that refuses: a request ends all the same.
        val refusing = IconCache.open(
            File(folder, "other.db"), IconOptions(8, workers = 0, delivery = { throw IllegalStateException("shut down") }), painter,
        )
        refusing.request(IconQuery(key(1)), buffers.take(), listener = listener())
        refusing.work()
        refusing.close()
        assertEquals(listOf("App 1"), told.toList())
    }

    @Test
    fun listenersAndProvidersMayCallTheCache() = open(delivery = { it.run() }).use { cache ->
        painter.before = { asked ->
            // Another key of the same cache, and its own, which is being drawn further up this stack.
            if (asked == key(1)) {
                buffers.take().use { assertEquals("App 2", cache.getInto(IconQuery(key(2)), it).label) }
                buffers.take().use { assertEquals(IconKind.BLANK, cache.getInto(IconQuery(key(1)), it).kind) }
            }
        }
        cache.request(IconQuery(key(1)), buffers.take()) { answer ->
            told.add(answer!!.label)
            buffers.take().use { told.add(cache.getInto(IconQuery(key(1)), it).tier.name) }
            cache.request(IconQuery(key(3)), buffers.take(), listener = listener())
        }
        assertEquals(2, cache.workAll())
        assertEquals(listOf("App 1", "MEMORY", "App 3"), told.toList())
        assertEquals(listOf(1, 1, 1), (1..3).map { painter.calls(key(it)) })
    }

    @Test
    fun aProviderThatHangsKeepsNobodyElseBack() {
        val hasEntered = CountDownLatch(1)
        val letGo = CountDownLatch(1)
        val delivered = LinkedBlockingQueue<String>()
        painter.before = { asked ->
            if (asked == key(1)) {
                hasEntered.countDown()
                letGo.await()
            }
        }
        val cache = open(workers = 2, delivery = { it.run() })
        val hung = buffers.take()
        cache.request(IconQuery(key(1)), hung) { delivered.add(it?.label ?: "ended") }
        hasEntered.await()
        // One worker hangs. Look-ups, requests, and the whole life of another cache go on.
        buffers.take().use { assertEquals("App 2", cache.getInto(IconQuery(key(2)), it).label) }
        cache.request(IconQuery(key(3)), buffers.take()) { delivered.add(it?.label ?: "ended") }
        assertEquals("App 3", delivered.take())
        // Closing does not wait for it either; the file is free at once.
        cache.close()
        assertEquals("ended", delivered.take())
        hung.pixels()
        open().use { again ->
            buffers.take().use { assertEquals(IconTier.STORE, again.getInto(IconQuery(key(3)), it).tier) }
        }
        letGo.countDown()
        assertEquals(1, painter.calls(key(1)))
    }

    /**
     * Both workers hang in the provider. What is not drawn in time here may be late by the machine's fault as well: then it is
     * there at the next time of asking, so that nothing below depends on time.
     */
    @Test
    @Timeout(120)
    fun workersThatHangAreReplacedAndWhoWaitsIsTold() {
        val hung = setOf(key(1), key(2))
        val haveEntered = CountDownLatch(2)
        val letGo = CountDownLatch(1)
        painter.before = { asked ->
            if (asked in hung) {
                haveEntered.countDown()
                letGo.await()
            }
        }
        val options = IconOptions(Painter.SIZE, workers = 2, providerMillisMax = 200)
        IconCache.open(File(folder, "icons.db"), options, painter).use { cache ->
            runBlocking {
                val answers = hung.map { async { buffers.take().use { buffer -> cache.await(IconQuery(it), buffer) } } }.awaitAll()
                assertEquals(listOf(IconUndrawn.HANGS, IconUndrawn.HANGS), answers.map { it.undrawn })
                assertEquals(listOf(IconKind.BLANK, IconKind.BLANK), answers.map { it.kind })
                buffers.take().use { buffer ->
                    var answer = cache.await(IconQuery(key(3)), buffer)
                    while (answer.undrawn != null) answer = cache.await(IconQuery(key(3)), buffer)
                    assertEquals("App 3", answer.label)
                    assertEquals(3, shown(buffer.pixels()))
                }
                // A thread of one's own is told as well, in place of hanging with them.
                buffers.take().use { assertEquals(IconUndrawn.HANGS, cache.getInto(IconQuery(key(1)), it).undrawn) }
            }
            haveEntered.await()
            assertTrue(cache.control.health().figure("provider_given_up") >= 2)
            letGo.countDown()
            // What they bring late is as good as any.
            for (late in hung) {
                buffers.take().use { buffer ->
                    while (cache.getInto(IconQuery(late), buffer).kind != IconKind.ICON) Thread.yield()
                }
            }
            assertEquals(listOf(1, 1), hung.map { painter.calls(it) }, "no icon was asked for twice")
        }
    }

    @Test
    fun theSuspendFunctionWaitsAndItsCancellationIsTheRequests() {
        val cache = open()
        runBlocking {
            val buffer = buffers.take()
            val first = async(start = CoroutineStart.UNDISPATCHED) { cache.await(IconQuery(key(1)), buffer).label }
            val second = buffers.take()
            val cancelled = async(start = CoroutineStart.UNDISPATCHED) { cache.await(IconQuery(key(2)), second) }
            cancelled.cancel()
            second.close()
            assertEquals(1, cache.workAll(), "the cancelled one was never begun")
            main.run()
            assertEquals("App 1", first.await())
            assertEquals(listOf(1, 0), listOf(painter.calls(key(1)), painter.calls(key(2))))
            assertEquals(1, shown(buffer.pixels()))
            // Work was done, and the coroutine cancelled before the delivery.
            val late = async(start = CoroutineStart.UNDISPATCHED) { cache.await(IconQuery(key(3)), buffer) }
            cache.workAll()
            late.cancel()
            main.run()
            assertEquals(1, shown(buffer.pixels()), "nothing is written after a cancel")
            val closed = async(start = CoroutineStart.UNDISPATCHED) { cache.await(IconQuery(key(4)), buffer) }
            cache.close()
            main.run()
            val thrown = runCatching { closed.await() }.exceptionOrNull()
            assertTrue(thrown is CancellationException, "$thrown")
            assertEquals(0, painter.calls(key(4)))
        }
        assertEquals(1, buffers.taken)
    }

    @Test
    fun manyCoroutinesShareOneCall() = open(workers = 2, delivery = { it.run() }).use { cache ->
        runBlocking {
            val all = List(40) { number -> async { buffers.take().use { cache.await(IconQuery(key(number % 4 + 1)), it).label } } }
            assertEquals(List(40) { "App ${it % 4 + 1}" }, all.awaitAll())
        }
        assertEquals(listOf(1, 1, 1, 1), (1..4).map { painter.calls(key(it)) })
        assertEquals(0, buffers.taken)
    }

    @Test
    fun peekingNeverDraws() = open().use { cache ->
        buffers.take().use { assertNull(cache.peekInto(IconQuery(key(1)), it)) }
        assertEquals(0, painter.calls())
    }
}
