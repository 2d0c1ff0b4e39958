package dev.ferrule.legacy.launcher

/** One load, in the phases of launcher-model B.2 as far as the home screen goes. */
internal class LoaderTask(
    private val env: LoaderEnv,
    private val model: BgDataModel,
    private val stopAt: StopPoint,
) {
    private val platform = env.platform
    private val options = env.options
    private val controller = env.controller
    private var emptyFolders: List<Int> = emptyList()
    private var badAppPairs: List<Int> = emptyList()
    private var unparented: List<Int> = emptyList()
    private var freedIds: List<Int> = emptyList()
    private var receivers: List<String> = emptyList()
    private var broadcasts: List<String> = emptyList()

    fun run(): LoadReport {
        val cursor = loadWorkspace()
        if (stopAt == StopPoint.BEFORE_DELETIONS) {
            // Row-wise writes have been made and stay (peer C22).
            model.clear()
            return report(cursor, bound = null, isCommitted = false)
        }
        val itemsDeleted = commitDeleted(cursor.row)
        processFolderItems()
        if (cursor.row.restored.isNotEmpty()) controller.clearRestored(cursor.row.restored)
        model.isFirstPagePinnedItemEnabled =
            options.hasQsbOnFirstScreen && (!options.hasSmartspaceRemovalToggle || options.isSmartspaceEnabled)
        // Previews load other files; those are left alone (B.2 phase 2).
        if (options.isCurrentDb) sanitize(itemsDeleted)
        val bound = bindWorkspace()
        broadcasts = FirstScreenBroadcast(env.sessions, env.currentSerial).send(model, bound.screens.first())
        return report(cursor, bound, isCommitted = stopAt == StopPoint.NONE)
    }

    private class ReadRows(val row: LoaderCursor, val exceptions: List<RowException>, val unknown: List<Int>)

    private fun loadWorkspace(): ReadRows {
        model.clear()
        return controller.query().use { rows ->
            val row = LoaderCursor(rows, env, PlacementCheck(options, reservesFirstRow()))
            val processor = WorkspaceItemProcessor(row, model, env)
            while (row.moveToNext()) processor.processItem()
            env.iconCache.getTitlesAndIconsInBulk(env.iconRequests)
            ReadRows(row, processor.rowExceptions, processor.unknownRows)
        }
    }

    /** The value of the previous load decides where the toggle exists (peer C18c, C19). */
    private fun reservesFirstRow() = options.hasQsbOnFirstScreen && !options.hasFirstPageWidget &&
        (!options.hasSmartspaceRemovalToggle || model.isFirstPagePinnedItemEnabled)

    private fun commitDeleted(row: LoaderCursor): Boolean {
        if (row.deleted.isEmpty()) return false
        controller.delete(row.deleted.map { it.id })
        return true
    }

    /**
     * Sorts folders and numbers their members, in memory only (B.2 step 11). App pairs stay in row order (peer C10).
     * Icons that the preview shows are loaded in full.
     */
    private fun processFolderItems() {
        val organizer = FolderGridOrganizer(options.folderColumns, options.folderRows)
        for (collection in model.collections.toSortedMap().values) {
            when (collection) {
                is FolderInfo -> {
                    organizer.setFolder(collection)
                    collection.members.sortWith(compareBy({ it.rank }, { it.cellY }, { it.cellX }))
                    collection.members.forEachIndexed { rank, item ->
                        item.rank = rank
                        if (item is AppPairInfo || organizer.isItemInPreview(rank)) loadPreviewIcon(item)
                    }
                }
                is AppPairInfo -> loadPreviewIcon(collection)
            }
        }
    }

    private fun loadPreviewIcon(item: ItemInfo) {
        when (item) {
            is AppPairInfo -> item.appContents.forEach(::loadPreviewIcon)
            is WorkspaceItemInfo -> {
                val isLowRes = item.iconSource == IconSource.LOW_RES
                if (isLowRes && item.itemType == Favorites.ITEM_TYPE_APPLICATION) env.iconCache.getTitleAndIcon(item)
            }
        }
    }

    private fun sanitize(itemsDeleted: Boolean) {
        if (itemsDeleted) {
            emptyFolders = controller.deleteEmptyFolders()
            emptyFolders.forEach(model::remove)
        }
        badAppPairs = controller.deleteBadAppPairs()
        unparented = controller.deleteUnparentedApps()
        (badAppPairs + unparented).forEach(model::remove)
        freedIds = controller.removeGhostWidgets(platform)
        ShortcutPins(platform).update(model)
        if (!env.isBootCompleted && env.pendingPackages.isNotEmpty()) {
            receivers = listOf("SdCardAvailableReceiver:android.intent.action.BOOT_COMPLETED")
        }
    }

    private fun bindWorkspace(): BoundWorkspace {
        val isFirstScreenForced = options.hasQsbOnFirstScreen && !options.hasFirstPageWidget
        return BoundWorkspace(
            items = model.itemsIdMap.values.sortedBy { it.id },
            workspaceItems = model.workspaceItems.map { it.id }.sorted(),
            appWidgets = model.appWidgets.map { it.id }.sorted(),
            collections = java.util.TreeMap(model.collections),
            screens = model.collectWorkspaceScreens(isFirstScreenForced),
            isFirstPagePinned = model.isFirstPagePinnedItemEnabled,
        )
    }

    private fun report(read: ReadRows, bound: BoundWorkspace?, isCommitted: Boolean) = LoadReport(
        workspace = bound,
        modelIds = model.itemsIdMap.keys.sorted(),
        deleted = read.row.deleted.sortedBy { it.id },
        emptyFolders = emptyFolders.sorted(),
        badAppPairs = badAppPairs.sorted(),
        unparented = unparented.sorted(),
        rowExceptions = read.exceptions.sortedBy { it.id },
        rowIds = read.row.rowIds,
        unknownRows = read.unknown,
        restoredCommitted = if (bound == null) emptyList() else read.row.restored.sorted(),
        dbLog = controller.log.toList(),
        pendingPackages = env.pendingPackages.map { "${it.packageName}|${it.serial}" }.sorted(),
        freedWidgetIds = freedIds.sorted(),
        registeredReceivers = receivers,
        broadcasts = broadcasts,
        isCommitted = isCommitted,
    )
}
