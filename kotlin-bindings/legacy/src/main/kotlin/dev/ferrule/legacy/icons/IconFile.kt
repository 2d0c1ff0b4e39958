package dev.ferrule.legacy.icons

/** The database file. Android's SQLite on a phone, JDBC elsewhere. */
public interface IconFile {
    /**
     * Opens or creates it.
     *
     * @throws IconSqlException if that fails
     */
    public fun open(): IconConnection

    /** Removes it with its journals. */
    public fun delete()
}

/** An open database. Every call may throw [IconSqlException]. Every statement is a transaction of its own. */
public interface IconConnection : AutoCloseable {
    /** `user_version`. */
    public var version: Int

    /** Runs a statement. */
    public fun execute(sql: String)

    /** Runs a statement with values: null, String, Int, Long or ByteArray. */
    public fun update(sql: String, values: List<Any?>)

    /** Runs a query; the caller closes the rows. */
    public fun query(sql: String, values: List<Any?>): IconRows
}

/** Rows of a query. Columns count from 0. */
public interface IconRows : AutoCloseable {
    /** Steps to the next row. */
    public fun next(): Boolean

    /** Text, or null. */
    public fun string(column: Int): String?

    /** A number, 0 for null. */
    public fun long(column: Int): Long

    /** Bytes, or null. */
    public fun bytes(column: Int): ByteArray?
}

/**
 * An error of the database.
 *
 * @property kind what sort of
 */
public class IconSqlException(public val kind: Kind, cause: Throwable) : RuntimeException(cause.message, cause) {
    /** What the cache tells apart. */
    public enum class Kind {
        /** No space left. */
        FULL,

        /** The file may not be written. */
        READ_ONLY,

        /** The file is no database. */
        CORRUPT,

        /** Everything else. */
        OTHER,
    }
}
