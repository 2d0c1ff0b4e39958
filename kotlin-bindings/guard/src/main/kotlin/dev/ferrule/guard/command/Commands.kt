package dev.ferrule.guard.command

import dev.ferrule.guard.KillSource
import dev.ferrule.guard.ReasonCode
import dev.ferrule.guard.Safeguard
import dev.ferrule.guard.Stage
import dev.ferrule.guard.state.AuditLog
import dev.ferrule.guard.state.Rung
import dev.ferrule.guard.state.Sentences

/**
 * The commands of the dump service, words in and text out (section 4.1, R58).
 *
 * What it is: the same words and the same text as `ferrule rollout`, for the device that it runs on; it needs no library.
 * What it is not: it checks nobody's permission; whoever exports it does, for shell and root only.
 *
 * Invariant: it throws nothing; what it does not understand changes nothing and exits with 2.
 */
internal class Commands(private val safeguard: Safeguard, private val nanos: () -> Long = System::nanoTime) {
    fun run(words: List<String>): CommandResult {
        val asked = if (words.firstOrNull() == "rollout") words.drop(1) else words
        val rest = asked.drop(1)
        return when (asked.firstOrNull()) {
            null, "status" -> status(rest)
            "why" -> named(rest - JSON, 1) { why(it.first(), isJson = JSON in rest) }
            "kill" -> named(rest.ifEmpty { listOf(ALL) }, 1) { kill(it.first(), on = true) }
            "unkill" -> named(rest.ifEmpty { listOf(ALL) }, 1) { kill(it.first(), on = false) }
            "set" -> set(rest)
            "clear" -> clear(rest)
            "audit" -> audit(rest)
            "drill" -> named(rest, 1, ::drill)
            "export" -> export(rest)
            "help" -> CommandResult(HELP, CommandResult.DONE)
            "gate", "diff", "merge", "report", "compile", "lint" ->
                usage("${asked.first()} works on files: ferrule rollout ${asked.first()} on a workstation")
            else -> usage("there is no command ${asked.first()}${near(asked.first(), COMMANDS)}")
        }
    }

    private fun status(words: List<String>): CommandResult {
        if (words.any { it != JSON }) return usage("status [$JSON]")
        val isTripped = safeguard.reasons().any { it in Columns.TRIPPED }
        val lines = if (words.isEmpty()) listOf(safeguard.dump()) else safeguard.statusJson()
        return result(lines, if (isTripped) CommandResult.TRIPPED else CommandResult.DONE)
    }

    private fun export(words: List<String>): CommandResult = when (words) {
        emptyList<String>() -> CommandResult(safeguard.export(), CommandResult.DONE)
        listOf(LEDGERS) -> CommandResult(safeguard.exportLedgers(), CommandResult.DONE)
        else -> usage("export [$LEDGERS]")
    }

    private fun why(name: String, isJson: Boolean): CommandResult {
        val lines = safeguard.why(name, isJson) ?: return unknown(name)
        val isTripped = safeguard.reason(name) in Columns.TRIPPED
        return result(lines, if (isTripped) CommandResult.TRIPPED else CommandResult.DONE)
    }

    private fun kill(name: String, on: Boolean): CommandResult {
        val feature = name.takeIf { it != ALL }
        if (!safeguard.isWriter && (feature == null || safeguard.granted(name) != null)) return killedHere(name, on)
        return changed(name, if (on) "RO_KILLED" else "RO_UNKILLED") {
            safeguard.kill(KillSource.COMMAND, feature, on)
        }
    }

    /** Where another process keeps the state, what this one can do counts in it at once and nowhere else. */
    private fun killedHere(name: String, on: Boolean): CommandResult {
        safeguard.kill(KillSource.COMMAND, name.takeIf { it != ALL }, on)
        val told = if (on) "killed in this process only" else "no longer killed by this process"
        return result(listOf("$name: $told; another process keeps the state, tell it too"), CommandResult.ATTENTION)
    }

    private fun set(words: List<String>): CommandResult {
        val name = words.firstOrNull() ?: return usage("set FEATURE STAGE [PERMILLE]")
        val stages = Stage.values().map { it.name.lowercase() }
        val word = words.getOrNull(1) ?: return usage("set $name needs a stage: ${stages.joinToString()}")
        val stage = Stage.values().getOrNull(stages.indexOf(word))
            ?: return usage("there is no stage $word${near(word, stages)}")
        val share = words.drop(2).filter { it != "--permille" }
        if (share.size > 1) return usage("set $name $word: ${share.last()} is one word too many")
        val permille = share.firstOrNull()?.removeSuffix("‰")
        val rung = when {
            stage == Stage.CANARY && permille == null -> return usage("canary needs its share, 0..1000")
            stage != Stage.CANARY && permille != null -> return usage("a share is for canary only")
            else -> permille?.let(::share).let { if (permille != null && it == null) null else Rung.of(stage, it ?: 0) }
        } ?: return usage("RO_CONFIG_RANGE canary $permille is outside 0..1000; $name stays as it is")
        return changed(name, "RO_SET") { safeguard.set(name, rung.stage, rung.permille) }
    }

    /** Digits and nothing else. */
    private fun share(word: String): Int? = if (word.all { it in '0'..'9' }) word.toIntOrNull() else null

    private fun clear(words: List<String>): CommandResult {
        val names = words.filter { it != "--yes" }
        if (names.size != 1) return usage("clear FEATURE|safe-mode --yes")
        if ("--yes" !in words) return usage("clear ${names.first()} needs --yes: somebody has looked into the deaths")
        val name = names.first()
        return if (name == "safe-mode") {
            changed(ALL, "RO_CLEARED", safeguard::clearSafeMode)
        } else {
            changed(name, "RO_CLEARED") { safeguard.clear(name) }
        }
    }

    /** Tells what [change] came to, as `ferrule rollout` does. */
    private fun changed(name: String, code: String, change: () -> Boolean): CommandResult {
        if (name != ALL && safeguard.granted(name) == null) return unknown(name)
        if (!safeguard.isWriter) {
            return result(listOf("$name: another process keeps the state; nothing changed"), CommandResult.ATTENTION)
        }
        val before = safeguard.granted(name)
        val refused = safeguard.refused
        val isDone = change()
        val after = safeguard.granted(name)
        if (isDone) {
            val moved = if (before == after) "" else ": $before → $after"
            return result(listOf("$name$moved. ${Sentences.of(code)}"), CommandResult.DONE)
        }
        if (safeguard.refused != refused) {
            return result(listOf("$name. ${Sentences.of("RO_REFUSED")}"), CommandResult.ATTENTION)
        }
        if (safeguard.isUnwritten) {
            return result(listOf("$name: the state could not be written; nothing changed"), CommandResult.ATTENTION)
        }
        return result(listOf("$name: nothing to change"), CommandResult.DONE)
    }

    private fun audit(words: List<String>): CommandResult {
        if (words.any { it != "--verify" }) return usage("audit [--verify]")
        val report = safeguard.audit()
        val records = if (words.isEmpty()) report.records else emptyList()
        val lines = records.map {
            val boot = it.boot.toULong().toString(16).padStart(16, '0').take(8)
            val feature = (it.feature?.toString() ?: ALL).padEnd(4)
            "${"${it.sequence}".padStart(7)} $boot +${"${it.bootMillis}".padStart(10)} ms " +
                "${it.actor.name.lowercase().padEnd(13)} feature $feature ${it.from} → ${it.to}  ${Columns.cut(it.reason, 32)}"
        }
        val (text, exit) = when (report.end) {
            AuditLog.End.WHOLE -> "the chain holds" to CommandResult.DONE
            AuditLog.End.TORN -> told("RO_AUDIT_TORN") to CommandResult.ATTENTION
            AuditLog.End.BROKEN -> told("RO_AUDIT_BROKEN") to CommandResult.TRIPPED
        }
        val last = report.records.lastOrNull()?.sequence ?: 0
        return result(lines + "${report.records.size} records, last $last: $text", exit)
    }

    /** A code, and on a line of its own what it means. */
    private fun told(code: String) = "$code\n${Sentences.of(code)}"

    /** Kills a feature, sees that the next call would be legacy's, and takes the kill back (R36). */
    private fun drill(words: List<String>): CommandResult {
        val name = words.first()
        if (safeguard.granted(name) == null) return unknown(name)
        if (safeguard.reason(name) == ReasonCode.KILLED) {
            return result(listOf("$name is killed already; a drill would tell nothing"), CommandResult.ATTENTION)
        }
        val before = safeguard.reason(name)
        val begin = nanos()
        safeguard.kill(KillSource.COMMAND, name, on = true)
        val isKilled = safeguard.reasonsHere(name).all { it == ReasonCode.KILLED } && safeguard.reason(name) == ReasonCode.KILLED
        val took = nanos() - begin
        safeguard.kill(KillSource.COMMAND, name, on = false)
        val isBack = safeguard.reason(name) == before
        val line = "$name: killed in 1 call (${Columns.micros(took)} µs), " +
            if (isBack) "and back as it was" else "and NOT back: ${safeguard.reason(name)}"
        return if (isKilled && isBack) {
            result(listOf(line), CommandResult.DONE)
        } else {
            result(listOf(if (isKilled) line else "$name: the kill did NOT reach the next call"), CommandResult.TRIPPED)
        }
    }

    private fun named(words: List<String>, count: Int, then: (List<String>) -> CommandResult): CommandResult =
        if (words.size == count) then(words) else usage("this wants one feature by its name; help shows how")

    private fun unknown(name: String): CommandResult =
        usage("the state has no such feature: $name${near(name, safeguard.names())}")

    private fun near(word: String, known: List<String>): String {
        val best = known.minByOrNull { edits(word, it) } ?: return ""
        return if (edits(word, best) <= word.length / 3 + 1) "; did you mean $best?" else ""
    }

    /** Levenshtein's distance of texts cut to 64 characters. */
    private fun edits(from: String, to: String): Int {
        val wanted = to.take(NEAR_MAX)
        var row = IntArray(wanted.length + 1) { it }
        for ((i, a) in from.take(NEAR_MAX).withIndex()) {
            val next = IntArray(row.size)
            next[0] = i + 1
            for ((j, b) in wanted.withIndex()) {
                next[j + 1] = minOf(row[j] + (if (a == b) 0 else 1), row[j + 1] + 1, next[j] + 1)
            }
            row = next
        }
        return row.last()
    }

    private fun usage(why: String) = result(listOf("ferrule: ${Columns.cut(why, Columns.WIDTH - 9)}"), CommandResult.USAGE)

    private fun result(lines: List<String>, exit: Int) = CommandResult(lines.joinToString("") { "$it\n" }, exit)

    private companion object {
        private const val ALL = "all"
        private const val JSON = "--json"
        private const val LEDGERS = "ledgers"
        private const val NEAR_MAX = 64
        private val COMMANDS =
            listOf("status", "why", "kill", "unkill", "set", "clear", "audit", "drill", "export", "help")
        private val HELP = """
            |status [--json]                 what every feature does, and why; times and counts of this process
            |why FEATURE [--json]            every rule behind one decision, in the order in which they are asked
            |kill [FEATURE|all]              legacy answers from the next call on; without a name all features
            |unkill [FEATURE|all]            takes the kill of this command back
            |set FEATURE STAGE [PERMILLE]    any lower stage, or one up: off, load, shadow, canary 0..1000, …
            |clear FEATURE|safe-mode --yes   lifts quarantine and freeze, or safe mode
            |audit [--verify]                what moved, who moved it and why; the check of the chain
            |drill FEATURE                   kills it, looks, and takes the kill back, with the time
            |export [ledgers]                all of it as JSON Lines, for a report; or its evidence alone
            |
        """.trimMargin()
    }
}
