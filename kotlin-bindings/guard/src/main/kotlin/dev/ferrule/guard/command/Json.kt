package dev.ferrule.guard.command

/** One JSON object a line, keys in the order given, whole numbers only; texts are escaped as `ferrule` escapes them. */
internal object Json {
    fun line(vararg fields: Pair<String, Any?>): String = line(fields.asList())

    fun line(fields: List<Pair<String, Any?>>): String =
        fields.joinToString(",", "{", "}") { (key, value) -> "\"$key\":${of(value)}" }

    private fun of(value: Any?): String = when (value) {
        is String -> quoted(value)
        is List<*> -> value.joinToString(",", "[", "]") { of(it) }
        else -> value.toString()
    }

    private fun quoted(text: String): String {
        val out = StringBuilder(text.length + 2).append('"')
        for ((at, char) in text.withIndex()) out.append(escaped(char, isLone = char.isSurrogate() && !isPaired(text, at)))
        return out.append('"').toString()
    }

    private fun escaped(char: Char, isLone: Boolean): String {
        val short = SHORT.indexOf(char)
        return when {
            short >= 0 -> "\\" + NAMES[short]
            char < ' ' || isLone -> "\\u" + char.code.toString(16).padStart(4, '0')
            else -> char.toString()
        }
    }

    /** Whether the surrogate at [at] is half of a character; half of one alone is no UTF-8. */
    private fun isPaired(text: String, at: Int): Boolean =
        if (text[at].isHighSurrogate()) {
            text.getOrNull(at + 1)?.isLowSurrogate() == true
        } else {
            text.getOrNull(at - 1)?.isHighSurrogate() == true
        }

    private const val SHORT = "\"\\\b\u000c\n\r\t"
    private const val NAMES = "\"\\bfnrt"
}
