package dev.ferrule.guard.command

import com.google.gson.JsonObject
import com.google.gson.JsonParser
import dev.ferrule.guard.Answerer
import dev.ferrule.guard.Guarded
import dev.ferrule.guard.ReasonCode
import dev.ferrule.guard.Rollout
import dev.ferrule.guard.Safeguard
import dev.ferrule.guard.SafeguardSetup
import dev.ferrule.guard.Stage
import dev.ferrule.guard.crash.ProcessIdentity
import dev.ferrule.guard.state.AuditLog
import dev.ferrule.guard.state.DeviceRecord
import dev.ferrule.guard.state.FeatureRecord
import dev.ferrule.guard.state.Payload
import dev.ferrule.guard.state.Rung
import dev.ferrule.guard.state.Settings
import dev.ferrule.guard.state.Slots
import dev.ferrule.guard.state.Template
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File

/** The dump service: words in, text out, with no library in sight (section 4.1, R36, R55, R58). */
class CommandTest {
    @TempDir
    lateinit var directory: File

    private var clock = 1_000L
    private val said = ArrayList<String>()
    private val opened = ArrayList<Safeguard>()

    private val safeguard by lazy { open(1) }

    private fun open(pid: Int): Safeguard {
        val features = listOf("os.compat_check" to Stage.SHADOW, "launcher.model" to Stage.LIVE).mapIndexed { id, (name, stage) ->
            val live = Rung(Stage.LIVE, 0)
            FeatureRecord(Settings(id, name, name, Template.PURE, Rung(stage, 0), live, 0, false, false, 0u, emptyList()))
        }
        val setup = SafeguardSetup(directory, ProcessIdentity(pid, "boot", "build", pid.toLong(), 4096)) { clock }
        setup.compiled = Slots.encodeFile(Payload(DeviceRecord(generation = 3u, features = features)))
        setup.writer = java.util.concurrent.Executor { it.run() }
        setup.log = dev.ferrule.guard.GuardLog { _, _, line -> said += line }
        return Safeguard.open(setup).also { opened += it }
    }

    @AfterEach
    fun close() = opened.forEach { it.close() }

    private fun run(words: String, exit: Int = CommandResult.DONE): String {
        val result = safeguard.command(*words.split(' ').filter { it.isNotEmpty() }.toTypedArray())
        assertEquals(exit, result.exit, "$words: $result")
        for (line in result.text.lines()) assertTrue(line.length <= 100 || line.startsWith("{"), line)
        return result.text
    }

    @Test
    fun `status and why say what runs and why`() {
        val status = run("rollout status")
        assertEquals(run(""), status)
        assertTrue(status.lines().any { it.startsWith("launcher.model") && "LIVE" in it && "candidate" in it }, status)
        val why = run("why launcher.model")
        assertTrue(why.startsWith("no  RO_KILLED"), why)
        assertTrue("yes RO_LIVE" in why && why.endsWith("the candidate answers\n"), why)
        assertTrue("did you mean launcher.model?" in run("why launcher.modle", CommandResult.USAGE))
        run("why", CommandResult.USAGE)
    }

    @Test
    fun `a kill counts at once, for one or for all, and is taken back`() {
        val rollout = Rollout(safeguard, null)
        val feature = rollout.feature<Int, String>("launcher.model", { Answerer { "candidate" } }).register()
        assertEquals("candidate", rollout.call(feature, 1) { "legacy" })
        assertEquals("launcher.model. Somebody killed the feature, or all features.\n", run("kill launcher.model"))
        assertEquals("legacy", rollout.call(feature, 1) { "legacy" })
        run("status", CommandResult.TRIPPED)
        run("why launcher.model", CommandResult.TRIPPED)
        assertEquals("launcher.model: nothing to change\n", run("kill launcher.model"))
        assertEquals("launcher.model. The source that had killed took its kill back.\n", run("unkill launcher.model"))
        run("kill")
        assertEquals(ReasonCode.KILLED, safeguard.reason("os.compat_check"))
        assertTrue("all: killed by command" in run("status", CommandResult.TRIPPED))
        run("unkill all")
        assertEquals("candidate", rollout.call(feature, 1) { "legacy" })
        run("kill nobody", CommandResult.USAGE)
    }

    @Test
    fun `set takes one step up or any down, and checks its ranges itself`() {
        assertEquals("os.compat_check: shadow → canary 1‰. An operator set the rung.\n", run("set os.compat_check canary 1"))
        assertTrue("do not allow" in run("set os.compat_check live", CommandResult.ATTENTION))
        val before = run("status")
        val wrong = listOf(
            "canary 1001", "canary -1", "canary 99999999999", "canary +5", "canary 1.5", "canary", "canary 1 2", "shadow 5", "lvie", "",
            "7", "LIVE", "canary ١",
        )
        for (words in wrong) {
            val said = run("set os.compat_check $words", CommandResult.USAGE)
            assertTrue(said.startsWith("ferrule: "), said)
        }
        assertTrue("RO_CONFIG_RANGE" in run("set os.compat_check canary 1001", CommandResult.USAGE))
        assertTrue("did you mean live?" in run("set os.compat_check lvie", CommandResult.USAGE))
        assertEquals(before, run("status"), "what is not understood changes nothing")
        run("set os.compat_check canary --permille 10")
        run("set os.compat_check canary 50‰")
        run("set os.compat_check off")
        run("set nobody off", CommandResult.USAGE)
        run("set", CommandResult.USAGE)
    }

    @Test
    fun `clear wants to hear that somebody has looked`() {
        run("clear launcher.model", CommandResult.USAGE)
        run("clear --yes", CommandResult.USAGE)
        assertEquals("launcher.model. An operator lifted a quarantine, the safe mode or a freeze.\n", run("clear launcher.model --yes"))
        run("clear safe-mode --yes")
    }

    @Test
    fun `the audit log has every move, survives the process and shows what was changed in it`() {
        run("set os.compat_check canary 1")
        run("kill")
        run("unkill")
        run("set os.compat_check complete", CommandResult.ATTENTION)
        val lines = run("audit").lines()
        val told = lines.map { it.substringAfterLast("  ") }.filter { it.startsWith("RO_") }
        val expected = listOf("RO_CONFIGURED", "RO_CONFIGURED", "RO_SET", "RO_KILLED", "RO_UNKILLED", "RO_REFUSED")
        assertEquals(expected, told)
        assertTrue(lines[2].contains("operator      feature 0    shadow → canary 1‰"), lines[2])
        assertEquals("6 records, last 6: the chain holds\n", run("audit --verify"))
        assertEquals(expected, said.map { it.substringBefore(' ') }, "and each is a line of the log")
        val file = File(directory, "${AuditLog.NAME}.0")
        file.appendBytes(ByteArray(10))
        assertTrue("RO_AUDIT_TORN" in run("audit --verify", CommandResult.ATTENTION))
        file.writeBytes(file.readBytes().also { it[200] = (it[200].toInt() xor 1).toByte() })
        assertTrue("RO_AUDIT_BROKEN" in run("audit --verify", CommandResult.TRIPPED))
        run("audit --what", CommandResult.USAGE)
    }

    @Test
    fun `the log hears the same thing once a minute`() {
        safeguard
        said.clear()
        repeat(3) { run("set os.compat_check live", CommandResult.ATTENTION) }
        assertEquals(1, said.size)
        clock += 60_000
        run("set os.compat_check live", CommandResult.ATTENTION)
        assertEquals(2, said.size)
        assertTrue("2 more like it were not told" in said.last(), said.last())
    }

    @Test
    fun `a drill kills, looks and takes back`() {
        val rollout = Rollout(safeguard, null)
        val feature = rollout.feature<Int, String>("launcher.model", { Answerer { "candidate" } }).register()
        assertTrue("killed in 1 call" in run("drill launcher.model"))
        assertEquals("candidate", rollout.call(feature, 1) { "legacy" })
        run("kill launcher.model")
        run("drill launcher.model", CommandResult.ATTENTION)
        run("drill nobody", CommandResult.USAGE)
        assertEquals(ReasonCode.KILLED, feature.reason)
    }

    @Test
    fun `what the report needs is one object a line`() {
        val rollout = Rollout(safeguard, null)
        val feature = rollout.feature<Int, Int>("os.compat_check", { Answerer { it } }).register()
        repeat(3) { rollout.call(feature, it) { input -> input } }
        val lines = run("export").trimEnd().lines().map { JsonParser.parseString(it) as JsonObject }
        assertEquals(List(lines.size) { 1 }, lines.map { it["schema"].asInt })
        fun of(kind: String) = lines.filter { it["kind"].asString == kind }
        assertEquals("kept", of("guard").single()["state"].asString)
        assertEquals(listOf("os.compat_check", "launcher.model"), of("feature").map { it["feature"].asString })
        assertEquals(3, of("feature").first()["match"].asInt)
        assertEquals(listOf("legacy" to 3, "candidate" to 3), of("latency").map { it["side"].asString to it["count"].asInt })
        val buckets = of("latency").first()["buckets"].asJsonArray
        assertEquals(3, buckets.sumOf { it.asJsonArray[2].asInt })
        assertEquals(listOf("off" to "shadow", "off" to "live"), of("event").map { it["from"].asString to it["to"].asString })
        assertTrue(lines.none { "death" == it["kind"].asString })
    }

    @Test
    fun `what is not understood is said and changes nothing`() {
        assertTrue("did you mean status?" in run("statsu", CommandResult.USAGE))
        assertTrue("on a workstation" in run("gate", CommandResult.USAGE))
        val forged = safeguard.command("why", "x\u001b[2J\ny")
        assertEquals(CommandResult.USAGE, forged.exit)
        assertFalse('\u001b' in forged.text)
        assertEquals(1, forged.text.count { it == '\n' })
        assertTrue(run("help").lines().size > 9)
    }

    @Test
    fun `where another process keeps the state the answer says so`() {
        safeguard
        val other = open(2)
        val answer = other.command("kill", "launcher.model")
        assertEquals(CommandResult.ATTENTION, answer.exit)
        assertTrue("another process keeps the state" in answer.text)
        assertTrue("STATE kept by another process" in other.dump())
    }

    @Test
    fun `status and why speak JSON too, with the exit codes of their texts`() {
        val status = run("status --json").lines().filter { it.isNotEmpty() }.map { JsonParser.parseString(it).asJsonObject }
        assertEquals(listOf("os.compat_check", "launcher.model"), status.map { it["feature"].asString })
        assertEquals(run("rollout status --json"), run("status --json"))
        val rules = run("why os.compat_check --json").lines().filter { it.isNotEmpty() }.map { JsonParser.parseString(it).asJsonObject }
        assertEquals("RO_SHADOW" to true, rules.last().let { it["rule"].asString to it["holds"].asBoolean })
        assertEquals(rules.map { it["rule"].asString }.distinct(), rules.map { it["rule"].asString })
        val feature = Rollout(safeguard, null).feature<Int, Int>("os.compat_check", { throw UnsatisfiedLinkError() }).register()
        feature.raise(dev.ferrule.guard.Word.UNAVAILABLE)
        assertTrue(run("why --json os.compat_check").trim().endsWith("its library is missing.\"}"))
        run("kill")
        assertTrue("\"reason\":\"RO_KILLED\"" in run("status --json", CommandResult.TRIPPED))
        assertTrue("\"rule\":\"RO_KILLED\",\"holds\":true" in run("why launcher.model --json", CommandResult.TRIPPED))
        run("status --jsn", CommandResult.USAGE)
        run("why --json", CommandResult.USAGE)
        run("why nobody --json", CommandResult.USAGE)
    }

    @Test
    fun `texts in JSON are escaped as serde escapes them`() {
        assertEquals("{\"a\":\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\u007f дом 😀\",\"b\":null}",
            Json.line("a" to "\"\\\b\u000c\n\r\t\u0001\u007f дом 😀", "b" to null))
        assertEquals("{\"a\":\"\\ud83d\"}", Json.line("a" to "\ud83d"))
    }

    @Guarded(name = "os.compat_check", repeatable = true)
    interface Flags {
        fun isOn(name: String): Boolean
        fun size(): Int
    }

    private class Fixed(private val on: Boolean) : Flags {
        var asked = 0
        override fun isOn(name: String) = on.also { asked++ }
        override fun size() = 3
    }

    @Test
    fun `export tells the operations apart, those of a wrapped interface by its methods`() {
        safeguard.set("os.compat_check", Stage.SHADOW)
        val rollout = Rollout(safeguard, null)
        val legacy = Fixed(true)
        val flags = rollout.wrap(Flags::class.java, legacy, { Fixed(true) })
        repeat(3) { assertTrue(flags.isOn("x")) }
        assertEquals(3, flags.size())
        assertEquals(4, legacy.asked, "the first comparison is a control, and legacy may be asked again")
        val operations = run("export").trimEnd().lines().map { JsonParser.parseString(it) as JsonObject }
            .filter { it["kind"].asString == "operation" }
        val told = operations.map { Triple(it["operation"].asString, it["side"].asString, it["count"].asInt) }
        val expected = listOf("isOn(String)" to 3, "size()" to 1)
            .flatMap { (name, count) -> listOf(Triple(name, "legacy", count), Triple(name, "candidate", count)) }
        assertEquals(expected, told)
        assertTrue(operations.all { it["processor_ns"].isJsonNull && it["allocated_bytes"].isJsonNull })
    }
}
