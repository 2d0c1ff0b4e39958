package dev.ferrule.os4

import dev.ferrule.bindings.FerruleException
import dev.ferrule.bindings.NativeBridge
import dev.ferrule.bindings.NativeLibrary
import dev.ferrule.guard.Answerer
import java.io.File
import java.util.concurrent.CopyOnWriteArrayList

/**
 * Which OS this device runs and which effects it may show: the questions a launcher asks at start-up, for Java and
 * Kotlin alike.
 *
 * Answers come by the hand-written native path: the first one costs a library load and some microseconds, later ones
 * read a field; JNA and the generated bindings are touched by [firstLaunchOnOS4] only. The others throw nothing:
 * whatever goes wrong, the answer is the conservative one (not OS4, no effects) and its reason says why. Thread-safe: a
 * source is read by one thread at a time.
 *
 * On a device the properties are read through `android.os.SystemProperties`; anywhere else call [configure] first.
 * Code that migrates from an existing check goes through the guard, where that check keeps answering in doubt:
 *
 * ```kotlin
 * val rollout = Rollout()
 * val check = rollout.feature<OsQuestion, Boolean>("os.at_least_os4") { OsCandidate.atLeastOS4() }.register()
 * rollout.setStage(check, Stage.LIVE)
 * val os4 = rollout.call(check, OsQuestion(source, facts)) { legacy.isOs4() }
 * ```
 */
public object OsCompat {
    private val lock = Any()
    private val listeners = CopyOnWriteArrayList<EffectsListener>()

    /** Null for the device's own. */
    private var source: PropertySource? = null

    /** Null for a live device of which nothing else is known. */
    private var facts: DeviceFacts? = null

    /** Of the native object that keeps the static part, 0 for none. Not an [OsSession]: its owner lives for ever. */
    private var handle = 0L

    @Volatile
    private var latest: OsAnswer? = null

    /**
     * Names where properties are read and what is known of the device; answers from before are forgotten.
     *
     * Call it once, early, when more is known than properties tell (memory, density, the framework's libraries).
     */
    @JvmStatic
    public fun configure(source: PropertySource, facts: DeviceFacts) {
        // The block ends in a value: one that does not loads kotlin.Unit, in a cold start the first class of that library.
        val former = synchronized(lock) {
            this.source = source
            this.facts = facts
            latest = null
            handle.also { handle = 0L }
        }
        if (former != 0L) NativeBridge.close(former)
    }

    /** HyperOS 4 or later, on evidence that agrees. False in every doubt. */
    @JvmStatic
    public fun atLeastOS4(): Boolean = answer().atLeastOS4

    /** Which OS this is, with every reason. */
    @JvmStatic
    public fun identity(): OsIdentity = answer().identity

    /** What may be shown in the state of the latest [update]. */
    @JvmStatic
    public fun effects(): Effects = answer().effects

    /** How glassy surfaces may be. [GlassLevel.OFF] in every doubt. */
    @JvmStatic
    public fun glassOs4(): GlassLevel = effects().glass

    /** The background of glass surfaces, resolved for the display's density. Opaque in every doubt. */
    @JvmStatic
    public fun glassOS4Background(): GlassOS4Background = effects().background

    /**
     * Identity and effects together, decided on the first call.
     */
    @JvmStatic
    public fun answer(): OsAnswer = latest ?: synchronized(lock) { latest ?: decide(null).also { latest = it } }

    /**
     * Answers for another state of system and user, and tells the listeners if what may be shown has changed.
     *
     * Throws nothing but what a listener throws, after all of them were told.
     */
    @JvmStatic
    public fun update(state: RuntimeState): OsAnswer {
        val before: OsAnswer?
        // Under the lock as a whole: an answer of what was configured before must not become the latest.
        val answer = synchronized(lock) {
            before = latest
            decide(state).also { latest = it }
        }
        if (before != null && !before.effects.looksLike(answer.effects)) tell(listeners) { effects() }
        return answer
    }

    /** Tells [listener] of every change that an [update] brings, from now on. */
    @JvmStatic
    public fun addListener(listener: EffectsListener) {
        listeners += listener
    }

    /** Ends what [addListener] began. */
    @JvmStatic
    public fun removeListener(listener: EffectsListener) {
        listeners -= listener
    }

    /**
     * Is this the user's first launch on OS4? If so, [consumer] shows it, and it never comes again.
     *
     * The record lies in [folder], which exists, belongs to the user (a work profile's is its parent's) and is excluded
     * from backup. It is made durable before [consumer] is called, so a crash delivers it again, three times at most.
     * It goes through the control plane: call it off the main thread, after the first frame. While [consumer] runs, the
     * record is locked against other processes and nothing else is.
     *
     * Whatever cannot be decided or read shows nothing, with a reason; what [consumer] throws is thrown here.
     *
     * @throws FerruleException if the library or JNA cannot be used (`FFI_JNA_UNAVAILABLE`), or if it was shown and that
     *   could not be written (`FL_WRITE_FAILED`): it will come again
     */
    @JvmStatic
    public fun firstLaunchOnOS4(
        folder: File,
        user: LauncherUser,
        unlocked: Boolean,
        buildId: String,
        consumer: FirstLaunchConsumer,
    ): FirstLaunchOutcome = FirstLaunch.run(folder, identity(), user, unlocked, buildId, consumer)

    /** The answer for [state], null for a calm one; called under the lock. */
    private fun decide(state: RuntimeState?): OsAnswer = try {
        if (handle == 0L) handle = OsCalls.open(source ?: SystemPropertySource, facts ?: liveDevice())
        OsAnswer(OsCalls.update(this, handle, state))
    } catch (failure: Throwable) {
        OsAnswer.conservative(failure)
    }

    private fun liveDevice() = DeviceFacts.Builder().liveDevice(true).build()
}

/** What [OsCandidate] is asked: where properties are read, what is known of the device, and the state it is in. */
public class OsQuestion @JvmOverloads constructor(
    /** Where properties are read. */
    public val source: PropertySource,
    /** What is known of the device. */
    public val facts: DeviceFacts = DeviceFacts.NONE,
    /** The state of system and user. */
    public val state: RuntimeState = RuntimeState.CALM,
)

/** Ferrule's answers as candidates for the guard; they throw what [FerruleException] names, and legacy answers then. */
public object OsCandidate {
    /** Answers everything. Loads the library, so that a library that is missing makes the feature unavailable. */
    @JvmStatic
    public fun answers(): Answerer<OsQuestion, OsAnswer> {
        NativeLibrary.require()
        return Answerer { question -> OsAnswer(OsCalls.decide(question.source, question.facts, question.state)) }
    }

    /** Answers whether this is HyperOS 4 or later. */
    @JvmStatic
    public fun atLeastOS4(): Answerer<OsQuestion, Boolean> {
        val all = answers()
        return Answerer { question -> all.answer(question).atLeastOS4 }
    }
}

/** The device's own properties, where there are any: elsewhere every key is absent. */
private object SystemPropertySource : PropertySource {
    private val get = try {
        Class.forName("android.os.SystemProperties").getMethod("get", String::class.java)
    } catch (_: ReflectiveOperationException) {
        null
    }

    override fun get(key: String): String? = get?.invoke(null, key) as String?
}
