package dev.ferrule.launcher

import dev.ferrule.bindings.NativeBridge
import dev.ferrule.bindings.NativeHandle
import dev.ferrule.bindings.NativeLibrary
import java.io.File
import java.nio.ByteBuffer

/**
 * The native calls of one model: packs, calls, reads the answer. Its buffers live as long as it and grow as needed.
 *
 * Not thread-safe; [LauncherModel] locks. No address outlives a call.
 */
internal class ModelCalls(private val owner: LauncherModel, private val handle: NativeHandle) {
    private var request: ByteBuffer = ByteBuffer.allocateDirect(START_BYTES)
    private var answer: ByteBuffer = ByteBuffer.allocateDirect(START_BYTES)

    fun opened(): Int = NativeBridge.modelOpened(owner, handle.require())

    fun importFile(file: File, mainProfile: Long, nowMillis: Long): ImportReport {
        val path = pathBuffer(file)
        val written = answered(
            NativeBridge.modelImportFile(owner, handle.require(), path, path.capacity(), mainProfile, nowMillis, answer),
        )
        return ImportReport.decode(answer, written)
    }

    fun importRows(batch: SectionsWriter, mainProfile: Long, nowMillis: Long): ImportReport {
        val bytes = fill(batch)
        val written = answered(
            NativeBridge.modelImportRows(owner, handle.require(), request, bytes, mainProfile, nowMillis, answer),
        )
        // Pictures may have made it large; they come once.
        request = ByteBuffer.allocateDirect(START_BYTES)
        return ImportReport.decode(answer, written)
    }

    fun load(platform: PlatformSnapshot, grid: ModelGrid, flags: ModelFlags, nowMillis: Long): LoadedModel {
        val bytes = fill(platform.lists, platform.head(grid, flags))
        val written = answered(NativeBridge.modelLoad(owner, handle.require(), request, bytes, nowMillis, answer))
        return ModelDecoder.decode(answer, written)
    }

    fun keepForNextStart(nowMillis: Long): Boolean = NativeBridge.modelKeep(owner, handle.require(), nowMillis)

    private fun fill(list: SectionsWriter, head: IntArray = IntArray(0)): Int {
        val bytes = list.size()
        if (request.capacity() < bytes) request = ByteBuffer.allocateDirect(bytes + bytes / 4)
        list.writeTo(request, head)
        return bytes
    }

    /** Fetches an answer that did not fit, into a buffer that is large enough from then on. */
    private fun answered(first: Int): Int {
        var written = first
        while (written < 0) {
            answer = ByteBuffer.allocateDirect(-written - written / 4)
            written = NativeBridge.modelTake(owner, handle.require(), answer)
        }
        return written
    }

    companion object {
        private const val START_BYTES = 1 shl 16

        /** A home screen of a thousand items; a larger one is asked for twice. */
        private const val KEPT_BYTES = 1 shl 18

        /** Opens a store; its handle. */
        fun open(file: File, grid: ModelGrid, mainProfile: Long, nowMillis: Long): Long {
            NativeLibrary.require()
            val path = pathBuffer(file)
            val (columns, rows, hotseat) = grid
            return NativeBridge.modelOpen(path, path.capacity(), columns, rows, hotseat, mainProfile, nowMillis)
        }

        /** What the store in [file] keeps for a question; null for nothing. */
        fun kept(file: File, platform: PlatformSnapshot, grid: ModelGrid, flags: ModelFlags): LoadedModel? {
            NativeLibrary.require()
            val path = pathBuffer(file)
            val request = ByteBuffer.allocateDirect(platform.lists.size())
            platform.lists.writeTo(request, platform.head(grid, flags))
            var answer = ByteBuffer.allocateDirect(KEPT_BYTES)
            while (true) {
                val written = NativeBridge.modelKept(path, path.capacity(), request, request.capacity(), answer)
                if (written == 0) return null
                if (written > 0) return ModelDecoder.decode(answer, written)
                answer = ByteBuffer.allocateDirect(-written)
            }
        }

        private fun pathBuffer(file: File): ByteBuffer {
            val bytes = file.path.toByteArray(Charsets.UTF_8)
            return ByteBuffer.allocateDirect(bytes.size).put(bytes)
        }
    }
}
