package dev.ferrule.android.os

import java.lang.reflect.Method

/**
 * A static method without arguments of a vendor's framework, which may not be there.
 *
 * It is looked for once a process, and that it is absent is remembered as well as that it is there. What it throws counts
 * as no answer.
 */
internal class ReflectionProbe(
    private val className: String,
    private val methodName: String,
    private val find: (String) -> Class<*> = { Class.forName(it) },
) {
    private val method: Method? by lazy {
        try {
            find(className).getMethod(methodName)
        } catch (_: ReflectiveOperationException) {
            null
        } catch (_: LinkageError) {
            null
        } catch (_: SecurityException) {
            null
        }
    }

    /** What the method answers as a number; null where it is not there or throws. */
    fun number(): Long? = try {
        (method?.invoke(null) as? Number)?.toLong()
    } catch (_: ReflectiveOperationException) {
        null
    }
}
