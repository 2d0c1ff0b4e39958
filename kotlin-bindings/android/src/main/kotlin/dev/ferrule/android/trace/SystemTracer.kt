package dev.ferrule.android.trace

import android.os.Trace
import android.util.Log
import dev.ferrule.guard.GuardLog
import dev.ferrule.guard.GuardTracer

/**
 * Slices of both parties in a system trace, `rr:NAME L` while legacy answers and `rr:NAME C` while the candidate does. Where
 * nobody traces, a slice costs one look at a flag.
 *
 * ```kotlin
 * rollout.tracer = SystemTracer
 * ```
 */
public object SystemTracer : GuardTracer {
    override fun begin(name: String): Unit = Trace.beginSection(name)

    override fun end(): Unit = Trace.endSection()
}

/** The guard's lines in logcat, under the tag of everything that is Ferrule's. */
public object LogcatLog : GuardLog {
    private const val TAG = "Ferrule"

    override fun log(code: String, feature: String?, line: String) {
        Log.i(TAG, line)
    }
}
