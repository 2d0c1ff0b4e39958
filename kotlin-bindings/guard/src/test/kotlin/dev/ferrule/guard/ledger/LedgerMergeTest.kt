package dev.ferrule.guard.ledger

import com.google.gson.JsonObject
import com.google.gson.JsonParser
import dev.ferrule.guard.Answerer
import dev.ferrule.guard.Feature
import dev.ferrule.guard.Rollout
import dev.ferrule.guard.Safeguard
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File

private class Question(val text: String, val isSpoofed: Boolean) {
    fun toBytes() = text.toByteArray()
}

private data class Answer(val text: String)

/** What the phone's candidate says; the one whose time has come is wrong. */
private class NativeCheck : Answerer<Question, Answer> {
    override fun answer(input: Question) = Answer(if (input.text == "wrong") "otherwise" else input.text)
}

/** As the guide shows it. */
private fun check(rollout: Rollout): Feature<Question, Answer> = rollout
    .feature<Question, Answer>("os.check", { NativeCheck() })
    .classes(listOf("plain", "spoofed")) { if (it.isSpoofed) 1 else 0 }
    .evidence(legacyBuild = "12.4.1", comparator = 3) { it.toBytes() }
    .register()

/**
 * Phones whose calls go through the guard, and what `ferrule rollout` makes of their exports: sums, verdicts, refusals (R49–R54).
 *
 * It needs the command line, by the system property `ferrule.cli`. The phones' lines and the verdicts are left in
 * `target/fleet-of-phones` for the same gate in SQL.
 */
class LedgerMergeTest {
    @TempDir
    lateinit var folder: File

    private class Ended(val exit: Int, val out: String, val err: String) {
        val json: JsonObject
            get() = JsonParser.parseString(out.trim().lines().last()).asJsonObject
    }

    private fun ferrule(vararg words: String): Ended {
        val cli = System.getProperty("ferrule.cli").orEmpty()
        assertTrue(File(cli).isFile, "cargo build --release -p ferrule-cli, then -Dferrule.cli=ITS PROGRAM: '$cli'")
        val (out, err) = List(2) { File.createTempFile("ferrule", null, folder) }
        val process = ProcessBuilder(listOf(cli, "rollout") + words).redirectOutput(out).redirectError(err).start()
        process.outputStream.close()
        return Ended(process.waitFor(), out.readText(), err.readText())
    }

    private val config by lazy { File(folder, "ferrule.toml") }
    private val state by lazy { File(folder, "compiled.state") }

    @BeforeEach
    fun compile() = compile("")

    private fun compile(more: String, generation: Int = 1) {
        config.writeText(
            "schema = 1\ngeneration = $generation\n\n[feature.\"os.check\"]\nid = 0\nstage = \"shadow\"\nceiling = \"live\"\n" +
                "classes = [\"plain\", \"spoofed\"]\n$more",
        )
        val ended = ferrule("compile", config.path, "--out", state.path)
        assertEquals(0, ended.exit, ended.err)
    }

    /** A phone's calls: [calls] of eight questions, eight days apart at half-time; what it exports. */
    private fun gather(number: Int, calls: Int, also: String? = null, export: (Safeguard) -> String = { it.exportLedgers() }): File {
        val phone = Phone(File(folder, "phone$number").apply { mkdirs() }, state.readBytes())
        val text = phone.start().use { safeguard ->
            val rollout = Rollout(safeguard, null)
            val feature = check(rollout)
            for (call in 0 until calls) {
                val question = Question("question ${call % 8}", call % 8 < 2)
                assertEquals(question.text, rollout.call(feature, question) { Answer(it.text) }.text)
                if (call == calls / 2) phone.clock += 8 * Ledger.DAY
            }
            if (also != null) rollout.call(feature, Question(also, false)) { Answer(it.text) }
            export(safeguard)
        }
        return File(folder, "phone$number.jsonl").apply { writeText(text) }
    }

    @Test
    fun `a few phones add up, with all that an export holds, and nothing is mixed or counted twice`() {
        val phones = List(5) { number -> gather(number, 40) { if (number % 2 == 0) it.export() else it.exportLedgers() }.path }
        val sum = ferrule("merge", "--json", *phones.toTypedArray()).json
        val wanted = mapOf("comparisons" to 200L, "devices" to 5L, "real" to 0L, "distinct_inputs" to 40L, "classes" to 2L, "days" to 8L, "duplicates" to 0L)
        assertEquals(wanted, wanted.keys.associateWith { sum[it].asLong })
        val key = mapOf("feature" to "os.check", "op" to "", "legacy_build" to "12.4.1", "candidate_build" to "9f3c", "stage" to "shadow", "comparator" to "3")
        assertEquals(key, key.keys.associateWith { sum[it].asString })
        val again = ferrule("merge", "--json", *phones.toTypedArray(), phones.first())
        assertEquals(1L to 200L, again.json["duplicates"].asLong to again.json["comparisons"].asLong)
        assertTrue("RO_LEDGER_DUPLICATE" in again.err, again.err)
        compile("accept = [\"OS_LEGACY_TRUSTS_SPOOF\"]\n", generation = 2)
        val other = gather(9, 8)
        val mixed = ferrule("merge", *phones.toTypedArray(), other.path)
        assertTrue(mixed.exit == 2 && "RO_LEDGER_MIXED" in mixed.err, mixed.err)
        val shown = ferrule("export", phones.first())
        assertEquals(gather(0, 0).readText(), shown.out, "the line that is read is the line that was written")
    }

    @Test
    fun `three hundred phones open the gate, and one mismatch on one of them shuts it for good`() {
        val phones = List(300) { gather(it, 100).path }.toTypedArray()
        val open = ferrule("gate", "--json", "--config", config.path, *phones)
        assertEquals(0, open.exit, open.out + open.err)
        leave(phones)
        gather(7, 1, also = "wrong")
        val burned = ferrule("gate", "--json", "--config", config.path, *phones)
        assertEquals("RO_GATE_BURNED", burned.json.getAsJsonArray("blocks").first().asJsonObject["code"].asString)
        assertTrue("value" in ferrule("diff", phones[7]).out)
        // Nothing that the phone does later takes it back.
        gather(7, 50)
        val later = ferrule("merge", "--json", *phones).json
        assertEquals(1L to 300L * 100 + 52, later["real"].asLong to later["comparisons"].asLong)
    }

    /** For `tests/fleet/gates.py`. */
    private fun leave(phones: Array<String>) {
        val target = File("target/fleet-of-phones").apply { mkdirs() }
        val sum = ferrule("merge", "--json", *phones).json
        File(target, "lines.jsonl").writeText(phones.joinToString("") { File(it).readText() })
        File(target, "features.jsonl").writeText("{\"feature\":\"os.check\",\"template\":\"pure\",\"classes\":2}\n")
        val expected = listOf(
            "\"feature\":\"os.check\"", "\"evidence\":\"open\"", "\"comparisons\":${sum["comparisons"]}", "\"burned\":${sum["real"]}",
            "\"devices\":${sum["devices"]}", "\"devices_burned\":${sum["devices_burned"]}", "\"trials\":${sum["trials"]}",
            "\"duplicates\":${sum["duplicates"]}", "\"bound\":${sum["bound95"]}", "\"device_bound\":${sum["device_bound95"]}",
        )
        File(target, "expected.jsonl").writeText(expected.joinToString(",", "{", "}\n"))
    }
}
