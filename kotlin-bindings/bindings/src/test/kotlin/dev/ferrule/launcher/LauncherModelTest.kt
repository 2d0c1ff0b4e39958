package dev.ferrule.launcher

import dev.ferrule.bindings.FerruleException
import dev.ferrule.bindings.InvalidInputException
import dev.ferrule.bindings.NativeBridge
import dev.ferrule.bindings.NativePanicException
import dev.ferrule.bindings.StaleHandleException
import dev.ferrule.bindings.StorageException
import dev.ferrule.launcher.Homes.insert
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.nio.ByteBuffer
import java.util.Random

/** Open, import, load and close, from a file to objects and through every failure. */
class LauncherModelTest {
    @TempDir
    lateinit var folder: File

    private val store get() = File(folder, "home.db")

    private fun open(file: File = store) = LauncherModel.open(file, Homes.grid, Homes.NOW)

    private fun code(call: () -> Unit): String = assertThrows(FerruleException::class.java) { call() }.code

    @Test
    fun anImportedHomeScreenIsLoadedToObjects() {
        val source = Homes.database(File(folder, "launcher.db"), apps = 40)
        open().use { model ->
            assertTrue(model.isCreated && model.isDefaultLayoutDue && !model.isSalvaged)
            val report = model.importFile(source, Homes.NOW)
            assertEquals("42 items on 2 pages of aosp 32", report.toString())
            val loaded = model.load(Homes.phone(0..39).build(), Homes.NOW, flags = Homes.plain)
            assertEquals(listOf(42, 0, 0, 0), listOf(loaded.items.size, loaded.held.size, loaded.quarantined.size, loaded.opaque.size))
            assertEquals(listOf(0, 1), loaded.screens)
            val folders = loaded.items.filterIsInstance<FolderInfo>()
            assertEquals(listOf(listOf("App 0", "App 1"), listOf("App 20", "App 21")), folders.map { it.contents.map(ItemInfo::title) })
            val app = loaded.items.filterIsInstance<WorkspaceItemInfo>().first { it.title == "App 7" }
            assertEquals(listOf(0, 2, 1, "com.app7"), listOf(app.screenId, app.cellX, app.cellY, app.targetComponent?.packageName))
            assertEquals(IconSource.ACTIVITY, app.iconSource)
            assertEquals(loaded, model.loaded)
        }
        // Another process, the next day.
        open().use { model ->
            assertTrue(!model.isCreated && !model.isDefaultLayoutDue)
            val again = model.load(Homes.phone(0..39).build(), Homes.NOW + 1, flags = Homes.plain)
            assertEquals(listOf(42, 0, null), listOf(again.items.size, again.changes, again.problem))
        }
    }

    @Test
    fun whatIsMissingIsHeldAndComesBack() {
        val source = Homes.database(File(folder, "launcher.db"), apps = 4)
        open().use { model ->
            model.importFile(source, Homes.NOW)
            val loaded = model.load(Homes.phone(0..2).build(), Homes.NOW, flags = Homes.plain)
            val held = loaded.held.single() as UnavailableItemInfo
            assertEquals(listOf("App 3", "LM_HELD_INSTEAD_OF_DELETED", true), listOf(held.title, held.code, held.hasPlace))
            assertEquals(listOf("install_package", "com.app3"), held.note!!.remedies.single().let { listOf(it.word, it.packageName) })
            assertEquals("LM_APP_NOT_INSTALLED_EXTERNAL_MEDIA", held.note!!.legacyCode)
            assertEquals(listOf(ComponentKey("com.app3", "com.app3.Main"), null, 0L), with(held) { listOf(targetComponent, intentPackage, user) })
            val changes = ArrayList<ModelChange>()
            model.addListener { changes += it }
            model.load(Homes.phone(0..2).build(), Homes.NOW + 1, flags = Homes.plain)
            assertEquals(0, changes.size, "nothing differs")
            val back = model.load(Homes.phone(0..3).build(), Homes.NOW + 2, flags = Homes.plain)
            assertEquals(0, back.held.size)
            assertEquals(listOf(held.id), changes.single().modified.map { it.id })
            assertTrue(changes.single().added.isEmpty() && changes.single().removed.isEmpty())
        }
    }

    /** Every database that others made is imported whole and loads the same twice. */
    @TestFactory
    fun databasesOfOthers(): List<DynamicTest> = Homes.conformance("launcher/db").filter { it.extension == "db" }.map { source ->
        dynamicTest("${source.parentFile.name}/${source.name}") {
            val rows = Homes.connect(source.copyTo(File(folder, "rows.db"), overwrite = true)).use { connection ->
                connection.createStatement().executeQuery("SELECT count(*) FROM favorites").use { it.getInt(1) }
            }
            open(File(folder, source.name + ".store")).use { model ->
                val report = model.importFile(source, Homes.NOW)
                assertEquals(rows, report.items)
                val platform = PlatformSnapshot.Builder().profile(0, 0).isSelection(true).build()
                val first = model.load(platform, Homes.NOW)
                assertEquals(rows, first.items.size)
                val second = model.load(platform, Homes.NOW)
                assertEquals(listOf(first.items, first.screens, 0), listOf(second.items, second.screens, second.changes))
            }
        }
    }

    @Test
    fun aSecondOpeningIsRefusedUntilTheFirstIsClosed() {
        val first = open()
        assertEquals("LM_STORE_LOCKED", code { open() })
        first.close()
        first.close()
        open().close()
    }

    @Test
    fun aClosedModelIsStale() {
        val model = open()
        model.close()
        for (call in listOf<() -> Unit>(
            { model.load(Homes.phone(0..1).build(), Homes.NOW) },
            { model.importFile(store, Homes.NOW) },
            { model.importRows(Homes.NOW) { } },
        )) {
            assertEquals("FFI_HANDLE_STALE", assertThrows(StaleHandleException::class.java) { call() }.code)
        }
    }

    @Test
    fun aStoreOfALaterFerruleIsLeftAsItIs() {
        open().close()
        Homes.connect(store).use { connection ->
            connection.createStatement().use { it.executeUpdate("UPDATE meta SET value = 99 WHERE key = 'min_reader'") }
        }
        val before = store.readBytes().toList()
        val error = assertThrows(StorageException::class.java) { open() }
        assertEquals("LM_STORE_TOO_NEW", error.code)
        assertEquals(store.path, error.context)
        assertEquals(before, store.readBytes().toList())
    }

    @Test
    fun diskAndSourceErrorsHaveTheirCodes() {
        assertInstanceOf(StorageException::class.java, assertThrows(FerruleException::class.java) { open(File(folder, "no/such/home.db")) })
        File(folder, "text.db").writeText("no database")
        Homes.connect(File(folder, "other.db")).use { it.createStatement().execute("CREATE TABLE other (a)") }
        open().use { model ->
            for ((name, expected) in listOf("gone.db" to "LM_SOURCE_", "text.db" to "LM_SOURCE_", "other.db" to "LM_SOURCE_")) {
                val error = assertThrows(InvalidInputException::class.java) { model.importFile(File(folder, name), Homes.NOW) }
                assertTrue(error.code.startsWith("LM_"), "$name: $error, expected $expected")
            }
            assertEquals(0, model.load(Homes.phone(0..1).build(), Homes.NOW, flags = Homes.plain).items.size)
        }
        assertEquals("FFI_ARGUMENT_INVALID", code { LauncherModel.open(File(folder, "x.db"), ModelGrid(0, 6, 5), Homes.NOW) })
    }

    @Test
    fun aDamagedStoreIsSalvaged() {
        open().use { it.importFile(Homes.database(File(folder, "launcher.db"), apps = 30), Homes.NOW) }
        store.appendBytes(ByteArray(0))
        val bytes = store.readBytes()
        bytes.fill(0, 4096 + 100, 4096 + 110)
        bytes.fill(0x5a, 24, 60)
        store.writeBytes(bytes)
        open().use { model ->
            assertTrue(model.isSalvaged)
            val loaded = model.load(Homes.phone(0..29).build(), Homes.NOW, flags = Homes.plain)
            assertEquals(32, loaded.items.size)
        }
    }

    @Test
    fun anAnswerThatDoesNotFitIsNotComputedTwice() {
        val source = Homes.database(File(folder, "launcher.db"), apps = 2_000)
        open().use { model ->
            model.importFile(source, Homes.NOW)
            // 2,000 items need more than the buffer that a model begins with; the second load has it already.
            val first = model.load(Homes.phone(0..1_999).build(), Homes.NOW, flags = Homes.plain)
            assertEquals(2_100, first.items.size)
            assertEquals(first.items, model.load(Homes.phone(0..1_999).build(), Homes.NOW, flags = Homes.plain).items)
        }
    }

    @Test
    fun whatIsKeptIsThereUntilSomethingChanges() {
        val phone = Homes.phone(0..3).build()
        fun kept() = LauncherModel.kept(store, phone, Homes.grid, Homes.plain)
        assertNull(kept())
        val loaded = open().use { model ->
            assertFalse(model.keepForNextStart(Homes.NOW), "nothing was asked")
            model.importFile(Homes.database(File(folder, "launcher.db"), apps = 4), Homes.NOW)
            model.load(phone, Homes.NOW, flags = Homes.plain).also {
                assertTrue(model.keepForNextStart(Homes.NOW))
                assertFalse(model.keepForNextStart(Homes.NOW), "it is kept")
                assertNull(kept(), "it is open")
            }
        }
        val kept = kept()!!
        assertEquals(loaded.items to loaded.screens, kept.items to kept.screens)
        assertEquals(listOf(0, null), listOf(kept.changes, kept.problem))
        assertNull(LauncherModel.kept(store, Homes.phone(0..2).build(), Homes.grid, Homes.plain), "another phone")
        assertNull(LauncherModel.kept(store, phone, Homes.grid), "other flags")
        Homes.connect(store).use { it.createStatement().executeUpdate("UPDATE items SET title = 'x' WHERE id = 1") }
        assertNull(kept(), "another title")
    }

    @Test
    fun aPanicInALoadIsContainedAndTheModelIsBroken() {
        val model = open()
        NativeBridge.selfTest(7, 14)
        assertEquals("FFI_PANIC", assertThrows(NativePanicException::class.java) { model.load(Homes.phone(0..1).build(), Homes.NOW) }.code)
        // That panic was outside of the store: the model works on.
        model.load(Homes.phone(0..1).build(), Homes.NOW)
        model.close()
        open().close()
    }

    @Test
    fun hostileQuestionsAndRowsAreAnsweredOrRefused() {
        val random = Random(6)
        val path = store.path.toByteArray()
        val buffer = ByteBuffer.allocateDirect(path.size).put(path)
        val handle = NativeBridge.modelOpen(buffer, path.size, 5, 6, 5, 0, Homes.NOW)
        val answer = ByteBuffer.allocateDirect(1 shl 16)
        val rows = dev.ferrule.os4.Samples.golden("model-rows.bin")
        val question = dev.ferrule.os4.Samples.golden("model-question.bin")
        var refused = 0
        repeat(2_000) {
            val golden = if (it % 2 == 0) rows else question
            val bytes = golden.copyOf()
            repeat(1 + random.nextInt(3)) { bytes[random.nextInt(bytes.size)] = random.nextInt().toByte() }
            val request = ByteBuffer.allocateDirect(bytes.size).put(bytes)
            try {
                if (it % 2 == 0) {
                    NativeBridge.modelImportRows(this, handle, request, bytes.size, 0, Homes.NOW, answer)
                } else {
                    NativeBridge.modelLoad(this, handle, request, bytes.size, Homes.NOW, answer)
                }
            } catch (_: InvalidInputException) {
                refused++
            }
        }
        assertTrue(NativeBridge.modelClose(handle))
        assertTrue(refused in 200..1_999, "$refused refused")
    }

    @Test
    fun widgetsPairsAndWhatNobodyKnowsKeepTheirFields() {
        val source = File(folder, "launcher.db")
        Homes.create(source).use { connection ->
            connection.insert(1, type = 4, cell = 0, intent = null, title = null, widget = 7 to "com.app1/.Clock")
            connection.insert(2, type = 10, cell = 2, intent = null, title = "Pair")
            connection.insert(3, container = 2, rank = 0)
            connection.insert(4, container = 2, rank = 1)
            connection.insert(5, type = 19, cell = 15, title = "From the future")
        }
        val clock = ComponentKey("com.app1", "com.app1.Clock")
        val phone = Homes.phone(1..5).boundWidget(7, clock, 0, 2, 1).widgetProvider(clock, 0, 2, 1).hostWidgetIds(intArrayOf(7)).build()
        open().use { model ->
            model.importFile(source, Homes.NOW)
            val loaded = model.load(phone, Homes.NOW, flags = Homes.plain)
            val widget = loaded.appWidgets.single()
            assertEquals(listOf(7, clock, 2, 1, false, -1), with(widget) { listOf(appWidgetId, providerName, minSpanX, minSpanY, isPending, installProgress) })
            val pair = loaded.items.filterIsInstance<AppPairInfo>().single()
            assertEquals(listOf("App 3", "App 4"), pair.contents.map { it.title })
            val opaque = loaded.opaque.single()
            assertEquals(listOf(19, "From the future", 0, 3), listOf(opaque.itemType, opaque.title, opaque.cellX, opaque.cellY))
        }
    }
}
