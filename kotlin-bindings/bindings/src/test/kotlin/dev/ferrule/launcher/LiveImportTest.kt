package dev.ferrule.launcher

import dev.ferrule.apicheck.Contender
import dev.ferrule.launcher.Homes.insert
import dev.ferrule.launcher.Homes.run
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.sql.Connection
import java.sql.SQLException

/**
 * Rows handed over from a database that legacy has open (contracts 4): it is in WAL, in the middle of a write, and another
 * process waits to write. Ferrule's SQLite is in the same process and must not touch the file.
 */
class LiveImportTest {
    @TempDir
    lateinit var folder: File

    private val file get() = File(folder, "launcher.db")

    @BeforeEach
    fun aDatabaseInWal(): Unit = Homes.create(file).use { it.run("PRAGMA journal_mode = WAL") }

    /** Legacy's side of the hand-over: its own SQLite, a connection that only reads, one statement. */
    private val source = RowSource { batch ->
        Homes.connect(file).use { connection ->
            connection.createStatement().use { statement ->
                batch.userVersion(statement.executeQuery("PRAGMA user_version").use { it.getInt(1) })
                statement.executeQuery("PRAGMA table_info(favorites)").use { rows ->
                    while (rows.next()) batch.favorites.column(rows.getString("name"), rows.getString("type"), rows.getString("dflt_value"))
                }
                statement.executeQuery("SELECT * FROM favorites ORDER BY _id").use { rows ->
                    while (rows.next()) {
                        for (column in 1..rows.metaData.columnCount) {
                            when (val value = rows.getObject(column)) {
                                null -> batch.favorites.addNull()
                                is Int -> batch.favorites.add(value.toLong())
                                is Long -> batch.favorites.add(value)
                                is Double -> batch.favorites.add(value)
                                is ByteArray -> batch.favorites.add(value)
                                else -> batch.favorites.add(value.toString())
                            }
                        }
                    }
                }
            }
        }
    }

    /** Imports into a store of its own, loads, and answers the labels. */
    private fun handedOver(): List<String?> = File.createTempFile("home", ".db", folder).let { store ->
        store.delete()
        LauncherModel.open(store, Homes.grid, Homes.NOW).use { model ->
            model.importRows(Homes.NOW, source)
            model.load(Homes.phone(1..9).build(), Homes.NOW, flags = Homes.plain).items.map { it.title }
        }
    }

    private fun Connection.add(id: Int) = insert(id, cell = id)

    @Test
    fun committedRowsOfTheLogAreSeenAndUncommittedOnesAreNot() = Homes.connect(file).use { legacy ->
        legacy.run("PRAGMA wal_autocheckpoint = 0")
        legacy.add(1)
        legacy.run("BEGIN IMMEDIATE")
        legacy.add(2)
        assertEquals(listOf<String?>("App 1"), handedOver())
        legacy.run("COMMIT")
        assertEquals(listOf<String?>("App 1", "App 2"), handedOver())
    }

    @Test
    fun anImportInTheMiddleOfAWriteKeepsLegacysLocksAndItsCommitSucceeds() = Homes.connect(file).use { legacy ->
        legacy.add(1)
        legacy.run("BEGIN IMMEDIATE")
        legacy.add(2)
        assertEquals(Contender.BUSY, Contender.ask(file))
        repeat(3) { assertEquals(listOf<String?>("App 1"), handedOver()) }
        assertEquals(Contender.BUSY, Contender.ask(file), "legacy still holds its lock")
        legacy.run("COMMIT")
        assertEquals(listOf<String?>("App 1", "App 2"), handedOver())
        assertEquals(Contender.TAKEN, Contender.ask(file))
    }

    /** The counter-proof, without which the test above could not fail: what importing the path would do. */
    @Test
    fun importingThePathInTheSameProcessWouldDropTheLocks() = Homes.connect(file).use { legacy ->
        legacy.add(1)
        legacy.run("BEGIN IMMEDIATE")
        legacy.add(2)
        assertEquals(Contender.BUSY, Contender.ask(file))
        LauncherModel.open(File(folder, "home.db"), Homes.grid, Homes.NOW).use { it.importFile(file, Homes.NOW) }
        assertEquals(Contender.TAKEN, Contender.ask(file), "closing the copied files has dropped legacy's lock")
    }

    @Test
    fun whatTheSourceThrowsComesUnchangedAndNothingIsImported() {
        LauncherModel.open(File(folder, "home.db"), Homes.grid, Homes.NOW).use { model ->
            val thrown = SQLException("legacy's own")
            assertEquals(thrown, assertThrows(SQLException::class.java) { model.importRows(Homes.NOW) { throw thrown } })
            assertEquals(0, model.load(Homes.phone(1..1).build(), Homes.NOW, flags = Homes.plain).items.size)
        }
    }
}
