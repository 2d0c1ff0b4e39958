package dev.ferrule.bench

import dev.ferrule.icons.IconAnswer
import dev.ferrule.icons.IconBuffer
import dev.ferrule.icons.IconBuffers
import dev.ferrule.icons.IconCache
import dev.ferrule.icons.IconKey
import dev.ferrule.icons.IconLevel
import dev.ferrule.icons.IconOptions
import dev.ferrule.icons.IconPixels
import dev.ferrule.icons.IconQuery
import dev.ferrule.icons.IconTier
import dev.ferrule.icons.IconTokens
import dev.ferrule.icons.RenderedIcon
import dev.ferrule.legacy.icons.Picture
import java.io.File
import java.nio.ByteBuffer

/** Names of the icons of both sides, and the sum of their pixels. */
internal object IconSum {
    const val COLOUR = 0xFF336699.toInt()

    fun packageOf(number: Int) = "com.vendor.app$number"

    fun classOf(number: Int) = "${packageOf(number)}.MainActivity"

    fun labelOf(number: Int) = "Application $number"

    /** FNV-1a over the bytes, from an earlier sum on. */
    fun add(sum: Long, bytes: ByteArray): Long = bytes.fold(sum) { hash, byte -> (hash xor byte.toLong()) * 0x100000001b3L }
}

/**
 * Ferrule's icon cache over the same icons.
 *
 * @param pictures the icons by number
 */
internal class FerruleIcons(private val file: File, private val pictures: List<Picture>) : AutoCloseable {
    private val buffers = IconBuffers(IconLevel.ICON.slotBytes(IconPictures.SIDE))
    private var cache = open()
    private val tokens = IconTokens("en-US", "35 1")
    private val keys = pictures.indices.map { IconKey(IconSum.packageOf(it), IconSum.classOf(it)) }
    private val stored = keys.map { IconQuery(it, IconLevel.ICON, tokens, remember = false) }
    private val remembered = keys.map { IconQuery(it, IconLevel.ICON, tokens) }
    private val colours = keys.map { IconQuery(it, IconLevel.COLOUR, tokens) }
    private val arena: IconBuffer = buffers.take(pictures.size)
    private val one: IconBuffer = buffers.take()

    /** For look-ups without pixels: a whole slot would be cleared each time. */
    private val none = ByteBuffer.allocateDirect(4)

    private fun open() = IconCache.open(file, IconOptions(IconPictures.SIDE, memoryBytes = 64L shl 20, workers = 0)) { key, _ ->
        val number = key.packageName.removePrefix("com.vendor.app").toInt()
        RenderedIcon.Builder().label(IconSum.labelOf(number)).tokens(tokens).colour(IconSum.COLOUR)
            .plain(IconPixels.picture(IconPictures.SIDE, IconPictures.SIDE, ByteBuffer.wrap(pictures[number].pixels))).build()
    }

    /** Renders and writes all; they are in the file when this returns. */
    fun writeAll() {
        for (query in stored) cache.getInto(query, one)
        cache.close()
    }

    /** Opens the file again, with nothing in memory. */
    fun reopen() {
        cache.close()
        cache = open()
    }

    /** Reads all from the store into the arena. */
    fun readAll(): List<IconAnswer> = cache.getAllInto(stored, arena)

    /** Puts one icon into memory. */
    fun remember(number: Int) {
        cache.getInto(remembered[number], one)
        check(cache.getInto(remembered[number], one).tier == IconTier.MEMORY) { "not in memory" }
        check(cache.getInto(colours[number], none).tier == IconTier.MEMORY) { "not in memory" }
    }

    /** Label and colour of one icon that is in memory. */
    fun colourFromMemory(number: Int): IconAnswer = cache.getInto(colours[number], none)

    /** The same with its pixels. */
    fun pixelsFromMemory(number: Int): IconAnswer = cache.getInto(remembered[number], one)

    /** Sum over every pixel of every icon, in order; each comes from the store. */
    fun sum(): Long {
        val bytes = ByteArray(IconLevel.ICON.slotBytes(IconPictures.SIDE))
        return readAll().foldIndexed(0L) { slot, sum, answer ->
            check(answer.tier == IconTier.STORE && answer.hasPixels) { "icon $slot is from ${answer.tier}" }
            arena.pixels(slot).get(bytes)
            IconSum.add(sum, bytes)
        }
    }

    override fun close() {
        cache.close()
        arena.close()
        one.close()
    }
}
