package dev.ferrule.legacy.launcher.tool

import java.sql.DriverManager
import java.sql.SQLException

/**
 * Another process that wants to write to a database: tries to begin a write once and prints [TAKEN], or [BUSY] where
 * somebody holds the lock. It changes nothing.
 */
object Contender {
    /** The lock was free. */
    const val TAKEN: String = "taken"

    /** Somebody else writes. */
    const val BUSY: String = "busy"

    /** SQLite's code for a lock that is held. */
    private const val SQLITE_BUSY = 5

    /** @param arguments the database's path */
    @JvmStatic
    fun main(arguments: Array<String>) {
        DriverManager.getConnection("jdbc:sqlite:${arguments.single()}").use { connection ->
            connection.createStatement().use { statement ->
                statement.execute("PRAGMA busy_timeout = 0")
                try {
                    statement.execute("BEGIN IMMEDIATE")
                    statement.execute("ROLLBACK")
                    println(TAKEN)
                } catch (error: SQLException) {
                    if (error.errorCode != SQLITE_BUSY) throw error
                    println(BUSY)
                }
            }
        }
    }
}
