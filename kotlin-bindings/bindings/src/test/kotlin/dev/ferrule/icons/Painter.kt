package dev.ferrule.icons

import java.nio.ByteBuffer
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger

/** A platform whose icons are recognised by a number: draws what was set, and counts. */
internal class Painter(private val size: Int = SIZE) : IconProvider {
    private val numbers = ConcurrentHashMap<IconKey, Int>()
    private val counts = ConcurrentHashMap<IconKey, AtomicInteger>()

    /** Runs in every call, before anything is drawn: to throw, to wait, to call the cache. */
    @Volatile
    var before: (IconKey) -> Unit = {}

    @Volatile
    var token = "1"

    fun set(key: IconKey, number: Int) = apply { numbers[key] = number }

    /** How often a key was drawn. */
    fun calls(key: IconKey): Int = counts[key]?.get() ?: 0

    fun calls(): Int = counts.values.sumOf { it.get() }

    override fun load(key: IconKey, want: IconWant): RenderedIcon {
        counts.computeIfAbsent(key) { AtomicInteger() }.incrementAndGet()
        before(key)
        val number = numbers[key] ?: return RenderedIcon.Builder().build()
        return RenderedIcon.Builder()
            .label("App $number")
            .tokens(IconTokens(token, token))
            .colour(number)
            .plain(if (want.plain) IconPixels.picture(size, size, rgba(number, size)) else IconPixels.UNKNOWN)
            .themed(if (want.themed) IconPixels.picture(size, size, alpha(number, size)) else IconPixels.UNKNOWN)
            .dark(IconPixels.ABSENT)
            .build()
    }

    companion object {
        const val SIZE = 8
        val slotBytes = IconLevel.THEMED.slotBytes(SIZE)

        fun key(number: Int) = IconKey("com.app$number", ".Main")

        fun rgba(number: Int, size: Int = SIZE): ByteBuffer = ByteBuffer.allocate(size * size * 4).apply {
            while (hasRemaining()) put(number.toByte()).put(0).put((255 - number).toByte()).put(-1)
            flip()
        }

        fun alpha(number: Int, size: Int = SIZE): ByteBuffer =
            ByteBuffer.wrap(ByteArray(size * size) { number.toByte() })

        /** The number of the icon in a slot; fails where it is a mixture. */
        fun shown(pixels: ByteBuffer): Int {
            val first = pixels.get(0).toInt() and 0xff
            val expected = rgba(first)
            for (at in 0 until expected.remaining()) check(pixels.get(at) == expected.get(at)) { "byte $at of $first" }
            return first
        }
    }
}
