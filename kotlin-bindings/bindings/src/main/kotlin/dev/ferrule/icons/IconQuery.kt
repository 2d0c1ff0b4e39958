package dev.ferrule.icons

import dev.ferrule.bindings.InvalidInputException
import java.nio.ByteBuffer
import java.nio.ByteOrder

/**
 * A look-up: whose icon, what of it, and under which conditions. Immutable; keep it with the item that it is for, as it is
 * packed once.
 */
public class IconQuery @JvmOverloads constructor(
    /** Whose icon; null for an item without a component, whose answer is [IconKind.DEFAULT]. */
    public val key: IconKey?,
    /** What of it. */
    public val level: IconLevel = IconLevel.ICON,
    /** The tokens that hold now, where the caller has them: what differs is stale. Null: only events tell. */
    public val expected: IconTokens? = null,
    /** Whether the package's icon is shown where there is none of its own. */
    public val usePackage: Boolean = false,
    /**
     * Whether what is not in memory yet is put there. Without, stored pixels are unpacked straight into the target and into
     * nothing else: for callers that keep them themselves.
     */
    public val remember: Boolean = true,
) {
    private var bytes: ByteArray? = null

    /** Its packed form, a list of one. Two threads may pack it at once, to the same bytes. */
    internal fun packed(): ByteArray = bytes ?: pack().also { bytes = it }

    private fun pack(): ByteArray {
        val packageName = utf8(key?.packageName)
        val className = utf8(key?.className)
        if (packageName.size > SHORT_MAX || className.size > SHORT_MAX) {
            throw InvalidInputException("FFI_ARGUMENT_INVALID", "a component's name is too long", "${packageName.size + className.size}")
        }
        val tokens = expected?.let { listOf(utf8(it.label), utf8(it.pixels)) }.orEmpty()
        val size = HEADER_BYTES + QUERY_BYTES + packageName.size + className.size + tokens.sumOf { 4 + it.size }
        val out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN)
        putHeader(out, MAGIC, size, 1)
        out.put(level.ordinal.toByte())
        out.put(flags())
        out.putShort(packageName.size.toShort())
        out.putShort(className.size.toShort())
        out.putShort(0)
        out.putLong(key?.profile ?: 0)
        for (token in tokens) out.putInt(token.size)
        out.put(packageName).put(className)
        for (token in tokens) out.put(token)
        return out.array()
    }

    private fun flags(): Byte {
        var flags = 0
        if (usePackage) flags = flags or 1
        if (!remember) flags = flags or 2
        if (expected != null) flags = flags or 4
        if (key == null) flags = flags or 8
        return flags.toByte()
    }

    override fun toString(): String = "$key ${level.name.lowercase()}"

    internal companion object {
        const val MAGIC = "FICQ"
        const val HEADER_BYTES = 16
        private const val QUERY_BYTES = 16
        private const val SHORT_MAX = 0xffff

        /** What has no UTF-8, half a surrogate pair, becomes a question mark. */
        fun utf8(text: String?): ByteArray = text.orEmpty().toByteArray(Charsets.UTF_8)

        /** Magic, format, length of the header, length of everything, number of records. */
        fun putHeader(out: ByteBuffer, magic: String, total: Int, count: Int) {
            for (char in magic) out.put(char.code.toByte())
            out.putShort(1)
            out.putShort(HEADER_BYTES.toShort())
            out.putInt(total)
            out.putInt(count)
        }

        /** Several look-ups as one list. */
        fun packed(queries: List<IconQuery>): ByteArray {
            val size = queries.fold(HEADER_BYTES.toLong()) { size, query -> size + query.packed().size - HEADER_BYTES }
            if (size > BYTES_MAX) throw InvalidInputException("FFI_ARGUMENT_INVALID", "too many look-ups at once", "${queries.size}")
            val out = ByteBuffer.allocate(size.toInt()).order(ByteOrder.LITTLE_ENDIAN)
            putHeader(out, MAGIC, size.toInt(), queries.size)
            for (query in queries) query.packed().let { out.put(it, HEADER_BYTES, it.size - HEADER_BYTES) }
            return out.array()
        }

        /** What the library takes at most. */
        private const val BYTES_MAX = 1L shl 24
    }
}
