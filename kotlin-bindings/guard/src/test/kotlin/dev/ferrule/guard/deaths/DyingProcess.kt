package dev.ferrule.guard.deaths

import dev.ferrule.crashtest.Deaths
import dev.ferrule.guard.Answerer
import dev.ferrule.guard.Rollout
import dev.ferrule.guard.Safeguard
import dev.ferrule.guard.SafeguardSetup
import dev.ferrule.guard.Stage
import dev.ferrule.guard.crash.ExitReason
import dev.ferrule.guard.crash.ExitReasons
import dev.ferrule.guard.crash.ProcessIdentity
import dev.ferrule.guard.state.DeviceRecord
import dev.ferrule.guard.state.FeatureRecord
import dev.ferrule.guard.state.Payload
import dev.ferrule.guard.state.Rung
import dev.ferrule.guard.state.Settings
import dev.ferrule.guard.state.Slots
import dev.ferrule.guard.state.Template
import java.io.File
import java.util.concurrent.CountDownLatch
import kotlin.concurrent.thread

/**
 * The process that dies: it answers by legacy, by a candidate, and then by candidates that end the process.
 *
 * Arguments: directory, which start, the kind and the place of death, the deadly features, and what is known of earlier ends:
 * `PID:START:STATUS`, or `unknown`.
 */
object DyingProcess {
    @JvmStatic
    fun main(arguments: Array<String>) {
        val (directory, start, kind, place, names) = arguments
        val deadly = names.split(',')
        val pid = ProcessHandle.current().pid().toInt()
        val setup = SafeguardSetup(File(directory), ProcessIdentity(pid, "boot", "build", start.toLong(), 4096)) {
            1_000L * start.toLong()
        }
        setup.compiled = compiled(deadly)
        setup.exitReasons = reasons(arguments[5])
        val safeguard = Safeguard.open(setup)
        val rollout = Rollout(safeguard, null)
        for (name in listOf(OLD, STEADY) + deadly) {
            val feature = rollout.feature<Int, String>(name, {
                if (name in deadly) load()
                Answerer { if (name in deadly) end(safeguard, kind.toInt(), place) else "candidate" }
            }).register()
            println("$name ${rollout.call(feature, 1) { "legacy" }}")
            System.out.flush()
        }
    }

    /** The configuration of every process here. */
    fun compiled(deadly: List<String>): ByteArray {
        val features = (listOf(OLD, STEADY) + deadly).mapIndexed { id, name ->
            val live = Rung(Stage.LIVE, 0)
            val begin = if (name == OLD) Rung.OFF else live
            FeatureRecord(Settings(id, name, name, Template.PURE, begin, live, 0, false, false, 0u, emptyList()))
        }
        return Slots.encodeFile(Payload(DeviceRecord(generation = 1u, features = features)))!!
    }

    /** Where the library kills when it is loaded, this does not return. */
    private fun load() = System.load(System.getProperty("ferrule.crashtest"))

    private fun end(safeguard: Safeguard, kind: Int, place: String): String {
        when (place) {
            "harmless" -> return "candidate"
            "write" -> writing(safeguard)
        }
        Deaths.die(kind)
        return "survived"
    }

    /** Another thread writes the state over and over; the death finds it wherever it is. */
    private fun writing(safeguard: Safeguard) {
        val written = CountDownLatch(2)
        thread(isDaemon = true) {
            while (true) {
                for (stage in listOf(Stage.LOAD, Stage.OFF)) {
                    safeguard.set(OLD, stage)
                    written.countDown()
                }
            }
        }
        written.await()
    }

    /** What the system would say, made of what waitpid said. */
    private fun reasons(known: String): ExitReasons {
        if (known == "unknown") return ExitReasons.NONE
        val ends = known.split(',').filter { it.isNotEmpty() }.map { it.split(':') }
        return ExitReasons { pid, start ->
            val status = ends.single { it[0].toInt() == pid && it[1].toLong() == start }[2].toInt()
            when (status - SIGNALLED) {
                SIGABRT, SIGBUS, SIGSEGV -> ExitReason.SIGNALED_FAULT
                SIGKILL -> ExitReason.SIGNALED_OTHER
                else -> ExitReason.EXIT_SELF
            }
        }
    }

    const val OLD = "old"
    const val STEADY = "steady"
    const val SIGNALLED = 128
    const val SIGABRT = 6
    const val SIGBUS = 7
    const val SIGKILL = 9
    const val SIGSEGV = 11
}
