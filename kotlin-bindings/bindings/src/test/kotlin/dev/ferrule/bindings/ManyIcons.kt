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
import java.io.File
import java.nio.ByteBuffer

/** Each is opened twice this often: once before and once between the two counts. */
private const val CACHES = 5_000

/** Opens, asks and closes many caches, and makes many requests of one; compares what is left. */
fun main() {
    ControlPlane.require()
    val folder = File.createTempFile("many", ".icons").apply { delete() }
    check(folder.mkdir())
    val store = File(folder, "icons.db")
    val pixels = ByteBuffer.allocate(256).apply { for (at in 0 until 256) put(at, -1) }
    val provider = IconProvider { _, _ ->
        RenderedIcon.Builder().label("App").tokens(IconTokens("1", "1")).plain(IconPixels.picture(8, 8, pixels)).build()
    }
    val buffers = IconBuffers(IconLevel.ICON.slotBytes(8))
    val query = IconQuery(IconKey("com.app", ".Main"))
    fun open() = IconCache.open(store, IconOptions(8, workers = 0), provider)
    check("icon caches, closed", CACHES) {
        open().use { cache ->
            buffers.take().use { cache.getInto(query, it) }
            // One that is answered, one that is taken back, one that the close ends.
            buffers.take().use { cache.request(query, it) { } }
            cache.work()
            buffers.take().use { cache.request(query, it) { }.cancel() }
            buffers.take().use { cache.request(query, it) { } }
        }
    }
    check(buffers.taken == 0)
    open().use { cache ->
        check("requests of one cache", keeps = 1) {
            buffers.take().use { cache.request(query, it) { } }
            cache.work()
        }
    }
    folder.deleteRecursively()
    println("done")
}
