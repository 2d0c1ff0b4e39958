package dev.ferrule.legacy.icons.tool

import com.google.gson.JsonArray
import com.google.gson.JsonObject
import dev.ferrule.legacy.icons.ActivityInfo
import dev.ferrule.legacy.icons.BackgroundLoader
import dev.ferrule.legacy.icons.BitmapInfo
import dev.ferrule.legacy.icons.BulkRequest
import dev.ferrule.legacy.icons.CacheEntry
import dev.ferrule.legacy.icons.IconItem
import dev.ferrule.legacy.icons.LegacyIconCache
import dev.ferrule.legacy.icons.Lookup
import dev.ferrule.legacy.icons.PackageItem
import dev.ferrule.legacy.icons.Picture
import dev.ferrule.legacy.icons.PngCodec
import dev.ferrule.legacy.icons.UpdateHandler
import dev.ferrule.legacy.icons.UpdateQueue
import dev.ferrule.legacy.launcher.ComponentName
import dev.ferrule.legacy.launcher.tool.array
import dev.ferrule.legacy.launcher.tool.flag
import dev.ferrule.legacy.launcher.tool.int
import dev.ferrule.legacy.launcher.tool.json
import dev.ferrule.legacy.launcher.tool.objects
import dev.ferrule.legacy.launcher.tool.string
import dev.ferrule.legacy.launcher.tool.toJson
import java.io.File

/** Runs the operations of one case and tells what could be seen after each. */
class IconCaseRunner(private val input: JsonObject, directory: File, colors: RecordedColors) {
    private val path = File(directory, "app_icons.db")
    private val phone = CasePhone(input, colors)
    private val file = JdbcIconFile(path, listOf("synchronous = OFF"))
    private val state = IconCaseState(phone, path)
    private val queue = UpdateQueue()
    private val sessions = HashMap<String, UpdateHandler>()
    private val callbacks = JsonArray()
    private var cache = LegacyIconCache(phone, file, PngCodec(), queue)

    /** One object an operation. */
    fun run(): List<JsonObject> {
        state.create(input.getAsJsonObject("db"))
        state.isEmptyFileUntilUse = !path.exists()
        return try {
            input.objects("ops").mapIndexed { index, operation -> step(index, operation) }
        } finally {
            cache.close()
        }
    }

    @Suppress("TooGenericExceptionCaught") // An exception is part of what is recorded.
    private fun step(index: Int, operation: JsonObject): JsonObject {
        val name = operation.string("op")!!
        val out = json("i" to index, "op" to name)
        phone.calls.clear()
        val reads = file.singleReads
        try {
            perform(name, operation, out)
        } catch (error: RuntimeException) {
            out.addProperty("exception", error.toString())
        }
        out.add("calls", toJson(phone.calls))
        if (file.singleReads > reads) out.addProperty("single_row_db_reads", file.singleReads - reads)
        if (queue.size > 0) out.addProperty("tasks_queued", true)
        if (!callbacks.isEmpty) {
            out.add("callbacks", callbacks.deepCopy())
            while (!callbacks.isEmpty) callbacks.remove(0)
        }
        out.add("db", state.database())
        out.add("memory", state.memory(cache))
        return out
    }

    private fun perform(name: String, operation: JsonObject, out: JsonObject) {
        val user = phone.user(operation.int("serial", 0))
        val packageName = operation.string("pkg").orEmpty()
        when (name) {
            "get" -> out.add("result", get(operation, user))
            "bulk" -> out.add("result", toJson(bulk(operation)))
            "package" -> out.add("result", shown(PackageItem(packageName, user).also { cache.fill(it, low(operation)) }.shown))
            "shortcut" -> out.add("result", shortcut(operation, user))
            "object" -> out.add("result", objectEntry(operation))
            "title_no_cache" -> out.add("result", json("title" to cache.title(phone.named(operation.string("object")!!))))
            "refresh" -> out.add("result", shown(item(operation, user).also(cache::refresh)))
            "default_icon" -> out.add("result", json("bitmap" to state.bitmap(cache, cache.defaultIcon(user), user)))
            "async" -> out.add("result", background(operation, user))
            "session_icon" -> cache.setInstallSession(packageName, user, operation.string("icon")?.let(::sessionIcon), operation.string("title"))
            "update_pkg" -> cache.updatePackage(packageName, user)
            "remove_pkg" -> cache.removePackage(packageName, user)
            "begin" -> sessions[session(operation)] = cache.begin()
            "ignore" -> sessions.getValue(session(operation)).ignore(packageName, user)
            "update" -> update(operation)
            "finish" -> sessions.getValue(session(operation)).finish()
            "step" -> repeat(operation.int("n", 1)) { round() }
            "drain" -> out.addProperty("steps", drain())
            else -> change(name, operation, packageName, out)
        }
    }

    private fun change(name: String, operation: JsonObject, packageName: String, out: JsonObject) {
        when (name) {
            "restart" -> restart(operation)
            "close" -> cache.close()
            "clear_memory" -> cache.clearMemory()
            "params" -> {
                phone.side = operation.int("size", phone.side)
                cache.updateParams()
            }
            "pragma" -> out.add("result", toJson(file.pragma(operation.string("pragma")!!)))
            "sql" -> state.execute(operation.string("sql")!!)
            "blob" -> out.addProperty("result", edit(operation))
            "set_app" -> phone.setApp(operation.getAsJsonObject("app"))
            "del_app" -> phone.removeApp(packageName, operation.int("serial", 0))
            "set_shortcut" -> phone.setShortcut(operation.getAsJsonObject("shortcut"))
            "profiles" -> phone.setProfiles(operation.objects("value"))
            "locale" -> phone.locale = operation.string("value")!!
            "pack" -> phone.pack = operation.string("value")
            "themed" -> phone.themed = operation.flag("value", true)
            "apps_throw" -> phone.appsThrow = operation.flag("value", true)
            "note" -> Unit
            else -> error("no operation $name")
        }
    }

    private fun restart(operation: JsonObject) {
        cache.close()
        phone.side = operation.int("size", phone.side)
        cache = LegacyIconCache(phone, file, PngCodec(), queue)
    }

    private fun session(operation: JsonObject) = operation.string("session").orEmpty()

    private fun low(operation: JsonObject) = operation.flag("low", false)

    private fun sessionIcon(name: String) = NamedIcon("$name (session)")

    private fun component(operation: JsonObject) = operation.string("component")?.let { ComponentName.unflattenFromString(it)!! }

    private fun item(operation: JsonObject, user: Int): IconItem {
        val item = IconItem(component(operation), user, operation.flag("archived", false), operation.flag("deep_shortcut", false))
        item.title = operation.string("pre_title")
        when (operation.string("pre")) {
            "default" -> item.bitmap = cache.defaultIcon(user)
            "icon" -> item.bitmap = PRESET
            "null" -> item.bitmap = null
            "low" -> item.bitmap = BitmapInfo(BitmapInfo.LOW_RES_PICTURE, PRESET.color)
        }
        return item
    }

    private fun get(operation: JsonObject, user: Int): JsonObject = when (operation.string("api")) {
        "flags" -> {
            val provider = { supplied(operation, user) }
            entry(cache.entry(component(operation)!!, user, operation.int("flags", 0), provider), user)
        }
        "lai" -> shown(item(operation, user).also { cache.fill(it, activity(operation, user), low(operation)) })
        else -> shown(item(operation, user).also { cache.fill(it, low(operation)) })
    }

    private fun supplied(operation: JsonObject, user: Int): ActivityInfo? {
        phone.calls += "supplier"
        check(operation.string("activity") != "throw") { "supplier" }
        return activity(operation, user)
    }

    private fun activity(operation: JsonObject, user: Int): ActivityInfo? =
        if (operation.string("activity") == "null") null else component(operation)?.let { phone.activity(it, user) }

    private fun bulk(operation: JsonObject): List<JsonObject> {
        val requests = operation.objects("requests").map {
            val user = phone.user(it.int("serial", 0))
            BulkRequest(item(it, user), activity(it, user), low(it))
        }
        cache.fillAll(requests)
        return requests.map { shown(it.item) }
    }

    private fun shortcut(operation: JsonObject, user: Int): JsonObject {
        val item = item(operation, user)
        val shortcut = phone.shortcut(operation.string("pkg")!!, operation.string("id")!!, operation.int("serial", 0))
        cache.fill(item, shortcut!!)
        return shown(item)
    }

    private fun objectEntry(operation: JsonObject): JsonObject {
        val item = phone.named(operation.string("object")!!)
        val found = cache.entry(item, operation.int("flags", Lookup.DEFAULT)) {
            phone.calls += "supplier"
            item
        }
        return entry(found, item.user)
    }

    private fun update(operation: JsonObject) {
        val logic = operation.string("logic")!!
        val call = operation.string("name") ?: logic
        val handler = sessions.getValue(session(operation))
        val listen = { packages: Set<String>, user: Int ->
            callbacks.add(json("call" to call, "packages" to packages.sorted(), "serial" to phone.serialNamed(user).toString()))
        }
        val wanted = if (operation.has("items")) operation.array("items").map { it.asString } else null
        when (logic) {
            "activity" -> {
                val all = phone.allActivities()
                handler.updateActivities(wanted?.map { name -> all.first { phone.name(it.component, it.user) == name } } ?: all, listen)
            }
            "shortcut" -> handler.updateShortcuts(phone.allShortcuts(operation.flag("convert", false)), listen)
            else -> handler.updateObjects(phone.allObjects(), listen)
        }
    }

    @Suppress("TooGenericExceptionCaught") // Shown as the recording shows it.
    private fun round() {
        try {
            queue.runRound()
        } catch (error: RuntimeException) {
            throw RuntimeException("uncaught in update task on the worker thread (kills the process on a device): $error")
        }
    }

    private fun drain(): Int {
        var steps = 0
        while (queue.size > 0) {
            round()
            steps++
        }
        return steps
    }

    /** A request of a view with both threads driven by hand. */
    private fun background(operation: JsonObject, user: Int): JsonObject {
        val worker = ArrayDeque<Runnable>()
        val main = ArrayDeque<Runnable>()
        val events = ArrayList<String>()
        val loader = BackgroundLoader(cache, worker::addLast, main::addLast) {}
        val packageItem = PackageItem(operation.string("pkg").orEmpty(), user)
        val plain = IconItem(component(operation), user)
        val wanted: Any? = when (operation.string("item")) {
            "package" -> packageItem
            "other" -> "no item"
            "null" -> null
            else -> plain
        }
        val result = if (wanted === packageItem) packageItem.shown else plain
        val request = loader.load(wanted) { events += "callback low_res=${result.usesLowRes} title=${result.title}" }
        events += "pending=${loader.pending} canceled=${request.isCancelled}"
        val cancel = operation.string("cancel")!!
        repeat(if (cancel == "before_twice") 2 else if (cancel == "before") 1 else 0) { request.cancel() }
        while (worker.isNotEmpty()) worker.removeFirst().run()
        events += "work done, calls=${phone.calls}"
        if (cancel == "after_work") request.cancel()
        while (main.isNotEmpty()) main.removeFirst().run()
        events += "pending=${loader.pending}"
        if (cancel == "after_callback") {
            request.cancel()
            while (main.isNotEmpty()) main.removeFirst().run()
            events += "pending=${loader.pending}"
        }
        return json("events" to events, "item" to shown(result))
    }

    private fun edit(operation: JsonObject): String {
        val column = operation.string("column") ?: "icon"
        val component = component(operation)!!.flattenToString()
        val serial = operation.int("serial", 0)
        val old = state.blob(component, serial, column)
        val edit = operation.string("edit")!!
        val number = edit.substringAfter(':', "0").toInt()
        val new = when (edit.substringBefore(':')) {
            "null" -> null
            "empty" -> ByteArray(0)
            "truncate" -> old.copyOf(number)
            "half" -> old.copyOf(old.size / 2)
            "cut_end" -> old.copyOf(old.size - number)
            "pad" -> old.copyOf(old.size + number)
            "garbage" -> ByteArray(200) { (it * 31 + 7).toByte() }
            "flip" -> old.copyOf().also { it[number] = (it[number].toInt() xor 0xFF).toByte() }
            "size24" -> PngCodec().encode(Picture(24, 24, ByteArray(24 * 24 * 4) { -1 }))
            else -> error("no edit $edit")
        }
        state.setBlob(component, serial, column, new)
        return "was ${old.size} bytes"
    }

    private fun entry(entry: CacheEntry, user: Int) = json(
        "title" to entry.title,
        "contentDescription" to entry.contentDescription,
        "bitmap" to state.bitmap(cache, entry.bitmap, user),
    )

    private fun shown(item: IconItem): JsonObject {
        val out = json(
            "title" to item.title,
            "contentDescription" to item.contentDescription,
            "bitmap" to item.bitmap?.let { state.bitmap(cache, it, item.user) },
            "usingLowResIcon" to item.usesLowRes,
        )
        item.appTitle?.let { out.addProperty("appTitle", it) }
        return out
    }

    private companion object {
        /** What an item shows before, where a case says "icon". */
        val PRESET = BitmapInfo(Picture(4, 4, ByteArray(4 * 4 * 4) { -2 }), 0x123456 or (0xFF shl 24))
    }
}
