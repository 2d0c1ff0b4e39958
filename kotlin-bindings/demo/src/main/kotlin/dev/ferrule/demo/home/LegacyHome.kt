package dev.ferrule.demo.home

import dev.ferrule.guard.Answerer
import dev.ferrule.legacy.launcher.BoundWorkspace
import dev.ferrule.legacy.launcher.Favorites
import dev.ferrule.legacy.launcher.ItemInfo
import dev.ferrule.legacy.launcher.LegacyLoader
import dev.ferrule.legacy.launcher.LoadReport
import dev.ferrule.legacy.launcher.RowVerdict
import dev.ferrule.legacy.launcher.tool.CaseDatabase
import dev.ferrule.legacy.launcher.tool.CasePlatform
import dev.ferrule.legacy.launcher.tool.optionsOf

/** Asks the loader of Launcher3, on a real SQLite database with the rows. One load, as at one start. */
internal object LegacyHome : Answerer<HomeQuestion, HomeAnswer> {
    override fun answer(input: HomeQuestion): HomeAnswer = CaseDatabase().use { database ->
        database.fill(input.home.rows)
        val platform = CasePlatform(input.phone.platform)
        val report = LegacyLoader(database.favorites, platform, optionsOf(input.phone.input)).load()
        val workspace = checkNotNull(report.workspace) { "the load was not cancelled" }
        Reading(input.home, report, workspace).answer()
    }

    private class Reading(private val home: StoredHome, report: LoadReport, private val workspace: BoundWorkspace) {
        private val decisions = report.decisions.associateBy { it.id.toLong() }
        private val swept = mapOf(
            "LM_EMPTY_FOLDER" to report.emptyFolders,
            "LM_BAD_APP_PAIR" to report.badAppPairs,
            "LM_UNPARENTED" to report.unparented,
        ).flatMap { (code, ids) -> ids.map { it.toLong() to code } }.toMap()
        private val loaded = workspace.items.associateBy { it.id.toLong() }
        private val pages = if (home.isMiui) home.pages.indices.toList() else home.pages

        fun answer() = HomeAnswer(home.items.associate { it.id to end(it.id) }, workspace.screens.size)

        private fun end(id: Long): End {
            swept[id]?.let { return End(Fate.DELETED, null, it) }
            val decision = decisions[id] ?: return End(Fate.INVISIBLE, null, "")
            return when (decision.verdict) {
                RowVerdict.DELETE -> End(Fate.DELETED, null, "LM_${decision.code.uppercase()}")
                RowVerdict.SKIP -> End(Fate.INVISIBLE, null, decision.code)
                RowVerdict.ACCEPT -> loaded[id]?.let(::shown) ?: End(Fate.INVISIBLE, null, "")
            }
        }

        /** In memory is not on the screen: an item can lie in something that is not there. */
        private fun shown(item: ItemInfo): End {
            val place = place(item) ?: return End(Fate.INVISIBLE, null, "")
            return End(Fate.SHOWN, place, "LM_LOADED")
        }

        private fun place(item: ItemInfo): Place? = when (item.container) {
            Favorites.CONTAINER_DESKTOP ->
                Place.Desktop(pages.indexOf(item.screenId), item.cellX, item.cellY, item.spanX, item.spanY)
            Favorites.CONTAINER_HOTSEAT -> Place.Dock(item.screenId)
            else -> workspace.collections[item.container]
                ?.takeIf { collection -> collection.id in workspace.workspaceItems || isInside(collection) }
                ?.let { Place.Inside(item.container.toLong(), item.rank) }
        }

        /** A pair in a folder. */
        private fun isInside(item: ItemInfo): Boolean =
            item.id.toLong() in loaded && item.container > 0 && item.container != item.id && place(item) != null
    }
}
