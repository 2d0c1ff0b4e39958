package dev.ferrule.launcher

import dev.ferrule.bindings.ChildJvm
import dev.ferrule.bindings.StorageException
import dev.ferrule.guard.Rollout
import dev.ferrule.guard.Stage
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assumptions.abort
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import java.io.File
import java.io.IOException
import java.nio.file.Files
import java.util.concurrent.TimeUnit

/**
 * Disks and files that fail, as Kotlin sees them: each a typed error with its code, nothing lost, and legacy answers. Real
 * failures of the system's, made in a process of their own ([FaultyDisk], [StoreHolder]) where they would hurt this one.
 */
class StoreFaultsTest {
    /** Where the store is; a disk of its own for some. */
    @TempDir
    lateinit var folder: File

    private val store get() = File(folder, FaultyDisk.STORE)

    private fun run(fault: String, before: List<String>) {
        // The heap and its notes are not what the disk is for.
        val jvm = listOf("-Xmx256m", "-XX:-UsePerfData")
        val result = ChildJvm.run(before + ChildJvm.command(FaultyDisk::class.java.name, fault, folder.path, jvm = jvm))
        assertEquals(0, result.exit, result.output)
        assertTrue(result.output.endsWith("done\n"), result.output)
    }

    @Test
    fun aFullDisk() {
        val mounting = listOf("unshare", "--map-root-user", "--mount")
        val mount = "mount -t tmpfs -o size=3m ferrule \"$0\""
        val isPossible = try {
            ProcessBuilder(mounting + listOf("sh", "-c", mount, folder.path)).start().waitFor() == 0
        } catch (_: IOException) {
            false
        }
        if (!isPossible) {
            println("NOT TRIED: a full disk. It takes a file system of its own, and this machine lets nobody mount one (user namespaces)")
            abort<Unit>("no user namespaces")
        }
        run(FaultyDisk.FULL, mounting + listOf("sh", "-c", "$mount && exec \"$@\"", folder.path))
    }

    @Test
    fun aDiskThatFailsInTheMiddleOfAWrite() {
        // No file may grow beyond this: the write ends early, then fails. Counted in kibibytes by bash.
        run(FaultyDisk.CUT_OFF, listOf("bash", "-c", "trap '' XFSZ; ulimit -S -f 512; exec \"$@\"", "bash"))
        assertEquals(FaultyDisk.APPS, FaultyDisk.load(store))
    }

    @Test
    fun aFileOrAFolderThatMayNotBeWritten() {
        // To root everything is permitted, unless it gives that up.
        val isRoot = Files.getAttribute(folder.toPath(), "unix:uid") == 0
        run(FaultyDisk.READ_ONLY, if (isRoot) listOf("setpriv", "--bounding-set=-dac_override,-dac_read_search") else emptyList())
    }

    @ParameterizedTest
    @ValueSource(strings = [StoreHolder.FERRULE, StoreHolder.OTHER])
    fun aStoreThatSomebodyElseHas(who: String) {
        FaultyDisk.filled(store).close()
        val holder = ProcessBuilder(ChildJvm.command(StoreHolder::class.java.name, who, store.path))
            .redirectError(ProcessBuilder.Redirect.DISCARD).start()
        try {
            assertEquals(StoreHolder.HELD, holder.inputStream.bufferedReader().readLine())
            val error = assertThrows(StorageException::class.java) { FaultyDisk.open(store) }
            assertEquals("LM_STORE_LOCKED" to store.path, error.code to error.context)
            assertEquals(FaultyDisk.BY_LEGACY, FaultyDisk.behindTheGuard { FaultyDisk.open(store) })
            // It ends when nobody is left to write to it.
            holder.outputStream.close()
            assertTrue(holder.waitFor(15, TimeUnit.MINUTES))
        } finally {
            holder.destroyForcibly().waitFor()
        }
        assertEquals(FaultyDisk.APPS, FaultyDisk.load(store))
    }

    @Test
    fun aFolderInThePlaceOfTheStore() {
        check(store.mkdir())
        val error = assertThrows(StorageException::class.java) { FaultyDisk.open(store) }
        assertEquals("LM_STORE_FOREIGN" to store.path, error.code to error.context)
        assertEquals(FaultyDisk.BY_LEGACY, FaultyDisk.behindTheGuard { FaultyDisk.open(store) })
        assertTrue(store.delete())
        FaultyDisk.open(store).close()
    }
}

/** What is done in a process whose disk fails; it throws where something is not as it has to be, and ends with `done`. */
internal object FaultyDisk {
    const val FULL: String = "full"
    const val CUT_OFF: String = "cut-off"
    const val READ_ONLY: String = "read-only"

    const val STORE: String = "home.db"

    /** The apps of the home screen that is there. */
    const val APPS: Int = 40

    /** Apps of a home screen that takes more room than there is. */
    private const val MANY_APPS = 4_000
    private const val PAGE = 20

    /** What legacy answers. */
    const val BY_LEGACY: Int = -1

    private const val BLOCK = 1 shl 16

    @JvmStatic
    fun main(arguments: Array<String>) {
        val (fault, folder) = arguments
        when (fault) {
            FULL -> full(File(folder))
            CUT_OFF -> cutOff(File(folder))
            else -> readOnly(File(folder))
        }
        println("done")
    }

    fun open(store: File): LauncherModel = LauncherModel.open(store, Homes.grid, Homes.NOW)

    /** An open store with the home screen of [APPS] apps. */
    fun filled(store: File): LauncherModel = open(store).apply { importRows(Homes.NOW, rows(APPS)) }

    /** A home screen of so many apps, as legacy hands it over. */
    private fun rows(apps: Int) = RowSource { batch ->
        batch.userVersion(32)
        val favorites = batch.favorites
        listOf("_id", "container", "screen", "cellX", "cellY", "spanX", "spanY", "itemType").forEach { favorites.column(it, "INTEGER") }
        listOf("title", "intent").forEach { favorites.column(it, "TEXT") }
        for (app in 0 until apps) {
            listOf(app + 1, -100, app / PAGE, app % PAGE % 5, app % PAGE / 5, 1, 1, 0).forEach { favorites.add(it.toLong()) }
            favorites.add("App $app")
            favorites.add(Homes.launch("com.app$app"))
        }
    }

    private fun LauncherModel.load(apps: Int = APPS) = load(Homes.phone(0 until apps).build(), Homes.NOW, flags = Homes.plain)

    /** Opens and loads; how many items are on the screen. */
    fun load(store: File): Int = open(store).use { it.load().inState(ItemState.LIVE).size }

    /** What a launcher gets whose model is opened by [opener]. */
    fun behindTheGuard(opener: ModelOpener): Int {
        val rollout = Rollout()
        val feature = rollout.feature<ModelQuestion, Int>("model.load") { ModelCandidate.loader(opener) { it.items.size } }.register()
        rollout.setStage(feature, Stage.LIVE)
        return rollout.call(feature, ModelQuestion(Homes.phone(0 until APPS).build(), Homes.NOW, Homes.plain)) { BY_LEGACY }
    }

    /** A launcher's first start with Ferrule: a store is made, and what legacy has is imported into it. */
    private fun firstStart(folder: File) = ModelOpener {
        open(File(folder, "first.db")).also { model ->
            try {
                model.importRows(Homes.NOW, rows(MANY_APPS))
            } catch (thrown: StorageException) {
                model.close()
                throw thrown
            }
        }
    }

    private fun code(call: () -> Unit): String = assertThrows(StorageException::class.java) { call() }.code

    private fun full(folder: File) = filled(File(folder, STORE)).use { model ->
        val before = model.load()
        val filler = File(folder, "filler")
        fill(filler)
        assertEquals("LM_STORE_DISK_FULL", code { model.importRows(Homes.NOW, rows(MANY_APPS)) })
        assertEquals(before.items, model.load().items)
        // An app has gone. That its item is held cannot be written down, and it is held all the same.
        val without = model.load(APPS - 1)
        assertEquals(listOf(APPS, 1, "LM_STORE_DISK_FULL"), listOf(without.items.size, without.held.size, without.problem?.code))
        assertEquals("LM_STORE_DISK_FULL", code { firstStart(folder).open() })
        assertEquals(BY_LEGACY, behindTheGuard(firstStart(folder)))
        check(filler.delete())
        assertNull(model.load(APPS - 1).problem)
        assertEquals(before.items, model.load().items)
    }

    private fun fill(file: File) = file.outputStream().use { out ->
        var size = BLOCK
        while (size > 0) {
            try {
                out.write(ByteArray(size))
            } catch (_: IOException) {
                size /= 2
            }
        }
    }

    private fun cutOff(folder: File) = filled(File(folder, STORE)).use { model ->
        val before = model.load()
        assertEquals("LM_STORE_IO", code { model.importRows(Homes.NOW, rows(MANY_APPS)) })
        assertEquals(before.items, model.load().items)
        assertEquals("LM_STORE_IO", code { firstStart(folder).open() })
        assertEquals(BY_LEGACY, behindTheGuard(firstStart(folder)))
    }

    private fun readOnly(folder: File) {
        val store = File(folder, STORE)
        filled(store).close()
        for (locked in listOf(listOf(store), listOf(folder), listOf(store, folder))) {
            for (file in locked) check(file.setReadOnly() && !file.canWrite()) { "$file can still be written" }
            assertEquals("LM_STORE_READ_ONLY", code { open(store) }, locked.toString())
            assertEquals(BY_LEGACY, behindTheGuard { open(store) })
            for (file in locked.reversed()) check(file.setWritable(true))
            assertEquals(APPS, load(store))
        }
    }
}

/** Has a store until nobody holds the other end of its input; says when it has it. */
internal object StoreHolder {
    const val FERRULE: String = "ferrule"
    const val OTHER: String = "other"
    const val HELD: String = "held"

    @JvmStatic
    fun main(arguments: Array<String>) {
        val (who, file) = arguments
        hold(who, File(file)).use {
            println(HELD)
            while (System.`in`.read() >= 0) Unit
        }
    }

    private fun hold(who: String, file: File): AutoCloseable =
        if (who == FERRULE) {
            FaultyDisk.open(file)
        } else {
            Homes.connect(file).also { connection -> connection.createStatement().use { it.execute("BEGIN EXCLUSIVE") } }
        }
}
