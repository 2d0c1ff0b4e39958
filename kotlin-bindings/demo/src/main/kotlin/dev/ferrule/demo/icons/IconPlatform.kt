package dev.ferrule.demo.icons

import dev.ferrule.icons.IconKey
import dev.ferrule.icons.IconTokens
import java.nio.ByteBuffer
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger
import java.util.zip.CRC32

/** What somebody sees in the place of an icon. */
internal enum class Sight {
    /** The icon as the app has it now. */
    RIGHT,

    /** The icon as the app had it before. */
    OLD,

    /** Nothing. */
    BLANK,

    /** Something that was never this app's icon. */
    WRONG,
}

/** The platform that both sides ask: which apps there are, in which version, under which theme. It draws, and counts it. */
internal class IconPlatform(val side: Int) {
    private val apps = SampleApp.all.associateBy { it.key }
    private val versions = ConcurrentHashMap<Int, Int>()
    private val drawn = ConcurrentHashMap<Int, MutableSet<Long>>()
    private val count = AtomicInteger()

    /** The theme. */
    @Volatile
    var shape: IconShape = IconShape.ROUNDED

    /** How many icons were drawn so far. */
    val draws: Int get() = count.get()

    fun app(key: IconKey): SampleApp? = apps[key]

    fun version(app: SampleApp): Int = versions[app.number] ?: 1

    /** An app is updated, and has another icon. */
    fun update(app: SampleApp) {
        versions[app.number] = version(app) + 1
    }

    /** What label and pixels of an app depend on now. */
    fun tokens(app: SampleApp): IconTokens = IconTokens("en ${version(app)}", "${shape.name} ${version(app)}")

    /** Draws an icon as it is now. */
    fun draw(app: SampleApp): ByteArray {
        count.incrementAndGet()
        return paint(app).also { drawn.getOrPut(app.number) { ConcurrentHashMap.newKeySet() } += sum(ByteBuffer.wrap(it)) }
    }

    /** What somebody sees who is shown [pixels] in the place of an app's icon; null is nothing at all. */
    fun judge(app: SampleApp, pixels: ByteBuffer?): Sight {
        val shown = pixels?.let(::sum) ?: return Sight.BLANK
        return when {
            shown == sum(ByteBuffer.wrap(paint(app))) -> Sight.RIGHT
            shown in drawn[app.number].orEmpty() -> Sight.OLD
            else -> Sight.WRONG
        }
    }

    private fun paint(app: SampleApp) = IconPainter.draw(app, version(app), shape, side)

    private fun sum(pixels: ByteBuffer): Long = CRC32().apply { update(pixels.duplicate()) }.value
}
