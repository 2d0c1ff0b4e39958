package dev.ferrule.bindings

import dev.ferrule.icons.IconBuffers
import dev.ferrule.icons.IconDelivery
import dev.ferrule.icons.IconKey
import dev.ferrule.icons.IconPixels
import dev.ferrule.icons.IconProvider
import dev.ferrule.icons.IconQuery
import dev.ferrule.icons.IconSource
import dev.ferrule.icons.IconTokens
import dev.ferrule.icons.IconWant
import dev.ferrule.icons.RenderedIcon
import dev.ferrule.os4.OsCalls
import dev.ferrule.os4.OsSession
import dev.ferrule.os4.PropertySource
import dev.ferrule.os4.RuntimeState
import dev.ferrule.os4.Samples
import java.io.File
import java.nio.ByteBuffer
import java.util.concurrent.atomic.AtomicInteger

/** Calls every native method many times, right and wrong, for a VM that watches (`-Xcheck:jni`). */
fun main() {
    NativeLibrary.require()
    // Lines come from several threads at once.
    val lines = AtomicInteger()
    Logging.setSink { _, _ ->
        if (lines.incrementAndGet() % 3 == 0) throw IllegalStateException("of the sink")
    }
    Logging.setLevel(LogLevel.TRACE)
    repeat(200) { round ->
        check(Samples.decide().atLeastOS4)
        check(NativeBridge.contract() == NativeBridge.CONTRACT)
        OsSession.open(PropertySource.of(Samples.os4), Samples.facts).use { it.update(RuntimeState.CALM) }
        val small = ByteBuffer.allocateDirect(8)
        for (wrong in listOf<() -> Unit>(
            { NativeBridge.decide(ByteBuffer.allocate(8), 8, small) },
            { NativeBridge.decide(small, 8, small) },
            { NativeBridge.open(small, 8) },
            { NativeBridge.update(small, 1L, small, 8, small) },
            { NativeBridge.setLogLevel(9) },
            { NativeBridge.selfTest(99, 0) },
        )) {
            refused(wrong)
        }
        check(!NativeBridge.close(round.toLong()))
        for (kind in 1..3) refused { NativeBridge.selfTest(kind, round) }
        for (kind in 0..4) refused { NativeBridge.selfTest(4, kind) }
        for (kind in 5..6) {
            try {
                NativeBridge.selfTest(kind, 0)
                error("nothing thrown")
            } catch (_: IllegalStateException) {
                // The pending one.
            }
        }
        for (entry in 1..27) {
            NativeBridge.selfTest(7, entry)
            refused { callAll(small) }
        }
        check(NativeBridge.selfTest(8, 2) == 2L)
        check(NativeBridge.selfTest(9, 0) == 1L)
    }
    Logging.setLevel(LogLevel.OFF)
    Logging.setSink(null)
    check(NativeBridge.liveHandles() == 0)
    check(lines.get() > 0)
    println("done")
}

/** Each entry once; the one that is tripped throws. */
private fun callAll(buffer: ByteBuffer) {
    val handle = OsCalls.open(PropertySource.of(emptyMap()), Samples.facts)
    try {
        OsCalls.update(buffer, handle, RuntimeState.CALM)
        NativeBridge.close(handle)
    } finally {
        // Again, for the rounds in which update or close was the one that failed.
        NativeBridge.close(handle)
    }
    NativeBridge.liveHandles()
    NativeBridge.contract()
    NativeBridge.setLogLevel(5)
    Samples.decide()
    NativeBridge.setLogSink(null)
    NativeBridge.selfTest(0, 0)
    callModel(buffer)
    callIcons()
    error("nothing was tripped")
}

/** Each entry of the launcher model once, over a store of its own. */
private fun callModel(answer: ByteBuffer) {
    val folder = File.createTempFile("every", ".entry").apply { delete() }
    check(folder.mkdir())
    try {
        val path = File(folder, "home.db").path.toByteArray().let { ByteBuffer.allocateDirect(it.size).put(it) }
        val handle = NativeBridge.modelOpen(path, path.capacity(), 5, 6, 5, 0, 0)
        try {
            NativeBridge.modelOpened(answer, handle)
            refuses { NativeBridge.modelImportFile(answer, handle, path, path.capacity(), 0, 0, answer) }
            refuses { NativeBridge.modelImportRows(answer, handle, answer, 0, 0, 0, answer) }
            val question = Samples.golden("model-question.bin").let { ByteBuffer.allocateDirect(it.size).put(it) }
            val needed = -NativeBridge.modelLoad(answer, handle, question, question.capacity(), 0, answer)
            check(needed > answer.capacity())
            check(NativeBridge.modelTake(answer, handle, ByteBuffer.allocateDirect(needed)) == needed)
            refuses { NativeBridge.modelTake(answer, handle, answer) }
            NativeBridge.modelKeep(answer, handle, 0)
            NativeBridge.modelKept(path, path.capacity(), question, question.capacity(), answer)
            NativeBridge.modelClose(handle)
        } finally {
            NativeBridge.modelClose(handle)
        }
    } finally {
        folder.deleteRecursively()
    }
}

/** Each entry of the icon cache once, with a provider that draws and a request that is delivered. */
private fun callIcons() {
    val folder = File.createTempFile("every", ".entry").apply { delete() }
    check(folder.mkdir())
    val target = ByteBuffer.allocateDirect(512)
    val source = IconSource(Icons) { it.run() }
    val question = IconQuery(Icons.key).packed()
    try {
        val handle = NativeBridge.iconsOpen(File(folder, "icons.db").path, 8, 1 shl 20, 60_000, source)
        try {
            // First, as it is called by the executor too, where nobody would hear of its panic.
            check(!NativeBridge.iconsRun(1))
            check(NativeBridge.iconsGetInto(target, handle, question, target, 0, 256, true) == null)
            checkNotNull(NativeBridge.iconsGetInto(target, handle, question, target, 0, 256, false))
            NativeBridge.iconsGetAllInto(target, handle, question, target, 256, 256, 256)
            NativeBridge.iconsPin(target, handle, question)
            val listener = IconDelivery(source, IconBuffers(256).take().apply { enter() }) { }
            val request = NativeBridge.iconsRequest(target, handle, question, 0, 1, listener, target, 0, 256)
            NativeBridge.iconsReprioritise(target, handle, request, 1)
            check(NativeBridge.iconsWork(handle, false))
            NativeBridge.iconsCancel(target, handle, request)
            refuses { NativeBridge.iconsGetBitmap(target, handle, question, target) }
            refuses { NativeBridge.iconsGetHardwareBuffer(target, handle, question, target) }
            refuses { NativeBridge.iconsGetInto(target, handle, question, ByteBuffer.allocate(256), 0, 256, false) }
            refuses { NativeBridge.iconsGetAllInto(target, handle, question, target, 0, 512, 1024) }
            NativeBridge.iconsClose(handle)
            refuses { NativeBridge.iconsWatch(handle) }
        } finally {
            NativeBridge.iconsClose(handle)
        }
    } finally {
        folder.deleteRecursively()
    }
}

/** Draws the same icon for everybody. */
private object Icons : IconProvider {
    val key = IconKey("com.a", ".Main")
    private val pixels = ByteBuffer.allocate(256).apply { for (at in 0 until 256) put(at, -1) }

    override fun load(key: IconKey, want: IconWant): RenderedIcon =
        RenderedIcon.Builder().label("A").tokens(IconTokens("1", "1")).plain(IconPixels.picture(8, 8, pixels)).build()
}

/** A call that fails by its arguments; a panic that was asked for goes on. */
private inline fun refuses(call: () -> Unit) {
    try {
        call()
    } catch (panic: NativePanicException) {
        throw panic
    } catch (_: FerruleException) {
        return
    }
    error("nothing thrown")
}

private inline fun refused(call: () -> Unit) {
    try {
        call()
    } catch (_: FerruleException) {
        return
    }
    error("nothing thrown")
}
