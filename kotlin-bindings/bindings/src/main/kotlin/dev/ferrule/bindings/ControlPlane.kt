package dev.ferrule.bindings

import dev.ferrule.uniffi.InternalException
import dev.ferrule.uniffi.uniffiEnsureInitialized
import dev.ferrule.uniffi.FerruleException as GeneratedException

/**
 * The door to the generated bindings: loads the library first, then JNA, and turns what they throw into ours.
 *
 * The first call in a process costs 100 ms and more, so nothing on a start-up path goes through here; and where JNA is
 * absent or may not run (system_server), every call says so with `FFI_JNA_UNAVAILABLE`.
 */
public object ControlPlane {
    private val lock = Any()

    @Volatile
    private var ready = false
    private var failure: FerruleException? = null

    /**
     * Makes the generated bindings usable, once.
     *
     * @throws NativeUnavailableException if the library cannot be used, or is of another version than the bindings
     * @throws JnaUnavailableException if JNA is absent or may not run here
     */
    @JvmStatic
    public fun require() {
        if (ready) return
        NativeLibrary.require()
        synchronized(lock) {
            if (ready) return
            failure?.let { throw it }
            try {
                pointToLoadedFile()
                uniffiEnsureInitialized()
                ready = true
            } catch (thrown: Throwable) {
                throw explain(thrown).also { failure = it }
            }
        }
    }

    /** JNA opens the library again: the very file that is loaded, where it is known. */
    private fun pointToLoadedFile() {
        val file = (NativeLibrary.load() as? NativeLibrary.State.Loaded)?.file ?: return
        if (file.isFile) System.setProperty(NativeLibrary.JNA_OVERRIDE_PROPERTY, file.path)
    }

    /** Runs a call of the generated bindings; whatever it throws comes as a [FerruleException]. */
    internal inline fun <T> call(block: () -> T): T {
        require()
        try {
            return block()
        } catch (error: GeneratedException) {
            throw translate(error)
        } catch (panic: InternalException) {
            throw NativePanicException("FFI_PANIC", panic.message.orEmpty(), "")
        }
    }

    internal fun translate(error: GeneratedException): FerruleException = when (error) {
        is GeneratedException.InvalidInput -> InvalidInputException(error.code, error.detail, error.context)
        is GeneratedException.StaleHandle -> StaleHandleException(error.code, error.detail, error.context)
        is GeneratedException.Storage -> StorageException(error.code, error.detail, error.context)
        is GeneratedException.Internal -> NativeInternalException(error.code, error.detail, error.context)
    }

    /** A checksum or contract that differs is found while the generated class is initialised. */
    private fun explain(thrown: Throwable): FerruleException {
        val root = generateSequence(thrown) { it.cause }.last()
        val text = root.message.orEmpty()
        return if ("checksum" in text || "contract" in text) {
            NativeUnavailableException(NativeLibrary.State.Mismatch(text, NativeLibrary.load().toString(), thrown))
        } else {
            JnaUnavailableException("JNA cannot be used in this process: $root", thrown)
        }
    }
}
