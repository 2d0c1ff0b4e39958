package dev.ferrule.launcher

/**
 * What a launcher shows, step by step: Launcher3's `BgDataModel.Callbacks`.
 *
 * A binder run calls in this order: [clearPendingBinds], [startBinding], [setIsFirstPagePinnedItemEnabled],
 * [bindScreens]; [bindItems] for the dock and the pages of [getPagesToBindSynchronously], icons in chunks of six and then
 * widgets one by one; [onInitialBindComplete]; [bindItems] for all other pages in the same fashion; [finishBindingItems].
 * Later loads tell what has changed. A run that a newer one overtakes stops.
 */
public interface ModelCallbacks {
    /** The pages to bind before anything else; usually the one that is shown. */
    public fun getPagesToBindSynchronously(orderedScreenIds: List<Int>): Set<Int>

    /** Forget what was to be bound. */
    public fun clearPendingBinds()

    /** A binder run begins: remove everything. */
    public fun startBinding()

    /** Whether the search bar holds the first row of page 0. */
    public fun setIsFirstPagePinnedItemEnabled(isEnabled: Boolean)

    /** All pages from left to right. */
    public fun bindScreens(orderedScreenIds: List<Int>)

    /** Show items: the dock by index, then page by page, row by row. Folders and pairs hold their contents. */
    public fun bindItems(items: List<ItemInfo>)

    /** The pages that were asked for first are complete. */
    public fun onInitialBindComplete(boundPages: Set<Int>)

    /** Everything is there. */
    public fun finishBindingItems(pagesBoundFirst: Set<Int>)

    /** A later load has these items anew. */
    public fun bindItemsAdded(items: List<ItemInfo>)

    /** A later load has these items otherwise; they are the new objects. */
    public fun bindItemsModified(items: List<ItemInfo>)

    /** A later load has these items no more; they are the old objects. */
    public fun bindItemsRemoved(items: List<ItemInfo>)
}

/** Told after each load that changed something. */
public fun interface ModelListener {
    /** Called on the thread that loaded, without any lock. */
    public fun onModelChanged(change: ModelChange)
}
