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
 * Invariant: of this process nobody opens the lock's file while somebody holds it; see [Held].
 */
internal class Lease private constructor(private val held: Held.Name, private val lock: FileLock, private val file: RandomAccessFile) : Closeable {
    override fun close() {
        lock.release()
        file.close()
        held.close()
    }

    companion object {
        /**
         * Takes the lease that [lockFile] stands for.
         *
         * @return null if another process, or somebody else of this one, has it
         */
        @Throws(IOException::class)
        fun take(lockFile: File): Lease? {
            val held = Held.take(lockFile) ?: return null
            var taken: Lease? = null
            try {
                taken = locked(held, lockFile)
                return taken
            } finally {
                if (taken == null) held.close()
            }
        }

        private fun locked(held: Held.Name, lockFile: File): Lease? {
            val file = RandomAccessFile(lockFile, "rw")
            var lock: FileLock? = null
            try {
                lock = file.channel.tryLock() ?: return null
                return Lease(held, lock, file)
            } finally {
                if (lock == null) file.close()
            }
        }
    }
}

/**
 * Which files this process has locked. A lock belongs to the process and not to whoever took it: closing any other descriptor of
 * the file drops it, so a file that is held is not opened a second time.
 */
internal object Held {
    private val names: MutableSet<String> = Collections.newSetFromMap(ConcurrentHashMap())

    /** A file that is held until this is closed. */
    class Name internal constructor(private val name: String) : Closeable {
        override fun close() {
            names.remove(name)
        }
    }

    /** Null if somebody of this process has [file]. */
    @Throws(IOException::class)
    fun take(file: File): Name? = file.canonicalPath.let { if (names.add(it)) Name(it) else null }

    /** Whether somebody of this process has [file]. */
    @Throws(IOException::class)
    fun has(file: File): Boolean = file.canonicalPath in names
}
