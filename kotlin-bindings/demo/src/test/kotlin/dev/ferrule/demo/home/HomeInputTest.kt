package dev.ferrule.demo.home

import dev.ferrule.demo.DemoRun
import dev.ferrule.demo.PageCheck
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path
import java.sql.DriverManager

/** What the program does with the databases that it is given, good and bad. */
class HomeInputTest {
    @TempDir
    lateinit var folder: Path

    @BeforeEach
    fun library() = DemoRun.requireLibrary()

    private fun run(vararg words: Any): DemoRun = DemoRun.of(folder, *words.map { "$it" }.toTypedArray())

    private fun assertUnusable(run: DemoRun, vararg named: String) {
        assertEquals(2, run.code, run.out)
        for (name in named) assertTrue(name in run.err, run.err)
        assertEquals("", run.out, "nothing half done")
    }

    private fun aosp(vararg rows: String, name: String = "launcher.db"): Path =
        Homes.make(folder.resolve(name), Homes.AOSP + rows.joinToString("\n"))

    private fun write(name: String, text: String): Path = Files.writeString(folder.resolve(name), text)

    @Test
    fun `what is no launcher's database is named with its cause`() {
        val half = Files.readAllBytes(aosp(*Array(200) { Homes.app(it + 1, "A$it", it, 0, 0) }, name = "whole.db"))
        Files.write(folder.resolve("half.db"), half.copyOf(half.size / 3))
        Files.createDirectory(folder.resolve("databases"))
        val text = "this is no database, but a text that is long enough to be read as the header of one. ".repeat(9)
        for ((path, cause) in listOf(
            folder.resolve("no.db") to "no such file or folder",
            folder.resolve("databases") to "this is a folder",
            write("text.db", text) to "SQLite cannot read it",
            write("empty.db", "") to "no table favorites",
            Homes.make(folder.resolve("other.db"), "CREATE TABLE notes (a)") to "no table favorites",
            Homes.make(folder.resolve("browser.db"), "CREATE TABLE favorites (_id, url)") to "its table favorites lacks intent, container",
            folder.resolve("half.db") to "SQLite cannot read it",
        )) {
            assertUnusable(run("--db", path), "cannot read $path: $cause")
        }
    }

    @Test
    fun `every unreadable input is named, not only the first`() {
        val words = listOf("--props" to "no.prop", "--db" to "no.db", "--packages" to "no.json")
        val run = run(*words.flatMap { (name, file) -> listOf(name, folder.resolve(file)) }.toTypedArray())
        assertUnusable(run, "no.prop", "no.db", "no.json")
    }

    @Test
    fun `a description of a phone that makes no sense is named`() {
        val db = aosp(Homes.app(1, "Mail", 0, 0, 0))
        for ((text, cause) in listOf(
            "{" to "this is no JSON",
            "{}" to "it has no object \"platform\"",
            "{\"platform\": []}" to "it has no object \"platform\"",
            "{\"platform\": {\"profiles\": [{}]}, \"grid\": {\"cols\": 0}}" to "\"grid\" needs cols, rows and hotseat",
            "{\"platform\": {}}" to "it needs at least one profile",
            "{\"platform\": {\"profiles\": [7]}}" to "it is not in the form of ferrule model load --input",
            "{\"platform\": {\"profiles\": [{}], \"packages\": [{\"serial\": \"x\"}]}}" to "it is not in the form",
            "package:com.example.mail\nhello" to "line 2 is neither JSON nor package:NAME",
            "" to "it lists no package",
        )) {
            assertUnusable(run("--db", db, "--packages", write("phone.txt", text)), "phone.txt: $cause")
        }
    }

    @Test
    fun `usage errors say what is wrong`() {
        val db = aosp()
        for ((words, told) in listOf(
            listOf("--db") to "--db needs a path",
            listOf("--db", db, "--db", db) to "--db can be given once",
            listOf("--grid", "4x6/5") to "--grid says something about a --db",
            listOf("--packages", db) to "--packages says something about a --db",
            listOf("--db", db, "--grid", "4x6") to "--grid: 4x6 has not the form COLSxROWS/DOCK",
            listOf("--db", db, "--grid", "0x6/5") to "--grid: 0x6/5 has not the form",
            listOf("--db", db, "--grid", "4x65/5") to "--grid: 4x65/5 has not the form",
            listOf("--db", db, "--grid") to "--grid needs a grid such as 4x6/5",
        )) {
            assertUnusable(run(*words.toTypedArray<Any>()), told)
        }
    }

    @Test
    fun `a home screen without a flaw is an answer without a difference`() {
        val rows = arrayOf(Homes.app(1, "Mail", 0, 0, 0), Homes.app(2, "Maps", 0, 1, 0), Homes.app(3, "Phone", 0, 0, 0, -101))
        val run = run("--db", aosp(*rows))
        assertEquals(0, run.code, run.err)
        assertTrue("Both ended alike with every item." in run.out, run.out)
        assertTrue("legacy deletes 0 items and leaves 0 invisible; Ferrule loses none." in run.out, run.out)
        assertTrue("every app is taken to be" in run.out, run.out)
        PageCheck.check(Files.readString(folder.resolve("ferrule-demo.html")))
    }

    @Test
    fun `an empty home screen is an answer`() {
        val run = run("--db", aosp())
        assertEquals(0, run.code, run.err)
        PageCheck.check(Files.readString(folder.resolve("ferrule-demo.html")))
    }

    @Test
    fun `apps that are not listed are missing`() {
        val db = aosp(Homes.app(1, "Mail", 0, 0, 0), Homes.app(2, "Maps", 0, 1, 0))
        val list = "package:com.example.mail\npackage:/data/app/base.apk=com.example.phone uid:10123\n"
        val run = run("--db", db, "--packages", write("packages.txt", list))
        assertEquals(0, run.code, run.err)
        assertTrue("legacy deletes 1 item and leaves 0 invisible; Ferrule loses none." in run.out, run.out)
        assertTrue("install or enable com.example.maps" in run.out.replace(Regex("\\s+"), " "), run.out)
    }

    @Test
    fun `the grid that is given counts`() {
        val db = aosp(Homes.app(1, "Mail", 0, 0, 0), Homes.app(2, "Maps", 0, 4, 0))
        assertTrue("legacy deletes 0 items" in run("--db", db).out)
        val narrow = run("--db", db, "--grid", "4x5/4").out
        assertTrue("legacy deletes 1 item" in narrow && "moved into the grid" in narrow, narrow)
    }

    @Test
    fun `rows of a log that is not yet in the file are seen, and the file stays as it is`() {
        val file = aosp(Homes.app(1, "Mail", 0, 0, 0))
        DriverManager.getConnection("jdbc:sqlite:$file").use { open ->
            open.createStatement().use { statement ->
                statement.execute("PRAGMA journal_mode = WAL")
                statement.execute("PRAGMA wal_autocheckpoint = 0")
                statement.executeUpdate(Homes.app(2, "Maps", 0, 1, 0))
            }
            fun files() = folder.toFile().listFiles { _, name -> name.startsWith("launcher.db") }!!.sorted().map { it.toPath() }
            val before = files().map { it to Files.readAllBytes(it) }
            val run = run("--db", file)
            assertEquals(0, run.code, run.err)
            assertTrue(": 2 items on 1 page" in run.out, run.out)
            assertEquals(before.map { it.first }, files())
            before.forEach { (path, bytes) -> assertArrayEquals(bytes, Files.readAllBytes(path), "$path") }
        }
    }

    @Test
    fun `an old file, a folder in a circle and nonsense are answers`() {
        val old = Homes.make(
            folder.resolve("launcher_old.db"),
            "PRAGMA user_version = 12; CREATE TABLE favorites (_id INTEGER PRIMARY KEY, title TEXT, intent TEXT, " +
                "container INTEGER, screen INTEGER, cellX INTEGER, cellY INTEGER, spanX INTEGER, spanY INTEGER, " +
                "itemType INTEGER, appWidgetId INTEGER NOT NULL DEFAULT -1, isShortcut INTEGER, iconType INTEGER, " +
                "iconPackage TEXT, iconResource TEXT, icon BLOB, uri TEXT, displayMode INTEGER);" + Homes.app(1, "Mail", 0, 0, 0),
        )
        val odd = aosp(
            Homes.app(1, "Mail", 0, -3, 900),
            Homes.app(2, "Maps", 7, 0, 0),
            Homes.app(3, "Music", 0, 0, 0, container = 4),
            "INSERT INTO favorites (_id, itemType, title, container, screen, cellX, cellY, spanX, spanY, intent) VALUES " +
                "(4, 2, 'Ring', 5, 0, 0, 0, 1, 1, NULL), (5, 2, 'Rang', 4, 0, 0, 0, 1, 1, NULL), " +
                "(6, 2, 'Self', 6, 0, 0, 0, 1, 1, NULL), (7, 2, '<b>&', -100, 0, 1, 1, 1, 1, NULL), " +
                "(8, 4, NULL, -100, 0, 0, 2, 99999, 2147483647, NULL), (9, 0, x'00ff', 'nowhere', 0, 0, 0, 1, 1, 'none'), " +
                "(10, 0, NULL, -101, -4, 0, 0, 1, 1, NULL);",
            name = "odd.db",
        )
        for (file in listOf(old, odd)) {
            val run = run("--db", file)
            assertEquals(0, run.code, "$file ${run.err}")
            PageCheck.check(Files.readString(folder.resolve("ferrule-demo.html")))
        }
    }
}
