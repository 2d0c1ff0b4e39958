package dev.ferrule.legacy

/**
 * What the check can know about a phone.
 *
 * @property properties system properties, name to value
 * @property sharedLibraries names of the shared libraries that the package manager lists
 * @property ramGib memory in GiB as sold, or null if unknown
 */
public class LegacyPhone @JvmOverloads constructor(
    public val properties: Map<String, String>,
    public val sharedLibraries: Set<String> = emptySet(),
    public val ramGib: Int? = null,
) {
    /** The value of a property, "" if it is not set: what `SystemProperties.get` does. */
    internal operator fun get(name: String): String = properties[name].orEmpty().trim()

    internal fun int(name: String): Int? = get(name).toIntOrNull()

    public companion object {
        private val getpropLine = Regex("""\[([^\]]+)]: \[(.*)]""")

        /**
         * Reads build.prop files, or the output of `getprop`, as scripts in the field do: a line at a time, comments
         * skipped, cut at the first `=`, a later line replacing an earlier one.
         */
        @JvmStatic
        public fun readProperties(texts: Iterable<String>): Map<String, String> {
            val properties = LinkedHashMap<String, String>()
            for (line in texts.asSequence().flatMap { it.lineSequence() }.map { it.trim() }) {
                val listed = getpropLine.matchEntire(line)
                if (listed != null) {
                    properties[listed.groupValues[1]] = listed.groupValues[2].trim()
                    continue
                }
                val cut = line.indexOf('=')
                if (cut > 0 && !line.startsWith("#")) {
                    properties[line.substring(0, cut).trim()] = line.substring(cut + 1).trim()
                }
            }
            return properties
        }
    }
}
