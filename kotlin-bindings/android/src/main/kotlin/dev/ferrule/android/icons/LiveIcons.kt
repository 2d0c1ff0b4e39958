package dev.ferrule.android.icons

import android.content.ComponentName
import android.content.pm.PackageManager
import android.graphics.drawable.AdaptiveIconDrawable
import android.graphics.drawable.Drawable
import android.graphics.drawable.LayerDrawable
import android.os.Bundle
import dev.ferrule.android.os.attempt
import java.util.Calendar

/**
 * Whose icons change by themselves, as AOSP's launcher has it configured (`calendar_component_name`, `clock_component_name`):
 * a calendar shows the day of the month, a clock has hands.
 */
public class LiveIcons @JvmOverloads constructor(
    /** Packages of calendars: an array of drawables, one a day, stands in their activity's metadata. */
    public val calendars: Set<String> = emptySet(),
    /** Packages of clocks: the layers that are their hands stand in their application's metadata. */
    public val clocks: Set<String> = emptySet(),
    /** The time, in the zone that is shown. */
    public val now: () -> Calendar = { Calendar.getInstance() },
) {
    /** The day of the month from 0 on, for a calendar; null for everybody else. */
    internal fun dayOf(packageName: String): Int? = if (packageName in calendars) now().get(Calendar.DAY_OF_MONTH) - 1 else null
}

/** Loads what [LiveIcons] names. Null is no failure: the app has such an icon no more, and its plain one is shown. */
internal class LiveIconLoader(private val packages: PackageManager, private val live: LiveIcons, private val densityDpi: Int) {
    /** Today's icon of a calendar. */
    fun calendar(component: ComponentName): Drawable? {
        val day = live.dayOf(component.packageName) ?: return null
        return attempt {
            val metadata = packages.getActivityInfo(component, FLAGS).metaData
            val days = metadata?.getInt("${component.packageName}.dynamic_icons", 0) ?: 0
            if (days == 0) return null
            val resources = packages.getResourcesForApplication(component.packageName)
            val array = resources.obtainTypedArray(days)
            val today = try {
                array.getResourceId(day, 0)
            } finally {
                array.recycle()
            }
            if (today == 0) null else resources.getDrawableForDensity(today, densityDpi, null)
        }
    }

    /** A clock with its hands at the present time. */
    fun clock(packageName: String): ClockFace? {
        if (packageName !in live.clocks) return null
        return attempt {
            val info = packages.getApplicationInfo(packageName, FLAGS)
            val metadata = info.metaData ?: return null
            val icon = metadata.getInt(PREFIX + "LEVEL_PER_TICK_ICON_ROUND", 0)
            if (icon == 0) return null
            val drawable = packages.getResourcesForApplication(info).getDrawableForDensity(icon, densityDpi, null)
            ClockFace.of(drawable?.mutate(), metadata)?.also { it.show(live.now()) }
        }
    }

    internal companion object {
        /** Of the metadata's keys. */
        const val PREFIX = "com.android.launcher3."
        private const val FLAGS = PackageManager.GET_META_DATA or PackageManager.MATCH_UNINSTALLED_PACKAGES
    }
}

/**
 * An adaptive icon some layers of whose foreground turn with their level, a level a minute (icon-cache D).
 *
 * Hands that show [defaultHour] and [defaultMinute] unturned are turned by what is missing to the time. The hand of seconds is
 * taken off, as in AOSP: an icon that moves each second costs more than it tells.
 */
internal class ClockFace private constructor(
    val icon: AdaptiveIconDrawable,
    private val hour: Drawable?,
    private val minute: Drawable?,
    private val defaultHour: Int,
    private val defaultMinute: Int,
) {
    /** Turns the hands to [time]; whether one has moved. */
    fun show(time: Calendar): Boolean {
        val (hours, minutes) = time.get(Calendar.HOUR) to time.get(Calendar.MINUTE)
        val hourMoved = hour?.setLevel((hours - defaultHour).mod(HOURS) * MINUTES + minutes) ?: false
        val minuteMoved = minute?.setLevel(hours * MINUTES + (minutes - defaultMinute).mod(MINUTES)) ?: false
        return hourMoved || minuteMoved
    }

    companion object {
        private const val HOURS = 12
        private const val MINUTES = 60

        /** Null unless [drawable] is a clock as [metadata] describes it. */
        fun of(drawable: Drawable?, metadata: Bundle): ClockFace? {
            val icon = drawable as? AdaptiveIconDrawable ?: return null
            val layers = icon.foreground as? LayerDrawable ?: return null
            fun number(key: String, missing: Int) = metadata.getInt(LiveIconLoader.PREFIX + key, missing)
            fun layer(key: String) = number(key, -1).takeIf { it in 0 until layers.numberOfLayers }
            layer("SECOND_LAYER_INDEX")?.let { layers.setDrawable(it, null) }
            return ClockFace(
                icon, layer("HOUR_LAYER_INDEX")?.let(layers::getDrawable), layer("MINUTE_LAYER_INDEX")?.let(layers::getDrawable),
                number("DEFAULT_HOUR", 0), number("DEFAULT_MINUTE", 0),
            )
        }
    }
}
