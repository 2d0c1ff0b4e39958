package dev.ferrule.demo.home

import dev.ferrule.guard.Answerer
import dev.ferrule.guard.CandidateFactory
import java.nio.file.Files
import java.nio.file.Path
import java.sql.DriverManager

/** Databases and candidates for tests. */
internal object Homes {
    /** Launcher3's table at version 32. */
    const val AOSP: String = """
PRAGMA user_version = 32;
CREATE TABLE favorites (_id INTEGER PRIMARY KEY, title TEXT, intent TEXT, container INTEGER, screen INTEGER, cellX INTEGER,
  cellY INTEGER, spanX INTEGER, spanY INTEGER, itemType INTEGER, appWidgetId INTEGER NOT NULL DEFAULT -1, icon BLOB,
  appWidgetProvider TEXT, modified INTEGER NOT NULL DEFAULT 0, restored INTEGER NOT NULL DEFAULT 0,
  profileId INTEGER DEFAULT 0, rank INTEGER NOT NULL DEFAULT 0, options INTEGER NOT NULL DEFAULT 0,
  appWidgetSource INTEGER NOT NULL DEFAULT -1);"""

    /** Makes a database. */
    fun make(file: Path, script: String): Path {
        DriverManager.getConnection("jdbc:sqlite:$file").use { connection ->
            connection.createStatement().use { it.executeUpdate(script) }
        }
        return file
    }

    /** An app's row for [AOSP]: `(id, title, package, container, screen, x, y)`. */
    fun app(id: Int, name: String, screen: Int, x: Int, y: Int, container: Int = -100): String =
        "INSERT INTO favorites (_id, itemType, title, intent, container, screen, cellX, cellY, spanX, spanY) VALUES " +
            "($id, 0, '$name', '#Intent;component=com.example.${name.lowercase()}/.Main;end', $container, $screen, $x, $y, 1, 1);"

    /** The sample and its phone, made in [folder]. */
    fun sample(folder: Path): HomeQuestion =
        HomeFile.sample(Files.createTempDirectory(folder, "sample")).let { HomeQuestion(it, HomePhones.sample(it)) }

    /** A candidate that ends every item as legacy does, but for those that [change] ends otherwise or drops. */
    fun candidate(change: (StoredItem, FerruleEnd) -> FerruleEnd? = { _, end -> end }) =
        CandidateFactory<HomeQuestion, HomeAnswer> {
            Answerer { question ->
                val legacy = LegacyHome.answer(question)
                val ends = question.home.items.mapNotNull { item ->
                    val end = legacy.ends.getValue(item.id)
                    val code = if (end.fate == Fate.INVISIBLE) "LM_ZOMBIE_UNKNOWN_TYPE" else end.code
                    val kept = if (end.fate == Fate.SHOWN) Fate.SHOWN else Fate.HELD
                    val codes = if (end.fate == Fate.SHOWN) emptyList() else listOf("LM_HELD_INSTEAD_OF_DELETED")
                    val why = codes.firstOrNull() ?: code
                    val same = FerruleEnd(kept, end.place ?: item.place, why, codes, code, isMoved = false, emptyList())
                    change(item, same)?.let { item.id to it }
                }
                HomeAnswer(ends.toMap(), legacy.pages)
            }
        }
}
