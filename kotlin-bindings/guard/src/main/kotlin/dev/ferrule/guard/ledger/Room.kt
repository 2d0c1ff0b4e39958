package dev.ferrule.guard.ledger

import java.util.concurrent.atomic.AtomicInteger

/** How many bytes the ledgers of a process may take in memory beyond their fixed parts (RO-I6). Thread-safe. */
internal class Room(bytes: Int) {
    private val left = AtomicInteger(bytes)

    /** Whether somebody found none since this was set to false. */
    @Volatile
    var isShort = false

    fun take(bytes: Int): Boolean {
        while (true) {
            val now = left.get()
            if (bytes > now) {
                isShort = true
                return false
            }
            if (left.compareAndSet(now, now - bytes)) return true
        }
    }

    fun give(bytes: Int) {
        left.addAndGet(bytes)
    }

    companion object {
        /** For what is held only while a file is read or written; the bounds of the format are its own. */
        fun ofFile(): Room = Room(Int.MAX_VALUE / 2)
    }
}

/** What one ledger took of a [Room], given back at once when it is done with. */
internal class Lodging(private val room: Room) {
    private var taken = 0
    private var left = 0

    fun take(bytes: Int): Boolean = room.take(bytes).also { if (it) taken += bytes }

    fun leave() {
        room.give(taken)
        left = taken
        taken = 0
    }

    /** Takes again what it left, whether there is room or not: who comes after finds none until that is so. */
    fun comeBack() {
        room.give(-left)
        taken += left
        left = 0
    }
}
