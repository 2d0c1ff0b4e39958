package dev.ferrule.android.icons

import android.content.Context
import android.content.pm.ActivityInfo
import android.content.pm.ApplicationInfo
import android.content.pm.LauncherActivityInfo
import android.content.res.Configuration
import android.content.res.Resources
import android.os.Build
import dev.ferrule.android.os.attempt
import dev.ferrule.icons.IconTokens

/**
 * What labels and pictures are made from, as texts that are compared: for one icon, and for all of them at once.
 *
 * Invariant: what only labels depend on stands in no token of pixels.
 */
internal class IconTokenSource(private val context: Context, private val live: LiveIcons) {
    /** Of an activity; null where the platform does not say what is installed. */
    fun of(activity: LauncherActivityInfo): IconTokens? {
        val info = attempt { activity.applicationInfo } ?: return null
        val of = if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) attempt { activity.activityInfo } else null
        return tokens(info, of)
    }

    /** Of the application itself. */
    fun of(info: ApplicationInfo): IconTokens? = tokens(info, null)

    /** The installed file stands for all that is in it; the day counts for a calendar. */
    private fun tokens(info: ApplicationInfo, activity: ActivityInfo?): IconTokens? {
        val source = info.sourceDir ?: return null
        val installed = attempt { context.packageManager.getPackageInfo(info.packageName, 0) }
        val from = "$source ${installed?.lastUpdateTime} ${activity?.iconResource ?: info.icon} ${Build.VERSION.SDK_INT}"
        val day = live.dayOf(info.packageName)?.let { " $it" }.orEmpty()
        return IconTokens("$from ${languages()}", "$from ${look()}$day")
    }

    /** What every label depends on. */
    fun languages(): String = context.resources.configuration.locales.toLanguageTags()

    /** What every picture depends on. */
    fun look(): String = context.resources.configuration.let { "${it.densityDpi} ${it.uiMode and NIGHT}" }

    /** The path that the system masks adaptive icons with; empty where it is not to be had. */
    fun mask(): String = attempt {
        val system = Resources.getSystem()
        system.getString(system.getIdentifier("config_icon_mask", "string", "android"))
    }.orEmpty()

    private companion object {
        private const val NIGHT = Configuration.UI_MODE_NIGHT_MASK
    }
}
