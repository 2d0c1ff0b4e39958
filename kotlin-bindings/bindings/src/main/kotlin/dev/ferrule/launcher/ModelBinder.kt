package dev.ferrule.launcher

import java.util.concurrent.Executor
import java.util.concurrent.atomic.AtomicInteger

/**
 * Binder runs for one owner of callbacks: the steps of a model in Launcher3's order (launcher-model B.6), on an executor.
 *
 * Invariant: a run posts nothing more once a newer one has begun or the owner is gone.
 */
internal class ModelBinder(val callbacks: ModelCallbacks, private val executor: Executor) {
    private val latest = AtomicInteger()

    /** Shows a whole model. */
    fun bind(model: LoadedModel) {
        val run = latest.incrementAndGet()
        var first: Set<Int> = emptySet()
        post(run) {
            first = it.getPagesToBindSynchronously(model.screens).filterTo(LinkedHashSet()) { page -> page in model.screens }
        }
        post(run) { it.clearPendingBinds() }
        post(run) { it.startBinding() }
        post(run) { it.setIsFirstPagePinnedItemEnabled(model.isFirstPagePinnedItemEnabled) }
        post(run) { it.bindScreens(model.screens) }
        // The pages are known only when the executor has asked for them.
        post(run) { _ ->
            val (now, later) = ordered(model).partition { it.container != ItemInfo.CONTAINER_DESKTOP || it.screenId in first }
            steps(now).forEach { step -> post(run) { it.bindItems(step) } }
            post(run) { it.onInitialBindComplete(first) }
            steps(later).forEach { step -> post(run) { it.bindItems(step) } }
            post(run) { it.finishBindingItems(first) }
        }
    }

    /** Tells what another load changed; a model whose pages changed is shown anew. */
    fun update(change: ModelChange) {
        val arePagesSame = change.before.screens == change.now.screens &&
            change.before.isFirstPagePinnedItemEnabled == change.now.isFirstPagePinnedItemEnabled
        if (!arePagesSame) return bind(change.now)
        val run = latest.get()
        if (change.removed.isNotEmpty()) post(run) { it.bindItemsRemoved(change.removed) }
        if (change.modified.isNotEmpty()) post(run) { it.bindItemsModified(change.modified) }
        if (change.added.isNotEmpty()) post(run) { it.bindItemsAdded(change.added) }
    }

    /** Ends every run. */
    fun stop() {
        latest.incrementAndGet()
    }

    private fun post(run: Int, step: (ModelCallbacks) -> Unit) {
        executor.execute { if (latest.get() == run) step(callbacks) }
    }

    /** What stands on the workspace: the dock by index, then the desktop page by page, row by row. */
    private fun ordered(model: LoadedModel): List<ItemInfo> {
        val pages = HashMap<Int, Int>()
        model.screens.forEachIndexed { index, page -> pages[page] = index }
        return model.items.filter { it.isOnWorkspace && model.hasPlace(it) }.sortedWith(
            compareBy<ItemInfo> { if (it.container == ItemInfo.CONTAINER_HOTSEAT) 0 else 1 }
                .thenBy { if (it.container == ItemInfo.CONTAINER_HOTSEAT) it.screenId else pages[it.screenId] ?: Int.MAX_VALUE }
                .thenBy { if (it.container == ItemInfo.CONTAINER_HOTSEAT) 0 else it.cellY * model.grid.columns + it.cellX }
                .thenBy { it.id },
        )
    }

    /** Icons in chunks, then widgets one by one. */
    private fun steps(items: List<ItemInfo>): List<List<ItemInfo>> {
        val (widgets, icons) = items.partition { it is LauncherAppWidgetInfo }
        return icons.chunked(CHUNK) + widgets.map { listOf(it) }
    }

    private companion object {
        /** Icons a step, as in Launcher3. */
        private const val CHUNK = 6
    }
}
