package dev.ferrule.android.platform

import android.content.Intent
import android.database.sqlite.SQLiteDatabase
import dev.ferrule.android.os.attempt
import dev.ferrule.launcher.ComponentKey
import dev.ferrule.launcher.ItemInfo
import dev.ferrule.launcher.LauncherModel
import dev.ferrule.launcher.LoadedModel
import dev.ferrule.launcher.ModelExportFormat
import dev.ferrule.launcher.ModelFlags
import dev.ferrule.launcher.WorkspaceItemInfo
import java.io.File

/** What a home screen refers to: what its load needs to know of the platform. */
public object HomeTargets {
    private val ANSWER_BY_NAME = setOf(PlatformSource.USERS, PlatformSource.APPS)
    private const val COLUMNS = "SELECT intent, appWidgetProvider, profileId FROM favorites"

    /** What the items of [loaded] refer to. An item that is held does not say; [stored] does. */
    @JvmStatic
    public fun of(loaded: LoadedModel): Set<PlatformTarget> = loaded.items.flatMapTo(LinkedHashSet(), ::of)

    private fun of(item: ItemInfo): List<PlatformTarget> {
        val named = (item as? WorkspaceItemInfo)?.intentPackage
        return of(item.user, item.targetComponent, named) +
            item.note?.remedies.orEmpty().mapNotNull { remedy ->
                remedy.packageName?.let { PlatformTarget(remedy.user ?: item.user, it) }
            }
    }

    /** What the rows of a launcher's database refer to, through an object that is open already. */
    @JvmStatic
    public fun of(database: SQLiteDatabase): Set<PlatformTarget> {
        val found = LinkedHashSet<PlatformTarget>()
        database.rawQuery(COLUMNS, null).use { rows ->
            while (rows.moveToNext()) {
                val user = rows.getLong(2)
                attempt { rows.getString(0)?.let { Intent.parseUri(it, 0) } }?.let { intent ->
                    found += of(user, intent.component?.key(), intent.`package`)
                }
                attempt { rows.getString(1)?.let(ComponentKey::parse) }?.let { found += of(user, it, null) }
            }
        }
        return found
    }

    /** What the rows of the model's store refer to, whatever their state. Exports into [folder] and removes it; needs JNA. */
    @JvmStatic
    public fun stored(model: LauncherModel, folder: File): Set<PlatformTarget> {
        val file = File.createTempFile("targets", ".db", folder)
        try {
            check(file.delete()) { "cannot remove $file" }
            model.control.export(ModelExportFormat.FAVORITES, file)
            return SQLiteDatabase.openDatabase(file.path, null, SQLiteDatabase.OPEN_READWRITE).use(::of)
        } finally {
            SQLiteDatabase.deleteDatabase(file)
        }
    }

    private fun of(user: Long, component: ComponentKey?, packageName: String?): List<PlatformTarget> = listOfNotNull(
        component?.let { PlatformTarget(user, it.packageName) },
        component?.let { PlatformTarget(user, it.packageName, it.className) },
        packageName?.takeIf { it.isNotEmpty() }?.let { PlatformTarget(user, it) },
    )

    /**
     * Loads with what the platform says, asking by name for what the latest load refers to. Where an item is held because
     * nobody was asked about it, as at a first load, what the store refers to is asked by name and the home screen loaded
     * once more; without JNA such an item stays held until the launcher hands its targets to [PlatformGatherer.gather].
     *
     * @param folder a folder for the short life of one file
     */
    @JvmStatic
    @JvmOverloads
    public fun load(
        model: LauncherModel,
        gatherer: PlatformGatherer,
        folder: File,
        nowMillis: Long,
        flags: ModelFlags = ModelFlags.AOSP,
    ): LoadedModel {
        val first = gatherer.gather(model.loaded?.let(::of) ?: emptySet())
        val loaded = model.load(first.snapshot, nowMillis, flags = flags)
        // What nobody can answer now is not asked again.
        if (loaded.held.isEmpty() || first.failures.any { it.source in ANSWER_BY_NAME }) return loaded
        val unasked = (of(loaded) + attempt { stored(model, folder) }.orEmpty()) - first.answered
        if (unasked.isEmpty()) return loaded
        val second = gatherer.gather(unasked + of(loaded))
        return model.load(second.snapshot, nowMillis, flags = flags)
    }
}
