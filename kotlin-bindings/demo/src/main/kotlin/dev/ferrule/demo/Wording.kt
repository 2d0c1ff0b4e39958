package dev.ferrule.demo

import dev.ferrule.guard.Party
import dev.ferrule.guard.Verdict
import dev.ferrule.legacy.LegacyFlaw

/** What both reports say in the same words. */
internal object Wording {
    /** Why "3.1" and "3.3" appear in names (contracts 2). */
    const val BUILD_LINES: String =
        "\"3.1\" and \"3.3\" are names of build lines. Such phones declare OS3.0, and Ferrule never makes " +
            "a version of the name."

    private val asides =
        listOf("OS_IGNORED_", "OS_SDK_", "OS_LETTER_", "OS_FRAMEWORK_", "OS_LAUNCHER_", "GLASS_", "FX_")
    private val flaws = LegacyFlaw.values().associateBy { it.code }

    /** The reason that settled the OS and, where it is OS4 without full glass, the first that capped the glass. */
    fun why(result: PhoneResult): String {
        if (result.ferrule == null) return "no answer: ${result.live.reason}"
        val settled = result.reasons.lastOrNull { reason -> asides.none { reason.code.startsWith(it) } }
        val capped = result.reasons.firstOrNull { it.code.startsWith("GLASS_") }
            .takeIf { result.ferrule.atLeastOs4 && !result.ferrule.glass }
        return listOfNotNull(settled, capped).joinToString(" ") { say(it) }
    }

    /** The sentence of a reason, or its code where none is known. */
    fun say(reason: Reason): String = reason.sentence.ifEmpty { reason.code }

    /** What the comparison found on a phone, as lines to be read after the two answers. */
    fun differences(result: PhoneResult): List<Pair<String, String>> {
        val verdict = result.shadow.verdict ?: return emptyList()
        return when (verdict.kind) {
            Verdict.Kind.MATCH -> emptyList()
            Verdict.Kind.MISMATCH -> listOf("UNEXPLAINED" to "no known flaw of legacy makes this difference")
            Verdict.Kind.EXPLAINED -> verdict.codes.map { it to "legacy ${flaws[it]?.sentence ?: "differs"}" }
        }
    }

    /** Who answered a step, and what a comparison found. */
    fun outcome(step: StepResult): String {
        val answered = listOf(Party.LEGACY, Party.CANDIDATE)
            .map { it to step.answeredBy(it) }
            .filter { it.second > 0 }
            .joinToString { (party, count) -> "${if (party == Party.LEGACY) "legacy" else "Ferrule"} answered $count" }
        val compared = step.decisions.count { it.verdict != null }
        if (compared == 0) return answered
        return answered + "; of $compared compared, ${step.found(Verdict.Kind.MATCH)} match, " +
            "${step.found(Verdict.Kind.EXPLAINED)} explained, ${step.found(Verdict.Kind.MISMATCH)} unexplained"
    }

    /** Whether the two ways to ask Rust said the same. */
    fun parity(result: MigrationResult): String {
        val compared = result.phones.mapNotNull { it.pathsAgree }
        if (compared.isEmpty()) return "UniFFI was not asked"
        val agree = compared.count { it }
        return "UniFFI, asked with the same files, gives the same answer for $agree of ${compared.size}"
    }
}

/** `1 item`, `2 items`. */
internal fun counted(count: Int, word: String): String = if (count == 1) "1 $word" else "$count ${word}s"
