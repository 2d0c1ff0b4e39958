package dev.ferrule.bindings

import dev.ferrule.bindings.NativeLibrary.State
import java.io.File
import java.io.IOException
import java.io.RandomAccessFile
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.util.StringTokenizer

/**
 * Reads why a library file cannot be loaded out of the file itself, as the linker's own words differ by platform.
 *
 * A process that finds the library by name and can use it never loads this class: what makes states and exceptions is
 * here for that. [inspect] is on the way to the first answer where a file is named, and keeps clear of Kotlin's library,
 * whose classes cost more than the file.
 */
internal object LibraryFile {
    /** What a caller is told. */
    fun unavailable(state: State?): RuntimeException = NativeUnavailableException(state as State.Unavailable)

    /** The state of a library that was loaded from [named], or by name. */
    fun loaded(named: File?): State = State.Loaded(named)

    /** The state of a library that was loaded, and is of another version than these classes. */
    fun mismatch(contract: Int, file: File?): State = State.Mismatch(
        "the library has contract $contract, these classes ${NativeBridge.CONTRACT}", describe(file), null,
    )

    /** The file that `System.loadLibrary` finds on a workstation; null where the system keeps that to itself. */
    fun find(name: String): File? {
        val path = System.getProperty("java.library.path") ?: return null
        val file = System.mapLibraryName(name)
        val folders = StringTokenizer(path, File.pathSeparator)
        while (folders.hasMoreTokens()) {
            val candidate = File(folders.nextToken(), file)
            if (candidate.isFile) return candidate
        }
        return null
    }

    /** The file, or the path that was searched, for a message. */
    fun describe(file: File?): String = file?.path ?: "java.library.path=${System.getProperty("java.library.path")}"

    /**
     * What speaks against loading [file], before the linker sees it; null if nothing does.
     *
     * A file that is cut off is mapped by some linkers all the same, and the process then dies of `SIGBUS`.
     */
    fun inspect(file: File): State.Unavailable? {
        if (!file.isFile) return State.Missing(file.path, null)
        val found = try {
            read(file)
        } catch (thrown: IOException) {
            return State.Refused("the file cannot be read: ${thrown.message}", file.path, thrown)
        }
        val expected = ofThisProcess()
        return when {
            !found.isSame(expected) -> State.WrongAbi(found.toString(), expected.toString(), file.path, null)
            found.endBytes > file.length() -> State.Refused("the file is cut off at ${file.length()} bytes", file.path, null)
            else -> null
        }
    }

    /** The state that [thrown] means, given the file that was tried, if it is known. */
    fun explain(file: File?, thrown: Throwable): State.Unavailable {
        val text = thrown.message.orEmpty()
        if (file == null && isMissing(text)) return State.Missing(describe(null), thrown)
        val context = describe(file)
        return file?.let(::inspect)
            ?: if (isMismatch(text)) {
                State.Mismatch(text, context, thrown)
            } else {
                State.Refused(text.ifEmpty { thrown.javaClass.name }, context, thrown)
            }
    }

    /** The two VMs' ways to say that no file was found. */
    private fun isMissing(text: String): Boolean =
        text.startsWith("no ") && text.contains("java.library.path") || text.contains("couldn't find \"lib")

    /** `JNI_OnLoad` names what it could not register, and a method that the library lacks is found at the first call. */
    private fun isMismatch(text: String): Boolean = "FFI_LIBRARY_MISMATCH" in text || "NativeBridge" in text

    /** Of the file's header; a file that is no ELF is of another kind. */
    fun read(file: File): Elf {
        val bytes = ByteArray(HEADER_BYTES)
        val stream = RandomAccessFile(file, "r")
        val length = try {
            stream.read(bytes)
        } finally {
            stream.close()
        }
        val header = ByteBuffer.wrap(bytes)
        if (length < HEADER_BYTES || header.getInt(0) != MAGIC) return Elf("no shared library", 0, 0, 0)
        header.order(if (bytes[5].toInt() == 1) ByteOrder.LITTLE_ENDIAN else ByteOrder.BIG_ENDIAN)
        val wide = bytes[4].toInt() == 2
        // The section headers come last in what linkers write.
        val sections = if (wide) header.getLong(0x28) else header.getInt(0x20).toLong()
        val entry = header.getShort(if (wide) 0x3a else 0x2e).toLong() and 0xffff
        val count = header.getShort(if (wide) 0x3c else 0x30).toLong() and 0xffff
        val machine = header.getShort(18).toInt() and 0xffff
        return Elf(ELF, machine, if (wide) 64 else 32, sections + entry * count)
    }

    /** By the name of the architecture, which a VM always knows. */
    fun ofThisProcess(): Elf {
        val name = System.getProperty("os.arch").orEmpty().lowercase()
        return when {
            name == "amd64" || name == "x86_64" -> Elf(ELF, 62, 64, 0)
            name == "aarch64" || name == "arm64" -> Elf(ELF, 183, 64, 0)
            name == "x86" || name == "i386" || name == "i686" -> Elf(ELF, 3, 32, 0)
            name == "riscv64" -> Elf(ELF, 243, 64, 0)
            name.startsWith("arm") -> Elf(ELF, 40, 32, 0)
            else -> Elf("the unknown processor $name", 0, 0, 0)
        }
    }
}

/** What an ELF header says about the processor and the size, as far as they decide whether a file can be loaded. */
internal class Elf(
    private val kind: String,
    private val machine: Int,
    private val bits: Int,
    /** Where the last thing that the header speaks of ends. */
    val endBytes: Long,
) {
    fun isSame(other: Elf): Boolean = kind == other.kind && machine == other.machine && bits == other.bits

    override fun toString(): String = if (kind == ELF) "${machineName()}, $bits bit" else kind

    private fun machineName(): String = when (machine) {
        3 -> "x86"
        40 -> "ARM"
        62 -> "x86-64"
        183 -> "AArch64"
        243 -> "RISC-V"
        else -> "machine $machine"
    }
}

private const val ELF = "ELF"
private const val HEADER_BYTES = 64
private const val MAGIC = 0x7f454c46
