package dev.ferrule.android.bench

import dev.ferrule.android.OnAndroid
import dev.ferrule.bindings.NativeLibrary
import org.junit.Assert.assertEquals
import org.junit.Test
import org.robolectric.annotation.Config
import java.io.File
import java.lang.management.ManagementFactory

/**
 * What Ferrule adds to a process in which legacy has loaded its home screen and its icons, step by step:
 * `android_memory NAME BYTES`. Run by `cargo xtask bench Android` and by no test, twice over one folder: the first run fills it,
 * so that the second opens what is there, as a start of a launcher does. The heap is whole from the start, so that resident
 * memory grows by what is native. What the JVM keeps of classes is told apart: a device maps it from a file.
 */
@Config(sdk = [34])
class AndroidMemory : OnAndroid() {
    private val stores = File(System.getProperty("ferrule.bench.folder"))
    private val kept = ArrayList<Any?>()
    private var classesInAll = 0L

    private fun heap(): Long {
        repeat(3) {
            System.gc()
            System.runFinalization()
        }
        return Runtime.getRuntime().run { totalMemory() - freeMemory() }
    }

    private fun resident(): Long =
        File("/proc/self/status").readLines().first { it.startsWith("RssAnon:") }.filter(Char::isDigit).toLong() * 1024

    private fun classes(): Long = ManagementFactory.getMemoryMXBean().nonHeapMemoryUsage.committed

    private fun grown(name: String, work: () -> Any?) {
        val (heap, classes) = heap() to classes()
        val resident = resident()
        kept.add(work())
        val objects = heap() - heap
        println("android_memory $name ${objects + resident() - resident}")
        classesInAll += classes() - classes
    }

    @Test
    fun memory() {
        val isFilled = File(stores, "filled").exists()
        BenchIcons(stores, ICONS).use { icons ->
            BenchHome(stores, ITEMS).use { home ->
                if (isFilled) measure(icons, home) else fill(icons, home)
            }
        }
    }

    private fun fill(icons: BenchIcons, home: BenchHome) {
        icons.store()
        assertEquals(BenchHome.sum(home.legacy.load().workspace!!), BenchHome.sum(home.load()))
        File(stores, "filled").writeText("")
    }

    private fun measure(icons: BenchIcons, home: BenchHome) {
        // What was garbage before is nobody's.
        grown("settling") { null }
        grown("legacy $ITEMS items") { home.legacy.load() }
        grown("legacy $ICONS icons, all in memory") { icons.legacy() }
        grown("ferrule library") { NativeLibrary.require() }
        grown("ferrule $ITEMS items") { home.load() }
        grown("ferrule $ICONS icons in a budget of ${BenchIcons.BUDGET shr 20} MB") { icons.remember() }
        grown("ferrule JNA, for the control plane") { icons.cache.control.health() }
        println("android_memory classes of all these steps, in the figures above $classesInAll")
    }

    private companion object {
        const val ICONS = 400
        const val ITEMS = 1_000
    }
}
