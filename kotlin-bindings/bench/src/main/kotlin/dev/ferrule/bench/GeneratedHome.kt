package dev.ferrule.bench

import dev.ferrule.bindings.ControlPlane
import dev.ferrule.launcher.PlatformSnapshot
import dev.ferrule.launcher.questionBytes
import dev.ferrule.uniffi.GridSize
import dev.ferrule.uniffi.HomeItem
import dev.ferrule.uniffi.LauncherModel
import java.io.File

/** The same home screen by the generated bindings: a record an item. */
public class GeneratedHome(store: File, platform: PlatformSnapshot) : AutoCloseable {
    private val question = platform.questionBytes(HomePhone.grid, HomePhone.flags)
    private val model: LauncherModel

    init {
        ControlPlane.require()
        model = LauncherModel.open(store.path, GridSize(5, 6, 5), 0, 0)
    }

    /** One load, every record. */
    public fun load(): List<HomeItem> = model.loadItems(question, 0)

    override fun close(): Unit = model.close()

    public companion object {
        /** The sum over the records. */
        @JvmStatic
        public fun sum(items: List<HomeItem>, screens: List<Int>): Long {
            val sum = ModelSum(hasPagesInside = false)
            val ranks = HashMap<Long, Int>()
            for (item in items) {
                ranks[item.id] = item.rank
                add(sum, item)
            }
            for (item in items.filter { it.contents.isNotEmpty() }) {
                sum.add(item.id.toInt())
                for (child in item.contents) {
                    sum.add(child.toInt())
                    sum.add(ranks.getValue(child))
                }
            }
            screens.forEach { sum.add(it) }
            return sum.sum
        }

        private fun add(sum: ModelSum, item: HomeItem) {
            val numbers = listOf(
                item.id.toInt(), item.itemType, item.container, sum.page(item.container, item.screen), item.cellX, item.cellY, item.spanX, item.spanY,
                item.rank, item.profile.toInt(),
            )
            numbers.forEach(sum::add)
            sum.add(item.title)
            item.icon?.let { icon ->
                listOf(icon.status, icon.runtime, icon.progress).forEach(sum::add)
                listOf(icon.source, icon.intentPackage).forEach(sum::add)
                if (icon.`package` != null) listOf(icon.`package`, icon.className).forEach(sum::add)
            }
            item.widget?.let { widget ->
                val facts = listOf(
                    widget.widgetId, widget.restore, widget.options, widget.installProgress, widget.minSpanX,
                    widget.minSpanY, if (widget.pending) 1 else 0, widget.source,
                )
                facts.forEach(sum::add)
                listOf(widget.`package`, widget.className).forEach(sum::add)
            }
            item.folderOptions?.let(sum::add)
        }
    }
}
