package dev.ferrule.bindings

import java.nio.ByteBuffer

/**
 * The native methods, registered by `JNI_OnLoad` under exactly these names and signatures.
 *
 * What it is: declarations. What it is not: callers check buffers and own handles; see [OsPacked] and [OsSession].
 * [NativeLibrary.require] must have succeeded before any of them is called.
 */
@CalledFromNative
internal object NativeBridge {
    /** The number that both sides must agree on; raised whenever a method below changes its meaning. */
    const val CONTRACT: Int = 3

    /**
     * Makes what a failed native method throws. Called by native code only, as these classes need not be loaded by a
     * process in which nothing fails.
     */
    @JvmStatic
    @CalledFromNative
    fun exception(kind: Int, code: String, message: String, context: String): RuntimeException = when (kind) {
        0 -> InvalidInputException(code, message, context)
        1 -> StaleHandleException(code, message, context)
        2 -> StorageException(code, message, context)
        3 -> NativePanicException(code, message, context)
        else -> NativeInternalException(code, message, context)
    }

    /** The library's [CONTRACT]. */
    @JvmStatic
    external fun contract(): Int

    /** Answers one question; the number of bytes written to [answer], or the negative number needed. */
    @JvmStatic
    external fun decide(request: ByteBuffer, requestBytes: Int, answer: ByteBuffer): Int

    /** Keeps the static part of a question; its handle. */
    @JvmStatic
    external fun open(request: ByteBuffer, requestBytes: Int): Long

    /**
     * Answers again for another runtime state; the number of bytes written to [answer], or the negative number needed.
     *
     * [owner] is the object that closes [handle] when it is collected: as an argument it stays reachable until the call
     * returns.
     */
    @JvmStatic
    external fun update(owner: Any, handle: Long, runtime: ByteBuffer, runtimeBytes: Int, answer: ByteBuffer): Int

    /** Frees a handle; whether it was live. */
    @JvmStatic
    external fun close(handle: Long): Boolean

    /** Native objects that are alive now. */
    @JvmStatic
    external fun liveHandles(): Int

    /** Sends log lines to [sink], or to nobody with null. */
    @JvmStatic
    external fun setLogSink(sink: NativeLogSink?)

    /** Sets the level: 0 off, 1 error … 5 trace. */
    @JvmStatic
    external fun setLogLevel(level: Int)

    /** Opens the home screen at the UTF-8 [path], or makes it for a grid; its handle. Times are epoch milliseconds. */
    @JvmStatic
    external fun modelOpen(
        path: ByteBuffer,
        pathBytes: Int,
        columns: Int,
        rows: Int,
        dock: Int,
        mainProfile: Long,
        now: Long,
    ): Long

    /** What opening [handle] showed: 1 it was made, 2 it waits for the default layout, 4 it was salvaged. */
    @JvmStatic
    external fun modelOpened(owner: Any, handle: Long): Int

    /**
     * Imports a file that nobody has open; the number of bytes written to [answer], or the negative number needed, for
     * [modelTake].
     */
    @JvmStatic
    external fun modelImportFile(
        owner: Any,
        handle: Long,
        path: ByteBuffer,
        pathBytes: Int,
        mainProfile: Long,
        now: Long,
        answer: ByteBuffer,
    ): Int

    /** Imports rows that were handed over; answers as [modelImportFile]. */
    @JvmStatic
    external fun modelImportRows(
        owner: Any,
        handle: Long,
        batch: ByteBuffer,
        batchBytes: Int,
        mainProfile: Long,
        now: Long,
        answer: ByteBuffer,
    ): Int

    /** Loads; answers as [modelImportFile]. */
    @JvmStatic
    external fun modelLoad(
        owner: Any,
        handle: Long,
        request: ByteBuffer,
        requestBytes: Int,
        now: Long,
        answer: ByteBuffer,
    ): Int

    /** The answer that did not fit, once; the number of bytes written, or the negative number needed. */
    @JvmStatic
    external fun modelTake(owner: Any, handle: Long, answer: ByteBuffer): Int

    /** Frees a model's handle; whether it was live. */
    @JvmStatic
    external fun modelClose(handle: Long): Boolean

    /**
     * Hidden entry for tests of the shipped library: fails in the way that [kind] names (see `bridge/src/jni/selftest.rs`).
     * It changes nothing and is of no other use.
     */
    @JvmStatic
    external fun selfTest(kind: Int, argument: Int): Long
}

/** What native code calls for each log line. */
@CalledFromNative
internal fun interface NativeLogSink {
    /** One line of [level] 1 error … 5 trace, on the thread that raised it. */
    @CalledFromNative
    fun write(level: Int, line: String)
}
