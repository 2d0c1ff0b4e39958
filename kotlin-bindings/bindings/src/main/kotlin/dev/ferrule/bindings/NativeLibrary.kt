package dev.ferrule.bindings

import java.io.File

/**
 * Loads `libferrule.so`, once a class loader, when something first needs it; never before.
 *
 * What it is: the one place that loads, and the one that says why loading failed. What it is not: it holds no state of
 * the library, and it never retries: a process that could not load it once answers the same for ever.
 *
 * `System.load` runs first, so that `JNI_OnLoad` registers the native methods; JNA, which opens the library without
 * running it, is pointed to the same file: at once where it was named, else by [ControlPlane], when something needs it.
 *
 * Where it looks, in this order: the file named by [setFile]; the system property `ferrule.library` (a file, for
 * tests and programs on a workstation); `System.loadLibrary("ferrule")`.
 */
public object NativeLibrary {
    /** What is known about the library in this process. */
    public sealed class State {
        /** Loaded, and both sides agree on the contract. */
        public class Loaded internal constructor(
            /** The file that was named, null where the system was asked by name. */
            private val named: File?,
        ) : State() {
            /**
             * The file that was loaded. Where the system found it by name, it is looked for where a workstation's system
             * looks, and null where there is none: Android keeps to itself what it loads for an app.
             */
            public val file: File?
                get() = named ?: LibraryFile.find(NAME)

            override fun toString(): String = "loaded" + (file?.let { " from $it" } ?: "")
        }

        /** Not usable; one subclass a cause. */
        public sealed class Unavailable(
            /** Stable code, see `docs/codes.md`. */
            public val code: String,
            /** One sentence. */
            public val message: String,
            /** The file or the path that was searched. */
            public val context: String,
            /** What was thrown, if anything was. */
            public val cause: Throwable?,
        ) : State() {
            override fun toString(): String = "$code: $message" + if (context.isEmpty()) "" else " ($context)"
        }

        /** No such file (`FFI_LIBRARY_MISSING`). */
        public class Missing internal constructor(context: String, cause: Throwable?) :
            Unavailable("FFI_LIBRARY_MISSING", "libferrule.so was not found", context, cause)

        /** Built for another processor, or no shared library at all (`FFI_LIBRARY_WRONG_ABI`). */
        public class WrongAbi internal constructor(
            /** What the file is built for, for example `AArch64, 64 bit`, or what it is instead. */
            public val found: String,
            /** What this process runs. */
            public val expected: String,
            context: String,
            cause: Throwable?,
        ) : Unavailable("FFI_LIBRARY_WRONG_ABI", "the library is for $found, this process for $expected", context, cause)

        /** The library and these classes are of different versions (`FFI_LIBRARY_MISMATCH`). */
        public class Mismatch internal constructor(message: String, context: String, cause: Throwable?) :
            Unavailable("FFI_LIBRARY_MISMATCH", message, context, cause)

        /** The linker or the VM refused it (`FFI_LIBRARY_REFUSED`), for example because another class loader has it. */
        public class Refused internal constructor(message: String, context: String, cause: Throwable?) :
            Unavailable("FFI_LIBRARY_REFUSED", message, context, cause)
    }

    private const val NAME = "ferrule"

    /** System property that names the file to load. */
    public const val FILE_PROPERTY: String = "ferrule.library"

    /** System property of JNA's override, read by the generated bindings at their first touch. */
    internal const val JNA_OVERRIDE_PROPERTY = "uniffi.component.$NAME.libraryOverride"

    private val lock = Any()

    /** Loaded, and both sides agree: all that a start needs to know, and no class of [State] for it. */
    @Volatile
    private var usable = false

    /** What keeps it from being usable; or that it is, once somebody asked for more than [require] does. */
    @Volatile
    private var known: State? = null
    private var chosen: File? = null

    /** What is known so far; null as long as nothing has needed the library. Never loads. */
    @JvmStatic
    public fun peek(): State? = known ?: if (usable) load() else null

    /**
     * Names the file to load, before anything needs the library; tests give each class loader a private copy.
     *
     * @throws IllegalStateException if loading was tried already
     */
    @JvmStatic
    public fun setFile(file: File) {
        synchronized(lock) {
            check(peek() == null) { "the library is $known already" }
            chosen = file.absoluteFile
        }
    }

    /** Loads on the first call; what came of it, then and ever after. Never throws. */
    @JvmStatic
    public fun load(): State = known ?: synchronized(lock) {
        if (isUsable() && known == null) known = LibraryFile.loaded(chosen)
        checkNotNull(known)
    }

    /**
     * Loads on the first call.
     *
     * @throws NativeUnavailableException with the reason, on every call
     */
    @JvmStatic
    public fun require() {
        if (!usable && !isUsable()) throw LibraryFile.unavailable(known)
    }

    /** Tries once a process; afterwards either [usable] is set or [known] says why not. */
    private fun isUsable(): Boolean = synchronized(lock) {
        if (!usable && known == null) {
            known = attempt()
            usable = known == null
        }
        usable
    }

    /** What went wrong, or null. */
    private fun attempt(): State? {
        val file = chosen ?: System.getProperty(FILE_PROPERTY)?.let { if (it.isEmpty()) null else File(it).absoluteFile }
        if (file != null) LibraryFile.inspect(file)?.let { return it }
        return try {
            if (file != null) System.load(file.path) else System.loadLibrary(NAME)
            chosen = file
            val contract = NativeBridge.contract()
            if (contract != NativeBridge.CONTRACT) return LibraryFile.mismatch(contract, file)
            // A file that was named is known without looking for it, and so is JNA's.
            if (file != null) System.setProperty(JNA_OVERRIDE_PROPERTY, file.path)
            null
        } catch (thrown: Throwable) {
            LibraryFile.explain(file ?: LibraryFile.find(NAME), thrown)
        }
    }
}
