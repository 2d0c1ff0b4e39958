package dev.ferrule.legacy.launcher.tool

import dev.ferrule.legacy.launcher.Column
import dev.ferrule.legacy.launcher.FavoritesCursor
import dev.ferrule.legacy.launcher.FavoritesDb
import dev.ferrule.legacy.launcher.FavoritesSql
import java.sql.Connection
import java.sql.PreparedStatement
import java.sql.ResultSet

/**
 * The rows of a SQLite database through JDBC, with prepared statements that live as long as the object.
 *
 * @param connection an open connection; the caller closes it after this object
 * @param now time for the column `modified` in milliseconds
 */
class JdbcFavoritesDb(private val connection: Connection, private val now: () -> Long) : FavoritesDb, AutoCloseable {
    private val statements = HashMap<String, PreparedStatement>()
    private val queryAll = "SELECT ${Column.entries.joinToString { it.sqlName }} FROM favorites"

    private fun prepared(sql: String): PreparedStatement = statements.getOrPut(sql) { connection.prepareStatement(sql) }

    override fun query(): FavoritesCursor = JdbcCursor(prepared(queryAll).executeQuery())

    override fun update(id: Int, values: Map<String, Any?>) {
        val statement = prepared("UPDATE favorites SET ${values.keys.joinToString { "$it = ?" }}, modified = ? WHERE _id = ?")
        var index = 0
        for (value in values.values) statement.setObject(++index, value)
        statement.setLong(++index, now())
        statement.setInt(++index, id)
        statement.executeUpdate()
    }

    override fun delete(ids: List<Int>) {
        connection.createStatement().use { it.executeUpdate("DELETE FROM favorites WHERE _id IN (${ids.joinToString()})") }
    }

    override fun clearRestored(ids: List<Int>) {
        val sql = "UPDATE favorites SET restored = 0 WHERE _id IN (${ids.joinToString()})"
        connection.createStatement().use { it.executeUpdate(sql) }
    }

    override fun deleteEmptyFolders(): List<Int> = selectAndDelete(FavoritesSql.EMPTY_FOLDERS)

    override fun deleteBadAppPairs(): List<Int> = selectAndDelete(FavoritesSql.BAD_APP_PAIRS)

    override fun deleteUnparentedApps(): List<Int> = selectAndDelete(FavoritesSql.UNPARENTED)

    override fun appWidgetIds(): Set<Int> = ids(FavoritesSql.WIDGET_IDS).toHashSet()

    private fun selectAndDelete(selection: String): List<Int> {
        val found = ids("SELECT _id FROM favorites WHERE $selection")
        if (found.isNotEmpty()) delete(found)
        return found
    }

    private fun ids(sql: String): List<Int> = prepared(sql).executeQuery().use { rows ->
        buildList { while (rows.next()) add(rows.getLong(1).toInt()) }
    }

    override fun close() {
        statements.values.forEach(PreparedStatement::close)
        statements.clear()
    }

    private class JdbcCursor(private val rows: ResultSet) : FavoritesCursor {
        override fun moveToNext(): Boolean = rows.next()

        override fun getInt(column: Column): Int = rows.getLong(column.ordinal + 1).toInt()

        override fun getString(column: Column): String? = rows.getString(column.ordinal + 1)

        override fun hasBlob(column: Column): Boolean = rows.getBytes(column.ordinal + 1)?.isNotEmpty() == true

        override fun close(): Unit = rows.close()
    }
}
