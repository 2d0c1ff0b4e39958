package dev.ferrule.demo

/** Lays out rows in columns of fixed width, wrapping at words; a word that is too long is cut. */
internal class TextTable(private val widths: List<Int>) {
    private val lines = mutableListOf<String>()

    /** Adds a row; a null style leaves cells as they are. */
    fun row(cells: List<String>, style: (column: Int, text: String) -> String = { _, text -> text }) {
        val wrapped = cells.mapIndexed { column, text -> wrap(text, widths[column]) }
        for (line in 0 until wrapped.maxOf { it.size }) {
            val parts = wrapped.mapIndexed { column, cell ->
                val text = cell.getOrElse(line) { "" }
                style(column, text) + " ".repeat(widths[column] - text.length)
            }
            lines += parts.joinToString(GAP).trimEnd()
        }
    }

    /** A line under everything so far. */
    fun rule() {
        lines += "-".repeat(width)
    }

    /** A line of its own. */
    fun line(text: String) {
        lines += text
    }

    private val width: Int
        get() = widths.sum() + GAP.length * (widths.size - 1)

    override fun toString(): String = lines.joinToString("\n")

    companion object {
        private const val GAP = "  "

        /** [text] in lines of at most [width] characters. */
        fun wrap(text: String, width: Int): List<String> {
            val lines = mutableListOf<String>()
            var line = ""
            for (word in text.split(' ').flatMap { it.chunked(width).ifEmpty { listOf("") } }) {
                when {
                    line.isEmpty() -> line = word
                    line.length + 1 + word.length <= width -> line += " $word"
                    else -> {
                        lines += line
                        line = word
                    }
                }
            }
            return lines + line
        }
    }
}
