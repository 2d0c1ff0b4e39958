package dev.ferrule.demo.home

import com.google.gson.JsonObject
import dev.ferrule.launcher.AppInfoAnswer
import dev.ferrule.launcher.ComponentKey
import dev.ferrule.launcher.ModelFlags
import dev.ferrule.launcher.ModelGrid
import dev.ferrule.launcher.PinnedQuery
import dev.ferrule.launcher.PlatformAnswer
import dev.ferrule.launcher.PlatformSnapshot
import dev.ferrule.launcher.ProfileKind
import dev.ferrule.legacy.launcher.tool.array
import dev.ferrule.legacy.launcher.tool.flag
import dev.ferrule.legacy.launcher.tool.int
import dev.ferrule.legacy.launcher.tool.number
import dev.ferrule.legacy.launcher.tool.objectOrNull
import dev.ferrule.legacy.launcher.tool.objects
import dev.ferrule.legacy.launcher.tool.string

/** A phone as Ferrule is told of it. Defaults are those of the platform that legacy is asked on. */
internal object FerrulePlatform {
    /** The grid, with the search bar's columns and the folders' pages. */
    fun grid(phone: HomePhone): ModelGrid {
        val (size, given) = phone.grid to phone.input.getAsJsonObject("grid")
        return ModelGrid(
            size.columns, size.rows, size.dock, given.int("search_cols", size.columns), given.int("folder_cols", FOLDER_SIDE),
            given.int("folder_rows", FOLDER_SIDE),
        )
    }

    /** The switches of the build. */
    fun flags(phone: HomePhone): ModelFlags {
        val flags = phone.input.objectOrNull("flags") ?: JsonObject()
        return ModelFlags.Builder()
            .qsbOnFirstScreen(flags.flag("qsb_on_first_screen", false))
            .smartspaceRemovalToggle(flags.flag("smartspace_removal_toggle", false))
            .smartspaceEnabled(flags.flag("smartspace_pref", true))
            .firstPageWidget(flags.flag("first_page_widget", false))
            .supportArchiving(flags.flag("support_archiving", true))
            .appPairs(flags.flag("app_pairs", true))
            .widgets(flags.flag("widgets_enabled", true))
            .build()
    }

    /** What the platform says. */
    fun of(phone: HomePhone): PlatformSnapshot {
        val platform = phone.platform
        val builder = PlatformSnapshot.Builder()
            .ownPackage(platform.string("own_package") ?: OWN_PACKAGE)
            .safeMode(platform.flag("safe_mode", false))
            .bootCompleted(PlatformAnswer.of(platform.flag("boot_completed", true)))
            .widgetBindAllowed(PlatformAnswer.of(platform.flag("bind_allowed", false)))
            .searchComponent(component(platform, "search_component"))
            .nextWidgetId(platform.int("next_widget_id", FIRST_WIDGET_ID))
        platform.objects("profiles").forEachIndexed { at, profile -> addProfile(builder, profile, isCurrent = at == 0) }
        addApps(builder, platform)
        addShortcuts(builder, platform)
        addWidgets(builder, platform)
        return builder.build()
    }

    private fun addProfile(builder: PlatformSnapshot.Builder, profile: JsonObject, isCurrent: Boolean) {
        builder.profile(
            serial = user(profile),
            userId = profile.int("user_id", 0),
            kind = ProfileKind.values().firstOrNull { it.name.equals(profile.string("type") ?: "main", ignoreCase = true) }
                ?: ProfileKind.OTHER,
            quiet = PlatformAnswer.of(profile.flag("quiet", false)),
            unlocked = PlatformAnswer.of(profile.flag("unlocked", true)),
            pinned = when (profile.string("pinned_query")) {
                "fail" -> PinnedQuery.FAILED
                "fail_security" -> PinnedQuery.NOT_PERMITTED
                "null" -> PinnedQuery.NULL
                else -> PinnedQuery.ANSWERED
            },
            isCurrent = isCurrent,
        )
    }

    private fun addApps(builder: PlatformSnapshot.Builder, platform: JsonObject) {
        for (it in platform.objects("packages")) {
            val info = it.objectOrNull("app_info")?.let(::appInfo) ?: AppInfoAnswer.NOT_FOUND
            val isEnabled = PlatformAnswer.of(it.flag("is_package_enabled", false))
            builder.packageInfo(it.string("pkg").orEmpty(), user(it), isEnabled, info)
        }
        for (it in platform.objects("activities")) {
            val component = component(it, "component") ?: continue
            val isEnabled = it.flag("enabled", true)
            builder.activity(
                component, user(it), it.string("label").orEmpty(), PlatformAnswer.of(isEnabled),
                PlatformAnswer.of(it.flag("resolves", isEnabled)), it.flag("in_list", isEnabled),
                it.number("loading_progress", 1.0).toFloat(),
            )
        }
        for (it in platform.objects("sessions")) {
            val progress = it.number("progress", 0.0).toFloat()
            builder.installSession(it.string("pkg").orEmpty(), user(it), progress, it.string("installer"))
        }
    }

    private fun appInfo(info: JsonObject) = AppInfoAnswer.found(
        isInstalled = info.flag("installed", true),
        isEnabled = info.flag("enabled", true),
        isSystem = info.flag("system", false),
        isSuspended = info.flag("suspended", false),
        isExternal = info.flag("external", false),
        isArchived = info.flag("archived", false),
    )

    private fun addShortcuts(builder: PlatformSnapshot.Builder, platform: JsonObject) {
        for (it in platform.objects("pinned_shortcuts")) {
            val id = it.string("id").orEmpty()
            builder.pinnedShortcut(
                it.string("pkg").orEmpty(), id, user(it), component(it, "activity"), it.string("label") ?: "SC $id",
                it.flag("enabled", true), it.int("disabled_reason", 0),
            )
        }
        for (it in platform.objects("pending_pin_queue")) {
            builder.queuedPin(it.string("pkg").orEmpty(), it.string("id").orEmpty(), user(it))
        }
    }

    private fun addWidgets(builder: PlatformSnapshot.Builder, platform: JsonObject) {
        val isListed = !platform.flag("providers_query_throws", false)
        if (isListed) builder.widgetProvidersKnown()
        for (it in if (isListed) platform.objects("widget_providers") else emptyList()) {
            val (component, span) = (component(it, "component") ?: continue) to minSpan(it)
            builder.widgetProvider(component, user(it), span.first, span.second, component(it, "configure"))
        }
        for (it in platform.objects("bound_widgets")) {
            val (component, span) = (component(it, "component") ?: continue) to minSpan(it)
            builder.boundWidget(
                it.int("id", 0), component, user(it), span.first, span.second, component(it, "configure"),
                it.flag("restore_completed_option", false),
            )
        }
        platform.array("custom_widgets").mapNotNull { ComponentKey.parse(it.asString) }.forEach { builder.customWidget(it) }
        if (!platform.flag("host_ids_query_fails", false)) {
            builder.hostWidgetIds(platform.array("host_widget_ids").map { it.asInt }.toIntArray())
        }
    }

    private fun minSpan(it: JsonObject): Pair<Int, Int> {
        val spans = it.array("min_span").map { span -> span.asInt }
        return spans.getOrElse(0) { 1 } to spans.getOrElse(1) { 1 }
    }

    private fun user(it: JsonObject): Long = it.int("serial", 0).toLong()

    private fun component(it: JsonObject, name: String): ComponentKey? = it.string(name)?.let(ComponentKey::parse)

    private const val OWN_PACKAGE = "com.android.launcher3"
    private const val FIRST_WIDGET_ID = 1000
    private const val FOLDER_SIDE = 4
}
