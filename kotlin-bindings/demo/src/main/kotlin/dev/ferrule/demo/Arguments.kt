package dev.ferrule.demo

import dev.ferrule.demo.home.GridSize
import java.nio.file.InvalidPathException
import java.nio.file.Path

/** The command line. What it names is asked about; where it names nothing, all samples of the project are. */
internal class Arguments private constructor(
    /** Property files and folders to read. */
    val props: List<Path>,
    /** A launcher's database; null for none. */
    val db: Path?,
    /** The phone of [db]; null if nothing is known of it. */
    val packages: Path?,
    /** The grid of [db]; null if its name or its rows tell. */
    val grid: GridSize?,
    /** Where the page goes; null for the usual place. */
    val out: Path?,
    val help: Boolean,
) {
    /** Whether nothing is named, so that the samples are asked about. */
    val wantsSamples: Boolean
        get() = props.isEmpty() && db == null

    /** A command line that is not understood; the message says why. */
    class Misused(message: String) : Exception(message)

    companion object {
        const val HELP: String = """Asks legacy and Ferrule, side by side and through the guard: which OS a phone has, and what becomes of a home
screen.

Usage: cargo xtask demo [--props FILE-OR-DIR]... [--db FILE [--packages FILE] [--grid COLSxROWS/DOCK]] [--out FILE]

  --props FILE-OR-DIR  a build.prop, the output of getprop, or a folder: one phone if its files are named after
                       partitions (system.prop, mi_ext.prop, ...), else a phone for each file and folder in it.
  --db FILE            a launcher's database: Launcher3, Lawnchair or MIUI. It is copied, never written.
  --packages FILE      its phone: what "adb shell pm list packages" prints, or JSON as for "ferrule model load --input".
                       Without it every app counts as installed.
  --grid COLSxROWS/DOCK
                       its grid, such as 4x6/5. Without it: told by --packages or the file's name, else large enough.
  --out FILE           where the HTML page goes. Without it: target/ferrule-demo.html if there is a folder target,
                       else ferrule-demo.html.
  --help               this text

Without --props and --db: the sample phones and the sample home screen of the project.

Exit code: 0 done; 1 Ferrule could not answer or lost an item; 2 usage, an input that cannot be read, or a page that
cannot be written, which is named with the cause."""

        /** @throws Misused if [words] make no sense */
        fun parse(words: List<String>): Arguments {
            val props = mutableListOf<Path>()
            val single = LinkedHashMap<String, String>()
            val rest = ArrayDeque(words)
            while (rest.isNotEmpty()) {
                val word = rest.removeFirst()
                val name = word.substringBefore('=')
                if (name == "--help" || name == "-h") return Arguments(emptyList(), null, null, null, null, help = true)
                if (name !in names) throw Misused("unknown argument $word; try --help")
                val value = if ('=' in word) word.substringAfter('=') else rest.removeFirstOrNull()
                val given = value?.takeIf { it.isNotEmpty() }
                    ?: throw Misused(if (name == "--grid") "$name needs a grid such as 4x6/5" else "$name needs a path")
                if (name == "--props") props.add(path(name, given))
                else if (single.put(name, given) != null) throw Misused("$name can be given once")
            }
            val lonely = listOf("--packages", "--grid").firstOrNull { it in single && "--db" !in single }
            if (lonely != null) throw Misused("$lonely says something about a --db, and none is given")
            val paths = single.filterKeys { it != "--grid" }.mapValues { (name, value) -> path(name, value) }
            val grid = single["--grid"]?.let(::grid)
            return Arguments(props, paths["--db"], paths["--packages"], grid, paths["--out"], help = false)
        }

        private val names = setOf("--props", "--db", "--packages", "--grid", "--out")

        private fun grid(value: String): GridSize = GridSize.parse(value)
            ?: throw Misused("--grid: $value has not the form COLSxROWS/DOCK with 1 to 64, such as 4x6/5")

        private fun path(name: String, value: String): Path = try {
            Path.of(value)
        } catch (_: InvalidPathException) {
            throw Misused("$name: this is no path: $value")
        }
    }
}
