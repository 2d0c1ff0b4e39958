package dev.ferrule.android.launcher

import android.graphics.Bitmap
import dev.ferrule.android.icons.IconBitmaps
import dev.ferrule.guard.Answerer
import dev.ferrule.guard.Comparison
import dev.ferrule.guard.Feature
import dev.ferrule.guard.Rollout
import dev.ferrule.icons.IconCandidate
import dev.ferrule.icons.IconOpener
import dev.ferrule.icons.IconQuery

/** What an item shows: Launcher3's `title` and `BitmapInfo`. Two are equal if a user sees no difference. */
public class TitleAndIcon(
    /** The label. */
    public val title: String,
    /** The icon without badges, null where there is none. */
    public val bitmap: Bitmap?,
    /** The dominant colour, ARGB. */
    public val colour: Int,
) {
    override fun equals(other: Any?): Boolean {
        if (other !is TitleAndIcon || title != other.title || colour != other.colour) return false
        return if (bitmap == null || other.bitmap == null) bitmap == other.bitmap else bitmap.sameAs(other.bitmap)
    }

    override fun hashCode(): Int = title.hashCode() * 31 + colour

    override fun toString(): String = "'$title' ${bitmap?.width}x${bitmap?.height}"
}

/**
 * The launcher's own `IconCache.getTitleAndIcon`. Asked for the same once more it shows the same; that it remembers what it has
 * looked up changes nothing that anybody sees.
 */
public fun interface LegacyIconCache {
    /** Title and icon of what [query] asks for. */
    public fun getTitleAndIcon(query: IconQuery): TitleAndIcon
}

/**
 * A drop-in for `IconCache.getTitleAndIcon`, behind the guard: where the launcher asked its cache, it asks this and applies
 * what comes to the item, whoever answered. Thread-safe as legacy's is; off the main thread.
 *
 * Where Ferrule answers, a sample of the calls is put to legacy too, for [comparison] alone, and a real difference takes the
 * feature back to SHADOW. Legacy is always asked on the caller's thread, as AOSP's cache refuses every other.
 */
public class IconCacheAdapter @JvmOverloads constructor(
    private val rollout: Rollout,
    opener: IconOpener,
    legacy: LegacyIconCache,
    comparison: Comparison<IconQuery, TitleAndIcon> = Comparison.equality(),
) {
    private val legacy: Answerer<IconQuery, TitleAndIcon> = Answerer { legacy.getTitleAndIcon(it) }

    /** The feature, to set its stage. */
    public val feature: Feature<IconQuery, TitleAndIcon> = rollout.feature<IconQuery, TitleAndIcon>(IconCandidate.FEATURE) {
        IconCandidate.looker(opener) { answer, pixels ->
            TitleAndIcon(answer.label, IconBitmaps.of(answer, pixels), answer.colour)
        }
    }.comparison(comparison).repeatable().register()

    /** Title and icon; throws what legacy throws. */
    public fun getTitleAndIcon(query: IconQuery): TitleAndIcon = rollout.call(feature, query, legacy)
}
