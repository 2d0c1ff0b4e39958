package dev.ferrule.guard.state

import java.io.File
import java.io.IOException
import java.io.RandomAccessFile
import java.nio.file.FileAlreadyExistsException
import java.nio.file.Files
import java.nio.file.attribute.PosixFilePermissions

/** How a file of the guard's is opened: one that is not there is made for its owner alone, mode 0600, from its first moment on (contracts 7). */
internal object PrivateFile {
    /** Opens [file] for reading and writing. */
    @Throws(IOException::class)
    fun open(file: File): RandomAccessFile {
        if (!file.exists()) create(file)
        return RandomAccessFile(file, "rw")
    }

    private fun create(file: File) {
        try {
            Files.createFile(file.toPath(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
        } catch (_: FileAlreadyExistsException) {
            // Another process was faster, and made it in the same way.
        } catch (_: UnsupportedOperationException) {
            // A file system without such modes, as a workstation's may be; opening makes it.
        }
    }
}
