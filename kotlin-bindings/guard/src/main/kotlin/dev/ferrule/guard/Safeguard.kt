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
import dev.ferrule.guard.ledger.Ledgers
import dev.ferrule.guard.state.Adoption
import dev.ferrule.guard.state.AuditLog
import dev.ferrule.guard.state.Change
import dev.ferrule.guard.state.Decider
import dev.ferrule.guard.state.DeviceRecord
import dev.ferrule.guard.state.Journal
import dev.ferrule.guard.state.OperatorRules
import dev.ferrule.guard.state.Persist
import dev.ferrule.guard.state.Rung
import dev.ferrule.guard.state.SafetyRules
import dev.ferrule.guard.state.Slots
import dev.ferrule.guard.state.StateFile
import dev.ferrule.guard.state.Template
import dev.ferrule.guard.time.LatencyGuard
import java.io.Closeable
import java.io.File
import java.util.concurrent.CopyOnWriteArrayList

/**
 * What survives the process: how far each feature may go on this device, and which builds may not run (R24–R27, R43, R58).
 *
 * What it is: the only writer of state file and beacon. At start, before any library is loaded, it reads which calls were
 * in flight when earlier processes ended, and takes features away from builds that died in them. What it is not: it
 * gathers no evidence and promotes nobody.
 *
 * Invariants: it throws nothing at a caller; what cannot be read, written or marked means legacy (RO-I3); what makes
 * something safer counts at once, what makes it looser only once it is on disk (RO-I4, RO-I5); a beacon is removed only
 * after what it says is durable. Of several processes one writes; the others judge the dead for themselves, take over what
 * that one writes, and keep what they know to be safer (R46, R48).
 * Locks: [lock] guards what is known, and nothing is written or read while it is held; [writing], taken before it, keeps
 * writes in order.
 */
public class Safeguard private constructor(
    private val setup: SafeguardSetup,
    private val file: StateFile?,
    private val beacon: Beacon?,
    @Volatile private var tooNew: Boolean,
    before: DeviceRecord,
    start: Change,
    /** Pages of the dead that the record counts and that are still there. */
    private var judged: List<File>,
    private val ledgers: Ledgers?,
) : Closeable {
    private val build = BeaconPage.idHash(setup.process.buildId).toULong()
    private val features = CopyOnWriteArrayList<Feature<*, *>>()
    private val lock = Any()
    private val writing = Any()
    private var isClosed = false
    private var record = start.record

    /** What the state says that another process writes, as of [adopted], its last sequence. */
    private var base = start.record
    private var adopted: ULong? = null

    private val kills = Kills(setup, ::applyKills)
    private val watch = Watch(setup.watchMillis, ::look)
    private val startedAt = record.age
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
        journal.note(before, record, start.notes, Opening.now(setup).toLong())
        ledgers?.listener = { note -> synchronized(lock) { journal.note(record, record, listOf(note), Opening.now(setup).toLong()) } }
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

    /**
     * [source] kills the feature called [name], or all with null, from the next call on; or takes its own kill back. Where another
     * process writes the state that is so in this process only, and what the state kills stays killed.
     */
    public fun kill(source: KillSource, name: String?, on: Boolean): Boolean {
        if (name == null) return kill { OperatorRules.killAll(it, source.bit, on) }
        val id = idOf(name) ?: return false
        return kill { OperatorRules.kill(it, id, source.bit, on) }
    }

    /**
     * Makes the kills of [source] what [word] says: `all`, a list of names with commas or blanks between, or nothing. A name
     * that nobody has kills nobody. What is killed before and after is killed in between.
     */
    public fun applyKillWord(source: KillSource, word: String): Unit = kills.apply(source, word)

    /** First what is safer, then the rest. True if it all counts. */
    private fun applyKills(source: KillSource, names: Set<String>): Boolean {
        fun isDone() = synchronized(lock) { OperatorRules.killWord(record, source.bit, names, isExact = true).persist == Persist.NO }
        for (isExact in listOf(false, true)) {
            if (!isDone()) kill { OperatorRules.killWord(it, source.bit, names, isExact) }
        }
        return isDone()
    }

    private fun kill(rule: (DeviceRecord) -> Change): Boolean =
        if (isWriter) change(rule) else change { Adoption.kill(it, base, rule(it)) }

    /** Looks at what may kill from outside, and at what another process has written. */
    private fun look() {
        adopt()
        kills.look()
    }

    /** Takes over what the process that writes the state has written since. */
    private fun adopt() {
        if (file != null) return
        val newest = attempt { StateFile.sequence(setup.directory) }
        if (newest == null || newest == synchronized(lock) { adopted }) return
        val (content, next) = attempt { StateFile.load(setup.directory) } ?: return
        synchronized(lock) {
            adopted = next.sequence - 1u
            tooNew = content is Slots.Content.TooNew
            if (content is Slots.Content.State) {
                val fresh = Opening.configured(Opening.judged(content.payload.record, setup, emptyList()), setup).record
                record = Adoption.of(fresh, base, record)
                base = fresh
            }
            publish()
        }
        // What a source kills was perhaps taken over with the rest.
        kills.forget()
    }

    /** Counts the deaths of other processes since the start; whoever writes the state removes their pages then. */
    private fun judgeDead() {
        val dead = attempt { Beacon.leftBehind(setup.directory, setup.process) }.orEmpty()
        val known = synchronized(lock) { judged }
        val blames = dead.filter { it.first !in known }.map { (file, page) -> file to Opening.blame(page, setup) }
        if (blames.isEmpty()) return
        change { record ->
            val fresh = blames.filter { it.first !in judged }
            judged = judged + fresh.map { it.first }
            Opening.judged(record, setup, fresh.map { it.second })
        }
        if (isWriter) ledgers?.died(blames.map { it.second }, synchronized(lock) { record })
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

    /**
     * To be called every 30 seconds or so: time goes on, streaks end, what may wait is written (R27, R47); kills from outside, what
     * another process has written and the deaths of others are looked at.
     */
    public fun tick() {
        look()
        judgeDead()
        val isOwed = isUnwritten
        val isChanged = change { SafetyRules.settle(it, startedAt, firstFrame, ::callsOf) }
        // What could not be written before is tried again.
        if (isOwed && !isChanged) later(::writeOwed)
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
    internal fun audit(): AuditLog.Report = synchronized(writing) {
        attempt { AuditLog(setup.directory).report() } ?: AuditLog.verify(List(2) { ByteArray(0) })
    }

    /** Ends marking and writing for this process. What is in flight then is legacy's. */
    override fun close() {
        watch.close()
        quietly { ledgers?.write() }
        synchronized(writing) {
            quietly { writeOwed() }
            quietly { writeJournal() }
            isClosed = true
            quietly { beacon?.close() }
            quietly { file?.close() }
        }
    }

    internal fun trip(feature: Feature<*, *>) {
        val jitter = (System.nanoTime() ushr JITTER_SHIFT).toInt() and JITTER_BITS
        changeFeature(feature.name) { record, id -> SafetyRules.trip(record, id, jitter) }
    }

    /** It is written before it counts, and nobody's call waits for that (R47). */
    internal fun probesClean(feature: Feature<*, *>) {
        later { changeFeature(feature.name, SafetyRules::probesClean) }
    }

    internal fun adopt(feature: Feature<*, *>) {
        features += feature
        ledgers?.count(feature)
        synchronized(lock) { publish(feature, decider()) }
    }

    /** The mark of calls of [feature] in flight; null where such calls may not run. */
    internal fun marks(feature: Feature<*, *>): Marks? {
        val id = idOf(feature.name) ?: return null
        return if (beacon == null) null else Marks(beacon, id, watch::begin)
    }

    private fun callsOf(id: Int): Int {
        val name = record.feature(id)?.settings?.name
        return features.filter { it.name == name }.sumOf { it.candidateCalls }
    }

    private fun idOf(name: String): Int? = synchronized(lock) { record.named(name)?.settings?.id }

    private fun changeFeature(name: String, rule: (DeviceRecord, Int) -> Change): Boolean {
        val id = idOf(name) ?: return false
        return change { rule(it, id) }
    }

    /** True if the change counts now; one that changes nothing is refused. */
    private fun change(rule: (DeviceRecord) -> Change): Boolean {
        if (tooNew) return false
        val change = applied(rule) ?: synchronized(writing) { loosened(rule) } ?: return false
        if (change.persist == Persist.SOON || change.persist == Persist.NOW) later(::writeOwed)
        if (synchronized(lock) { journal.isOwed }) later(::writeJournal)
        return change.persist != Persist.NO
    }

    private fun timed(rule: (DeviceRecord) -> Change, before: DeviceRecord) = rule(SafetyRules.time(before, Opening.now(setup)))

    /** The change that [rule] makes, which counts now; null if something would be looser, which has to be written first. */
    private fun applied(rule: (DeviceRecord) -> Change): Change? = synchronized(lock) {
        timed(rule, record).takeIf { it.persist != Persist.BEFORE_USE }?.also(::take)
    }

    /** Writes what [rule] comes to, and takes it if nothing was changed meanwhile, else begins anew; null if that failed. */
    private fun loosened(rule: (DeviceRecord) -> Change): Change? {
        repeat(TRIES) {
            val (before, pages) = synchronized(lock) { record to judged }
            val change = timed(rule, before)
            val isDurable = change.persist != Persist.BEFORE_USE || write(change.record, pages)
            synchronized(lock) {
                if (isDurable && record === before) return change.also(::take)
                // What is on disk is not, or may not be, what counts.
                unwritten = isWriter
            }
            if (!isDurable) return null
        }
        later(::writeOwed)
        return null
    }

    /** With [lock]. */
    private fun take(change: Change) {
        val before = record
        record = change.record
        if (change.persist == Persist.BEFORE_USE) unwritten = false
        if (change.persist == Persist.SOON || change.persist == Persist.NOW) unwritten = isWriter
        journal.note(before, record, change.notes, Opening.now(setup).toLong())
        refused += change.notes.count { it.code == "RO_REFUSED" }
        publish()
    }

    /** With [lock]: tells every feature of this process, and the next start. */
    private fun publish() {
        mirror()
        val decider = decider()
        for (feature in features) publish(feature, decider)
    }

    private fun later(write: () -> Unit) {
        quietly { setup.writer.execute { quietly(write) } }
    }

    private fun writeOwed(): Unit = synchronized(writing) {
        val (owed, pages) = synchronized(lock) { if (unwritten) record to judged else return }
        write(owed, pages)
    }

    private fun writeJournal(): Unit = synchronized(writing) {
        val entries = synchronized(lock) { journal.take() }
        if (isClosed || !journal.write(entries)) synchronized(lock) { journal.giveBack(entries) }
    }

    /** With [writing]: makes [changed] durable, and removes the pages that it counts. */
    private fun write(changed: DeviceRecord, pages: List<File>): Boolean {
        if (file == null || isClosed || attempt { file.write(changed) } == null) return false
        for (page in pages) quietly { page.delete() }
        synchronized(lock) {
            judged = judged - pages.toSet()
            if (record === changed) unwritten = false
        }
        return true
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
        // One that this process has just heard of runs no call that is not marked.
        if (feature.marks == null) feature.marks = marks(feature)
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

        /** How often something looser is worked out anew because something was made safer while it was written. */
        private const val TRIES = 8

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
            // Before the state: a death that the process which writes it has counted meanwhile is counted twice, not never.
            val dead = attempt { Beacon.leftBehind(setup.directory, setup.process) }.orEmpty()
            val readOnly = if (file == null) attempt { StateFile.load(setup.directory) } else null
            val tooNew = file?.found == StateFile.Found.TOO_NEW || readOnly?.first is Slots.Content.TooNew
            val found = Opening.found(file, readOnly?.first, hasDead = dead.isNotEmpty())
            // A state that was lost knows no features; what a beacon says of them needs somewhere to stand.
            val known = if (found.features.isEmpty()) Opening.configured(Change(found, Persist.NO), setup) else null
            fun judgedWith(blames: List<Blame>): Change {
                val judged = Opening.judged(known?.record ?: found, setup, blames)
                if (known == null) return Opening.configured(judged, setup)
                return Change(judged.record, maxOf(known.persist, judged.persist), known.notes + judged.notes)
            }
            val blames = dead.map { (_, page) -> Opening.blame(page, setup) }
            val started = judgedWith(blames)
            // Where there is no file yet, the device's id has to last; where somebody died, that.
            val durable = !tooNew && file != null &&
                (started.persist < Persist.NOW && file.record != null || attempt { file.write(started.record) } != null)
            val ledgers = if (tooNew || file == null && readOnly == null) null else Opening.ledgers(setup, started.record)
            if (durable) quietly { ledgers?.died(blames, started.record, isNow = true) }
            if (durable) for ((page, _) in dead) quietly { page.delete() }
            val beacon = attempt { Beacon.open(setup.directory, setup.process) }
            val judged = if (durable) emptyList() else dead.map { it.first }
            return Safeguard(setup, file, beacon, tooNew, found, started, judged, ledgers).apply {
                synchronized(lock) {
                    base = judgedWith(emptyList()).record
                    adopted = readOnly?.let { it.second.sequence - 1u }
                    mirror()
                }
                if (synchronized(lock) { journal.isOwed }) later(::writeJournal)
                look()
            }
        }
    }
}
