package dev.ferrule.launcher

/**
 * Hands over the rows of a database that legacy has open, through legacy's own SQLite.
 *
 * Ferrule never opens or copies such a file: closing a descriptor of it would drop the process's locks on it.
 */
public fun interface RowSource {
    /** Writes all rows of one moment into [batch]; read them in one transaction. What it throws stops the import. */
    @Throws(Exception::class)
    public fun read(batch: RowBatch)
}

/** The rows of `favorites` and, where there is one, of its table of pages: every column, every value as it is stored. */
public class RowBatch internal constructor() {
    internal val writer = SectionsWriter("FLMR", intArrayOf(2, 3, 3, 3, 3))

    /** `favorites`. */
    public val favorites: RowTable = RowTable(writer, columns = 1)

    /** `workspaceScreens` of AOSP 12 to 27, or `screens` of MIUI; empty where there is none. */
    public val screens: RowTable = RowTable(writer, columns = 3)

    init {
        writer.record(0)
    }

    /** `PRAGMA user_version`. */
    public fun userVersion(version: Int) {
        writer.set(0, 0, 0, version)
    }

    /** The batch, complete. */
    internal fun finish(): SectionsWriter {
        favorites.finishRow()
        screens.finishRow()
        writer.set(0, 0, 1, if (screens.columnCount > 0) 1 else 0)
        return writer
    }
}

/** A table of a [RowBatch]: first its columns, then its rows value by value, in the order of the columns. */
public class RowTable internal constructor(private val writer: SectionsWriter, private val columns: Int) {
    internal var columnCount = 0
        private set
    private var valueCount = 0

    /** Adds a column as `PRAGMA table_info` describes it; [default] is the text of its default. */
    @JvmOverloads
    public fun column(name: String, declaredType: String = "", default: String? = null) {
        check(valueCount == 0) { "a column after a value" }
        val at = writer.record(columns)
        writer.set(columns, at, 0, writer.text(name))
        writer.set(columns, at, 1, writer.text(declaredType))
        writer.set(columns, at, 2, writer.text(default))
        columnCount++
    }

    /** Adds NULL. */
    public fun addNull() {
        cell()
    }

    /** Adds an integer. */
    public fun add(value: Long) {
        val at = cell()
        writer.set(columns + 1, at, 0, 1)
        writer.setLong(columns + 1, at, 1, value)
    }

    /** Adds a fraction. */
    public fun add(value: Double) {
        val at = cell()
        writer.set(columns + 1, at, 0, 2)
        writer.setLong(columns + 1, at, 1, value.toRawBits())
    }

    /** Adds a text, or NULL. */
    public fun add(value: String?) {
        val at = cell()
        if (value == null) return
        writer.set(columns + 1, at, 0, 3)
        writer.set(columns + 1, at, 1, writer.text(value))
    }

    /** Adds a blob, or NULL. */
    public fun add(value: ByteArray?) {
        val at = cell()
        if (value == null) return
        writer.set(columns + 1, at, 0, 4)
        writer.set(columns + 1, at, 1, writer.bytes(value))
    }

    private fun cell(): Int {
        check(columnCount > 0) { "a value without a column" }
        valueCount++
        return writer.record(columns + 1)
    }

    internal fun finishRow() {
        check(columnCount == 0 || valueCount % columnCount == 0) { "the last row has too few values" }
    }
}
