@file:JvmName("LegacyBench")

package dev.ferrule.legacy.launcher.tool

import com.google.gson.JsonObject
import com.google.gson.JsonParser
import dev.ferrule.legacy.launcher.ItemInfo
import dev.ferrule.legacy.launcher.LauncherAppWidgetInfo
import dev.ferrule.legacy.launcher.LegacyLoader
import dev.ferrule.legacy.launcher.LoadReport
import dev.ferrule.legacy.launcher.WorkspaceItemInfo
import java.io.File
import java.sql.Connection
import java.sql.DriverManager

/**
 * One launcher process with its database open: what a bench measures with [load]. Statements are prepared once; nothing
 * is written that a load would not write.
 *
 * @param database a SQLite file with a `favorites` table
 * @param input an `input` object of a loader case; its `rows` are not looked at
 */
class LegacyProcess(database: File, input: JsonObject) : AutoCloseable {
    private val connection: Connection = DriverManager.getConnection("jdbc:sqlite:${database.path}")
    private val favorites = JdbcFavoritesDb(connection, System::currentTimeMillis)
    private val loader = LegacyLoader(favorites, CasePlatform(input.getAsJsonObject("platform")), optionsOf(input))

    /** One load, from the first row to the model ready to bind. */
    fun load(): LoadReport = loader.load()

    override fun close() {
        favorites.close()
        connection.close()
    }
}

/** A sum over every field of every item, so that two loaders show that they read the same. Wraps at 64 bits. */
fun checksum(report: LoadReport): Long = report.workspace!!.items.fold(0L) { sum, item -> sum * 31 + checksum(item) }

private fun checksum(item: ItemInfo): Long {
    var sum = 0L
    fun add(value: Long) {
        sum = sum * 31 + value
    }
    fun add(text: String?) = text?.forEach { add(it.code.toLong()) } ?: add(-1)
    listOf(item.id, item.itemType, item.container, item.screenId, item.cellX, item.cellY).forEach { add(it.toLong()) }
    listOf(item.spanX, item.spanY, item.rank, item.serial).forEach { add(it.toLong()) }
    add(item.title)
    when (item) {
        is WorkspaceItemInfo -> {
            add(item.status.toLong())
            add(item.runtimeStatusFlags.toLong())
            add(item.progressLevel.toLong())
            add(item.intent.toUri())
        }
        is LauncherAppWidgetInfo -> {
            add(item.appWidgetId.toLong())
            add(item.restoreStatus.toLong())
            add(item.providerName.flattenToString())
        }
    }
    return sum
}

/** `LegacyBench DATABASE INPUT.json [LOADS]`: loads a file some times and prints items, checksum and the least time. */
fun main(arguments: Array<String>) {
    val input = JsonParser.parseString(File(arguments[1]).readText()).asJsonObject
    val loads = arguments.getOrNull(2)?.toInt() ?: DEFAULT_LOADS
    LegacyProcess(File(arguments[0]), input).use { process ->
        var least = Long.MAX_VALUE
        var last: LoadReport? = null
        repeat(loads) {
            val start = System.nanoTime()
            last = process.load()
            least = minOf(least, System.nanoTime() - start)
        }
        val report = checkNotNull(last) { "no load" }
        println("items ${report.workspace!!.items.size} checksum ${checksum(report)} least_us ${least / NANOS_PER_MICRO}")
    }
}

private const val DEFAULT_LOADS = 200
private const val NANOS_PER_MICRO = 1000
