package dev.ferrule.guard.ledger

import dev.ferrule.guard.state.Disk
import dev.ferrule.guard.state.Lease
import dev.ferrule.guard.state.readAtMost
import java.io.File
import java.io.IOException

/**
 * The file of a device's ledgers, beside the state. Every process of the device adds to the same one (R46, R48).
 *
 * Invariants: a change is the whole file, written beside it, synced and renamed: after a crash it is what it was, or the changed
 * one; one process at a time reads, adds and writes; a damaged file is set aside and what is whole of it stays; one that asks for a
 * newer reader is left alone (R45).
 */
internal class LedgerFile(private val directory: File, private val owner: Long, private val disk: Disk = Disk.DURABLE) {
    /** How a change ended. */
    enum class End {
        /** It is durable. */
        WRITTEN,

        /** It is durable, and what was there before was damaged. */
        MENDED,

        /** Another process is at it. */
        BUSY,

        /** The file is of a newer version. */
        TOO_NEW,
    }

    private val file = File(directory, NAME)

    /** What is there; of a file that is being changed what it was, or what it becomes. */
    @Throws(IOException::class)
    fun read(): Book = Book.decode(bytes(), owner)

    /** What there is to begin with. */
    fun empty(): Book = Book(owner)

    /**
     * Lets [change] add to what is there, and makes that durable.
     *
     * @throws IOException if it is not durable; then the file says what it said
     */
    @Throws(IOException::class)
    fun update(change: (Book) -> Unit): End {
        val lease = Lease.take(File(directory, "$NAME.lock")) ?: return End.BUSY
        lease.use {
            val bytes = bytes()
            val book = Book.decode(bytes, owner)
            if (book.isTooNew) return End.TOO_NEW
            // Only one is kept, and one that cannot be kept is no reason to count no more.
            if (book.isDamaged) attempt { disk.replace(File(directory, "$NAME.damaged"), bytes) }
            change(book)
            disk.replace(file, book.encode())
            return if (book.isDamaged) End.MENDED else End.WRITTEN
        }
    }

    private fun bytes(): ByteArray {
        if (!file.exists()) return ByteArray(0)
        if (file.length() > Book.FILE_BYTES_MAX) return file.readAtMost(Book.FILE_BYTES_MAX + 1)
        return file.readBytes()
    }

    private inline fun attempt(block: () -> Unit) {
        try {
            block()
        } catch (_: IOException) {
            // What is whole of it is written all the same.
        }
    }

    companion object {
        const val NAME = "rollout.ledger"
    }
}
