package dev.ferrule.android.home

import android.content.ContentValues
import android.database.sqlite.SQLiteDatabase
import dev.ferrule.launcher.LauncherModel
import dev.ferrule.launcher.ModelFlags
import dev.ferrule.launcher.ModelGrid
import dev.ferrule.launcher.ComponentKey
import dev.ferrule.launcher.PlatformAnswer
import dev.ferrule.launcher.PlatformSnapshot
import dev.ferrule.launcher.RowSource
import java.io.File

/** Home screens as a launcher of today writes them, in Android's SQLite. */
internal object Homes {
    const val NOW: Long = 1_764_000_000_000
    val grid: ModelGrid = ModelGrid(columns = 5, rows = 6, hotseat = 5)

    /** No search bar, so that page 0 is like the others. */
    val plain: ModelFlags = ModelFlags.Builder().qsbOnFirstScreen(false).build()

    const val TABLE: String = "CREATE TABLE favorites (_id INTEGER PRIMARY KEY,title TEXT,intent TEXT,container INTEGER," +
        "screen INTEGER,cellX INTEGER,cellY INTEGER,spanX INTEGER,spanY INTEGER,itemType INTEGER," +
        "appWidgetId INTEGER NOT NULL DEFAULT -1,icon BLOB,appWidgetProvider TEXT,modified INTEGER NOT NULL DEFAULT 0," +
        "restored INTEGER NOT NULL DEFAULT 0,profileId INTEGER DEFAULT 0,rank INTEGER NOT NULL DEFAULT 0," +
        "options INTEGER NOT NULL DEFAULT 0,appWidgetSource INTEGER NOT NULL DEFAULT -1)"

    /** An empty database of AOSP's version 32. */
    fun create(file: File): SQLiteDatabase = SQLiteDatabase.openOrCreateDatabase(file, null).apply {
        version = 32
        execSQL(TABLE)
    }

    fun launch(packageName: String): String = "#Intent;action=android.intent.action.MAIN;" +
        "category=android.intent.category.LAUNCHER;launchFlags=0x10200000;component=$packageName/.Main;end"

    /** Puts app [id] into its cell of page 0; [more] overrides and adds columns. */
    fun SQLiteDatabase.app(id: Int, vararg more: Pair<String, Any?>) {
        val row = linkedMapOf<String, Any?>(
            "_id" to id, "title" to "App $id", "intent" to launch("com.app$id"), "container" to -100, "screen" to 0,
            "cellX" to id % 5, "cellY" to id / 5, "spanX" to 1, "spanY" to 1, "itemType" to 0,
        ) + more
        val values = ContentValues()
        for ((name, value) in row) {
            when (value) {
                null -> values.putNull(name)
                is Int -> values.put(name, value)
                is Long -> values.put(name, value)
                is ByteArray -> values.put(name, value)
                else -> values.put(name, value.toString())
            }
        }
        check(insertOrThrow("favorites", null, values) == id.toLong())
    }

    /** A phone of one profile on which the packages `com.app0` … are installed. */
    fun phone(apps: IntRange): PlatformSnapshot = PlatformSnapshot.Builder().apply {
        profile(serial = 0, userId = 0)
        ownPackage("com.launcher")
        bootCompleted(PlatformAnswer.YES)
        widgetProvidersKnown()
        hostWidgetIds(intArrayOf())
        for (number in apps) {
            installed("com.app$number", user = 0)
            activity(ComponentKey("com.app$number", "com.app$number.Main"), user = 0, label = "App $number")
        }
    }.build()

    /** Imports what [source] hands over into a store of its own. */
    fun <T> imported(folder: File, source: RowSource, read: (LauncherModel) -> T): T {
        val store = File.createTempFile("home", ".db", folder).apply { delete() }
        return LauncherModel.open(store, grid, NOW).use { model ->
            model.importRows(NOW, source)
            read(model)
        }
    }

    /** Titles after an import and a load. */
    fun titles(folder: File, source: RowSource, apps: IntRange = 0..29): List<String?> =
        imported(folder, source) { model -> model.load(phone(apps), NOW, flags = plain).items.map { it.title } }
}
