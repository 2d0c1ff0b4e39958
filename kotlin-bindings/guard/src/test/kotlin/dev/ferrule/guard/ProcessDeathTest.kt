package dev.ferrule.guard

import dev.ferrule.guard.crash.ProcessIdentity
import dev.ferrule.guard.state.DeviceRecord
import dev.ferrule.guard.state.FeatureRecord
import dev.ferrule.guard.state.Payload
import dev.ferrule.guard.state.Rung
import dev.ferrule.guard.state.Settings
import dev.ferrule.guard.state.Slots
import dev.ferrule.guard.state.Template
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.util.concurrent.TimeUnit

/**
 * Real deaths of real processes, without any exit reason, as below API 30: two, and only of the feature that dies; from the
 * third start on legacy answers (R25, R26, contracts 6).
 */
class ProcessDeathTest {
    @TempDir
    lateinit var directory: File

    private fun start(start: Int, death: String): Pair<Int, String> {
        val java = File(System.getProperty("java.home"), "bin/java").path
        val process = ProcessBuilder(
            java, "-Xshare:auto", "-XX:+DisableAttachMechanism", "-XX:-CreateCoredumpOnCrash", "-cp", System.getProperty("java.class.path"),
            "-XX:ErrorFile=${directory.path}/hs_err_%p.log", DyingProcess::class.java.name, directory.path, "$start", death,
        ).redirectErrorStream(true).start()
        process.outputStream.close()
        val output = process.inputStream.bufferedReader().readText()
        process.waitFor(1, TimeUnit.MINUTES)
        return process.exitValue() to output.lines().filter { it.startsWith("answer ") }.joinToString()
    }

    @Test
    fun `each way to die costs two processes and no more`() {
        val survivors = "answer steady candidate, answer deadly legacy"
        for (death in listOf("SEGV", "ABRT", "KILL", "BUS", "halt")) {
            directory.listFiles()!!.forEach { it.deleteRecursively() }
            val starts = (1..4).map { start(it, death) }
            assertEquals(List(2) { "answer steady candidate" }, starts.take(2).map { it.second }, "$death: $starts")
            assertEquals(true, starts.take(2).all { it.first != 0 }, "$death: $starts")
            assertEquals(List(2) { 0 to survivors }, starts.drop(2), "$death")
        }
    }
}

/** The process that dies: it answers one feature, then dies inside the other. Arguments: directory, which start, how. */
object DyingProcess {
    @JvmStatic
    fun main(arguments: Array<String>) {
        val (directory, start, death) = arguments
        val live = Rung(Stage.LIVE, 0)
        val features = listOf("steady", "deadly").mapIndexed { id, name ->
            FeatureRecord(Settings(id, name, name, Template.PURE, live, live, 0, false, false, 0u, emptyList()))
        }
        val pid = ProcessHandle.current().pid()
        val setup = SafeguardSetup(File(directory), ProcessIdentity(pid.toInt(), "boot", "build", start.toLong(), 4096)) {
            1_000L * start.toLong()
        }
        setup.compiled = Slots.encodeFile(Payload(DeviceRecord(generation = 1u, features = features)))
        val rollout = Rollout(Safeguard.open(setup), null)
        val steady = rollout.feature<Int, String>("steady", { Answerer { "candidate" } }).register()
        println("answer steady ${rollout.call(steady, 1) { "legacy" }}")
        System.out.flush()
        val deadly = rollout.feature<Int, String>("deadly", { Answerer { die(pid, death) } }).register()
        println("answer deadly ${rollout.call(deadly, 1) { "legacy" }}")
    }

    private fun die(pid: Long, death: String): String {
        if (death == "halt") Runtime.getRuntime().halt(7)
        ProcessBuilder("kill", "-$death", "$pid").start().waitFor()
        while (true) Thread.sleep(60_000)
    }
}
