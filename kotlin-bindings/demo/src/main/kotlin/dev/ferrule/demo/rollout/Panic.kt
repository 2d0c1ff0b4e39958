package dev.ferrule.demo.rollout

import dev.ferrule.guard.Answerer
import java.lang.reflect.InvocationTargetException

/**
 * A candidate that panics in Rust: by the library's hidden entry for tests, which nothing but tests and this may call, so
 * that it is found by its name.
 */
internal class Panic : Answerer<Int, Long> {
    private val entry = Class.forName("dev.ferrule.bindings.NativeBridge")
        .getMethod("selfTest", Int::class.java, Int::class.java)

    override fun answer(input: Int): Long = try {
        entry.invoke(null, PANICS, input) as Long
    } catch (thrown: InvocationTargetException) {
        throw thrown.targetException
    }

    private companion object {
        private const val PANICS = 2
    }
}
