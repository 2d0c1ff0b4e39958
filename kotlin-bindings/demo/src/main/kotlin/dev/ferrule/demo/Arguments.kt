package dev.ferrule.demo

import java.nio.file.InvalidPathException
import java.nio.file.Path

/** The command line. */
internal class Arguments private constructor(
    /** Files and folders to read; empty for the sample phones. */
    val props: List<Path>,
    /** Where the page goes; null for the usual place. */
    val out: Path?,
    val help: Boolean,
) {
    /** A command line that is not understood; the message says why. */
    class Misused(message: String) : Exception(message)

    companion object {
        const val HELP: String = """Asks a legacy OS check and Ferrule about phones, side by side, through the guard.

Usage: cargo xtask demo [--props FILE-OR-DIR]... [--out FILE]

  --props FILE-OR-DIR  a build.prop, the output of getprop, or a folder: one phone if its files are named after
                       partitions (system.prop, mi_ext.prop, ...), else a phone for each file and folder in it.
                       Without it: the sample phones of the project.
  --out FILE           where the HTML page goes. Without it: target/ferrule-demo.html if there is a folder target,
                       else ferrule-demo.html.
  --help               this text

Exit code: 0 done; 1 Ferrule could not answer; 2 usage, an input that cannot be read, or a page that cannot be
written, which is named with the cause."""

        /** @throws Misused if [words] make no sense */
        fun parse(words: List<String>): Arguments {
            val props = mutableListOf<Path>()
            var out: Path? = null
            val rest = ArrayDeque(words)
            while (rest.isNotEmpty()) {
                val word = rest.removeFirst()
                val name = word.substringBefore('=')
                if (name == "--help" || name == "-h") return Arguments(emptyList(), null, help = true)
                if (name != "--props" && name != "--out") throw Misused("unknown argument $word; try --help")
                val value = if ('=' in word) word.substringAfter('=') else rest.removeFirstOrNull()
                val path = path(name, value ?: throw Misused("$name needs a path"))
                if (name == "--props") props.add(path) else out = path
            }
            return Arguments(props, out, help = false)
        }

        private fun path(name: String, value: String): Path = try {
            if (value.isEmpty()) throw Misused("$name needs a path")
            Path.of(value)
        } catch (_: InvalidPathException) {
            throw Misused("$name: this is no path: $value")
        }
    }
}
