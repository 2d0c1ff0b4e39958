package dev.ferrule.legacy.icons

import dev.ferrule.legacy.launcher.ComponentName

/** What Android tells the cache. A launcher passes the real services, a test stand-ins. */
public interface IconPlatform {
    /** Renders icons at the size of the cache. */
    public val factory: IconFactory

    /** Locale and SDK, "en-US,35": changes at each start and each [LegacyIconCache.begin] only. */
    public fun systemState(): String

    /** The freshness of an app's icons within a system state (icon-cache A.3); null if they must not be stored. */
    public fun stateForApp(systemState: String, app: AppInfo?): String?

    /** The icon of an activity; null counts as an empty drawing. */
    public fun icon(activity: ActivityInfo): SystemIcon?

    /** The icon of an app. */
    public fun icon(app: AppInfo): SystemIcon?

    /** The app, uninstalled ones too, or null if there is none. */
    public fun appInfo(packageName: String, user: Int): AppInfo?

    /** The activity that a launch of the component would start, or null. */
    public fun resolveActivity(component: ComponentName, user: Int): ActivityInfo?

    /** The launcher activities of a package. */
    public fun activities(packageName: String, user: Int): List<ActivityInfo>

    /** The icon of a shortcut, or null. */
    public fun icon(shortcut: ShortcutInfo): SystemIcon?

    /** Whether a package is the system's, so that its shortcuts may wear another's badge. Known for life once asked. */
    public fun isTrusted(packageName: String, user: Int): Boolean

    /** The format that makes a content description of a label, `%1$s` if none is needed. */
    public fun badgeFormat(user: Int): String

    /** The user's serial number, or its handle if the user is unknown. */
    public fun serialOf(user: Int): Int

    /** What kind of profile the user is; [UserKind.MAIN] if unknown. */
    public fun kindOf(user: Int): UserKind

    /** Whether archived apps are supported. */
    public val archiving: Boolean

    /** Whether every icon gets a themed form; moves the table's release from 2 to 3. */
    public val forcesMono: Boolean
}

/** Draws icons into pictures. */
public interface IconFactory {
    /** Whether themed forms are wanted. */
    public val isThemed: Boolean

    /** Side of an icon in pixels. */
    public val size: Int

    /** The system's icon for apps that have none. */
    public fun defaultIcon(): BitmapInfo

    /** Draws [icon], null as an empty drawing. */
    public fun render(icon: SystemIcon?): BitmapInfo

    /** Draws a shortcut's icon: its colour is the theme's, not the picture's. */
    public fun renderShortcut(icon: SystemIcon): BitmapInfo
}

/** A drawable that the system gave. */
public interface SystemIcon {
    /** Whether it is the system's icon for apps that have none. */
    public val isDefault: Boolean
}

/** Kinds of profiles, with the flag of each. */
public enum class UserKind(
    /** Bit of [IconFlag], 0 for the main profile. */
    public val flag: Int,
) {
    MAIN(0),
    WORK(IconFlag.WORK),
    CLONE(IconFlag.CLONE),
    PRIVATE(IconFlag.PRIVATE),
    ;

    /** [flags] with the user bits of this kind, set and cleared. */
    internal fun applyTo(flags: Int): Int = flags and ALL.inv() or flag

    private companion object {
        const val ALL = IconFlag.WORK or IconFlag.CLONE or IconFlag.PRIVATE
    }
}

/** An app as the package manager tells it. */
public interface AppInfo {
    /** Its package. */
    public val packageName: String

    /** Its label; the package's name if it has none. */
    public val label: String

    /** Where its code lies, if it has any: changes with every installation. */
    public val sourceDir: String?

    /** Whether it runs without being installed. */
    public val isInstant: Boolean

    /** Whether it is installed for the user and enabled. */
    public val isUsable: Boolean

    /** Whether its code was removed, its data kept. */
    public val isArchived: Boolean
}

/** An activity that a launcher shows. */
public interface ActivityInfo {
    /** Its name. */
    public val component: ComponentName

    /** Its user. */
    public val user: Int

    /** Its label, or null: asked from the system at every read. */
    public val label: String?

    /** Its app. */
    public val app: AppInfo?
}

/** A deep shortcut. */
public interface ShortcutInfo {
    /** Package of its publisher. */
    public val packageName: String

    /** Id within the package. */
    public val id: String

    /** Its user. */
    public val user: Int

    /** Short label, or null. */
    public val label: String?

    /** When it was last changed, in milliseconds. */
    public val changed: Long

    /** Whether it is declared in the manifest: [changed] is then set anew at every start of the phone. */
    public val isManifest: Boolean

    /** The activity it belongs to, or null. */
    public val activity: ComponentName?

    /** A package that it wants for its badge, or null. */
    public val badgePackage: String?

    /** Its app where the list of apps told it; null if it must be asked. */
    public val knownApp: AppInfo?
}

/** Anything else with a label and an icon, such as a widget. */
public interface CachedObject {
    /** Its name. */
    public val component: ComponentName

    /** Its user. */
    public val user: Int

    /** Its label, or null: asked at every read. */
    public val label: String?

    /** Its icon, or null: asked at every read. */
    public val icon: SystemIcon?

    /** Its app, or null. */
    public val app: AppInfo?

    /** Its freshness; [appState] is that of [app]. Null if it must not be stored. */
    public fun freshness(appState: String?): String?
}
