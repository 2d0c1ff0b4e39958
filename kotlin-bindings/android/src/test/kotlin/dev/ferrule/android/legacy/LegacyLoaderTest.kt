package dev.ferrule.android.legacy

import dev.ferrule.android.OnAndroid
import dev.ferrule.android.home.Homes
import dev.ferrule.android.home.Homes.app
import dev.ferrule.android.home.SqliteRowSource
import dev.ferrule.android.platform.FrameworkPhone
import dev.ferrule.android.platform.HomeTargets
import dev.ferrule.android.platform.LauncherState
import dev.ferrule.android.platform.PhoneCalls
import dev.ferrule.android.platform.PlatformGatherer
import dev.ferrule.launcher.LauncherModel
import dev.ferrule.launcher.WorkspaceItemInfo
import dev.ferrule.legacy.launcher.LegacyLoader
import dev.ferrule.legacy.launcher.LoaderOptions
import org.junit.Assert.assertEquals
import org.junit.Test
import org.robolectric.annotation.Config
import java.io.File

/** The legacy loader on the device's own SQLite and managers, and Ferrule on the same. */
@Config(sdk = [28, 33, 34, 35])
class LegacyLoaderTest : OnAndroid() {
    private val phone by lazy { FrameworkPhone(app) }
    private val calls by lazy { PhoneCalls(app) }
    private val options = LoaderOptions(Homes.grid.columns, Homes.grid.rows, Homes.grid.hotseat, hasQsbOnFirstScreen = false)

    @Test
    fun `both load the same home screen of a live database, and only legacy deletes what is not installed`() {
        for (number in listOf(1, 2, 3, 5)) phone.install("com.app$number")
        Homes.create(File(folder, "launcher.db")).use { database ->
            database.enableWriteAheadLogging()
            for (id in 1..5) database.app(id, "profileId" to phone.serial)
            database.app(6, "itemType" to 2, "intent" to null, "profileId" to phone.serial)
            database.app(7, "intent" to Homes.launch("com.app3"), "container" to 6, "profileId" to phone.serial)
            LauncherModel.open(File(folder, "home.db"), Homes.grid, Homes.NOW, phone.serial).use { model ->
                model.importRows(Homes.NOW, SqliteRowSource(database))
                val gatherer = PlatformGatherer(calls, app.packageName, LauncherState()) { Long.MAX_VALUE }
                val ours = HomeTargets.load(model, gatherer, Homes.NOW, Homes.plain)
                val legacy = LegacyLoader(SqliteFavoritesDb(database), FrameworkPlatform(calls, app.packageName), options)
                val theirs = checkNotNull(legacy.load().workspace)
                assertEquals((1L..7L).toList(), ours.items.map { it.id })
                assertEquals(listOf(1, 2, 3, 5, 6, 7), theirs.items.map { it.id })
                val shown = ours.items.filter { it.id != 4L }
                // The place of an item inside a folder is its rank; the cell is left over from an earlier one.
                fun place(container: Int, x: Int, y: Int) = if (container < 0) listOf(container, x, y) else listOf(container)
                assertEquals(
                    theirs.items.map { listOf(it.title, place(it.container, it.cellX, it.cellY), it.targetComponent?.packageName) },
                    shown.map { listOf(it.title, place(it.container, it.cellX, it.cellY), (it as? WorkspaceItemInfo)?.targetComponent?.packageName) },
                )
                assertEquals(theirs.screens, ours.screens)
            }
            database.rawQuery("SELECT count(*) FROM favorites", null).use {
                it.moveToFirst()
                assertEquals("legacy has deleted the row of com.app4", 6, it.getInt(0))
            }
        }
    }
}
