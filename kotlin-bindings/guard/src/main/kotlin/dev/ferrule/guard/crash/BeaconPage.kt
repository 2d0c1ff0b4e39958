package dev.ferrule.guard.crash

import dev.ferrule.guard.Bucket
import java.nio.ByteBuffer
import java.nio.ByteOrder

/**
 * A beacon page of format 1 as one process left it: which calls were in flight when it ended (R24).
 *
 * What it is: the reading side, for files of processes that are no more. What it is not: it judges nobody; [Death] does.
 *
 * Invariants: any bytes read without a throw; a page that is not whole reads as null; a slot count beyond the page is
 * cut to what is there.
 */
public class BeaconPage private constructor(
    /** The process that wrote it. */
    public val pid: Int,
    /** Features that had started a call, a bit each. */
    public val started: Long,
    /** The boot, as [idHash] of its id. */
    public val boot: Long,
    /** The candidate's build, as [idHash] of its id. */
    public val build: Long,
    /** Start of the process in nanoseconds since boot, sleep included. */
    public val startNanos: Long,
    /** Calls that had no slot and were in flight. */
    public val overflowNow: Int,
    /** Features that were quarantined under [build], a bit each, and [SAFE_MODE] (R43). */
    public val mirror: Long,
    /** Calls in flight, in the order of the slots. */
    public val inFlight: List<Entry>,
) {
    /** One call in flight. */
    public class Entry internal constructor(
        /** Number of the feature. */
        public val feature: Int,
        /** The feature's own number of the operation. */
        public val op: Int,
        /** The thread, as the kernel counts them; 0 where that is not known. */
        public val tid: Int,
        /** Counts the calls of the slot from 1. */
        public val sequence: Long,
    ) {
        override fun toString(): String = "feature $feature op $op tid $tid #$sequence"
    }

    /** Whether any call was in flight. */
    public val hasCalls: Boolean
        get() = inFlight.isNotEmpty() || overflowNow != 0

    /**
     * The features to blame if the process died, a bit each: those in flight, and every one that had started a call where
     * a call had no slot.
     *
     * @param tid the thread that crashed, where a tombstone names it: its calls alone are blamed, if it has any; else 0
     */
    @JvmOverloads
    public fun suspects(tid: Int = 0): Long {
        val ofThread = inFlight.filter { tid != 0 && it.tid == tid }
        val seen = bits(ofThread)
        if (seen != 0L) return seen
        val all = bits(inFlight)
        return (if (overflowNow != 0) all or started else all) and SAFE_MODE.inv()
    }

    private fun bits(calls: List<Entry>): Long =
        calls.filter { it.feature in 0 until FEATURES }.fold(0L) { mask, call -> mask or (1L shl call.feature) }

    public companion object {
        /** How many features a beacon tells apart: their numbers are below this. */
        public const val FEATURES: Int = 63

        /** The bit of [mirror] that says safe mode; the others are features. */
        public const val SAFE_MODE: Long = Long.MIN_VALUE

        internal const val MAGIC = 0x31425246 // "FRB1", little-endian
        internal const val FORMAT: Short = 1
        internal const val HEADER_BYTES = 64
        internal const val SLOT_BYTES = 64
        internal const val ENTRY_BYTES = 16
        internal const val DEPTH = SLOT_BYTES / ENTRY_BYTES

        internal const val FORMAT_AT = 4
        internal const val SLOTS_AT = 6
        internal const val PAGE_AT = 8
        internal const val PID_AT = 12
        internal const val STARTED_AT = 16
        internal const val BOOT_AT = 24
        internal const val BUILD_AT = 32
        internal const val START_AT = 40
        internal const val OVERFLOW_AT = 48
        internal const val MIRROR_AT = 56
        internal const val SEQUENCE_IN_ENTRY = 8

        /** Largest page that is looked at. */
        internal const val PAGE_MAX = 1 shl 16

        /** Reads a page; null unless it is one of format 1. */
        @JvmStatic
        public fun read(bytes: ByteArray): BeaconPage? {
            if (bytes.size < HEADER_BYTES) return null
            val page = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)
            if (page.getInt(0) != MAGIC || page.getShort(FORMAT_AT) != FORMAT) return null
            val claimed = page.getShort(SLOTS_AT).toInt() and 0xffff
            val entries = minOf(claimed * DEPTH, (bytes.size - HEADER_BYTES) / ENTRY_BYTES)
            val inFlight = (0 until entries).map { HEADER_BYTES + it * ENTRY_BYTES }
                .filter { page.getLong(it + SEQUENCE_IN_ENTRY) != 0L }
                .map {
                    Entry(
                        feature = page.getShort(it).toInt() and 0xffff,
                        op = page.getShort(it + 2).toInt() and 0xffff,
                        tid = page.getInt(it + 4),
                        sequence = page.getLong(it + SEQUENCE_IN_ENTRY),
                    )
                }
            return BeaconPage(
                pid = page.getInt(PID_AT),
                started = page.getLong(STARTED_AT),
                boot = page.getLong(BOOT_AT),
                build = page.getLong(BUILD_AT),
                startNanos = page.getLong(START_AT),
                overflowNow = page.getInt(OVERFLOW_AT),
                mirror = page.getLong(MIRROR_AT),
                inFlight = inFlight,
            )
        }

        /** How ids of boots and builds become numbers: the first eight bytes of SHA-256 of their UTF-8, big-endian. */
        @JvmStatic
        public fun idHash(id: String): Long = Bucket.head(id.toByteArray(Charsets.UTF_8))
    }
}
