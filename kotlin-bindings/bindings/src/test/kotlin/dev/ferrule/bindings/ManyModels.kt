package dev.ferrule.bindings

import dev.ferrule.launcher.Homes
import dev.ferrule.launcher.LauncherModel
import java.io.File
import java.nio.ByteBuffer
import dev.ferrule.uniffi.LauncherModel as GeneratedModel

/** Each is opened twice this often: once before and once between the two counts. */
private const val MODELS = 5_000

/** Opens, loads and closes many models, and compares what is left. */
fun main() {
    ControlPlane.require()
    val folder = File.createTempFile("many", ".models").apply { delete() }
    check(folder.mkdir())
    val store = File(folder, "home.db")
    val phone = Homes.phone(0..3).build()
    LauncherModel.open(store, Homes.grid, Homes.NOW).use {
        it.importFile(Homes.database(File(folder, "launcher.db"), apps = 4), Homes.NOW)
        it.load(phone, Homes.NOW)
    }
    check("models, closed", MODELS) { LauncherModel.open(store, Homes.grid, Homes.NOW).use { it.load(phone, Homes.NOW) } }
    val path = store.path.toByteArray().let { ByteBuffer.allocateDirect(it.size).put(it) }
    val handle = NativeBridge.modelOpen(path, path.capacity(), 5, 6, 5, 0, Homes.NOW)
    check("control objects of one model", keeps = 1) { GeneratedModel.ofHandle(handle).close() }
    check(NativeBridge.modelClose(handle))
    folder.deleteRecursively()
    println("done")
}
