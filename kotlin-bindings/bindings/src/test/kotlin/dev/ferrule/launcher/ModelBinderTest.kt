package dev.ferrule.launcher

import dev.ferrule.launcher.Homes.insert
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.util.concurrent.Executor

/** The callbacks, in exactly Launcher3's order (launcher-model B.6). */
class ModelBinderTest {
    @TempDir
    lateinit var folder: File

    /** Writes down every call. */
    private open class Recorder(private val first: Set<Int>) : ModelCallbacks {
        val calls = ArrayList<String>()

        override fun getPagesToBindSynchronously(orderedScreenIds: List<Int>): Set<Int> = first.also { calls += "which of $orderedScreenIds" }

        override fun clearPendingBinds() {
            calls += "clear"
        }

        override fun startBinding() {
            calls += "start"
        }

        override fun setIsFirstPagePinnedItemEnabled(isEnabled: Boolean) {
            calls += "pinned $isEnabled"
        }

        override fun bindScreens(orderedScreenIds: List<Int>) {
            calls += "screens $orderedScreenIds"
        }

        override fun bindItems(items: List<ItemInfo>) {
            calls += "items ${items.map { it.id }}"
        }

        override fun onInitialBindComplete(boundPages: Set<Int>) {
            calls += "initial $boundPages"
        }

        override fun finishBindingItems(pagesBoundFirst: Set<Int>) {
            calls += "finish $pagesBoundFirst"
        }

        override fun bindItemsAdded(items: List<ItemInfo>) {
            calls += "added ${items.map { it.id }}"
        }

        override fun bindItemsModified(items: List<ItemInfo>) {
            calls += "modified ${items.map { it.id }}"
        }

        override fun bindItemsRemoved(items: List<ItemInfo>) {
            calls += "removed ${items.map { it.id }}"
        }
    }

    private val direct = Executor { it.run() }

    /** Dock: 20, 21. Page 0: eight apps against the order of ids, and a widget. Page 1: an app, and a folder of two. */
    private fun home(): LauncherModel {
        val source = File(folder, "launcher.db")
        Homes.create(source).use { connection ->
            for (id in 1..8) connection.insert(id, page = 0, cell = 8 - id)
            connection.insert(9, type = 4, page = 0, cell = 10, intent = null, title = null, widget = 7 to "com.app9/.Clock")
            connection.insert(10, type = 2, page = 1, cell = 3, intent = null, title = "Folder")
            connection.insert(11, container = 10, rank = 1)
            connection.insert(12, container = 10, rank = 0)
            connection.insert(13, page = 1, cell = 1)
            connection.insert(20, container = -101, page = 1, cell = 1)
            connection.insert(21, container = -101, page = 0, cell = 0)
        }
        return LauncherModel.open(File(folder, "home.db"), Homes.grid, Homes.NOW).apply { importFile(source, Homes.NOW) }
    }

    private fun phone(apps: IntRange = 1..21): PlatformSnapshot {
        val clock = ComponentKey("com.app9", "com.app9.Clock")
        return Homes.phone(apps).widgetProvider(clock, 0).boundWidget(7, clock, 0).hostWidgetIds(intArrayOf(7)).build()
    }

    @Test
    fun theFirstPagesComeFirstInChunksOfSixAndWidgetsOneByOne() = home().use { model ->
        assertThrows(IllegalStateException::class.java) { model.bind(Recorder(setOf(0)), direct) }
        model.load(phone(), Homes.NOW, flags = Homes.plain)
        val shown = Recorder(setOf(0))
        model.bind(shown, direct)
        assertEquals(
            listOf(
                "which of [0, 1]", "clear", "start", "pinned false", "screens [0, 1]",
                "items [21, 20, 8, 7, 6, 5]", "items [4, 3, 2, 1]", "items [9]",
                "initial [0]",
                "items [13, 10]",
                "finish [0]",
            ),
            shown.calls,
        )
    }

    @Test
    fun pagesThatAreNotThereAreNotBoundFirst() = home().use { model ->
        model.load(phone(), Homes.NOW, flags = Homes.plain)
        val shown = Recorder(setOf(7, 1))
        model.bind(shown, direct)
        assertEquals(listOf("items [21, 20, 13, 10]", "initial [1]", "items [8, 7, 6, 5, 4, 3]", "items [2, 1]", "items [9]", "finish [1]"), shown.calls.drop(5))
    }

    @Test
    fun aNewerRunOvertakesAnOlderOneAndNothingComesAfterUnbind() = home().use { model ->
        model.load(phone(), Homes.NOW, flags = Homes.plain)
        val waiting = ArrayDeque<Runnable>()
        val shown = Recorder(setOf(0))
        model.bind(shown, waiting::add)
        repeat(4) { waiting.removeFirst().run() }
        model.bind(shown, waiting::add)
        while (waiting.isNotEmpty()) waiting.removeFirst().run()
        assertEquals(listOf("which of [0, 1]", "clear", "start", "pinned false", "which of [0, 1]", "clear", "start"), shown.calls.take(7))
        assertEquals(1, shown.calls.count { it.startsWith("finish") })
        shown.calls.clear()
        model.bind(shown, waiting::add)
        waiting.removeFirst().run()
        model.unbind(shown)
        while (waiting.isNotEmpty()) waiting.removeFirst().run()
        assertEquals(listOf("which of [0, 1]"), shown.calls)
    }

    @Test
    fun laterLoadsTellWhatHasChanged() = home().use { model ->
        model.load(phone(), Homes.NOW, flags = Homes.plain)
        val shown = Recorder(setOf(0))
        model.bind(shown, direct)
        shown.calls.clear()
        model.load(phone(), Homes.NOW + 1, flags = Homes.plain)
        assertEquals(emptyList<String>(), shown.calls, "nothing differs")
        model.load(phone(1..20), Homes.NOW + 2, flags = Homes.plain)
        assertEquals(listOf("modified [21]"), shown.calls, "its app is gone, so it is held")
        model.unbind(shown)
        model.load(phone(), Homes.NOW + 3, flags = Homes.plain)
        assertEquals(1, shown.calls.size)
    }

    @Test
    fun aPlaceholderIsBoundInTheChunksAndWhatIsInQuarantineIsNot() = home().use { model ->
        model.load(phone(2..21), Homes.NOW, flags = Homes.plain)
        val shown = Recorder(setOf(0))
        model.bind(shown, direct)
        assertEquals(listOf("items [21, 20, 8, 7, 6, 5]", "items [4, 3, 2, 1]"), shown.calls.subList(5, 7), "1 is held at its place")
    }
}
