package dev.ferrule.guard.ledger

import dev.ferrule.guard.Feature
import dev.ferrule.guard.crash.Blame
import dev.ferrule.guard.quietly
import dev.ferrule.guard.state.DeviceRecord
import dev.ferrule.guard.state.Note
import java.io.File
import java.io.IOException
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.Executor
import java.util.concurrent.atomic.AtomicLong

/**
 * The evidence of this device: what this process counted and has not written yet, and the file to which it is added (R46, R49).
 *
 * What it is: the one place from which ledgers are counted up, written and told. What it is not: it compares nothing and decides
 * nothing; whatever becomes of it, nobody's answer changes.
 *
 * Invariants: memory is bounded by [ROOM_BYTES] and [KEYS_MAX]; what was counted is in memory or in the file, never in both; nothing
 * is written on a caller's thread, and nothing before something was counted. Lock: [writing] is held while the file changes; who
 * counts never waits for it.
 */
internal class Ledgers(
    private val file: LedgerFile,
    /** The candidate's build id. */
    val build: String,
    val redactor: Redactor,
    /** The device's age in ms. */
    val age: () -> Long,
    /** Runs something on a thread that may wait for a disk. */
    private val writer: Executor,
    /** What the configuration says, by feature. */
    private val terms: Map<String, Terms>,
) {
    private val writing = Any()
    private val fresh = ConcurrentHashMap<LedgerKey, Fresh>()
    private val registered = CopyOnWriteArrayList<Trials<*>>()
    private val dead = CopyOnWriteArrayList<Book.Death>()
    private val room = Room(ROOM_BYTES)
    private val homeless = AtomicLong()

    @Volatile
    private var triedAt = Ledger.NEVER

    /** Why what was counted cannot be written, as a code; null where it can. */
    @Volatile
    var problem: String? = null
        private set

    /** Calls for whose ledger there was no room. */
    val unkept: Long
        get() = homeless.get()

    /** Whether it is time to write (R47). */
    private val isDue: Boolean
        get() = hasNews() && (triedAt < 0 || age() - triedAt >= if (room.isShort) SHORT_MILLIS else INTERVAL_MILLIS)

    /** What came since under [key]; null where there are too many keys. */
    fun of(key: LedgerKey): Fresh? {
        fresh[key]?.let { return it }
        if (fresh.size >= KEYS_MAX) {
            homeless.incrementAndGet()
            return null
        }
        val made = Fresh(key, room, homeless)
        return fresh.putIfAbsent(key, made) ?: made
    }

    /** Counts what comes of the calls of [feature] from here on, if it is known what that is about. */
    fun <I> count(feature: Feature<I, *>) {
        val evidence = feature.evidence ?: return
        val known = terms[feature.name] ?: return
        feature.trials = Trials(this, feature, evidence, known).also { registered += it }
    }

    /** Told of what the file came to, whenever that is something else than before. */
    @Volatile
    var listener: (Note) -> Unit = {}
    private var told: String? = null

    /** Something burned under a key for the first time in this process: that is not left to the next round (R50). */
    fun burned() = quietly { writer.execute { write() } }

    /** Has what came since written on the writer's thread, if it is time. */
    fun tick() {
        if (isDue) quietly { writer.execute { write() } }
    }

    /**
     * Processes died in calls of features of [record], as the state counts it too. With [isNow] that is in the file when this returns,
     * or waits for the next write; else the writer's thread sees to it. Whoever died before the first write still has to be told of.
     */
    fun died(blames: List<Blame>, record: DeviceRecord, isNow: Boolean = false) {
        for (blame in blames) for (feature in record.features) {
            val isBlamed = blame.features and (1L shl feature.settings.id) != 0L
            if (isBlamed && dead.size < DEATHS_MAX) dead += Book.Death(feature.settings.name, blame.build, feature.granted)
        }
        if (isNow) write() else if (dead.isNotEmpty()) burned()
    }

    /** Adds what came since to the file. What cannot be written stays and is tried again. */
    fun write() {
        val code = synchronized(writing) { if (hasNews()) add() else return }
        if (code != null && code != told) quietly { listener(Note(code, null)) }
        told = code
    }

    /** The code says what was wrong; null that all is well. */
    private fun add(): String? {
        triedAt = age()
        room.isShort = false
        for (trials in registered) trials.gather()
        val taken = fresh.values.mapNotNull { it.take() }
        var end: LedgerFile.End? = null
        try {
            end = file.update { book ->
                for (ledger in taken) book.add(ledger)
                for (death in dead) book.add(death, ::keyOf)
                book.place(::keyOf)
            }
        } catch (_: Throwable) {
            // Nobody's answer depends on it; what was counted is kept below.
        }
        val isWritten = end == LedgerFile.End.WRITTEN || end == LedgerFile.End.MENDED
        if (isWritten) {
            dead.clear()
        } else {
            for (ledger in taken) fresh[ledger.key]?.giveBack(ledger)
        }
        problem = when (end) {
            null -> "RO_LEDGER_UNWRITTEN"
            LedgerFile.End.TOO_NEW -> "RO_LEDGER_TOO_NEW"
            else -> null
        }
        return if (end == LedgerFile.End.MENDED) "RO_LEDGER_DAMAGED" else problem
    }

    /** All ledgers of the device as they are now; of a file that cannot be read what this process counted. */
    fun all(): List<Ledger> = synchronized(writing) {
        for (trials in registered) trials.gather()
        val book = try {
            file.read()
        } catch (_: IOException) {
            file.empty()
        }
        for (one in fresh.values) one.addTo(book)
        for (death in dead) book.add(death, ::keyOf)
        book.place(::keyOf)
        book.ledgers.sortedWith(compareBy({ it.key.feature }, { it.key.op }, { it.touched }))
    }

    /** A name of the device for one key: it leads to no other ledger (R21). */
    fun device(key: LedgerKey): String = with(key) {
        redactor.name(listOf(feature, op, legacyBuild, candidateBuild, "$comparator", config, "${rung.packed()}").joinToString("\n"))
    }

    private fun hasNews(): Boolean =
        fresh.values.any { it.hasNews } || registered.any { it.hasNews } || dead.isNotEmpty()

    private fun keyOf(death: Book.Death): LedgerKey? = registered.firstNotNullOfOrNull { it.keyOf(death) }

    companion object {
        /** Of the device whose id is [unit]. */
        fun of(directory: File, unit: String, build: String, terms: Map<String, Terms>, writer: Executor, age: () -> Long): Ledgers {
            val redactor = Redactor.of(unit)
            return Ledgers(LedgerFile(directory, redactor.hash(OWNER)), build, redactor, age, writer, terms)
        }

        private val OWNER = "owner".toByteArray(Charsets.US_ASCII)

        /** At most this many keys are counted in one process. */
        const val KEYS_MAX = 64

        /** What they may take beyond that: within the budget of section 2.14. */
        const val ROOM_BYTES = 10_240

        /** Between two writes, unless something burns. */
        const val INTERVAL_MILLIS = 300_000L

        /** The same where the room has become short, which a write makes again (R47). */
        private const val SHORT_MILLIS = 30_000L
        private const val DEATHS_MAX = 16
    }
}

/** What came under one key since the file was written. Thread-safe. */
internal class Fresh(val key: LedgerKey, private val room: Room, private val homeless: AtomicLong) {
    private var ledger: Ledger? = null
    private var isBurned = false

    val hasNews: Boolean
        get() = synchronized(this) { ledger != null }

    /** Counts; true if something burned for the first time. Without room only what burns is counted. */
    inline fun count(age: Long, block: (Ledger) -> Unit): Boolean = synchronized(this) {
        val known = ledger
        val now = known ?: Ledger(key, room)
        val hasRoom = known != null || now.lodge()
        now.touched = age
        block(now)
        val isKept = hasRoom || now.real > 0
        if (isKept) ledger = now else homeless.incrementAndGet()
        val burns = !isBurned && now.real > 0
        if (burns) isBurned = true
        burns
    }

    /** Hands over what came; from here on it counts anew, in the room that this gives back. */
    fun take(): Ledger? = synchronized(this) {
        ledger?.also {
            ledger = null
            it.leave()
        }
    }

    fun giveBack(taken: Ledger): Unit = synchronized(this) {
        val since = ledger
        ledger = taken
        taken.comeBack()
        if (since != null) {
            taken.add(since)
            since.leave()
        }
    }

    fun addTo(book: Book): Unit = synchronized(this) { ledger?.let(book::add) }
}
