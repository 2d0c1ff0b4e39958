package dev.ferrule.demo.home

import com.google.gson.JsonObject
import java.sql.Connection
import java.util.Base64

/** One row of a table, with its values as SQLite stores them; a column that is not there reads as NULL. */
internal class TableRow(private val values: Map<String, Any>) {
    fun text(column: String): String? = values[column]?.takeIf { it !is ByteArray }?.toString()

    /** A number as a cursor reads it: NULL, text and blobs are 0. */
    fun long(column: String): Long = (values[column] as? Number)?.toLong() ?: 0

    fun int(column: String): Int = long(column).toInt()

    /** Puts the value of a column into [row] as it is; NULL is left out. */
    fun copyTo(row: JsonObject, column: String) {
        when (val value = values[column]) {
            null -> {}
            is Number -> row.addProperty(column, value)
            is ByteArray -> if (column == "icon") row.addProperty(column, Base64.getEncoder().encodeToString(value))
            else -> row.addProperty(column, value.toString())
        }
    }
}

/** Reads whole tables. */
internal object TableRows {
    /** The rows of [table] by ascending `_id`. */
    fun read(connection: Connection, table: String, columns: List<String>): List<TableRow> {
        val names = columns.joinToString { "\"${it.replace("\"", "\"\"")}\"" }
        connection.createStatement().use { statement ->
            statement.executeQuery("SELECT $names FROM $table ORDER BY _id").use { rows ->
                return buildList {
                    while (rows.next()) {
                        val values = HashMap<String, Any>()
                        columns.forEachIndexed { at, column -> rows.getObject(at + 1)?.let { values[column] = it } }
                        add(TableRow(values))
                    }
                }
            }
        }
    }
}
