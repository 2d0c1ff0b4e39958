package dev.ferrule.android.icons

import android.content.Context
import android.os.UserManager
import dev.ferrule.android.os.attempt
import dev.ferrule.android.platform.FrameworkCalls
import dev.ferrule.android.platform.PlatformCalls
import dev.ferrule.android.platform.User
import dev.ferrule.icons.IconAnswer
import java.util.concurrent.ConcurrentHashMap

/** What a badge stands for, in the order in which one wins. It is drawn over an icon and no part of its pixels (icon-cache B.5). */
public enum class IconBadge(private val bit: Int) {
    /** An app that is not installed. */
    INSTANT(2),

    /** The work profile. */
    WORK(1),

    /** A second copy of an app. */
    CLONE(4),

    /** The private space. */
    PRIVATE(8),
    ;

    public companion object {
        /** The badge of what a look-up answered, by the profile as it is now; null for none. */
        @JvmStatic
        public fun of(answer: IconAnswer): IconBadge? = entries.find { answer.flags and it.bit != 0 }
    }
}

/**
 * Labels as they are read out: that of an item of the work profile says so. Thread-safe.
 *
 * The system is asked once a profile; [forget] when its languages change.
 */
public class ProfileLabels internal constructor(private val calls: PlatformCalls, private val handle: (Long) -> User?) {
    /** Asks the managers of [context]. */
    public constructor(context: Context) :
        this(FrameworkCalls(context), { context.getSystemService(UserManager::class.java)?.getUserForSerialNumber(it) })

    private val frames = ConcurrentHashMap<Long, String>()

    /** [label] for an item of the profile with this serial; as it is where nobody can say. */
    public fun describe(label: CharSequence, profile: Long): CharSequence {
        if (label.isEmpty()) return label
        val frame = frames[profile] ?: attempt { handle(profile)?.let { calls.badgedLabel(PLACE, it).toString() } }?.also { frames[profile] = it }
        return if (frame == null || frame == PLACE) label else frame.replace(PLACE, label.toString())
    }

    /** Labels are in another language now. */
    public fun forget(): Unit = frames.clear()

    private companion object {
        /** Stands where a label goes, and is in no language's text. */
        private const val PLACE = "\u0000"
    }
}
