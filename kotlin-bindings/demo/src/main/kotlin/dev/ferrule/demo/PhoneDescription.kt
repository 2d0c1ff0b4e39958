package dev.ferrule.demo

/** What a `phone.properties` says: name, a sentence, and the facts that properties do not tell. */
internal class PhoneDescription private constructor(val name: String?, val about: String, val facts: PhoneFacts) {
    companion object {
        private val probe = Regex("""probe\.rustruntime\.v([345])""")
        private val comment = Regex("""\s*(#.*)?""")

        /**
         * Reads `key=value` lines; keys as for `ferrule os check` (`device.ram_gib`, `probe.rustruntime.v5`, …).
         *
         * @throws UnreadableInput naming the line that is wrong
         */
        fun parse(path: String, text: String): PhoneDescription {
            val values = LinkedHashMap<String, String>()
            text.lines().forEachIndexed { index, line ->
                if (comment.matches(line)) return@forEachIndexed
                val cut = line.indexOf('=')
                if (cut <= 0) throw UnreadableInput("$path:${index + 1}", "no key=value")
                values[line.substring(0, cut).trim()] = line.substring(cut + 1).trim()
            }
            return Reader(path, values).description()
        }
    }

    private class Reader(private val path: String, private val values: MutableMap<String, String>) {
        fun description(): PhoneDescription {
            val name = values.remove("name")
            val about = values.remove("about").orEmpty()
            val facts = PhoneFacts(
                runtimes = runtimes(),
                ramGib = number("device.ram_gib", 1..1024),
                cpuLevel = number("device.cpulevel", 0..6),
                gpuLevel = number("device.gpulevel", 0..6),
                abi = values.remove("device.abi"),
                densityDpi = number("device.density_dpi", 1..10_000),
            )
            values.keys.firstOrNull()?.let { throw UnreadableInput(path, "unknown key $it") }
            return PhoneDescription(name, about, facts)
        }

        private fun runtimes(): Map<Int, Presence> = values.keys.toList().mapNotNull { key ->
            val version = probe.matchEntire(key)?.groupValues?.get(1)?.toInt() ?: return@mapNotNull null
            val text = values.remove(key).orEmpty()
            val presence = Presence.values().firstOrNull { it.name.equals(text, ignoreCase = true) }
            version to (presence ?: throw UnreadableInput(path, "$key=$text is not present, absent or unknown"))
        }.toMap()

        private fun number(key: String, range: IntRange): Int? {
            val text = values.remove(key) ?: return null
            return text.toIntOrNull()?.takeIf { it in range }
                ?: throw UnreadableInput(path, "$key=$text is not a number from ${range.first} to ${range.last}")
        }
    }
}
