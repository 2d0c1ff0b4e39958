package dev.ferrule.launcher

/** A silent bind of a widget id that a load asks for. */
public data class WidgetBind(
    /** The new id. */
    public val appWidgetId: Int,
    /** The provider. */
    public val provider: ComponentKey,
    /** The profile's serial. */
    public val user: Long,
    /** Whether the framework allows it without asking the user. */
    public val isAllowed: Boolean,
)

/** A call of `LauncherApps.pinShortcuts` that a load asks for. */
public data class PinCall(
    /** The publisher. */
    public val packageName: String,
    /** The profile's serial. */
    public val user: Long,
    /** The ids that stay pinned; empty unpins all. */
    public val ids: List<String>,
)

/** A package of one profile. */
public data class PackageUser(
    /** The package. */
    public val packageName: String,
    /** The profile's serial. */
    public val user: Long,
)

/** What a load asks of the platform. Nothing of it has been done; doing it again is harmless. */
public class ModelEffects internal constructor(
    /** Widget ids to bind, in order. */
    public val binds: List<WidgetBind>,
    /** Pins to renew, by package and profile. */
    public val pinCalls: List<PinCall>,
    /** Widget ids that were given out, in order. */
    public val widgetIdsAllocated: List<Int>,
    /** Widget ids that no item refers to any more. */
    public val widgetIdsFreed: List<Int>,
    /** Packages that boot may still bring. */
    public val pendingPackages: List<PackageUser>,
    /** Whether to load again when boot has completed. */
    public val waitsForBoot: Boolean,
)

/** Why what a load changed could not be written. The load holds all the same, and the next one tries again. */
public class ModelProblem internal constructor(
    /** The stable code, see `docs/codes.md`. */
    public val code: String,
    /** One sentence. */
    public val message: String,
) {
    override fun toString(): String = "$code: $message"
}

/**
 * The home screen after a load: every item, in exactly one state. Immutable, so it may be read from any thread.
 */
public class LoadedModel internal constructor(
    /** Every item by ascending id, those in quarantine included. */
    public val items: List<ItemInfo>,
    /** The pages from left to right. */
    public val screens: List<Int>,
    /** Whether the search bar holds the first row of page 0. */
    public val isFirstPagePinnedItemEnabled: Boolean,
    /** The grid that it was loaded for. */
    public val grid: ModelGrid,
    /** What to do outside of the model. */
    public val effects: ModelEffects,
    /** How many changes the load made to the store; a second load makes none. */
    public val changes: Int,
    /** What kept them from being written, null if nothing did. */
    public val problem: ModelProblem?,
) {
    /** Icons, folders, pairs and placeholders that stand on the desktop or in the dock. */
    public val workspaceItems: List<ItemInfo>
        get() = items.filter { it.isOnWorkspace && it !is LauncherAppWidgetInfo && hasPlace(it) }

    /** Widgets. */
    public val appWidgets: List<LauncherAppWidgetInfo>
        get() = items.filterIsInstance<LauncherAppWidgetInfo>()

    /** Folders, pairs and whatever else holds items. */
    public val collections: List<CollectionInfo>
        get() = items.filterIsInstance<CollectionInfo>().filter { it !is UnavailableItemInfo || it.contents.isNotEmpty() }

    /** What is kept at its place and waits. */
    public val held: List<ItemInfo> get() = inState(ItemState.HELD)

    /** What is kept off the screen and can be restored. */
    public val quarantined: List<ItemInfo> get() = inState(ItemState.QUARANTINED)

    /** What nobody here understands and is kept as it is. */
    public val opaque: List<ItemInfo> get() = inState(ItemState.OPAQUE)

    /** What was moved. */
    public val relocated: List<ItemInfo> get() = items.filter { it.note?.movedBy != null }

    /** The items in one state. */
    public fun inState(state: ItemState): List<ItemInfo> = items.filter { it.state == state }

    /** An item by its id. */
    public fun item(id: Long): ItemInfo? {
        val at = items.binarySearch { it.id.compareTo(id) }
        return if (at < 0) null else items[at]
    }

    internal fun hasPlace(item: ItemInfo) = item !is UnavailableItemInfo || item.hasPlace

    override fun toString(): String =
        "${items.size} items on ${screens.size} pages: ${held.size} held, ${quarantined.size} in quarantine, ${opaque.size} opaque"
}

/** What differs between two loads. */
public class ModelChange internal constructor(
    /** The model before. */
    public val before: LoadedModel,
    /** The model now. */
    public val now: LoadedModel,
) {
    /** Items that were not there before. */
    public val added: List<ItemInfo>

    /** Items of which something is not as before. */
    public val modified: List<ItemInfo>

    /** Items as they were that are not there any more. */
    public val removed: List<ItemInfo>

    init {
        val (added, modified, removed) = List(3) { ArrayList<ItemInfo>() }
        // Both lists are by ascending id, so one walk over them tells everything.
        val old = before.items
        var at = 0
        for (item in now.items) {
            while (at < old.size && old[at].id < item.id) removed += old[at++]
            if (at == old.size || old[at].id != item.id) added += item else if (old[at++] != item) modified += item
        }
        while (at < old.size) removed += old[at++]
        this.added = added
        this.modified = modified
        this.removed = removed
    }

    /** Whether a launcher has nothing to do. */
    public val isEmpty: Boolean
        get() = added.isEmpty() && modified.isEmpty() && removed.isEmpty() && before.screens == now.screens &&
            before.isFirstPagePinnedItemEnabled == now.isFirstPagePinnedItemEnabled
}
