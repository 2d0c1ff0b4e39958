package dev.ferrule.legacy.launcher

import dev.ferrule.apicheck.Contender
import dev.ferrule.legacy.launcher.tool.JdbcFavoritesDb
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.sql.Connection
import java.sql.DriverManager

/**
 * Rows handed over from a database that is alive (contracts 4): legacy has it open in WAL, is in the middle of a write,
 * and another process waits to write.
 *
 * Symptom that this guards against: legacy's commit failed, because somebody in its process had closed a descriptor of
 * the same file, and POSIX locks belong to the process.
 */
class LiveDatabaseTest {
    @TempDir
    lateinit var folder: File

    private val file get() = File(folder, "launcher.db")

    private fun connect(): Connection = DriverManager.getConnection("jdbc:sqlite:$file")

    private fun Connection.run(sql: String) {
        createStatement().use { it.execute(sql) }
    }

    private fun Connection.insert(id: Int) =
        run("INSERT INTO favorites (_id, itemType, container, screen, cellX, cellY) VALUES ($id, 0, -100, 0, $id, 0)")

    /** The rows that a hand-over gives: through legacy's own SQLite, on a connection that only reads. */
    private fun handOver(): List<Int> = connect().use { connection ->
        JdbcFavoritesDb(connection) { 0 }.use { rows ->
            rows.query().use { cursor -> buildList { while (cursor.moveToNext()) add(cursor.getInt(Column.ID)) } }
        }
    }

    @BeforeEach
    fun aDatabaseInWal(): Unit = connect().use { connection ->
        connection.run("PRAGMA journal_mode = WAL")
        val columns = Column.entries.joinToString { if (it == Column.ID) "_id INTEGER PRIMARY KEY" else it.sqlName }
        connection.run("CREATE TABLE favorites ($columns)")
    }

    @Test
    fun committedRowsOfTheLogAreSeenAndUncommittedOnesAreNot() = connect().use { legacy ->
        legacy.run("PRAGMA wal_autocheckpoint = 0")
        legacy.insert(1)
        legacy.run("BEGIN IMMEDIATE")
        legacy.insert(2)
        assertEquals(listOf(1), handOver())
        legacy.run("COMMIT")
        assertEquals(listOf(1, 2), handOver())
    }

    @Test
    fun aHandOverInTheMiddleOfAWriteKeepsLegacysLocksAndItsCommitSucceeds() = connect().use { legacy ->
        legacy.run("BEGIN IMMEDIATE")
        legacy.insert(1)
        assertEquals(Contender.BUSY, Contender.ask(file))
        repeat(3) { assertEquals(emptyList<Int>(), handOver()) }
        assertEquals(Contender.BUSY, Contender.ask(file), "legacy still holds its lock")
        legacy.run("COMMIT")
        assertEquals(listOf(1), handOver())
        assertEquals(Contender.TAKEN, Contender.ask(file))
    }

    /** The counter-proof, without which the test above could not fail: what Ferrule never does. */
    @Test
    fun copyingTheFilesInTheSameProcessWouldDropTheLocks() = connect().use { legacy ->
        legacy.run("BEGIN IMMEDIATE")
        legacy.insert(1)
        assertEquals(Contender.BUSY, Contender.ask(file))
        for (end in listOf("", "-wal", "-shm")) File("$file$end").copyTo(File(folder, "copy.db$end"))
        assertEquals(Contender.TAKEN, Contender.ask(file), "closing the copied files has dropped legacy's lock")
    }
}
