package dev.ferrule.android.icons

import android.content.ComponentName
import android.content.Context
import android.content.Intent
import android.content.pm.ActivityInfo
import android.content.pm.ApplicationInfo
import android.content.pm.LauncherActivityInfo
import android.content.pm.LauncherApps
import android.content.res.Configuration
import android.graphics.drawable.AdaptiveIconDrawable
import android.graphics.drawable.Drawable
import android.graphics.drawable.InsetDrawable
import android.os.Build
import android.os.UserHandle
import android.os.UserManager
import dev.ferrule.android.os.attempt
import dev.ferrule.icons.IconKey
import dev.ferrule.icons.IconPixels
import dev.ferrule.icons.IconProvider
import dev.ferrule.icons.IconTokens
import dev.ferrule.icons.IconWant
import dev.ferrule.icons.RenderedIcon

/** What was found of a component: its label, its picture, and where both come from. */
public class FoundIcon(
    /** The label. */
    public val label: String,
    /** The picture, null where it could not be loaded: nothing is then known of the pixels. */
    public val drawable: Drawable?,
    /** What label and picture were made from; null if nobody can say, and then nothing is kept on disk. */
    public val tokens: IconTokens?,
)

/** Finds icons: the platform, an icon pack before it, or a test. */
public fun interface IconFinder {
    /** What there is of [key]; null if the component is unknown. */
    public fun find(key: IconKey): FoundIcon?
}

/**
 * Draws what the platform has: plain icons as they are, adaptive ones by the system's mask, and the monochrome layer of those
 * that bring one (API 33).
 *
 * What it cannot load is unknown and never blank, so that what is shown stays.
 */
public class PlatformIconProvider @JvmOverloads constructor(
    context: Context,
    private val sizePx: Int,
    private val finder: IconFinder = LauncherAppsFinder(context),
) : IconProvider {
    override fun load(key: IconKey, want: IconWant): RenderedIcon {
        val found = finder.find(key) ?: return RenderedIcon.Builder().build()
        val icon = RenderedIcon.Builder().label(found.label)
        found.tokens?.let(icon::tokens)
        val drawable = found.drawable
        if (drawable == null) return icon.build()
        if (want.plain) icon.plain(picture(drawable))
        if (want.themed) icon.themed(monochrome(drawable))
        return icon.build()
    }

    private fun picture(drawable: Drawable): IconPixels =
        IconPixels.picture(sizePx, sizePx, IconBitmaps.bytesOf(IconBitmaps.rasterise(drawable, sizePx)))

    /** The layer is 1.5 times as large as what the mask shows of it. */
    private fun monochrome(drawable: Drawable): IconPixels {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.TIRAMISU) return IconPixels.ABSENT
        val layer = (drawable as? AdaptiveIconDrawable)?.monochrome ?: return IconPixels.ABSENT
        val whole = InsetDrawable(layer, -AdaptiveIconDrawable.getExtraInsetFraction())
        return IconPixels.picture(sizePx, sizePx, IconBitmaps.alphaOf(IconBitmaps.rasterise(whole, sizePx)))
    }
}

/** Asks `LauncherApps` for activities and the package manager for packages. */
public class LauncherAppsFinder(private val context: Context) : IconFinder {
    override fun find(key: IconKey): FoundIcon? {
        val users = context.getSystemService(UserManager::class.java) ?: return null
        val user = users.getUserForSerialNumber(key.profile) ?: return null
        return if (key.isPackage) ofPackage(key.packageName, user) else ofActivity(key, user) ?: ofPackage(key.packageName, user)
    }

    private fun ofActivity(key: IconKey, user: UserHandle): FoundIcon? {
        val apps = context.getSystemService(LauncherApps::class.java) ?: return null
        val component = ComponentName(key.packageName, key.className)
        val activity = attempt { apps.getActivityList(key.packageName, user) }.orEmpty().find { it.componentName == component }
            ?: attempt { apps.resolveActivity(Intent(Intent.ACTION_MAIN).setComponent(component), user) }
            ?: return null
        val icon = attempt { activity.getIcon(0) }
        return FoundIcon(activity.label?.toString().orEmpty(), icon, tokens(activity))
    }

    private fun ofPackage(packageName: String, user: UserHandle): FoundIcon? {
        val apps = context.getSystemService(LauncherApps::class.java) ?: return null
        val info = attempt { apps.getApplicationInfo(packageName, 0, user) } ?: return null
        val packages = context.packageManager
        return FoundIcon(info.loadLabel(packages).toString(), attempt { info.loadIcon(packages) }, tokens(info, null))
    }

    private fun tokens(activity: LauncherActivityInfo): IconTokens? {
        val info = attempt { activity.applicationInfo } ?: return null
        val of = if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) attempt { activity.activityInfo } else null
        return tokens(info, of)
    }

    /** The installed file stands for all that is in it; the language for labels, density and night for pictures. */
    private fun tokens(info: ApplicationInfo, activity: ActivityInfo?): IconTokens? {
        val source = info.sourceDir ?: return null
        val configuration = context.resources.configuration
        val installed = attempt { context.packageManager.getPackageInfo(info.packageName, 0) }
        val from = "$source ${installed?.lastUpdateTime} ${activity?.iconResource ?: info.icon} ${Build.VERSION.SDK_INT}"
        return IconTokens(
            label = "$from ${configuration.locales.toLanguageTags()}",
            pixels = "$from ${configuration.densityDpi} ${configuration.uiMode and NIGHT}",
        )
    }

    private companion object {
        private const val NIGHT = Configuration.UI_MODE_NIGHT_MASK
    }
}
