package dev.ferrule.demo

/**
 * Builds markup that is well-formed whatever text goes in: text and attribute values are escaped here and nowhere else.
 *
 * The result is HTML that an XML parser also reads.
 */
internal class Html {
    private val out = StringBuilder()

    /** Text. */
    fun text(text: String) {
        out.append(escape(text))
    }

    /** An element with [attributes] and what [content] puts into it. */
    fun tag(name: String, vararg attributes: Pair<String, String>, content: Html.() -> Unit = {}) {
        open(name, attributes)
        if (name in EMPTY) {
            out.append("/>")
            return
        }
        out.append('>')
        content()
        out.append("</").append(name).append('>')
    }

    /** An element that holds only text. */
    fun tag(name: String, text: String, vararg attributes: Pair<String, String>) {
        tag(name, *attributes) { text(text) }
    }

    /** A style sheet of our own, which holds nothing that needs escaping. */
    fun style(css: String) {
        require(css.none { it in "<&" }) { "a style sheet with markup in it" }
        out.append("<style>").append(css).append("</style>")
    }

    /** The page around what was built. */
    fun page(): String = "<!DOCTYPE html>\n$out\n"

    private fun open(name: String, attributes: Array<out Pair<String, String>>) {
        out.append('<').append(name)
        for ((key, value) in attributes) out.append(' ').append(key).append("=\"").append(escape(value)).append('"')
    }

    companion object {
        private val EMPTY = setOf("meta", "br", "hr")

        /** [text] with markup escaped and with characters that XML forbids replaced. */
        fun escape(text: String): String = buildString(text.length) {
            var at = 0
            while (at < text.length) {
                val point = text.codePointAt(at)
                at += Character.charCount(point)
                when {
                    point == '<'.code -> append("&lt;")
                    point == '>'.code -> append("&gt;")
                    point == '&'.code -> append("&amp;")
                    point == '"'.code -> append("&quot;")
                    point == '\''.code -> append("&#39;")
                    isLegal(point) -> appendCodePoint(point)
                    else -> append('\uFFFD')
                }
            }
        }

        private fun isLegal(point: Int): Boolean = point == 0x9 || point == 0xA || point == 0xD ||
            point in 0x20..0x7E || point in 0xA0..0xD7FF || point in 0xE000..0xFFFD || point in 0x10000..0x10FFFF
    }
}
