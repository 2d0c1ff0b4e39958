package dev.ferrule.android.launcher.guide

import android.content.Context
import android.database.sqlite.SQLiteDatabase
import dev.ferrule.android.home.SqliteRowSource
import dev.ferrule.android.icons.IconBudget
import dev.ferrule.android.icons.PlatformIconProvider
import dev.ferrule.android.launcher.FirstFrameStore
import dev.ferrule.android.launcher.IconCacheAdapter
import dev.ferrule.android.launcher.LegacyIconCache
import dev.ferrule.android.launcher.LegacyModelLoad
import dev.ferrule.android.launcher.LegacyOsCheck
import dev.ferrule.android.launcher.ModelLoadAdapter
import dev.ferrule.android.launcher.ModelLoadSetup
import dev.ferrule.android.launcher.OsCheckAdapter
import dev.ferrule.android.platform.PlatformGatherer
import dev.ferrule.guard.Rollout
import dev.ferrule.icons.IconCache
import dev.ferrule.icons.IconOptions
import dev.ferrule.launcher.LauncherModel
import dev.ferrule.launcher.ModelGrid
import java.io.File

/** What a launcher makes once; a home screen is a list of titles here. */
class MovedLauncher(
    context: Context,
    rollout: Rollout,
    gatherer: PlatformGatherer,
    database: SQLiteDatabase,
    folder: File,
    osCheck: LegacyOsCheck,
    modelLoad: LegacyModelLoad<List<String?>>,
    iconCache: LegacyIconCache,
) {
    private val grid = ModelGrid(columns = 5, rows = 6, hotseat = 5)
    private val store = File(folder, "home.db")

    val os = OsCheckAdapter(context, rollout, osCheck)

    val home = ModelLoadAdapter(
        rollout,
        ModelLoadSetup(
            opener = {
                val now = System.currentTimeMillis()
                LauncherModel.open(store, grid, now).apply {
                    if (isDefaultLayoutDue) importRows(now, SqliteRowSource(database))
                }
            },
            gatherer,
            firstFrame = FirstFrameStore(store, grid),
        ),
        modelLoad,
        { loaded -> loaded.items.map { it.title } },
    )

    val icons = IconCacheAdapter(
        rollout,
        {
            val options = IconOptions(ICON_PX, IconBudget.bytes(context))
            IconCache.open(File(folder, "icons.db"), options, PlatformIconProvider(context, ICON_PX))
        },
        iconCache,
    )

    companion object {
        const val ICON_PX: Int = 48
    }
}
