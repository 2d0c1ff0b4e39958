package dev.ferrule.icons

import dev.ferrule.bindings.FerruleException
import dev.ferrule.bindings.NativeLibrary
import dev.ferrule.guard.Answerer
import java.nio.ByteBuffer

/** Opens a cache when the guard first lets the candidate answer. */
public fun interface IconOpener {
    /** An open cache. What it throws makes the feature unavailable, and legacy answers. */
    @Throws(Exception::class)
    public fun open(): IconCache
}

/** Turns an answer into the form that legacy answers in; the pixels are valid during the call only. */
public fun interface IconConverter<O> {
    /** What a launcher shows; null is a failure, and legacy answers. */
    @Throws(Exception::class)
    public fun convert(answer: IconAnswer, pixels: ByteBuffer): O
}

/**
 * Ferrule's icon cache as a candidate for the guard; it throws what [FerruleException] names, and legacy answers then.
 *
 * ```kotlin
 * val icons = rollout.feature<IconQuery, Icon>(IconCandidate.FEATURE) { IconCandidate.looker(opener, ::toIcon) }.register()
 * val icon = rollout.call(icons, query) { legacyIcon(it) }
 * ```
 */
public object IconCandidate {
    /** The feature's name. */
    public const val FEATURE: String = "icon_cache"

    /** Looks up, and hands answer and pixels to [convert]. Loads the library and opens the cache. */
    @JvmStatic
    public fun <O> looker(opener: IconOpener, convert: IconConverter<O>): Answerer<IconQuery, O> {
        NativeLibrary.require()
        val cache = opener.open()
        val buffers = IconBuffers(IconLevel.THEMED.slotBytes(cache.sizePx))
        return Answerer { query ->
            buffers.take().use { buffer -> convert.convert(cache.getInto(query, buffer), buffer.pixels()) }
        }
    }
}
