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
 * @property rowIds all rows, in the order in which they were read
 * @property unknownRows rows of a type that the launcher does not know
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
    public val rowIds: List<Int>,
    public val unknownRows: List<Int>,
    public val restoredCommitted: List<Int>,
    public val dbLog: List<String>,
    public val pendingPackages: List<String>,
    public val freedWidgetIds: List<Int>,
    public val registeredReceivers: List<String>,
    public val broadcasts: List<String>,
    public val isCommitted: Boolean,
) {
    /** What was decided about each row (SPEC-07), in the order of [rowIds]. Made when first asked for. */
    public val decisions: List<RowDecision> by lazy {
        val reasons = deleted.associate { it.id to RowDecision(it.id, RowVerdict.DELETE, it.reason.text) }
        val failures = rowExceptions.associate { it.id to RowDecision(it.id, RowVerdict.SKIP, it.className) }
        val unknown = unknownRows.associateWith { RowDecision(it, RowVerdict.SKIP, "unknown_item_type") }
        rowIds.map { reasons[it] ?: failures[it] ?: unknown[it] ?: RowDecision(it, RowVerdict.ACCEPT, "") }
    }
}

/** What a load decides about a row (SPEC-07). */
public enum class RowVerdict {
    /** The row is in the model. */
    ACCEPT,

    /** The row is deleted. */
    DELETE,

    /** The row stays in the database and out of the model. */
    SKIP,
}

/**
 * The decision about one row while rows were read; the sanitise steps come later.
 *
 * @property id row id
 * @property verdict what was decided
 * @property code the reason of a deletion, what made the row be skipped, or ""
 */
public class RowDecision(public val id: Int, public val verdict: RowVerdict, public val code: String)
