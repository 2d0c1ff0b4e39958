package dev.ferrule.legacy.icons.tool

import com.google.gson.JsonObject
import dev.ferrule.legacy.icons.ActivityInfo
import dev.ferrule.legacy.icons.AppInfo
import dev.ferrule.legacy.icons.CachedObject
import dev.ferrule.legacy.icons.IconPlatform
import dev.ferrule.legacy.icons.ShortcutInfo
import dev.ferrule.legacy.icons.SystemIcon
import dev.ferrule.legacy.icons.UserKind
import dev.ferrule.legacy.launcher.ComponentName
import dev.ferrule.legacy.launcher.tool.flag
import dev.ferrule.legacy.launcher.tool.int
import dev.ferrule.legacy.launcher.tool.objects
import dev.ferrule.legacy.launcher.tool.string

/** The phone of a case. Notes every call of the cache in [calls]. */
class CasePhone(input: JsonObject, private val colors: RecordedColors) : IconPlatform {
    val calls = ArrayList<String>()
    var side = input.int("icon_size", 48)
    var themed = input.flag("themed", true)
    var locale = input.string("locale") ?: "en-US"
    var pack = input.string("pack")
    var appsThrow = false
    private val flags = input.getAsJsonObject("flags") ?: JsonObject()
    private val calendar = input.string("calendar")?.let { ComponentName.unflattenFromString(it)!!.packageName }
    private val apps = ArrayList<JsonObject>()
    private val shortcuts = input.objects("shortcuts").toMutableList()

    /** User handles by serial number, removed ones too: a case names users by serial. */
    private val handles = HashMap<Int, Int>()
    private val trusted = HashMap<String, Boolean>()
    private var profiles = emptyList<JsonObject>()

    /** Objects know their apps as they were at the start. */
    private val objects: List<Object>

    init {
        setProfiles(input.objects("profiles").ifEmpty { listOf(MAIN) })
        input.objects("apps").forEach(::setApp)
        objects = input.objects("objects").map(::Object)
    }

    override val factory get() = StandInFactory(side, themed, forcesMono, colors)
    override val archiving: Boolean get() = flags.flag("archiving", false)
    override val forcesMono: Boolean get() = flags.flag("force_mono", false)

    fun setProfiles(list: List<JsonObject>) {
        profiles = list
        for (profile in list) handles[profile.int("serial", 0)] = profile.int("user_id", 0)
    }

    fun user(serial: Int): Int = handles[serial] ?: serial

    /** How the recording names a user: the serial number that the case gave it. */
    fun serialNamed(user: Int): Int = handles.entries.firstOrNull { it.value == user }?.key ?: user

    override fun serialOf(user: Int): Int = profiles.firstOrNull { it.int("user_id", 0) == user }?.int("serial", 0) ?: user

    override fun kindOf(user: Int): UserKind = UserKind.valueOf((typeOf(user) ?: "main").uppercase())

    private fun typeOf(user: Int) = profiles.firstOrNull { it.int("user_id", 0) == user }?.string("type")

    override fun badgeFormat(user: Int): String {
        calls += "badgeFormat(@${serialNamed(user)})"
        val type = typeOf(user) ?: "main"
        return if (type == "main") "%1\$s" else type.replaceFirstChar(Char::uppercase) + " %1\$s"
    }

    override fun systemState(): String = "$locale,$SDK"

    override fun stateForApp(systemState: String, app: AppInfo?): String? {
        val suffix = pack?.let { " pack=$it" }.orEmpty()
        if (app == null) return systemState + suffix
        if ((app as App).json.flag("null_token", false)) return null
        val day = if (app.packageName == calendar) " $DAY" else ""
        return "$systemState$day ${app.sourceDir}$suffix"
    }

    /** A changed app goes to the end: equal hashes of a map keep this order. */
    fun setApp(app: JsonObject) {
        removeApp(app.string("pkg")!!, app.int("serial", 0))
        apps.add(app)
    }

    fun removeApp(packageName: String, serial: Int) {
        apps.removeAll { it.string("pkg") == packageName && it.int("serial", 0) == serial }
    }

    fun setShortcut(shortcut: JsonObject) {
        shortcuts.removeAll { idOf(it) == idOf(shortcut) }
        shortcuts.add(shortcut)
    }

    private fun idOf(shortcut: JsonObject) = "${shortcut.string("pkg")}/${shortcut.string("id")}@${shortcut.int("serial", 0)}"

    private fun app(packageName: String, user: Int) = apps.firstOrNull { it.string("pkg") == packageName && user(it.int("serial", 0)) == user }

    override fun appInfo(packageName: String, user: Int): AppInfo? {
        calls += "appInfo($packageName@${serialNamed(user)},flags=8192)"
        if (appsThrow) throw SecurityException("appInfo")
        val app = app(packageName, user) ?: return null
        return if (app.flag("known", true) && !app.flag("app_info_null", false)) App(app) else null
    }

    override fun isTrusted(packageName: String, user: Int): Boolean =
        trusted.getOrPut(packageName) { (appInfo(packageName, user) as App?)?.isSystem == true }

    override fun resolveActivity(component: ComponentName, user: Int): ActivityInfo? {
        calls += "resolve(${name(component, user)})"
        return activity(component, user)?.takeIf { it.json.flag("resolves", true) }
    }

    /** An activity without asking the system. */
    fun activity(component: ComponentName, user: Int): Activity? =
        app(component.packageName, user)?.let { app -> activitiesOf(app).firstOrNull { it.component == component } }

    private fun activitiesOf(app: JsonObject) = app.objects("activities").map { Activity(app, it) }

    override fun activities(packageName: String, user: Int): List<ActivityInfo> {
        calls += "activityList($packageName@${serialNamed(user)})"
        return app(packageName, user)?.let(::activitiesOf).orEmpty().filter { it.json.flag("in_list", true) }
    }

    /** All launcher activities of all users. */
    fun allActivities(): List<Activity> = apps.flatMap(::activitiesOf).filter { it.json.flag("in_list", true) }

    fun allShortcuts(convert: Boolean): List<Shortcut> = shortcuts.map { Shortcut(it, convert) }

    fun shortcut(packageName: String, id: String, serial: Int): Shortcut? =
        shortcuts.firstOrNull { idOf(it) == "$packageName/$id@$serial" }?.let { Shortcut(it, false) }

    fun allObjects(): List<Object> = objects

    fun named(name: String): Object = objects.first { it.name == name }

    override fun icon(activity: ActivityInfo): SystemIcon? {
        calls += "icon(${name(activity.component, activity.user)})"
        val json = (activity as Activity).json
        return iconOf(if (json.has("icon")) json.string("icon") else activity.owner.string("icon"))
    }

    override fun icon(app: AppInfo): SystemIcon? {
        val json = (app as App).json
        calls += "icon(app ${app.packageName}@${json.int("serial", 0)})"
        return iconOf(json.string("icon"))
    }

    override fun icon(shortcut: ShortcutInfo): SystemIcon? {
        calls += "shortcutIcon(${shortcut.packageName}/${shortcut.id}@${serialNamed(shortcut.user)})"
        return iconOf((shortcut as Shortcut).json.string("icon"))
    }

    fun name(component: ComponentName, user: Int): String = "${component.flattenToShortString()}@${serialNamed(user)}"

    private fun iconOf(name: String?): SystemIcon? = when (name) {
        null, "null" -> null
        "throw" -> throw RuntimeException("icon")
        else -> NamedIcon(name)
    }

    private fun labelOf(text: String?): String? {
        check(text == null || !text.startsWith("throw:")) { "label" }
        return text
    }

    private class App(val json: JsonObject) : AppInfo {
        override val packageName = json.string("pkg")!!
        override val label get() = json.string("label") ?: packageName
        override val sourceDir get() = if (json.has("source_dir")) json.string("source_dir") else "/data/app/$packageName-1/base.apk"
        override val isInstant get() = json.flag("instant", false)
        val isSystem get() = json.flag("system", false)
        override val isUsable get() = json.flag("installed", true) && json.flag("enabled", true)
        override val isArchived get() = json.flag("archived", false)
    }

    inner class Activity(val owner: JsonObject, val json: JsonObject) : ActivityInfo {
        override val component = ComponentName.unflattenFromString("${owner.string("pkg")}/${json.string("class")}")!!
        override val user = user(owner.int("serial", 0))
        override val app: AppInfo? get() = App(owner)
        override val label: String?
            get() {
                calls += "label(${name(component, user)})"
                return labelOf(json.string("label"))
            }
    }

    inner class Shortcut(val json: JsonObject, private val convert: Boolean) : ShortcutInfo {
        override val packageName = json.string("pkg")!!
        override val id = json.string("id")!!
        override val user = user(json.int("serial", 0))
        override val label get() = json.string("label")
        override val changed get() = json.get("changed")?.asLong ?: 1
        override val isManifest get() = json.flag("manifest", false)
        override val activity get() = json.string("activity")?.let(ComponentName::unflattenFromString)
        override val badgePackage get() = json.string("badge_pkg")
        override val knownApp: AppInfo? get() = if (convert) app(packageName, user)?.let(::App) else null
    }

    inner class Object(private val json: JsonObject) : CachedObject {
        val name = json.string("name")!!
        override val component = ComponentName.unflattenFromString(json.string("component")!!)!!
        override val user = user(json.int("serial", 0))
        override val label: String?
            get() {
                calls += "label(object $name)"
                return labelOf(json.string("label"))
            }
        override val icon: SystemIcon?
            get() {
                calls += "icon(object $name)"
                return iconOf(json.string("icon"))
            }
        override val app: AppInfo? =
            if (json.flag("no_app_info", false)) null else app(component.packageName, user)?.let(::App)

        override fun freshness(appState: String?): String? = if (json.has("token")) json.string("token") else appState
    }

    private companion object {
        const val SDK = 35

        /** The recording was made on the 24th; days count from 0. */
        const val DAY = 23
        val MAIN = JsonObject().apply { addProperty("serial", 0) }
    }
}
