package dev.ferrule.demo.icons

import java.nio.file.Files
import java.nio.file.Path

/**
 * What somebody saw in one scene.
 *
 * @property sights how often what was seen
 * @property draws icons that the platform had to draw meanwhile
 * @property nanos how long the icons were waited for
 */
internal class Scene(
    val title: String,
    val about: String,
    val sights: Map<Sight, Int>,
    val draws: Int,
    val nanos: Long,
    val memoryBytes: Long,
) {
    /** How often something was seen. */
    fun count(sight: Sight): Int = sights[sight] ?: 0

    /** Icons shown. */
    val shown: Int get() = sights.values.sum()
}

/**
 * The drawer scrolled through between looks at what is used most.
 *
 * @property hits of 100 looks at icons, how many found them in memory; those of the scrolling do not count
 * @property lru the same for a cache of as many icons that forgets what was not used for longest
 */
internal class Scrolling(val looks: Int, val hits: Double, val lru: Double, val peakBytes: Long)

/** All that became of one side. */
internal class IconResult(val title: String, val scenes: List<Scene>, val scrolling: Scrolling, val report: String, val sheet: IconSheet) {
    /** How often something was seen that was never the app's icon, or nothing. */
    val wrong: Int get() = scenes.sumOf { it.count(Sight.WRONG) + it.count(Sight.BLANK) }
}

/** One day of a phone with 200 apps, told to one side. The same calls for all, in the same order. */
internal class IconStory(private val platform: IconPlatform, private val side: IconSide, private val folder: Path) {
    private val apps = SampleApp.all
    private val screen = apps.take(FIRST_SCREEN)
    private val scenes = ArrayList<Scene>()
    private val file = folder.resolve("icons.db")

    /** Tells it. */
    fun run(): IconResult {
        side.start(file)
        scene("First start", "the drawer, nothing is stored yet", apps)
        side.settle()
        side.start(file)
        scene("Cold start", "the first screen, from the file", screen)
        scene("Drawer", "all 200, from the file", apps)
        val updated = screen.take(UPDATED)
        updated.forEach(platform::update)
        side.updated(updated)
        scene("Apps updated", "the first screen at once, $UPDATED apps have a new icon", screen)
        side.settle()
        scene("A moment later", "the first screen again", screen)
        platform.shape = IconShape.CIRCLE
        side.themed()
        scene("Theme changed", "the first screen at once, every icon has another shape", screen)
        side.settle()
        scene("A moment later", "the first screen again", screen)
        val scrolling = scrolling()
        side.settle()
        val sheet = sheet()
        // A file where the folder should be: nothing can be written, whatever the user may do.
        side.start(Files.createFile(folder.resolve("no-folder")).resolve("icons.db"))
        scene("Disk unusable", "the first screen, no file can be made", screen)
        scene("A moment later", "the first screen again", screen)
        return IconResult(side.title, scenes, scrolling, side.report, sheet)
    }

    private fun scene(title: String, about: String, shown: List<SampleApp>) {
        val draws = platform.draws
        val since = System.nanoTime()
        val screen = side.show(shown)
        val nanos = System.nanoTime() - since
        val drawn = platform.draws - draws
        val sights = screen.use { shown.indices.groupingBy { at -> platform.judge(shown[at], it.pixels(at)) }.eachCount() }
        scenes += Scene(title, about, sights, drawn, nanos, side.memoryBytes)
    }

    private fun scrolling(): Scrolling {
        val lru = object : LinkedHashMap<Int, Unit>(16, .75f, true) {
            override fun removeEldestEntry(eldest: Map.Entry<Int, Unit>) = size > ROOM
        }
        var (hits, lruHits) = 0 to 0
        var peak = side.memoryBytes
        val random = Zipf(apps.size)
        for (look in 1..LOOKS) {
            val number = random.next()
            if (side.glance(apps[number])) hits++
            if (lru.put(number, Unit) != null) lruHits++
            if (look % LOOKS_A_PASS == 0) {
                for (app in apps) {
                    side.glance(app)
                    lru[app.number] = Unit
                }
                peak = maxOf(peak, side.memoryBytes)
            }
        }
        return Scrolling(LOOKS, 100.0 * hits / LOOKS, 100.0 * lruHits / LOOKS, peak)
    }

    private fun sheet(): IconSheet = side.show(apps).use { shown -> IconSheet.of(apps.size, platform.side, shown::pixels) }

    /** Numbers from 0, the small ones often: as apps are used. The same on every run. */
    private class Zipf(count: Int) {
        private val weights = DoubleArray(count) { Math.pow(it + 1.0, -EXPONENT) }
        private val total = weights.sum()
        private var state = SEED

        fun next(): Int {
            state = state * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L
            var left = (state ushr 11).toDouble() / (1L shl 53) * total
            for ((at, weight) in weights.withIndex()) {
                left -= weight
                if (left <= 0) return at
            }
            return weights.lastIndex
        }
    }

    companion object {
        const val FIRST_SCREEN: Int = 28
        const val UPDATED: Int = 3

        /** Memory for a quarter of the apps' icons. */
        const val ROOM: Int = 50
        private const val LOOKS = 4_000
        private const val LOOKS_A_PASS = 200
        private const val EXPONENT = .9
        private const val SEED = 20_261_125L
    }
}
