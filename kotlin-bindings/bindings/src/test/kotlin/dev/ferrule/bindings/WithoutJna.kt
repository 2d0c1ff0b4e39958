package dev.ferrule.bindings

import dev.ferrule.icons.IconBuffers
import dev.ferrule.icons.IconCache
import dev.ferrule.icons.IconKey
import dev.ferrule.icons.IconLevel
import dev.ferrule.icons.IconOptions
import dev.ferrule.icons.IconPixels
import dev.ferrule.icons.IconProvider
import dev.ferrule.icons.IconQuery
import dev.ferrule.icons.IconTokens
import dev.ferrule.icons.RenderedIcon
import dev.ferrule.launcher.Homes
import dev.ferrule.launcher.LauncherModel
import dev.ferrule.os4.LauncherUser
import dev.ferrule.os4.OsCompat
import dev.ferrule.os4.OsSession
import dev.ferrule.os4.PropertySource
import dev.ferrule.os4.RuntimeState
import dev.ferrule.os4.Samples
import java.io.File
import java.nio.ByteBuffer
import java.util.Collections

/** Everything hand-written, on a class path without JNA and without coroutines. */
fun main() {
    for (absent in listOf("com.sun.jna.Native", "kotlinx.coroutines.flow.Flow")) {
        check(runCatching { Class.forName(absent) }.isFailure) { "$absent is on the class path" }
    }
    OsCompat.configure(PropertySource.of(Samples.os4), Samples.facts)
    check(OsCompat.atLeastOS4())
    check(OsCompat.effects().reasons.isEmpty() || OsCompat.identity().reasons.isNotEmpty())
    OsSession.open(PropertySource.of(Samples.os4), Samples.facts).use { session ->
        session.addListener { }
        session.update(RuntimeState.Builder().batterySaver(true).build())
    }
    // Lines come from several threads at once.
    val lines = Collections.synchronizedList(ArrayList<String>())
    Logging.setSink { _, line -> lines += line }
    Logging.setLevel(LogLevel.INFO)
    check(NativeBridge.selfTest(8, 3) == 3L)
    check(lines.size >= 3)
    Logging.setSink(null)
    try {
        NativeBridge.selfTest(2, 1)
        error("no panic")
    } catch (panic: NativePanicException) {
        check(panic.message == "self-test panic 1")
    }
    repeat(2) {
        try {
            OsCompat.firstLaunchOnOS4(File("/nowhere"), LauncherUser.ephemeral(10), true, "b") { true }
            error("the control plane works without JNA")
        } catch (absent: JnaUnavailableException) {
            check(absent.code == "FFI_JNA_UNAVAILABLE")
        }
    }
    homeScreen()
    icons()
    println("done")
}

/** The home screen from rows to objects; only what is asked rarely needs JNA. */
private fun homeScreen() {
    val folder = File.createTempFile("without", ".jna").apply { delete() }
    check(folder.mkdir())
    try {
        LauncherModel.open(File(folder, "home.db"), Homes.grid, Homes.NOW).use { model ->
            model.importRows(Homes.NOW) { batch ->
                batch.userVersion(32)
                for (name in listOf("_id", "title", "intent", "container", "screen", "cellX", "cellY", "itemType")) {
                    batch.favorites.column(name)
                }
                batch.favorites.add(1L)
                batch.favorites.add("App")
                batch.favorites.add(Homes.launch("com.app1"))
                for (number in longArrayOf(-100, 0, 2, 3, 0)) batch.favorites.add(number)
            }
            val loaded = model.load(Homes.phone(1..1).build(), Homes.NOW)
            val app = loaded.items.single()
            check(app.title == "App 1" && app.cellX == 2 && app.cellY == 3) { "$app" }
            try {
                model.control.explainAll()
                error("the control plane works without JNA")
            } catch (absent: JnaUnavailableException) {
                check(absent.code == "FFI_JNA_UNAVAILABLE")
            }
        }
    } finally {
        folder.deleteRecursively()
    }
}

/** Icons from the provider into the caller's memory, asked for and taken back. */
private fun icons() {
    val folder = File.createTempFile("without", ".jna").apply { delete() }
    check(folder.mkdir())
    val key = IconKey("com.app1", ".Main")
    val provider = IconProvider { _, _ ->
        val pixels = ByteBuffer.allocate(256).apply { for (at in 0 until 256) put(at, -1) }
        RenderedIcon.Builder().label("App 1").tokens(IconTokens("1", "1")).plain(IconPixels.picture(8, 8, pixels)).build()
    }
    val buffers = IconBuffers(IconLevel.ICON.slotBytes(8))
    try {
        IconCache.open(File(folder, "icons.db"), IconOptions(8, workers = 0), provider).use { cache ->
            buffers.take(2).use { arena ->
                val answers = cache.getAllInto(listOf(IconQuery(key), IconQuery(key)), arena)
                check(answers.all { it.label == "App 1" && it.hasPixels } && arena.pixels(1).get(255).toInt() == -1)
                cache.request(IconQuery(key), arena) { check(it == null) }.cancel()
                check(!cache.work())
            }
            try {
                cache.control.health()
                error("the control plane works without JNA")
            } catch (absent: JnaUnavailableException) {
                check(absent.code == "FFI_JNA_UNAVAILABLE")
            }
        }
    } finally {
        folder.deleteRecursively()
    }
}
