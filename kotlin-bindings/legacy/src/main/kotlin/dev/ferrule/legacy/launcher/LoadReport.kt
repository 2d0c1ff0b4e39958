package dev.ferrule.legacy.launcher

/** Where a load is cancelled. */
public enum class StopPoint {
    /** It is not. */
    NONE,

    /** After all rows were read, before deletions are committed. */
    BEFORE_DELETIONS,

    /** After the workspace is bound, before the load is committed. */
    AFTER_BIND,
}

/**
 * The model as binding starts.
 *
 * @property items all items by ascending id
 * @property workspaceItems ids of icons, folders and pairs that the workspace shows
 * @property appWidgets ids of widgets
 * @property collections collections by id, with placeholders and phantoms
 * @property screens page ids in order
 * @property isFirstPagePinned whether the first page starts with the pinned item
 */
public class BoundWorkspace(
    public val items: List<ItemInfo>,
    public val workspaceItems: List<Int>,
    public val appWidgets: List<Int>,
    public val collections: Map<Int, CollectionInfo>,
    public val screens: List<Int>,
    public val isFirstPagePinned: Boolean,
)

/**
 * What a load decided and did. Lists of ids ascend.
 *
 * @property workspace the model as binding starts; null if the load was cancelled before
 * @property modelIds ids in memory at the end
 * @property deleted rows deleted while rows were read, with the reason
 * @property emptyFolders sanitise step 1
 * @property badAppPairs sanitise step 2
 * @property unparented sanitise step 3
 * @property rowExceptions rows that threw
 * @property restoredCommitted rows whose `restored` the last update cleared
 * @property dbLog writes in order
 * @property pendingPackages `package|serial` of rows kept until the boot has completed
 * @property freedWidgetIds widget ids that no row held
 * @property registeredReceivers receivers that the load registered
 * @property broadcasts `action:installer` of first-screen broadcasts
 * @property isCommitted false if the load was cancelled
 */
public class LoadReport(
    public val workspace: BoundWorkspace?,
    public val modelIds: List<Int>,
    public val deleted: List<DeletedRow>,
    public val emptyFolders: List<Int>,
    public val badAppPairs: List<Int>,
    public val unparented: List<Int>,
    public val rowExceptions: List<RowException>,
    public val restoredCommitted: List<Int>,
    public val dbLog: List<String>,
    public val pendingPackages: List<String>,
    public val freedWidgetIds: List<Int>,
    public val registeredReceivers: List<String>,
    public val broadcasts: List<String>,
    public val isCommitted: Boolean,
)
