package dev.ferrule.legacy.launcher

import dev.ferrule.legacy.launcher.WorkspaceItemInfo.Companion as Flag

/** Decides about the row at which the cursor stands (launcher-model B.3; SPEC-07). */
internal class WorkspaceItemProcessor(
    private val row: LoaderCursor,
    private val model: BgDataModel,
    private val env: LoaderEnv,
) {
    private val rules = env.rules
    private val widgetInflater = WidgetInflater(env)
    private val failures = ArrayList<RowException>()

    private val unknown = ArrayList<Int>()

    /** Rows that threw, and pairs that the flag skipped. */
    val rowExceptions: List<RowException> get() = failures

    /** Rows of a type that nobody knows. */
    val unknownRows: List<Int> get() = unknown

    fun processItem() {
        try {
            if (rules.isProfileGone(row.user)) {
                row.markDeleted(RestoreError.PROFILE_DELETED)
                return
            }
            when (rules.kindOf(row.itemType)) {
                RowKind.ICON -> processAppOrDeepShortcut()
                RowKind.COLLECTION -> processFolderOrAppPair()
                RowKind.WIDGET -> processWidget()
                RowKind.UNKNOWN -> unknown.add(row.id)
            }
        } catch (e: Exception) {
            failures.add(RowException(row.id, e.javaClass.name, e.message))
            rules.afterFailure(row)
        }
    }

    private fun processAppOrDeepShortcut() {
        var intent = row.parseIntent()
        if (rules.isIntentMissing(intent)) return row.markDeleted(RestoreError.APP_NO_DB_INTENT)
        val component = intent!!.component
        val targetPackage = component?.packageName ?: intent.packageName
        if (rules.isTargetMissing(targetPackage)) return row.markDeleted(RestoreError.APP_NO_TARGET_PACKAGE)
        val key = PackageUserKey(targetPackage!!, row.serialNumber)
        var isTargetValid = env.platform.isPackageEnabled(targetPackage, row.serialNumber)

        if (rules.looksAtActivity(row.itemType, component, isTargetValid)) {
            if (rules.isActivityReady(env.platform.isActivityEnabled(component!!, row.serialNumber))) {
                rules.onActivityReady(row)
            } else {
                intent = rules.retargetTo(env.platform.getActivityList(targetPackage, row.serialNumber))
                    ?: return row.markDeleted(RestoreError.APP_NO_LAUNCH_INTENT)
                row.restoreFlag = rules.restoredAfterRetarget(row.restoreFlag)
                // Written without the package; the intent in memory gets it below.
                row.update(Favorites.INTENT to intent.toUri())
            }
        }
        if (rules.needsExplicitPackage(intent)) intent.setPackage(targetPackage)

        var disabledState = if (rules.isQuiet(row.user!!)) Flag.FLAG_DISABLED_QUIET_USER else 0
        var allowMissingTarget = false
        if (!isTargetValid) {
            when (resolveMissingPackage(key)) {
                MissingPackage.STARTED -> {}
                MissingPackage.INSTALLING -> {
                    row.restoreFlag = row.restoreFlag or Flag.FLAG_RESTORE_STARTED
                    row.update(Favorites.RESTORED to row.restoreFlag)
                }
                MissingPackage.NOT_RESTORED -> return row.markDeleted(RestoreError.APP_NOT_RESTORED_OR_INSTALLING)
                MissingPackage.EXTERNAL -> {
                    disabledState = disabledState or Flag.FLAG_DISABLED_NOT_AVAILABLE
                    allowMissingTarget = true
                }
                MissingPackage.BOOTING -> {
                    env.pendingPackages.add(key)
                    allowMissingTarget = true
                }
                MissingPackage.GONE -> return row.markDeleted(RestoreError.APP_NOT_INSTALLED_EXTERNAL_MEDIA)
            }
        }
        if (rules.isWebUi(row.restoreFlag)) isTargetValid = false
        if (isTargetValid) rules.onTargetValid(row)

        addIcon(key, intent, disabledState, allowMissingTarget)
    }

    private fun resolveMissingPackage(key: PackageUserKey): MissingPackage = rules.missingPackage(
        row.restoreFlag,
        env.sessions[key],
        env.applications.get(key.packageName, key.serial),
        env.isBootCompleted,
    )

    private fun addIcon(key: PackageUserKey, parsed: LauncherIntent, disabledState: Int, allowMissingTarget: Boolean) {
        var intent = parsed
        val application = env.applications.get(key.packageName, key.serial)
        val info = when {
            rules.isPromise(row.restoreFlag) -> row.getRestoredItemInfo(intent)
            row.itemType == Favorites.ITEM_TYPE_APPLICATION -> row.getAppShortcutInfo(intent, allowMissingTarget)
            else -> {
                val shortcutKey = ShortcutKey.fromIntent(intent, row.serialNumber)
                if (rules.canSeeShortcuts(row.serialNumber in env.unlockedUsers)) {
                    val pinned = env.pinnedShortcuts[shortcutKey]
                    if (rules.isShortcutGone(pinned)) return row.markDeleted(RestoreError.SHORTCUT_NOT_FOUND)
                    makeShortcut(pinned!!, application).also { intent = it.intent }
                } else {
                    row.loadSimpleWorkspaceItem().also { it.setFlag(Flag.FLAG_DISABLED_LOCKED_USER, true) }
                }
            }
        } ?: throw RuntimeException("Unexpected null WorkspaceItemInfo")

        row.applyCommonProperties(info)
        info.intent = intent
        info.rank = row.getInt(Column.RANK)
        info.spanX = rules.spanOfIcon(row.getInt(Column.SPAN_X))
        info.spanY = rules.spanOfIcon(row.getInt(Column.SPAN_Y))
        info.setFlag(disabledState, true)
        if (rules.isDisabledBySafeMode(env.isSafeMode, application?.isSystem == true)) {
            info.setFlag(Flag.FLAG_DISABLED_SAFEMODE, true)
        }
        if (info.itemType != Favorites.ITEM_TYPE_DEEP_SHORTCUT) {
            env.iconRequests.add(IconCache.Request(info, row.activityInfo, row.hasIcon, !row.isOnWorkspaceOrHotseat))
        }
        row.activityInfo?.let { applyActivityFlags(info, it) }
        applySession(info, env.sessions[key])
        row.checkAndAddItem(info, model)
    }

    private fun makeShortcut(pinned: ShortcutInfo, application: ApplicationInfo?): WorkspaceItemInfo {
        val info = WorkspaceItemInfo()
        info.itemType = Favorites.ITEM_TYPE_DEEP_SHORTCUT
        info.serial = row.serialNumber
        info.title = pinned.label
        info.iconSource = IconSource.SHORTCUT
        info.intent = LauncherIntent(LauncherIntent.ACTION_MAIN)
            .addCategory(LauncherIntent.CATEGORY_DEEP_SHORTCUT)
            .setPackage(pinned.key.packageName)
            .putExtra(LauncherIntent.EXTRA_SHORTCUT_ID, pinned.key.id)
        info.intent.component = pinned.activity
        info.intent.flags = LauncherIntent.LAUNCH_FLAGS
        info.setFlag(Flag.FLAG_DISABLED_BY_PUBLISHER, !pinned.isEnabled)
        info.setFlag(Flag.FLAG_DISABLED_VERSION_LOWER, pinned.isVersionLower)
        info.setFlag(Flag.FLAG_NOT_PINNABLE, row.user?.isPrivate == true)
        if (application?.isSuspended == true) info.setFlag(Flag.FLAG_DISABLED_SUSPENDED, true)
        return info
    }

    private fun applyActivityFlags(info: WorkspaceItemInfo, activity: LauncherActivityInfo) {
        val application = activity.applicationInfo
        info.setFlag(Flag.FLAG_DISABLED_SUSPENDED, application?.isSuspended == true)
        if (env.options.supportsArchiving) info.setFlag(Flag.FLAG_ARCHIVED, application?.isArchived == true)
        info.setFlag(if (application?.isSystem == true) Flag.FLAG_SYSTEM_YES else Flag.FLAG_SYSTEM_NO, true)
        if (row.user?.isPrivate == true) info.setFlag(Flag.FLAG_NOT_PINNABLE, true)
        info.setDownloadProgress((activity.loadingProgress * 100).toInt())
    }

    /** A promise, or an archived app, shows how far its installation is. */
    private fun applySession(info: WorkspaceItemInfo, session: SessionInfo?) {
        val isArchived = info.runtimeStatusFlags and Flag.FLAG_ARCHIVED != 0
        if (row.restoreFlag == 0 && !isArchived) return
        if (session == null) {
            info.setFlag(Flag.FLAG_INSTALL_SESSION_ACTIVE, false)
        } else {
            info.setInstallProgress(session.percent)
        }
    }

    private fun processFolderOrAppPair() {
        // A skipped pair leaves its placeholder behind.
        var collection = model.findOrMakeFolder(row.id)
        if (rules.isPairSkipped(row.itemType, env.options.hasAppPairs)) {
            failures.add(RowException(row.id, "app_pairs_flag_off", ""))
            return
        }
        if (row.itemType == Favorites.ITEM_TYPE_APP_PAIR && collection is FolderInfo) {
            val pair = AppPairInfo()
            // A member that a pair does not take throws here; the placeholder then stays (peer C9).
            rules.takesOver(collection).forEach(pair::add)
            collection = pair
            model.collections[row.id] = pair
        }
        row.applyCommonProperties(collection)
        // The user of a collection is the current one, whatever the row says.
        collection.serial = env.currentSerial
        collection.title = rules.labelOf(row.getString(Column.TITLE))
        collection.spanX = 1
        collection.spanY = 1
        if (collection is FolderInfo) {
            collection.options = row.getInt(Column.OPTIONS)
        } else {
            collection.rank = row.getInt(Column.RANK)
        }
        rules.onCollectionRead(row)
        row.checkAndAddItem(collection, model)
    }

    private fun processWidget() {
        val component = rules.providerOf(row.getString(Column.APPWIDGET_PROVIDER))
        val widget = LauncherAppWidgetInfo(row.getInt(Column.APPWIDGET_ID), component)
        row.applyCommonProperties(widget)
        widget.spanX = row.getInt(Column.SPAN_X)
        widget.spanY = row.getInt(Column.SPAN_Y)
        widget.options = row.getInt(Column.OPTIONS)
        widget.serial = row.serialNumber
        widget.sourceContainer = row.getInt(Column.APPWIDGET_SOURCE)
        widget.restoreStatus = row.restoreFlag
        if (rules.isSizeInvalid(widget.spanX, widget.spanY)) return row.markDeleted(RestoreError.INVALID_WIDGET_SIZE)
        if (rules.isContainerInvalid(row.isOnWorkspaceOrHotseat)) {
            return row.markDeleted(RestoreError.INVALID_WIDGET_CONTAINER)
        }
        if (widget.hasRestoreFlag(LauncherAppWidgetInfo.FLAG_DIRECT_CONFIG)) widget.bindOptions = row.parseIntent()

        val inflation = widgetInflater.inflate(widget)
        var shouldUpdate = inflation.isUpdate
        when (inflation.type) {
            WidgetInflater.Type.DELETE -> return row.markDeleted(inflation.reason)
            WidgetInflater.Type.REAL -> {
                widget.minSpanX = inflation.provider!!.minSpanX
                widget.minSpanY = inflation.provider.minSpanY
            }
            WidgetInflater.Type.PENDING -> {
                // The row's own provider, also for a search widget.
                val session = env.sessions[PackageUserKey(component.packageName, row.serialNumber)]
                val isArchived = env.options.supportsArchiving &&
                    env.applications.get(component.packageName, row.serialNumber)?.isArchived == true
                if (rules.isNeverStarted(row.restoreFlag, env.isSafeMode, session, inflation.provider, isArchived)) {
                    return row.markDeleted(RestoreError.UNRESTORED_PENDING_WIDGET)
                }
                if (rules.startsNow(row.restoreFlag, session)) {
                    shouldUpdate = true
                    widget.restoreStatus = widget.restoreStatus or LauncherAppWidgetInfo.FLAG_RESTORE_STARTED
                }
                widget.installProgress = session?.percent ?: 0
                widget.isPending = true
                env.iconCache.loadPackage(widget.providerName.packageName, widget.serial)
            }
        }
        if (shouldUpdate) {
            row.update(
                Favorites.APPWIDGET_ID to widget.appWidgetId,
                Favorites.APPWIDGET_PROVIDER to component.flattenToString(),
                Favorites.RESTORED to widget.restoreStatus,
            )
        }
        row.checkAndAddItem(widget, model)
    }
}

/**
 * A row that was skipped: it stays in the database and out of memory.
 *
 * @property id row id
 * @property className class of what was thrown, or `app_pairs_flag_off`
 * @property message its message
 */
public class RowException(public val id: Int, public val className: String, public val message: String?)
