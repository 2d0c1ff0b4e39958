package dev.ferrule.android.home

import android.database.Cursor
import android.database.CursorWindow
import android.database.sqlite.SQLiteBlobTooBigException
import android.database.sqlite.SQLiteCursor
import android.database.sqlite.SQLiteDatabase
import android.database.sqlite.SQLiteException
import dev.ferrule.launcher.RowBatch
import dev.ferrule.launcher.RowSource
import dev.ferrule.launcher.RowTable

/**
 * Hands over the rows of the database that legacy has open, through legacy's own [database] object (contracts 4).
 *
 * It opens no file: whoever closes one would drop every lock that the process holds on it. It writes nothing and begins
 * no transaction, so legacy may be in the middle of one on another thread: where the database is in WAL, only what is
 * committed comes; where it is not, the read waits for that thread as every read of Android's does.
 *
 * All rows come from one run of one statement and so from one moment, whatever their size: a cursor of Android's own
 * size would run it again for each window full of rows, and see another moment each time.
 *
 * ```kotlin
 * model.importRows(now, SqliteRowSource(launcherProvider.database))
 * ```
 */
public class SqliteRowSource(private val database: SQLiteDatabase) : RowSource {
    /**
     * Reads `favorites` and, where there is one, the table of pages. A database without `favorites` gives no columns, and
     * the import then says that it is no launcher's.
     *
     * @throws IllegalStateException if this thread is in a transaction of the database: what it has not committed would
     *   come along
     * @throws SQLiteException as legacy's own reads do; or if the tables change faster than they can be read, or hold more
     *   than [MOST_BYTES]
     */
    override fun read(batch: RowBatch) {
        check(!database.inTransaction()) { "rows are read outside the thread's own transactions" }
        repeat(ATTEMPTS) {
            val before = shape()
            rows(before).use { cursor ->
                // Only a launcher that upgrades its tables at this moment changes them.
                if (shape() == before) return before.fill(batch, cursor)
            }
        }
        throw SQLiteException("the tables of the launcher's database change while they are read")
    }

    /** All rows of both tables in one window: the number of the table, then its columns. */
    private fun rows(shape: Shape): SQLiteCursor {
        var bytes = LEAST_BYTES
        while (true) {
            // Whatever cursor legacy's own factory would make.
            val factory = SQLiteDatabase.CursorFactory { _, driver, table, query -> SQLiteCursor(driver, table, query) }
            val cursor = database.rawQueryWithFactory(factory, shape.query(), null, "") as SQLiteCursor
            var isWhole = false
            try {
                cursor.window = CursorWindow("ferrule rows", bytes)
                isWhole = try {
                    cursor.count == cursor.window.numRows
                } catch (_: SQLiteBlobTooBigException) {
                    false
                }
                if (isWhole) return cursor
            } finally {
                if (!isWhole) cursor.close()
            }
            if (bytes >= MOST_BYTES) throw SQLiteException("the rows of the launcher's database take more than $bytes bytes")
            bytes *= GROWTH
        }
    }

    /** What the tables look like. Only statements that begin with SELECT: for others Android wants the writing connection. */
    private fun shape(): Shape {
        val version = select("SELECT user_version FROM pragma_user_version") { it.getInt(0) }.single()
        val favorites = columns("favorites")
        val screens = PAGE_TABLES.map(::columns).firstOrNull { it.columns.isNotEmpty() } ?: Table(PAGE_TABLES[0], emptyList())
        return Shape(version, favorites, screens)
    }

    private fun columns(table: String) = Table(
        table,
        select("SELECT name, type, dflt_value FROM pragma_table_info('$table') ORDER BY cid") {
            Column(it.getString(0), it.getString(1).orEmpty(), it.getString(2))
        },
    )

    private fun <T> select(query: String, read: (Cursor) -> T): List<T> = database.rawQuery(query, null).use { cursor ->
        List(cursor.count) {
            cursor.moveToNext()
            read(cursor)
        }
    }

    private data class Column(val name: String, val type: String, val default: String?)

    private data class Table(val name: String, val columns: List<Column>) {
        fun select(number: Int, width: Int): String {
            val names = columns.map { "\"" + it.name.replace("\"", "\"\"") + "\"" }
            return "SELECT $number," + (names + List(width - names.size) { "NULL" }).joinToString(",") + " FROM $name"
        }

        fun describe(table: RowTable) {
            for (column in columns) table.column(column.name, column.type, column.default)
        }
    }

    private data class Shape(val version: Int, val favorites: Table, val screens: Table) {
        private val tables get() = listOf(favorites, screens).filter { it.columns.isNotEmpty() }

        fun query(): String {
            val width = maxOf(1, tables.maxOfOrNull { it.columns.size } ?: 0)
            val parts = tables.map { it.select(if (it === favorites) FAVORITES else SCREENS, width) }
            return if (parts.isEmpty()) "SELECT NULL WHERE 0" else parts.joinToString(" UNION ALL ")
        }

        fun fill(batch: RowBatch, cursor: Cursor) {
            batch.userVersion(version)
            favorites.describe(batch.favorites)
            screens.describe(batch.screens)
            while (cursor.moveToNext()) {
                val isFavorite = cursor.getInt(0) == FAVORITES
                val table = if (isFavorite) batch.favorites else batch.screens
                for (column in 1..(if (isFavorite) favorites else screens).columns.size) table.add(cursor, column)
            }
        }

        /** The value as it is stored, of whatever type. */
        private fun RowTable.add(cursor: Cursor, column: Int) = when (cursor.getType(column)) {
            Cursor.FIELD_TYPE_NULL -> addNull()
            Cursor.FIELD_TYPE_INTEGER -> add(cursor.getLong(column))
            Cursor.FIELD_TYPE_FLOAT -> add(cursor.getDouble(column))
            Cursor.FIELD_TYPE_BLOB -> add(cursor.getBlob(column) ?: ByteArray(0))
            else -> add(cursor.getString(column).orEmpty())
        }
    }

    public companion object {
        /** The most that the rows of a launcher may take: 64 MiB, some thousand icons. */
        public const val MOST_BYTES: Long = 64L shl 20

        /** What a cursor of Android has. */
        private const val LEAST_BYTES = 2L shl 20
        private const val GROWTH = 2
        private const val ATTEMPTS = 3
        private const val FAVORITES = 0
        private const val SCREENS = 1

        /** AOSP's of 12 to 27, and MIUI's. */
        private val PAGE_TABLES = listOf("workspaceScreens", "screens")
    }
}
