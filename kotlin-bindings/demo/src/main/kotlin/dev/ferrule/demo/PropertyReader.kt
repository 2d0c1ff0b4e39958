package dev.ferrule.demo

/**
 * Turns property files into what a phone with these files would answer to `getprop`.
 *
 * It plays the part of Android's init, so that legacy and the facade get the same live properties as on a device. No
 * bytes are an error. Rust reads the same files again on its own ([Parity]), which checks both readers.
 */
internal object PropertyReader {
    /** Partitions in the order in which they are loaded; a later one overrides an earlier one (os4-compat 1.1). */
    val partitions: List<String> = listOf("system", "system_ext", "vendor", "odm", "product", "mi_ext")
    private val folderNames = partitions + listOf("system_dlkm", "vendor_dlkm", "odm_dlkm")
    private val legalKey = Regex("[A-Za-z0-9._@:-]{1,256}")
    private const val BYTE_ORDER_MARK = "\uFEFF"

    /** All properties of [files], merged. */
    fun read(files: List<PropertyFile>): Map<String, String> {
        val merged = LinkedHashMap<String, String>()
        for (file in files.sortedBy { rank(it.name) }) merged += parse(file.bytes)
        return merged
    }

    /** Place in the load order of the partition that a path speaks of; -1 where it names none. */
    fun rank(path: String): Int {
        val parts = path.split('/', '\\')
        val folder = parts.dropLast(1).lastOrNull { it in folderNames }
        val longestFirst = folderNames.sortedByDescending { it.length }
        val partition = folder ?: longestFirst.firstOrNull { isNamedAfter(parts.last(), it) }
        return partitions.indexOf(partition?.removeSuffix("_dlkm"))
    }

    private fun isNamedAfter(file: String, partition: String): Boolean =
        file.startsWith(partition) && (file.length == partition.length || file[partition.length] in "._-")

    private fun parse(bytes: ByteArray): Map<String, String> {
        val text = bytes.toString(Charsets.UTF_8).removePrefix(BYTE_ORDER_MARK)
        val lines = text.split('\n').map { it.trim(::isBlank) }
        val first = lines.firstOrNull { it.isNotEmpty() && !it.startsWith("#") }
        return if (first != null && getpropKey(first) != null) parseGetprop(lines) else parseBuildProp(lines)
    }

    private fun parseBuildProp(lines: List<String>): Map<String, String> {
        val plain = LinkedHashMap<String, String>()
        val optional = LinkedHashMap<String, String>()
        for (line in lines) {
            val cut = line.indexOf('=')
            if (cut < 0 || line.startsWith("#")) continue
            val left = line.substring(0, cut)
            val key = left.removeSuffix("?").trim(::isBlank)
            if (!legalKey.matches(key)) continue
            // `key?=value` counts only where the file assigns the key nowhere plainly.
            (if (left.endsWith("?")) optional else plain)[key] = line.substring(cut + 1).trim(::isBlank)
        }
        return optional + plain
    }

    /** A value can run over several lines; it ends with the `]` before the next entry. */
    private fun parseGetprop(lines: List<String>): Map<String, String> {
        val properties = LinkedHashMap<String, String>()
        var at = 0
        while (at < lines.size) {
            val key = getpropKey(lines[at])
            if (key == null) {
                at++
                continue
            }
            val value = mutableListOf(lines[at].substring(key.length + "[]: [".length))
            at++
            while (!value.last().endsWith("]") && at < lines.size && getpropKey(lines[at]) == null) value += lines[at++]
            if (value.last().endsWith("]") && legalKey.matches(key)) {
                properties[key] = value.joinToString("\n").removeSuffix("]").trim(::isBlank)
            }
        }
        return properties
    }

    private fun getpropKey(line: String): String? {
        val close = line.indexOf("]: [")
        return if (line.startsWith("[") && close > 0) line.substring(1, close) else null
    }

    private fun isBlank(c: Char): Boolean = c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\u0000'
}
