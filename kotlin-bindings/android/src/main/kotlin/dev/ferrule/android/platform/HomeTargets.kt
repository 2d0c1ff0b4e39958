package dev.ferrule.android.platform

import dev.ferrule.launcher.ComponentKey
import dev.ferrule.launcher.ItemInfo
import dev.ferrule.launcher.LauncherModel
import dev.ferrule.launcher.LoadedModel
import dev.ferrule.launcher.ModelFlags
import dev.ferrule.launcher.UnavailableItemInfo
import dev.ferrule.launcher.WorkspaceItemInfo

/** What a home screen refers to: what its load needs to know of the platform. */
public object HomeTargets {
    private val ANSWER_BY_NAME = setOf(PlatformSource.USERS, PlatformSource.APPS)

    /** What the items of [loaded] refer to, whatever their state. */
    @JvmStatic
    public fun of(loaded: LoadedModel): Set<PlatformTarget> = of(loaded.items)

    private fun of(items: List<ItemInfo>): Set<PlatformTarget> = items.flatMapTo(LinkedHashSet(), ::of)

    private fun of(item: ItemInfo): List<PlatformTarget> {
        val named = when (item) {
            is WorkspaceItemInfo -> item.intentPackage
            is UnavailableItemInfo -> item.intentPackage
            else -> null
        }
        return of(item.user, item.targetComponent, named) +
            item.note?.remedies.orEmpty().mapNotNull { remedy ->
                remedy.packageName?.let { PlatformTarget(remedy.user ?: item.user, it) }
            }
    }

    private fun of(user: Long, component: ComponentKey?, packageName: String?): List<PlatformTarget> = listOfNotNull(
        component?.let { PlatformTarget(user, it.packageName) },
        component?.let { PlatformTarget(user, it.packageName, it.className) },
        packageName?.takeIf { it.isNotEmpty() }?.let { PlatformTarget(user, it) },
    )

    /**
     * Loads with what the platform says, asking by name for what the latest load refers to. Where an item is held because
     * nobody was asked about it, as at a first load, that is asked by name and the home screen loaded once more.
     */
    @JvmStatic
    @JvmOverloads
    public fun load(
        model: LauncherModel,
        gatherer: PlatformGatherer,
        nowMillis: Long,
        flags: ModelFlags = ModelFlags.AOSP,
    ): LoadedModel {
        val asked = model.loaded?.let(::of).orEmpty()
        val first = gatherer.gather(asked)
        val loaded = model.load(first.snapshot, nowMillis, flags = flags)
        // What nobody can answer now is not asked again.
        if (first.failures.any { it.source in ANSWER_BY_NAME }) return loaded
        if ((of(loaded.held) - asked - first.answered).isEmpty()) return loaded
        return model.load(gatherer.gather(of(loaded)).snapshot, nowMillis, flags = flags)
    }
}
