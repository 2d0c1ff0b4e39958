package dev.ferrule.legacy.icons

import dev.ferrule.legacy.launcher.ComponentName

/**
 * The table and its ways with errors (icon-cache A.1, A.5): opened at first use and again after [close]; another
 * `user_version`, up or down, drops the table, but 0 adopts it (peer K4); every error of a write is swallowed, and
 * after "disk full" no more is tried.
 */
internal class IconTable(private val file: IconFile, size: Int, forcesMono: Boolean, private val codec: PictureCodec) {
    private val version = (if (forcesMono) RELEASE_FORCED_MONO else RELEASE) shl VERSION_SHIFT or size
    private var connection: IconConnection? = null
    private var ignoresWrites = false

    private fun opened(): IconConnection = connection ?: try {
        prepare(file.open())
    } catch (error: IconSqlException) {
        if (error.kind != IconSqlException.Kind.CORRUPT) throw error
        file.delete()
        prepare(file.open())
    }.also { connection = it }

    private fun prepare(opened: IconConnection): IconConnection {
        var done = false
        try {
            val found = opened.version
            if (found != version) {
                if (found != 0) opened.execute("DROP TABLE IF EXISTS $TABLE")
                opened.execute(CREATE)
                opened.version = version
            }
            done = true
            return opened
        } finally {
            if (!done) opened.close()
        }
    }

    fun put(component: ComponentName, serial: Int, bitmap: BitmapInfo, label: String?, freshness: String) = write {
        val stored = bitmap.canPersist
        it.update(
            INSERT,
            listOf(
                component.flattenToString(), serial, freshness, if (stored) codec.encode(bitmap.picture) else null,
                if (stored) bitmap.mono else null, bitmap.color, bitmap.flags, label,
            ),
        )
    }

    /** By LIKE: `_` matches any character and ASCII letters of either case do (icon-cache B.9). */
    fun deletePackage(packageName: String, serial: Int) = write {
        it.update("DELETE FROM $TABLE WHERE componentName LIKE ? AND profileId = ?", listOf("$packageName/%", serial))
    }

    fun deleteRows(rows: Collection<Int>) = write {
        it.update("DELETE FROM $TABLE WHERE rowid IN (${rows.joinToString()})", emptyList())
    }

    private inline fun write(action: (IconConnection) -> Unit) {
        if (ignoresWrites) return
        try {
            action(opened())
        } catch (error: IconSqlException) {
            if (error.kind == IconSqlException.Kind.FULL) ignoresWrites = true
        }
    }

    /** @throws IconSqlException which every caller takes for "no row" */
    fun row(component: ComponentName, serial: Int, lowRes: Boolean): IconRows =
        opened().query(if (lowRes) SELECT_LOW else SELECT_HIGH, listOf(component.flattenToString(), serial))

    /** @throws IconSqlException which the caller takes for "no rows" */
    fun rows(components: Collection<ComponentName>, serial: Int, lowRes: Boolean): IconRows {
        val places = components.joinToString(",") { "?" }
        val sql = "SELECT ${if (lowRes) LOW else HIGH} FROM $TABLE WHERE componentName IN ($places) AND profileId = ?"
        return opened().query(sql, components.map(ComponentName::flattenToString) + serial)
    }

    /** @throws IconSqlException which the caller takes for the end */
    fun scan(serial: Int): IconRows = opened().query(SCAN, listOf(serial))

    /**
     * Empties the table.
     *
     * @throws IconSqlException on any error
     */
    fun clear() {
        val connection = opened()
        connection.execute("DROP TABLE IF EXISTS $TABLE")
        connection.execute(CREATE)
    }

    fun close() {
        connection?.close()
        connection = null
    }

    companion object {
        private const val RELEASE = 2
        private const val RELEASE_FORCED_MONO = 3
        private const val VERSION_SHIFT = 16
        private const val TABLE = "icons"

        const val COMPONENT = 0
        const val COLOR = 1
        const val FLAGS = 2
        const val LABEL = 3
        const val ICON = 4
        const val MONO = 5

        const val SCAN_ROW = 0
        const val SCAN_COMPONENT = 1
        const val SCAN_FRESHNESS = 2

        private const val LOW = "componentName, icon_color, flags, label"
        private const val HIGH = "$LOW, icon, mono_icon"
        private const val WHERE_ROW = "FROM $TABLE WHERE componentName = ? AND profileId = ?"
        private const val SELECT_LOW = "SELECT $LOW $WHERE_ROW"
        private const val SELECT_HIGH = "SELECT $HIGH $WHERE_ROW"
        private const val SCAN = "SELECT rowid, componentName, freshnessId FROM $TABLE WHERE profileId = ?"
        private const val INSERT = "INSERT OR REPLACE INTO $TABLE (componentName, profileId, freshnessId, icon, " +
            "mono_icon, icon_color, flags, label) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        private const val CREATE = "CREATE TABLE IF NOT EXISTS $TABLE (componentName TEXT NOT NULL, " +
            "profileId INTEGER NOT NULL, freshnessId TEXT, icon BLOB, mono_icon BLOB, " +
            "icon_color INTEGER NOT NULL DEFAULT 0, flags INTEGER NOT NULL DEFAULT 0, label TEXT, " +
            "PRIMARY KEY (componentName, profileId))"
    }
}
