package dev.ferrule.guard.crash

import java.io.Closeable
import java.io.File
import java.io.IOException
import java.io.RandomAccessFile
import java.lang.ref.WeakReference
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.MappedByteBuffer
import java.nio.channels.FileChannel
import java.nio.channels.FileLock
import java.nio.channels.OverlappingFileLockException
import java.nio.file.Files
import java.nio.file.Paths
import java.util.concurrent.atomic.AtomicReferenceArray

/**
 * Marks calls to candidates as in flight in a page that outlives the process (R24).
 *
 * What it is: the writing side. One small file, mapped; a call enters and leaves by plain stores, which the kernel keeps
 * whatever becomes of the process. What it is not: safe against power loss, and it need not be: a device that lost power
 * has crashed nobody's candidate.
 *
 * Invariants: [enter] and [leave] never throw, block or allocate, but for the first call of a thread; each thread writes
 * its own slot; a call that finds none is counted in the header, so that no call in flight goes unseen.
 */
internal class Beacon private constructor(
    private val file: File,
    private val channel: FileChannel,
    private val lock: FileLock,
    private val page: MappedByteBuffer,
) : Closeable {
    private val slots = (page.capacity() - BeaconPage.HEADER_BYTES) / BeaconPage.SLOT_BYTES
    private val owners = AtomicReferenceArray<WeakReference<Thread>>(slots)
    private val ofThread = ThreadLocal<Slot>()
    private var started = 0L
    private var overflowNow = 0
    private var overflowAll = 0

    /** A thread's place in the page; used by that thread alone. */
    private class Slot(val at: Int, val tid: Int) {
        var depth = 0
        var sequence = 0L
    }

    /** Marks a call of [feature] as in flight on this thread; [leave] must follow on it, whatever happens in between. */
    fun enter(feature: Int, op: Int) {
        if ((started ushr feature) and 1L == 0L) start(feature)
        val slot = ofThread.get() ?: claim()
        if (slot == null || slot.depth >= BeaconPage.DEPTH) {
            overflow(1)
            if (slot != null) slot.depth++
            return
        }
        val at = slot.at + slot.depth * BeaconPage.ENTRY_BYTES
        slot.depth++
        slot.sequence++
        val name = (feature and 0xffff).toLong() or ((op and 0xffff).toLong() shl 16) or (slot.tid.toLong() shl 32)
        page.putLong(at, name)
        // The sequence makes the entry count, so it comes last.
        page.putLong(at + BeaconPage.SEQUENCE_IN_ENTRY, slot.sequence)
    }

    /** The call that [enter] marked last on this thread is over. */
    fun leave() {
        val slot = ofThread.get()
        if (slot == null) {
            overflow(-1)
            return
        }
        slot.depth--
        if (slot.depth >= BeaconPage.DEPTH) {
            overflow(-1)
        } else {
            page.putLong(slot.at + slot.depth * BeaconPage.ENTRY_BYTES + BeaconPage.SEQUENCE_IN_ENTRY, 0L)
        }
    }

    /** Writes down which features are quarantined under this build; a start that finds no readable state believes it (R43). */
    @Synchronized
    fun mirror(bits: Long) {
        page.putLong(BeaconPage.MIRROR_AT, bits)
    }

    /** Ends the marking of a process that goes on without it, and removes the file: nothing is in flight. */
    override fun close() {
        file.delete()
        lock.close()
        channel.close()
    }

    @Synchronized
    private fun start(feature: Int) {
        started = started or (1L shl feature)
        page.putLong(BeaconPage.STARTED_AT, started)
    }

    @Synchronized
    private fun overflow(change: Int) {
        overflowNow += change
        if (change > 0) overflowAll++
        page.putLong(BeaconPage.OVERFLOW_AT, (overflowAll.toLong() shl 32) or (overflowNow.toLong() and 0xffff_ffffL))
    }

    /** A slot for this thread: a free one, or that of a thread that has ended. Null if every slot's thread lives. */
    private fun claim(): Slot? {
        val me = WeakReference(Thread.currentThread())
        for (index in 0 until slots) {
            val owner = owners.get(index)
            if (owner?.get()?.isAlive == true || !owners.compareAndSet(index, owner, me)) continue
            val at = BeaconPage.HEADER_BYTES + index * BeaconPage.SLOT_BYTES
            // What a thread left behind that was ended in the middle of a call is nobody's call any more.
            for (entry in 0 until BeaconPage.DEPTH) {
                page.putLong(at + entry * BeaconPage.ENTRY_BYTES + BeaconPage.SEQUENCE_IN_ENTRY, 0L)
            }
            return Slot(at, kernelThreadId()).also { ofThread.set(it) }
        }
        return null
    }

    companion object {
        private const val SUFFIX = ".beacon"

        /** Page sizes that Android has: 4 KiB, or 16 KiB on newer devices. */
        private val PAGE_SIZES = setOf(4096, 16384)

        /**
         * Begins marking for this process in a new file of [directory], locked for as long as the process lives.
         *
         * @throws IOException if the file cannot be made: then nothing may run that needs marking
         */
        @Throws(IOException::class)
        fun open(directory: File, identity: ProcessIdentity): Beacon {
            require(identity.pageBytes in PAGE_SIZES) { "page size ${identity.pageBytes}" }
            val file = File(directory, nameOf(identity))
            val channel = RandomAccessFile(file, "rw").channel
            try {
                val lock = channel.lock()
                channel.truncate(0)
                val page = channel.map(FileChannel.MapMode.READ_WRITE, 0, identity.pageBytes.toLong())
                page.order(ByteOrder.LITTLE_ENDIAN)
                val slots = (identity.pageBytes - BeaconPage.HEADER_BYTES) / BeaconPage.SLOT_BYTES
                page.putShort(BeaconPage.FORMAT_AT, BeaconPage.FORMAT)
                page.putShort(BeaconPage.SLOTS_AT, slots.toShort())
                page.putInt(BeaconPage.PAGE_AT, identity.pageBytes)
                page.putInt(BeaconPage.PID_AT, identity.pid)
                page.putLong(BeaconPage.BOOT_AT, BeaconPage.idHash(identity.bootId))
                page.putLong(BeaconPage.BUILD_AT, BeaconPage.idHash(identity.buildId))
                page.putLong(BeaconPage.START_AT, identity.startNanos)
                // Now it is a page: whoever reads it before finds nothing.
                page.putInt(0, BeaconPage.MAGIC)
                return Beacon(file, channel, lock, page)
            } catch (failed: Throwable) {
                channel.close()
                throw failed
            }
        }

        /**
         * Pages of processes that are no more, with their files, in the order of their names. A file whose process lives
         * is left alone: its lock is held. One that is no page is given with null, to be removed.
         *
         * This process's own file is never opened here: closing it would drop the lock.
         */
        fun leftBehind(directory: File, own: ProcessIdentity): List<Pair<File, BeaconPage?>> {
            val files = directory.listFiles { _, name -> name.endsWith(SUFFIX) && name != nameOf(own) }
            return files.orEmpty().sortedBy { it.name }.mapNotNull { file ->
                try {
                    RandomAccessFile(file, "rw").channel.use { channel ->
                        val lock = channel.tryLock() ?: return@mapNotNull null
                        lock.use { file to BeaconPage.read(head(channel)) }
                    }
                } catch (_: OverlappingFileLockException) {
                    null
                } catch (_: IOException) {
                    file to null
                }
            }
        }

        private fun head(channel: FileChannel): ByteArray {
            val bytes = ByteBuffer.allocate(minOf(channel.size(), BeaconPage.PAGE_MAX.toLong()).toInt())
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, bytes.position().toLong()) < 0) break
            }
            return bytes.array().copyOf(bytes.position())
        }

        private fun nameOf(identity: ProcessIdentity): String =
            "${identity.pid}-${java.lang.Long.toHexString(identity.startNanos)}$SUFFIX"

        /** The kernel's number of this thread, which is what a tombstone names; 0 where /proc does not say. */
        private fun kernelThreadId(): Int = try {
            Files.readSymbolicLink(Paths.get("/proc/thread-self")).fileName.toString().toInt()
        } catch (_: Exception) {
            0
        }
    }
}

/** What a process says of itself in its beacon. */
public class ProcessIdentity(
    /** The process. */
    public val pid: Int,
    /** The kernel's id of this boot, `/proc/sys/kernel/random/boot_id`. */
    public val bootId: String,
    /** The candidate library's build-id. */
    public val buildId: String,
    /** When the process started, in nanoseconds since boot, sleep included. */
    public val startNanos: Long,
    /** Bytes of a memory page here, 4,096 or 16,384. */
    public val pageBytes: Int,
)
