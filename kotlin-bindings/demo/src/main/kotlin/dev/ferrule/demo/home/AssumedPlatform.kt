package dev.ferrule.demo.home

import com.google.gson.JsonArray
import com.google.gson.JsonObject
import dev.ferrule.legacy.launcher.ComponentName
import dev.ferrule.legacy.launcher.Favorites
import dev.ferrule.legacy.launcher.LauncherAppWidgetInfo
import dev.ferrule.legacy.launcher.LauncherIntent
import dev.ferrule.legacy.launcher.tool.int
import dev.ferrule.legacy.launcher.tool.json
import dev.ferrule.legacy.launcher.tool.string
import java.net.URISyntaxException

/** A platform on which what some rows name is there, as far as [isInstalled] says so. */
internal class AssumedPlatform(private val rows: List<JsonObject>, private val isInstalled: (String) -> Boolean) {
    private val packages = LinkedHashSet<Pair<String, Int>>()
    private val activities = ArrayList<JsonObject>()
    private val pins = ArrayList<JsonObject>()
    private val providers = ArrayList<JsonObject>()
    private val bound = ArrayList<JsonObject>()
    private val custom = ArrayList<String>()
    private var search: String? = null

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
