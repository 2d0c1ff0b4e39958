package dev.ferrule.android.icons

import android.content.ComponentName
import android.content.Context
import android.content.Intent
import android.content.pm.LauncherApps
import android.graphics.drawable.AdaptiveIconDrawable
import android.graphics.drawable.Drawable
import android.graphics.drawable.InsetDrawable
import android.os.Build
import android.os.UserHandle
import android.os.UserManager
import android.util.DisplayMetrics
import dev.ferrule.android.os.attempt
import dev.ferrule.icons.IconKey
import dev.ferrule.icons.IconPixels
import dev.ferrule.icons.IconProvider
import dev.ferrule.icons.IconTokens
import dev.ferrule.icons.IconWant
import dev.ferrule.icons.RenderedIcon
import java.nio.ByteBuffer

/** What was found of a component: its label, its picture, and where both come from. */
public class FoundIcon @JvmOverloads constructor(
    /** The label. */
    public val label: String,
    /** What label and picture were made from; null if nobody can say, and then nothing is kept on disk. */
    public val tokens: IconTokens?,
    /** Whether the picture moves by itself, as a clock's; of such a one nothing is kept on disk. */
    public val isLive: Boolean = false,
    /** Loads the picture, where one is wanted; null where it cannot be loaded: nothing is then known of the pixels. */
    draw: () -> Drawable?,
) {
    /** With a picture that is there already. */
    public constructor(label: String, drawable: Drawable?, tokens: IconTokens?) : this(label, tokens, false, { drawable })

    /** The picture, loaded when it is first asked for. */
    public val drawable: Drawable? by lazy(LazyThreadSafetyMode.NONE, draw)
}

/** Finds icons: the platform, an icon pack before it, or a test. */
public fun interface IconFinder {
    /** What there is of [key]; null if the component is unknown. */
    public fun find(key: IconKey): FoundIcon?
}

/**
 * Draws what the platform has: plain icons as they are, adaptive ones by the system's mask, and the monochrome layer of those
 * that bring one (API 33). Where only a label is wanted, no picture is loaded.
 *
 * What it cannot load is unknown and never blank, so that what is shown stays.
 */
public class PlatformIconProvider @JvmOverloads constructor(
    context: Context,
    private val sizePx: Int,
    private val finder: IconFinder = LauncherAppsFinder(context, sizePx),
) : IconProvider {
    override fun load(key: IconKey, want: IconWant): RenderedIcon {
        val found = finder.find(key) ?: return RenderedIcon.Builder().build()
        val icon = RenderedIcon.Builder().label(found.label)
        found.tokens?.let(icon::tokens)
        if (!want.plain && !want.themed) return icon.build()
        val drawable = found.drawable ?: return icon.build()
        if (want.plain) icon.plain(pixels(found, IconBitmaps.bytesOf(IconBitmaps.rasterise(drawable, sizePx))))
        if (want.themed) icon.themed(monochrome(found, drawable))
        return icon.build()
    }

    private fun pixels(found: FoundIcon, bytes: ByteBuffer): IconPixels =
        if (found.isLive) IconPixels.live(sizePx, sizePx, bytes) else IconPixels.picture(sizePx, sizePx, bytes)

    /** The layer is 1.5 times as large as what the mask shows of it. */
    private fun monochrome(found: FoundIcon, drawable: Drawable): IconPixels {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.TIRAMISU) return IconPixels.ABSENT
        val layer = (drawable as? AdaptiveIconDrawable)?.monochrome ?: return IconPixels.ABSENT
        val whole = InsetDrawable(layer, -AdaptiveIconDrawable.getExtraInsetFraction())
        return pixels(found, IconBitmaps.alphaOf(IconBitmaps.rasterise(whole, sizePx)))
    }
}

/**
 * Asks `LauncherApps` for activities and the package manager for packages.
 *
 * Pictures are loaded for the density at which they are at least [sizePx] large. Calendars and clocks that [live] names are
 * shown as they are at present.
 */
public class LauncherAppsFinder @JvmOverloads constructor(
    private val context: Context,
    sizePx: Int,
    private val live: LiveIcons = LiveIcons(),
) : IconFinder {
    private val density = densityFor(sizePx)
    private val tokens = IconTokenSource(context, live)
    private val loader = LiveIconLoader(context.packageManager, live, density)

    override fun find(key: IconKey): FoundIcon? {
        val users = context.getSystemService(UserManager::class.java) ?: return null
        val user = users.getUserForSerialNumber(key.profile) ?: return null
        return if (key.isPackage) ofPackage(key.packageName, user) else ofActivity(key, user) ?: ofPackage(key.packageName, user)
    }

    /** A drawable whose hands go, for the view that shows [key]; null for what is no clock. */
    public fun clock(key: IconKey): ClockIconDrawable? = loader.clock(key.packageName)?.let { ClockIconDrawable(it, live.now) }

    private fun ofActivity(key: IconKey, user: UserHandle): FoundIcon? {
        val apps = context.getSystemService(LauncherApps::class.java) ?: return null
        val component = ComponentName(key.packageName, key.className)
        val activity = attempt { apps.getActivityList(key.packageName, user) }.orEmpty().find { it.componentName == component }
            ?: attempt { apps.resolveActivity(Intent(Intent.ACTION_MAIN).setComponent(component), user) }
            ?: return null
        val label = activity.label?.toString().orEmpty()
        loader.clock(key.packageName)?.let { clock -> return FoundIcon(label, tokens.of(activity), isLive = true) { clock.icon } }
        return FoundIcon(label, tokens.of(activity)) { loader.calendar(component) ?: attempt { activity.getIcon(density) } }
    }

    private fun ofPackage(packageName: String, user: UserHandle): FoundIcon? {
        val apps = context.getSystemService(LauncherApps::class.java) ?: return null
        val info = attempt { apps.getApplicationInfo(packageName, 0, user) } ?: return null
        val packages = context.packageManager
        return FoundIcon(info.loadLabel(packages).toString(), tokens.of(info)) { attempt { info.loadIcon(packages) } }
    }

    internal companion object {
        /** An icon's side on a screen of 160 dpi. */
        private const val ICON_DP = 48
        private val DENSITIES = intArrayOf(120, 160, 213, 240, 320, 480, 640)

        /** The least standard density at which an icon of 48 dp is at least [sizePx] large (icon-cache A.1). */
        fun densityFor(sizePx: Int): Int = DENSITIES.find { it * ICON_DP >= sizePx * DisplayMetrics.DENSITY_DEFAULT } ?: DENSITIES.last()
    }
}
