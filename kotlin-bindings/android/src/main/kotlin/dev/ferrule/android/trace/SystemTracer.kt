package dev.ferrule.android.trace

import android.os.Build
import android.os.Trace
import android.util.Log
import dev.ferrule.guard.GuardLog
import dev.ferrule.guard.GuardTimeline

/**
 * Slices of both parties in a system trace, `rr:NAME L` while legacy answers and `rr:NAME C` while the candidate does. Where
 * nobody traces, a slice costs one look at a flag. From API 29 on also comparisons that are made later, over threads, with how many
 * there are and how many real mismatches were found.
 *
 * ```kotlin
 * rollout.tracer = SystemTracer
 * ```
 */
public object SystemTracer : GuardTimeline {
    override fun begin(name: String): Unit = Trace.beginSection(name)

    override fun end(): Unit = Trace.endSection()

    override fun beginAsync(name: String, cookie: Int) {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) Trace.beginAsyncSection(name, cookie)
    }

    override fun endAsync(name: String, cookie: Int) {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) Trace.endAsyncSection(name, cookie)
    }

    override fun counter(name: String, value: Long) {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) Trace.setCounter(name, value)
    }
}

/** The guard's lines in logcat, under the tag of everything that is Ferrule's. */
public object LogcatLog : GuardLog {
    private const val TAG = "Ferrule"

    override fun log(code: String, feature: String?, line: String) {
        Log.i(TAG, line)
    }
}
