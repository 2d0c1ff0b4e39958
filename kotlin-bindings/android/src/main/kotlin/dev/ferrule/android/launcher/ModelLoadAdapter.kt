package dev.ferrule.android.launcher

import dev.ferrule.android.platform.HomeTargets
import dev.ferrule.android.platform.PlatformGatherer
import dev.ferrule.bindings.NativeLibrary
import dev.ferrule.guard.Answerer
import dev.ferrule.guard.Comparison
import dev.ferrule.guard.Feature
import dev.ferrule.guard.ReasonCode
import dev.ferrule.guard.Rollout
import dev.ferrule.launcher.LauncherModel
import dev.ferrule.launcher.LoadedModel
import dev.ferrule.launcher.ModelFlags
import dev.ferrule.launcher.ModelGrid
import dev.ferrule.launcher.ModelOpener
import java.io.File

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

/** Where the store is that [ModelLoadSetup.opener] opens, for who wants a first frame out of it before that. */
public class FirstFrameStore(
    /** The store's file. */
    public val file: File,
    /** The grid that the opener opens it for. */
    public val grid: ModelGrid,
)

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
    /** For [ModelLoadAdapter.firstFrame]; without it there is none. */
    public val firstFrame: FirstFrameStore? = null,
)

/**
 * A drop-in for `LoaderTask`'s loading of the workspace, behind the guard: where the launcher loaded, it calls [load] and
 * binds what that answers. Call it on the launcher's model thread, as legacy's load is.
 *
 * A start binds [firstFrame] where there is one, page by page, then what [load] answers in its place; once the launcher is
 * idle, [keepForNextStart] sees to the first frame of the next start.
 *
 * Where Ferrule answers, a legacy that [only reads][ModelLoadSetup.legacyOnlyReads] is sometimes asked too, for [comparison]
 * alone, and a real difference takes the feature back to SHADOW.
 */
public class ModelLoadAdapter<H>(
    private val rollout: Rollout,
    private val setup: ModelLoadSetup,
    legacy: LegacyModelLoad<H>,
    private val convert: HomeConverter<H>,
    comparison: Comparison<Unit, H> = Comparison.equality(),
) {
    private val legacy: Answerer<Unit, H> = Answerer { legacy.load() }

    /** Legacy keeps nothing between two starts. */
    private val noFrame: Answerer<Frame, H?> = Answerer { null }

    @Volatile
    private var model: LauncherModel? = null

    /** The feature, to set its stage. */
    public val feature: Feature<Unit, H> = rollout.feature<Unit, H>(FEATURE) {
        NativeLibrary.require()
        val model = setup.opener.open().also { this.model = it }
        Answerer { convert.convert(HomeTargets.load(model, setup.gatherer, setup.clock(), setup.flags)) }
    }.comparison(comparison).apply { if (setup.legacyOnlyReads) repeatable() }.register()

    private val frames: Feature<Frame, H?> = rollout.feature<Frame, H?>(FIRST_FRAME_FEATURE) {
        NativeLibrary.require()
        Answerer { frame ->
            when (frame) {
                Frame.SHOW -> kept()
                Frame.KEEP -> null.also { model?.keepForNextStart(setup.clock()) }
            }
        }
    }.nullIsAnAnswer().operations(Frame.values().map { it.name.lowercase() }) { it.ordinal }.register()

    /** The feature of the first frame, to set its stage. Without [feature] answering it does nothing, whatever its stage. */
    public val firstFrameFeature: Feature<*, *> get() = frames

    /** The home screen, by legacy or by Ferrule; throws what legacy throws. */
    public fun load(): H = rollout.call(feature, Unit, legacy)

    /**
     * What the first [load] of this process will come to, if an earlier process kept it and nothing has changed since; null
     * otherwise, in doubt, after a [load], and where legacy answers. Only a picture for the first frame: [load] comes behind it,
     * checks the store, and what it answers replaces this.
     */
    public fun firstFrame(): H? = if (isFerrules && model == null) rollout.call(frames, Frame.SHOW, noFrame) else null

    /** Keeps what the next process will ask [firstFrame] for, if Ferrule loaded here. Call it when the launcher is idle. */
    public fun keepForNextStart() {
        if (isFerrules) rollout.call(frames, Frame.KEEP, noFrame)
    }

    private val isFerrules: Boolean get() = feature.reason in ANSWERING

    private fun kept(): H? {
        val store = setup.firstFrame ?: return null
        val platform = setup.gatherer.gather(emptySet()).snapshot
        return LauncherModel.kept(store.file, platform, store.grid, setup.flags)?.let(convert::convert)
    }

    private enum class Frame { SHOW, KEEP }

    public companion object {
        /** The feature's name. */
        public const val FEATURE: String = "launcher.model"

        /** The name of the feature of the first frame. */
        public const val FIRST_FRAME_FEATURE: String = "launcher.model.first_frame"

        /** The reasons of a call that the candidate answers. */
        private val ANSWERING = setOf(ReasonCode.COHORT_IN, ReasonCode.LIVE, ReasonCode.RETIRE, ReasonCode.COMPLETE)
    }
}
