package dev.ferrule.demo.rollout

import dev.ferrule.guard.Answerer
import dev.ferrule.guard.Rollout
import dev.ferrule.guard.Safeguard
import dev.ferrule.guard.SafeguardSetup
import dev.ferrule.guard.crash.ProcessIdentity
import java.io.File

/**
 * A process whose candidate dies of a SIGSEGV in the middle of a call. Arguments: the folder of its state, and which start
 * it is. What it answers first comes from the same build; the last line is the deadly feature's answer, if it lives.
 */
internal object DyingProcess {
    /** Starts it. */
    @JvmStatic
    fun main(arguments: Array<String>) {
        val (folder, start) = arguments
        val pid = ProcessHandle.current().pid()
        val process = ProcessIdentity(pid.toInt(), "boot of the child", "9f3c", start.toLong(), 4096)
        val setup = SafeguardSetup(File(folder), process) { 1_000L * start.toLong() }
        setup.compiled = File(folder, "compiled.state").readBytes()
        val rollout = Rollout(Safeguard.open(setup), null)
        val steady = rollout.feature<Int, String>("icon_cache", { Answerer { "candidate" } }).register()
        println("icon_cache ${rollout.call(steady, 1) { "legacy" }}")
        System.out.flush()
        val deadly = rollout.feature<Int, String>("os_compat", { Answerer { die(pid) } }).register()
        println("os_compat ${rollout.call(deadly, 1) { "legacy" }}")
    }

    private fun die(pid: Long): String {
        ProcessBuilder("kill", "-SEGV", "$pid").start().waitFor()
        while (true) Thread.sleep(60_000)
    }

    /** Starts it in a JVM of its own; its exit code and what it answered. */
    fun run(folder: File, start: Int): Pair<Int, String> {
        val java = File(System.getProperty("java.home"), "bin/java").path
        val process = ProcessBuilder(
            java, "-XX:+DisableAttachMechanism", "-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=$folder/hs_err_%p.log",
            "-cp", System.getProperty("java.class.path"), DyingProcess::class.java.name, "$folder", "$start",
        ).redirectErrorStream(true).start()
        process.outputStream.close()
        val said = process.inputStream.bufferedReader().readText()
        val answers = said.lines().filter { it.startsWith("icon_cache ") || it.startsWith("os_compat ") }
        return process.waitFor() to answers.joinToString()
    }
}
