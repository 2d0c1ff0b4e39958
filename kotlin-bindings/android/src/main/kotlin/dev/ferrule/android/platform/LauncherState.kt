package dev.ferrule.android.platform

import android.appwidget.AppWidgetHost
import android.appwidget.AppWidgetProviderInfo
import android.util.Size
import dev.ferrule.launcher.ComponentKey

/** How many cells a widget needs at least; the launcher's grid decides. */
public fun interface WidgetSpans {
    /** Least width and height of [provider] in cells; 0 keeps what a widget has. */
    public fun leastSpan(provider: AppWidgetProviderInfo): Size
}

/** A shortcut that waits in the launcher's install queue to be placed. */
public class QueuedShortcut(
    /** The publisher. */
    public val packageName: String,
    /** The shortcut's id. */
    public val id: String,
    /** The profile's serial number. */
    public val user: Long,
)

/** What only the launcher itself knows of its part of the platform. Everything has a default; unknown loses nothing. */
public class LauncherState {
    /** The launcher's widget host, null where it has none or nobody knows: which ids are its own is then unknown. */
    public var widgetHost: AppWidgetHost? = null

    /** How many cells a widget needs. */
    public var widgetSpans: WidgetSpans = WidgetSpans { Size(0, 0) }

    /** The id that the host hands out next; 0 for unknown. */
    public var nextWidgetId: Int = 0

    /** The launcher's install queue. */
    public var queuedShortcuts: List<QueuedShortcut> = emptyList()

    /** Widgets of the launcher's own. */
    public var customWidgets: List<ComponentKey> = emptyList()

    /** The current search widget. */
    public var searchComponent: ComponentKey? = null
}
