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
    const val CONTRACT: Int = 5

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

    /** Keeps in the store what the first load of the next process will come to; whether anything was written. */
    @JvmStatic
    external fun modelKeep(owner: Any, handle: Long, now: Long): Boolean

    /**
     * The answer that the store at [path] keeps for a question; the number of bytes written to [answer], the negative number
     * needed, or 0 where there is none.
     */
    @JvmStatic
    external fun modelKept(
        path: ByteBuffer,
        pathBytes: Int,
        request: ByteBuffer,
        requestBytes: Int,
        answer: ByteBuffer,
    ): Int

    /** Frees a model's handle; whether it was live. */
    @JvmStatic
    external fun modelClose(handle: Long): Boolean

    /**
     * Opens the icon cache at [path] for icons of [sizePx] pixels; its handle. What it draws with is [source], whose calls are
     * given up on after [providerMillisMax].
     */
    @JvmStatic
    external fun iconsOpen(
        path: String,
        sizePx: Int,
        memoryBytes: Long,
        providerMillisMax: Long,
        source: NativeIconSource,
    ): Long

    /**
     * Looks one icon up ([question] is a packed list of one), its pixels into [bytes] bytes of the direct [target] from [at]
     * on; the packed answer. With [isPeek] only memory is asked, and null says that it does not have it.
     */
    @JvmStatic
    external fun iconsGetInto(
        owner: Any,
        handle: Long,
        question: ByteArray,
        target: ByteBuffer,
        at: Int,
        bytes: Int,
        isPeek: Boolean,
    ): ByteArray?

    /** Looks icons up, each into [slotBytes] bytes of the direct [arena]; the packed answers. */
    @JvmStatic
    external fun iconsGetAllInto(
        owner: Any,
        handle: Long,
        questions: ByteArray,
        arena: ByteBuffer,
        at: Int,
        bytes: Int,
        slotBytes: Int,
    ): ByteArray

    /**
     * Asks for an icon; [listener] is told where [NativeIconSource.post] runs tasks. The request's number, 0 if it ended at
     * once. A newer request of the same [view] above 0 takes the older back.
     */
    @JvmStatic
    external fun iconsRequest(
        owner: Any,
        handle: Long,
        question: ByteArray,
        priority: Int,
        view: Long,
        listener: NativeIconListener,
        target: ByteBuffer,
        at: Int,
        bytes: Int,
    ): Long

    /** Takes a request back; one that has ended stays as it is. */
    @JvmStatic
    external fun iconsCancel(owner: Any, handle: Long, request: Long)

    /** Changes the priority of a request that waits. */
    @JvmStatic
    external fun iconsReprioritise(owner: Any, handle: Long, request: Long, priority: Int)

    /** Runs a task that [NativeIconSource.post] was given, once; whether this was it. */
    @JvmStatic
    external fun iconsRun(task: Long): Boolean

    /**
     * Does the most urgent piece of queued work on this thread; whether there was any. With [untilClosed] it works until
     * [iconsClose], or until a call of the provider that it is in was given up on; no owner is an argument, so that a cache
     * that was forgotten can be collected and closed.
     */
    @JvmStatic
    external fun iconsWork(handle: Long, untilClosed: Boolean): Boolean

    /**
     * Gives up on calls of the provider that take too long, until that has cost threads of [iconsWork]: how many, to be
     * replaced; 0 when the cache is closed. No owner, as above.
     */
    @JvmStatic
    external fun iconsWatch(handle: Long): Int

    /** Says whose pictures stay in memory longest: the keys of [questions], the most important first. */
    @JvmStatic
    external fun iconsPin(owner: Any, handle: Long, questions: ByteArray)

    /** Ends every request, lets threads go, closes the file and frees the handle; whether it was live. */
    @JvmStatic
    external fun iconsClose(handle: Long): Boolean

    /** Looks one icon up into an Android [bitmap]; the packed answer. Elsewhere it is refused. */
    @JvmStatic
    external fun iconsGetBitmap(owner: Any, handle: Long, question: ByteArray, bitmap: Any): ByteArray

    /** Looks one icon up into an Android hardware [buffer]; the packed answer. Elsewhere it is refused. */
    @JvmStatic
    external fun iconsGetHardwareBuffer(owner: Any, handle: Long, question: ByteArray, buffer: Any): ByteArray

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

/** What native code calls to draw icons, and to have tasks run. It throws nothing. */
@CalledFromNative
internal interface NativeIconSource {
    /** Draws a key; the packed answer, or null for a failure without words. [variants]: 1 plain, 2 themed, 4 dark. */
    @CalledFromNative
    fun load(profile: Long, packageName: String, className: String, wantsLabel: Boolean, variants: Int): ByteArray?

    /** Has [NativeBridge.iconsRun] called with [task], in order, where listeners are told; whether that will be. */
    @CalledFromNative
    fun post(task: Long): Boolean
}

/** What native code calls when a request is delivered and when it ends. It throws nothing. */
@CalledFromNative
internal interface NativeIconListener {
    /** The packed answer; the pixels are in the target. At most once, before [ended]. */
    @CalledFromNative
    fun delivered(answer: ByteArray)

    /** Exactly once, last; whether it was delivered. */
    @CalledFromNative
    fun ended(delivered: Boolean)
}
