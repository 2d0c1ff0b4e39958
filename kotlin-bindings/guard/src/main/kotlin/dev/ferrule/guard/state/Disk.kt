package dev.ferrule.guard.state

import java.io.File
import java.io.IOException
import java.io.RandomAccessFile

/** The two ways in which the guard's files grow and change; the state's slots have their own, see [StateFile]. */
internal interface Disk {
    /** Cuts [file] to [length], or makes it, and puts [bytes] behind; returns once that is durable. */
    @Throws(IOException::class)
    fun append(file: File, length: Int, bytes: ByteArray)

    /** Makes [bytes] all that is in [file]: after a crash it is what it was, or this. */
    @Throws(IOException::class)
    fun replace(file: File, bytes: ByteArray)

    companion object {
        val DURABLE = object : Disk {
            override fun append(file: File, length: Int, bytes: ByteArray) = RandomAccessFile(file, "rw").use { opened ->
                opened.setLength(length.toLong())
                opened.seek(length.toLong())
                opened.write(bytes)
                opened.channel.force(false)
            }

            override fun replace(file: File, bytes: ByteArray) {
                val fresh = File(file.path + ".new")
                RandomAccessFile(fresh, "rw").use {
                    it.setLength(0)
                    it.write(bytes)
                    it.channel.force(true)
                }
                if (!fresh.renameTo(file)) throw IOException("$fresh could not be renamed to $file")
            }
        }
    }
}
