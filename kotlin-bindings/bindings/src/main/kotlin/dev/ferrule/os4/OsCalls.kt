package dev.ferrule.os4

import dev.ferrule.bindings.InvalidInputException
import dev.ferrule.bindings.NativeBridge
import dev.ferrule.bindings.NativeLibrary
import java.nio.Buffer
import java.nio.ByteBuffer

/**
 * The calls of the fast path: packs, checks the buffers, calls, copies the answer out.
 *
 * Buffers are kept for the next call, one set a process; calls that overlap make their own. No address outlives a call.
 */
internal object OsCalls {
    private var spare: Buffers? = null

    /** Answers once. */
    fun decide(source: PropertySource, facts: DeviceFacts, state: RuntimeState): PackedAnswer {
        NativeLibrary.require()
        return withBuffers { buffers ->
            buffers.writer.question(source, facts, state)
            val bytes = buffers.fillRequest()
            buffers.answer { answer -> NativeBridge.decide(buffers.request, bytes, answer) }
        }
    }

    /** Keeps the static part; its handle. */
    fun open(source: PropertySource, facts: DeviceFacts): Long {
        NativeLibrary.require()
        return withBuffers { buffers ->
            buffers.writer.question(source, facts, null)
            NativeBridge.open(buffers.request(buffers.writer.size), buffers.fillRequest())
        }
    }

    /** Answers for [state], null for a calm one; [owner] stays reachable until then. */
    fun update(owner: Any, handle: Long, state: RuntimeState?): PackedAnswer = withBuffers { buffers ->
        buffers.writer.runtimeState(state)
        val bytes = buffers.fillRequest()
        buffers.answer { answer -> NativeBridge.update(owner, handle, buffers.request, bytes, answer) }
    }

    /**
     * One call with buffers of the caller.
     *
     * @throws InvalidInputException if a buffer is not direct, too small or read-only, which native code cannot tell
     */
    fun decide(request: ByteBuffer, requestBytes: Int, answer: ByteBuffer): Int {
        NativeLibrary.require()
        check(request.isDirect) { "the request is not a direct buffer" }
        check(requestBytes in 0..request.capacity()) { "$requestBytes bytes in a buffer of ${request.capacity()}" }
        check(answer.isDirect) { "the answer is not a direct buffer" }
        check(!answer.isReadOnly) { "the answer is a read-only buffer" }
        return NativeBridge.decide(request, requestBytes, answer)
    }

    private inline fun check(holds: Boolean, message: () -> String) {
        if (!holds) throw invalid(message())
    }

    /** Apart from its caller: the exception's class is loaded when it is made. */
    private fun invalid(what: String): RuntimeException = InvalidInputException("FFI_BUFFER_INVALID", what, "")

    @Synchronized
    private fun take(): Buffers? = spare.also { spare = null }

    @Synchronized
    private fun keep(buffers: Buffers) {
        spare = buffers
    }

    private inline fun <T> withBuffers(block: (Buffers) -> T): T {
        val buffers = take() ?: Buffers()
        val result = block(buffers)
        // Not in a finally: after a failure nothing is known about them, and new ones are cheap.
        keep(buffers)
        return result
    }

    private class Buffers {
        val writer = PackedWriter()
        var request: ByteBuffer = ByteBuffer.allocateDirect(START_BYTES)
            private set
        private var answer: ByteBuffer = ByteBuffer.allocateDirect(START_BYTES)

        /** A request buffer of at least [bytes]. */
        fun request(bytes: Int): ByteBuffer {
            if (request.capacity() < bytes) request = ByteBuffer.allocateDirect(bytes * 2)
            return request
        }

        /** Copies what was written to the request buffer; the number of bytes. */
        fun fillRequest(): Int {
            val buffer = request(writer.size)
            // As Buffer: ByteBuffer's own covariant methods are not on every Android that we run on.
            (buffer as Buffer).clear()
            buffer.put(writer.array, 0, writer.size)
            return writer.size
        }

        /** Calls, once more with a larger buffer if the answer did not fit, and copies the answer out. */
        inline fun answer(call: (ByteBuffer) -> Int): PackedAnswer {
            var written = call(answer)
            if (written < 0) {
                answer = ByteBuffer.allocateDirect(-written)
                written = call(answer)
            }
            val bytes = ByteArray(maxOf(written, 0))
            (answer as Buffer).clear()
            answer.get(bytes)
            return PackedAnswer(bytes)
        }
    }

    private const val START_BYTES = 8192
}
