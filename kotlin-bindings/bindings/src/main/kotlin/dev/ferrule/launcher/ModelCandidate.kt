package dev.ferrule.launcher

import dev.ferrule.bindings.FerruleException
import dev.ferrule.bindings.NativeLibrary
import dev.ferrule.guard.Answerer

/** What [ModelCandidate] is asked: what the platform says, and the time. */
public class ModelQuestion @JvmOverloads constructor(
    /** What the platform says. */
    public val platform: PlatformSnapshot,
    /** Epoch milliseconds. */
    public val nowMillis: Long,
    /** Switches of the build. */
    public val flags: ModelFlags = ModelFlags.AOSP,
)

/** Opens a model when the guard first lets the candidate answer. */
public fun interface ModelOpener {
    /** An open model. What it throws makes the feature unavailable, and legacy answers. */
    @Throws(Exception::class)
    public fun open(): LauncherModel
}

/**
 * Ferrule's home screen as a candidate for the guard; it throws what [FerruleException] names, and legacy answers then.
 *
 * ```kotlin
 * val feature = rollout.feature<ModelQuestion, Home>("model.load") { ModelCandidate.loader(opener) { toHome(it) } }.register()
 * val home = rollout.call(feature, ModelQuestion(platform, now)) { legacyHome() }
 * ```
 */
public object ModelCandidate {
    /**
     * Loads, and hands the model to [convert], so that both sides answer in one form. Opens the library and the store, so
     * that a store that is too new makes the feature unavailable.
     */
    @JvmStatic
    public fun <O> loader(opener: ModelOpener, convert: (LoadedModel) -> O): Answerer<ModelQuestion, O> {
        NativeLibrary.require()
        val model = opener.open()
        return Answerer { question -> convert(model.load(question.platform, question.nowMillis, flags = question.flags)) }
    }
}
