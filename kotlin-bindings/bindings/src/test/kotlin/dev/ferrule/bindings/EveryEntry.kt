package dev.ferrule.bindings

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
        for (entry in 1..16) {
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
            NativeBridge.modelClose(handle)
        } finally {
            NativeBridge.modelClose(handle)
        }
    } finally {
        folder.deleteRecursively()
    }
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
