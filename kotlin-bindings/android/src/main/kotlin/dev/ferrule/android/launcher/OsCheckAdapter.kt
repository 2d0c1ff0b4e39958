package dev.ferrule.android.launcher

import android.content.Context
import dev.ferrule.android.os.DeviceProperties
import dev.ferrule.android.os.DeviceReader
import dev.ferrule.guard.Answerer
import dev.ferrule.guard.Comparison
import dev.ferrule.guard.Feature
import dev.ferrule.guard.Rollout
import dev.ferrule.os4.OsCandidate
import dev.ferrule.os4.OsQuestion

/** The check that a launcher has today. It may be asked at any time: it changes nothing, and says the same again. */
public fun interface LegacyOsCheck {
    /** Whether this is HyperOS 4 or later. */
    public fun isAtLeastOs4(): Boolean
}

/**
 * A drop-in for a launcher's own OS check, behind the guard: where the launcher asked its check, it asks [isAtLeastOs4].
 *
 * The device is read once, at the first call that the candidate takes part in; nothing is loaded before that. Where Ferrule
 * answers, a sample of the calls is put to legacy too, for [comparison] alone. A real difference takes the feature back to
 * SHADOW, so a launcher whose check is known to be wrong on some devices passes a comparison that explains those.
 */
public class OsCheckAdapter @JvmOverloads constructor(
    context: Context,
    private val rollout: Rollout,
    legacy: LegacyOsCheck,
    comparison: Comparison<Unit, Boolean> = Comparison.equality(),
) {
    /** Keeps no activity alive. */
    private val context = context.applicationContext ?: context
    private val question by lazy { OsQuestion(DeviceProperties, DeviceReader.read(this.context)) }
    private val legacy: Answerer<Unit, Boolean> = Answerer { legacy.isAtLeastOs4() }

    /** The feature, to set its stage. */
    public val feature: Feature<Unit, Boolean> = rollout.feature<Unit, Boolean>(FEATURE) {
        val check = OsCandidate.atLeastOS4()
        Answerer { check.answer(question) }
    }.comparison(comparison).repeatable().register()

    /** As the check that it stands for; throws what that one throws. */
    public fun isAtLeastOs4(): Boolean = rollout.call(feature, Unit, legacy)

    public companion object {
        /** The feature's name. */
        public const val FEATURE: String = "os.at_least_os4"
    }
}
