package dev.ferrule.legacy.icons

import dev.ferrule.legacy.launcher.ComponentName

/**
 * Whose icon it is.
 *
 * @property component the component; for a package as a whole see [ofPackage]
 * @property user user handle, not the serial number
 */
public data class IconKey(public val component: ComponentName, public val user: Int) {
    public companion object {
        /** The key of a package as a whole: its class is the package's name and a dot (icon-cache A.1). */
        @JvmStatic
        public fun ofPackage(packageName: String, user: Int): IconKey = IconKey(packageComponent(packageName), user)

        internal fun packageComponent(packageName: String) = ComponentName(packageName, "$packageName.")

        internal fun isPackage(component: ComponentName) = component.className == component.packageName + "."
    }
}

/** What the memory holds for a key. Filled after it was put there (icon-cache B.3). */
public class CacheEntry {
    /** The icon. */
    public var bitmap: BitmapInfo = BitmapInfo.BLANK
        internal set

    /** The label. */
    public var title: String? = ""
        internal set

    /** The label as a screen reader says it. */
    public var contentDescription: String? = ""
        internal set
}

/** Bits that say how to look up (icon-cache B.2). */
public object Lookup {
    /** Icon wanted, kept in memory. */
    public const val DEFAULT: Int = 0

    /** The colour will do, unless an icon is in memory. */
    public const val LOW_RES: Int = 1

    /** The package's icon will do. */
    public const val PACKAGE_ICON: Int = 2

    /** Do not put it into memory; replace what is there. */
    public const val SKIP_MEMORY: Int = 4

    internal fun Int.has(flag: Int) = this and flag != 0
}
