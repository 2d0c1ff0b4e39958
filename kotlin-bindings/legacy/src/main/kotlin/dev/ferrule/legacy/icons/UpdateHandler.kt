package dev.ferrule.legacy.icons

import dev.ferrule.legacy.launcher.ComponentName

/**
 * Brings the table up to date with what is installed (icon-cache C.1, C.2). Only the first call looks at the table;
 * whatever it found and nobody named goes in [finish], by row id (peer K10).
 */
public class UpdateHandler internal constructor(private val cache: LegacyIconCache) {
    /** Kept for life: settings that change meanwhile leave this handler on the old file (peer K16). */
    private val table = cache.table
    private val ignored = HashMap<Int, HashSet<String>>()
    private val apps = HashMap<Pair<String, Int>, AppInfo>()
    private val marked = HashSet<MarkedRow>()
    private var isFirstCall = true

    /** Members as in AOSP: the order of the set by their hash is the order in which later calls find rows. */
    private data class MarkedRow(val row: Int, val component: ComponentName?, val user: Int, val freshness: String)

    /** Leaves the rows of a package alone. */
    public fun ignore(packageName: String, user: Int) {
        ignored.getOrPut(user, ::HashSet).add(packageName)
    }

    /** All launcher activities. [onUpdated] hears once a user which packages were rendered again. */
    public fun updateActivities(items: List<ActivityInfo>, onUpdated: (Set<String>, Int) -> Unit): Unit =
        update(items, cache.activityLogic, onUpdated)

    /** Deep shortcuts. */
    public fun updateShortcuts(items: List<ShortcutInfo>, onUpdated: (Set<String>, Int) -> Unit): Unit =
        update(items.map { CachedShortcut(it, cache.platform) }, cache.shortcutLogic, onUpdated)

    /** Widgets and the like. */
    public fun updateObjects(items: List<CachedObject>, onUpdated: (Set<String>, Int) -> Unit): Unit =
        update(items, cache.objectLogic, onUpdated)

    private fun <T : Any> update(items: List<T>, logic: CachingLogic<T>, onUpdated: (Set<String>, Int) -> Unit) {
        val byUser = HashMap<Int, HashMap<ComponentName, T>>()
        for (item in items) {
            val component = logic.component(item)
            val user = logic.user(item)
            byUser.getOrPut(user, ::HashMap)[component] = item
            val owner = component.packageName to user
            if (owner !in apps) logic.app(item)?.let { apps[owner] = it }
        }
        for ((user, named) in byUser) {
            val toUpdate = ArrayDeque<T>()
            if (isFirstCall) scan(user, named, logic, toUpdate) else rescue(user, named, logic, toUpdate)
            if (named.isEmpty() && toUpdate.isEmpty()) continue
            cache.post(UpdateTask(cache, logic, user, toUpdate, ArrayDeque(named.values), onUpdated))
        }
        // An empty first call counts as one (icon-cache C.5).
        isFirstCall = false
    }

    private fun <T : Any> scan(user: Int, named: HashMap<ComponentName, T>, logic: CachingLogic<T>, toUpdate: ArrayDeque<T>) {
        val spared = ignored[user].orEmpty()
        try {
            table.scan(cache.serialOf(user)).use { rows ->
                while (rows.next()) {
                    val row = rows.long(IconTable.SCAN_ROW).toInt()
                    val freshness = rows.string(IconTable.SCAN_FRESHNESS).orEmpty()
                    val component = rows.string(IconTable.SCAN_COMPONENT)?.let(ComponentName::unflattenFromString)
                    val item = component?.let(named::remove)
                    when {
                        component == null -> marked.add(MarkedRow(row, null, user, freshness))
                        item != null -> if (logic.freshness(item) != freshness) toUpdate.add(item)
                        component.packageName !in spared -> {
                            cache.evict(IconKey(component, user))
                            marked.add(MarkedRow(row, component, user, freshness))
                        }
                    }
                }
            }
        } catch (_: IconSqlException) {
            // What was read counts; the rest is added.
        }
    }

    private fun <T : Any> rescue(user: Int, named: HashMap<ComponentName, T>, logic: CachingLogic<T>, toUpdate: ArrayDeque<T>) {
        marked.removeAll { row ->
            val item = if (row.user == user && row.component != null) named.remove(row.component) else null
            if (item != null && logic.freshness(item) != row.freshness) toUpdate.add(item)
            item != null
        }
    }

    /** Deletes what nobody named, but package rows whose app was named and is as it was. */
    public fun finish() {
        marked.removeAll { row ->
            val component = row.component
            val app = if (component != null && IconKey.isPackage(component)) apps[component.packageName to row.user] else null
            app != null && cache.stateForApp(app) == row.freshness
        }
        if (marked.isNotEmpty()) table.deleteRows(marked.map(MarkedRow::row))
    }
}

/** One object a message, so that what a view waits for gets in between (icon-cache C.2). */
internal class UpdateTask<T : Any>(
    private val cache: LegacyIconCache,
    private val logic: CachingLogic<T>,
    private val user: Int,
    private val toUpdate: ArrayDeque<T>,
    private val toAdd: ArrayDeque<T>,
    private val onUpdated: (Set<String>, Int) -> Unit,
) : Runnable {
    private val updated = HashSet<String>()

    override fun run() {
        if (toUpdate.isNotEmpty()) {
            val item = toUpdate.removeLast()
            cache.add(item, logic)
            // Even if nothing was written (peer K11).
            updated.add(logic.component(item).packageName)
            if (toUpdate.isEmpty()) onUpdated(updated, user)
        } else if (toAdd.isNotEmpty()) {
            cache.add(toAdd.removeLast(), logic)
        } else {
            return
        }
        cache.post(this)
    }
}
