package dev.ferrule.guard.ledger

import dev.ferrule.guard.Difference
import dev.ferrule.guard.command.LedgerText
import dev.ferrule.guard.state.Rung
import dev.ferrule.guard.state.Slots
import dev.ferrule.guard.Stage
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.util.Random

/**
 * The lines that the engine writes for the same calls, written here, byte for byte: `core/rollout/tests/device_ledger.rs` has the same
 * calls in Rust and reads the lines back.
 */
class LedgerGoldenTest {
    private val golden: File = generateSequence(File("").absoluteFile) { it.parentFile }
        .map { File(it, "tests/golden/rollout-ledger.jsonl") }.first { it.isFile }
    private val redactor = Redactor("0123456789abcdef0123456789abcdef".toByteArray())
    private val key =
        LedgerKey("launcher.model", "load(дом)", "legacy \"1\"\n", "9f3c", 3, "0123456789abcdef", Rung(Stage.CANARY, 10))

    private fun hash(text: String) = redactor.hash(text.toByteArray())

    private fun counted(ledger: Ledger) = with(ledger) {
        for (call in 0 until 700) record(Trial.MATCH, if (call % 3 == 0) "icons" else "folders", hash("input $call"), 10 * Ledger.DAY)
        record(Trial.MATCH, "widgets", hash("input 0"), 10 * Ledger.DAY + 5)
        val others = listOf(Trial.LATE, Trial.TORN_INPUT, Trial.NOISE, Trial.SKIPPED, Trial.DROPPED, Trial.HARNESS_ERROR)
        for ((index, trial) in others.withIndex()) add(trial, index + 1L)
        record(Trial.C_PANIC, "icons", hash("panic"), 11 * Ledger.DAY)
        recordExplained(listOf("LM_HELD_INSTEAD_OF_DELETED", "LM_OTHER"), { it != "LM_OTHER" }, "icons")
        record(Trial.MISMATCH, "icons", hash("differs"), 13 * Ledger.DAY)
        val found = listOf(
            Difference("items[*].title", Difference.Kind.VALUE, "Телефон", "Phone 7"),
            Difference("items[*].rank", Difference.Kind.VALUE, -3, 1.5),
            Difference("items[*].rank", Difference.Kind.ONLY_LEGACY, 2e-7),
            Difference("icon", Difference.Kind.KIND, byteArrayOf(1, 2, 3), true),
            Difference("list", Difference.Kind.ONLY_CANDIDATE, listOf(null), mapOf("a" to null)),
            Difference("text", Difference.Kind.VALUE, "", "0123"),
            Difference("text", Difference.Kind.VALUE, "a b", "bad \uFFFD"),
        )
        signatures.record(key.about, Redacted.of(found, redactor), null, hash("differs"))
        loads = 2
        deaths = 1
        watched(240 * 3_600_000L, isSlow = false)
        watched(241 * 3_600_000L, isSlow = true)
        drifted = 9 * Ledger.DAY
        this
    }

    private fun text(ledger: Ledger) =
        LedgerText.lines(ledger, "00112233445566778899aabbccddeeff", 14 * Ledger.DAY).joinToString("") { "$it\n" }

    @Test
    fun `the lines are the engine's`() {
        assertEquals(golden.readText(), text(counted(Ledger(key, Room(1 shl 20)))))
    }

    @Test
    fun `the bytes of the file hold all of it`() {
        val bytes = LedgerCodec.encode(counted(Ledger(key, Room(1 shl 20))))
        val read = LedgerCodec.decode(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN))!!
        assertEquals(golden.readText(), text(read))
        assertEquals(bytes.toList(), LedgerCodec.encode(read).toList())
    }

    @Test
    fun `two parts add up to the whole, whichever is written first`() {
        val sum = Ledger(key, Room(1 shl 20))
        val before = Ledger(key, Room(1 shl 20)).apply { record(Trial.MATCH, "icons", hash("input 0"), 12 * Ledger.DAY) }
        sum.add(before)
        sum.add(counted(Ledger(key, Room(1 shl 20))))
        val other = Ledger(key, Room(1 shl 20))
        other.add(counted(Ledger(key, Room(1 shl 20))))
        other.add(before)
        assertEquals(text(other), text(sum))
        assertEquals(listOf(0 to 701L, 1 to 1L, 2 to 1L, 3 to 1L), (0 until sum.days.size).map { sum.days.day(it) to sum.days.comparisons(it) })
    }

    @Test
    fun `an hour that two processes watched is one hour`() {
        fun watched(vararg hours: Long) = Ledger(key, Room(4096)).apply { for (hour in hours) watched(hour * 3_600_000L + 7, false) }
        val rows = listOf(
            Triple(listOf(5L), listOf(5L), 1L), Triple(listOf(5L), listOf(6L), 2L), Triple(listOf(4L, 5L), listOf(5L, 6L), 3L),
            Triple(listOf(5L), listOf(5L, 9L), 2L), Triple(listOf(7L), listOf(3L, 7L), 1L), Triple(listOf(), listOf(3L, 7L), 2L),
        )
        for ((first, second, expected) in rows) {
            val sum = watched(*first.toLongArray())
            sum.add(watched(*second.toLongArray()))
            assertEquals(expected, sum.latencyHours, "$first and $second")
        }
    }

    @Test
    fun `a sample is the same however it came about, also where memory is short`() {
        val random = Random(20261125)
        val hashes = List(3_000) { random.nextLong() }
        fun of(some: List<Long>, bytes: Int = 1 shl 20) = Distinct(Lodging(Room(bytes))).apply { for (hash in some) add(hash) }
        fun said(distinct: Distinct) = distinct.level to (0 until distinct.size).map { distinct.hash(it) to distinct.count(it) }
        val whole = of(hashes)
        assertTrue(whole.size in 100..256)
        val parts = of(hashes.take(1_000)).apply { add(of(hashes.drop(1_000))) }
        assertEquals(said(whole), said(parts))
        val small = of(hashes, 512)
        assertTrue(small.size <= 32 && small.level > whole.level)
        assertEquals(said(of(hashes).apply { raise(small.level) }), said(small))
        assertEquals(0, of(hashes, 0).size)
    }

    @Test
    fun `what the compiled state says of the evidence is read`() {
        val config = File(golden.parentFile, "rollout-compiled.state")
        val payload = (Slots.read(config.readBytes()).first as Slots.Content.State).payload
        val terms = LedgerTerms.of(payload, payload.record)
        assertEquals(payload.record.features.map { it.settings.name }.toSet(), terms.keys)
        assertEquals(setOf("LM_HELD_INSTEAD_OF_DELETED", "LM_OTHER"), terms["launcher.model"]!!.accepted)
        assertEquals(emptyMap<String, Terms>(), LedgerTerms.of(payload, payload.record.copy(generation = 99u)))
        val said = File(golden.parentFile, "rollout-compiled.txt").readLines().filter { it.isNotEmpty() }
        assertEquals(said, terms.map { "${it.key} ${it.value.config}" })
    }
}
