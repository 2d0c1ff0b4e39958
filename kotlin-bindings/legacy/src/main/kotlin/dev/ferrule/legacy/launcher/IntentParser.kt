package dev.ferrule.legacy.launcher

import java.net.URISyntaxException

/**
 * Reads the text form of an intent (launcher-model A.8 with the peer's I1–I6). One pass, linear in the length.
 *
 * The last `#` decides: `#Intent;` opens the current form, any other text after it may be the older one, and without a
 * `#` the whole text is a data URI.
 */
internal class IntentParser(private val text: String) {
    private var at = 0
    private var isOldForm = false
    private var hasGroups = false

    fun parse(): LauncherIntent {
        try {
            val isAndroidApp = text.startsWith(ANDROID_APP)
            val hash = text.lastIndexOf('#')
            if (hash >= 0 && text.startsWith(OPENING, hash)) {
                return parseFields(text.substring(0, hash), hash + OPENING.length)
            }
            if (isAndroidApp) return parseFields(text, -1)
            return if (hash < 0) viewOf(text) else parseOldForm(hash)
        } catch (_: IndexOutOfBoundsException) {
            // The platform tells the `#` for an error in the older form, and nothing for one in an android-app URI.
            throw URISyntaxException(text, "illegal Intent URI format", if (isOldForm) text.lastIndexOf('#') else at)
        }
    }

    private fun viewOf(uri: String) = LauncherIntent(LauncherIntent.ACTION_VIEW).also { it.data = uri }

    /** @param start index of the first key, or −1 if the text has none (an `android-app:` URI alone) */
    private fun parseFields(data: String, start: Int): LauncherIntent {
        val base = LauncherIntent(LauncherIntent.ACTION_VIEW)
        var intent = base
        var scheme: String? = null
        var namesAction = false
        at = start
        while (at >= 0 && !text.startsWith("end", at)) {
            // The first `=` counts even where it lies in a later segment; such a segment has no value.
            val equals = text.indexOf('=', at).let { if (it < 0) at - 1 else it }
            val semicolon = text.indexOf(';', at)
            if (semicolon < 0) throw URISyntaxException(text, "uri end not found")
            val value = if (equals < semicolon) PercentCodec.decode(text.substring(equals + 1, semicolon)) else ""
            when {
                has("action=") -> {
                    intent.action = value
                    if (intent === base) namesAction = true
                }
                has("category=") -> intent.addCategory(value)
                has("type=") -> intent.type = value
                has("identifier=") -> intent.identifier = value
                has("launchFlags=") -> intent.flags = flagsOf(value) and GRANT_FLAGS.inv()
                has("extendedLaunchFlags=") -> intent.extendedFlags = flagsOf(value)
                has("package=") -> intent.setPackageUnchecked(value)
                has("component=") -> intent.component = ComponentName.unflattenFromString(value)
                has("scheme=") -> if (intent === base) scheme = value else intent.data = "$value:"
                has("sourceBounds=") -> intent.sourceBounds = boundsOf(value)
                semicolon == at + 3 && has("SEL") -> intent = LauncherIntent()
                else -> readExtra(intent, equals, value)
            }
            at = semicolon + 1
        }
        // A selector and a package exclude each other; the package wins (I6).
        if (intent !== base && base.packageName == null) base.selector = intent
        applyData(base, data, scheme, namesAction)
        return base
    }

    private fun has(key: String) = text.startsWith(key, at)

    private fun LauncherIntent.setPackageUnchecked(name: String) {
        selector = null
        setPackage(name)
    }

    private fun readExtra(intent: LauncherIntent, equals: Int, value: String) {
        val key = PercentCodec.decode(text.substring(at + 2, equals))
        val extras = intent.openExtras()
        val type = if (text[at + 1] == '.') text[at] else ' '
        extras[key] = typed(type, value) ?: throw URISyntaxException(text, "unknown EXTRA type", at)
    }

    private fun applyData(intent: LauncherIntent, data: String, scheme: String?, namesAction: Boolean) {
        val uri = when {
            data.startsWith(INTENT_SCHEME) -> {
                val rest = data.substring(INTENT_SCHEME.length)
                if (scheme != null) "$scheme:$rest" else rest
            }
            data.startsWith(ANDROID_APP) -> readAndroidApp(intent, data, scheme, namesAction)
            else -> data
        }
        if (uri.isNotEmpty()) intent.data = uri
    }

    /** `android-app://package[/scheme[/authority[/path]]]`: names the package; the rest becomes the data URI. */
    private fun readAndroidApp(
        intent: LauncherIntent,
        data: String,
        extraScheme: String?,
        namesAction: Boolean,
    ): String {
        val nameStart = ANDROID_APP.length + 2
        if (data[nameStart - 2] != '/' || data[nameStart - 1] != '/') return ""
        var scheme = extraScheme
        var authority: String? = null
        var end = data.indexOf('/', nameStart)
        if (end < 0) {
            scheme = null
            intent.setPackageKeepingSelector(PercentCodec.decode(data.substring(nameStart)))
        } else {
            intent.setPackageKeepingSelector(PercentCodec.decode(data.substring(nameStart, end)))
            if (end + 1 < data.length) {
                val schemeEnd = data.indexOf('/', end + 1)
                if (schemeEnd < 0) {
                    scheme = PercentCodec.decode(data.substring(end + 1))
                } else {
                    scheme = PercentCodec.decode(data.substring(end + 1, schemeEnd))
                    end = schemeEnd
                    val authorityEnd = data.indexOf('/', end + 1)
                    if (authorityEnd >= 0) {
                        authority = PercentCodec.decode(data.substring(end + 1, authorityEnd))
                        end = authorityEnd
                    }
                }
            }
        }
        if (scheme == null) {
            if (!namesAction) intent.action = LauncherIntent.ACTION_MAIN
            return ""
        }
        return if (authority == null) "$scheme:" else "$scheme://$authority" + data.substring(end)
    }

    /** The platform writes the field here, past the setter's check. */
    private fun LauncherIntent.setPackageKeepingSelector(name: String) {
        val kept = selector
        selector = null
        setPackage(name)
        selector = kept
    }

    // The older form: data#action(a)categories(a!b)type(t)launchFlags(n)component(p!c)extras(S.k=v!…).

    private fun parseOldForm(hash: Int): LauncherIntent {
        val intent = LauncherIntent()
        isOldForm = true
        at = hash + 1
        group("action(")?.let { intent.action = it }
        group("categories(", mayBeOpen = true)?.let { names -> names.split('!').filter { it.isNotEmpty() }.forEach(intent::addCategory) }
        group("type(")?.let { intent.type = it }
        group("launchFlags(")?.let { intent.flags = flagsOf(it) and GRANT_FLAGS.inv() }
        group("component(", mayBeOpen = true)?.let { name ->
            val bang = name.indexOf('!')
            if (bang >= 0) intent.component = ComponentName(name.substring(0, bang), name.substring(bang + 1))
        }
        if (has("extras(")) readOldExtras(intent)
        intent.data = if (hasGroups) text.substring(0, hash) else text
        if (intent.action == null) intent.action = LauncherIntent.ACTION_VIEW
        return intent
    }

    /**
     * The text in the parentheses of a group that starts here, or null; moves behind it.
     *
     * @param mayBeOpen a group that is never closed counts as empty, and reading goes on at the start of the text
     */
    private fun group(opening: String, mayBeOpen: Boolean = false): String? {
        if (!has(opening)) return null
        hasGroups = true
        at += opening.length
        val close = text.indexOf(')', at)
        if (close < 0 && mayBeOpen) {
            at = 0
            return ""
        }
        val content = text.substring(at, close)
        at = close + 1
        return content
    }

    private fun readOldExtras(intent: LauncherIntent) {
        hasGroups = true
        at += "extras(".length
        val close = text.indexOf(')', at)
        if (close < 0) throw URISyntaxException(text, "EXTRA missing trailing ')'", at)
        while (at < close) {
            val equals = text.indexOf('=', at)
            if (equals <= at + 1) throw URISyntaxException(text, "EXTRA missing '='", at)
            val type = text[at]
            val key = text.substring(at + 1, equals)
            at = equals + 1
            val end = text.indexOf('!', at).let { if (it < 0 || it >= close) close else it }
            if (at >= end) throw URISyntaxException(text, "EXTRA missing '!'", at)
            val raw = text.substring(at, end)
            at = end
            val extras = intent.openExtras()
            try {
                val value = if (type == 'S' || type == 'c') PercentCodec.decode(raw) else raw
                extras[key] = typed(type, value) ?: throw URISyntaxException(text, "EXTRA has unknown type", at)
            } catch (_: NumberFormatException) {
                throw URISyntaxException(text, "EXTRA value can't be parsed", at)
            }
            if (end == close) return
            at++
        }
    }

    /** The value of an extra of a type letter; null for a letter that is none. */
    private fun typed(type: Char, value: String): Any? = when (type) {
        'S' -> value
        'B' -> value.equals("true", ignoreCase = true)
        'b' -> java.lang.Byte.parseByte(value)
        'c' -> value[0]
        'd' -> java.lang.Double.parseDouble(value)
        'f' -> java.lang.Float.parseFloat(value)
        'i' -> Integer.parseInt(value)
        'l' -> java.lang.Long.parseLong(value)
        's' -> java.lang.Short.parseShort(value)
        else -> null
    }

    /** A number of 32 bits; unsigned only where it opens with `0x` itself, without a sign. */
    private fun flagsOf(value: String): Int {
        if (!value.startsWith("0x", ignoreCase = true)) return Integer.decode(value)
        if (value.length > 2 && value[2] in "+-") throw NumberFormatException("Sign character in wrong position")
        return Integer.parseUnsignedInt(value.substring(2), HEX)
    }

    private fun boundsOf(value: String): IntArray? {
        val numbers = BOUNDS.matchEntire(value)?.groupValues?.drop(1) ?: return null
        return IntArray(numbers.size) { Integer.parseInt(numbers[it]) }
    }

    private companion object {
        const val OPENING = "#Intent;"
        const val ANDROID_APP = "android-app:"
        const val INTENT_SCHEME = "intent:"

        /** Flags that grant access to URIs; a text may not set them. */
        const val GRANT_FLAGS = 0xC3
        const val HEX = 16
        val BOUNDS = Regex("(-?\\d+) (-?\\d+) (-?\\d+) (-?\\d+)")
    }
}
