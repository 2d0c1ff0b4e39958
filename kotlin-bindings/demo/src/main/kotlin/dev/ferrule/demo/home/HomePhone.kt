package dev.ferrule.demo.home

import com.google.gson.JsonObject
import com.google.gson.JsonParseException
import com.google.gson.JsonParser
import dev.ferrule.demo.UnreadableInput
import dev.ferrule.legacy.launcher.tool.CasePlatform
import dev.ferrule.legacy.launcher.tool.int
import dev.ferrule.legacy.launcher.tool.objectOrNull
import dev.ferrule.legacy.launcher.tool.string
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
