package dev.ferrule.legacy.launcher

/**
 * One row of the decision table broken in one way.
 *
 * @property row the row of launcher-model B.3
 * @property change what is wrong
 * @property rules the rules with that fault
 * @property groups groups of cases that are tried first; the rest follow
 */
internal class Mutant(val row: String, val change: String, val rules: RowRules, vararg val groups: String)

/** At least one mutant for each row of the decision table. */
internal object Mutants {
    val all: List<Mutant> =
        common() + icons() + missingPackages() + iconItems() + collections() + widgets() + restoringWidgets()

    private fun common() = listOf(
        Mutant("profile", "an unknown profile is kept as a failed row", object : RowRules() {
            override fun isProfileGone(user: UserInfo?) = false
        }, "profile"),
        Mutant("unknown type", "an unknown type is read as an application", object : RowRules() {
            override fun kindOf(itemType: Int) =
                super.kindOf(itemType).let { if (it == RowKind.UNKNOWN) RowKind.ICON else it }
        }, "profile", "structure", "random"),
        Mutant("exception", "a row that throws is deleted", object : RowRules() {
            override fun afterFailure(row: LoaderCursor) = row.markDeleted(RestoreError.APP_NO_DB_INTENT)
        }, "intent", "app"),
    )

    private fun icons() = listOf(
        Mutant("icon 1", "a row without intent is an empty intent", object : RowRules() {
            override fun isIntentMissing(intent: LauncherIntent?) = false
        }, "intent"),
        Mutant("icon 2", "a row without target counts as any other", object : RowRules() {
            override fun isTargetMissing(targetPackage: String?) = targetPackage == null
        }, "intent"),
        Mutant("icon 3", "deep shortcuts look at their activity too", object : RowRules() {
            override fun looksAtActivity(itemType: Int, component: ComponentName?, isPackageEnabled: Boolean) =
                component != null && isPackageEnabled
        }, "deep"),
        Mutant("icon 3", "an enabled activity does not count as restored", object : RowRules() {
            override fun onActivityReady(row: LoaderCursor) {}
        }, "app"),
        Mutant("icon 4", "a disabled activity is taken as enabled", object : RowRules() {
            override fun isActivityReady(isActivityEnabled: Boolean) = true
        }, "app"),
        Mutant("icon 4", "the last activity is taken, not the first", object : RowRules() {
            override fun retargetTo(activities: List<LauncherActivityInfo>) = super.retargetTo(activities.reversed())
        }, "structure", "app"),
        Mutant("icon 4", "nothing to retarget to deletes always", object : RowRules() {
            override fun retargetTo(activities: List<LauncherActivityInfo>): LauncherIntent? = null
        }, "app"),
        Mutant("icon 4", "restore bits stay in memory after a retarget", object : RowRules() {
            override fun restoredAfterRetarget(restored: Int) = restored
        }, "app"),
        Mutant("icon package", "the intent in memory gets no package", object : RowRules() {
            override fun needsExplicitPackage(intent: LauncherIntent) = false
        }, "app"),
    )

    private fun missingPackages() = listOf(
        missing("icon 5a", "a started restore is deleted", MissingPackage.STARTED, MissingPackage.NOT_RESTORED),
        missing("icon 5b", "an active session does not set bit 4", MissingPackage.INSTALLING, MissingPackage.STARTED),
        missing("icon 5b", "an active session is not looked at", MissingPackage.INSTALLING, MissingPackage.NOT_RESTORED),
        missing("icon 5c", "a row that was never restored stays", MissingPackage.NOT_RESTORED, MissingPackage.STARTED),
        missing("icon 6", "external storage is not looked at", MissingPackage.EXTERNAL, MissingPackage.GONE),
        missing("icon 6", "an app on external storage is not marked", MissingPackage.EXTERNAL, MissingPackage.BOOTING),
        missing("icon 7", "a running boot does not keep the row", MissingPackage.BOOTING, MissingPackage.GONE),
        missing("icon 8", "a package that is gone stays", MissingPackage.GONE, MissingPackage.EXTERNAL),
        missing("icon 8", "a package that is gone has the reason of row 5c", MissingPackage.GONE, MissingPackage.NOT_RESTORED),
        Mutant("icon 9", "bit 8 does not make the target invalid", object : RowRules() {
            override fun isWebUi(restored: Int) = false
        }, "deep", "app"),
        Mutant("icon 10", "a valid target does not count as restored", object : RowRules() {
            override fun onTargetValid(row: LoaderCursor) {}
        }, "deep", "intent"),
    )

    private fun missing(row: String, change: String, from: MissingPackage, to: MissingPackage) =
        Mutant(row, change, object : RowRules() {
            override fun missingPackage(
                restored: Int,
                session: SessionInfo?,
                application: ApplicationInfo?,
                isBootCompleted: Boolean,
            ) = super.missingPackage(restored, session, application, isBootCompleted).let { if (it == from) to else it }
        }, "app", "deep")

    private fun iconItems() = listOf(
        Mutant("icon promise", "restore bits do not make a promise", object : RowRules() {
            override fun isPromise(restored: Int) = false
        }, "app", "deep"),
        Mutant("icon promise", "bit 2 alone prefers the row's title", object : RowRules() {
            override fun titleOfPromise(restored: Int) =
                super.titleOfPromise(restored).let { if (it == PromiseTitle.CACHE_ELSE_ROW) PromiseTitle.ROW else it }
        }, "title", "random"),
        Mutant("icon promise", "a promise without bits 1 and 2 does not fail", object : RowRules() {
            override fun titleOfPromise(restored: Int) =
                super.titleOfPromise(restored).let { if (it == PromiseTitle.NONE) PromiseTitle.ROW else it }
        }, "app", "deep"),
        Mutant("icon resolve", "an app without activity does not fail", object : RowRules() {
            override fun isUnresolvable(activity: LauncherActivityInfo?, allowMissingTarget: Boolean) = false
        }, "app"),
        Mutant("icon resolve", "rows 6 and 7 do not excuse a missing activity", object : RowRules() {
            override fun isUnresolvable(activity: LauncherActivityInfo?, allowMissingTarget: Boolean) = activity == null
        }, "app"),
        Mutant("icon shortcut", "a shortcut that is not pinned fails instead of going", object : RowRules() {
            override fun isShortcutGone(pinned: ShortcutInfo?) = false
        }, "deep"),
        Mutant("icon shortcut", "a locked profile is taken as unlocked", object : RowRules() {
            override fun canSeeShortcuts(isUnlocked: Boolean) = true
        }, "deep"),
        Mutant("icon flags", "a paused profile is not marked", object : RowRules() {
            override fun isQuiet(user: UserInfo) = false
        }, "flags", "profile"),
        Mutant("icon flags", "safe mode disables system apps too", object : RowRules() {
            override fun isDisabledBySafeMode(isSafeMode: Boolean, isSystem: Boolean) = isSafeMode
        }, "flags"),
        Mutant("icon span", "an icon keeps the span of its row", object : RowRules() {
            override fun spanOfIcon(span: Int) = span
        }, "columns", "random"),
    )

    private fun collections() = listOf(
        Mutant("pair flag", "pairs are read while the flag is off", object : RowRules() {
            override fun isPairSkipped(itemType: Int, hasAppPairs: Boolean) = false
        }, "structure", "title"),
        Mutant("pair members", "a pair forgets members that came before it", object : RowRules() {
            override fun takesOver(placeholder: FolderInfo) = emptyList<ItemInfo>()
        }, "structure", "random"),
        Mutant("folder label", "the user's label is trimmed", object : RowRules() {
            override fun labelOf(title: String?) = title?.trimmed()
        }, "title", "random"),
        Mutant("folder restored", "restore bits of a collection stay", object : RowRules() {
            override fun onCollectionRead(row: LoaderCursor) {}
        }, "title"),
    )

    private fun widgets() = listOf(
        Mutant("widget 1", "a malformed provider is any other component", object : RowRules() {
            override fun providerOf(text: String?) =
                text?.let(ComponentName::unflattenFromString) ?: ComponentName(text.orEmpty(), "")
        }, "widgetrow", "random"),
        Mutant("widget 2", "a span of 0 is taken", object : RowRules() {
            override fun isSizeInvalid(spanX: Int, spanY: Int) = spanX < 0 || spanY < 0
        }, "widgetrow", "columns", "random"),
        Mutant("widget 3", "a widget may lie in a folder", object : RowRules() {
            override fun isContainerInvalid(isOnWorkspaceOrHotseat: Boolean) = false
        }, "place", "widgetrow", "random"),
        Mutant("widget 4", "a search widget keeps its provider", object : RowRules() {
            override fun isSearchWidget(options: Int) = false
        }, "searchwidget"),
        Mutant("widget 5", "safe mode is not looked at", object : RowRules() {
            override fun waitsInSafeMode(isSafeMode: Boolean) = false
        }, "widget2", "random"),
        Mutant("widget 6", "a bad id is looked up by id all the same", object : RowRules() {
            override fun looksUpByComponent(status: Int) = false
        }, "widget"),
        Mutant("widget 6", "bit 2 stays when the provider is there", object : RowRules() {
            override fun statusOnceProviderFound(status: Int) = status
        }, "widget"),
        Mutant("widget 7", "a good id is looked up by component", object : RowRules() {
            override fun looksUpByComponent(status: Int) = true
        }, "widget"),
        Mutant("widget 8", "bit 2 does not excuse a missing provider", object : RowRules() {
            override fun isRestoring(status: Int) = status != 0
        }, "widget"),
        Mutant("widget 8", "a restore without provider fails instead of going", object : RowRules() {
            override fun isProviderGone(provider: AppWidgetProviderInfo?) = false
        }, "widget"),
    )

    private fun restoringWidgets() = listOf(
        Mutant("widget 9", "an allocated id is allocated again", object : RowRules() {
            override fun needsId(status: Int) = status and LauncherAppWidgetInfo.FLAG_ID_NOT_VALID != 0
        }, "widget"),
        Mutant("widget 9", "direct config asks for configuration", object : RowRules() {
            override fun statusAfterBind(status: Int, isBound: Boolean, hasConfigure: Boolean) =
                super.statusAfterBind(
                    if (isBound) status and LauncherAppWidgetInfo.FLAG_DIRECT_CONFIG.inv() else status, isBound, hasConfigure,
                )
        }, "widget"),
        Mutant("widget 9", "a failed bind keeps bit 32", object : RowRules() {
            override fun statusAfterBind(status: Int, isBound: Boolean, hasConfigure: Boolean) =
                if (isBound) super.statusAfterBind(status, true, hasConfigure) else status
        }, "widget"),
        Mutant("widget 10", "what the platform restored still waits", object : RowRules() {
            override fun isSetUp(status: Int, hasConfigure: Boolean, isRestoredByPlatform: () -> Boolean) =
                super.isSetUp(status, hasConfigure) { false }
        }, "widget"),
        Mutant("widget 10", "bit 1 does not keep it from being set up", object : RowRules() {
            override fun isSetUp(status: Int, hasConfigure: Boolean, isRestoredByPlatform: () -> Boolean) =
                super.isSetUp(status and LauncherAppWidgetInfo.FLAG_ID_NOT_VALID.inv(), hasConfigure, isRestoredByPlatform)
        }, "widget"),
        Mutant("widget 11", "a complete widget without provider stays", object : RowRules() {
            override fun isCompleteButGone(provider: AppWidgetProviderInfo?) = false
        }, "widget"),
        Mutant("widget 12", "a complete widget is pending", object : RowRules() {
            override fun isComplete(status: Int) = false
        }, "widget"),
        Mutant("widget 13", "a widget that nothing started stays", object : RowRules() {
            override fun isNeverStarted(
                restored: Int,
                isSafeMode: Boolean,
                session: SessionInfo?,
                provider: AppWidgetProviderInfo?,
                isArchived: Boolean,
            ) = false
        }, "widget"),
        Mutant("widget 13", "an archived app does not keep its widget", object : RowRules() {
            override fun isNeverStarted(
                restored: Int,
                isSafeMode: Boolean,
                session: SessionInfo?,
                provider: AppWidgetProviderInfo?,
                isArchived: Boolean,
            ) = super.isNeverStarted(restored, isSafeMode, session, provider, false)
        }, "widget2"),
        Mutant("widget 13", "a session does not set bit 8", object : RowRules() {
            override fun startsNow(restored: Int, session: SessionInfo?) = false
        }, "widget"),
    )
}
