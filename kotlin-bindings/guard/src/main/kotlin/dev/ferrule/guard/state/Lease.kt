package dev.ferrule.guard.state

import java.io.Closeable
import java.io.File
import java.io.IOException
import java.io.RandomAccessFile
import java.nio.channels.FileLock
import java.util.Collections
import java.util.concurrent.ConcurrentHashMap

/**
 * That one process, and one owner in it, writes a file: a lock on a file of its own beside it (R48).
 *
 * Invariant: of this process nobody opens the lock's file while somebody holds it, because closing any descriptor of a
 * locked file drops the lock.
 */
internal class Lease private constructor(private val name: String, private val lock: FileLock, private val file: RandomAccessFile) : Closeable {
    override fun close() {
        lock.release()
        file.close()
        held.remove(name)
    }

    companion object {
        private val held: MutableSet<String> = Collections.newSetFromMap(ConcurrentHashMap())

        /**
         * Takes the lease that [lockFile] stands for.
         *
         * @return null if another process, or somebody else of this one, has it
         */
        @Throws(IOException::class)
        fun take(lockFile: File): Lease? {
            val name = lockFile.canonicalPath
            if (!held.add(name)) return null
            var taken: Lease? = null
            try {
                taken = locked(name, lockFile)
                return taken
            } finally {
                if (taken == null) held.remove(name)
            }
        }

        private fun locked(name: String, lockFile: File): Lease? {
            val file = RandomAccessFile(lockFile, "rw")
            var lock: FileLock? = null
            try {
                lock = file.channel.tryLock() ?: return null
                return Lease(name, lock, file)
            } finally {
                if (lock == null) file.close()
            }
        }
    }
}
