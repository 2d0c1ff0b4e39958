package dev.ferrule.guard

import dev.ferrule.guard.crash.BeaconPage
import dev.ferrule.guard.crash.Blame
import dev.ferrule.guard.crash.ExitReason
import dev.ferrule.guard.ledger.LedgerTerms
import dev.ferrule.guard.ledger.Ledgers
import dev.ferrule.guard.state.Change
import dev.ferrule.guard.state.DeviceRecord
import dev.ferrule.guard.state.OperatorRules
import dev.ferrule.guard.state.Payload
import dev.ferrule.guard.state.SafetyRules
import dev.ferrule.guard.state.Slots
import dev.ferrule.guard.state.StateFile
import java.security.SecureRandom

/**
 * What a record comes to when a process begins, or takes over what another one wrote: the dead are judged, a newer configuration
 * is taken.
 *
 * What it is: from what was read to a record. What it is not: it reads and writes nothing but clock and exit reasons.
 */
internal object Opening {
    /** What there is to begin with: what [file] holds, or what was read of a state that another process writes. */
    fun found(file: StateFile?, readOnly: Slots.Content?, hasDead: Boolean): DeviceRecord = when {
        // A process marks its calls only where there is a state: a page without one says that it was lost.
        file != null -> file.record ?: DeviceRecord(lost = file.found == StateFile.Found.LOST || hasDead, unit = newUnit())
        readOnly is Slots.Content.State -> readOnly.payload.record
        else -> DeviceRecord(lost = true, unit = newUnit())
    }

    /** What a process has to answer for that is no more; why it ended is known of this boot alone. */
    fun blame(page: BeaconPage, setup: SafeguardSetup): Blame {
        val reason = attempt { setup.exitReasons.of(page.pid, page.startNanos) } ?: ExitReason.UNKNOWN
        return Blame.of(page, if (page.boot == BeaconPage.idHash(setup.process.bootId)) reason else ExitReason.UNKNOWN)
    }

    /** Judges the dead as at the start of this process. */
    fun judged(found: DeviceRecord, setup: SafeguardSetup, blames: List<Blame>): Change {
        val boot = BeaconPage.idHash(setup.process.bootId).toULong()
        val build = BeaconPage.idHash(setup.process.buildId).toULong()
        return SafetyRules.start(found, boot, now(setup), build, blames)
    }

    /** Takes over what was compiled at build time, if it is newer. */
    fun configured(started: Change, setup: SafeguardSetup): Change {
        val wanted = compiled(setup) ?: return started
        if (wanted.record.generation <= started.record.generation) return started
        val change = OperatorRules.compiled(
            started.record,
            wanted.record.generation,
            wanted.record.features.map { it.settings },
        )
        return Change(change.record, maxOf(change.persist, started.persist), started.notes + change.notes)
    }

    /** The evidence of the device that stands at [record]. */
    fun ledgers(setup: SafeguardSetup, record: DeviceRecord): Ledgers {
        // Within a boot the device grows older as the boot does.
        val older = record.age.toLong() - record.bootTime.toLong()
        val terms = LedgerTerms.of(compiled(setup), record)
        return Ledgers.of(setup.directory, record.unit, setup.process.buildId, terms, setup.writer) { maxOf(0L, older + now(setup).toLong()) }
    }

    private fun compiled(setup: SafeguardSetup): Payload? =
        (setup.compiled?.let { attempt { Slots.read(it).first } } as? Slots.Content.State)?.payload

    /** Milliseconds since boot; 0 where the clock throws. */
    fun now(setup: SafeguardSetup): ULong = maxOf(0L, attempt { setup.bootMillis() } ?: 0L).toULong()

    private fun newUnit(): String = Bucket.unitOf(ByteArray(Bucket.UNIT_BYTES).also { SecureRandom().nextBytes(it) })
}

/** What [block] gives, or null for anything that it throws. */
internal inline fun <T : Any> attempt(block: () -> T?): T? = try {
    block()
} catch (_: Throwable) {
    null
}
