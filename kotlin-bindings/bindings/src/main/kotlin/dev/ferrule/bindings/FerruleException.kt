package dev.ferrule.bindings

/**
 * What a call into the native library can fail with, whichever way it crosses.
 *
 * Native code throws the first five of the subclasses; they are looked up when the library is loaded, so their names
 * and their constructors `(code, message, context)` are part of the native contract. A facade that has a conservative
 * answer never throws any of them.
 *
 * ```java
 * try { firstLaunch.acknowledge(); } catch (FerruleException e) { report(e.getCode()); }
 * ```
 */
public sealed class FerruleException(
    /** The stable code, see `docs/codes.md`: what a program compares. */
    public val code: String,
    message: String,
    /** Values that help to find the cause, for people; empty when the message says everything. */
    public val context: String,
    cause: Throwable? = null,
) : RuntimeException(message, cause) {
    override fun toString(): String =
        "${javaClass.name}: $code: $message" + if (context.isEmpty()) "" else " ($context)"
}

/** The caller's arguments or bytes are wrong: a bug on its side, or versions that do not belong together. */
public class InvalidInputException internal constructor(code: String, message: String, context: String) :
    FerruleException(code, message, context)

/** The native object was closed before. */
public class StaleHandleException internal constructor(code: String, message: String, context: String) :
    FerruleException(code, message, context)

/** A file of Ferrule could not be read or written; [context] is its path. */
public class StorageException internal constructor(code: String, message: String, context: String) :
    FerruleException(code, message, context)

/** Native code panicked. The panic was contained: the process goes on. [context] is the place in the source. */
public class NativePanicException internal constructor(code: String, message: String, context: String) :
    FerruleException(code, message, context)

/** The VM or the system refused something that no caller can mend. */
public class NativeInternalException internal constructor(code: String, message: String, context: String) :
    FerruleException(code, message, context)

/** The native library cannot be used in this process; [state] says why. */
public class NativeUnavailableException internal constructor(
    /** Why. */
    public val state: NativeLibrary.State.Unavailable,
) : FerruleException(state.code, state.message, state.context, state.cause)

/** The generated bindings cannot be used: JNA is not there, or may not run in this process (`FFI_JNA_UNAVAILABLE`). */
public class JnaUnavailableException internal constructor(message: String, cause: Throwable?) :
    FerruleException(CODE, message, "", cause) {
    internal companion object {
        internal const val CODE = "FFI_JNA_UNAVAILABLE"
    }
}
