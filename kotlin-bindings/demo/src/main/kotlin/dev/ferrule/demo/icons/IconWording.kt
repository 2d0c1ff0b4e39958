package dev.ferrule.demo.icons

import java.util.Locale

/** Figures of icons in words, the same on the terminal and on the page. */
internal object IconWording {
    /** `1.2 ms`. */
    fun time(nanos: Long): String = String.format(Locale.ROOT, "%.1f ms", nanos / 1e6)

    /** `7.4 MiB`. */
    fun bytes(bytes: Long): String = String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0)

    /** `70.3 %`. */
    fun percent(percent: Double): String = String.format(Locale.ROOT, "%.1f %%", percent)

    /** What was seen: `25 right, 3 old`. */
    fun sights(scene: Scene): String =
        Sight.values().filter { scene.count(it) > 0 }.joinToString { "${scene.count(it)} ${it.name.lowercase()}" }

    /** How the drawer was looked through. */
    fun scrolling(result: IconResult): String = with(result.scrolling) {
        "${percent(hits)} of $looks looks found the icon in memory while the drawer was scrolled through in between; " +
            "a cache of ${IconStory.ROOM} icons that forgets what was not used for longest would have had ${percent(lru)}. " +
            "At most ${bytes(peakBytes)} in memory."
    }

    /** What became of the disk that takes no file. */
    fun trouble(result: IconResult): String = when (result.trouble) {
        null -> "Icons are kept in a file."
        else -> "Without a file icons are in memory only, and the health report says why: ${result.trouble}."
    }

    /** What the section is about. */
    const val ABOUT: String = "200 apps of the project's own drawing, icons of 192 px, memory for a quarter of them. What is seen is " +
        "judged pixel by pixel: right is the icon as the app has it now, old as it had it before; blank and wrong must not happen."
}
