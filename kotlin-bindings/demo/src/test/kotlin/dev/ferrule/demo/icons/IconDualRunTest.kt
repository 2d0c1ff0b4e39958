package dev.ferrule.demo.icons

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.nio.file.Files
import java.nio.file.Path
import java.util.Random

/**
 * The same random operations over Ferrule and legacy (icon-cache S16): apps come, change with and without an event, lose
 * their icon or their nerve, and go; sessions run, processes end. After each one both are asked. Ferrule never shows a
 * default, blank or foreign icon where a good one is known, nor anything that it was not given; legacy does, and each of
 * its losses is one of its known flaws.
 */
class IconDualRunTest {
    @TempDir
    private lateinit var directory: Path

    private fun folder(): File = Files.createTempDirectory(directory, "run").toFile()

    @TestFactory
    fun ferruleKeepsWhatIsKnown(): List<DynamicTest> = (1L..SEEDS).map { seed ->
        dynamicTest("seed $seed") { Run(seed, TwoCaches(folder())).use { it.play(STEPS) } }
    }

    /** Without this the runs above might compare two caches that never differ. */
    @Test
    fun legacyLosesIconsThatFerruleKeeps() {
        val losses = (1L..3).sumOf { seed -> Run(seed, TwoCaches(folder())).use { it.play(STEPS) } }
        assertTrue(losses > 0, "legacy lost nothing")
    }

    private class Run(seed: Long, private val caches: TwoCaches) : AutoCloseable by caches {
        private val random = Random(seed)
        private var losses = 0
        private val told = ArrayList<String>()

        /** How often legacy had nothing where Ferrule had an icon. */
        fun play(steps: Int): Int {
            repeat(steps) {
                val place = random.nextInt(APPS) to PROFILES[random.nextInt(2)]
                told += operate(place)
                look(place)
                lookAtAll()
            }
            return losses
        }

        private fun operate(place: Pair<Int, Int>): String {
            val (number, profile) = place
            val app = caches.apps[place]
            return when (random.nextInt(12)) {
                0, 1, 2 -> if (app == null) install(place) else change(app, isAnnounced = true)
                3 -> if (app == null) "nothing" else change(app, isAnnounced = false)
                4 -> "remove $place".also { if (app != null) caches.removed(number, profile) }
                5 -> "session".also { caches.session() }
                6 -> "restart".also { caches.restart() }
                7, 8 -> "work".also { caches.work() }
                else -> "look"
            }
        }

        private fun gives() = if (random.nextInt(3) > 0) Gives.PICTURE else Gives.values()[random.nextInt(4)]

        private fun install(place: Pair<Int, Int>): String {
            val app = InstalledApp(place.first, place.second, random.nextInt(100), gives())
            caches.apps[place] = app
            caches.changed(place.first, place.second)
            return "install $place ${app.version} ${app.gives}"
        }

        private fun change(app: InstalledApp, isAnnounced: Boolean): String {
            app.version = (app.version + 1) % 100
            app.gives = gives()
            if (isAnnounced) caches.changed(app.number, app.profile)
            return "change ${app.number to app.profile} ${app.version} ${app.gives} announced=$isAnnounced"
        }

        private fun look(place: Pair<Int, Int>) {
            val ours = caches.askFerrule(place.first, place.second)
            val theirs = caches.askLegacy(place.first, place.second)
            judge(place, ours)
            val isLost = theirs.app == null || theirs.app.first != place.first || theirs.app.second != place.second
            if (ours.app != null && isLost) losses++
        }

        /** In one call as one by one. */
        private fun lookAtAll() {
            val places = PROFILES.flatMap { profile -> (0 until APPS).map { it to profile } }
            for ((place, shown) in places.zip(caches.askAllFerrule(places))) judge(place, shown)
        }

        private fun judge(place: Pair<Int, Int>, shown: Shown) {
            val given = caches.given[place].orEmpty()
            val what = { "$place: $shown, given $given, after ${told.takeLast(12)}" }
            val app = shown.app
            if (app != null) {
                assertEquals(place, app.first to app.second, what)
                assertTrue(app.third in given, what)
                assertEquals(TwoCaches.badgeOf(place.second), shown.flags, what)
            }
            if (given.isNotEmpty()) assertTrue(app != null, what)
        }
    }

    private companion object {
        const val SEEDS = 20L
        const val STEPS = 60
        const val APPS = 5
        val PROFILES = listOf(0, TwoCaches.WORK)
    }
}
