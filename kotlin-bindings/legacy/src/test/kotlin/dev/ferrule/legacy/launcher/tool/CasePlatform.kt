package dev.ferrule.legacy.launcher.tool

import com.google.gson.JsonElement
import com.google.gson.JsonObject
import dev.ferrule.legacy.launcher.AppWidgetProviderInfo
import dev.ferrule.legacy.launcher.ApplicationInfo
import dev.ferrule.legacy.launcher.ComponentName
import dev.ferrule.legacy.launcher.Favorites
import dev.ferrule.legacy.launcher.LauncherActivityInfo
import dev.ferrule.legacy.launcher.LauncherIntent
import dev.ferrule.legacy.launcher.Platform
import dev.ferrule.legacy.launcher.SessionInfo
import dev.ferrule.legacy.launcher.ShortcutInfo
import dev.ferrule.legacy.launcher.ShortcutKey
import dev.ferrule.legacy.launcher.UserInfo

/** A platform that answers from the `platform` object of a loader case and records what the loader asks it to do. */
class CasePlatform(private val json: JsonObject) : Platform {
    private class Activity(val info: LauncherActivityInfo, val isEnabled: Boolean, val resolves: Boolean, val isListed: Boolean)

    private data class ComponentKey(val component: ComponentName, val serial: Int)

    private data class PackageKey(val packageName: String?, val serial: Int)

    private class Package(val isEnabled: Boolean, val info: ApplicationInfo?)

    private val profileObjects = json.objects("profiles")
    private val pinnedQuery = profileObjects.associate { it.int("serial", 0) to it.string("pinned_query") }
    // Of equal entries the first counts.
    private val packages = json.objects("packages").reversed().associate { packageKey(it, it.string("pkg")) to packageOf(it) }
    private val activities = LinkedHashMap<ComponentKey, Activity>()
    private val listedActivities = HashMap<PackageKey, MutableList<LauncherActivityInfo>>()
    private val providers = json.objects("widget_providers").map { packageKey(it, null) to providerOf(it) }
        .groupBy({ (key, info) -> key.copy(packageName = info.provider.packageName) }, { it.second })
    private val boundWidgets = HashMap<Int, AppWidgetProviderInfo>()
    private val restoredWidgets = HashSet<Int>()
    private val customWidgets = json.array("custom_widgets").map { ComponentName.unflattenFromString(it.asString)!! }
    private val hostIds = sortedSetOf<Int>()
    private var nextWidgetId = FIRST_WIDGET_ID
    private val pinned = json.objects("pinned_shortcuts").map(::shortcutOf).toMutableList()

    /** Calls in order, in the form of the cases. */
    val pinCalls = ArrayList<String>()
    val bindCalls = ArrayList<String>()
    val allocated = ArrayList<Int>()

    init {
        for (it in json.objects("activities")) {
            val activity = activityOf(it)
            val serial = it.int("serial", 0)
            activities.putIfAbsent(ComponentKey(activity.info.component, serial), activity)
            if (!activity.isListed) continue
            val key = PackageKey(activity.info.component.packageName, serial)
            listedActivities.getOrPut(key) { ArrayList() }.add(activity.info)
        }
        json.array("host_widget_ids").forEach { hostIds.add(it.asInt) }
        for (bound in json.objects("bound_widgets")) {
            val id = bound.int("id", 0)
            boundWidgets[id] = providerOf(bound)
            if (bound.flag("restore_completed_option", false)) restoredWidgets.add(id)
        }
    }

    override val profiles: List<UserInfo> = profileObjects.map {
        UserInfo(it.int("serial", 0), it.string("type") == "private", it.flag("quiet", false), it.flag("unlocked", true))
    }
    override val isSafeMode: Boolean = json.flag("safe_mode", false)
    override val isBootCompleted: Boolean = json.flag("boot_completed", true)
    override val ownPackage: String get() = "com.android.launcher3"
    override val searchComponent: ComponentName? = component(json, "search_component")

    private fun packageKey(it: JsonObject, name: String?) = PackageKey(name, it.int("serial", 0))

    private fun packageOf(it: JsonObject) =
        Package(it.flag("is_package_enabled", false), it.objectOrNull("app_info")?.let(::applicationOf))

    private fun applicationOf(it: JsonObject) = ApplicationInfo(
        isInstalled = it.flag("installed", true),
        isEnabled = it.flag("enabled", true),
        isSystem = it.flag("system", false),
        isSuspended = it.flag("suspended", false),
        isExternal = it.flag("external", false),
        isArchived = it.flag("archived", false),
    )

    private fun providerOf(it: JsonObject): AppWidgetProviderInfo {
        val minSpan = it.array("min_span").map(JsonElement::getAsInt)
        return AppWidgetProviderInfo(
            component(it, "component")!!, component(it, "configure"), minSpan.getOrElse(0) { 1 }, minSpan.getOrElse(1) { 1 },
        )
    }

    private fun shortcutOf(it: JsonObject) = ShortcutInfo(
        key = ShortcutKey(it.string("pkg"), it.string("id"), it.int("serial", 0)),
        activity = component(it, "activity"),
        label = it.string("label") ?: ("SC " + it.string("id")),
        isEnabled = it.flag("enabled", true),
        isVersionLower = it.int("disabled_reason", 0) == DISABLED_REASON_VERSION_LOWER,
    )

    override fun isPackageEnabled(packageName: String, serial: Int): Boolean =
        packages[PackageKey(packageName, serial)]?.isEnabled == true

    override fun getApplicationInfo(packageName: String, serial: Int): ApplicationInfo? =
        packages[PackageKey(packageName, serial)]?.info

    override fun isActivityEnabled(component: ComponentName, serial: Int): Boolean =
        activities[ComponentKey(component, serial)]?.isEnabled == true

    override fun resolveActivity(component: ComponentName, serial: Int): LauncherActivityInfo? =
        activities[ComponentKey(component, serial)]?.takeIf { it.resolves }?.info

    override fun getActivityList(packageName: String, serial: Int): List<LauncherActivityInfo> =
        listedActivities[PackageKey(packageName, serial)].orEmpty()

    private fun activityOf(it: JsonObject): Activity {
        val component = component(it, "component")!!
        val isEnabled = it.flag("enabled", true)
        val info = LauncherActivityInfo(
            component,
            it.string("label").orEmpty(),
            it.number("loading_progress", 1.0).toFloat(),
            getApplicationInfo(component.packageName, it.int("serial", 0)),
        )
        return Activity(info, isEnabled, it.flag("resolves", isEnabled), it.flag("in_list", isEnabled))
    }

    override fun getPinnedShortcuts(serial: Int): List<ShortcutInfo>? = when (pinnedQuery[serial]) {
        "fail" -> throw IllegalStateException("User is locked")
        "fail_security" -> throw SecurityException("No permission")
        "null" -> null
        else -> pinned.filter { it.key.serial == serial }
    }

    /** The recorded platform only unpins: a shortcut that was not pinned is not pinned now. */
    override fun pinShortcuts(packageName: String, ids: Collection<String>, serial: Int) {
        pinCalls.add("$packageName|$serial|${ids.sorted().joinToString(",")}")
        pinned.removeAll { it.key.packageName == packageName && it.key.serial == serial && it.key.id !in ids }
    }

    override fun getPendingShortcuts(serial: Int): List<ShortcutKey> = json.objects("pending_pin_queue")
        .map { ShortcutKey(it.string("pkg"), it.string("id"), it.int("serial", 0)) }
        .filter { it.serial == serial }

    override fun getInstallSessions(): List<SessionInfo> = json.objects("sessions").map {
        SessionInfo(
            it.string("pkg"), it.int("serial", 0), it.string("installer"),
            it.number("progress", 0.0).toFloat(),
        )
    }

    override fun getWidgetProviders(packageName: String, serial: Int): List<AppWidgetProviderInfo> {
        if (json.flag("providers_query_throws", false)) return emptyList()
        return providers[PackageKey(packageName, serial)].orEmpty()
    }

    override fun getAppWidgetInfo(appWidgetId: Int): AppWidgetProviderInfo? = boundWidgets[appWidgetId]

    override fun getCustomWidget(component: ComponentName): AppWidgetProviderInfo? =
        customWidgets.firstOrNull { it == component }?.let { AppWidgetProviderInfo(it, null, 1, 1) }

    override fun isAppWidgetRestored(appWidgetId: Int): Boolean = appWidgetId in restoredWidgets

    override fun allocateAppWidgetId(): Int {
        val id = nextWidgetId++
        allocated.add(id)
        hostIds.add(id)
        return id
    }

    override fun bindAppWidgetIdIfAllowed(
        appWidgetId: Int,
        provider: AppWidgetProviderInfo,
        options: LauncherIntent?,
    ): Boolean {
        val isAllowed = json.flag("bind_allowed", false)
        bindCalls.add("$appWidgetId|${provider.provider.flattenToString()}|$isAllowed")
        if (isAllowed) boundWidgets[appWidgetId] = provider
        return isAllowed
    }

    override fun getAppWidgetIds(): IntArray? =
        if (json.flag("host_ids_query_fails", false)) null else hostIds.toIntArray()

    override fun deleteAppWidgetId(appWidgetId: Int) {
        hostIds.remove(appWidgetId)
    }

    private companion object {
        const val FIRST_WIDGET_ID = 1000
        const val DISABLED_REASON_VERSION_LOWER = 100
    }
}

private fun component(json: JsonObject, name: String): ComponentName? =
    json.string(name)?.let(ComponentName::unflattenFromString)
