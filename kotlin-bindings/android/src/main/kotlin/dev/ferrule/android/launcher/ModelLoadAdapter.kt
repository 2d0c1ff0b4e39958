package dev.ferrule.android.launcher

import dev.ferrule.android.platform.HomeTargets
import dev.ferrule.android.platform.PlatformGatherer
import dev.ferrule.bindings.NativeLibrary
import dev.ferrule.guard.Answerer
import dev.ferrule.guard.Comparison
import dev.ferrule.guard.Feature
import dev.ferrule.guard.Rollout
import dev.ferrule.launcher.LoadedModel
import dev.ferrule.launcher.ModelFlags
import dev.ferrule.launcher.ModelOpener

/** Loads the home screen as the launcher does today, in whatever form [H] it binds. */
public fun interface LegacyModelLoad<H> {
    /** A loaded home screen. */
    public fun load(): H
}

/** Turns Ferrule's home screen into the form that the launcher binds. */
public fun interface HomeConverter<H> {
    /** What the launcher binds; null is a failure, and legacy answers. */
    public fun convert(loaded: LoadedModel): H
}

/** What [ModelLoadAdapter] needs to know besides the two parties. */
public class ModelLoadSetup @JvmOverloads constructor(
    /** Opens the store, at the first call that the candidate takes part in; it imports where the store is empty. */
    public val opener: ModelOpener,
    /** Asks the platform. */
    public val gatherer: PlatformGatherer,
    /** Switches of the build. */
    public val flags: ModelFlags = ModelFlags.AOSP,
    /** Epoch milliseconds, the wall clock. */
    public val clock: () -> Long = System::currentTimeMillis,
    /**
     * Whether legacy's load only reads. AOSP's does not: it deletes rows that it takes for invalid and writes others anew, so
     * it is asked where it answers, and not for a comparison alone.
     */
    public val legacyOnlyReads: Boolean = false,
)

/**
 * A drop-in for `LoaderTask`'s loading of the workspace, behind the guard: where the launcher loaded, it calls [load] and
 * binds what that answers. Call it on the launcher's model thread, as legacy's load is.
 *
 * Where Ferrule answers, a legacy that [only reads][ModelLoadSetup.legacyOnlyReads] is sometimes asked too, for [comparison]
 * alone, and a real difference takes the feature back to SHADOW.
 */
public class ModelLoadAdapter<H>(
    private val rollout: Rollout,
    setup: ModelLoadSetup,
    legacy: LegacyModelLoad<H>,
    convert: HomeConverter<H>,
    comparison: Comparison<Unit, H> = Comparison.equality(),
) {
    private val legacy: Answerer<Unit, H> = Answerer { legacy.load() }

    /** The feature, to set its stage. */
    public val feature: Feature<Unit, H> = rollout.feature<Unit, H>(FEATURE) {
        NativeLibrary.require()
        val model = setup.opener.open()
        Answerer { convert.convert(HomeTargets.load(model, setup.gatherer, setup.clock(), setup.flags)) }
    }.comparison(comparison).apply { if (setup.legacyOnlyReads) repeatable() }.register()

    /** The home screen, by legacy or by Ferrule; throws what legacy throws. */
    public fun load(): H = rollout.call(feature, Unit, legacy)

    public companion object {
        /** The feature's name. */
        public const val FEATURE: String = "launcher.model"
    }
}
