package dev.ferrule.legacy.icons.tool

import com.google.gson.JsonElement
import com.google.gson.JsonNull
import com.google.gson.JsonObject
import com.google.gson.JsonPrimitive
import dev.ferrule.legacy.icons.BitmapInfo
import dev.ferrule.legacy.icons.LegacyIconCache
import dev.ferrule.legacy.icons.PngCodec
import dev.ferrule.legacy.launcher.tool.array
import dev.ferrule.legacy.launcher.tool.int
import dev.ferrule.legacy.launcher.tool.json
import dev.ferrule.legacy.launcher.tool.string
import java.io.File
import java.sql.Connection
import java.sql.DriverManager
import java.sql.SQLException

/** What can be seen of a cache between operations, told as the recording tells it, without Skia's bytes. */
class IconCaseState(private val phone: CasePhone, private val path: File) {
    var isEmptyFileUntilUse = false
    private var lastDatabase: JsonElement = JsonPrimitive("not yet")
    private var lastRows = emptyMap<Long, JsonObject>()
    private var lastVersion = 0
    private var lastMemory: JsonElement = JsonNull.INSTANCE

    private fun <T> connected(action: (Connection) -> T): T =
        DriverManager.getConnection("jdbc:sqlite:$path").use { connection ->
            connection.createStatement().use { it.execute("PRAGMA synchronous = OFF") }
            action(connection)
        }

    /** Makes the file that a case finds, or none. */
    fun create(db: JsonObject?) {
        if (db == null) return
        val raw = db.string("raw")
        if (raw != null) {
            path.writeText(raw)
            return
        }
        connected { connection ->
            connection.createStatement().use { statement ->
                db.array("sql").forEach { statement.execute(it.asString) }
                statement.execute("PRAGMA user_version = ${db.int("user_version", 0)}")
            }
        }
    }

    fun execute(sql: String) = connected { connection -> connection.createStatement().use { it.execute(sql) } }.let {}

    fun blob(component: String, serial: Int, column: String): ByteArray = connected { connection ->
        connection.prepareStatement("SELECT $column FROM icons $ROW").use { statement ->
            statement.setString(1, component)
            statement.setInt(2, serial)
            statement.executeQuery().use { rows ->
                rows.next()
                rows.getBytes(1) ?: ByteArray(0)
            }
        }
    }

    fun setBlob(component: String, serial: Int, column: String, value: ByteArray?) = connected { connection ->
        connection.prepareStatement("UPDATE icons SET $column = ? $ROW").use { statement ->
            statement.setBytes(1, value)
            statement.setString(2, component)
            statement.setInt(3, serial)
            statement.executeUpdate()
        }
    }.let {}

    /** The table: "same", null where there is no file, or version and what changed. */
    fun database(): JsonElement {
        val now = if (path.exists() && path.length() > 0) connected(::dump) else JsonNull.INSTANCE
        if (now == lastDatabase) return JsonPrimitive("same")
        lastDatabase = now
        if (now !is JsonObject) return now
        if (now.get("rows") is JsonPrimitive) {
            lastRows = emptyMap()
            return now
        }
        val rows = now.getAsJsonArray("rows").map { it.asJsonObject }.associateBy { it.get("rowid").asLong }
        val out = json(
            "user_version" to now.get("user_version"),
            "rows_after" to rows.values.map { "${it.get("rowid")} ${it.string("componentName")} @${it.get("profileId")}" },
            "written" to rows.filter { (id, row) -> lastRows[id] != row }.values,
            "deleted_rowids" to lastRows.keys.filter { it !in rows },
        )
        lastRows = rows
        return out
    }

    private fun dump(connection: Connection): JsonElement = try {
        connection.createStatement().use { statement ->
            val version = statement.executeQuery("PRAGMA user_version").use { it.getInt(1) }
            val rows = try {
                statement.executeQuery("SELECT rowid, * FROM icons ORDER BY rowid").use { rows ->
                    val names = (1..rows.metaData.columnCount).map(rows.metaData::getColumnName)
                    buildList {
                        while (rows.next()) {
                            val row = JsonObject()
                            for (name in names) add(row, name, rows.getObject(name))
                            add(row)
                        }
                    }
                }
            } catch (_: SQLException) {
                UNREADABLE
            }
            json("user_version" to version, "rows" to rows)
        }
    } catch (_: SQLException) {
        JsonNull.INSTANCE
    }

    private fun add(row: JsonObject, name: String, value: Any?) {
        when (value) {
            null -> row.add(name, JsonNull.INSTANCE)
            is ByteArray -> row.add(name, if (name == "icon") icon(value) else json("bytes" to value.size))
            is Number -> row.addProperty(name, value)
            else -> row.addProperty(name, value.toString())
        }
        if (name == "icon_color") row.addProperty("icon_color_hex", hex((value as Number).toInt()))
    }

    private fun icon(bytes: ByteArray): JsonObject {
        // Tells changes that the picture does not show; the recording's is another.
        val hash = bytes.contentHashCode().toString()
        val picture = PngCodec().decode(bytes) ?: return json("sha256" to hash, "decoded" to null)
        val out = json("sha256" to hash, "decoded" to listOf(picture.width, picture.height))
        StandInFactory.nameOf(picture)?.let { if (it.isNotEmpty()) out.addProperty("icon_of", it) }
        return out
    }

    /** The memory: "same", or all entries. */
    fun memory(cache: LegacyIconCache): JsonElement {
        val now = JsonObject()
        for ((key, entry) in cache.entries) {
            val bitmap = entry.bitmap
            val out = json(
                "title" to entry.title,
                "kind" to if (bitmap.isLowRes) "low_res" else "icon",
                "color" to hex(bitmap.color),
                "flags" to bitmap.flags,
            )
            if (!bitmap.isLowRes) out.addProperty("icon_of", StandInFactory.nameOf(bitmap.picture)?.ifEmpty { null } ?: "?")
            if (bitmap.mono != null) out.addProperty("themed", true)
            now.add(phone.name(key.component, key.user), out)
        }
        if (now == lastMemory) return JsonPrimitive("same")
        lastMemory = now
        return now
    }

    fun bitmap(cache: LegacyIconCache, bitmap: BitmapInfo, user: Int): JsonObject {
        val isDefault = !bitmap.isLowRes && cache.isDefaultIcon(bitmap, user)
        val out = json(
            "kind" to if (bitmap.isLowRes) "low_res" else if (isDefault) "default" else "icon",
            "isNullOrLowRes" to bitmap.isLowRes,
            "isDefaultIcon" to isDefault,
            "color" to hex(bitmap.color),
            "flags" to bitmap.flags,
            "canPersist" to bitmap.canPersist,
        )
        if (bitmap === BitmapInfo.BLANK) out.addProperty("is_blank_sentinel", true)
        if (!bitmap.isLowRes) {
            out.addProperty("w", bitmap.picture.width)
            out.addProperty("h", bitmap.picture.height)
            StandInFactory.nameOf(bitmap.picture)?.let { if (it.isNotEmpty()) out.addProperty("icon_of", it) }
        }
        if (bitmap.mono != null) out.addProperty("themed", true)
        bitmap.badge?.let { out.add("badge", bitmap(cache, it, user)) }
        return out
    }

    private fun hex(color: Int) = "#%08x".format(color)

    companion object {
        /** Stands for the rows where there is no table. */
        const val UNREADABLE = "cannot read"

        private const val ROW = "WHERE componentName = ? AND profileId = ?"
    }
}
