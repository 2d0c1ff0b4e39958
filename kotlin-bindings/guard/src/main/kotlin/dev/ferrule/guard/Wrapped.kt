package dev.ferrule.guard

import java.lang.reflect.InvocationHandler
import java.lang.reflect.InvocationTargetException
import java.lang.reflect.Method
import java.lang.reflect.Proxy
import java.util.concurrent.atomic.AtomicReference

/**
 * Names the feature that stands behind an interface which [Rollout.wrap] puts the guard in front of.
 *
 * @property name the feature's name, as in the configuration
 * @property deadlineMillis how long a caller waits for the candidate; 0 to run it on the caller's thread
 * @property repeatable whether legacy can be asked once more by every method without [Writes], as
 *   [repeatable][FeatureBuilder.repeatable] says it
 */
@Target(AnnotationTarget.CLASS)
@Retention(AnnotationRetention.RUNTIME)
public annotation class Guarded(val name: String, val deadlineMillis: Long = 0, val repeatable: Boolean = false)

/** Marks the methods of a [Guarded] interface that write: where the candidate does, legacy does too, after it (R35). */
@Target(AnnotationTarget.FUNCTION)
@Retention(AnnotationRetention.RUNTIME)
public annotation class Writes

/** Makes the candidate of a wrapped interface. Called at most once, at the first call beyond [Stage.OFF]. */
public fun interface CandidateMaker<T> {
    /** The candidate. What it throws makes the feature unavailable for the life of the process. */
    @Throws(Exception::class)
    public fun make(): T
}

/** One call of a method of a wrapped interface. */
public class MethodCall internal constructor(
    /** The method. */
    public val method: Method,
    private val arguments: Array<Any?>?,
) {
    /** Its arguments, in order. */
    public val values: List<Any?>
        get() = arguments.orEmpty().toList()

    /** Makes the call on [target]; throws what the method throws. */
    internal fun on(target: Any): Any? {
        // The interface may be one that only its own package sees.
        if (!method.isAccessible) method.isAccessible = true
        try {
            return method.invoke(target, *arguments.orEmpty())
        } catch (thrown: InvocationTargetException) {
            throw thrown.targetException
        }
    }

    override fun toString(): String = method.name
}

/** What stands in an interface's place: every call goes through the guard, but for those that any object has. */
internal class Wrapped<T : Any>(
    private val rollout: Rollout,
    private val legacy: T,
    private val reads: Feature<MethodCall, Any?>,
    private val writes: Feature<MethodCall, Any?>,
) : InvocationHandler {
    override fun invoke(proxy: Any, method: Method, arguments: Array<Any?>?): Any? {
        val call = MethodCall(method, arguments)
        // equals, hashCode and toString are those of the one that has always been asked.
        if (method.declaringClass == Any::class.java) return call.on(legacy)
        val feature = if (method.isAnnotationPresent(Writes::class.java)) writes else reads
        return rollout.call(feature, call) { it.on(legacy) }
    }

    companion object {
        private const val NO_METHOD = -1

        /** See [Rollout.wrap]. */
        fun <T : Any> of(rollout: Rollout, type: Class<T>, legacy: T, mirror: WriteMirror<MethodCall>?, maker: CandidateMaker<T>): T {
            val guarded = type.getAnnotation(Guarded::class.java)
            require(type.isInterface && guarded != null) { "${type.name} is no interface with @Guarded" }
            // Overloads are told apart; the order is the same in every process.
            val methods = type.methods.sortedBy(Method::toString)
            val names = methods.map { method -> "${method.name}(${method.parameterTypes.joinToString(",") { it.simpleName }})" }
            val numbers = methods.withIndex().associate { (number, method) -> method to number }
            val made = Once(maker)
            fun feature(mirror: WriteMirror<MethodCall>?): Feature<MethodCall, Any?> {
                val builder = rollout.feature<MethodCall, Any?>(guarded.name, {
                    val candidate = made.get()
                    Answerer { it.on(candidate) }
                }).nullIsAnAnswer().comparison(Alike).operations(names) { numbers[it.method] ?: NO_METHOD }
                if (guarded.deadlineMillis != 0L) builder.deadline(guarded.deadlineMillis)
                if (guarded.repeatable) builder.repeatable()
                if (mirror != null) builder.writes(mirror)
                return builder.register()
            }
            val handler = Wrapped(rollout, legacy, feature(null), feature(mirror ?: Unheard))
            return type.cast(Proxy.newProxyInstance(type.classLoader, arrayOf(type), handler))
        }
    }

    /** What a maker makes, once for both features; nobody waits for it, and what it threw is thrown again. */
    private class Once<T : Any>(private val maker: CandidateMaker<T>) {
        private val slot = AtomicReference<Any?>(null)

        private class Failed(val thrown: Throwable)

        fun get(): T {
            if (slot.compareAndSet(null, NotYet)) {
                var made: Any = NotYet
                try {
                    // A maker in Java can return null.
                    made = maker.make() ?: throw NullPointerException("the maker returned null")
                } catch (thrown: Throwable) {
                    made = Failed(thrown)
                } finally {
                    slot.set(made)
                }
            }
            val seen = slot.get()
            if (seen is Failed) throw seen.thrown
            if (seen === NotYet) throw NotYet
            @Suppress("UNCHECKED_CAST") // what the maker made
            return seen as T
        }
    }

    /** By `equals`, arrays by what is in them. */
    private object Alike : Comparison<MethodCall, Any?> {
        override fun compare(input: MethodCall, legacy: Any?, candidate: Any?): Verdict =
            if (arrayOf(legacy).contentDeepEquals(arrayOf(candidate))) Verdict.match() else Verdict.mismatch()
    }

    /** For an interface whose owner keeps no dirty keys. */
    private object Unheard : WriteMirror<MethodCall> {
        override fun unknown(input: MethodCall, failure: Throwable?) = Unit
        override fun behind(input: MethodCall, failure: Throwable) = Unit
    }
}
