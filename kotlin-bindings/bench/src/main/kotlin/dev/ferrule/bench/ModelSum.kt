package dev.ferrule.bench

import dev.ferrule.legacy.launcher.BoundWorkspace
import dev.ferrule.legacy.launcher.FolderInfo
import dev.ferrule.legacy.launcher.ItemInfo
import dev.ferrule.legacy.launcher.LauncherAppWidgetInfo
import dev.ferrule.legacy.launcher.WorkspaceItemInfo

/** The sum over every field of a loaded model; the Rust bench adds the same in the same order. */
public class ModelSum internal constructor(private val hasPagesInside: Boolean = true) {
    internal var sum: Long = OFFSET
        private set

    internal fun add(value: Int) {
        sum = (sum xor (value.toLong() and 0xffff_ffffL)) * PRIME
    }

    // The homes' texts are ASCII, so a char here is a byte there.
    internal fun add(text: String?) {
        val length = text?.length ?: 0
        add(length)
        for (index in 0 until length) add(text!![index].code)
    }

    private fun add(item: ItemInfo) {
        add(item.id)
        add(item.itemType)
        add(item.container)
        add(page(item.container, item.screenId))
        add(item.cellX)
        add(item.cellY)
        add(item.spanX)
        add(item.spanY)
        add(item.rank)
        add(item.serial)
        add(item.title)
        when (item) {
            is WorkspaceItemInfo -> addIcon(item)
            is LauncherAppWidgetInfo -> addWidget(item)
            is FolderInfo -> add(item.options)
            else -> {}
        }
    }

    /** The page of an item inside another is what is left of an earlier place; Ferrule's store does not keep it. */
    internal fun page(container: Int, screen: Int): Int = if (hasPagesInside || container < 0) screen else 0

    private fun addIcon(item: WorkspaceItemInfo) {
        add(item.status)
        add(item.runtimeStatusFlags)
        add(item.progressLevel)
        add(item.iconSource.text)
        add(item.intent.packageName)
        val component = item.intent.component ?: return
        add(component.packageName)
        add(component.className)
    }

    private fun addWidget(item: LauncherAppWidgetInfo) {
        add(item.appWidgetId)
        add(item.restoreStatus)
        add(item.options)
        add(item.installProgress)
        add(item.minSpanX)
        add(item.minSpanY)
        add(if (item.isPending) 1 else 0)
        add(item.sourceContainer)
        add(item.providerName.packageName)
        add(item.providerName.className)
    }

    public companion object {
        private const val OFFSET = -0x340d631b7bdddcdbL
        private const val PRIME = 0x0000_0100_0000_01b3L

        /** The sum of one model, as the Rust bench has it. */
        @JvmStatic
        public fun of(model: BoundWorkspace): Long = add(model, ModelSum())

        /** The sum of what both a model of legacy and one of Ferrule hold. */
        @JvmStatic
        public fun ofShown(model: BoundWorkspace): Long = add(model, ModelSum(hasPagesInside = false))

        private fun add(model: BoundWorkspace, sum: ModelSum): Long {
            model.items.forEach(sum::add)
            for ((key, collection) in model.collections) {
                sum.add(key)
                for (child in collection.contents) {
                    sum.add(child.id)
                    sum.add(child.rank)
                }
            }
            model.screens.forEach { sum.add(it) }
            return sum.sum
        }
    }
}
