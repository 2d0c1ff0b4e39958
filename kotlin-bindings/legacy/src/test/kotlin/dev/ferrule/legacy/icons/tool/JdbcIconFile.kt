package dev.ferrule.legacy.icons.tool

import dev.ferrule.legacy.icons.IconConnection
import dev.ferrule.legacy.icons.IconFile
import dev.ferrule.legacy.icons.IconRows
import dev.ferrule.legacy.icons.IconSqlException
import org.sqlite.SQLiteErrorCode
import org.sqlite.SQLiteException
import java.io.File
import java.sql.Connection
import java.sql.DriverManager
import java.sql.PreparedStatement
import java.sql.ResultSet
import java.sql.SQLException

/**
 * A SQLite file through JDBC, with prepared statements that live as long as the connection.
 *
 * @param path the file
 * @param pragmas run at every opening, such as `journal_mode=WAL`
 */
class JdbcIconFile(private val path: File, private val pragmas: List<String> = emptyList()) : IconFile {
    /** Selects of one row so far. */
    var singleReads: Int = 0
        private set

    private var current: JdbcConnection? = null

    override fun open(): IconConnection = translated {
        val connection = DriverManager.getConnection("jdbc:sqlite:$path")
        var done = false
        try {
            connection.createStatement().use { statement ->
                pragmas.forEach { statement.execute("PRAGMA $it") }
                // Android keeps the locale in every file.
                statement.execute("CREATE TABLE IF NOT EXISTS android_metadata (locale TEXT)")
            }
            JdbcConnection(connection).also {
                current = it
                done = true
            }
        } finally {
            if (!done) connection.close()
        }
    }

    override fun delete() {
        for (suffix in listOf("", "-journal", "-wal", "-shm")) File("$path$suffix").delete()
    }

    /** Runs a pragma on the connection that is open; its first result, or null. */
    fun pragma(text: String): String? = current?.pragma(text)

    private inner class JdbcConnection(private val connection: Connection) : IconConnection {
        private val prepared = HashMap<String, PreparedStatement>()

        override var version: Int
            get() = translated { pragma("user_version")!!.toInt() }
            set(value) = execute("PRAGMA user_version = $value")

        fun pragma(text: String): String? = connection.createStatement().use { statement ->
            if (!statement.execute("PRAGMA $text")) return null
            statement.resultSet.use { if (it.next()) it.getString(1) else null }
        }

        override fun execute(sql: String) = translated { connection.createStatement().use { it.execute(sql) } }.let {}

        override fun update(sql: String, values: List<Any?>) = translated {
            val statement = bound(sql, values)
            try {
                statement.executeUpdate()
            } catch (error: SQLException) {
                // After an error it would fail for ever.
                prepared.remove(sql)
                statement.close()
                throw error
            }
        }.let {}

        override fun query(sql: String, values: List<Any?>): IconRows = translated {
            if (sql.contains("WHERE componentName = ?")) singleReads++
            JdbcRows(bound(sql, values).executeQuery())
        }

        private fun bound(sql: String, values: List<Any?>): PreparedStatement {
            val statement = prepared.getOrPut(sql) { connection.prepareStatement(sql) }
            values.forEachIndexed { index, value -> statement.setObject(index + 1, value) }
            return statement
        }

        override fun close() {
            if (current === this) current = null
            connection.close()
        }
    }

    private class JdbcRows(private val rows: ResultSet) : IconRows {
        override fun next(): Boolean = translated { rows.next() }

        /** As on Android, bytes are no text. */
        override fun string(column: Int): String? = translated {
            val value = rows.getObject(column + 1)
            if (value is ByteArray) throw SQLException("Unable to convert BLOB to string")
            value?.toString()
        }

        override fun long(column: Int): Long = translated { rows.getLong(column + 1) }

        override fun bytes(column: Int): ByteArray? = translated { rows.getBytes(column + 1) }

        override fun close() = rows.close()
    }

    private companion object {
        fun <T> translated(action: () -> T): T = try {
            action()
        } catch (error: SQLException) {
            val code = (error as? SQLiteException)?.resultCode
            val kind = when (code) {
                SQLiteErrorCode.SQLITE_FULL -> IconSqlException.Kind.FULL
                SQLiteErrorCode.SQLITE_READONLY -> IconSqlException.Kind.READ_ONLY
                SQLiteErrorCode.SQLITE_NOTADB, SQLiteErrorCode.SQLITE_CORRUPT -> IconSqlException.Kind.CORRUPT
                else -> IconSqlException.Kind.OTHER
            }
            throw IconSqlException(kind, error)
        }
    }
}
