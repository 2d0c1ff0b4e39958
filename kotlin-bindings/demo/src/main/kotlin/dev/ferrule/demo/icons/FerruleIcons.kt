package dev.ferrule.demo.icons

import dev.ferrule.icons.IconBuffer
import dev.ferrule.icons.IconBuffers
import dev.ferrule.icons.IconCache
import dev.ferrule.icons.IconKey
import dev.ferrule.icons.IconLevel
import dev.ferrule.icons.IconOptions
import dev.ferrule.icons.IconPixels
import dev.ferrule.icons.IconProvider
import dev.ferrule.icons.IconQuery
import dev.ferrule.icons.IconWant
import dev.ferrule.icons.RenderedIcon
import java.nio.ByteBuffer
import java.nio.file.Path

/** Ferrule's icon cache: look-ups by the fast path, events and figures by the control path. */
internal class FerruleIcons(private val platform: IconPlatform, private val budgetBytes: Long) : IconSide, IconProvider {
    private val slotBytes = IconLevel.ICON.slotBytes(platform.side)
    private val buffers = IconBuffers(slotBytes)
    private val queries = SampleApp.all.associateWith { IconQuery(it.key) }
    private var cache: IconCache? = null

    override val title: String get() = "Ferrule"

    override fun start(file: Path) {
        close()
        // No threads of its own: the demo lends one, so that every run does the same.
        val options = IconOptions(platform.side, budgetBytes, workers = 0)
        cache = IconCache.open(file.toFile(), options, this).also { it.control.setSystem("en", platform.shape.name) }
    }

    private fun open(): IconCache = checkNotNull(cache) { "it was not started" }

    override fun show(apps: List<SampleApp>): Screen {
        val arena = buffers.take(apps.size)
        val answers = open().getAllInto(apps.map(queries::getValue), arena)
        return object : Screen {
            override fun pixels(at: Int): ByteBuffer? = if (answers[at].hasPixels) arena.pixels(at) else null

            override fun close() {
                arena.close()
            }
        }
    }

    override fun glance(app: SampleApp): Boolean = buffers.take().use { buffer: IconBuffer ->
        val query = queries.getValue(app)
        if (open().peekInto(query, buffer) != null) return true
        open().getInto(query, buffer)
        false
    }

    override fun updated(apps: List<SampleApp>) {
        for (app in apps) open().control.packageChanged(app.key.packageName, app.key.profile)
    }

    override fun themed() {
        open().control.setSystem("en", platform.shape.name)
    }

    override fun settle() {
        while (open().work()) {
            // Until nothing waits.
        }
        open().control.flush()
    }

    override val memoryBytes: Long get() = open().control.health().figure("memory_bytes")

    override val report: String
        get() = open().control.health().let {
            if (it.isGood) "Icons are kept in a file." else "Icons are in memory only, and the health report says why: ${it.lastError}."
        }

    override fun load(key: IconKey, want: IconWant): RenderedIcon {
        val app = platform.app(key) ?: return RenderedIcon.Builder().build()
        val icon = RenderedIcon.Builder().label(app.title).tokens(platform.tokens(app))
        icon.themed(IconPixels.ABSENT).dark(IconPixels.ABSENT)
        if (want.plain) {
            icon.colour(IconPainter.colour(app, platform.version(app)))
            icon.plain(IconPixels.picture(platform.side, platform.side, ByteBuffer.wrap(platform.draw(app))))
        }
        return icon.build()
    }

    override fun close() {
        cache?.close()
        cache = null
    }

    companion object {
        /** With memory for [IconStory.ROOM] icons and their titles. */
        fun ofTheDemo(platform: IconPlatform): FerruleIcons {
            val icon = IconLevel.ICON.slotBytes(platform.side) + PICTURE_OVERHEAD
            return FerruleIcons(platform, IconStory.ROOM * icon * 64L / 63 + TITLES)
        }

        private const val PICTURE_OVERHEAD = 128
        private const val TITLES = 64L shl 10
    }
}
