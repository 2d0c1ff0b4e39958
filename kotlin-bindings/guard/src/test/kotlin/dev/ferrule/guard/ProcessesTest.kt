package dev.ferrule.guard

import dev.ferrule.guard.crash.ProcessIdentity
import dev.ferrule.guard.state.DeviceRecord
import dev.ferrule.guard.state.FeatureRecord
import dev.ferrule.guard.state.Payload
import dev.ferrule.guard.state.Rung
import dev.ferrule.guard.state.Settings
import dev.ferrule.guard.state.Slots
import dev.ferrule.guard.state.StateFile
import dev.ferrule.guard.state.Template
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executor
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReference

/** Several processes with one state, and kills that come from outside (R25, R26, R34, R46–R48). */
class ProcessesTest {
    @TempDir
    lateinit var directory: File

    private var processes = 0
    private var clock = 1_000L

    private fun compiled(): ByteArray {
        val live = Rung(Stage.LIVE, 0)
        val features = List(3) { id ->
            FeatureRecord(Settings(id, "f$id", "f$id", Template.PURE, live, live, 0, false, false, 0u, emptyList()))
        }
        return Slots.encodeFile(Payload(DeviceRecord(generation = 1u, features = features)))!!
    }

    private fun open(pid: Int = 1000 + ++processes, set: SafeguardSetup.() -> Unit = {}): Safeguard {
        clock += 10
        val setup = SafeguardSetup(directory, ProcessIdentity(pid, "boot", "b1", pid.toLong(), 4096)) { clock }
        setup.compiled = compiled()
        setup.writer = Executor { it.run() }
        return Safeguard.open(setup.apply(set))
    }

    private fun feature(safeguard: Safeguard, name: String): Feature<Int, String> =
        Rollout(safeguard, null).feature<Int, String>(name, { Answerer { "candidate" } }).register()

    /** A process that ends in the middle of a call of [name]: its page stays, its locks go. */
    private fun die(name: String) {
        val pid = 1000 + ++processes
        lateinit var file: File
        lateinit var page: ByteArray
        open(pid).use { safeguard ->
            val rollout = Rollout(safeguard, null)
            val feature = rollout.feature<Int, String>(name, {
                Answerer {
                    file = directory.listFiles()!!.single { it.name.startsWith("$pid-") }
                    page = file.readBytes()
                    "candidate"
                }
            }).register()
            assertEquals("candidate", rollout.call(feature, 1) { "legacy" })
        }
        file.writeBytes(page)
    }

    private fun beacons() = directory.list()!!.count { it.endsWith(".beacon") }

    @Test
    fun `a process that does not write the state is protected from its own deaths`() {
        open().use { writer ->
            repeat(2) { die("f1") }
            open().use { third ->
                assertFalse(third.isWriter)
                assertEquals(ReasonCode.QUARANTINED to ReasonCode.LIVE, third.reason("f1") to third.reason("f0"))
                assertEquals(4, beacons(), "the pages stay for the one who writes")
                third.tick()
                assertEquals(ReasonCode.QUARANTINED, third.reason("f1"))
            }
            assertEquals(ReasonCode.LIVE, writer.reason("f1"))
            writer.tick()
            assertEquals(ReasonCode.QUARANTINED to 1, writer.reason("f1") to beacons())
            open().use { fourth -> assertEquals(ReasonCode.QUARANTINED, fourth.reason("f1")) }
        }
        open().use { assertEquals(ReasonCode.QUARANTINED, it.reason("f1")) }
    }

    @Test
    fun `a death is counted once, whoever looks and however often`() {
        open().use { writer ->
            die("f1")
            open().use { other ->
                repeat(3) { other.tick() }
                repeat(3) { writer.tick() }
                repeat(3) { other.tick() }
                assertEquals(ReasonCode.LIVE to ReasonCode.LIVE, writer.reason("f1") to other.reason("f1"))
            }
        }
        open().use { assertEquals(ReasonCode.LIVE, it.reason("f1")) }
    }

    @Test
    fun `a page stays until what it says is durable`() {
        open().use { writer ->
            die("f1")
            val state = File(directory, StateFile.NAME)
            val whole = state.readBytes()
            assertTrue(state.delete() && state.mkdir())
            repeat(2) { writer.tick() }
            assertEquals(2, beacons())
            assertTrue(state.delete())
            state.writeBytes(whole)
            writer.tick()
            assertEquals(1, beacons())
            die("f1")
            writer.tick()
            assertEquals(ReasonCode.QUARANTINED, writer.reason("f1"), "the second death, not the fourth, nor the first")
        }
    }

    @Test
    fun `what the writer makes of a feature reaches the others with their next tick`() {
        open().use { writer ->
            open().use { other ->
                val feature = feature(other, "f0")
                fun isAfter(reason: ReasonCode, change: () -> Boolean) {
                    assertTrue(change())
                    other.tick()
                    assertEquals(reason to reason, other.reason("f0") to feature.reason)
                }
                isAfter(ReasonCode.KILLED) { writer.kill(KillSource.COMMAND, "f0", on = true) }
                isAfter(ReasonCode.LIVE) { writer.kill(KillSource.COMMAND, "f0", on = false) }
                isAfter(ReasonCode.KILLED) { writer.kill(KillSource.COMMAND, null, on = true) }
                isAfter(ReasonCode.LIVE) { writer.kill(KillSource.COMMAND, null, on = false) }
                isAfter(ReasonCode.SHADOW) { writer.set("f0", Stage.SHADOW) }
                isAfter(ReasonCode.OFF) { writer.overlay("f0", Stage.OFF) }
                isAfter(ReasonCode.SHADOW) { writer.overlay("f0", null) }
            }
        }
    }

    @Test
    fun `what a process that does not write finds out for itself stays, whatever the writer writes`() {
        open().use { writer ->
            open().use { other ->
                other.mismatch("f0")
                assertTrue(other.kill(KillSource.COMMAND, "f1", on = true))
                assertEquals(ReasonCode.SHADOW to ReasonCode.KILLED, other.reason("f0") to other.reason("f1"))
                writer.kill(KillSource.FILE, "f2", on = true)
                other.tick()
                assertEquals(listOf("f0", "f1", "f2").map(other::reason), listOf(ReasonCode.SHADOW, ReasonCode.KILLED, ReasonCode.KILLED))
                assertEquals(ReasonCode.LIVE to ReasonCode.LIVE, writer.reason("f0") to writer.reason("f1"))
                assertTrue(other.kill(KillSource.COMMAND, "f1", on = false), "its own kill it takes back")
                assertEquals(ReasonCode.LIVE, other.reason("f1"))
                assertFalse(other.kill(KillSource.FILE, "f2", on = false), "that of the state it does not")
                assertEquals(ReasonCode.KILLED, other.reason("f2"))
            }
        }
    }

    @Test
    fun `a command that kills says that another process keeps the state`() {
        open().use {
            open().use { other ->
                val feature = feature(other, "f0")
                assertEquals("f0: killed in this process only; another process keeps the state, tell it too\n", other.command("kill", "f0").text)
                assertEquals(ReasonCode.KILLED, feature.reason)
                assertEquals(1, other.command("unkill", "f0").exit)
                assertEquals(ReasonCode.LIVE, feature.reason)
                assertEquals(1, other.command("kill").exit)
                assertEquals(ReasonCode.KILLED, other.reason("f1"))
                assertEquals(2, other.command("kill", "nobody").exit)
            }
        }
    }

    @Test
    fun `a constant of the build and a file kill, and so does a file that does not say whom`() {
        val file = File(directory, "kill")
        open { buildKills = "f0"; killFile = file }.use { safeguard ->
            fun reasons() = List(3) { safeguard.reason("f$it") == ReasonCode.KILLED }
            assertEquals(listOf(true, false, false), reasons())
            val rows = listOf("f1" to listOf(true, true, false), "f2\n" to listOf(true, false, true)) +
                listOf("", " \n", "all", "x".repeat(5_000)).map { it to listOf(true, true, true) }
            for ((word, expected) in rows) {
                file.writeText(word)
                safeguard.tick()
                assertEquals(expected, reasons(), word)
            }
            file.delete()
            safeguard.tick()
            assertEquals(listOf(true, false, false), reasons())
            assertTrue(file.mkdir(), "there, but not to be read")
            safeguard.tick()
            assertEquals(listOf(true, true, true), reasons())
            assertTrue(file.delete())
            safeguard.tick()
        }
        open { buildKills = "" }.use { assertEquals(ReasonCode.LIVE, it.reason("f0"), "another build takes its own kill back") }
    }

    @Test
    fun `a property that cannot be read changes nothing`() {
        var word: String? = "f0"
        open { killProperty = KillWord { word ?: throw SecurityException() } }.use { safeguard ->
            assertEquals(ReasonCode.KILLED, safeguard.reason("f0"))
            word = null
            safeguard.tick()
            assertEquals(ReasonCode.KILLED, safeguard.reason("f0"))
            word = ""
            safeguard.tick()
            assertEquals(ReasonCode.LIVE, safeguard.reason("f0"))
        }
    }

    @Test
    fun `from one kill word to another nothing is alive that both kill`() {
        val writes = ArrayList<Runnable>()
        open { writer = Executor { writes += it } }.use { safeguard ->
            val feature = feature(safeguard, "f0")
            val seen = ArrayList<ReasonCode>()
            // Looked at wherever a disk would be slow: between what is safer and what has to be written first.
            val state = File(directory, StateFile.NAME)
            safeguard.applyKillWord(KillSource.PROPERTY, "all")
            val whole = state.readBytes()
            assertTrue(state.delete() && state.mkdir())
            safeguard.applyKillWord(KillSource.PROPERTY, "f0")
            seen += feature.reason
            assertEquals(ReasonCode.KILLED, safeguard.reason("f1"), "what could not be written is not taken back")
            assertTrue(state.delete())
            state.writeBytes(whole)
            safeguard.applyKillWord(KillSource.PROPERTY, "f0")
            seen += feature.reason
            assertEquals(listOf(ReasonCode.KILLED, ReasonCode.KILLED), seen)
            assertEquals(ReasonCode.LIVE, safeguard.reason("f1"))
            safeguard.applyKillWord(KillSource.PROPERTY, "")
            assertEquals(ReasonCode.LIVE, feature.reason)
        }
    }

    @Test
    fun `a watch begins with the first call of a feature that is not off, and a kill reaches it without a tick`() {
        val word = AtomicReference("")
        val reads = AtomicInteger()
        val killed = CountDownLatch(1)
        open {
            killProperty = KillWord { reads.incrementAndGet(); word.get() }
            watchMillis = 1
            log = GuardLog { code, _, _ -> if (code == "RO_KILLED") killed.countDown() }
        }.use { safeguard ->
            val rollout = Rollout(safeguard, null)
            val feature = rollout.feature<Int, String>("f0", { Answerer { "candidate" } }).register()
            val off = rollout.feature<Int, String>("off", { Answerer { "candidate" } }).register()
            assertEquals("legacy", rollout.call(off, 1) { "legacy" })
            assertEquals(emptyList<Thread>(), watches())
            assertEquals(1, reads.get())
            assertEquals("candidate", rollout.call(feature, 1) { "legacy" })
            val watch = watches().single()
            word.set("f0")
            assertTrue(killed.await(15, TimeUnit.MINUTES))
            // The log hears of it before the lock is given back under which the feature is told.
            assertEquals(ReasonCode.KILLED, safeguard.reason("f0"))
            assertEquals("legacy", rollout.call(feature, 1) { "legacy" })
            safeguard.close()
            watch.join(TimeUnit.MINUTES.toMillis(15))
            assertFalse(watch.isAlive)
        }
    }

    private fun watches() = Thread.getAllStackTraces().keys.filter { it.name == "ferrule-watch" && it.isAlive }

    @Test
    fun `a call waits for no write and no log`() {
        val writes = ArrayList<Runnable>()
        open { writer = Executor { writes += it } }.use { safeguard ->
            val feature = feature(safeguard, "f0")
            safeguard.trip(feature)
            assertEquals(ReasonCode.TRIPPED, feature.reason)
            safeguard.probesClean(feature)
            clock += 3_600_000
            safeguard.tick()
            assertEquals(ReasonCode.PROBING, feature.reason)
            safeguard.probesClean(feature)
            assertEquals(ReasonCode.PROBING, feature.reason, "it is not written yet")
            writes.toList().forEach(Runnable::run)
            assertEquals(ReasonCode.LIVE, feature.reason)
        }
    }

    @Test
    fun `what is made safer while something looser is written stays so`() {
        lateinit var safeguard: Safeguard
        var isMeddling = false
        val meddler = Executor { if (!isMeddling) it.run() }
        safeguard = open { writer = meddler }
        safeguard.use {
            safeguard.kill(KillSource.COMMAND, "f0", on = true)
            isMeddling = true
            val killer = Thread { safeguard.kill(KillSource.FILE, "f1", on = true) }
            killer.start()
            assertTrue(safeguard.kill(KillSource.COMMAND, "f0", on = false))
            killer.join()
            assertEquals(ReasonCode.LIVE to ReasonCode.KILLED, safeguard.reason("f0") to safeguard.reason("f1"))
        }
        open().use { assertEquals(ReasonCode.LIVE to ReasonCode.KILLED, it.reason("f0") to it.reason("f1")) }
    }

    @Test
    fun `a breaker that opens long after the last tick is open from now on`() {
        open().use { safeguard ->
            val feature = feature(safeguard, "f0")
            clock += 40_000
            safeguard.trip(feature)
            safeguard.tick()
            assertEquals(ReasonCode.TRIPPED, feature.reason)
            clock += 29_999
            safeguard.tick()
            assertEquals(ReasonCode.TRIPPED, feature.reason, "thirty seconds at the least")
        }
    }
}
