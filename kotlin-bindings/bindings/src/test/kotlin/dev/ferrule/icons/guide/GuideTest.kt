package dev.ferrule.icons.guide

import dev.ferrule.guard.Stage
import dev.ferrule.icons.IconAnswer
import dev.ferrule.icons.IconBuffers
import dev.ferrule.icons.IconKey
import dev.ferrule.icons.IconLevel
import dev.ferrule.icons.IconTokens
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.nio.ByteBuffer
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executor

/** What `docs/guide/icons.md` shows in Kotlin does what it says. */
class GuideTest {
    @TempDir
    lateinit var folder: File

    private val shown = ArrayList<String>()
    private val camera = IconKey("com.camera", ".Main")
    private val buffers = IconBuffers(IconLevel.ICON.slotBytes(192))

    private val phone = object : Phone {
        override val installed = listOf(camera, IconKey("com.maps", ".Main"))
        override val mainThread = Executor { it.run() }

        override fun label(key: IconKey): String = key.packageName.removePrefix("com.")

        override fun draw(key: IconKey, sizePx: Int): ByteBuffer =
            ByteBuffer.allocateDirect(sizePx * sizePx * 4).apply { for (at in 0 until capacity()) put(at, -1) }

        override fun tokens(key: IconKey) = IconTokens("de,en", "circle")

        override fun show(key: IconKey, answer: IconAnswer, pixels: ByteBuffer) {
            check(pixels.get(answer.width * answer.height * 4 - 1).toInt() == -1)
            shown += answer.label
        }
    }

    @Test
    fun iconsAreShownInEveryWay() = open(folder, phone).use { cache ->
        showOne(cache, buffers, camera, phone)
        showFirstScreen(cache, buffers, phone.installed, phone)
        assertEquals(listOf("camera", "camera", "maps"), shown)
        runBlocking { showSoon(cache, buffers, camera, phone) }
        val told = CompletableFuture<Unit>()
        val buffer = buffers.take()
        val announcing = object : Phone by phone {
            override fun show(key: IconKey, answer: IconAnswer, pixels: ByteBuffer) {
                phone.show(key, answer, pixels)
                told.complete(Unit)
            }
        }
        showWhenThere(cache, buffer, camera, 1, announcing)
        told.get()
        buffer.close()
        assertEquals(5, shown.size)
        lookAfter(cache, phone) { throw AssertionError("nothing is stale: $it") }
        assertEquals(2L, cache.control.health().figure("provider_calls"))
    }

    @Test
    fun theGuardAsksLegacyUntilFerruleIsLive() {
        val icons = GuardedIcons(folder, phone) { "legacy" }
        assertEquals("legacy", icons.label(camera))
        icons.moveTo(Stage.LIVE)
        assertEquals("camera", icons.label(camera))
    }
}
