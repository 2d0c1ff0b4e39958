package dev.ferrule.legacy.icons

import dev.ferrule.legacy.launcher.ComponentName

/**
 * What an item on the home screen or in the drawer shows.
 *
 * @property component what it starts, or null
 * @property user its user handle
 * @property isArchived whether its app is archived
 * @property isDeepShortcut whether it is a deep shortcut
 */
public class IconItem @JvmOverloads constructor(
    public val component: ComponentName?,
    public val user: Int,
    public val isArchived: Boolean = false,
    public val isDeepShortcut: Boolean = false,
) {
    /** Its label. */
    public var title: String? = null

    /** Its label as a screen reader says it. */
    public var contentDescription: String? = null

    /** Its icon. */
    public var bitmap: BitmapInfo? = BitmapInfo.BLANK

    /** Its own label where [title] is the package's. */
    public var appTitle: String? = null

    /** Whether only a colour is known. */
    public val usesLowRes: Boolean get() = bitmap!!.isLowRes
}

/**
 * One of many items of a bulk request.
 *
 * @property item what is filled
 * @property activity its activity, if known
 * @property lowRes whether the colour will do
 */
public class BulkRequest(public val item: IconItem, public val activity: ActivityInfo?, public val lowRes: Boolean)

/**
 * A package in a list, such as that of the widgets.
 *
 * @property packageName the package
 * @property user its user handle
 */
public class PackageItem(public val packageName: String, public val user: Int) {
    /** What it shows. */
    public val shown: IconItem = IconItem(null, user)
}
