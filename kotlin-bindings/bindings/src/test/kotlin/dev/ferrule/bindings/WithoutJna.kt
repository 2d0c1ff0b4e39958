package dev.ferrule.bindings

import dev.ferrule.os4.LauncherUser
import dev.ferrule.os4.OsCompat
import dev.ferrule.os4.OsSession
import dev.ferrule.os4.PropertySource
import dev.ferrule.os4.RuntimeState
import dev.ferrule.os4.Samples
import java.io.File
import java.util.Collections

/** Everything hand-written, on a class path without JNA and without coroutines. */
fun main() {
    for (absent in listOf("com.sun.jna.Native", "kotlinx.coroutines.flow.Flow")) {
        check(runCatching { Class.forName(absent) }.isFailure) { "$absent is on the class path" }
    }
    OsCompat.configure(PropertySource.of(Samples.os4), Samples.facts)
    check(OsCompat.atLeastOS4())
    check(OsCompat.effects().reasons.isEmpty() || OsCompat.identity().reasons.isNotEmpty())
    OsSession.open(PropertySource.of(Samples.os4), Samples.facts).use { session ->
        session.addListener { }
        session.update(RuntimeState.Builder().batterySaver(true).build())
    }
    // Lines come from several threads at once.
    val lines = Collections.synchronizedList(ArrayList<String>())
    Logging.setSink { _, line -> lines += line }
    Logging.setLevel(LogLevel.INFO)
    check(NativeBridge.selfTest(8, 3) == 3L)
    check(lines.size >= 3)
    Logging.setSink(null)
    try {
        NativeBridge.selfTest(2, 1)
        error("no panic")
    } catch (panic: NativePanicException) {
        check(panic.message == "self-test panic 1")
    }
    repeat(2) {
        try {
            OsCompat.firstLaunchOnOS4(File("/nowhere"), LauncherUser.ephemeral(10), true, "b") { true }
            error("the control plane works without JNA")
        } catch (absent: JnaUnavailableException) {
            check(absent.code == "FFI_JNA_UNAVAILABLE")
        }
    }
    println("done")
}
