package dev.ferrule.demo

import dev.ferrule.guard.Verdict

/** The run as a table of at most 118 columns, with or without colour. */
internal class TextReport(private val colour: Boolean) {
    /** The whole report, without a line break at its end. */
    fun render(result: MigrationResult): String = buildString {
        appendLine(phones(result))
        appendLine()
        appendLine(StepTable.of(result.steps, listOf(20, 82, 12), ::paint))
        appendLine()
        result.phones.mapNotNull { ignored(it) }.forEach { appendLine(it) }
        appendLine(Wording.parity(result) + ".")
        append(Wording.BUILD_LINES)
    }

    private fun phones(result: MigrationResult): TextTable {
        val table = TextTable(listOf(19, 22, 22, 10, 7, 28))
        val titles = listOf("DEVICE", "LEGACY SAYS", "FERRULE SAYS", "CONFIDENCE", "GLASS", "WHY")
        table.row(titles) { _, text -> paint(BOLD, text) }
        for (phone in result.phones) {
            table.rule()
            val detail = phone.ferrule?.detail
            val cells = listOf(
                phone.phone.name,
                phone.legacy.toString(),
                phone.ferrule?.let { it.toString() + if (detail?.spoofed == true) ", spoofed" else "" } ?: "-",
                detail?.confidence ?: "-",
                detail?.glass ?: "-",
                Wording.why(phone),
            )
            val legacyStyle = when (phone.shadow.verdict?.kind) {
                Verdict.Kind.MATCH -> GREEN
                Verdict.Kind.EXPLAINED -> YELLOW
                else -> RED
            }
            table.row(cells) { column, text -> if (column == 1) paint(legacyStyle, text) else text }
            for ((code, sentence) in Wording.differences(phone)) {
                table.line("  ! ${paint(YELLOW, code)}: $sentence")
            }
        }
        return table
    }

    private fun ignored(phone: PhoneResult): String? {
        val reading = phone.control?.reading?.takeIf { it.ignoredLines > 0 } ?: return null
        val ignored = "${reading.ignoredLines} of ${reading.lines} lines"
        return "${phone.phone.name}: $ignored make no sense and were ignored " +
            "(first: ${reading.firstIgnored.firstOrNull() ?: "none"})."
    }

    private fun paint(style: String, text: String): String =
        if (colour && text.isNotEmpty()) "\u001B[${style}m$text\u001B[0m" else text

    private companion object {
        private const val BOLD = "1"
        private const val RED = "31"
        private const val GREEN = "32"
        private const val YELLOW = "33"
    }
}

/** Who answered at each step, as a table. */
internal object StepTable {
    private const val BOLD = "1"

    /** @param paint colours a text in a style, or leaves it as it is */
    fun of(steps: List<StepResult>, widths: List<Int>, paint: (style: String, text: String) -> String): TextTable {
        val table = TextTable(widths)
        table.row(listOf("STAGE", "WHO ANSWERED", "LIBRARY")) { _, text -> paint(BOLD, text) }
        table.rule()
        for (step in steps) {
            val reasons = step.decisions.groupingBy { it.reason }.eachCount().keys.joinToString()
            val library = if (step.libraryLoaded) "loaded" else "not loaded"
            table.row(listOf(step.title, "${Wording.outcome(step)} ($reasons)", library))
        }
        return table
    }
}
