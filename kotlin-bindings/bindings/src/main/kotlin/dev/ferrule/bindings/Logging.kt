package dev.ferrule.bindings

/** How much is logged; each level includes those before it. */
public enum class LogLevel {
    /** Nothing. */
    OFF,

    /** What is broken. */
    ERROR,

    /** What may be broken. */
    WARN,

    /** What happened. */
    INFO,

    /** Each call into the library. */
    DEBUG,

    /** Everything. */
    TRACE,
}

/**
 * Takes the native library's log lines.
 *
 * It is called on the thread that raised the line, which may be a native one; no native lock is held, so it may call
 * Ferrule again (lines raised by such calls are dropped). What it throws is caught and cleared. It must be quick.
 */
public fun interface LogSink {
    /** One line, formatted, without a line break at its end. */
    @Throws(Exception::class)
    public fun log(level: LogLevel, line: String)
}

/** The log of the native library: on Android logcat under the tag `Ferrule`, elsewhere only what [setSink] was given. */
public object Logging {
    private val levels = LogLevel.values()

    /**
     * Sends lines to [sink] too; null ends that. Until [setLevel] is called, only Android logs (warnings and above).
     *
     * @throws NativeUnavailableException if the library cannot be loaded
     */
    @JvmStatic
    public fun setSink(sink: LogSink?) {
        NativeLibrary.require()
        NativeBridge.setLogSink(sink?.let { target -> NativeLogSink { level, line -> target.log(levels[level], line) } })
    }

    /**
     * Changes the level of everything from now on.
     *
     * @throws NativeUnavailableException if the library cannot be loaded
     */
    @JvmStatic
    public fun setLevel(level: LogLevel) {
        NativeLibrary.require()
        NativeBridge.setLogLevel(level.ordinal)
    }
}
