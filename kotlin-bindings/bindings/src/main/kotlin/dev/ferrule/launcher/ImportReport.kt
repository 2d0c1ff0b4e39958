package dev.ferrule.launcher

import java.nio.ByteBuffer

/** Something to say about one row of an import, or about the whole source. */
public class ImportNote internal constructor(
    /** The row's number in the source, null for the whole source. */
    public val row: Long?,
    /** The stable code, see `docs/codes.md`. */
    public val code: String,
    /** More: a column, a number. */
    public val detail: String,
) {
    override fun toString(): String = "$code${row?.let { " row $it" }.orEmpty()} $detail"
}

/** What an import did. */
public class ImportReport internal constructor(
    /** Whose home screen it was: `aosp`, `lawnchair`, `miui`, `launcher2`. */
    public val product: String,
    /** The version that the source claims. */
    public val userVersion: Int,
    /** Whether the source was damaged; what could be read is in the store. */
    public val isSalvaged: Boolean,
    /** Items of the source, all of them in the store now. */
    public val items: Int,
    /** Pages. */
    public val pages: Int,
    /** Items in quarantine. */
    public val quarantined: Int,
    /** Items whose type nobody here knows. */
    public val opaque: Int,
    /** Items without a place of their own; a load seats them. */
    public val overflow: Int,
    /** Whether the store holds what it held before. */
    public val isUnchanged: Boolean,
    /** What is worth saying. */
    public val notes: List<ImportNote>,
) {
    override fun toString(): String = "$items items on $pages pages of $product $userVersion"

    internal companion object {
        private val STRIDES = intArrayOf(9, 5)

        /** @throws dev.ferrule.bindings.InvalidInputException if the bytes are no report of ours */
        fun decode(bytes: ByteBuffer, size: Int): ImportReport {
            val packed = PackedSections(bytes, size, "FLMI", STRIDES)
            val head = packed.only(0)
            val notes = (0 until packed.count(1)).map { index ->
                val at = packed.record(1, index)
                val row = if (packed.int(at) == 0) null else packed.long(at + 1)
                ImportNote(row, packed.text(at + 3).orEmpty(), packed.text(at + 4).orEmpty())
            }
            return ImportReport(
                product = packed.text(head).orEmpty(),
                userVersion = packed.int(head + 1),
                isSalvaged = packed.text(head + 2) == "salvaged",
                items = packed.int(head + 3),
                pages = packed.int(head + 4),
                quarantined = packed.int(head + 5),
                opaque = packed.int(head + 6),
                overflow = packed.int(head + 7),
                isUnchanged = packed.int(head + 8) != 0,
                notes = notes,
            )
        }
    }
}
