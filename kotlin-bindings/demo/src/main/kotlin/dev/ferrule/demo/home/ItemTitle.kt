package dev.ferrule.demo.home

/** What a person calls an item. */
internal object ItemTitle {
    private val resource = Regex("""[\w.]+:string/(?:\w*_)?([a-zA-Z0-9]+)""")
    private val component = Regex("""(?:component|package)=([\w.]+)""")

    /** The label, else what it starts. A preset folder's label is the name of a resource, whose last word is taken. */
    fun of(row: TableRow): String {
        val label = row.text("title")?.takeIf { it.isNotBlank() } ?: row.text("label")?.takeIf { it.isNotBlank() }
        if (label != null) {
            val word = resource.matchEntire(label)?.groupValues?.get(1)
            return word?.replaceFirstChar { it.uppercase() } ?: label.trim()
        }
        val target = row.text("appWidgetProvider") ?: row.text("intent")?.let { component.find(it)?.groupValues?.get(1) }
        return target?.takeIf { it.isNotBlank() } ?: "(no title)"
    }
}
