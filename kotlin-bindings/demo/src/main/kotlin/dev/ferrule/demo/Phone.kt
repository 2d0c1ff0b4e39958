package dev.ferrule.demo

import java.io.IOException
import java.nio.file.AccessDeniedException
import java.nio.file.FileSystemException
import java.nio.file.NoSuchFileException

/** A property file as it lies on a disk: its name (which tells the partition) and its bytes. */
internal class PropertyFile(val name: String, val bytes: ByteArray)

/** What the package manager would answer about a shared library. */
internal enum class Presence { PRESENT, ABSENT, UNKNOWN }

/**
 * What properties do not say about a phone.
 *
 * @property runtimes presence of `hyperos.rustruntime.vN` for N in 3..5; a missing one is unknown
 * @property ramGib memory in GiB as sold
 * @property cpuLevel and [gpuLevel] computility levels 0..6, which stand over the properties
 * @property abi Android's name of the ABI
 */
internal class PhoneFacts(
    val runtimes: Map<Int, Presence> = emptyMap(),
    val ramGib: Int? = null,
    val cpuLevel: Int? = null,
    val gpuLevel: Int? = null,
    val abi: String? = null,
    val densityDpi: Int? = null,
)

/** One phone: the input of both implementations. */
internal class Phone(
    /** What the table calls it. */
    val name: String,
    /** One sentence about it, or "". */
    val about: String,
    /** Where it comes from: a folder or a file. */
    val origin: String,
    val files: List<PropertyFile>,
    val facts: PhoneFacts,
) {
    /** What `getprop` would answer on it. */
    val properties: Map<String, String> by lazy { PropertyReader.read(files) }
}

/** An input that cannot be read: which one, and why. */
internal class UnreadableInput(val input: String, val why: String) : Exception("$input: $why")

/** What a failure means, without the path, which the message around it names. */
internal fun cause(failure: IOException): String = when (failure) {
    is NoSuchFileException -> "no such file or folder"
    is AccessDeniedException -> "permission denied"
    is FileSystemException -> failure.reason
    else -> failure.message
} ?: failure.javaClass.simpleName
