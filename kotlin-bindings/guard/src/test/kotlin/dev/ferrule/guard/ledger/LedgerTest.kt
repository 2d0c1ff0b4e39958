package dev.ferrule.guard.ledger

import dev.ferrule.guard.Answerer
import dev.ferrule.guard.Comparison
import dev.ferrule.guard.Difference
import dev.ferrule.guard.Feature
import dev.ferrule.guard.FeatureBuilder
import dev.ferrule.guard.PanicSignal
import dev.ferrule.guard.Rollout
import dev.ferrule.guard.Safeguard
import dev.ferrule.guard.Stage
import dev.ferrule.guard.Verdict
import dev.ferrule.guard.WriteMirror
import dev.ferrule.guard.state.Rung
import dev.ferrule.guard.state.Template
import dev.ferrule.guard.time.Cost
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.util.Base64
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicLong
import kotlin.concurrent.thread

/** What a device counts of its calls, over the life of its processes (R11, R49, R50, R57). */
class LedgerTest {
    @TempDir
    lateinit var folder: File

    private val phone by lazy { Phone(folder) }
    private val file by lazy { File(folder, LedgerFile.NAME) }

    private class Panic : RuntimeException("native"), PanicSignal

    /** What the candidate says to an input; legacy says the input. */
    private fun candidate(input: String): String = when {
        input.startsWith("differ") -> "other"
        input.startsWith("explain") -> "known"
        input.startsWith("panic") -> throw Panic()
        input.startsWith("fail") -> error("candidate")
        else -> input
    }

    private fun compare(input: String, legacy: String, candidate: String): Verdict = when {
        input.startsWith("harness") -> error("comparison")
        legacy == candidate -> Verdict.match()
        candidate == "known" -> Verdict.explained(input.substringAfter(' '))
        else -> Verdict.mismatch(listOf(Difference("title", Difference.Kind.VALUE, legacy, candidate)))
    }

    private fun builder(rollout: Rollout, name: String = "os.check"): FeatureBuilder<String, String> =
        rollout.feature<String, String>(name, { Answerer { candidate(it) } })
            .comparison(Comparison { input, legacy, candidate -> compare(input, legacy, candidate) })
            .classes(listOf("short", "long")) { if (it.length < 8) 0 else 1 }
            .evidence("legacy-1", 2) { it.toByteArray() }

    private fun ask(rollout: Rollout, feature: Feature<String, String>, vararg inputs: String) {
        for (input in inputs) assertEquals(input, rollout.call(feature, input) { it })
    }

    private inline fun <T> process(build: String = "9f3c", block: (Safeguard, Rollout) -> T): T =
        phone.start(build).use { block(it, Rollout(it, null)) }

    @Test
    fun `every outcome of a call is counted under its name`() {
        process { safeguard, rollout ->
            val feature = builder(rollout).register()
            ask(rollout, feature, "a", "a", "b", "differ 1", "differ 2", "explain OS_KNOWN", "explain OS_NEW", "fail", "panic", "harness")
            assertThrows(IllegalStateException::class.java) { rollout.call(feature, "thrown") { error("legacy") } }
            val expected = mapOf(
                "match" to 3L, "mismatch" to 2L, "c_error" to 1L, "c_panic" to 1L, "skipped" to 1L, "harness_error" to 1L,
                "comparisons" to 7L, "real" to 5L, "unaccepted" to 1L, "loads" to 1L,
            )
            val export = safeguard.exportLedgers()
            assertEquals(expected, Phone.counts(export))
            val classes = Phone.rows(export, "class").associate { it["class"].asString to it["hits"].asLong }
            assertEquals(mapOf("long" to 4L, "short" to 5L), classes)
            val explained = Phone.rows(export, "explained").associate { it["code"].asString to it["accepted"].asBoolean }
            assertEquals(mapOf("OS_KNOWN" to true, "OS_NEW" to false), explained)
            val seen = Phone.rows(export, "input").map { it["count"].asLong }.sorted()
            assertEquals(listOf(1L, 1L, 1L, 1L, 1L, 2L), seen)
            val signature = Phone.rows(export, "signature").single()
            assertEquals(listOf("title value"), signature["places"].asJsonArray.map { it.asString })
            assertEquals(2L, signature["count"].asLong)
            assertEquals(2, Phone.rows(export, "exemplar").size)
            assertEquals(1L, rollout.harnessErrors)
        }
    }

    @Test
    fun `what was counted outlives the process, and nothing takes a mismatch back`() {
        val device = HashSet<String>()
        repeat(3) { round ->
            process { safeguard, rollout ->
                val feature = builder(rollout).register()
                ask(rollout, feature, "same", "$round")
                if (round == 0) ask(rollout, feature, "differ")
                device += Phone.rows(safeguard.exportLedgers(), "ledger").single()["device"].asString
                phone.clock += Ledger.DAY
            }
        }
        val export = phone.start().use { it.exportLedgers() }
        assertEquals(mapOf("match" to 6L, "mismatch" to 1L, "comparisons" to 7L, "real" to 1L, "loads" to 3L, "days" to 2L), Phone.counts(export))
        assertEquals(setOf(0 to 1L, 1 to 0L, 2 to 0L), Phone.rows(export, "day").map { it["day"].asInt to it["real"].asLong }.toSet())
        assertEquals(1, device.size)
        assertEquals(export, phone.start().use { it.command("export", "ledgers").text })
        assertTrue(phone.start().use { it.export() }.endsWith(export))
    }

    @Test
    fun `each part of the key has its own ledger and its own name of the device`() {
        fun gather(legacy: String = "legacy-1", comparator: Int = 2, build: String = "9f3c") = process(build) { _, rollout ->
            val feature = rollout.feature<String, String>("os.check", { Answerer { it } }).evidence(legacy, comparator) { it.toByteArray() }.register()
            ask(rollout, feature, "x")
        }
        gather()
        gather()
        gather(legacy = "legacy-2")
        gather(comparator = 3)
        gather(build = "9f40")
        phone.compiled = Phone.compiled("os.check" to Rung(Stage.SHADOW, 0), config = 7, generation = 2u)
        gather()
        process { safeguard, rollout ->
            val feature = rollout.feature<String, String>("os.check", { Answerer { it } }).repeatable().sample(1, 1)
                .evidence("legacy-1", 2) { it.toByteArray() }.register()
            assertTrue(safeguard.set("os.check", Stage.CANARY, 1))
            assertTrue(safeguard.set("os.check", Stage.CANARY, 10))
            ask(rollout, feature, "x")
            val ledgers = Phone.rows(safeguard.exportLedgers(), "ledger")
            // Hardly any device is in a cohort of 10 ‰: where it is not, nothing runs there.
            assertTrue(ledgers.size in 5..6, "${ledgers.size}")
            assertEquals(ledgers.size, ledgers.map { it["device"].asString }.toSet().size)
            assertEquals(2L, ledgers.maxOf { it["match"].asLong })
        }
    }

    @Test
    fun `a device that was left off writes nothing, and one without a compiled configuration counts nothing`() {
        phone.compiled = Phone.compiled("os.check" to Rung.OFF)
        process { safeguard, rollout ->
            ask(rollout, builder(rollout).register(), "a", "differ")
            safeguard.tick()
        }
        assertFalse(file.exists())
        val state = Phone.compiled("os.check" to Rung(Stage.SHADOW, 0), generation = 9u)
        phone.compiled = state
        phone.start().close()
        phone.compiled = Phone.compiled("os.check" to Rung(Stage.SHADOW, 0), generation = 8u)
        process { safeguard, rollout ->
            ask(rollout, builder(rollout).register(), "a")
            assertEquals("", safeguard.exportLedgers())
        }
        assertFalse(file.exists())
    }

    @Test
    fun `it is written with the first round after a call, then every five minutes, and at once when something burns`() {
        process { safeguard, rollout ->
            val feature = builder(rollout).register()
            safeguard.tick()
            assertFalse(file.exists(), "before the first call nothing is written")
            ask(rollout, feature, "a")
            assertFalse(file.exists(), "and nothing by a call")
            safeguard.tick()
            val first = file.readBytes()
            ask(rollout, feature, "b")
            phone.clock += Ledgers.INTERVAL_MILLIS - 1
            safeguard.tick()
            assertEquals(first.toList(), file.readBytes().toList())
            phone.clock++
            safeguard.tick()
            assertFalse(first.contentEquals(file.readBytes()))
            val second = file.readBytes()
            ask(rollout, feature, "differ")
            val burned = file.readBytes()
            assertFalse(second.contentEquals(burned))
            ask(rollout, feature, "differ")
            assertEquals(burned.toList(), file.readBytes().toList(), "once: it burns no more than that")
        }
    }

    @Test
    fun `planted secrets are in no file and no export`() {
        val secret = "Qz7-пароль-b5Jw"
        process { safeguard, rollout ->
            val feature = rollout.feature<String, String>("os.check", { Answerer { "$it$it" } })
                .comparison(Comparison { input, legacy, candidate ->
                    val found = listOf(
                        Difference("map.$input", Difference.Kind.VALUE, legacy, candidate),
                        Difference("list", Difference.Kind.VALUE, listOf(legacy), mapOf(legacy to candidate)),
                        Difference("bytes", Difference.Kind.VALUE, legacy.toByteArray(), StringBuilder(candidate)),
                        Difference("other", Difference.Kind.VALUE, Pair(legacy, candidate), arrayOf(candidate)),
                    )
                    if (input.length > 20) Verdict.explained(listOf("OS_KNOWN"), found) else Verdict.mismatch(found)
                })
                .evidence("legacy-1", 2) { it.toByteArray() }.register()
            ask(rollout, feature, secret, "$secret and more of it", secret)
            assertEquals(2L, Phone.counts(safeguard.exportLedgers())["mismatch"])
            val forms = listOf(Charsets.UTF_8, Charsets.UTF_16LE, Charsets.UTF_16BE).map { secret.substring(4).toByteArray(it) }
            val coded = listOf(0, 1, 2).map { Base64.getEncoder().encode(secret.toByteArray().drop(it).toByteArray()).copyOf(12) }
            safeguard.close()
            val written = folder.listFiles()!!.filter { it.isFile }.map { it.readBytes() } + safeguard.export().toByteArray() + safeguard.dump().toByteArray()
            assertTrue(file.length() > 200)
            for (bytes in written) for (form in forms + coded) {
                val found = (0..bytes.size - form.size).any { at -> form.indices.all { bytes[at + it] == form[it] } }
                assertFalse(found, String(bytes, Charsets.ISO_8859_1))
            }
        }
    }

    @Test
    fun `what fails while evidence is kept is the harness's, and a mismatch burns all the same`() {
        process { safeguard, rollout ->
            val feature = rollout.feature<String, String>("os.check", { Answerer { candidate(it) } })
                .evidence("legacy-1", 2) { throw OutOfMemoryError("made") }.register()
            ask(rollout, feature, "a", "differ")
            assertEquals(mapOf("mismatch" to 1L, "harness_error" to 2L, "comparisons" to 1L, "real" to 1L, "loads" to 1L), Phone.counts(safeguard.exportLedgers()))
            assertEquals(2L, rollout.harnessErrors)
        }
    }

    @Test
    fun `where the candidate answers, both sides' errors are told apart`() {
        phone.compiled = Phone.compiled("os.check" to Rung(Stage.LIVE, 0))
        process { safeguard, rollout ->
            val feature = builder(rollout).repeatable().sample(1, 1).register()
            ask(rollout, feature, "a", "fail", "panic")
            assertEquals(listOf("IllegalStateException", "IllegalArgumentException"), listOf(IllegalStateException(), IllegalArgumentException()).map { thrown ->
                assertThrows(RuntimeException::class.java) { rollout.call(feature, "fail") { throw thrown } }.also { assertTrue(it === thrown) }.javaClass.simpleName
            })
            val expected = mapOf(
                "match" to 1L, "c_error" to 1L, "c_panic" to 1L, "both_threw_same" to 1L, "both_threw_diff" to 1L,
                "comparisons" to 5L, "real" to 3L, "loads" to 1L,
            )
            assertEquals(expected, Phone.counts(safeguard.exportLedgers()))
        }
        process { safeguard, rollout ->
            val feature = builder(rollout).repeatable().sample(1, 1).register()
            assertEquals("b", rollout.call(feature, "b") { error("legacy alone") })
            assertEquals(1L, Phone.counts(safeguard.exportLedgers())["l_threw"])
            assertEquals(Stage.SHADOW, feature.stage)
            ask(rollout, feature, "c")
            val stages = Phone.rows(safeguard.exportLedgers(), "ledger").associate { it["stage"].asString to it["match"].asLong }
            assertEquals(mapOf("live" to 1L, "shadow" to 1L), stages)
        }
    }

    @Test
    fun `operations have ledgers of their own, and writes that part the two sides are drift`() {
        phone.compiled = Phone.compiled("home" to Rung(Stage.LIVE, 0), template = Template.READ_WRITE)
        process { safeguard, rollout ->
            val mirror = object : WriteMirror<String> {
                override fun unknown(input: String, failure: Throwable?) = Unit
                override fun behind(input: String, failure: Throwable) = Unit
            }
            val feature = builder(rollout, "home").writes(mirror).sample(1, 1)
                .operations(listOf("add", "move")) { if (it.startsWith("m")) 1 else 0 }.register()
            ask(rollout, feature, "a", "b", "m")
            assertEquals("m2", rollout.call(feature, "m2") { error("legacy is full") })
            phone.clock += 3 * Ledger.DAY
            val ledgers = Phone.rows(safeguard.exportLedgers(), "ledger").associateBy { it["op"].asString }
            assertEquals(setOf("add", "move"), ledgers.keys)
            assertEquals(listOf(2L, 1L), listOf("add", "move").map { ledgers[it]!!["match"].asLong })
            assertTrue(ledgers["add"]!!["drifted_days_ago"].isJsonNull)
            assertEquals(3, ledgers["move"]!!["drifted_days_ago"].asInt)
            assertEquals(listOf(1L, 0L), listOf("add", "move").map { ledgers[it]!!["loads"].asLong })
        }
    }

    @Test
    fun `loads count at LOAD, hours and trips of the latency guard where the candidate answers`() {
        phone.compiled = Phone.compiled("os.check" to Rung(Stage.LOAD, 0))
        repeat(2) {
            process { safeguard, rollout ->
                ask(rollout, builder(rollout).register(), "a", "b")
                safeguard.tick()
            }
        }
        assertEquals(mapOf("loads" to 2L), phone.start().use { Phone.counts(it.exportLedgers()) })
        phone.compiled = Phone.compiled("os.check" to Rung(Stage.LIVE, 0), generation = 2u)
        val phone2 = Phone(File(folder, "second"), Phone.compiled("os.check" to Rung(Stage.LIVE, 0)))
        phone2.start().use { safeguard ->
            val rollout = Rollout(safeguard, null)
            val feature = builder(rollout).register()
            fun calls(nanos: Long) = repeat(1_000) {
                feature.times.ofLegacy(Cost(1_000, -1, -1))
                feature.times.ofCandidate(Cost(nanos, -1, -1))
            }
            safeguard.tick()
            calls(1_000)
            repeat(4) {
                safeguard.tick()
                phone2.clock += 1_800_000
            }
            calls(9_000_000)
            safeguard.tick()
            val ledger = Phone.rows(safeguard.exportLedgers(), "ledger").single { it["stage"].asString == "live" }
            assertEquals(3 to 1, ledger["latency_hours"].asInt to ledger["latency_trips"].asInt)
        }
    }

    @Test
    fun `calls of eight threads add up, and so do two processes`() {
        val one = phone.start()
        val rollout = Rollout(one, null)
        val feature = builder(rollout).register()
        // Whoever calls while another thread makes the candidate is answered by legacy alone, and that is no trial.
        ask(rollout, feature, "first")
        val begin = CountDownLatch(1)
        val matches = AtomicLong()
        val threads = List(THREADS) { number ->
            thread {
                begin.await()
                repeat(CALLS) { call ->
                    val input = "$number ${call % 50}"
                    if (rollout.call(feature, input) { it } == input) matches.incrementAndGet()
                    if (call % 500 == 0) one.exportLedgers()
                    if (number == 0 && call % 300 == 0) {
                        phone.clock += Ledgers.INTERVAL_MILLIS
                        one.tick()
                    }
                }
            }
        }
        begin.countDown()
        threads.forEach { it.join(TimeUnit.SECONDS.toMillis(120)) }
        assertEquals(THREADS.toLong() * CALLS, matches.get())
        // Another one beside it reads the state and counts for the same device.
        val two = phone.start()
        assertFalse(two.isWriter)
        val beside = Rollout(two, null)
        ask(beside, builder(beside).register(), "x", "differ")
        one.close()
        two.close()
        val counts = phone.start().use { Phone.counts(it.exportLedgers()) }
        assertEquals(1 + THREADS.toLong() * CALLS + 1, counts["match"]) { "$counts" }
        assertEquals(1L to 2L, counts["real"] to counts["loads"])
        assertEquals(0L, rollout.harnessErrors)
    }

    @Test
    fun `a death in a call counts in the ledger of its build, also where nothing had been written yet`() {
        fun die(build: String, vararg before: String) {
            val safeguard = phone.start(build)
            val rollout = Rollout(safeguard, null)
            lateinit var page: ByteArray
            fun beacon() = folder.listFiles()!!.single { it.name.endsWith(".beacon") }
            val feature = rollout.feature<String, String>("os.check", { Answerer { page = beacon().readBytes(); it } })
                .evidence("legacy-1", 2) { it.toByteArray() }.register()
            ask(rollout, feature, *before, "deadly")
            val left = beacon()
            if (before.isEmpty()) file.delete()
            val kept = if (before.isEmpty()) null else file.readBytes().takeIf { file.exists() }
            safeguard.close()
            // What it had not written died with it.
            if (kept == null) file.delete() else file.writeBytes(kept)
            left.writeBytes(page)
        }
        die("9f3c")
        assertEquals("", phone.start("other").use { it.exportLedgers() }, "nobody knows yet of which ledger it is")
        phone.start().use { safeguard ->
            val rollout = Rollout(safeguard, null)
            builder(rollout).register()
            assertEquals(mapOf("deaths" to 1L), Phone.counts(safeguard.exportLedgers()))
            assertTrue(safeguard.dump().isNotEmpty())
        }
    }

    @Test
    fun `where nothing can be written the calls go on and the reason is told`() {
        file.mkdirs()
        File(file, "in the way").writeText("x")
        process { safeguard, rollout ->
            val feature = builder(rollout).register()
            ask(rollout, feature, "a")
            safeguard.tick()
            ask(rollout, feature, "b")
            assertTrue("RO_LEDGER_UNWRITTEN" in safeguard.dump(), safeguard.dump())
            assertEquals(listOf("RO_LEDGER_UNWRITTEN"), phone.logged.filter { it.startsWith("RO_LEDGER") })
            assertEquals(mapOf("match" to 2L, "comparisons" to 2L, "loads" to 1L), Phone.counts(safeguard.exportLedgers()))
            file.deleteRecursively()
            phone.clock += Ledgers.INTERVAL_MILLIS
            safeguard.tick()
            assertFalse("RO_LEDGER" in safeguard.dump())
        }
        assertEquals(2L, phone.start().use { Phone.counts(it.exportLedgers()) }["match"])
    }

    private companion object {
        private const val THREADS = 8
        private const val CALLS = 2_000
    }
}
