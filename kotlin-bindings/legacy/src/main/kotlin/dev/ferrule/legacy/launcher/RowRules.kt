package dev.ferrule.legacy.launcher

import dev.ferrule.legacy.launcher.LauncherAppWidgetInfo.Companion.FLAG_DIRECT_CONFIG
import dev.ferrule.legacy.launcher.LauncherAppWidgetInfo.Companion.FLAG_ID_ALLOCATED
import dev.ferrule.legacy.launcher.LauncherAppWidgetInfo.Companion.FLAG_ID_NOT_VALID
import dev.ferrule.legacy.launcher.LauncherAppWidgetInfo.Companion.FLAG_PROVIDER_NOT_READY
import dev.ferrule.legacy.launcher.LauncherAppWidgetInfo.Companion.FLAG_UI_NOT_READY

/** What kind of row it is. */
internal enum class RowKind { ICON, COLLECTION, WIDGET, UNKNOWN }

/** What to do with an icon whose package is not enabled: rows 5a, 5b, 5c, 6, 7 and 8 of the table. */
internal enum class MissingPackage { STARTED, INSTALLING, NOT_RESTORED, EXTERNAL, BOOTING, GONE }

/** Where the title of a promise comes from. */
internal enum class PromiseTitle { ROW, CACHE_ELSE_ROW, NONE }

/**
 * The rows of the decision table (launcher-model B.3), one function a row. The processor asks them in the table's
 * order and acts on the answer. Open so that tests can break one row at a time and see the vectors notice.
 */
internal open class RowRules {
    // Common

    /** The profile is unknown: `PROFILE_DELETED`. */
    open fun isProfileGone(user: UserInfo?): Boolean = user == null

    /** Unknown types are neither shown nor deleted. */
    open fun kindOf(itemType: Int): RowKind = when (itemType) {
        Favorites.ITEM_TYPE_APPLICATION, Favorites.ITEM_TYPE_DEEP_SHORTCUT -> RowKind.ICON
        Favorites.ITEM_TYPE_FOLDER, Favorites.ITEM_TYPE_APP_PAIR -> RowKind.COLLECTION
        Favorites.ITEM_TYPE_APPWIDGET, Favorites.ITEM_TYPE_CUSTOM_APPWIDGET -> RowKind.WIDGET
        else -> RowKind.UNKNOWN
    }

    /** A row that threw stays in the database and out of memory: nothing is done. */
    open fun afterFailure(row: LoaderCursor) {}

    // Applications and deep shortcuts

    /** Row 1: `APP_NO_DB_INTENT`. */
    open fun isIntentMissing(intent: LauncherIntent?): Boolean = intent == null

    /** Row 2: `APP_NO_TARGET_PACKAGE`. */
    open fun isTargetMissing(targetPackage: String?): Boolean = targetPackage.isNullOrEmpty()

    /** Rows 3 and 4 look at a type 0 row with a component and an enabled package. */
    open fun looksAtActivity(itemType: Int, component: ComponentName?, isPackageEnabled: Boolean): Boolean =
        itemType == Favorites.ITEM_TYPE_APPLICATION && component != null && isPackageEnabled

    /** Row 3 rather than row 4. */
    open fun isActivityReady(isActivityEnabled: Boolean): Boolean = isActivityEnabled

    /** Row 3: the row counts as restored, before row 9 sees bit 8 (peer C14). */
    open fun onActivityReady(row: LoaderCursor) = row.markRestored()

    /** Row 4: the first entry of the package; null is `APP_NO_LAUNCH_INTENT`. */
    open fun retargetTo(activities: List<LauncherActivityInfo>): LauncherIntent? =
        activities.firstOrNull()?.let { LauncherIntent.makeLaunchIntent(it.component) }

    /** Row 4: in memory only, so that the next load writes it (peer C18a). */
    open fun restoredAfterRetarget(restored: Int): Int = 0

    /** Before rows 5–8: the intent gets an explicit package (peer C3). */
    open fun needsExplicitPackage(intent: LauncherIntent): Boolean = intent.packageName == null

    /** Rows 5–8, in order. */
    open fun missingPackage(
        restored: Int,
        session: SessionInfo?,
        application: ApplicationInfo?,
        isBootCompleted: Boolean,
    ): MissingPackage = when {
        restored and WorkspaceItemInfo.FLAG_RESTORE_STARTED != 0 -> MissingPackage.STARTED
        restored != 0 && session != null -> MissingPackage.INSTALLING
        restored != 0 -> MissingPackage.NOT_RESTORED
        application?.isExternal == true -> MissingPackage.EXTERNAL
        !isBootCompleted -> MissingPackage.BOOTING
        else -> MissingPackage.GONE
    }

    /** Row 9: bit 8 makes the target invalid. */
    open fun isWebUi(restored: Int): Boolean = restored and WorkspaceItemInfo.FLAG_SUPPORTS_WEB_UI != 0

    /** Row 10: the row counts as restored. */
    open fun onTargetValid(row: LoaderCursor) = row.markRestored()

    /** A row that still has restore bits is a promise. */
    open fun isPromise(restored: Int): Boolean = restored != 0

    /** Bit 1: the row's title; bit 2 alone: the cache's, else the row's; neither: the row fails. */
    open fun titleOfPromise(restored: Int): PromiseTitle = when {
        restored and WorkspaceItemInfo.FLAG_RESTORED_ICON != 0 -> PromiseTitle.ROW
        restored and WorkspaceItemInfo.FLAG_AUTOINSTALL_ICON != 0 -> PromiseTitle.CACHE_ELSE_ROW
        else -> PromiseTitle.NONE
    }

    /** An app without an activity fails unless rows 6 or 7 kept it. */
    open fun isUnresolvable(activity: LauncherActivityInfo?, allowMissingTarget: Boolean): Boolean =
        activity == null && !allowMissingTarget

    /** A deep shortcut of an unlocked profile that is not pinned: `SHORTCUT_NOT_FOUND`. */
    open fun isShortcutGone(pinned: ShortcutInfo?): Boolean = pinned == null

    /** A deep shortcut of a locked profile is kept as the row says. */
    open fun canSeeShortcuts(isUnlocked: Boolean): Boolean = isUnlocked

    /** Paused profile. */
    open fun isQuiet(user: UserInfo): Boolean = user.isQuiet

    /** Safe mode disables what is not part of the system image. */
    open fun isDisabledBySafeMode(isSafeMode: Boolean, isSystem: Boolean): Boolean = isSafeMode && !isSystem

    /** Icons take one cell. */
    open fun spanOfIcon(span: Int): Int = 1

    // Folders and app pairs

    /** Pairs are skipped while the flag is off. */
    open fun isPairSkipped(itemType: Int, hasAppPairs: Boolean): Boolean =
        itemType == Favorites.ITEM_TYPE_APP_PAIR && !hasAppPairs

    /** A pair takes the members that came before it. */
    open fun takesOver(placeholder: FolderInfo): List<ItemInfo> = placeholder.contents

    /** The label as the user wrote it. */
    open fun labelOf(title: String?): String? = title

    /** The row counts as restored. */
    open fun onCollectionRead(row: LoaderCursor) = row.markRestored()

    // Widgets

    /** Row 1: a provider that is none fails the row. */
    open fun providerOf(text: String?): ComponentName {
        if (text == null) throw NullPointerException("Cannot invoke \"String.indexOf(int)\" because \"str\" is null")
        return ComponentName.unflattenFromString(text) ?: throw NullPointerException()
    }

    /** Row 2: `INVALID_WIDGET_SIZE`. */
    open fun isSizeInvalid(spanX: Int, spanY: Int): Boolean = spanX <= 0 || spanY <= 0

    /** Row 3: `INVALID_WIDGET_CONTAINER`. */
    open fun isContainerInvalid(isOnWorkspaceOrHotseat: Boolean): Boolean = !isOnWorkspaceOrHotseat

    /** Row 4: the provider is the current search component; none is `NO_SEARCH_WIDGET`. */
    open fun isSearchWidget(options: Int): Boolean = options and LauncherAppWidgetInfo.OPTION_SEARCH_WIDGET != 0

    /** Row 5: everything waits in safe mode. */
    open fun waitsInSafeMode(isSafeMode: Boolean): Boolean = isSafeMode

    /** Row 6 (by component) rather than row 7 (by id). */
    open fun looksUpByComponent(status: Int): Boolean = status and FLAG_ID_NOT_VALID != 0

    /** Row 6: bit 2 goes when the provider is there. */
    open fun statusOnceProviderFound(status: Int): Int = status and FLAG_PROVIDER_NOT_READY.inv()

    /** Rows 8–10 look at a widget whose provider should be there and that is not complete. */
    open fun isRestoring(status: Int): Boolean = status != 0 && status and FLAG_PROVIDER_NOT_READY == 0

    /** Row 8: the provider is gone. */
    open fun isProviderGone(provider: AppWidgetProviderInfo?): Boolean = provider == null

    /** Row 9: an id must be allocated. */
    open fun needsId(status: Int): Boolean = status and FLAG_ID_NOT_VALID != 0 && status and FLAG_ID_ALLOCATED == 0

    /** Row 9: after the silent bind. */
    open fun statusAfterBind(status: Int, isBound: Boolean, hasConfigure: Boolean): Int {
        val isDirect = status and FLAG_DIRECT_CONFIG != 0
        return when {
            !isBound -> status and FLAG_DIRECT_CONFIG.inv() or FLAG_ID_ALLOCATED
            !hasConfigure || isDirect -> 0
            else -> FLAG_UI_NOT_READY
        }
    }

    /** Row 10: bit 4 goes if there is nothing to configure or the platform has restored the widget (peer C7). */
    open fun isSetUp(status: Int, hasConfigure: Boolean, isRestoredByPlatform: () -> Boolean): Boolean =
        status and FLAG_UI_NOT_READY != 0 && status and FLAG_ID_NOT_VALID == 0 && (!hasConfigure || isRestoredByPlatform())

    /** Rows 11 and 12 look at complete widgets. */
    open fun isComplete(status: Int): Boolean = status == 0

    /** Row 11: a complete widget without a provider goes. */
    open fun isCompleteButGone(provider: AppWidgetProviderInfo?): Boolean = provider == null

    /** Row 13: nothing ever started this widget. Bit 8 is the row's, not the new state's (peer C8). */
    open fun isNeverStarted(
        restored: Int,
        isSafeMode: Boolean,
        session: SessionInfo?,
        provider: AppWidgetProviderInfo?,
        isArchived: Boolean,
    ): Boolean = !hasStarted(restored) && !isSafeMode && session == null && provider == null && !isArchived

    /** Row 13: a session sets bit 8. */
    open fun startsNow(restored: Int, session: SessionInfo?): Boolean = !hasStarted(restored) && session != null

    private fun hasStarted(restored: Int) = restored and LauncherAppWidgetInfo.FLAG_RESTORE_STARTED != 0
}
