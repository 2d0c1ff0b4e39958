package dev.ferrule.guard

import dev.ferrule.guard.crash.Beacon

/**
 * Marks the calls of one feature as in flight.
 *
 * @param firstUse told that the candidate is about to be created
 */
internal class Marks(private val beacon: Beacon, private val feature: Int, val firstUse: () -> Unit) {
    /** The place of this thread; its depth before [enter] is what [leave] goes back to. */
    fun slot(): Beacon.Slot = beacon.slot()

    fun enter(slot: Beacon.Slot, operation: Int) {
        beacon.enter(slot, feature, operation)
    }

    fun leave(slot: Beacon.Slot, depth: Int) {
        beacon.leave(slot, depth)
    }

    /** What an exhausted stack left marked on this thread is not in flight. */
    fun settle() {
        beacon.settle()
    }
}
