package dev.ferrule.demo.home

import com.google.gson.JsonArray
import com.google.gson.JsonObject
import com.google.gson.JsonParseException
import com.google.gson.JsonParser
import dev.ferrule.demo.UnreadableInput
import dev.ferrule.legacy.launcher.ComponentName
import dev.ferrule.legacy.launcher.Favorites
import dev.ferrule.legacy.launcher.LauncherAppWidgetInfo
import dev.ferrule.legacy.launcher.LauncherIntent
import dev.ferrule.legacy.launcher.tool.CasePlatform
import dev.ferrule.legacy.launcher.tool.int
import dev.ferrule.legacy.launcher.tool.json
import dev.ferrule.legacy.launcher.tool.objectOrNull
import dev.ferrule.legacy.launcher.tool.string
import java.net.URISyntaxException
import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException

/**
 * The phone that a home screen is on: what the package manager, the shortcut service and the widget host would say.
 *
 * @property input grid, flags and platform in the form of `ferrule model load --input` (contracts 3)
 * @property about where that comes from, in words
 */
internal class HomePhone(val input: JsonObject, val grid: GridSize, val about: String) {
    val platform: JsonObject
        get() = input.getAsJsonObject("platform")
}

/** Describes phones: from a file, or out of the rows themselves. */
internal object HomePhones {
    private const val SAMPLE = "/home-miui/phone.json"
    private val ordinary = GridSize(5, 5, 5)
    private val miuiName = Regex("""launcher(?:_rotatable)?(\d{1,2})x(\d{1,2})\.db""")
    private val aospName = Regex("""launcher_(\d{1,2})_by_(\d{1,2})\.db""")
    private val packageLine = Regex("""package:(?:\S+=)?([\w.]+)(?:\s.*)?""")

    /** The phone of the sample. */
    fun sample(home: StoredHome): HomePhone {
        val text = checkNotNull(HomePhones::class.java.getResourceAsStream(SAMPLE)) { "the sample's phone is not there" }
            .use { it.readBytes() }
        return described(SAMPLE, text, home, null)
    }

    /** Everything that the rows name is installed and enabled; [grid] if it is given. */
    fun assumed(home: StoredHome, grid: GridSize?): HomePhone {
        val about = "Nothing is known of its phone: every app is taken to be installed (--packages says otherwise)."
        return phone(JsonObject(), AssumedPlatform(home.rows) { true }.json(), grid ?: guess(home), about)
    }

    /**
     * The phone that a file describes: JSON in the form of `ferrule model load --input`, or what
     * `adb shell pm list packages` prints.
     *
     * @throws UnreadableInput naming the file and what is wrong with it
     */
    fun described(path: String, bytes: ByteArray, home: StoredHome, grid: GridSize?): HomePhone {
        val text = try {
            Charsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString()
        } catch (_: CharacterCodingException) {
            throw UnreadableInput(path, "this is no text")
        }
        if (!text.trimStart().startsWith("{")) return listed(path, text, home, grid)
        val input = try {
            JsonParser.parseString(text) as? JsonObject ?: throw UnreadableInput(path, "this is no JSON object")
        } catch (failure: JsonParseException) {
            throw UnreadableInput(path, "this is no JSON: ${failure.message?.lines()?.first()}")
        }
        val platform = input.objectOrNull("platform") ?: throw UnreadableInput(path, "it has no object \"platform\"")
        check(path, platform)
        val about = input.string("about").orEmpty()
        val size = input.objectOrNull("grid")?.let { size ->
            try {
                GridSize.parse("${size.int("cols", 0)}x${size.int("rows", 0)}/${size.int("hotseat", 0)}")
            } catch (_: NumberFormatException) {
                null
            } ?: throw UnreadableInput(path, "\"grid\" needs cols, rows and hotseat from 1 to 64")
        }
        return phone(input, platform, grid ?: size ?: guess(home), about)
    }

    /** Reads all of it once, so that what is wrong is said before anything is done. */
    private fun check(path: String, platform: JsonObject) {
        val hasProfile = try {
            val read = CasePlatform(platform)
            read.getInstallSessions()
            read.profiles.onEach { read.getPendingShortcuts(it.serial) }.isNotEmpty()
        } catch (failure: RuntimeException) {
            // What the JSON library throws at a value of another kind, of several kinds itself.
            val what = failure.message?.lines()?.first() ?: failure.javaClass.simpleName
            throw UnreadableInput(path, "it is not in the form of ferrule model load --input: $what")
        }
        if (!hasProfile) throw UnreadableInput(path, "it needs at least one profile")
    }

    private fun listed(path: String, text: String, home: StoredHome, grid: GridSize?): HomePhone {
        val lines = text.lines().map { it.trim() }.filter { it.isNotEmpty() }
        val names = lines.mapIndexed { index, line ->
            packageLine.matchEntire(line)?.groupValues?.get(1)
                ?: throw UnreadableInput(path, "line ${index + 1} is neither JSON nor package:NAME")
        }.toSet()
        if (names.isEmpty()) throw UnreadableInput(path, "it lists no package")
        val platform = AssumedPlatform(home.rows) { it in names }.json()
        return phone(JsonObject(), platform, grid ?: guess(home), "${names.size} packages are listed as installed.")
    }

    private fun phone(input: JsonObject, platform: JsonObject, grid: GridSize, about: String): HomePhone {
        val whole = JsonObject()
        input.entrySet().filter { it.key != "rows" }.forEach { (key, value) -> whole.add(key, value) }
        val given = input.objectOrNull("grid") ?: JsonObject()
        given.addProperty("cols", grid.columns)
        given.addProperty("rows", grid.rows)
        given.addProperty("hotseat", grid.dock)
        whole.add("grid", given)
        whole.add("platform", platform)
        return HomePhone(whole, grid, about)
    }

    /** The grid that the file's name tells, else an ordinary one; grown to hold every item that lies in bounds at all. */
    private fun guess(home: StoredHome): GridSize {
        val name = "${home.file.fileName}"
        val named = miuiName.matchEntire(name) ?: aospName.matchEntire(name)
        val start = named?.destructured?.let { (columns, rows) ->
            GridSize.parse("${columns}x$rows/${if (home.isMiui) ordinary.dock else columns.toInt()}")
        } ?: ordinary
        return home.items.fold(start) { grid, item ->
            when (val place = item.place) {
                is Place.Desktop -> grid.holding(GridSize.Cells(end(place.x, place.width), end(place.y, place.height), 0))
                is Place.Dock -> grid.holding(GridSize.Cells(0, 0, end(place.index, 1)))
                is Place.Inside, is Place.Elsewhere -> grid
            }
        }
    }

    private fun end(at: Int, span: Int): Int =
        (at.toLong() + span).coerceIn(Int.MIN_VALUE.toLong(), Int.MAX_VALUE.toLong()).toInt()
}

/** A platform on which what some rows name is there, as far as [isInstalled] says so. */
internal class AssumedPlatform(private val rows: List<JsonObject>, private val isInstalled: (String) -> Boolean) {
    private val packages = LinkedHashSet<Pair<String, Int>>()
    private val activities = ArrayList<JsonObject>()
    private val pins = ArrayList<JsonObject>()
    private val providers = ArrayList<JsonObject>()
    private val bound = ArrayList<JsonObject>()
    private val custom = ArrayList<String>()

    /** The platform, in the form of a loader case. */
    fun json(): JsonObject {
        rows.forEach { row ->
            when (row.int("itemType", 0)) {
                Favorites.ITEM_TYPE_APPLICATION, Favorites.ITEM_TYPE_DEEP_SHORTCUT -> addIcon(row)
                Favorites.ITEM_TYPE_APPWIDGET, Favorites.ITEM_TYPE_CUSTOM_APPWIDGET -> addWidget(row)
            }
        }
        val serials = rows.map { it.int("profileId", 0) }.toSortedSet().ifEmpty { sortedSetOf(0) }
        return json(
            "profiles" to serials.map { json("serial" to it, "type" to if (it == serials.first()) "main" else "other") },
            "packages" to packages.map { (name, serial) ->
                val info = json("installed" to true, "enabled" to true)
                json("pkg" to name, "serial" to serial, "is_package_enabled" to true, "app_info" to info)
            },
            "activities" to activities,
            "pinned_shortcuts" to pins,
            "widget_providers" to providers,
            "bound_widgets" to bound,
            "custom_widgets" to custom,
            "host_widget_ids" to bound.map { it.int("id", 0) },
            "search_component" to search,
            "next_widget_id" to FIRST_FREE_ID,
            "bind_allowed" to true,
        )
    }

    private var search: String? = null

    private fun addIcon(row: JsonObject) {
        val intent = intent(row.string("intent")) ?: return
        val serial = row.int("profileId", 0)
        val names = listOfNotNull(intent.packageName, intent.component?.packageName).distinct()
        if (names.isEmpty() || !names.all(isInstalled)) return
        names.forEach { packages.add(it to serial) }
        val component = intent.component?.flattenToString()
        if (row.int("itemType", 0) == Favorites.ITEM_TYPE_APPLICATION) {
            if (component == null) return
            activities += json("component" to component, "serial" to serial, "label" to row.string("title").orEmpty())
        } else {
            val id = intent.getStringExtra(LauncherIntent.EXTRA_SHORTCUT_ID) ?: return
            val label = row.string("title").orEmpty()
            pins += json("pkg" to names.first(), "id" to id, "serial" to serial, "activity" to component, "label" to label)
        }
    }

    private fun addWidget(row: JsonObject) {
        val component = row.string("appWidgetProvider")?.let(ComponentName::unflattenFromString) ?: return
        if (!isInstalled(component.packageName)) return
        var shown = component.flattenToString()
        // A search widget shows the search component, which is the first such row's provider here.
        if (row.int("options", 0) and LauncherAppWidgetInfo.OPTION_SEARCH_WIDGET != 0) {
            shown = search ?: shown.also { search = it }
        }
        val (id, serial) = row.int("appWidgetId", NO_WIDGET) to row.int("profileId", 0)
        val span = JsonArray().apply { repeat(2) { add(1) } }
        providers += json("component" to shown, "serial" to serial, "min_span" to span)
        if (id <= Favorites.CUSTOM_WIDGET_ID) custom += shown
        bound += json(
            "id" to id, "component" to shown, "serial" to serial, "min_span" to span, "restore_completed_option" to true,
        )
    }

    private fun intent(text: String?): LauncherIntent? = try {
        text?.takeIf { it.isNotEmpty() }?.let(LauncherIntent::parseUri)
    } catch (_: URISyntaxException) {
        null
    } catch (_: NumberFormatException) {
        null
    }

    private companion object {
        const val NO_WIDGET = -1

        /** Above any widget id that rows have. */
        const val FIRST_FREE_ID = 1 shl 20
    }
}
