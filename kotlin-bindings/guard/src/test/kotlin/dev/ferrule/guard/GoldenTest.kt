package dev.ferrule.guard

import dev.ferrule.guard.command.StateText
import dev.ferrule.guard.crash.BeaconPage
import dev.ferrule.guard.state.Actor
import dev.ferrule.guard.state.AuditLog
import dev.ferrule.guard.state.AuditRecord
import dev.ferrule.guard.state.Decider
import dev.ferrule.guard.state.DeviceRecord
import dev.ferrule.guard.state.FeatureRecord
import dev.ferrule.guard.state.Recent
import dev.ferrule.guard.state.Rung
import dev.ferrule.guard.state.Sentences
import dev.ferrule.guard.state.Settings
import dev.ferrule.guard.state.Slots
import dev.ferrule.guard.state.Template
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.ByteArrayOutputStream
import java.io.File

/** The bytes that the engine's own tests wrote, read and written here: one format in two languages (R58). */
class GoldenTest {
    private val golden: File = generateSequence(File("").absoluteFile) { it.parentFile }
        .map { File(it, "tests/golden") }.first { it.isDirectory }

    private val words = File(golden, "rollout-golden.txt").readLines().filter { !it.startsWith("#") }

    private fun lines(kind: String): List<Map<String, String>> =
        words.filter { it.startsWith("$kind ") }.map { line ->
            Regex("(\\w+)=(\\[[^]]*]|\\S+)").findAll(line).associate { it.groupValues[1] to it.groupValues[2] }
        }

    private val state = (Slots.read(File(golden, "rollout-state.bin").readBytes()).first as Slots.Content.State).payload

    private fun hex(number: ULong) = number.toString(16).padStart(16, '0')

    private fun rung(rung: Rung?) = "0x" + (rung?.packed() ?: 0xffff).toString(16).padStart(4, '0')

    private fun ages(recent: Recent) = recent.ages.joinToString(prefix = "[", postfix = "]")

    @Test
    fun `the state reads as its words say`() {
        val record = state.record
        val device = mapOf(
            "boot" to hex(record.boot), "boottime_ms" to "${record.bootTime}", "age_ms" to "${record.age}",
            "build" to hex(record.build), "generation" to "${record.generation}", "unit" to record.unit,
            "killed" to "${record.killed}", "safe_mode" to hex(record.safeMode!!), "lost" to "${record.lost}",
            "deaths" to ages(record.deaths),
        )
        assertEquals(lines("state").single(), device)
        val settings = record.features.map { it.settings }.map {
            mapOf(
                "id" to "${it.id}", "name" to it.name, "salt" to it.salt, "template" to it.template.name.lowercase(),
                "start" to rung(it.start), "ceiling" to rung(it.ceiling), "window_start" to "${it.windowStart}",
                "critical" to "${it.critical}", "parents" to "0x" + it.parents.toString(16), "bad" to "${it.bad}",
            )
        }
        assertEquals(lines("settings"), settings)
        val standings = record.features.map {
            mapOf(
                "id" to "${it.settings.id}", "granted" to rung(it.granted), "overlay" to rung(it.overlay),
                "cap" to rung(it.cap?.rung), "cap_build" to hex(it.cap?.build ?: 0u), "killed" to "${it.killed}",
                "streak" to "${it.streak}", "frozen" to "${it.frozen}", "probing" to "${it.probing}",
                "probation_until_ms" to "${it.probationUntil}", "tripped_until_ms" to "${it.trippedUntil}",
                "crashes" to ages(it.crashes), "opens" to ages(it.opens), "demotions" to ages(it.demotions),
            )
        }
        assertEquals(lines("standing"), standings)
        val targets = record.features.flatMap { feature ->
            feature.settings.targets.map {
                mapOf("id" to "${feature.settings.id}", "kind" to it.kind.name.lowercase(), "value" to it.value)
            }
        }
        assertEquals(lines("target"), targets)
        val quarantines = record.features.flatMap { feature ->
            feature.quarantines.map {
                mapOf("id" to "${feature.settings.id}", "build" to hex(it.build), "age_ms" to "${it.age}")
            }
        }
        assertEquals(lines("quarantine"), quarantines)
    }

    @Test
    fun `what was read is written byte for byte, with the fields of later versions`() {
        val file = File(golden, "rollout-state.bin").readBytes()
        val written = Slots.encode(state, 6u)!!
        assertArrayEquals(file.copyOfRange(Slots.SLOT_BYTES, Slots.SLOT_BYTES + written.size), written)
    }

    @Test
    fun `both decide alike`() {
        val calm: DeviceRecord = state.record.run {
            copy(killed = 0, safeMode = null, lost = false, features = features.map { it.copy(killed = 0) })
        }
        val decider = Decider(calm, DeviceFacts(model = "дом", sdk = 35), tooNew = false)
        val decisions = calm.features.map { feature ->
            val decision = decider.decide(feature.settings.id)
            mapOf(
                "id" to "${feature.settings.id}", "bucket" to "${Bucket.of(feature.settings.salt, calm.unit)}",
                "reason" to decision.reason.code, "rung" to rung(decision.rung),
                "candidate_answers" to "${decision.isCandidate}",
                "runs" to "${decision.runsCandidate}", "loads" to "${decision.reason.loads}",
            )
        }
        assertEquals(lines("decision"), decisions)
    }

    @Test
    fun `the beacon reads as its words say`() {
        val page = BeaconPage.read(File(golden, "rollout-beacon.bin").readBytes())!!
        val head = lines("beacon").single()
        assertEquals(head["pid"], "${page.pid}")
        assertEquals(head["started"], "0x" + page.started.toString(16))
        assertEquals(head["boot"] to head["build"], hex(page.boot.toULong()) to hex(page.build.toULong()))
        assertEquals(head["start_ns"], "${page.startNanos}")
        assertEquals(head["overflow_now"], "${page.overflowNow}")
        assertEquals(head["mirror"], "0x" + page.mirror.toULong().toString(16))
        assertEquals(head["suspects"], "0x" + page.suspects().toString(16))
        val entries = page.inFlight.map {
            mapOf("feature" to "${it.feature}", "op" to "${it.op}", "tid" to "${it.tid}", "sequence" to "${it.sequence}")
        }
        assertEquals(lines("entry"), entries)
    }

    @Test
    fun `the texts are those of the command line`() {
        val asItIs = state.record
        val features = asItIs.features.map {
            when (it.settings.id) {
                0 -> it.copy(killed = 0, overlay = null)
                1 -> it.copy(trippedUntil = 0u, probing = false)
                else -> it
            }
        }
        val free = asItIs.copy(killed = 0, safeMode = null, lost = false, features = features)
        val lines = ArrayList<String>()
        val json = ArrayList<String>()
        for ((name, record) in listOf("as it is" to asItIs, "without what holds it back" to free)) {
            val decider = Decider(record, DeviceFacts(sdk = 35, model = "дом"), tooNew = false)
            val text = StateText(record) { decider.decide(it.settings.id) }
            lines += "# the state $name: status"
            lines += text.status()
            for (feature in record.features) {
                lines += "# the state $name: why ${feature.settings.name}"
                lines += text.why(feature, decider)
                json += "# the state $name: why ${feature.settings.name} --json"
                json += text.whyJson(feature, decider)
            }
            json += "# the state $name: status --json"
            json += text.statusJson()
        }
        assertEquals(File(golden, "rollout-json.txt").readText(), json.joinToString("") { "$it\n" })
        assertEquals(File(golden, "rollout-texts.txt").readText(), lines.joinToString("") { "$it\n" })
    }

    @Test
    fun `the audit log reads as the engine wrote it, and is written so again`() {
        val file = File(golden, "rollout-audit.bin").readBytes()
        val report = AuditLog.verify(listOf(file, ByteArray(0)))
        assertEquals(AuditLog.End.WHOLE, report.end)
        assertEquals(listOf("RO_CONFIGURED", "RO_SET", "RO_PROMOTED"), report.records.map { it.reason })
        assertEquals(listOf(null, 1, 1), report.records.map { it.feature })
        assertEquals("off, load, shadow; off, shadow, canary 1‰",
            report.records.joinToString { "${it.from}" } + "; " + report.records.joinToString { "${it.to}" })
        assertEquals(file.toList(), report.records.flatMap { it.encode().toList() })
    }

    /** A file of the cut-off logs, from the words that the engine's test wrote: see there. */
    private fun cutFile(words: String, record: () -> ByteArray): ByteArray =
        words.split(',').filter { it.isNotEmpty() }.fold(ByteArray(0)) { file, word ->
            val count = word.drop(1).toInt()
            when (word.first()) {
                'r' -> file + ByteArrayOutputStream().also { out -> repeat(count) { out.write(record()) } }.toByteArray()
                'h' -> file + ByteArray(count * AuditRecord.BYTES).also { repeat(count) { record() } }
                'p' -> file + record().copyOf(count)
                else -> file + ByteArray(count)
            }
        }

    @Test
    fun `an audit log that was cut off is taken for what the engine takes it for`() {
        val cases = File(golden, "rollout-audit-cuts.txt").readLines()
        assertTrue(cases.size > 20)
        for (case in cases) {
            val (first, second) = Regex("\\[([^]]*)]").findAll(case).map { it.groupValues[1] }.toList()
            var sequence = 0L
            var hash = ByteArray(32)
            fun record(): ByteArray {
                sequence++
                val load = Rung(Stage.LOAD, 0)
                val bytes = AuditRecord(Actor.OPERATOR, 1, Rung.OFF, load, sequence, 7, 9, hash, "RO_SET").encode()
                hash = AuditRecord.hashOf(bytes)
                return bytes
            }
            val report = AuditLog.verify(listOf(cutFile(first, ::record), cutFile(second, ::record)))
            val end = report.end.name.lowercase()
            assertEquals(case, "cut first=[$first] second=[$second] records=${report.records.size} end=$end")
        }
    }

    @Test
    fun `both let a half-open breaker prove itself alike`() {
        val cases = File(golden, "rollout-probing.txt").readLines()
        assertTrue(cases.size > 80)
        for (case in cases) {
            val words = Regex("(\\w+)=(\\S+)").findAll(case).associate { it.groupValues[1] to it.groupValues[2] }
            val template = Template.values().first { it.name.lowercase() == words["template"] }
            val granted = Rung.unpack(Integer.decode(words.getValue("granted")))!!
            fun settings(id: Int, name: String, template: Template, rung: Rung, parents: ULong) =
                Settings(id, name, name, template, rung, Rung(Stage.LIVE, 0), 0, false, false, parents, emptyList())
            val parent = words.getValue("parent").uppercase().takeIf { it != "NONE" }?.let {
                // Out of the cohort of a canary that has come further than shadow.
                val stage = if (it == "OUT") Stage.CANARY else Stage.valueOf(it)
                FeatureRecord(settings(0, "parent", Template.PURE, Rung(stage, 0), 0u))
            }
            val probed = settings(1, "probed", template, granted, if (parent == null) 0u else 1u)
            val record = DeviceRecord(
                unit = "0123456789abcdef0123456789abcdef",
                features = listOfNotNull(parent, FeatureRecord(probed, probing = true)),
            )
            val decision = Decider(record, DeviceFacts(), tooNew = false).decide(1)
            // What a call goes by says the same.
            val word = Word.of(decision.stage, decision.reason)
            val runs = Word.reason(word).trust >= 2 && Word.stage(word) >= Stage.SHADOW
            val answer = "probing template=${words["template"]} granted=${words["granted"]} parent=${words["parent"]} " +
                "reason=${decision.reason.code} rung=${rung(decision.rung)} candidate_answers=${decision.isCandidate} " +
                "runs=${decision.runsCandidate} loads=${decision.reason.loads}"
            assertEquals(case, answer)
            assertEquals(decision.runsCandidate, runs, case)
        }
    }

    @Test
    fun `a code that the engine has too has the engine's sentence`() {
        val source = File(golden.parentFile.parentFile, "core/rollout/src/reason.rs").readText()
        val engine = Regex("\\w+, \"(RO_\\w+)\", \"([^\"]+)\";").findAll(source).associate { it.groupValues[1] to it.groupValues[2] }
        assertTrue(engine.size > 40)
        for (code in Sentences.codes) {
            assertTrue(Sentences.of(code).endsWith("."), code)
            if (code in engine) assertEquals(engine[code], Sentences.of(code), code)
        }
        for (reason in ReasonCode.values()) assertTrue(reason.code in Sentences.codes, reason.code)
    }
}
