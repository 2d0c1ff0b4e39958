package dev.ferrule.legacy.launcher.tool

import com.google.gson.JsonNull
import com.google.gson.JsonObject
import com.google.gson.JsonPrimitive
import java.sql.Connection
import java.sql.DriverManager
import java.sql.PreparedStatement
import java.sql.Types
import java.util.Base64

/** A real SQLite database in memory with the rows of a case, in their order of insertion. */
class CaseDatabase : AutoCloseable {
    val connection: Connection = DriverManager.getConnection("jdbc:sqlite::memory:")
    val favorites: JdbcFavoritesDb
    private val insert: PreparedStatement
    private val dump: PreparedStatement

    init {
        connection.createStatement().use { it.executeUpdate(CREATE_TABLE) }
        favorites = JdbcFavoritesDb(connection) { 0L }
        insert = connection.prepareStatement(
            "INSERT INTO favorites (${COLUMNS.joinToString()}) VALUES (${COLUMNS.joinToString { "?" }})",
        )
        dump = connection.prepareStatement("SELECT ${COLUMNS.joinToString()} FROM favorites ORDER BY _id")
    }

    /** Replaces all rows. A column that a row does not name gets the table's default. */
    fun fill(rows: List<JsonObject>) {
        connection.autoCommit = false
        connection.createStatement().use { it.executeUpdate("DELETE FROM favorites") }
        for (row in rows) {
            if (COLUMNS.all(row::has)) insertAll(row) else insertSome(row)
        }
        connection.commit()
        connection.autoCommit = true
    }

    private fun insertAll(row: JsonObject) {
        COLUMNS.forEachIndexed { index, column -> bind(insert, index + 1, column, row) }
        insert.executeUpdate()
    }

    private fun insertSome(row: JsonObject) {
        val named = COLUMNS.filter(row::has)
        val sql = "INSERT INTO favorites (${named.joinToString()}) VALUES (${named.joinToString { "?" }})"
        connection.prepareStatement(sql).use { statement ->
            named.forEachIndexed { index, column -> bind(statement, index + 1, column, row) }
            statement.executeUpdate()
        }
    }

    private fun bind(statement: PreparedStatement, index: Int, column: String, row: JsonObject) {
        val value = row.get(column)
        when {
            value == null || value is JsonNull -> statement.setNull(index, Types.NULL)
            column == "icon" -> statement.setBytes(index, Base64.getDecoder().decode(value.asString))
            (value as JsonPrimitive).isNumber -> statement.setLong(index, value.asLong)
            else -> statement.setString(index, value.asString)
        }
    }

    /** All rows by id, columns without `modified` and `icon`. */
    fun snapshot(): Map<Int, Map<String, Any?>> = dump.executeQuery().use { rows ->
        val result = LinkedHashMap<Int, Map<String, Any?>>()
        while (rows.next()) {
            val columns = LinkedHashMap<String, Any?>()
            for (column in COMPARED) columns[column] = rows.getObject(column)
            result[rows.getInt("_id")] = columns
        }
        result
    }

    override fun close() {
        insert.close()
        dump.close()
        favorites.close()
        connection.close()
    }

    companion object {
        private val COLUMNS = listOf(
            "_id", "title", "intent", "container", "screen", "cellX", "cellY", "spanX", "spanY", "itemType", "appWidgetId",
            "icon", "appWidgetProvider", "modified", "restored", "profileId", "rank", "options", "appWidgetSource",
        )
        private val COMPARED = COLUMNS - setOf("modified", "icon")

        /** Schema version 32 (launcher-model A.1). */
        const val CREATE_TABLE: String = "CREATE TABLE favorites (_id INTEGER PRIMARY KEY, title TEXT, intent TEXT, " +
            "container INTEGER, screen INTEGER, cellX INTEGER, cellY INTEGER, spanX INTEGER, spanY INTEGER, " +
            "itemType INTEGER, appWidgetId INTEGER NOT NULL DEFAULT -1, icon BLOB, appWidgetProvider TEXT, " +
            "modified INTEGER NOT NULL DEFAULT 0, restored INTEGER NOT NULL DEFAULT 0, profileId INTEGER DEFAULT 0, " +
            "rank INTEGER NOT NULL DEFAULT 0, options INTEGER NOT NULL DEFAULT 0, " +
            "appWidgetSource INTEGER NOT NULL DEFAULT -1)"
    }
}
