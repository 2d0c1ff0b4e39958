package dev.ferrule.legacy.launcher

/** The cursor of the load: the row's common columns, what shall happen to rows, and the placement check. */
internal class LoaderCursor(
    private val cursor: FavoritesCursor,
    private val env: LoaderEnv,
    private val placement: PlacementCheck,
) {
    private val readRows = ArrayList<Int>()
    private val restoredRows = ArrayList<Int>()
    private val deletedRows = ArrayList<DeletedRow>()

    var id = 0
        private set
    var container = 0
        private set
    var itemType = 0
        private set
    var serialNumber = 0
        private set
    var user: UserInfo? = null
        private set

    /** The row's `restored`, as far as the load has changed it. */
    var restoreFlag = 0

    /** The activity that the row was resolved to. */
    var activityInfo: LauncherActivityInfo? = null
        private set

    /** Ids of all rows read so far. */
    val rowIds: List<Int> get() = readRows
    val deleted: List<DeletedRow> get() = deletedRows
    val restored: List<Int> get() = restoredRows

    fun moveToNext(): Boolean {
        if (!cursor.moveToNext()) return false
        activityInfo = null
        itemType = cursor.getInt(Column.ITEM_TYPE)
        container = cursor.getInt(Column.CONTAINER)
        id = cursor.getInt(Column.ID)
        readRows.add(id)
        serialNumber = cursor.getInt(Column.PROFILE_ID)
        user = env.users[serialNumber]
        restoreFlag = cursor.getInt(Column.RESTORED)
        return true
    }

    fun getInt(column: Column): Int = cursor.getInt(column)

    fun getString(column: Column): String? = cursor.getString(column)

    val title: String get() = cursor.getString(Column.TITLE).trimmed()

    val hasIcon: Boolean get() = cursor.hasBlob(Column.ICON)

    val isOnWorkspaceOrHotseat: Boolean
        get() = container == Favorites.CONTAINER_DESKTOP || container == Favorites.CONTAINER_HOTSEAT

    fun hasRestoreFlag(flag: Int): Boolean = restoreFlag and flag != 0

    /** The row's intent; null if there is none or its form is wrong. A wrong number throws (peer C1). */
    fun parseIntent(): LauncherIntent? {
        val text = cursor.getString(Column.INTENT)
        if (text.isNullOrEmpty()) return null
        return try {
            LauncherIntent.parseUri(text)
        } catch (_: java.net.URISyntaxException) {
            null
        }
    }

    fun markDeleted(reason: RestoreError) {
        deletedRows.add(DeletedRow(id, reason))
    }

    /** Queues `restored` := 0 for the update at the end of the load. */
    fun markRestored() {
        if (restoreFlag != 0) {
            restoredRows.add(id)
            restoreFlag = 0
        }
    }

    /** Writes columns of this row now. */
    fun update(vararg values: Pair<String, Any?>) {
        env.controller.update(id, linkedMapOf(*values))
    }

    /** An item with what the row says and nothing else. */
    fun loadSimpleWorkspaceItem(): WorkspaceItemInfo = WorkspaceItemInfo().also {
        it.serial = serialNumber
        it.itemType = itemType
        it.title = title
        it.iconSource = if (hasIcon) IconSource.BLOB else IconSource.DEFAULT
    }

    /** A promise of an app (launcher-model B.3, peer C13). */
    fun getRestoredItemInfo(intent: LauncherIntent): WorkspaceItemInfo {
        val info = WorkspaceItemInfo()
        info.serial = serialNumber
        info.intent = intent
        if (hasIcon) info.iconSource = IconSource.BLOB else env.iconCache.getTitleAndIcon(info)
        when (env.rules.titleOfPromise(restoreFlag)) {
            PromiseTitle.ROW -> title.takeIf { it.isNotEmpty() }?.let { info.title = it }
            PromiseTitle.CACHE_ELSE_ROW -> if (info.title.isNullOrEmpty()) info.title = title
            PromiseTitle.NONE -> throw java.security.InvalidParameterException("Invalid restoreType $restoreFlag")
        }
        info.itemType = itemType
        info.status = restoreFlag
        return info
    }

    /** An app; null if its activity cannot be resolved and may not be missing. */
    fun getAppShortcutInfo(intent: LauncherIntent, allowMissingTarget: Boolean): WorkspaceItemInfo? {
        val component = intent.component ?: return null
        activityInfo = env.platform.resolveActivity(component, serialNumber)
        if (env.rules.isUnresolvable(activityInfo, allowMissingTarget)) return null
        val info = WorkspaceItemInfo()
        info.serial = serialNumber
        info.intent = LauncherIntent.makeLaunchIntent(component)
        info.title = ""
        return info
    }

    fun applyCommonProperties(info: ItemInfo) {
        info.id = id
        info.container = container
        info.screenId = cursor.getInt(Column.SCREEN)
        info.cellX = cursor.getInt(Column.CELL_X)
        info.cellY = cursor.getInt(Column.CELL_Y)
    }

    /** Adds the item if its place is free, else deletes the row (launcher-model B.4). */
    fun checkAndAddItem(info: ItemInfo, model: BgDataModel) {
        if (info is WorkspaceItemInfo && info.itemType == Favorites.ITEM_TYPE_DEEP_SHORTCUT) {
            // A shortcut without an id throws here, so that it never enters the model.
            ShortcutKey.fromIntent(info.intent, info.serial)
        }
        if (placement.place(info)) model.addItem(info) else markDeleted(RestoreError.OVERLAPPING_ITEM)
    }
}

/**
 * A row that the load deleted.
 *
 * @property id row id
 * @property reason why
 */
public class DeletedRow(public val id: Int, public val reason: RestoreError)
