package dev.ferrule.legacy.launcher

/** An item of the model. Mutable: Launcher3 keeps one object an item and changes it in place. */
public abstract class ItemInfo {
    /** Row id; −1 for a placeholder collection that no row has claimed. */
    public var id: Int = -1

    /** Item type, see [Favorites]. */
    public var itemType: Int = 0

    /** Container id. */
    public var container: Int = -1

    /** Page, or index in the dock. */
    public var screenId: Int = -1

    /** Column of the top left cell. */
    public var cellX: Int = -1

    /** Row of the top left cell. */
    public var cellY: Int = -1

    /** Width in cells. */
    public var spanX: Int = 1

    /** Height in cells. */
    public var spanY: Int = 1

    /** Order in a collection. */
    public var rank: Int = 0

    /** Label. */
    public var title: String? = null

    /** Profile serial of the owner. */
    public var serial: Int = 0

    /** Component that the item names, for caches and broadcasts. */
    public abstract val targetComponent: ComponentName?
}

/** Where the icon of an item came from. The legacy loader draws nothing; the source stands for the picture. */
public enum class IconSource(
    /** Name in reports. */
    public val text: String,
) {
    /** No icon yet. */
    LOW_RES("low"),

    /** The activity's own icon. */
    ACTIVITY("activity"),

    /** The icon of the package. */
    PACKAGE("pkg"),

    /** The shortcut's own icon. */
    SHORTCUT("shortcut"),

    /** The picture stored in the row. */
    BLOB("blob"),

    /** The placeholder. */
    DEFAULT("default"),
}

/** An app, a promise of one, or a pinned shortcut. */
public class WorkspaceItemInfo : ItemInfo() {
    /** Bits of the column `restored` that are still set (launcher-model A.4). */
    public var status: Int = 0

    /** Bits that are never stored (launcher-model A.4). */
    public var runtimeStatusFlags: Int = 0

    /** What a tap starts. */
    public var intent: LauncherIntent = LauncherIntent()

    /** Always 0: the loader does not read the column for these types (peer C15). */
    public val options: Int get() = 0

    /** Where the icon came from. */
    public var iconSource: IconSource = IconSource.LOW_RES

    private var progress = 100

    /** A promise without a component names its package. */
    override val targetComponent: ComponentName?
        get() = intent.component ?: intent.packageName?.takeIf { status and PLACEHOLDER_MASK != 0 }
            ?.let { ComponentName(it, EMPTY_CLASS_NAME) }

    /** Whether the item stands for an app that is not there, or archived. */
    public val isPromise: Boolean
        get() = status and (FLAG_RESTORED_ICON or FLAG_AUTOINSTALL_ICON) != 0 || runtimeStatusFlags and FLAG_ARCHIVED != 0

    /** Whether a tap does not start it. */
    public val isDisabled: Boolean get() = runtimeStatusFlags and FLAG_DISABLED_MASK != 0

    /** Progress of installation or download in percent; 100 if there is none. */
    public val progressLevel: Int
        get() = if (runtimeStatusFlags and FLAG_SHOW_PROGRESS_MASK != 0) progress else 100

    internal fun setFlag(flag: Int, isSet: Boolean) {
        runtimeStatusFlags = if (isSet) runtimeStatusFlags or flag else runtimeStatusFlags and flag.inv()
    }

    /** Progress of an installation. */
    internal fun setInstallProgress(percent: Int) {
        progress = percent
        setFlag(FLAG_INSTALL_SESSION_ACTIVE, percent < 100)
    }

    /** Progress of an incremental download of an installed app. */
    internal fun setDownloadProgress(percent: Int) {
        progress = percent
        setFlag(FLAG_INCREMENTAL_DOWNLOAD_ACTIVE, percent < 100)
    }

    public companion object {
        /** Stored: restored from a backup, the target may be missing. */
        public const val FLAG_RESTORED_ICON: Int = 1

        /** Stored: promise of the default layout. */
        public const val FLAG_AUTOINSTALL_ICON: Int = 2

        /** Stored: an install session was seen. */
        public const val FLAG_RESTORE_STARTED: Int = 4

        /** Stored: supports a web UI. */
        public const val FLAG_SUPPORTS_WEB_UI: Int = 8

        /** Run time: safe mode. */
        public const val FLAG_DISABLED_SAFEMODE: Int = 1

        /** Run time: package not available. */
        public const val FLAG_DISABLED_NOT_AVAILABLE: Int = 2

        /** Run time: suspended. */
        public const val FLAG_DISABLED_SUSPENDED: Int = 4

        /** Run time: profile paused. */
        public const val FLAG_DISABLED_QUIET_USER: Int = 8

        /** Run time: disabled by its publisher. */
        public const val FLAG_DISABLED_BY_PUBLISHER: Int = 16

        /** Run time: profile locked. */
        public const val FLAG_DISABLED_LOCKED_USER: Int = 32

        /** Run time: app of the system image. */
        public const val FLAG_SYSTEM_YES: Int = 64

        /** Run time: not of the system image. */
        public const val FLAG_SYSTEM_NO: Int = 128

        /** Run time: install session active. */
        public const val FLAG_INSTALL_SESSION_ACTIVE: Int = 1 shl 10

        /** Run time: incremental download active. */
        public const val FLAG_INCREMENTAL_DOWNLOAD_ACTIVE: Int = 1 shl 11

        /** Run time: installed app older than the shortcut. */
        public const val FLAG_DISABLED_VERSION_LOWER: Int = 1 shl 12

        /** Run time: may not be pinned. */
        public const val FLAG_NOT_PINNABLE: Int = 1 shl 13

        /** Run time: archived. */
        public const val FLAG_ARCHIVED: Int = 1 shl 14

        private const val EMPTY_CLASS_NAME = "."
        private const val PLACEHOLDER_MASK = FLAG_RESTORED_ICON or FLAG_AUTOINSTALL_ICON or FLAG_SUPPORTS_WEB_UI

        private const val FLAG_DISABLED_MASK = 63 or FLAG_DISABLED_VERSION_LOWER

        /** An archived app shows its progress too, so that a cancelled unarchival goes back to 0. */
        private const val FLAG_SHOW_PROGRESS_MASK =
            FLAG_INSTALL_SESSION_ACTIVE or FLAG_INCREMENTAL_DOWNLOAD_ACTIVE or FLAG_ARCHIVED
    }
}

/** A widget, real or pending. */
public class LauncherAppWidgetInfo(
    /** Widget id of the host. */
    public var appWidgetId: Int,
    /** Component of the provider; another one for a search widget. */
    public var providerName: ComponentName,
) : ItemInfo() {
    init {
        // From the id, not from the row's type (peer C12).
        itemType = if (appWidgetId <= Favorites.CUSTOM_WIDGET_ID) {
            Favorites.ITEM_TYPE_CUSTOM_APPWIDGET
        } else {
            Favorites.ITEM_TYPE_APPWIDGET
        }
    }

    /** Bits of the column `restored` (launcher-model A.4, widgets). */
    public var restoreStatus: Int = 0

    /** Bits of the column `options`. */
    public var options: Int = 0

    /** Progress of the app's installation in percent; −1 for a real widget. */
    public var installProgress: Int = -1

    /** Least width in cells; 1 for a pending widget. */
    public var minSpanX: Int = 1

    /** Least height in cells; 1 for a pending widget. */
    public var minSpanY: Int = 1

    /** Whether the widget waits for its app or for the user. */
    public var isPending: Boolean = false

    /** Where the widget was added from. */
    public var sourceContainer: Int = -1

    /** Extras for a direct bind. */
    public var bindOptions: LauncherIntent? = null

    override val targetComponent: ComponentName get() = providerName

    internal fun hasRestoreFlag(flag: Int) = restoreStatus and flag == flag

    public companion object {
        /** The widget id is not valid here. */
        public const val FLAG_ID_NOT_VALID: Int = 1

        /** The provider is not installed yet. */
        public const val FLAG_PROVIDER_NOT_READY: Int = 2

        /** The user has to set the widget up. */
        public const val FLAG_UI_NOT_READY: Int = 4

        /** The restore has started. */
        public const val FLAG_RESTORE_STARTED: Int = 8

        /** An id is allocated but not bound. */
        public const val FLAG_ID_ALLOCATED: Int = 16

        /** Bind with the extras of the row's intent and skip configuration. */
        public const val FLAG_DIRECT_CONFIG: Int = 32

        /** Option bit of a search widget. */
        public const val OPTION_SEARCH_WIDGET: Int = 1
    }
}

/** A folder or an app pair. */
public abstract class CollectionInfo : ItemInfo() {
    /** Members in order. */
    public abstract val contents: List<ItemInfo>

    override val targetComponent: ComponentName? get() = null

    /** Adds a member, or throws if the collection does not take it. */
    internal abstract fun add(item: ItemInfo)

    /** Members that are apps, also those of pairs inside. */
    internal val appContents: List<WorkspaceItemInfo>
        get() = contents.flatMap {
            when (it) {
                is WorkspaceItemInfo -> listOf(it)
                is AppPairInfo -> it.appContents
                else -> emptyList()
            }
        }
}

/** A folder; also the placeholder of a collection whose row has not come yet. */
public class FolderInfo : CollectionInfo() {
    init {
        itemType = Favorites.ITEM_TYPE_FOLDER
    }

    /** Bits of the column `options`. */
    public var options: Int = 0

    internal val members = ArrayList<ItemInfo>()

    override val contents: List<ItemInfo> get() = members

    override fun add(item: ItemInfo) {
        if (item !is WorkspaceItemInfo && item !is AppPairInfo) {
            throw RuntimeException("tried to add an illegal type into a folder")
        }
        members.add(item)
    }
}

/** Two apps that start side by side. */
public class AppPairInfo : CollectionInfo() {
    init {
        itemType = Favorites.ITEM_TYPE_APP_PAIR
    }

    private val members = ArrayList<WorkspaceItemInfo>()

    override val contents: List<ItemInfo> get() = members

    override fun add(item: ItemInfo) {
        if (item !is WorkspaceItemInfo) throw RuntimeException("tried to add an illegal type into an app pair")
        members.add(item)
    }
}
