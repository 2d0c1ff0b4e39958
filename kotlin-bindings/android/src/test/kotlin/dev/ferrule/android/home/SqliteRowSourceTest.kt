package dev.ferrule.android.home

import android.database.sqlite.SQLiteDatabase
import dev.ferrule.android.OnAndroid
import dev.ferrule.android.home.Homes.app
import dev.ferrule.apicheck.Contender
import dev.ferrule.bindings.FerruleException
import dev.ferrule.launcher.ModelExportFormat
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.annotation.Config
import java.io.File
import java.net.URI
import java.util.concurrent.Callable
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit

/** Rows from a database that legacy has open: in WAL, in the middle of a write, with another process waiting (contracts 4). */
@Config(sdk = [28, 33, 34, 35])
class SqliteRowSourceTest : OnAndroid() {
    private val file get() = File(folder, "launcher.db")

    /** Legacy's own thread, which holds its transactions. */
    private val legacyThread: ExecutorService = Executors.newSingleThreadExecutor()

    private fun onLegacyThread(block: () -> Unit) {
        legacyThread.submit(Callable { block() }).get()
    }

    private fun live(block: (SQLiteDatabase) -> Unit): Unit = Homes.create(file).use { legacy ->
        assertTrue(legacy.enableWriteAheadLogging())
        try {
            block(legacy)
        } finally {
            legacyThread.shutdown()
            legacyThread.awaitTermination(1, TimeUnit.MINUTES)
        }
    }

    /** The folder or jar that has a class; a sandbox's class loader does not tell where its own classes are from. */
    private fun home(name: String): String {
        val file = name.replace('.', '/') + ".class"
        val url = checkNotNull(javaClass.classLoader.getResource(file)).toString()
        return URI(url.removeSuffix(file).removePrefix("jar:").removeSuffix("!/")).path
    }

    private fun otherProcess(): String {
        val needed = listOf(Contender::class.java.name, "org.sqlite.JDBC", "kotlin.Unit")
        return Contender.ask(file, needed.joinToString(File.pathSeparator, transform = ::home))
    }

    @Test
    fun `committed rows of the log are seen, uncommitted ones are not, and legacy's commit succeeds`() = live { legacy ->
        legacy.app(1)
        onLegacyThread {
            legacy.beginTransactionNonExclusive()
            legacy.app(2)
        }
        assertEquals(Contender.BUSY, otherProcess())
        repeat(3) { assertEquals(listOf("App 1"), Homes.titles(folder, SqliteRowSource(legacy))) }
        assertEquals("legacy still holds its lock", Contender.BUSY, otherProcess())
        onLegacyThread {
            legacy.setTransactionSuccessful()
            legacy.endTransaction()
        }
        assertEquals(listOf("App 1", "App 2"), Homes.titles(folder, SqliteRowSource(legacy)))
        assertEquals(Contender.TAKEN, otherProcess())
    }

    @Test
    fun `a thread in the middle of its own transaction is refused`() = live { legacy ->
        legacy.beginTransaction()
        try {
            legacy.app(1)
            assertThrows(IllegalStateException::class.java) { Homes.titles(folder, SqliteRowSource(legacy)) }
        } finally {
            legacy.endTransaction()
        }
        assertEquals(emptyList<String>(), Homes.titles(folder, SqliteRowSource(legacy)))
    }

    /** A cursor of Android's own size runs its statement anew for each window, and would see what came in between. */
    @Test
    fun `rows that take many windows come from one moment`() = live { legacy ->
        val icon = ByteArray(700_000) { it.toByte() }
        for (id in 1..9) legacy.app(id, "icon" to icon)
        assertEquals((1..9).map { "App $it" }, Homes.titles(folder, SqliteRowSource(legacy)))
    }

    @Test
    fun `an icon larger than a window comes whole`() = live { legacy ->
        val icon = ByteArray(3_000_000) { (it * 7).toByte() }
        legacy.app(1, "icon" to icon)
        val out = File(folder, "out.db")
        Homes.imported(folder, SqliteRowSource(legacy)) { it.control.export(ModelExportFormat.FAVORITES, out) }
        SQLiteDatabase.openDatabase(out.path, null, SQLiteDatabase.OPEN_READWRITE).use { exported ->
            exported.rawQueryWithFactory(null, "SELECT length(icon), substr(icon, 2999000) FROM favorites", null, "").use {
                assertTrue(it.moveToFirst())
                assertEquals(3_000_000, it.getInt(0))
                assertArrayEquals(icon.copyOfRange(2_998_999, icon.size), it.getBlob(1))
            }
        }
    }

    @Test
    fun `values keep their type and unknown columns come along`() = live { legacy ->
        legacy.execSQL("ALTER TABLE favorites ADD COLUMN \"of a \"\"vendor\"\"\" TEXT DEFAULT 'x'")
        legacy.app(1, "title" to "Ünïcode 😀", "icon" to ByteArray(0))
        legacy.execSQL("UPDATE favorites SET cellX = 2.0, intent = NULL, itemType = 2, \"of a \"\"vendor\"\"\" = 'kept'")
        assertEquals(listOf("Ünïcode 😀"), Homes.titles(folder, SqliteRowSource(legacy)))
    }

    @Test
    fun `a table of pages comes with the rows`() = live { legacy ->
        legacy.version = 26
        legacy.execSQL("CREATE TABLE workspaceScreens (_id INTEGER PRIMARY KEY, screenRank INTEGER, modified INTEGER)")
        legacy.execSQL("INSERT INTO workspaceScreens VALUES (7, 0, 0), (3, 1, 0)")
        legacy.app(1, "screen" to 7)
        legacy.app(2, "screen" to 3)
        val screens = Homes.imported(folder, SqliteRowSource(legacy)) { it.load(Homes.phone(1..2), Homes.NOW, flags = Homes.plain).screens }
        assertEquals(2, screens.size)
    }

    @Test
    fun `a database without favorites is refused by the import and not by the reading`() = live { legacy ->
        legacy.execSQL("DROP TABLE favorites")
        assertThrows(FerruleException::class.java) { Homes.titles(folder, SqliteRowSource(legacy)) }
    }
}
