package dev.ferrule.guard

import dev.ferrule.guard.state.readAtMost
import java.io.File
import java.util.concurrent.ConcurrentHashMap

/**
 * Reads what the build, a property and a file kill, and passes on what has changed since (R34).
 *
 * Invariant: a source that cannot be asked changes nothing; one that is there and does not say whom it means kills everything.
 *
 * @param change makes the kills of a source those of some names; true if that counts as a whole, else it is tried again
 */
internal class Kills(private val setup: SafeguardSetup, private val change: (KillSource, Set<String>) -> Boolean) {
    private val words = ConcurrentHashMap<KillSource, String>()

    /** Looks at every source. */
    fun look() {
        lookAt(KillSource.BUILD) { setup.buildKills }
        lookAt(KillSource.PROPERTY) { setup.killProperty?.read() }
        lookAt(KillSource.FILE) { setup.killFile?.let(KillFile::read) }
    }

    private fun lookAt(source: KillSource, read: () -> String?) {
        val word = attempt(read) ?: return
        if (words[source] != word) apply(source, word)
    }

    /** Makes the kills of [source] what [word] says. */
    fun apply(source: KillSource, word: String) {
        val names = word.split(',', ' ', '\t', '\n', '\r').filter { it.isNotEmpty() }.toSet()
        if (change(source, names)) words[source] = word else words.remove(source)
    }

    /** Whatever was passed on has to be once more. */
    fun forget() {
        words.clear()
    }
}

/** Reads a file that kills. */
internal object KillFile {
    private const val BYTES_MAX = 4096
    private const val ALL = "all"

    /** What [file] says: nothing where there is none; everything where it is there and does not say whom it means. */
    fun read(file: File): String {
        if (!file.exists()) return ""
        val bytes = try {
            file.readAtMost(BYTES_MAX + 1)
        } catch (_: Exception) {
            return if (file.exists()) ALL else ""
        }
        return if (bytes.size > BYTES_MAX) ALL else String(bytes, Charsets.UTF_8).ifBlank { ALL }
    }
}
