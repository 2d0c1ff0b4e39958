package dev.ferrule.android.bench

import dev.ferrule.android.OnAndroid
import dev.ferrule.android.home.Homes
import dev.ferrule.android.home.SqliteRowSource
import dev.ferrule.launcher.LauncherModel
import org.junit.Assert.assertEquals
import org.junit.Test
import org.robolectric.annotation.Config
import java.io.File

/**
 * Icons into `Bitmap`s and home screens from `SQLiteDatabase`, legacy's way and Ferrule's, with equal sums. Run by
 * `cargo xtask bench Android` and by no test; each line is `android_bench GROUP NAME NANOS`, the median of its rounds.
 */
@Config(sdk = [34])
class AndroidBench : OnAndroid() {
    private val rounds = Integer.getInteger("ferrule.bench.rounds", 15)

    private fun measure(group: String, name: String, work: () -> Any?) {
        repeat(rounds) { work() }
        val times = LongArray(rounds) {
            val start = System.nanoTime()
            work()
            System.nanoTime() - start
        }
        times.sort()
        println("android_bench $group $name ${times[rounds / 2]}")
    }

    @Test
    fun icons() {
        for (count in listOf(28, 400)) {
            BenchIcons(folder, count).use { icons ->
                icons.store()
                measure("AndroidIcons", "legacyToBitmaps $count", icons::legacy)
                measure("AndroidIcons", "ferruleToBitmaps $count", icons::ferrule)
                assertEquals(BenchIcons.sum(icons.legacy()), BenchIcons.sum(icons.ferrule()))
            }
        }
    }

    @Test
    fun home() {
        for (items in listOf(100, 1_000)) {
            BenchHome(folder, items).use { home ->
                val expected = BenchHome.sum(checkNotNull(home.legacy.load().workspace))
                assertEquals(expected, BenchHome.sum(home.load()))
                measure("AndroidHome", "legacyFromSqlite $items") { BenchHome.sum(home.legacy.load().workspace!!) }
                measure("AndroidHome", "ferruleFromStore $items") { BenchHome.sum(home.load()) }
                var number = 0
                measure("AndroidHome", "ferruleImportOfRows $items") {
                    LauncherModel.open(File(folder, "import-$items-${number++}.db"), Homes.grid, Homes.NOW).use { model ->
                        model.importRows(Homes.NOW, SqliteRowSource(home.database))
                        BenchHome.sum(model.load(home.phone, Homes.NOW, flags = Homes.plain))
                    }
                }
                assertEquals(expected, BenchHome.sum(home.load()))
            }
        }
    }
}
