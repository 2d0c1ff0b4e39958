package dev.ferrule.demo.rollout

import com.google.gson.JsonObject
import dev.ferrule.demo.PhoneSource
import dev.ferrule.demo.home.HomeFile
import dev.ferrule.demo.home.HomePhones
import dev.ferrule.demo.home.HomeQuestion
import dev.ferrule.guard.Decision
import dev.ferrule.guard.Party
import dev.ferrule.guard.Rollout
import dev.ferrule.guard.Stage
import java.io.File
import java.io.PrintStream
import java.nio.file.Path
import java.util.Locale
import kotlin.system.exitProcess

/** One rung of the way up. */
private class Rung(val stage: String, val permille: Int = 0) {
    val words: List<String>
        get() = listOf("--stage", stage) + if (permille > 0) listOf("--permille", "$permille") else emptyList()

    /** As a command of the guard. */
    val command: List<String>
        get() = listOf(stage) + if (permille > 0) listOf("$permille") else emptyList()

    override fun toString(): String = if (permille > 0) "$stage $permille‰" else stage
}

/**
 * The whole way of three features on one phone: from OFF to LIVE by the evidence of a virtual fleet, and what happens when
 * something is wrong.
 *
 * What it is: a program that fails if any step does not come out as it must. What it is not: a test of the guard or the gate;
 * those have their own.
 */
internal class RolloutStory(private val tools: Tools, private val page: Path, private val out: PrintStream) {
    private val time = VirtualTime()
    private val ledgers = mutableListOf<String>()

    /** Tells it. */
    fun tell() {
        out.println("Three features on one phone, from OFF to LIVE. For each step 310 virtual devices run both sides and")
        out.println("compare them, and ferrule's gate says whether the step is open.\n")
        tools.rollout("compile", "${tools.config}", "--out", tools.file("compiled.state"))
        val home = HomeFile.sample(tools.folder.toPath())
        val device = Device(
            File(tools.folder, "phone").apply { mkdirs() },
            File(tools.file("compiled.state")).readBytes(),
            time,
            PhoneSource.samples().first(),
            HomeQuestion(home, HomePhones.sample(home)),
        )
        off(device)
        climb(device)
        mismatch()
        panic()
        death()
        drill(device)
        report(device)
    }

    private fun off(device: Device) {
        for (feature in FEATURES) must(device.ask(feature).answeredBy == Party.LEGACY) { "$feature is not answered by legacy at OFF" }
        must(!device.isLibraryLoaded) { "the library is loaded although everything is off" }
        out.println("OFF            legacy answers all three; the native library is not loaded")
    }

    /** Each step: the fleet gathers at the rung, the gate weighs it, the phone is set, the feature is asked. */
    private fun climb(device: Device) {
        for (feature in FEATURES) set(device, feature, RUNGS.first())
        for ((from, to) in RUNGS.zipWithNext()) {
            tools.gather(FEATURES.map { evidence(it, from, "$it-${from.stage}-${from.permille}.jsonl") })
            time.days(DAYS)
            val told = FEATURES.map { feature ->
                val file = tools.file("$feature-${from.stage}-${from.permille}.jsonl")
                tools.rollout("gate", "--config", "${tools.config}", file)
                val sum = tools.json("merge", "--json", file)
                val decision = set(device, feature, to)
                "%-14s %s; here %s".format(feature, words(sum), words(decision))
            }
            out.println("\n$from → $to: the gate is open for all three")
            told.forEach { out.println("  $it") }
        }
        tools.gather(FEATURES.map { evidence(it, RUNGS.last(), "$it-live-0.jsonl") })
        must(device.isLibraryLoaded) { "the candidates answer without a library" }
    }

    private fun evidence(feature: String, rung: Rung, name: String): List<String> {
        ledgers += tools.file(name)
        return listOf("--feature", feature, "--days", "$DAYS", "--devices", "310", "--calls", "128", "--out", tools.file(name)) + rung.words
    }

    private fun set(device: Device, feature: String, rung: Rung): Decision {
        val done = device.safeguard.command("set", feature, *rung.command.toTypedArray())
        must(done.exit == 0) { "the guard refuses $rung for $feature: ${done.text}" }
        return device.ask(feature)
    }

    private fun mismatch() {
        val file = tools.file("planted.jsonl")
        ledgers += file
        val words = listOf("--feature", "launcher_model", "--stage", "shadow", "--build", "9f40", "--planted", "7", "--out", file)
        tools.gather(listOf(words))
        val gate = tools.json("gate", "--json", "--config", "${tools.config}", file, wanted = 1)
        val code = gate.getAsJsonArray("blocks").first().asJsonObject["code"].asString
        must(code == "RO_GATE_BURNED") { "a planted mismatch gives $code" }
        val place = tools.rollout("diff", file, wanted = 1).lines().first { "[*]" in it }.trim()
        out.println("\nPlanted mismatch   build 9f40 loses a title on one of 300 devices: $code")
        out.println("                   at $place; only a new build starts anew")
    }

    private fun panic() {
        var decision: Decision? = null
        val rollout = Rollout { decision = it }
        val feature = rollout.feature<Int, Long>("panics", { Panic() }).register()
        rollout.setStage(feature, Stage.LIVE)
        val answer = rollout.call(feature, 7) { 42L }
        must(answer == 42L && decision?.answeredBy == Party.LEGACY) { "a panic took legacy's answer" }
        out.println("Planted panic      in Rust, in a call at LIVE: legacy answers (${decision?.reason})")
    }

    private fun death() {
        val folder = File(tools.folder, "child").apply { mkdirs() }
        val live = File(tools.folder, "live.toml")
        live.writeText(tools.config.toFile().readText().replace("stage = \"off\"", "stage = \"live\""))
        tools.rollout("compile", live.path, "--out", File(folder, "compiled.state").path)
        val starts = (1..3).map { DyingProcess.run(folder, it) }
        must(starts.take(2).all { it.first != 0 && it.second == "icon_cache candidate" }) { "the children ended as $starts" }
        must(starts.last() == 0 to "icon_cache candidate, os_compat legacy") { "the third child ended as ${starts.last()}" }
        out.println("Planted SIGSEGV    two child JVMs die in os_compat; at the third start it is quarantined, and")
        out.println("                   legacy answers; icon_cache goes on")
    }

    private fun drill(device: Device) {
        val done = device.safeguard.command("drill", "os_compat")
        must(done.exit == 0) { "the drill failed: ${done.text}" }
        out.println("Kill drill         on the phone: ${done.text.trim()}")
        val state = File(tools.folder, "drilled.state")
        File(tools.folder, "compiled.state").copyTo(state, overwrite = true)
        val lines = FEATURES.map { tools.rollout("drill", state.path, it, "--json") }
        File(tools.file("drills.jsonl")).writeText(lines.joinToString(""))
    }

    private fun report(device: Device) {
        File(tools.file("guard.jsonl")).writeText(device.safeguard.export())
        val words = arrayOf(
            "report", "--config", "${tools.config}", "--guard", tools.file("guard.jsonl"), "--drills", tools.file("drills.jsonl"),
            "--out", "$page",
        )
        tools.rollout(*words, *ledgers.distinct().toTypedArray(), wanted = 1)
        out.println("\nReport with the evidence of every step: $page")
    }

    private fun words(sum: JsonObject): String {
        val count = "%,d".format(Locale.ROOT, sum["comparisons"].asLong)
        val bound = "%.1e".format(Locale.ROOT, sum["bound95"].asDouble)
        return if (count == "0") "${sum["devices"]} devices loaded it" else "$count compared, ${sum["real"]} real, below $bound"
    }

    private fun words(decision: Decision): String {
        val party = if (decision.answeredBy == Party.CANDIDATE) "Ferrule" else "legacy"
        val verdict = decision.verdict?.let { ", ${it.kind.name.lowercase()}" }.orEmpty()
        return "$party answers (${decision.reason}$verdict)"
    }

    private fun must(holds: Boolean, otherwise: () -> String) {
        if (!holds) throw BrokenStory(otherwise())
    }

    private companion object {
        private val FEATURES = listOf("os_compat", "launcher_model", "icon_cache")
        private val RUNGS = listOf(Rung("load"), Rung("shadow")) +
            listOf(1, 10, 50, 200, 1000).map { Rung("canary", it) } + Rung("live")
        private const val DAYS = 8
    }
}

/** Tells the story. Arguments: `ferrule`, `ferrule-fleet`, the configuration, a folder, the page. */
internal object RolloutMain {
    /** Starts it. */
    @JvmStatic
    fun main(arguments: Array<String>) {
        val (ferrule, fleet, config, folder, page) = arguments
        val place = File(folder)
        place.deleteRecursively()
        place.mkdirs()
        val out = PrintStream(java.io.FileOutputStream(java.io.FileDescriptor.out), true, Charsets.UTF_8)
        try {
            RolloutStory(Tools(Path.of(ferrule), Path.of(fleet), Path.of(config), place), Path.of(page), out).tell()
        } catch (broken: BrokenStory) {
            System.err.println("ferrule demo: ${broken.message}")
            exitProcess(1)
        }
        exitProcess(0)
    }
}
