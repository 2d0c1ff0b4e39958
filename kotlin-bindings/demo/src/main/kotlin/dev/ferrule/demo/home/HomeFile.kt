package dev.ferrule.demo.home

import dev.ferrule.demo.UnreadableInput
import java.io.IOException
import java.nio.file.AccessDeniedException
import java.nio.file.Files
import java.nio.file.NoSuchFileException
import java.nio.file.Path
import java.sql.Connection
import java.sql.DriverManager
import java.sql.SQLException
import kotlin.io.path.exists
import kotlin.io.path.isDirectory
import kotlin.io.path.isRegularFile
import kotlin.io.path.name

/**
 * Reads a launcher's database: the sample, or a file that somebody names.
 *
 * Invariant: a file of somebody's is copied with what SQLite keeps beside it, and only the copy is opened.
 */
internal object HomeFile {
    private const val SAMPLE = "/home-miui/launcher4x6.sql"
    private const val SAMPLE_FILE = "launcher4x6.db"
    private const val FILE_MAX_BYTES = 256L shl 20
    private val beside = listOf("-wal", "-shm", "-journal")
    private val needed = listOf("_id", "intent", "container", "screen", "cellX", "cellY", "itemType")

    /** Makes the project's sample in [folder] and reads it. */
    fun sample(folder: Path): StoredHome {
        val script = checkNotNull(HomeFile::class.java.getResourceAsStream(SAMPLE)) { "the sample is not on the class path" }
            .use { it.readBytes().decodeToString() }
        val file = folder.resolve(SAMPLE_FILE)
        open(file).use { connection -> connection.createStatement().use { it.executeUpdate(script) } }
        return read(file, "A sample home screen")
    }

    /**
     * Reads a copy of [path], made in [folder].
     *
     * @throws UnreadableInput if it is not there, may not be read or is no launcher's database
     */
    fun at(path: Path, folder: Path): StoredHome {
        val copy = folder.resolve(path.name)
        try {
            copy(path, copy)
        } catch (_: NoSuchFileException) {
            throw UnreadableInput("$path", "no such file or folder")
        } catch (_: AccessDeniedException) {
            throw UnreadableInput("$path", "permission denied")
        } catch (failure: IOException) {
            throw UnreadableInput("$path", failure.message ?: failure.javaClass.simpleName)
        }
        return try {
            read(copy, path.name)
        } catch (failure: SQLException) {
            // The driver puts SQLite's name of the error before its words.
            val words = failure.message.orEmpty().substringAfterLast("] ").trim('(', ')')
            throw UnreadableInput("$path", "SQLite cannot read it: $words")
        } catch (unreadable: UnreadableInput) {
            throw UnreadableInput("$path", unreadable.why)
        }
    }

    private fun copy(path: Path, copy: Path) {
        if (path.isDirectory()) throw UnreadableInput("$path", "this is a folder; name the database in it")
        if (path.exists() && !path.isRegularFile()) throw UnreadableInput("$path", "not a file")
        val bytes = Files.size(path)
        if (bytes > FILE_MAX_BYTES) throw UnreadableInput("$path", "$bytes bytes, more than $FILE_MAX_BYTES")
        Files.copy(path, copy)
        for (ending in beside) {
            val side = path.resolveSibling(path.name + ending)
            if (side.isRegularFile()) Files.copy(side, copy.resolveSibling(copy.name + ending))
        }
    }

    private fun open(file: Path): Connection = DriverManager.getConnection("jdbc:sqlite:$file")

    private fun read(file: Path, name: String): StoredHome = open(file).use { connection ->
        val columns = columns(connection, "favorites")
        if (columns.isEmpty()) throw UnreadableInput("$file", "no table favorites in it: this is no launcher's database")
        val lacking = needed.filter { it !in columns }
        if (lacking.isNotEmpty()) throw UnreadableInput("$file", "its table favorites lacks ${lacking.joinToString()}")
        val screens = columns(connection, "screens")
        val version = connection.createStatement().use { statement ->
            statement.executeQuery("PRAGMA user_version").use { it.getInt(1) }
        }
        val favorites = TableRows.read(connection, "favorites", columns)
        if ("screenOrder" in screens || MiuiTable.columns.any { it in columns }) {
            val listed = if ("screenOrder" in screens) TableRows.read(connection, "screens", screens) else emptyList()
            MiuiTable(favorites, listed).home(name, file, "MIUI, version $version")
        } else {
            val ranks = columns(connection, "workspaceScreens")
            val listed = if ("screenRank" in ranks) TableRows.read(connection, "workspaceScreens", ranks) else emptyList()
            AospTable(favorites, listed).home(name, file, "Launcher3, version $version")
        }
    }

    private fun columns(connection: Connection, table: String): List<String> =
        connection.createStatement().use { statement ->
            statement.executeQuery("SELECT name FROM pragma_table_info('$table')").use { rows ->
                buildList { while (rows.next()) add(rows.getString(1)) }
            }
        }
}
