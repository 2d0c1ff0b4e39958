package dev.ferrule.guard.crash

import dev.ferrule.guard.state.Held
import dev.ferrule.guard.state.PrivateFile
import java.io.Closeable
import java.io.File
import java.io.IOException
import java.lang.ref.WeakReference
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.MappedByteBuffer
import java.nio.channels.FileChannel
import java.nio.channels.FileLock
import java.nio.channels.OverlappingFileLockException
import java.nio.file.Files
import java.nio.file.Paths
import java.util.concurrent.atomic.AtomicLong
import java.util.concurrent.atomic.AtomicReferenceArray

/**
 * Marks calls to candidates as in flight in a page that outlives the process (R24).
 *
 * What it is: the writing side. One small file, mapped; a call enters and leaves by stores, which the kernel keeps
 * whatever becomes of the process. What it is not: safe against power loss, and it need not be: a device that lost power
 * has crashed nobody's candidate.
 *
 * Invariants: [enter] and [leave] never block or allocate, and throw for want of stack alone: what that leaves behind is gone
 * with the next [leave], [settle] or [enter] of the thread; each thread writes its own slot; a call that finds none is counted
 * in the header, so that no call in flight goes unseen. The whole page has its room on the disk before it is mapped: a store
 * into a page without room ends the process.
 */
internal class Beacon private constructor(
    private val file: File,
    private val channel: FileChannel,
    private val lock: FileLock,
    private val page: MappedByteBuffer,
    private val held: Held.Name,
) : Closeable {
    private val slots = (page.capacity() - BeaconPage.HEADER_BYTES) / BeaconPage.SLOT_BYTES
    private val owners = AtomicReferenceArray<WeakReference<Thread>>(slots)
    private val ofThread = ThreadLocal<Slot>()
    private var started = 0L
    private var overflowNow = 0
    private var overflowAll = 0

    /**
     * A thread's calls in flight, and what the page says of them; used by that thread alone.
     *
     * @property at where its entries begin
     * @property entries how many it has; none for a thread that found no place
     */
    internal class Slot(val at: Int, val entries: Int, val tid: Int) {
        /** Calls in flight. */
        var depth = 0

        /** The number of the last call. */
        internal val sequence = AtomicLong()

        /** Entries that may be marked are below this. */
        internal var marked = 0

        /** How many calls of this thread the header counts. */
        internal var overflowed = 0
    }

    /** The place of this thread. Whoever enters keeps its [Slot.depth] from before, for [leave]. */
    fun slot(): Slot {
        val slot = ofThread.get()
        return if (slot != null && (slot.entries > 0 || slot.depth > 0)) slot else claim()
    }

    /** Marks a call of [feature] as in flight on this thread; [leave] must follow on it, whatever happens, this throwing included. */
    fun enter(slot: Slot, feature: Int, op: Int) {
        if ((started ushr feature) and 1L == 0L) start(feature)
        val depth = slot.depth
        if (slot.marked > depth) settle(slot)
        if (depth >= slot.entries) {
            overflow(slot, depth + 1 - slot.entries)
        } else {
            val at = slot.at + depth * BeaconPage.ENTRY_BYTES
            slot.marked = depth + 1
            val name = (feature and 0xffff).toLong() or ((op and 0xffff).toLong() shl 16) or (slot.tid.toLong() shl 32)
            page.putLong(at, name)
            // The sequence makes the entry count, so it comes last: an ordered store between the two keeps compilers from
            // swapping them. That is all it takes, because a process that ends has done its stores in their order.
            slot.sequence.lazySet(slot.sequence.get() + 1)
            page.putLong(at + BeaconPage.SEQUENCE_IN_ENTRY, slot.sequence.get())
        }
        slot.depth = depth + 1
    }

    /** The calls of this thread beyond the first [depth] are over. */
    fun leave(slot: Slot, depth: Int) {
        slot.depth = depth
        // One mark to take back, which is nearly always so, costs no loop.
        if (slot.marked == depth + 1 && slot.overflowed == 0) unmark(slot) else settle(slot)
    }

    /** Makes the page say what is in flight on this thread, where the stack had no room for that before. */
    fun settle() {
        ofThread.get()?.let(::settle)
    }

    private fun unmark(slot: Slot) {
        page.putLong(slot.at + (slot.marked - 1) * BeaconPage.ENTRY_BYTES + BeaconPage.SEQUENCE_IN_ENTRY, 0L)
        slot.marked--
    }

    private fun settle(slot: Slot) {
        while (slot.marked > slot.depth) unmark(slot)
        val over = maxOf(0, slot.depth - slot.entries)
        if (slot.overflowed != over) overflow(slot, over)
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
        held.close()
    }

    @Synchronized
    private fun start(feature: Int) {
        started = started or (1L shl feature)
        page.putLong(BeaconPage.STARTED_AT, started)
    }

    /** [over] calls of the thread have no entry. Counted once it is in the page, so that a stack that ends here loses nothing. */
    @Synchronized
    private fun overflow(slot: Slot, over: Int) {
        val now = overflowNow + over - slot.overflowed
        val all = overflowAll + maxOf(0, over - slot.overflowed)
        page.putLong(BeaconPage.OVERFLOW_AT, (all.toLong() shl 32) or (now.toLong() and 0xffff_ffffL))
        overflowNow = now
        overflowAll = all
        slot.overflowed = over
    }

    /** A slot for this thread: a free one, or that of a thread that has ended; without entries if every slot's thread lives. */
    private fun claim(): Slot {
        val me = WeakReference(Thread.currentThread())
        for (index in 0 until slots) {
            val owner = owners.get(index)
            if (owner?.get()?.isAlive == true || !owners.compareAndSet(index, owner, me)) continue
            val at = BeaconPage.HEADER_BYTES + index * BeaconPage.SLOT_BYTES
            // What a thread left behind that was ended in the middle of a call is nobody's call any more.
            for (entry in 0 until BeaconPage.DEPTH) {
                page.putLong(at + entry * BeaconPage.ENTRY_BYTES + BeaconPage.SEQUENCE_IN_ENTRY, 0L)
            }
            return Slot(at, BeaconPage.DEPTH, kernelThreadId()).also { ofThread.set(it) }
        }
        return ofThread.get() ?: Slot(0, 0, 0).also { ofThread.set(it) }
    }

    /** Gives the file its bytes on the disk. */
    internal fun interface Room {
        @Throws(IOException::class)
        fun make(channel: FileChannel, bytes: Int)
    }

    companion object {
        private const val SUFFIX = ".beacon"

        /** Page sizes that Android has: 4 KiB, or 16 KiB on newer devices. */
        private val PAGE_SIZES = setOf(4096, 16384)

        /**
         * Zeros, not a hole: what a disk without room refuses is this write, and not a later store into the mapped page, which
         * would be a SIGBUS.
         */
        private val ZEROS = Room { channel, bytes ->
            val zeros = ByteBuffer.allocate(bytes)
            while (zeros.hasRemaining()) channel.write(zeros, zeros.position().toLong())
            // Some file systems find the room only now.
            channel.force(false)
        }

        /** How often a file is made that somebody else took for one left behind before it was locked. */
        private const val TRIES = 3

        /**
         * Begins marking for this process in a new file of [directory], locked for as long as the process lives.
         *
         * @throws IOException if the file cannot be made, or another guard of this process has it: then nothing may run that
         *   needs marking
         */
        @Throws(IOException::class)
        @JvmOverloads
        fun open(directory: File, identity: ProcessIdentity, room: Room = ZEROS): Beacon {
            require(identity.pageBytes in PAGE_SIZES) { "page size ${identity.pageBytes}" }
            val file = File(directory, nameOf(identity))
            val held = Held.take(file) ?: throw IOException("another guard of this process has $file")
            var beacon: Beacon? = null
            try {
                for (attempt in 1..TRIES) {
                    beacon = made(file, identity, room, held)
                    if (beacon != null) return beacon
                }
                throw IOException("$file was removed $TRIES times")
            } finally {
                if (beacon == null) held.close()
            }
        }

        /** Null if the file is not in its directory any more. */
        private fun made(file: File, identity: ProcessIdentity, room: Room, held: Held.Name): Beacon? {
            val channel = PrivateFile.open(file).channel
            var beacon: Beacon? = null
            var lock: FileLock? = null
            try {
                lock = channel.lock()
                if (!file.exists()) return null
                channel.truncate(0)
                room.make(channel, identity.pageBytes)
                beacon = Beacon(file, channel, lock, begun(channel, identity), held)
                return beacon
            } finally {
                if (beacon == null) {
                    // A part of a page takes room that there is not.
                    if (lock != null) file.delete()
                    channel.close()
                }
            }
        }

        private fun begun(channel: FileChannel, identity: ProcessIdentity): MappedByteBuffer {
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
            return page
        }

        /**
         * Pages of processes that are no more, with their files, in the order of their names. A file whose process lives
         * is left alone: its lock is held. One that is no page is removed while nobody else has it.
         *
         * A file that this process holds is never opened here: closing it would drop the lock.
         */
        fun leftBehind(directory: File, own: ProcessIdentity): List<Pair<File, BeaconPage>> {
            val files = directory.listFiles { _, name -> name.endsWith(SUFFIX) && name != nameOf(own) }
            return files.orEmpty().sortedBy { it.name }.mapNotNull { file ->
                try {
                    if (Held.has(file)) null else dead(file)
                } catch (_: OverlappingFileLockException) {
                    null
                } catch (_: IOException) {
                    null
                }
            }
        }

        private fun dead(file: File): Pair<File, BeaconPage>? = PrivateFile.open(file).channel.use { channel ->
            channel.tryLock()?.use {
                val page = BeaconPage.read(head(channel))
                if (page == null) file.delete()
                page?.let { file to it }
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
