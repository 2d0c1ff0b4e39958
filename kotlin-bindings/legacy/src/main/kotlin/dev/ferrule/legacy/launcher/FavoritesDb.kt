package dev.ferrule.legacy.launcher

/**
 * Where the rows come from and where the loader's writes go: the database that legacy has open. Tests and benches
 * answer it through JDBC, a phone through Android's SQLite.
 *
 * All calls come from the one thread that loads. An implementation throws what its SQLite throws; the loader does not
 * catch that.
 */
public interface FavoritesDb {
    /** All rows of `favorites`, without an order: SQLite then gives ascending `_id` (launcher-model B.2 step 4). */
    public fun query(): FavoritesCursor

    /** Writes columns of one row. Values are String, Int or null; `modified` is the implementation's business. */
    public fun update(id: Int, values: Map<String, Any?>)

    /** Deletes rows. */
    public fun delete(ids: List<Int>)

    /** Sets `restored` to 0 in rows. */
    public fun clearRestored(ids: List<Int>)

    /** B.5 step 1: deletes folders whose id is no row's container; answers their ids. */
    public fun deleteEmptyFolders(): List<Int>

    /** B.5 step 2: deletes app pairs whose id is not the container of exactly two rows; answers their ids. */
    public fun deleteBadAppPairs(): List<Int>

    /** B.5 step 3: deletes rows whose container is not negative and no row's id; answers their ids. */
    public fun deleteUnparentedApps(): List<Int>

    /** Widget ids that rows of type 4 hold (B.5 step 4). */
    public fun appWidgetIds(): Set<Int>
}

/** A forward cursor over the rows, with the number rules of Android's cursor. */
public interface FavoritesCursor : AutoCloseable {
    /** Goes to the next row; false after the last. */
    public fun moveToNext(): Boolean

    /** A number cut to 32 bits; NULL and text that is no number are 0. */
    public fun getInt(column: Column): Int

    /** A text; null for NULL. */
    public fun getString(column: Column): String?

    /** Whether the column holds a blob that is not empty. */
    public fun hasBlob(column: Column): Boolean

    override fun close()
}

/** The selections of the sanitise steps (launcher-model B.5), one place for every SQLite. */
public object FavoritesSql {
    /** B.5 step 1. A NULL container makes `NOT IN` match nothing. */
    public const val EMPTY_FOLDERS: String = "itemType = 2 AND _id NOT IN (SELECT container FROM favorites)"

    /** B.5 step 2. Exactly two rows with a NULL container make `NOT IN` match nothing (peer C11). */
    public const val BAD_APP_PAIRS: String =
        "itemType = 10 AND _id NOT IN (SELECT container FROM favorites GROUP BY container HAVING COUNT(*) = 2)"

    /** B.5 step 3. */
    public const val UNPARENTED: String = "container >= 0 AND container NOT IN (SELECT _id FROM favorites)"

    /** B.5 step 4: type 4 only (peer C12). */
    public const val WIDGET_IDS: String = "SELECT appWidgetId FROM favorites WHERE itemType = 4"
}
