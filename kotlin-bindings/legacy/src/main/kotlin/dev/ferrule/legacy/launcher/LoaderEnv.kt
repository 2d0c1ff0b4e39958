package dev.ferrule.legacy.launcher

/** What one load knows: fixed while its rows are read. */
internal class LoaderEnv(
    val platform: Platform,
    val options: LoaderOptions,
    val rules: RowRules,
    val controller: ModelDbController,
    val iconCache: IconCache,
    val applications: Applications,
    val sessions: Map<PackageUserKey, SessionInfo>,
) {
    val users: Map<Int, UserInfo> = platform.profiles.associateBy { it.serial }
    val currentSerial: Int = platform.profiles.first().serial
    val isBootCompleted: Boolean = platform.isBootCompleted
    val isSafeMode: Boolean = platform.isSafeMode

    /** Users that are unlocked and whose pinned shortcuts could be read. */
    val unlockedUsers = HashSet<Int>()
    val pinnedShortcuts = HashMap<ShortcutKey, ShortcutInfo>()
    val pendingPackages = LinkedHashSet<PackageUserKey>()
    val iconRequests = ArrayList<IconCache.Request>()

    init {
        for (user in platform.profiles) {
            if (!user.isUnlocked) continue
            // A failed query makes the user count as locked (B.2 step 5).
            val pinned = queryPinnedShortcuts(platform, user.serial) ?: continue
            unlockedUsers.add(user.serial)
            pinned.associateByTo(pinnedShortcuts) { it.key }
        }
    }
}

/** Pinned shortcuts of a user; null if the query failed. An answer of null counts as success with nothing in it. */
internal fun queryPinnedShortcuts(platform: Platform, serial: Int): List<ShortcutInfo>? = try {
    platform.getPinnedShortcuts(serial).orEmpty()
} catch (_: IllegalStateException) {
    null
} catch (_: SecurityException) {
    null
}
