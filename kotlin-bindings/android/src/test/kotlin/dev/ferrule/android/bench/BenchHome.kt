package dev.ferrule.android.bench

import android.database.sqlite.SQLiteDatabase
import dev.ferrule.android.home.Homes
import dev.ferrule.android.home.Homes.app
import dev.ferrule.android.home.SqliteRowSource
import dev.ferrule.android.legacy.BarePlatform
import dev.ferrule.android.legacy.SqliteFavoritesDb
import dev.ferrule.launcher.LauncherModel
import dev.ferrule.launcher.LoadedModel
import dev.ferrule.launcher.PlatformSnapshot
import dev.ferrule.launcher.WorkspaceItemInfo
import dev.ferrule.legacy.launcher.ApplicationInfo
import dev.ferrule.legacy.launcher.BoundWorkspace
import dev.ferrule.legacy.launcher.ComponentName
import dev.ferrule.legacy.launcher.LauncherActivityInfo
import dev.ferrule.legacy.launcher.LegacyLoader
import dev.ferrule.legacy.launcher.LoaderOptions
import dev.ferrule.legacy.launcher.UserInfo
import java.io.File

/**
 * A home screen of [items] apps in Android's SQLite, every one installed, and both loaders over it. What an earlier one has left
 * in [folder] is opened.
 */
internal class BenchHome(private val folder: File, private val items: Int) : AutoCloseable {
    private val file = File(folder, "launcher-$items.db")
    val database: SQLiteDatabase = if (file.exists()) SQLiteDatabase.openOrCreateDatabase(file, null) else create()

    private fun create() = Homes.create(file).apply {
        beginTransaction()
        for (at in 0 until items) {
            val cell = at % CELLS
            app(at + 1, "intent" to Homes.launch("com.app$at"), "screen" to at / CELLS, "cellX" to cell % 5, "cellY" to cell / 5)
        }
        setTransactionSuccessful()
        endTransaction()
    }
    val legacy: LegacyLoader =
        LegacyLoader(SqliteFavoritesDb(database), Phone(), LoaderOptions(5, 6, 5, hasQsbOnFirstScreen = false))
    val phone: PlatformSnapshot = Homes.phone(0 until items)
    private val opened = lazy {
        LauncherModel.open(File(folder, "home-$items.db"), Homes.grid, Homes.NOW).apply {
            if (isDefaultLayoutDue) importRows(Homes.NOW, SqliteRowSource(database))
        }
    }
    val model: LauncherModel by opened

    fun load(): LoadedModel = model.load(phone, Homes.NOW, flags = Homes.plain)

    override fun close() {
        if (opened.isInitialized()) model.close()
        database.close()
    }

    /** Over every item, in order. */
    private class Sum {
        var value = -0x340d631b7bdddcdbL

        fun add(number: Int) {
            value = (value xor number.toLong()) * 0x100000001b3L
        }

        fun add(text: String?) {
            add(text?.length ?: -1)
            text?.forEach { add(it.code) }
        }
    }

    companion object {
        /** Cells of a page. */
        private const val CELLS = 30

        fun sum(model: LoadedModel): Long = Sum().run {
            for (item in model.items) {
                listOf(item.id.toInt(), item.itemType, item.container, item.screenId, item.cellX, item.cellY).forEach(::add)
                add(item.title)
                val component = (item as WorkspaceItemInfo).targetComponent
                add(component?.packageName)
                add(component?.className)
            }
            value
        }

        fun sum(model: BoundWorkspace): Long = Sum().run {
            for (item in model.items) {
                listOf(item.id, item.itemType, item.container, item.screenId, item.cellX, item.cellY).forEach(::add)
                add(item.title)
                add(item.targetComponent?.packageName)
                add(item.targetComponent?.className)
            }
            value
        }
    }

    /** Everything is installed; answers cost nothing, so that the loaders are what is measured. */
    private class Phone : BarePlatform() {
        private val info = ApplicationInfo(isInstalled = true, isEnabled = true)

        override val profiles = listOf(UserInfo(0, isPrivate = false, isQuiet = false, isUnlocked = true))
        override val ownPackage get() = "com.launcher"

        private fun label(component: ComponentName) = "App ${component.packageName.removePrefix("com.app")}"

        override fun isPackageEnabled(packageName: String, serial: Int) = true

        override fun getApplicationInfo(packageName: String, serial: Int) = info

        override fun isActivityEnabled(component: ComponentName, serial: Int) = true

        override fun resolveActivity(component: ComponentName, serial: Int) = LauncherActivityInfo(component, label(component), 1f, info)

        override fun getActivityList(packageName: String, serial: Int): List<LauncherActivityInfo> = emptyList()
    }
}
