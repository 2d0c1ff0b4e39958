package dev.ferrule.bench

import dev.ferrule.launcher.ComponentKey
import dev.ferrule.launcher.FolderInfo
import dev.ferrule.launcher.AppPairInfo
import dev.ferrule.launcher.CollectionInfo
import dev.ferrule.launcher.ItemInfo
import dev.ferrule.launcher.LauncherAppWidgetInfo
import dev.ferrule.launcher.LoadedModel
import dev.ferrule.launcher.LauncherModel
import dev.ferrule.launcher.ModelFlags
import dev.ferrule.launcher.ModelGrid
import dev.ferrule.launcher.PlatformAnswer
import dev.ferrule.launcher.PlatformSnapshot
import dev.ferrule.launcher.WorkspaceItemInfo
import dev.ferrule.legacy.launcher.Column
import dev.ferrule.legacy.launcher.FavoritesDb
import dev.ferrule.legacy.launcher.LauncherIntent
import java.io.File

/** The phone of [HomePlatform] as Ferrule takes it: everything that a home screen names is installed, pinned and bound. */
public object HomePhone {
    /** The grid of the bench's homes. */
    @JvmField
    public val grid: ModelGrid = ModelGrid(columns = 5, rows = 6, hotseat = 5)

    /** No search bar. */
    @JvmField
    public val flags: ModelFlags = ModelFlags.Builder().qsbOnFirstScreen(false).build()

    /** Gathers the phone. The next widget id says nothing about the home screen; with another one it is another phone. */
    @JvmStatic
    @JvmOverloads
    public fun of(rows: FavoritesDb, nextWidgetId: Int = 0): PlatformSnapshot {
        val phone = PlatformSnapshot.Builder().profile(0, 0).ownPackage("com.android.launcher3").bootCompleted(PlatformAnswer.YES)
        phone.nextWidgetId(nextWidgetId)
        val packages = HashSet<String>()
        val activities = HashSet<ComponentKey>()
        val ids = ArrayList<Int>()
        phone.widgetProvidersKnown()
        rows.query().use { row ->
            while (row.moveToNext()) {
                val title = row.getString(Column.TITLE).orEmpty()
                row.getString(Column.APPWIDGET_PROVIDER)?.let(ComponentKey::parse)?.let { provider ->
                    val id = row.getInt(Column.APPWIDGET_ID)
                    phone.boundWidget(id, provider, 0, isRestoreCompleted = true)
                    ids += id
                }
                val intent = row.getString(Column.INTENT)?.let(LauncherIntent::parseUri)
                val component = intent?.component?.let { ComponentKey(it.packageName, it.className) } ?: continue
                if (packages.add(component.packageName)) phone.installed(component.packageName, 0)
                val shortcut = intent.getStringExtra(LauncherIntent.EXTRA_SHORTCUT_ID)
                when {
                    shortcut != null -> phone.pinnedShortcut(component.packageName, shortcut, 0, component, title)
                    activities.add(component) -> phone.activity(component, 0, title)
                }
            }
        }
        return phone.hostWidgetIds(ids.toIntArray()).build()
    }

    /** A store beside [home] that holds it; made anew. */
    @JvmStatic
    public fun store(home: File): File {
        val store = File(home.path + ".ferrule")
        for (end in listOf("", "-wal", "-shm")) File(store.path + end).delete()
        File(store.path + ".snapshots").deleteRecursively()
        LauncherModel.open(store, grid, nowMillis = 0).use { it.importFile(home, nowMillis = 0) }
        return store
    }

    /** The sum of [ModelSum] over Ferrule's objects. */
    @JvmStatic
    public fun sum(model: LoadedModel): Long {
        val sum = ModelSum(hasPagesInside = false)
        for (item in model.items) add(sum, item)
        for (collection in model.collections) {
            sum.add(collection.id.toInt())
            for (child in collection.contents) {
                sum.add(child.id.toInt())
                sum.add(child.rank)
            }
        }
        model.screens.forEach { sum.add(it) }
        return sum.sum
    }

    private fun add(sum: ModelSum, item: ItemInfo) {
        sum.add(item.id.toInt())
        sum.add(item.itemType)
        sum.add(item.container)
        sum.add(sum.page(item.container, item.screenId))
        sum.add(item.cellX)
        sum.add(item.cellY)
        sum.add(item.spanX)
        sum.add(item.spanY)
        sum.add(item.rank)
        sum.add(item.user.toInt())
        sum.add(item.title)
        when (item) {
            is WorkspaceItemInfo -> {
                sum.add(item.status)
                sum.add(item.runtimeStatusFlags)
                sum.add(item.progressLevel)
                sum.add(if (item.iconSource.name == "PACKAGE") "pkg" else item.iconSource.name.lowercase())
                sum.add(item.intentPackage)
                val component = item.targetComponent ?: return
                sum.add(component.packageName)
                sum.add(component.className)
            }
            is LauncherAppWidgetInfo -> {
                sum.add(item.appWidgetId)
                sum.add(item.restoreStatus)
                sum.add(item.options)
                sum.add(item.installProgress)
                sum.add(item.minSpanX)
                sum.add(item.minSpanY)
                sum.add(if (item.isPending) 1 else 0)
                sum.add(item.sourceContainer)
                sum.add(item.providerName.packageName)
                sum.add(item.providerName.className)
            }
            is FolderInfo -> sum.add(item.options)
            is AppPairInfo -> {}
            is CollectionInfo -> error("$item is not live")
        }
    }
}
