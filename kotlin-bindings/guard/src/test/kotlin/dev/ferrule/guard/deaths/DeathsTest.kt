package dev.ferrule.guard.deaths

import dev.ferrule.guard.ReasonCode
import dev.ferrule.guard.Safeguard
import dev.ferrule.guard.SafeguardSetup
import dev.ferrule.guard.crash.ProcessIdentity
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.util.concurrent.Callable
import java.util.concurrent.Executor
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit

/**
 * Real deaths of real processes: at most two of a feature and three in all, and no answer of legacy's is lost (R25, R26).
 *
 * What died how, and where, is written to `target/process-deaths.md`. How many is the system property `ferrule.deaths`; which
 * ones is fixed. One half knows the wait status as a reason, the other half knows nothing, as below API 30.
 */
class DeathsTest {
    @TempDir
    lateinit var directory: File

    private enum class Kind(val number: Int, val status: Int) {
        SIGSEGV(DyingProcess.SIGSEGV, 139),
        SIGABRT(DyingProcess.SIGABRT, 134),
        SIGBUS(DyingProcess.SIGBUS, 135),
        SIGKILL(DyingProcess.SIGKILL, 137),
        STACK_OVERFLOW(0, 139),
        EXIT(-1, 7),
    }

    private enum class Place(val words: String) {
        CALL("in a call"),
        CONSTRUCTOR("in the library's constructor"),
        ONLOAD("in JNI_OnLoad"),
        WRITE("while the state is written"),
    }

    private class History(val kind: Kind, val place: Place, val isKnown: Boolean, val deadly: List<String>) {
        /** Where the system says that somebody killed the process, nobody's candidate is to blame: it goes on (R25). */
        val isSomebodysWish = isKnown && kind == Kind.SIGKILL
        val deaths = if (isSomebodysWish || deadly.size > 1) 3 else 2

        override fun toString() = "$kind ${place.words}, ${if (isKnown) "known" else "unknown"}, ${deadly.joinToString()}"
    }

    private class Start(val pid: Long, val status: Int, val answers: List<String>)

    private fun histories(): Sequence<History> = sequence {
        while (true) {
            for (kind in Kind.values()) {
                for (isKnown in listOf(true, false)) {
                    for (place in Place.values()) yield(History(kind, place, isKnown, listOf("deadly")))
                    val three = History(kind, Place.CALL, isKnown, listOf("first", "second", "third"))
                    if (!three.isSomebodysWish) yield(three)
                }
            }
        }
    }

    @Test
    fun `two deaths of a feature and three in all are the most, and legacy answers every time`() {
        val library = System.getProperty("ferrule.crashtest").orEmpty()
        assertTrue(File(library).isFile, "cargo build --release -p ferrule-crashtest, then -Dferrule.crashtest=ITS.so: '$library'")
        val wanted = Integer.getInteger("ferrule.deaths")
        var planned = 0
        val histories = histories().takeWhile { history -> planned.also { planned += history.deaths } < wanted }.toList()
        val pool = Executors.newFixedThreadPool(PROCESSES_AT_ONCE)
        val lives = try {
            pool.invokeAll(histories.mapIndexed { index, history -> Callable { live(history, File(directory, "$index")) } })
                .map { it.get() }
        } finally {
            pool.shutdownNow()
        }
        writeTable(histories, lives)
        for ((history, starts) in histories.zip(lives)) check(history, starts)
        assertTrue(lives.sumOf { starts -> starts.count { it.status != 0 } } >= wanted)
    }

    /** This process has the state and looks at nothing while the others die: each of them is protected by what it reads itself. */
    @Test
    fun `two deaths are the most where another process writes the state too`() {
        val history = History(Kind.SIGSEGV, Place.CALL, isKnown = false, listOf("deadly"))
        val folder = File(directory, "others").apply { mkdirs() }
        val pid = ProcessHandle.current().pid().toInt()
        val setup = SafeguardSetup(folder, ProcessIdentity(pid, "boot", "build", 1L, 4096)) { 1_000L }
        setup.compiled = DyingProcess.compiled(history.deadly)
        setup.writer = Executor { it.run() }
        Safeguard.open(setup).use { writer ->
            assertTrue(writer.isWriter)
            check(history, live(history, folder))
            assertEquals(ReasonCode.LIVE, writer.reason("deadly"))
            writer.tick()
            assertEquals(ReasonCode.QUARANTINED, writer.reason("deadly"))
            assertEquals(1, folder.list()!!.count { it.endsWith(".beacon") && it.startsWith("$pid-") })
        }
    }

    /** Starts processes until one lives. */
    private fun live(history: History, folder: File): List<Start> {
        folder.mkdirs()
        val starts = ArrayList<Start>()
        while (starts.size <= DEATHS_MAX && starts.lastOrNull()?.status != 0) {
            // A candidate that is not to blame would die for ever; the last start shows that it still runs.
            val isHarmless = history.isSomebodysWish && starts.size == history.deaths
            starts += start(history, folder, starts, isHarmless)
        }
        return starts
    }

    private fun start(history: History, folder: File, before: List<Start>, isHarmless: Boolean): Start {
        val known = before.withIndex().joinToString(",") { (index, start) -> "${start.pid}:${index + 1}:${start.status}" }
        val output = File(folder, "output")
        val java = File(System.getProperty("java.home"), "bin/java").path
        val builder = ProcessBuilder(
            listOf(java) + SMALL_JVM + listOf(
                "-Dferrule.crashtest=${System.getProperty("ferrule.crashtest")}",
                "-cp", System.getProperty("java.class.path"), DyingProcess::class.java.name,
                folder.path, "${before.size + 1}", "${history.kind.number}", if (isHarmless) "harmless" else history.place.name.lowercase(),
                history.deadly.joinToString(","), if (history.isKnown) known else "unknown",
            ),
        ).redirectErrorStream(true).redirectOutput(output)
        if (!isHarmless && history.place in setOf(Place.CONSTRUCTOR, Place.ONLOAD)) {
            builder.environment()["FERRULE_CRASHTEST_LOAD"] = "${history.place.name.lowercase()}:${history.kind.number}"
        }
        val process = builder.start()
        // Only for one that hangs: on a busy machine nothing is quick.
        if (!process.waitFor(15, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor()
            throw AssertionError("$history: start ${before.size + 1} did not end:\n${output.readText()}")
        }
        return Start(process.pid(), process.exitValue(), output.readLines().filter { it.matches(Regex("\\w+ (legacy|candidate|survived)")) })
    }

    private fun check(history: History, starts: List<Start>) {
        val deaths = starts.dropLast(1)
        assertEquals(List(history.deaths) { history.kind.status } + 0, starts.map { it.status }, "$history")
        val safe = listOf("${DyingProcess.OLD} legacy", "${DyingProcess.STEADY} candidate")
        val isSafeMode = history.deadly.size > 1
        for ((index, death) in deaths.withIndex()) {
            val expected = if (isSafeMode && index == 2) safe + "first legacy" else safe
            assertEquals(expected, death.answers, "$history, start ${index + 1}")
        }
        val last = if (history.isSomebodysWish) "candidate" else "legacy"
        val steady = if (isSafeMode) "legacy" else "candidate"
        val expected = listOf("${DyingProcess.OLD} legacy", "${DyingProcess.STEADY} $steady") + history.deadly.map { "$it $last" }
        assertEquals(expected, starts.last().answers, "$history, the survivor")
    }

    private fun writeTable(histories: List<History>, lives: List<List<Start>>) {
        val lines = ArrayList<String>()
        val deaths = lives.sumOf { starts -> starts.count { it.status != 0 } }
        val answers = lives.sumOf { starts -> starts.sumOf { start -> start.answers.count { it.endsWith(" legacy") } } }
        lines += "# Processes that died\n"
        lines += "$deaths deaths in ${histories.size} histories of ${lives.sumOf { it.size }} processes; legacy gave $answers answers.\n"
        lines += "| how | where | exit reason | features | deaths a history | wait statuses | then |"
        lines += "|---|---|---|---|---|---|---|"
        for ((row, group) in histories.zip(lives).groupBy { (history, _) -> "$history" }) {
            val (history, _) = group.first()
            val counts = group.map { (_, starts) -> starts.count { it.status != 0 } }.distinct().joinToString()
            val statuses = group.flatMap { (_, starts) -> starts.map { it.status } }.filter { it != 0 }
                .groupingBy { it }.eachCount().entries.joinToString { "${words(it.key)} × ${it.value}" }
            val then = when {
                history.isSomebodysWish -> "not blamed: goes on"
                history.deadly.size > 1 -> "safe mode"
                else -> "quarantined"
            }
            check(row.isNotEmpty())
            lines += "| ${history.kind} | ${history.place.words} | ${if (history.isKnown) "from the wait status" else "none"} | " +
                "${history.deadly.size} | $counts | $statuses | $then |"
        }
        File("target").mkdirs()
        File("target/process-deaths.md").writeText(lines.joinToString("\n") + "\n")
        println("$deaths processes died in ${histories.size} histories: target/process-deaths.md")
    }

    private fun words(status: Int) = if (status > DyingProcess.SIGNALLED) "signal ${status - DyingProcess.SIGNALLED}" else "exit $status"

    private companion object {
        private const val PROCESSES_AT_ONCE = 2
        private const val DEATHS_MAX = 4
        private val SMALL_JVM = listOf(
            "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xmx32m",
            "-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=/dev/null",
        )
    }
}
