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
}
