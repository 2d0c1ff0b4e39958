package dev.ferrule.bindings

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.util.concurrent.Callable

/** Why the library cannot be loaded is said precisely, once and for ever. */
class NativeLibraryTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun nothingLoadsBeforeTheFirstCall() {
        Isolated(null).use { assertEquals("null", it.call(Peek::class.java)) }
    }

    @Test
    fun aFileThatIsNotThere() {
        val text = load(File(folder, "none.so"))
        assertEquals("FFI_LIBRARY_MISSING FFI_LIBRARY_MISSING", text)
    }

    @Test
    fun aFileForAnotherProcessor() {
        val file = Isolated.copy()
        val bytes = file.readBytes()
        bytes[18] = 40 // e_machine: ARM
        file.writeBytes(bytes)
        assertEquals("FFI_LIBRARY_WRONG_ABI FFI_LIBRARY_WRONG_ABI", load(file))
    }

    @Test
    fun aFileOf32Bits() {
        val file = Isolated.copy()
        val bytes = file.readBytes()
        bytes[4] = 1
        file.writeBytes(bytes)
        assertEquals("FFI_LIBRARY_WRONG_ABI FFI_LIBRARY_WRONG_ABI", load(file))
    }

    @Test
    fun filesThatAreNoLibrary() {
        for (content in listOf("", "#!/bin/sh\n", "x".repeat(4096))) {
            val file = File(folder, "text.so").apply { writeText(content) }
            assertEquals("FFI_LIBRARY_WRONG_ABI FFI_LIBRARY_WRONG_ABI", load(file), content.take(9))
        }
    }

    @Test
    fun aLibraryThatIsCutOff() {
        // The linker would map it, and the process would die of SIGBUS: it must not get that far.
        val whole = File(System.getProperty(NativeLibrary.FILE_PROPERTY)).readBytes()
        for (length in listOf(64, 1000, 4096, whole.size / 2)) {
            val file = File(folder, "cut-$length.so").apply { writeBytes(whole.copyOf(length)) }
            assertEquals("FFI_LIBRARY_REFUSED FFI_LIBRARY_REFUSED", load(file), "cut at $length")
        }
    }

    @Test
    fun aLibraryThatIsNotOurs() {
        val file = Isolated.copyOf(File(System.getProperty("ferrule.crashtest")))
        assertEquals("FFI_LIBRARY_MISMATCH FFI_LIBRARY_MISMATCH", load(file))
    }

    @Test
    fun aLibraryThatAnotherClassLoaderHas() {
        val file = Isolated.copy()
        Isolated(file).use { first ->
            assertEquals("loaded", first.call(Load::class.java))
            Isolated(file).use { second ->
                assertEquals("FFI_LIBRARY_REFUSED FFI_LIBRARY_REFUSED", second.call(Load::class.java))
            }
        }
    }

    @Test
    fun twoClassLoadersWithPrivateCopiesWorkSideBySide() {
        Isolated(Isolated.copy()).use { first ->
            Isolated(Isolated.copy()).use { second ->
                val threads = listOf(first, second, first, second).map { loader ->
                    val failure = arrayOfNulls<Throwable>(1)
                    val thread = Thread {
                        try {
                            assertEquals("200", loader.call(Work::class.java))
                        } catch (thrown: Throwable) {
                            failure[0] = thrown
                        }
                    }
                    thread.start()
                    thread to failure
                }
                threads.forEach { (thread, failure) ->
                    thread.join()
                    failure[0]?.let { throw it }
                }
            }
        }
    }

    @Test
    fun jnaIsPointedToTheSameFile() {
        NativeLibrary.require()
        assertEquals(
            File(System.getProperty(NativeLibrary.FILE_PROPERTY)).absolutePath,
            (NativeLibrary.load() as NativeLibrary.State.Loaded).file?.path,
        )
    }

    @Test
    fun theElfHeaderOfThisProcessIsThatOfTheShippedLibrary() {
        val elf = Elf.read(File(System.getProperty(NativeLibrary.FILE_PROPERTY)))
        assertTrue(elf.isSame(Elf.ofThisProcess()), elf.toString())
        assertTrue(LibraryFile.find("ferrule-that-nobody-has") == null)
        assertNull(LibraryFile.find("nope"))
    }

    private fun load(file: File): String = Isolated(file).use { it.call(Load::class.java) }

    class Peek : Callable<String> {
        override fun call(): String = NativeLibrary.peek().toString()
    }

    /** `loaded`, or the code of the state and of the exception of a second try. */
    class Load : Callable<String> {
        override fun call(): String = when (val state = NativeLibrary.load()) {
            is NativeLibrary.State.Loaded -> "loaded"
            is NativeLibrary.State.Unavailable -> try {
                NativeLibrary.require()
                "no exception"
            } catch (thrown: NativeUnavailableException) {
                check(thrown.state === state)
                "${state.code} ${thrown.code}"
            }
        }
    }

    class Work : Callable<String> {
        override fun call(): String = (1..200).count { dev.ferrule.os4.Samples.decide().atLeastOS4 }.toString()
    }
}
