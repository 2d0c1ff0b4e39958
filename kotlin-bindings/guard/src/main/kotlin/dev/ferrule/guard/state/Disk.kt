package dev.ferrule.guard.state

import java.io.File
import java.io.IOException
import java.io.RandomAccessFile
import java.nio.channels.FileChannel
import java.nio.file.StandardOpenOption

/** The two ways in which the guard's files grow and change; the state's slots have their own, see [StateFile]. */
internal interface Disk {
    /** Cuts [file] to [length], or makes it, and puts [bytes] behind; returns once that is durable. */
    @Throws(IOException::class)
    fun append(file: File, length: Int, bytes: ByteArray)

    /** Makes [bytes] all that is in [file]: after a crash it is what it was, or this. */
    @Throws(IOException::class)
    fun replace(file: File, bytes: ByteArray)

    companion object {
        val DURABLE: Disk = DurableDisk(::settle)

        /** Makes the names in [directory] durable. Where a directory cannot be opened that is the platform's affair. */
        private fun settle(directory: File) {
            val channel = try {
                FileChannel.open(directory.toPath(), StandardOpenOption.READ)
            } catch (_: IOException) {
                return
            }
            channel.use { it.force(true) }
        }
    }
}

/**
 * Bytes and names that survive the loss of power: a file's bytes are synced before its name, and the name before this returns.
 *
 * @param settle makes the names in a directory durable
 */
internal class DurableDisk(private val settle: (File) -> Unit) : Disk {
    override fun append(file: File, length: Int, bytes: ByteArray) {
        RandomAccessFile(file, "rw").use { opened ->
            opened.setLength(length.toLong())
            opened.seek(length.toLong())
            opened.write(bytes)
            opened.channel.force(false)
        }
        // A file that begins may be one that was not there.
        if (length == 0) settle(file.absoluteFile.parentFile)
    }

    override fun replace(file: File, bytes: ByteArray) {
        val fresh = File(file.path + ".new")
        RandomAccessFile(fresh, "rw").use {
            it.setLength(0)
            it.write(bytes)
            it.channel.force(true)
        }
        if (!fresh.renameTo(file)) throw IOException("$fresh could not be renamed to $file")
        settle(file.absoluteFile.parentFile)
    }
}
