package dev.ferrule.apicheck

import java.io.File
import java.sql.DriverManager
import java.sql.SQLException
import java.util.concurrent.TimeUnit

/**
 * Another process that wants to write to a database: tries to begin a write once and prints [TAKEN], or [BUSY] where
 * somebody holds the lock. It changes nothing. Locks of POSIX files are a process's, so only another one meets them.
 */
public object Contender {
    /** The lock was free. */
    public const val TAKEN: String = "taken"

    /** Somebody else writes. */
    public const val BUSY: String = "busy"

    /** SQLite's code for a lock that is held. */
    private const val SQLITE_BUSY = 5

    /** What it says of [database], run with [classPath], which has SQLite for a workstation. */
    public fun ask(database: File, classPath: String = System.getProperty("java.class.path")): String {
        val java = File(System.getProperty("java.home"), "bin/java").path
        val process = ProcessBuilder(java, "-cp", classPath, Contender::class.java.name, database.path)
            .redirectError(ProcessBuilder.Redirect.DISCARD).start()
        val said = process.inputStream.bufferedReader().readText().trim()
        // It has closed its output, so it is at its end; only a machine that stands still is waited for.
        check(process.waitFor(15, TimeUnit.MINUTES) && process.exitValue() == 0) { "the other process failed: $said" }
        return said
    }

    /** @param arguments the database's path */
    @JvmStatic
    public fun main(arguments: Array<String>) {
        DriverManager.getConnection("jdbc:sqlite:${arguments.single()}").use { connection ->
            connection.createStatement().use { statement ->
                statement.execute("PRAGMA busy_timeout = 0")
                try {
                    statement.execute("BEGIN IMMEDIATE")
                    statement.execute("ROLLBACK")
                    println(TAKEN)
                } catch (error: SQLException) {
                    if (error.errorCode and 0xff != SQLITE_BUSY) throw error
                    println(BUSY)
                }
            }
        }
    }
}
