package dev.ferrule.guard.state

import dev.ferrule.guard.GuardLog
import dev.ferrule.guard.quietly

/**
 * Passes on what happened: to the log at once, to the audit log with the next write of the state (R55, section 4.3).
 *
 * Invariants: it holds at most [PENDING_MAX] lines that are not durable yet and counts what it had to drop; the log hears the
 * same code about the same feature once a minute at most, with the number of times in between.
 * Not thread-safe: the safeguard's lock guards it, but for [write], which its order of writes does.
 */
internal class Journal(private val audit: AuditLog?, private val log: GuardLog?, private val boot: Long) {
    private val pending = ArrayDeque<AuditLog.Entry>()
    private val spoken = HashMap<String, Spoken>()

    /** Lines that found no room. */
    var dropped = 0
        private set

    /** Whether something waits to be written. */
    val isOwed: Boolean
        get() = audit != null && pending.isNotEmpty()

    private class Spoken(val at: Long) {
        var held = 0
    }

    /** Notes what led from one record to the next. */
    fun note(before: DeviceRecord, after: DeviceRecord, notes: List<Note>, bootMillis: Long) {
        for (note in notes) {
            val old = note.feature?.let(before::named)?.granted ?: Rung.OFF
            val now = note.feature?.let(after::named)?.granted ?: Rung.OFF
            val from = if (note.code == CONFIGURED || before.named(note.feature.orEmpty()) != null) old else now
            val to = if (note.code in MOVES) now else from
            val id = note.feature?.let { name -> (after.named(name) ?: before.named(name))?.settings?.id }
            if (audit != null) {
                if (pending.size >= PENDING_MAX) {
                    pending.removeFirst()
                    dropped++
                }
                pending += AuditLog.Entry(note.actor, id, from, to, note.code, boot, bootMillis)
            }
            quietly { speak(note, from, to, bootMillis) }
        }
    }

    /** What waits to be written; it is the caller's to [write], or to [giveBack]. */
    fun take(): List<AuditLog.Entry> = pending.toList().also { pending.clear() }

    /** Makes [entries] durable. Not with the lock that guards the rest, but one at a time; false if they could not be written. */
    fun write(entries: List<AuditLog.Entry>): Boolean {
        if (audit == null || entries.isEmpty()) return true
        quietly {
            audit.append(entries)
            return true
        }
        return false
    }

    /** What could not be written waits on, before what came meanwhile. */
    fun giveBack(entries: List<AuditLog.Entry>) {
        val room = maxOf(0, PENDING_MAX - pending.size)
        dropped += maxOf(0, entries.size - room)
        pending.addAll(0, entries.takeLast(room))
    }

    private fun speak(note: Note, from: Rung, to: Rung, bootMillis: Long) {
        val log = log ?: return
        val signature = "${note.code} ${note.feature}"
        val last = spoken[signature]
        if (last != null && bootMillis - last.at in 0 until QUIET_MILLIS) {
            last.held++
            return
        }
        if (spoken.size >= SIGNATURES_MAX) spoken.clear()
        spoken[signature] = Spoken(bootMillis)
        val moved = if (from == to) "" else ": $from → $to"
        val held = if (last == null || last.held == 0) "" else " (${last.held} more like it were not told)"
        log.log(note.code, note.feature, "${note.code} ${note.feature ?: "all"}$moved. ${Sentences.of(note.code)}$held")
    }

    private companion object {
        private const val PENDING_MAX = 64
        private const val SIGNATURES_MAX = 256
        private const val QUIET_MILLIS = 60_000L
        private const val CONFIGURED = "RO_CONFIGURED"

        /** The codes that say that a feature moved; the others are about one that stays. */
        private val MOVES = setOf("RO_DEMOTED", "RO_SET", CONFIGURED)
    }
}
