package dev.ferrule.demo.home

import dev.ferrule.guard.Answerer
import dev.ferrule.launcher.ItemInfo
import dev.ferrule.launcher.ItemState
import dev.ferrule.launcher.LauncherModel
import dev.ferrule.launcher.LoadedModel
import dev.ferrule.launcher.UnavailableItemInfo
import java.nio.file.Files

/**
 * Asks Ferrule about a home screen, as a launcher does at its first start: the file is imported into a store of Ferrule's
 * own, and that is loaded for the phone. By the fast path: hand-written JNI, no JNA.
 */
internal class FerruleHome : Answerer<HomeQuestion, HomeAnswer> {
    override fun answer(input: HomeQuestion): HomeAnswer {
        // A store of its own each time: the question is what one start makes of the file.
        val folder = Files.createTempDirectory(input.home.file.parent, "store")
        val store = folder.resolve("home.db").toFile()
        val grid = FerrulePlatform.grid(input.phone)
        return LauncherModel.open(store, grid, NOW_MILLIS).use { model ->
            model.importFile(input.home.file.toFile(), NOW_MILLIS)
            val loaded = model.load(FerrulePlatform.of(input.phone), NOW_MILLIS, grid, FerrulePlatform.flags(input.phone))
            HomeAnswer(loaded.items.associate { it.id to end(it, loaded) }, loaded.screens.size)
        }
    }

    private fun end(item: ItemInfo, loaded: LoadedModel): FerruleEnd {
        val hasPlace = item.state != ItemState.QUARANTINED && (item !is UnavailableItemInfo || item.hasPlace)
        return FerruleEnd(
            fate = when (item.state) {
                ItemState.LIVE -> Fate.SHOWN
                ItemState.HELD -> Fate.HELD
                ItemState.QUARANTINED -> Fate.QUARANTINED
                ItemState.OPAQUE -> Fate.OPAQUE
            },
            place = if (hasPlace) place(item, loaded) else null,
            code = item.code,
            codes = item.note?.codes.orEmpty(),
            legacyCode = item.note?.legacyCode ?: item.code,
            isMoved = item.note?.movedBy != null,
            remedies = item.note?.remedies.orEmpty().map(HomeWording::remedy),
        )
    }

    private fun place(item: ItemInfo, loaded: LoadedModel): Place = when (item.container) {
        ItemInfo.CONTAINER_DESKTOP ->
            Place.Desktop(loaded.screens.indexOf(item.screenId), item.cellX, item.cellY, item.spanX, item.spanY)
        ItemInfo.CONTAINER_HOTSEAT -> Place.Dock(item.screenId)
        else -> Place.Inside(item.container.toLong(), item.rank)
    }

    private companion object {
        /** The demo's answers hold no times, so any will do; a fixed one makes them the same every day. */
        const val NOW_MILLIS = 1_750_000_000_000L
    }
}
