package dev.ferrule.legacy.launcher.tool

import com.google.gson.JsonObject
import dev.ferrule.legacy.launcher.AppPairInfo
import dev.ferrule.legacy.launcher.BoundWorkspace
import dev.ferrule.legacy.launcher.CollectionInfo
import dev.ferrule.legacy.launcher.FolderInfo
import dev.ferrule.legacy.launcher.ItemInfo
import dev.ferrule.legacy.launcher.LauncherAppWidgetInfo
import dev.ferrule.legacy.launcher.LauncherIntent
import dev.ferrule.legacy.launcher.LegacyLoader
import dev.ferrule.legacy.launcher.LoadReport
import dev.ferrule.legacy.launcher.LoaderOptions
import dev.ferrule.legacy.launcher.RowRules
import dev.ferrule.legacy.launcher.StopPoint
import dev.ferrule.legacy.launcher.WorkspaceItemInfo

/**
 * Runs the legacy loader on the `input` object of a loader case and answers the `output` object: two loads of one
 * process on one database. Equal inputs give equal outputs.
 */
class CaseRunner : AutoCloseable {
    private val database = CaseDatabase()

    /** Answers the output of an input. */
    fun run(input: JsonObject): JsonObject = run(input, RowRules())

    internal fun run(input: JsonObject, rules: RowRules): JsonObject {
        val rows = input.objects("rows")
        database.fill(rows)
        val options = optionsOf(input)
        val platform = CasePlatform(input.getAsJsonObject("platform"))
        val loader = LegacyLoader(database.favorites, platform, options, rules)
        loader.model.isFirstPagePinnedItemEnabled = input.flag("prior_load_pinned", false)
        val stopAt = StopPoint.entries[input.int("cancel_at", 0)]

        val before = database.snapshot()
        val report = loader.load(stopAt)
        val after = database.snapshot()
        val output = JsonObject()
        val workspace = report.workspace
        if (workspace != null) {
            putAll(output, workspaceJson(workspace))
            output.add("pending_packages", toJson(report.pendingPackages))
        }
        putAll(output, decisionsJson(report))
        output.add("kept_in_db_not_in_model", toJson(after.keys - workspace?.ids().orEmpty()))
        output.add("in_model_not_in_db", toJson(workspace?.ids().orEmpty() - after.keys))
        output.add("db_ids_after", toJson(after.keys))
        output.add("updated_rows", changesJson(before, after))
        output.add("pin_calls", toJson(platform.pinCalls.sorted()))
        output.add("bind_calls", toJson(platform.bindCalls))
        output.add("host_ids_freed", toJson(report.freedWidgetIds))
        output.add("host_ids_allocated", toJson(platform.allocated))
        if (stopAt == StopPoint.NONE) {
            platform.pinCalls.clear()
            val second = loader.load()
            output.add("second_load", toJson(secondLoadJson(report, second, after, database.snapshot(), platform.pinCalls)))
        } else {
            output.add("model_ids_after_cancel", toJson(report.modelIds))
        }
        output.add("intent_parse", intentsJson(rows))
        output.addProperty("db_version", SCHEMA_VERSION)
        return output
    }

    private fun putAll(target: JsonObject, source: JsonObject) = source.entrySet().forEach { target.add(it.key, it.value) }

    private fun BoundWorkspace.ids(): Set<Int> = items.mapTo(LinkedHashSet()) { it.id }

    private fun workspaceJson(it: BoundWorkspace) = json(
        "items" to it.items.map { item -> itemJson(item, withLooks = true) },
        "workspaceItems" to it.workspaceItems,
        "appWidgets" to it.appWidgets,
        "collections" to collectionsJson(it),
        "screens" to it.screens,
        "firstPagePinned" to it.isFirstPagePinned,
    )

    private fun collectionsJson(it: BoundWorkspace) = it.collections.map { (key, collection) ->
        json(
            "key" to key,
            "class" to collection.javaClass.simpleName,
            "id" to collection.id,
            "contents" to collection.contents.map { member -> listOf(member.id, member.rank) },
        )
    }

    private fun decisionsJson(it: LoadReport) = json(
        "deleted" to deletedJson(it),
        "sanitise" to sanitiseJson(it),
        "row_exceptions" to it.rowExceptions.map { e ->
            json("id" to e.id, "class" to e.className, "message" to (e.message ?: "null"))
        },
        "restored_committed" to it.restoredCommitted,
        "db_log" to it.dbLog,
        "registered_receivers" to it.registeredReceivers,
        "broadcasts" to it.broadcasts,
        "load_committed" to it.isCommitted,
    )

    private fun deletedJson(it: LoadReport) = it.deleted.map { row -> json("id" to row.id, "reason" to row.reason.text) }

    private fun sanitiseJson(it: LoadReport) =
        json("empty_folders" to it.emptyFolders, "bad_app_pairs" to it.badAppPairs, "unparented" to it.unparented)

    /** @param withLooks also title and icon, which the second load is not compared by */
    private fun itemJson(it: ItemInfo, withLooks: Boolean): JsonObject {
        val result = json(
            "id" to it.id, "type" to it.itemType, "container" to it.container, "screen" to it.screenId, "cellX" to it.cellX,
            "cellY" to it.cellY, "spanX" to it.spanX, "spanY" to it.spanY, "rank" to it.rank,
        )
        if (withLooks) result.add("title", toJson(it.title))
        result.addProperty("profile", it.serial)
        result.addProperty("class", it.javaClass.simpleName)
        when (it) {
            is WorkspaceItemInfo -> {
                putAll(result, iconJson(it))
                if (withLooks) result.addProperty("icon_source", it.iconSource.text)
            }
            is LauncherAppWidgetInfo -> putAll(result, widgetJson(it))
            is FolderInfo -> result.addProperty("options", it.options)
            is AppPairInfo, is CollectionInfo -> {}
        }
        return result
    }

    private fun iconJson(it: WorkspaceItemInfo) = json(
        "status" to it.status,
        "runtimeStatusFlags" to it.runtimeStatusFlags,
        "intent" to it.intent.toUri(),
        "intent_package" to it.intent.packageName,
        "progress" to it.progressLevel,
        "options" to it.options,
        "isPromise" to it.isPromise,
        "isDisabled" to it.isDisabled,
    )

    private fun widgetJson(it: LauncherAppWidgetInfo) = json(
        "appWidgetId" to it.appWidgetId,
        "restoreStatus" to it.restoreStatus,
        "provider" to it.providerName.flattenToString(),
        "options" to it.options,
        "installProgress" to it.installProgress,
        "minSpanX" to it.minSpanX,
        "minSpanY" to it.minSpanY,
        "pending" to it.isPending,
        "sourceContainer" to it.sourceContainer,
        "bindOptions" to it.bindOptions?.toUri(),
    )

    private fun changesJson(before: Map<Int, Map<String, Any?>>, after: Map<Int, Map<String, Any?>>): JsonObject {
        val result = JsonObject()
        for ((id, row) in after) {
            val old = before.getValue(id)
            val changed = row.filter { (column, value) -> old[column] != value }
            if (changed.isNotEmpty()) result.add(id.toString(), json(*changed.toList().toTypedArray()))
        }
        return result
    }

    /** What the second load did otherwise than the first; null if it changed neither rows nor model. */
    private fun secondLoadJson(
        first: LoadReport,
        second: LoadReport,
        rowsBefore: Map<Int, Map<String, Any?>>,
        rowsAfter: Map<Int, Map<String, Any?>>,
        pinCalls: List<String>,
    ): JsonObject? {
        val result = JsonObject()
        if (second.deleted.isNotEmpty()) result.add("deleted", toJson(deletedJson(second)))
        if ((second.emptyFolders + second.badAppPairs + second.unparented).isNotEmpty()) {
            result.add("sanitise", sanitiseJson(second))
        }
        val changes = changesJson(rowsBefore, rowsAfter)
        if (changes.size() > 0) result.add("updated_rows", changes)
        putAll(result, modelDifference(first.workspace!!, second.workspace!!))
        if (pinCalls.isNotEmpty()) result.add("pin_calls", toJson(pinCalls))
        return result.takeIf { it.size() > 0 }
    }

    private fun modelDifference(first: BoundWorkspace, second: BoundWorkspace): JsonObject {
        val old = first.items.associate { it.id to itemJson(it, withLooks = false) }
        val new = second.items.associate { it.id to itemJson(it, withLooks = false) }
        val differing = (old.keys + new.keys).sorted().filter { old[it] != new[it] }
        val oldCollections = toJson(collectionsJson(first))
        val newCollections = toJson(collectionsJson(second))
        val result = JsonObject()
        if (differing.isEmpty() && oldCollections == newCollections) return result
        result.add("model_diff", toJson(differing.map { json("id" to it, "first" to old[it], "second" to new[it]) }))
        // The cases compare collections only where the items are equal.
        if (differing.isEmpty()) {
            result.add("collections_differ", json("first" to oldCollections, "second" to newCollections))
        }
        return result
    }

    private fun intentsJson(rows: List<JsonObject>): JsonObject {
        val result = JsonObject()
        for (row in rows) {
            val text = row.string("intent")
            if (text.isNullOrEmpty()) continue
            result.add(row.get("_id").asString, intentJson(text))
        }
        return result
    }

    private fun intentJson(text: String): JsonObject {
        val intent = try {
            LauncherIntent.parseUri(text)
        } catch (e: java.net.URISyntaxException) {
            return json("error" to e.javaClass.simpleName)
        } catch (e: NumberFormatException) {
            return json("error" to e.javaClass.simpleName)
        }
        return json(
            "component" to intent.component?.flattenToString(),
            "package" to intent.packageName,
            "shortcut_id" to intent.getStringExtra(LauncherIntent.EXTRA_SHORTCUT_ID),
            "uri" to intent.toUri(),
            "has_extras" to (intent.extras != null),
        )
    }

    override fun close(): Unit = database.close()

    private companion object {
        const val SCHEMA_VERSION = 32
    }
}

/** Grid and flags of an `input` object. */
fun optionsOf(input: JsonObject): LoaderOptions {
    val grid = input.getAsJsonObject("grid")
    val flags = input.objectOrNull("flags") ?: JsonObject()
    return LoaderOptions(
        columns = grid.int("cols", 0),
        rows = grid.int("rows", 0),
        hotseat = grid.int("hotseat", 0),
        searchColumns = grid.int("search_cols", grid.int("cols", 0)),
        hasQsbOnFirstScreen = flags.flag("qsb_on_first_screen", false),
        hasFirstPageWidget = flags.flag("first_page_widget", false),
        hasSmartspaceRemovalToggle = flags.flag("smartspace_removal_toggle", false),
        isSmartspaceEnabled = flags.flag("smartspace_pref", true),
        supportsArchiving = flags.flag("support_archiving", true),
        hasAppPairs = flags.flag("app_pairs", true),
        hasWidgets = flags.flag("widgets_enabled", true),
        isCurrentDb = !input.flag("preview_db", false),
    )
}
