package dev.ferrule.legacy.launcher

/** Decides what becomes of a widget: rows 4 to 12 of the table (launcher-model B.3). */
internal class WidgetInflater(private val env: LoaderEnv) {
    enum class Type { DELETE, PENDING, REAL }

    /**
     * @property isUpdate whether the widget's id, provider and bits must be written
     * @property provider the provider that was found
     * @property reason why the widget goes, for [Type.DELETE]
     */
    class Result(
        val type: Type,
        val isUpdate: Boolean = false,
        val provider: AppWidgetProviderInfo? = null,
        val reason: RestoreError = RestoreError.UNSPECIFIED_WIDGET_INFLATION_RESULT,
    )

    private val rules = env.rules

    fun inflate(item: LauncherAppWidgetInfo): Result {
        if (rules.isSearchWidget(item.options)) {
            item.providerName = env.platform.searchComponent
                ?: return Result(Type.DELETE, reason = RestoreError.NO_SEARCH_WIDGET)
        }
        if (rules.waitsInSafeMode(env.isSafeMode)) return Result(Type.PENDING)

        var isUpdate = false
        val provider: AppWidgetProviderInfo?
        val missingReason: RestoreError
        if (rules.looksUpByComponent(item.restoreStatus)) {
            provider = findProvider(item.providerName, item.serial)
            missingReason = reasonOfComponent()
            if (provider != null) {
                val status = rules.statusOnceProviderFound(item.restoreStatus)
                isUpdate = status != item.restoreStatus
                item.restoreStatus = status
            }
        } else {
            provider = findById(item)
            missingReason = reasonOfId(item)
        }

        if (rules.isRestoring(item.restoreStatus)) {
            if (rules.isProviderGone(provider)) return Result(Type.DELETE, reason = missingReason)
            if (restore(item, provider!!)) isUpdate = true
        }
        if (!rules.isComplete(item.restoreStatus)) return Result(Type.PENDING, isUpdate, provider)
        if (rules.isCompleteButGone(provider)) return Result(Type.DELETE)
        return Result(Type.REAL, isUpdate, provider)
    }

    /** Rows 9 and 10; whether something changed. */
    private fun restore(item: LauncherAppWidgetInfo, provider: AppWidgetProviderInfo): Boolean {
        if (rules.needsId(item.restoreStatus)) {
            item.appWidgetId = env.platform.allocateAppWidgetId()
            item.restoreStatus = item.restoreStatus or LauncherAppWidgetInfo.FLAG_ID_ALLOCATED
            val isDirect = item.hasRestoreFlag(LauncherAppWidgetInfo.FLAG_DIRECT_CONFIG)
            val options = item.bindOptions.takeIf { isDirect }
            // An intent without a bundle throws; the id that was just allocated leaks (peer C6).
            if (options != null && options.extras == null) throw NullPointerException()
            val isBound = env.platform.bindAppWidgetIdIfAllowed(item.appWidgetId, provider, options)
            item.bindOptions = null
            item.restoreStatus = rules.statusAfterBind(item.restoreStatus, isBound, provider.configure != null)
            return true
        }
        val isSetUp = rules.isSetUp(item.restoreStatus, provider.configure != null) {
            env.platform.isAppWidgetRestored(item.appWidgetId)
        }
        if (isSetUp) item.restoreStatus = 0
        return isSetUp
    }

    private fun findProvider(component: ComponentName, serial: Int): AppWidgetProviderInfo? {
        if (!env.options.hasWidgets) return null
        return env.platform.getWidgetProviders(component.packageName, serial).firstOrNull { it.provider == component }
    }

    private fun findById(item: LauncherAppWidgetInfo): AppWidgetProviderInfo? = when {
        item.appWidgetId <= Favorites.CUSTOM_WIDGET_ID -> env.platform.getCustomWidget(item.providerName)
        else -> env.platform.getAppWidgetInfo(item.appWidgetId)
    }

    private fun reasonOfComponent(): RestoreError =
        if (env.options.hasWidgets) RestoreError.MISSING_WIDGET_PROVIDER else RestoreError.WIDGETS_DISABLED

    private fun reasonOfId(item: LauncherAppWidgetInfo): RestoreError =
        if (item.appWidgetId <= Favorites.CUSTOM_WIDGET_ID) {
            RestoreError.INVALID_CUSTOM_WIDGET_ID
        } else {
            RestoreError.INVALID_WIDGET_ID
        }
}
