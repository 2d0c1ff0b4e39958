package dev.ferrule.bindings

import dev.ferrule.bindings.NativeLibrary.State
import java.io.File
import java.io.IOException
import java.io.RandomAccessFile

/** Reads why a library file cannot be loaded out of the file itself, as the linker's own words differ by platform. */
internal object LibraryFile {
    /** The file that `System.loadLibrary` finds on a workstation; null where the system keeps that to itself. */
    fun find(name: String): File? {
        val path = System.getProperty("java.library.path") ?: return null
        val file = System.mapLibraryName(name)
        return path.split(File.pathSeparatorChar).filter { it.isNotEmpty() }.map { File(it, file) }.firstOrNull(File::isFile)
    }

    /** The file, or the path that was searched, for a message. */
    fun describe(file: File?): String = file?.path ?: "java.library.path=${System.getProperty("java.library.path")}"

    /** The state that [thrown] means, given the file that was tried, if it is known. */
    fun explain(file: File?, thrown: Throwable): State.Unavailable {
        val context = describe(file)
        val text = thrown.message.orEmpty()
        return when {
            file == null && isMissing(text) -> State.Missing(context, thrown)
            file != null && !file.isFile -> State.Missing(context, thrown)
            else -> wrongAbi(file, context, thrown) ?: mismatch(text, context, thrown) ?: State.Refused(
                text.ifEmpty { thrown.javaClass.name },
                context,
                thrown,
            )
        }
    }

    /** The two VMs' ways to say that no file was found. */
    private fun isMissing(text: String): Boolean =
        text.startsWith("no ") && text.contains("java.library.path") || text.contains("couldn't find \"lib")

    /** `JNI_OnLoad` names what it could not register, and a method that the library lacks is found at the first call. */
    private fun mismatch(text: String, context: String, thrown: Throwable): State.Mismatch? =
        if (text.contains("FFI_LIBRARY_MISMATCH") || text.contains("NativeBridge")) {
            State.Mismatch(text, context, thrown)
        } else {
            null
        }

    private fun wrongAbi(file: File?, context: String, thrown: Throwable): State.WrongAbi? {
        if (file == null) return null
        val found = try {
            Elf.read(file)
        } catch (_: IOException) {
            return null
        }
        val expected = Elf.ofThisProcess()
        return if (found == expected) null else State.WrongAbi(found.toString(), expected.toString(), context, thrown)
    }
}

/** What an ELF header says about the processor, as far as it decides whether a file can be loaded. */
internal data class Elf(val kind: String, val machine: Int, val bits: Int) {
    override fun toString(): String = if (kind == ELF) "${MACHINES[machine] ?: "machine $machine"}, $bits bit" else kind

    companion object {
        private const val ELF = "ELF"
        private const val HEADER_BYTES = 20
        private val MACHINES = mapOf(3 to "x86", 40 to "ARM", 62 to "x86-64", 183 to "AArch64", 243 to "RISC-V")

        /** Of the file's first bytes; a file that is no ELF has another [kind]. */
        fun read(file: File): Elf {
            val header = ByteArray(HEADER_BYTES)
            val length = RandomAccessFile(file, "r").use { it.read(header) }
            val magic = byteArrayOf(0x7f, 'E'.code.toByte(), 'L'.code.toByte(), 'F'.code.toByte())
            if (length < HEADER_BYTES || magic.indices.any { header[it] != magic[it] }) return Elf("no shared library", 0, 0)
            val bits = if (header[4].toInt() == 2) 64 else 32
            val little = header[5].toInt() == 1
            val (low, high) = if (little) header[18] to header[19] else header[19] to header[18]
            return Elf(ELF, (low.toInt() and 0xff) or (high.toInt() and 0xff shl 8), bits)
        }

        /** By the name of the architecture, which a VM always knows. */
        fun ofThisProcess(): Elf = when (val name = System.getProperty("os.arch").orEmpty().lowercase()) {
            "amd64", "x86_64" -> Elf(ELF, 62, 64)
            "aarch64", "arm64", "armv8l" -> Elf(ELF, 183, 64)
            "x86", "i386", "i686" -> Elf(ELF, 3, 32)
            "riscv64" -> Elf(ELF, 243, 64)
            else -> if (name.startsWith("arm")) Elf(ELF, 40, 32) else Elf("the unknown processor $name", 0, 0)
        }
    }
}
