package dev.ferrule.bindings

import dev.ferrule.os4.DeviceFacts
import dev.ferrule.os4.LauncherUser
import dev.ferrule.os4.OsCompat
import dev.ferrule.os4.OsSession
import dev.ferrule.os4.PropertySource
import dev.ferrule.os4.RuntimeState
import java.io.File
import java.util.concurrent.ConcurrentLinkedQueue

/** An app after shrinking: everything that native code calls by name, and the control plane. Public API only. */
fun main(arguments: Array<String>) {
    val properties = mapOf(
        "ro.build.version.incremental" to "OS4.0.9.0.XZZCNXM",
        "ro.mi.os.version.code" to "4",
        "ro.mi.os.version.name" to "OS4.0",
    )
    val lines = ConcurrentLinkedQueue<String>()
    Logging.setSink { _, line -> lines += line }
    Logging.setLevel(LogLevel.INFO)
    OsCompat.configure(PropertySource.of(properties), DeviceFacts.NONE)
    println("OS4 ${OsCompat.atLeastOS4()}, logged ${lines.any { "decided" in it }}")
    val session = OsSession.open(PropertySource.of(properties))
    session.close()
    try {
        session.update(RuntimeState.CALM)
    } catch (stale: StaleHandleException) {
        println(stale.code)
    }
    println(OsCompat.firstLaunchOnOS4(File(arguments.single()), LauncherUser.full(0), true, "b") { true }.result)
}
