package dev.ferrule.android.home

import java.sql.DriverManager
import java.sql.SQLException

/** Tries to begin a write once, from a process of its own, and prints whether it could; changes nothing. */
internal object OtherProcess {
    private const val SQLITE_BUSY = 5

    @JvmStatic
    fun main(arguments: Array<String>) {
        DriverManager.getConnection("jdbc:sqlite:${arguments.single()}").use { connection ->
            connection.createStatement().use { statement ->
                statement.execute("PRAGMA busy_timeout = 0")
                try {
                    statement.execute("BEGIN IMMEDIATE")
                    statement.execute("ROLLBACK")
                    println("taken")
                } catch (error: SQLException) {
                    if (error.errorCode and 0xff != SQLITE_BUSY) throw error
                    println("busy")
                }
            }
        }
    }
}
