package dev.ferrule.legacy.launcher

import java.net.URISyntaxException

/**
 * An intent as the loader needs it: what a row's `intent` column says, with its text form (launcher-model A.8).
 * Mutable, as the platform's class is: the loader adds the package to the intent that it parsed.
 */
public class LauncherIntent(
    /** Action; a parsed text without one has `android.intent.action.VIEW`. */
    public var action: String? = null,
) {
    /** Data URI, as written. */
    public var data: String? = null

    /** MIME type. */
    public var type: String? = null

    /** Identifier. */
    public var identifier: String? = null

    /** Launch flags. */
    public var flags: Int = 0

    /** Extended launch flags. */
    public var extendedFlags: Int = 0

    /** Explicit component. */
    public var component: ComponentName? = null

    /** Source bounds: left, top, right, bottom. */
    public var sourceBounds: IntArray? = null

    /** Explicit package. */
    public var packageName: String? = null
        private set

    /** Selector. It excludes a package. */
    public var selector: LauncherIntent? = null
        internal set

    private var categorySet: MutableSet<String>? = null
    private var extraMap: MutableMap<String, Any>? = null

    /** Categories in the order in which they were added. */
    public val categories: Set<String> get() = categorySet.orEmpty()

    /** Extras in the order in which they were added; null if there never was a bundle. */
    public val extras: Map<String, Any>? get() = extraMap

    /** Adds a category. */
    public fun addCategory(category: String): LauncherIntent = apply {
        (categorySet ?: LinkedHashSet<String>().also { categorySet = it }).add(category)
    }

    /** Sets an extra: String, Boolean, Byte, Char, Double, Float, Int, Long or Short. */
    public fun putExtra(key: String, value: Any): LauncherIntent = apply { openExtras()[key] = value }

    internal fun openExtras(): MutableMap<String, Any> =
        extraMap ?: LinkedHashMap<String, Any>().also { extraMap = it }

    /** A string extra, or null. */
    public fun getStringExtra(key: String): String? = extraMap?.get(key) as? String

    /**
     * Sets the package.
     *
     * @throws IllegalArgumentException if the intent has a selector (peer C3)
     */
    public fun setPackage(name: String?): LauncherIntent = apply {
        require(name == null || selector == null) { "Can't set package name when selector is already set" }
        packageName = name
    }

    /** The text form, `toUri(0)`. */
    public fun toUri(): String = IntentText.print(this)

    override fun toString(): String = toUri()

    public companion object {
        /** `android.intent.action.MAIN`. */
        public const val ACTION_MAIN: String = "android.intent.action.MAIN"

        /** `android.intent.action.VIEW`, the action of an intent whose text names none. */
        public const val ACTION_VIEW: String = "android.intent.action.VIEW"

        /** Category of launcher entries. */
        public const val CATEGORY_LAUNCHER: String = "android.intent.category.LAUNCHER"

        /** Category of pinned shortcuts. */
        public const val CATEGORY_DEEP_SHORTCUT: String = "com.android.launcher3.DEEP_SHORTCUT"

        /** Extra that holds the id of a pinned shortcut. */
        public const val EXTRA_SHORTCUT_ID: String = "shortcut_id"

        /** NEW_TASK and RESET_TASK_IF_NEEDED. */
        public const val LAUNCH_FLAGS: Int = 0x10200000

        /**
         * Reads a text form.
         *
         * @throws URISyntaxException for all errors of form
         * @throws NumberFormatException for a number that is none (peer I1: another class, with other consequences)
         */
        @JvmStatic
        @Throws(URISyntaxException::class)
        public fun parseUri(text: String): LauncherIntent = IntentParser(text).parse()

        /** What a launcher icon starts. */
        @JvmStatic
        public fun makeLaunchIntent(component: ComponentName): LauncherIntent =
            LauncherIntent(ACTION_MAIN).addCategory(CATEGORY_LAUNCHER).also {
                it.component = component
                it.flags = LAUNCH_FLAGS
            }
    }
}

/** Prints intents. */
internal object IntentText {
    fun print(intent: LauncherIntent): String {
        val out = StringBuilder(160)
        intent.data?.let(out::append)
        val start = out.length
        appendFields(out, intent, scheme = null, impliedAction = LauncherIntent.ACTION_VIEW)
        intent.selector?.let { selector ->
            out.append("SEL;")
            appendFields(out, selector, selector.data?.substringBefore(':'), impliedAction = null)
        }
        if (out.length == start) return out.toString()
        return out.insert(start, "#Intent;").append("end").toString()
    }

    private fun appendFields(out: StringBuilder, intent: LauncherIntent, scheme: String?, impliedAction: String?) {
        fun field(key: String, value: String?, allowed: String = "") {
            if (value != null) out.append(key).append('=').append(PercentCodec.encode(value, allowed)).append(';')
        }
        field("scheme", scheme)
        field("action", intent.action.takeIf { it != impliedAction })
        // The platform keeps categories and extras sorted by hash; equal hashes keep their order, as a stable sort does.
        intent.categories.inHashOrder { it }.forEach { field("category", it) }
        field("type", intent.type, "/")
        field("identifier", intent.identifier, "/")
        if (intent.flags != 0) out.append("launchFlags=0x").append(Integer.toHexString(intent.flags)).append(';')
        if (intent.extendedFlags != 0) {
            out.append("extendedLaunchFlags=0x").append(Integer.toHexString(intent.extendedFlags)).append(';')
        }
        field("package", intent.packageName)
        field("component", intent.component?.flattenToShortString(), "/")
        field("sourceBounds", intent.sourceBounds?.joinToString(" "))
        intent.extras?.entries?.inHashOrder { it.key }?.forEach { (key, value) ->
            field(letterOf(value) + "." + PercentCodec.encode(key), value.toString())
        }
    }

    private fun <T> Collection<T>.inHashOrder(key: (T) -> String): Collection<T> =
        if (size < 2) this else sortedBy { key(it).hashCode() }

    private fun letterOf(value: Any): String = when (value) {
        is String -> "S"
        is Boolean -> "B"
        is Byte -> "b"
        is Char -> "c"
        is Double -> "d"
        is Float -> "f"
        is Int -> "i"
        is Long -> "l"
        else -> "s"
    }
}
