package dev.ferrule.guard

import dev.ferrule.guard.crash.BeaconPage
import dev.ferrule.guard.state.DirtyLog
import dev.ferrule.guard.state.Disk
import dev.ferrule.guard.state.Lease
import java.io.Closeable
import java.io.File
import java.io.IOException

/** Names the key that an input writes to. */
public fun interface KeyOf<I> {
    /** The key's number, the same in every process. */
    @Throws(Exception::class)
    public fun of(input: I): Long
}

/**
 * The keys of a feature that writes whose two sides may differ, kept over the life of the process (R10, R38).
 *
 * What it is: a bounded set in a file of its own, with numbers by which a repair is told from a write that came after it. What it
 * is not: it repairs nothing and reads neither side; whoever does asks [isCurrent] before a read and goes through [keys] when
 * the device is idle.
 *
 * Invariants: a key is dirty from the moment [mark] is called, and that is durable when it returns; it stays so until somebody
 * who had seen the mark says that it was repaired; more than 1,024 keys, or a file that is damaged, ask for everything to be
 * compared ([needsFullResync]). Thread-safe.
 *
 * ```kotlin
 * val dirty = DirtyKeys.open(folder, "launcher.model")!!
 * val feature = rollout.feature(…).writes(dirty.mirror { it.itemId }).register()
 * // before legacy's data of a key are read again
 * if (!dirty.isCurrent(id) { copyToLegacy(id) }) readFromCandidate(id)
 * ```
 */
public class DirtyKeys internal constructor(
    private val file: File,
    private val lease: Lease?,
    private val disk: Disk,
) : Closeable {
    private val lock = Any()
    private val log: DirtyLog

    /** Bytes of the file that count; negative where it has to be written anew. */
    private var length: Int

    init {
        val bytes = try {
            if (file.exists()) file.readBytes() else ByteArray(0)
        } catch (_: IOException) {
            null
        }
        log = DirtyLog.read(bytes ?: ByteArray(0))
        if (bytes == null) log.damage()
        length = if (bytes == null || log.isDamaged) ANEW else DirtyLog.length(bytes)
    }

    /** Keys that are known to be dirty, those marked first before the others. */
    public val keys: List<Long>
        get() = synchronized(lock) { log.keys.toList() }

    /** Whether more keys are dirty than are known: then all of the two sides has to be compared. */
    public val needsFullResync: Boolean
        get() = synchronized(lock) { log.needsFullResync }

    /** What has been seen so far: to be asked *before* a key is repaired, and handed to [clean] or [resynced] after. */
    public val seen: Long
        get() = synchronized(lock) { log.sequence }

    /** Whether [key] is or may be dirty. */
    public operator fun contains(key: Long): Boolean = synchronized(lock) { log.needsFullResync || key in log.keys }

    /**
     * The two sides may differ in [key].
     *
     * @throws IOException if that is not known to be durable; in this process it counts all the same
     */
    @Throws(IOException::class)
    public fun mark(key: Long): Unit = synchronized(lock) { put(log.mark(key)) }

    /**
     * [key] was repaired by somebody who had [seen] so much before; a mark that came later stays.
     *
     * @throws IOException if that is not known to be durable; the next process may find the key dirty
     */
    @Throws(IOException::class)
    public fun clean(key: Long, seen: Long): Unit = synchronized(lock) { put(log.clean(key, seen)) }

    /**
     * All of the two sides was compared and repaired by somebody who had [seen] so much before.
     *
     * @throws IOException if that is not known to be durable
     */
    @Throws(IOException::class)
    public fun resynced(seen: Long): Unit = synchronized(lock) { put(log.resynced(seen)) }

    /**
     * Whether [key] may be read from the side that may be behind: it is clean, or [repair] has just brought it up (R10). On
     * false the other side is to be read.
     */
    public fun isCurrent(key: Long, repair: () -> Boolean): Boolean {
        val before = seen
        if (key !in this) return true
        if (!repair()) return false
        // Repaired it is; that the next process may not know costs a repair and nothing else.
        try {
            clean(key, before)
        } catch (_: IOException) {
            return true
        }
        return true
    }

    /** Marks the key of every write that left the two sides apart; for [FeatureBuilder.writes]. */
    public fun <I> mirror(keyOf: KeyOf<I>): WriteMirror<I> = object : WriteMirror<I> {
        override fun unknown(input: I, failure: Throwable?) = mark(keyOf.of(input))

        override fun behind(input: I, failure: Throwable) = mark(keyOf.of(input))
    }

    /** Lets another process open it. */
    override fun close() {
        lease?.close()
    }

    private fun put(record: DirtyLog.Record?) {
        if (record == null) return
        log.take(record)
        val at = length
        // Until it is durable nobody knows what the file says.
        length = ANEW
        if (at == ANEW || at >= FILE_BYTES_MAX) {
            val bytes = log.records().onEach { if (it.kind == DirtyLog.Kind.BASE) log.take(it) }
                .fold(ByteArray(0)) { bytes, each -> bytes + each.encode() }
            disk.replace(file, bytes)
            length = bytes.size
        } else {
            disk.append(file, at, record.encode())
            length = at + DirtyLog.BYTES
        }
    }

    public companion object {
        private const val NAME = "rollout.dirty"
        private const val ANEW = -1

        /** Beyond this the file is written anew, with what it comes to. */
        internal const val FILE_BYTES_MAX = 131_072

        /**
         * Opens the set of the feature called [feature] in [directory], where the guard's other files lie.
         *
         * @return null if another process, or somebody else of this one, has it open
         * @throws IOException if the directory cannot be written
         */
        @JvmStatic
        @Throws(IOException::class)
        public fun open(directory: File, feature: String): DirtyKeys? {
            directory.mkdirs()
            val name = "$NAME.${java.lang.Long.toHexString(BeaconPage.idHash(feature)).padStart(Long.SIZE_BITS / 4, '0')}"
            val lease = Lease.take(File(directory, "$name.lock")) ?: return null
            return DirtyKeys(File(directory, name), lease, Disk.DURABLE)
        }
    }
}
