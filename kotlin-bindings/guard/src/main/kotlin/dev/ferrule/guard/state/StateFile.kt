package dev.ferrule.guard.state

import java.io.Closeable
import java.io.File
import java.io.IOException
import java.io.RandomAccessFile
import java.nio.ByteBuffer

/**
 * The state file on a device, of which this class is the only writer (R58).
 *
 * Invariants: the slot that counts is never written; [write] returns when the state is durable, and throws when it is not
 * known to be (R44): the next write then takes the same slot again; a file that asks for a newer reader is never written
 * (R45); one process writes at a time (R48).
 */
internal class StateFile private constructor(
    private val directory: File,
    private val lease: Lease,
    private var content: Slots.Content?,
    private var next: Slots.Next,
) : Closeable {
    private val file = File(directory, NAME)

    /** What was there: the record, or null for a first start, a loss or a newer format; see [found]. */
    val record: DeviceRecord?
        get() = (content as? Slots.Content.State)?.payload?.record

    /** What was there. */
    val found: Found
        get() = when (content) {
            null -> Found.NOTHING
            is Slots.Content.Lost -> Found.LOST
            is Slots.Content.TooNew -> Found.TOO_NEW
            is Slots.Content.State -> Found.STATE
        }

    /** What [open] found. */
    enum class Found { NOTHING, STATE, LOST, TOO_NEW }

    /**
     * Makes [record] durable.
     *
     * @throws IOException if it is not known to be; what was there before counts, or after a crash what was being written
     */
    @Throws(IOException::class)
    fun write(record: DeviceRecord) {
        if (content is Slots.Content.TooNew) throw IOException("$file asks for a newer reader and is left alone")
        val payload = (content as? Slots.Content.State)?.payload?.with(record) ?: Payload(record)
        if (content == null || content is Slots.Content.Lost && !file.exists()) {
            Disk.DURABLE.replace(file, Slots.encodeFile(payload) ?: throw tooLarge())
            next = Slots.Next(2u, 1)
        } else {
            val bytes = Slots.encode(payload, next.sequence) ?: throw tooLarge()
            val slot = next.slot
            // Whatever becomes of this write, its sequence is used up and no later one repeats it.
            next = Slots.Next(next.sequence + 1u, slot)
            PrivateFile.open(file).use { opened ->
                val source = ByteBuffer.wrap(bytes)
                var at = slot.toLong() * Slots.SLOT_BYTES
                while (source.hasRemaining()) at += opened.channel.write(source, at)
                opened.channel.force(false)
            }
            next = Slots.Next(next.sequence, 1 - slot)
        }
        content = Slots.Content.State(payload)
    }

    private fun tooLarge() = IOException("the state does not fit into a slot of ${Slots.SLOT_BYTES} bytes")

    override fun close() {
        lease.close()
    }

    companion object {
        const val NAME = "rollout_state"
        private const val LOCK_NAME = "rollout_state.lock"

        /**
         * Opens the state of [directory] for writing.
         *
         * @return null if another process, or another guard of this one, has it open
         * @throws IOException if it cannot be read: then everything is off
         */
        @Throws(IOException::class)
        fun open(directory: File): StateFile? {
            val lease = Lease.take(File(directory, LOCK_NAME)) ?: return null
            var state: StateFile? = null
            try {
                val (content, next) = load(directory) ?: (null to Slots.Next.FIRST)
                state = StateFile(directory, lease, content, next)
                return state
            } finally {
                if (state == null) lease.close()
            }
        }

        /** The higher number that the two slots bear, whole or not: another one tells that somebody has written. Null where there is none. */
        @Throws(IOException::class)
        fun sequence(directory: File): ULong? {
            val file = File(directory, NAME)
            if (!file.exists()) return null
            return RandomAccessFile(file, "r").use { Slots.sequence { bytes, at -> it.channel.read(bytes, at) } }
        }

        /** Reads the state without a lock, for a process that does not write it; null where there is none. */
        @Throws(IOException::class)
        fun load(directory: File): Pair<Slots.Content, Slots.Next>? {
            val file = File(directory, NAME)
            if (!file.exists()) return null
            val bytes = file.readAtMost(Slots.FILE_BYTES)
            return Slots.read(bytes)
        }
    }
}
