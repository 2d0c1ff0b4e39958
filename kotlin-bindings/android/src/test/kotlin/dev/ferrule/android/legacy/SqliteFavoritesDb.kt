package dev.ferrule.android.legacy

import android.content.ContentValues
import android.database.Cursor
import android.database.sqlite.SQLiteDatabase
import dev.ferrule.legacy.launcher.Column
import dev.ferrule.legacy.launcher.FavoritesCursor
import dev.ferrule.legacy.launcher.FavoritesDb
import dev.ferrule.legacy.launcher.FavoritesSql

/** The legacy loader's rows from the database that a launcher has open, as on a phone. */
internal class SqliteFavoritesDb(private val database: SQLiteDatabase) : FavoritesDb {
    override fun query(): FavoritesCursor =
        Rows(database.query("favorites", Column.entries.map { it.sqlName }.toTypedArray(), null, null, null, null, null))

    override fun update(id: Int, values: Map<String, Any?>) {
        val row = ContentValues()
        for ((name, value) in values) {
            when (value) {
                null -> row.putNull(name)
                is Int -> row.put(name, value)
                else -> row.put(name, value.toString())
            }
        }
        database.update("favorites", row, "_id = $id", null)
    }

    override fun delete(ids: List<Int>) {
        database.delete("favorites", "_id IN (${ids.joinToString()})", null)
    }

    override fun clearRestored(ids: List<Int>) =
        database.execSQL("UPDATE favorites SET restored = 0 WHERE _id IN (${ids.joinToString()})")

    override fun deleteEmptyFolders(): List<Int> = selectAndDelete(FavoritesSql.EMPTY_FOLDERS)

    override fun deleteBadAppPairs(): List<Int> = selectAndDelete(FavoritesSql.BAD_APP_PAIRS)

    override fun deleteUnparentedApps(): List<Int> = selectAndDelete(FavoritesSql.UNPARENTED)

    override fun appWidgetIds(): Set<Int> = ids(FavoritesSql.WIDGET_IDS).toHashSet()

    private fun selectAndDelete(selection: String): List<Int> =
        ids("SELECT _id FROM favorites WHERE $selection").also { if (it.isNotEmpty()) delete(it) }

    private fun ids(sql: String): List<Int> = database.rawQuery(sql, null).use { rows ->
        buildList { while (rows.moveToNext()) add(rows.getInt(0)) }
    }

    /** The columns in the order of [Column]. */
    private class Rows(private val cursor: Cursor) : FavoritesCursor {
        override fun moveToNext(): Boolean = cursor.moveToNext()

        override fun getInt(column: Column): Int = cursor.getInt(column.ordinal)

        override fun getString(column: Column): String? = cursor.getString(column.ordinal)

        override fun hasBlob(column: Column): Boolean = cursor.getBlob(column.ordinal)?.isNotEmpty() == true

        override fun close() = cursor.close()
    }
}
