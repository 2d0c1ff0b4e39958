package dev.ferrule.guard

import dev.ferrule.guard.command.CommandResult
import dev.ferrule.guard.command.Commands
import dev.ferrule.guard.command.ExportText
import dev.ferrule.guard.command.LedgerText
import dev.ferrule.guard.command.ProcessText
import dev.ferrule.guard.command.StateText
import dev.ferrule.guard.crash.Beacon
import dev.ferrule.guard.crash.BeaconPage
import dev.ferrule.guard.crash.Blame
import dev.ferrule.guard.crash.ExitReasons
import dev.ferrule.guard.crash.ProcessIdentity
import dev.ferrule.guard.ledger.LedgerTerms
import dev.ferrule.guard.ledger.Ledgers
import dev.ferrule.guard.ledger.Trials
import dev.ferrule.guard.state.AuditLog
import dev.ferrule.guard.state.Change
import dev.ferrule.guard.state.Decider
import dev.ferrule.guard.state.DeviceRecord
import dev.ferrule.guard.state.Journal
import dev.ferrule.guard.state.Note
import dev.ferrule.guard.state.OperatorRules
import dev.ferrule.guard.state.Payload
import dev.ferrule.guard.state.Persist
import dev.ferrule.guard.state.Rung
import dev.ferrule.guard.state.SafetyRules
import dev.ferrule.guard.state.Slots
import dev.ferrule.guard.state.StateFile
import dev.ferrule.guard.state.Template
import dev.ferrule.guard.time.LatencyGuard
import java.io.Closeable
import java.io.File
import java.security.SecureRandom
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.Executor

/**
 * What a process is told when it opens its [Safeguard].
 *
 * @property directory where state and beacons lie: device-protected storage, readable before unlock (contracts 7)
 * @property process this process, as its beacon will name it
 * @property bootMillis milliseconds since boot, sleep included (CLOCK_BOOTTIME); never the wall clock (R31)
 */
public class SafeguardSetup(
    public val directory: File,
    public val process: ProcessIdentity,
    public val bootMillis: () -> Long,
) {
    /** Why processes ended. */
    public var exitReasons: ExitReasons = ExitReasons.NONE

    /** What is known of the device for a configuration's predicates. */
    public var facts: DeviceFacts = DeviceFacts()

    /** The state slot that was compiled at build time, or null. It counts if its generation is higher (R58). */
    public var compiled: ByteArray? = null

    /** Told of every change of what is trusted; null to be told nothing. */
    public var log: GuardLog? = null

    /** Where the state is written after a safety transition, never on the caller's thread (R47). */
    public var writer: Executor = Executor { task -> Thread(task, "ferrule-state").apply { isDaemon = true }.start() }
}

/** Who can kill; each takes back only its own kill (section 2.9). The order is the bit on disk. */
public enum class KillSource {
    /** A constant of the build. */
    BUILD,

    /** A system property. */
    PROPERTY,

    /** The server's configuration. */
    DEVICE_CONFIG,

    /** A file. */
    FILE,

    /** `ferrule rollout kill`. */
    COMMAND,
    ;

    internal val bit: Int
        get() = 1 shl ordinal
}

/**
 * What survives the process: how far each feature may go on this device, and which builds may not run (R24–R27, R43, R58).
 *
 * What it is: the only writer of state file and beacon. At start, before any library is loaded, it reads which calls were
 * in flight when earlier processes ended, and takes features away from builds that died in them. What it is not: it
 * gathers no evidence and promotes nobody.
 *
 * Invariants: it throws nothing at a caller; what cannot be read, written or marked means legacy (RO-I3); what makes
 * something safer counts at once, what makes it looser only once it is on disk (RO-I4, RO-I5); a beacon is removed only
 * after what it says is durable.
 */
public class Safeguard private constructor(
    private val setup: SafeguardSetup,
    private val file: StateFile?,
    private val beacon: Beacon?,
    private val tooNew: Boolean,
    before: DeviceRecord,
    start: Change,
    private val ledgers: Ledgers?,
) : Closeable {
    private val build = BeaconPage.idHash(setup.process.buildId).toULong()
    private val features = CopyOnWriteArrayList<Feature<*, *>>()
    private val lock = Any()
    private var record = start.record
    private val startedAt = record.age
    private val terms = LedgerTerms.of(compiled(setup), record)
    private var firstFrame = false
    private var unwritten = false
    private val journal = Journal(
        if (file != null && !tooNew) AuditLog(setup.directory) else null,
        setup.log,
        BeaconPage.idHash(setup.process.bootId),
    )

    /** Moves that were asked for and refused. */
    internal var refused = 0
        private set

    init {
        journal.note(before, record, start.notes, now(setup).toLong())
        ledgers?.listener = { code -> synchronized(lock) { journal.note(record, record, listOf(Note(code, null)), now(setup).toLong()) } }
    }

    /** The bucket of this device for a salt, `0..999` (R12). */
    public fun bucket(salt: String): Int = Bucket.of(salt, synchronized(lock) { record.unit })

    /** Whether changes made here last: false where another process writes the state, or nobody can. */
    public val isWriter: Boolean
        get() = file != null && !tooNew

    /** How calls of the feature called [name] are decided, before what this process itself has seen; unknown ones are off. */
    public fun reason(name: String): ReasonCode = decide(name, decider()).reason

    /** Lowers a feature to any stage, or raises it by one step (R1). False if that is refused or could not be written. */
    @JvmOverloads
    public fun set(name: String, stage: Stage, permille: Int = 0): Boolean {
        val rung = Rung.of(stage, permille) ?: return false
        return changeFeature(name) { record, id -> OperatorRules.set(record, id, rung) }
    }

    /** Lowers a feature as the server's configuration says, or with null no longer (R56). */
    @JvmOverloads
    public fun overlay(name: String, stage: Stage?, permille: Int = 0): Boolean {
        val rung = if (stage == null) null else Rung.of(stage, permille) ?: Rung.OFF
        return changeFeature(name) { record, id -> OperatorRules.overlay(record, id, rung) }
    }

    /** [source] kills the feature called [name], or all with null, from the next call on; or takes its own kill back. */
    public fun kill(source: KillSource, name: String?, on: Boolean): Boolean =
        if (name == null) {
            change { OperatorRules.killAll(it, source.bit, on) }
        } else {
            changeFeature(name) { record, id -> OperatorRules.kill(record, id, source.bit, on) }
        }

    /**
     * Makes the kills of [source] what [word] says: `all`, a list of names with commas or blanks between, or nothing. A name
     * that nobody has kills nobody.
     */
    public fun applyKillWord(source: KillSource, word: String) {
        val names = word.split(',', ' ', '\t', '\n', '\r').filter { it.isNotEmpty() }.toSet()
        kill(source, null, on = "all" in names)
        for (name in synchronized(lock) { record.features.map { it.settings.name } }) kill(source, name, name in names)
    }

    /** Lifts the quarantine of the current build, and a freeze, of a feature. */
    public fun clear(name: String): Boolean = changeFeature(name, OperatorRules::clear)

    /** Ends safe mode. */
    public fun clearSafeMode(): Boolean = change { OperatorRules.clearSafeMode(it) }

    /** A comparison found a real mismatch: where the candidate answers, the feature falls back to shadow (R53). */
    public fun mismatch(name: String) {
        changeFeature(name, SafetyRules::mismatch)
    }

    /** Says that this process is well: the first frame was drawn, or what else shows it (R27). */
    public fun firstFrame() {
        synchronized(lock) { firstFrame = true }
        tick()
    }

    /** To be called every 30 seconds or so: time goes on, streaks end, what may wait is written (R27, R47). */
    public fun tick() {
        synchronized(lock) {
            val isOwed = unwritten
            val isChanged =
                change { SafetyRules.settle(SafetyRules.time(it, now(setup)), startedAt, firstFrame, ::callsOf) }
            // What could not be written before is tried again.
            if (isOwed && !isChanged) writeNow()
        }
        for (feature in features) slowDown(feature)
        ledgers?.tick()
    }

    /** A candidate that answers and is slower or dearer than legacy goes down one rung, and is measured anew there (R32, R53). */
    private fun slowDown(feature: Feature<*, *>) {
        val times = feature.times
        quietly { feature.trials?.watch() }
        if (!LatencyGuard.isSlow(times)) return
        if (changeFeature(feature.name, SafetyRules::slow)) times.clear()
    }

    /**
     * What an operator asks first: what runs on this device, and why; then what only this process knows: times, counts, who
     * killed. Text of at most 100 columns, no personal data; it needs no library and takes no lock that a call holds.
     */
    public fun dump(): String {
        val decider = decider()
        val state = if (isWriter) "kept here" else if (tooNew) "of a newer version" else "kept by another process"
        val own = "build-id ${setup.process.buildId.take(ID_SHOWN)}  boot ${setup.process.bootId.take(ID_SHOWN)}  STATE $state"
        val shared = text(decider).status()
        return (listOf("ferrule rollout  $own") + shared + ProcessText.of(features, decider.record, ledgers)).joinToString("\n")
    }

    /** Answers a command of the dump service: `status`, `kill launcher.model`, …; `help` names them all. It throws nothing. */
    public fun command(vararg words: String): CommandResult = Commands(this).run(words.toList())

    /** All of it for a report, as JSON Lines (`docs/formats/rollout-guard.md`). No value of any input or answer is in it. */
    public fun export(): String {
        val decider = decider()
        val record = decider.record
        val state = when {
            tooNew -> "too_new"
            record.lost -> "lost"
            else -> if (isWriter) "kept" else "elsewhere"
        }
        return ExportText(record) { decide(it.settings.name, decider) }
            .lines(setup.process, state, features, audit().records)
            .joinToString("") { "$it\n" } + exportLedgers()
    }

    /** The ledgers of this device, as JSON Lines (`docs/formats/rollout-ledger.md`): what was written, and what this process counted since. */
    public fun exportLedgers(): String = LedgerText.of(ledgers)

    private fun text(decider: Decider) = StateText(decider.record) { decide(it.settings.name, decider) }

    /** One JSON object a feature: how the state decides it. */
    internal fun statusJson(): List<String> = text(decider()).statusJson()

    /** The rules behind the decision of a feature, a line each, and those of this process; null for one that there is not. */
    internal fun why(name: String, isJson: Boolean): List<String>? {
        val decider = decider()
        val feature = decider.record.named(name) ?: return null
        val here = features.filter { it.name == name && it.isOverridden }.map { it.reason }
        return if (isJson) {
            text(decider).whyJson(feature, decider) + here.map { StateText.ruleJson(it, holds = true) }
        } else {
            text(decider).why(feature, decider) + here.map { StateText.rule(it, holds = true) + " (this process)" }
        }
    }

    /** Where a feature stands, as text; null for one that there is not. */
    internal fun granted(name: String): String? = synchronized(lock) { record.named(name)?.granted?.toString() }

    internal fun names(): List<String> = synchronized(lock) { record.features.map { it.settings.name } }

    /** How calls of all features are decided, here and by the state. */
    internal fun reasons(): List<ReasonCode> = names().map(::reason) + features.map { it.reason }

    /** How calls of the feature called [name] are decided by those of this process who ask for it. */
    internal fun reasonsHere(name: String): List<ReasonCode> = features.filter { it.name == name }.map { it.reason }

    /** Whether a change waits to be written. */
    internal val isUnwritten: Boolean
        get() = synchronized(lock) { unwritten }

    /** What the audit log beside the state says; nothing where it cannot be read. */
    internal fun audit(): AuditLog.Report = synchronized(lock) {
        attempt { AuditLog(setup.directory).report() } ?: AuditLog.verify(List(2) { ByteArray(0) })
    }

    /** Ends marking and writing for this process. What is in flight then is legacy's. */
    override fun close() {
        quietly { ledgers?.write() }
        synchronized(lock) { journal.flush() }
        quietly { beacon?.close() }
        quietly { file?.close() }
    }

    internal fun trip(feature: Feature<*, *>) {
        val jitter = (System.nanoTime() ushr JITTER_SHIFT).toInt() and JITTER_BITS
        changeFeature(feature.name) { record, id -> SafetyRules.trip(record, id, jitter) }
    }

    internal fun probesClean(feature: Feature<*, *>) {
        changeFeature(feature.name, SafetyRules::probesClean)
    }

    internal fun adopt(feature: Feature<*, *>) {
        features += feature
        count(feature)
        synchronized(lock) { publish(feature, decider()) }
    }

    private fun <I> count(feature: Feature<I, *>) {
        val evidence = feature.evidence ?: return
        val known = ledgers ?: return
        feature.trials = Trials(known, feature, evidence, terms[feature.name] ?: return).also(known::register)
    }

    /** The mark of calls of [feature] in flight; null where such calls may not run. */
    internal fun marks(feature: Feature<*, *>): Marks? {
        val id = synchronized(lock) { record.named(feature.name)?.settings?.id } ?: return null
        return if (beacon == null) null else Marks(beacon, id)
    }

    private fun callsOf(id: Int): Int {
        val name = record.feature(id)?.settings?.name
        return features.filter { it.name == name }.sumOf { it.candidateCalls }
    }

    private fun changeFeature(name: String, rule: (DeviceRecord, Int) -> Change): Boolean {
        val id = synchronized(lock) { record.named(name)?.settings?.id } ?: return false
        return change { rule(it, id) }
    }

    /** True if the change counts now; one that changes nothing is refused. */
    private fun change(rule: (DeviceRecord) -> Change): Boolean {
        if (tooNew) return false
        synchronized(lock) {
            val before = record
            val change = rule(before)
            if (change.persist == Persist.BEFORE_USE && !write(change.record)) return false
            record = change.record
            journal.note(before, record, change.notes, now(setup).toLong())
            refused += change.notes.count { it.code == "RO_REFUSED" }
            if (change.persist == Persist.SOON || change.persist == Persist.NOW) writeNow()
            if (journal.isOwed) journalNow()
            mirror()
            val decider = decider()
            for (feature in features) publish(feature, decider)
            return change.persist != Persist.NO
        }
    }

    private fun writeNow() {
        unwritten = true
        quietly { setup.writer.execute { synchronized(lock) { if (unwritten) write(record) } } }
    }

    private fun journalNow() {
        quietly { setup.writer.execute { synchronized(lock) { journal.flush() } } }
    }

    private fun write(changed: DeviceRecord): Boolean {
        if (file == null) return false
        return try {
            file.write(changed)
            unwritten = false
            true
        } catch (_: Throwable) {
            false
        }
    }

    /** What the next start believes if it finds no readable state (R43). */
    private fun mirror() {
        val quarantined = record.features.filter { it.isQuarantined(build) }.fold(0L) { bits, feature ->
            bits or (1L shl feature.settings.id)
        }
        beacon?.mirror(if (record.safeMode == null) quarantined else quarantined or BeaconPage.SAFE_MODE)
    }

    private fun publish(feature: Feature<*, *>, decider: Decider) {
        val decision = decide(feature.name, decider)
        feature.isExclusive = decider.record.named(feature.name)?.settings?.template == Template.EXCLUSIVE
        feature.trials?.publish(decision.rung)
        feature.configure(Word.of(decision.stage, decision.reason))
    }

    private fun decider(): Decider = synchronized(lock) { Decider(record, setup.facts, tooNew) }

    private fun decide(name: String, decider: Decider): Decider.Decision {
        val seen = decider.record
        val id = seen.named(name)?.settings?.id
        val decision = decider.decide(id ?: NOBODY)
        return when {
            id == null && tooNew -> Decider.Decision(ReasonCode.STATE_TOO_NEW, Rung.OFF)
            id == null && seen.lost -> Decider.Decision(ReasonCode.STATE_LOST, Rung.OFF)
            beacon == null && decision.reason.loads -> Decider.Decision(ReasonCode.NO_BEACON, Rung.OFF)
            else -> decision
        }
    }

    public companion object {
        private const val NOBODY = -1

        /** Characters of an id that tell it from others. */
        private const val ID_SHOWN = 12

        /** Up to 16 s, from bits of a clock that no two devices share (R33). */
        private const val JITTER_SHIFT = 10
        private const val JITTER_BITS = 0x3fff

        /**
         * Reads what there is, judges the processes that ended, and begins to mark calls of this one.
         *
         * It never throws: where nothing can be read or written the safeguard that it returns keeps every feature off.
         */
        @JvmStatic
        public fun open(setup: SafeguardSetup): Safeguard {
            val file = attempt { setup.directory.mkdirs(); StateFile.open(setup.directory) }
            val readOnly = if (file == null) attempt { StateFile.load(setup.directory) }?.first else null
            val tooNew = file?.found == StateFile.Found.TOO_NEW || readOnly is Slots.Content.TooNew
            // Whoever writes the state judges the dead, and nobody else.
            val dead = file?.let { attempt { Beacon.leftBehind(setup.directory, setup.process) } }.orEmpty()
            val pages = dead.mapNotNull { it.second }
            val found = when {
                // A process marks its calls only where there is a state: a page without one says that it was lost.
                file != null -> file.record
                    ?: DeviceRecord(lost = file.found == StateFile.Found.LOST || pages.isNotEmpty(), unit = newUnit())
                readOnly is Slots.Content.State -> readOnly.payload.record
                else -> DeviceRecord(lost = true, unit = newUnit())
            }
            // A state that was lost knows no features; what a beacon says of them needs somewhere to stand.
            val known = if (found.features.isEmpty()) configured(Change(found, Persist.NO), setup) else null
            val blames = Blame.of(pages, setup.exitReasons, setup.process.bootId)
            val judged = judged(known?.record ?: found, setup, blames)
            val started = if (known == null) {
                configured(judged, setup)
            } else {
                Change(judged.record, maxOf(known.persist, judged.persist), known.notes + judged.notes)
            }
            // Where there is no file yet, the device's id has to last; where somebody died, that.
            val durable = !tooNew && file != null &&
                (started.persist < Persist.NOW && file.record != null || attempt { file.write(started.record) } != null)
            val ledgers = if (tooNew || file == null && readOnly == null) null else ledgers(setup, started.record)
            if (durable) {
                quietly { ledgers?.died(blames, started.record) }
                for ((page, _) in dead) quietly { page.delete() }
            }
            val beacon = attempt { Beacon.open(setup.directory, setup.process) }
            return Safeguard(setup, file, beacon, tooNew, found, started, ledgers).apply {
                synchronized(lock) {
                    mirror()
                    if (journal.isOwed) journalNow()
                }
            }
        }

        private fun ledgers(setup: SafeguardSetup, record: DeviceRecord): Ledgers {
            // Within a boot the device grows older as the boot does.
            val older = record.age.toLong() - record.bootTime.toLong()
            return Ledgers.of(setup.directory, record.unit, setup.process.buildId, setup.writer) { maxOf(0L, older + now(setup).toLong()) }
        }

        private fun judged(found: DeviceRecord, setup: SafeguardSetup, blames: List<Blame>): Change {
            val boot = BeaconPage.idHash(setup.process.bootId).toULong()
            val build = BeaconPage.idHash(setup.process.buildId).toULong()
            return SafetyRules.start(found, boot, now(setup), build, blames)
        }

        /** Takes over what was compiled at build time, if it is newer. */
        private fun configured(started: Change, setup: SafeguardSetup): Change {
            val wanted: Payload = compiled(setup) ?: return started
            if (wanted.record.generation <= started.record.generation) return started
            val change = OperatorRules.compiled(
                started.record,
                wanted.record.generation,
                wanted.record.features.map { it.settings },
            )
            return Change(change.record, maxOf(change.persist, started.persist), started.notes + change.notes)
        }

        private fun compiled(setup: SafeguardSetup): Payload? =
            (setup.compiled?.let { attempt { Slots.read(it).first } } as? Slots.Content.State)?.payload

        private fun now(setup: SafeguardSetup): ULong = maxOf(0L, attempt { setup.bootMillis() } ?: 0L).toULong()

        private fun newUnit(): String = Bucket.unitOf(ByteArray(Bucket.UNIT_BYTES).also { SecureRandom().nextBytes(it) })

        /** What [block] gives, or null for anything that it throws. */
        private inline fun <T : Any> attempt(block: () -> T?): T? = try {
            block()
        } catch (_: Throwable) {
            null
        }
    }
}

/** Marks the calls of one feature as in flight. */
internal class Marks(private val beacon: Beacon, private val feature: Int) {
    fun enter(operation: Int) {
        beacon.enter(feature, operation)
    }

    fun leave() {
        beacon.leave()
    }
}
