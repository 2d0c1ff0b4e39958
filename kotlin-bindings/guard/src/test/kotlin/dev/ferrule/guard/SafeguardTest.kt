package dev.ferrule.guard

import dev.ferrule.guard.crash.BeaconPage
import dev.ferrule.guard.crash.ExitReason
import dev.ferrule.guard.crash.ExitReasons
import dev.ferrule.guard.crash.ProcessIdentity
import dev.ferrule.guard.state.DeviceRecord
import dev.ferrule.guard.state.FeatureRecord
import dev.ferrule.guard.state.Payload
import dev.ferrule.guard.state.Rung
import dev.ferrule.guard.state.Settings
import dev.ferrule.guard.state.Slots
import dev.ferrule.guard.state.StateFile
import dev.ferrule.guard.state.Target
import dev.ferrule.guard.state.TargetKind
import dev.ferrule.guard.state.Template
import dev.ferrule.guard.time.Cost
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File

/** What one process leaves to the next: stages, quarantines, kills (RO-I3–RO-I5, R24–R27, R34, R58). */
class SafeguardTest {
    @TempDir
    lateinit var directory: File

    private var processes = 0
    private var clock = 1_000L

    private fun settings(id: Int, parents: ULong = 0u, targets: List<Target> = emptyList()) = Settings(
        id, "f$id", "f$id", Template.PURE, Rung(Stage.LIVE, 0), Rung(Stage.LIVE, 0), 0, false, false, parents, targets,
    )

    private fun compiled(vararg settings: Settings, generation: ULong = 1u): ByteArray =
        Slots.encodeFile(Payload(DeviceRecord(generation = generation, features = settings.map { FeatureRecord(it) })))!!

    private fun open(
        config: ByteArray? = null,
        reasons: ExitReasons = ExitReasons.NONE,
        build: String = "b1",
        facts: DeviceFacts = DeviceFacts(),
    ): Safeguard {
        processes++
        clock += 10
        val process = ProcessIdentity(1000 + processes, "boot", build, processes.toLong(), 4096)
        return Safeguard.open(
            SafeguardSetup(directory, process) { clock }.apply {
                exitReasons = reasons
                compiled = config
                this.facts = facts
                writer = java.util.concurrent.Executor { it.run() }
            },
        )
    }

    private fun beacon() = directory.listFiles()!!.single { it.name.endsWith(".beacon") }

    /** Ends the process of [safeguard] in the middle of a call of [name]: its page stays, its locks go. */
    private fun die(safeguard: Safeguard, name: String) {
        val rollout = Rollout(safeguard, null)
        lateinit var page: ByteArray
        val feature = rollout.feature<Int, String>(name, {
            Answerer {
                page = beacon().readBytes()
                "candidate"
            }
        }).register()
        assertEquals("candidate", rollout.call(feature, 1) { "legacy" })
        val file = beacon()
        safeguard.close()
        file.writeBytes(page)
    }

    private fun answer(safeguard: Safeguard, name: String): String {
        val rollout = Rollout(safeguard, null)
        val feature = rollout.feature<Int, String>(name, { Answerer { "candidate" } }).register()
        return rollout.call(feature, 1) { "legacy" }
    }

    @Test
    fun `without a configuration everything is off`() {
        open().use { safeguard ->
            assertEquals("legacy", answer(safeguard, "f0"))
            assertEquals(ReasonCode.OFF, safeguard.reason("f0"))
            assertFalse(safeguard.set("f0", Stage.LOAD))
            assertTrue(safeguard.isWriter)
        }
    }

    @Test
    fun `a compiled configuration counts, and survives the process`() {
        open(compiled(settings(0))).use { assertEquals("candidate", answer(it, "f0")) }
        open().use { assertEquals("candidate", answer(it, "f0")) }
        open(compiled(settings(1), generation = 2u)).use {
            assertEquals("legacy" to "candidate", answer(it, "f0") to answer(it, "f1"))
        }
        open(compiled(settings(0), generation = 1u)).use { assertEquals("legacy", answer(it, "f0")) }
    }

    @Test
    fun `two deaths in a call, and from the third start on legacy answers that feature only`() {
        die(open(compiled(settings(0), settings(1))), "f1")
        die(open(), "f1")
        open().use { safeguard ->
            assertEquals(ReasonCode.QUARANTINED, safeguard.reason("f1"))
            assertEquals("candidate" to "legacy", answer(safeguard, "f0") to answer(safeguard, "f1"))
            assertEquals(1, directory.list()!!.count { it.endsWith(".beacon") }, "beacons that were judged are gone")
        }
        open().use { assertEquals(ReasonCode.QUARANTINED, it.reason("f1")) }
        open(build = "b2").use { assertEquals(ReasonCode.SHADOW, it.reason("f1")) }
    }

    @Test
    fun `an exit reason that says otherwise lowers a death to nothing`() {
        repeat(4) {
            die(open(compiled(settings(0)), reasons = { _, _ -> ExitReason.LOW_MEMORY }), "f0")
        }
        open(reasons = { _, _ -> ExitReason.LOW_MEMORY }).use { assertEquals("candidate", answer(it, "f0")) }
    }

    @Test
    fun `an exit reason that cannot be had counts as a crash`() {
        repeat(2) { die(open(compiled(settings(0)), reasons = { _, _ -> throw SecurityException() }), "f0") }
        open(reasons = { _, _ -> throw SecurityException() }).use { assertEquals(ReasonCode.QUARANTINED, it.reason("f0")) }
    }

    @Test
    fun `quarantines survive the loss of the state by the beacon's mirror`() {
        val config = compiled(settings(0), settings(1))
        repeat(2) { die(open(config), "f1") }
        val safeguard = open()
        val page = beacon().readBytes()
        val file = beacon()
        safeguard.close()
        file.writeBytes(page)
        File(directory, StateFile.NAME).writeBytes(ByteArray(100))
        open(config).use { lost ->
            assertEquals(ReasonCode.STATE_LOST, lost.reason("f0"))
            assertEquals("legacy", answer(lost, "f0"))
            for (name in listOf("f0", "f1")) assertTrue(lost.set(name, Stage.LOAD), "an operator has looked")
            assertEquals(ReasonCode.LOAD to ReasonCode.QUARANTINED, lost.reason("f0") to lost.reason("f1"))
        }
    }

    @Test
    fun `a beacon without a state says that the state was lost`() {
        val config = compiled(settings(0))
        die(open(config), "f0")
        assertTrue(File(directory, StateFile.NAME).delete())
        open(config).use { assertEquals(ReasonCode.STATE_LOST, it.reason("f0")) }
    }

    @Test
    fun `what could not be written is written by a later tick`() {
        open(compiled(settings(0))).use { safeguard ->
            val file = File(directory, StateFile.NAME)
            val whole = file.readBytes()
            assertTrue(file.delete() && file.mkdir())
            assertTrue(safeguard.kill(KillSource.COMMAND, "f0", on = true), "what is safer counts at once")
            assertTrue(file.delete())
            file.writeBytes(whole)
            safeguard.tick()
        }
        open().use { assertEquals(ReasonCode.KILLED, it.reason("f0")) }
    }

    @Test
    fun `kills act on the next call, survive, and are taken back by their own source only`() {
        open(compiled(settings(0), settings(1))).use { safeguard ->
            val rollout = Rollout(safeguard, null)
            val feature = rollout.feature<Int, String>("f0", { Answerer { "candidate" } }).register()
            assertEquals("candidate", rollout.call(feature, 1) { "legacy" })
            assertTrue(safeguard.kill(KillSource.COMMAND, "f0", on = true))
            assertEquals("legacy", rollout.call(feature, 1) { "legacy" })
            assertFalse(safeguard.kill(KillSource.FILE, "f0", on = false))
            assertEquals(ReasonCode.KILLED, safeguard.reason("f0"))
            assertEquals("candidate", answer(safeguard, "f1"))
            safeguard.applyKillWord(KillSource.PROPERTY, "all")
            assertEquals("legacy", answer(safeguard, "f1"))
        }
        open().use { safeguard ->
            assertEquals("legacy" to "legacy", answer(safeguard, "f0") to answer(safeguard, "f1"))
            safeguard.applyKillWord(KillSource.PROPERTY, "f1, nobody")
            safeguard.kill(KillSource.COMMAND, "f0", on = false)
            assertEquals("candidate" to "legacy", answer(safeguard, "f0") to answer(safeguard, "f1"))
            safeguard.applyKillWord(KillSource.PROPERTY, "")
            assertEquals("candidate", answer(safeguard, "f1"))
        }
    }

    @Test
    fun `a feature goes no further than one that it needs`() {
        open(compiled(settings(0), settings(1, parents = 1u))).use { safeguard ->
            assertEquals("candidate", answer(safeguard, "f1"))
            safeguard.set("f0", Stage.SHADOW)
            assertEquals(ReasonCode.SHADOW, safeguard.reason("f1"))
            safeguard.set("f0", Stage.OFF)
            assertEquals(ReasonCode.DEPENDENCY, safeguard.reason("f1"))
        }
    }

    @Test
    fun `a device that is not meant stays off, and one of which nothing is known too`() {
        val config = compiled(settings(0, targets = listOf(Target(TargetKind.SDK_MIN, "35"))))
        open(config, facts = DeviceFacts(sdk = 35)).use { assertEquals("candidate", answer(it, "f0")) }
        open(facts = DeviceFacts(sdk = 34)).use { assertEquals(ReasonCode.TARGETING_MISS, it.reason("f0")) }
        open().use { assertEquals("legacy", answer(it, "f0")) }
    }

    @Test
    fun `a clock that throws stands still and takes nobody's answer`() {
        val process = ProcessIdentity(1, "boot", "b1", 1L, 4096)
        Safeguard.open(SafeguardSetup(directory, process) { throw SecurityException() }.apply { compiled = compiled(settings(0)) }).use {
            assertEquals("candidate", answer(it, "f0"))
            it.tick()
            assertEquals("candidate", answer(it, "f0"))
            assertTrue(it.kill(KillSource.COMMAND, "f0", on = true))
            assertEquals("legacy", answer(it, "f0"))
        }
    }

    @Test
    fun `where nothing can be written everything is off`() {
        val plain = File(directory, "plain").apply { writeText("not a directory") }
        val process = ProcessIdentity(1, "boot", "b1", 1L, 4096)
        Safeguard.open(SafeguardSetup(plain, process) { 0L }.apply { compiled = compiled(settings(0)) }).use {
            assertEquals("legacy", answer(it, "f0"))
            assertFalse(it.isWriter)
        }
    }

    @Test
    fun `a second process reads what the first writes and changes nothing of it`() {
        open(compiled(settings(0), settings(1))).use { first ->
            open().use { second ->
                assertFalse(second.isWriter)
                assertEquals("candidate", answer(second, "f0"))
                assertFalse(second.set("f0", Stage.COMPLETE), "nothing rises without a write")
                assertTrue(second.kill(KillSource.COMMAND, "f0", on = true), "what is safer counts at once")
                assertEquals("legacy", answer(second, "f0"))
                assertTrue(first.kill(KillSource.COMMAND, "f1", on = true))
                second.tick()
                assertEquals("legacy" to "legacy", answer(second, "f0") to answer(second, "f1"), "a kill reaches every process")
            }
            assertEquals("candidate" to "legacy", answer(first, "f0") to answer(first, "f1"))
        }
    }

    @Test
    fun `an operator moves one step up and any way down, durably`() {
        open(compiled(settings(0))).use { safeguard ->
            assertTrue(safeguard.set("f0", Stage.OFF))
            assertFalse(safeguard.set("f0", Stage.LIVE))
            for (stage in listOf(Stage.LOAD, Stage.SHADOW)) assertTrue(safeguard.set("f0", stage))
            assertTrue(safeguard.set("f0", Stage.CANARY, 1))
            assertFalse(safeguard.set("f0", Stage.CANARY, 1001))
        }
        open().use { safeguard ->
            val expected = if (safeguard.bucket("f0") == 0) ReasonCode.COHORT_IN else ReasonCode.COHORT_OUT
            assertEquals(expected, safeguard.reason("f0"))
        }
    }

    private class Panic : RuntimeException(), PanicSignal

    @Test
    fun `a breaker that opened probes in shadow, and twenty clean probes close it`() {
        open(compiled(settings(0))).use { safeguard ->
            var sound = false
            val rollout = Rollout(safeguard, null)
            val feature = rollout.feature<Int, String>("f0", { Answerer { if (sound) "L" else throw Panic() } }).register()
            repeat(3) { assertEquals("L", rollout.call(feature, 1) { "L" }) }
            assertEquals(ReasonCode.TRIPPED, feature.reason)
            clock += 60_001
            safeguard.tick()
            assertEquals(ReasonCode.PROBING, feature.reason)
            sound = true
            repeat(19) { rollout.call(feature, 1) { "L" } }
            rollout.call(feature, 1) { "another" }
            repeat(19) { rollout.call(feature, 1) { "L" } }
            assertEquals(ReasonCode.PROBING, feature.reason, "one that was not clean begins anew")
            rollout.call(feature, 1) { "L" }
            assertEquals(ReasonCode.LIVE, feature.reason)
        }
        open().use { assertEquals(ReasonCode.LIVE, it.reason("f0")) }
    }

    @Test
    fun `the dump says who is off and why, within a hundred columns`() {
        val name = "n".repeat(64)
        open(compiled(settings(0), settings(1).copy(name = name))).use { safeguard ->
            safeguard.kill(KillSource.COMMAND, "f0", on = true)
            val lines = safeguard.dump().lines()
            assertTrue(lines.all { it.length <= 100 }, lines.joinToString("\n"))
            assertTrue(lines.any { it.startsWith("f0 ") && "KILLED" in it } && "f0: killed by command" in lines, lines.joinToString("\n"))
            assertTrue(lines.any { it.startsWith("nnn") && "LIVE" in it })
        }
    }

    @Test
    fun `a candidate that is slower than legacy goes down one rung and is measured anew`() {
        open(compiled(settings(0))).use { safeguard ->
            val rollout = Rollout(safeguard, null)
            val feature = rollout.feature<Int, String>("f0", { Answerer { "candidate" } }).register()
            fun time(candidate: Long) = repeat(1_000) {
                feature.times.ofLegacy(Cost(1_000_000, Cost.UNKNOWN, Cost.UNKNOWN))
                feature.times.ofCandidate(Cost(candidate, Cost.UNKNOWN, Cost.UNKNOWN))
            }
            time(candidate = 1_100_000)
            safeguard.tick()
            assertEquals(ReasonCode.LIVE, safeguard.reason("f0"))
            feature.times.clear()
            time(candidate = 2_000_000)
            safeguard.tick()
            assertEquals("canary 1000‰", safeguard.granted("f0"))
            assertEquals(0, feature.times.candidate().total)
            safeguard.tick()
            assertEquals("canary 1000‰", safeguard.granted("f0"), "one rung for one measurement")
        }
    }

    @Test
    fun `a stable process ends the streak`() {
        die(open(compiled(settings(0))), "f0")
        open().use { safeguard ->
            val rollout = Rollout(safeguard, null)
            val feature = rollout.feature<Int, String>("f0", { Answerer { "candidate" } }).register()
            repeat(100) { rollout.call(feature, it) { "legacy" } }
            safeguard.firstFrame()
            clock += 60_000
            safeguard.tick()
        }
        die(open(), "f0")
        open().use { assertEquals("candidate", answer(it, "f0")) }
    }

    @Test
    fun `a real mismatch that the oracle finds takes the feature down to shadow in the state`() {
        open(compiled(settings(0), settings(1))).use { safeguard ->
            val rollout = Rollout(safeguard, null)
            val feature = rollout.feature<Int, String>("f0", { Answerer { "candidate" } }).repeatable().register()
            assertEquals("candidate", rollout.call(feature, 1) { "legacy" })
            assertEquals("shadow", safeguard.granted("f0"))
            assertEquals(ReasonCode.SHADOW, feature.reason)
            assertEquals("legacy", rollout.call(feature, 1) { "legacy" })
            assertEquals(ReasonCode.LIVE, safeguard.reason("f1"))
        }
        open().use { assertEquals("shadow", it.granted("f0")) }
    }

    @Test
    fun `where the two cannot run side by side legacy is no oracle, and a half-open breaker probes nothing`() {
        open(compiled(settings(0).copy(template = Template.EXCLUSIVE))).use { safeguard ->
            val rollout = Rollout(safeguard, null)
            var asked = 0
            val feature = rollout.feature<Int, String>("f0", { Answerer { asked++; "candidate" } }).repeatable().register()
            assertEquals("candidate", rollout.call(feature, 1) { error("legacy was asked") })
            safeguard.trip(feature)
            assertEquals(ReasonCode.TRIPPED, feature.reason)
            clock += 3_600_000
            safeguard.tick()
            assertEquals(ReasonCode.PROBING, feature.reason)
            assertEquals(ReasonCode.PROBING, safeguard.reason("f0"))
            assertEquals("legacy", rollout.call(feature, 1) { "legacy" })
            assertEquals(1, asked)
        }
    }

    @Test
    fun `a call that is in flight is marked with its operation`() {
        open(compiled(settings(0))).use { safeguard ->
            lateinit var page: BeaconPage
            val feature = Rollout(safeguard, null).run {
                val feature = feature<Int, Int>("f0", { Answerer { page = BeaconPage.read(beacon().readBytes())!!; it } })
                    .operations(listOf("load", "move")) { it }.register()
                call(feature, 1) { it }
                feature
            }
            assertEquals(listOf(0 to 2), page.inFlight.map { it.feature to it.op })
            assertEquals(ReasonCode.LIVE, feature.reason)
        }
    }

    private fun overflow(depth: Int): Int = if (depth < 0) 0 else overflow(depth + 1) + 1

    @Test
    fun `wherever the stack ends no call stays marked`() {
        open(compiled(settings(0))).use { safeguard ->
            val rollout = Rollout(safeguard, null)
            val feature = rollout.feature<Int, Int>("f0", { Answerer { overflow(it) } }).register()
            fun descend(depth: Int) {
                try {
                    descend(depth + 1)
                } catch (_: StackOverflowError) {
                    // Unwinding: from here up there is more room at each frame.
                }
                if (depth % 20 != 0) return
                try {
                    feature.lower(Word.TRIPPED)
                    rollout.call(feature, 0) { -1 }
                } catch (_: StackOverflowError) {
                    // No room for legacy itself.
                }
            }
            val thread = Thread(null, { descend(0) }, "deep", 512 * 1024)
            thread.start()
            thread.join()
            val page = BeaconPage.read(beacon().readBytes())!!
            assertEquals(1L to false, page.started to page.hasCalls)
        }
    }

    @Test
    fun `a probe in which legacy differs from itself says nothing of the candidate, one that differs begins anew`() {
        open(compiled(settings(0))).use { safeguard ->
            val rollout = Rollout(safeguard, null)
            val feature = rollout.feature<Int, String>("f0", { Answerer { "same" } }).repeatable().register()
            safeguard.trip(feature)
            clock += 3_600_000
            safeguard.tick()
            assertEquals(ReasonCode.PROBING, feature.reason)
            fun probe(times: Int, legacy: (Int) -> String = { "same" }) = repeat(times) { rollout.call(feature, it) { input -> legacy(input) } }
            probe(19) { "other" }
            probe(19)
            var asked = 0
            probe(1) { "noise ${asked++}" }
            assertEquals(ReasonCode.PROBING, feature.reason)
            probe(1)
            assertEquals(ReasonCode.LIVE, feature.reason)
        }
    }
}
