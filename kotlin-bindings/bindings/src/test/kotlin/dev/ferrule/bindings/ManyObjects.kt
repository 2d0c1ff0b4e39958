package dev.ferrule.bindings

import dev.ferrule.os4.OsSession
import dev.ferrule.os4.PropertySource
import dev.ferrule.os4.RuntimeState
import dev.ferrule.os4.Samples
import dev.ferrule.uniffi.Abi
import dev.ferrule.uniffi.DeviceFacts
import dev.ferrule.uniffi.OsCompat
import dev.ferrule.uniffi.Probes
import dev.ferrule.uniffi.PropertyOrigin
import dev.ferrule.uniffi.Tri
import java.io.File
import java.lang.management.ManagementFactory
import javax.management.ObjectName

private const val OBJECTS = 10_000

/** How often it is looked whether more is left than before. */
private const val ROUNDS = 5

/** What this process holds that a leak would add to. */
private class Holdings {
    val handles = NativeBridge.liveHandles()
    val globals = jniGlobals()
    val cleaners = Thread.getAllStackTraces().keys.count { "Cleaner" in it.name }
    val residentKiB = File("/proc/self/status").readLines().first { it.startsWith("VmRSS") }.filter(Char::isDigit).toLong()

    fun addsNothingTo(before: Holdings, keeps: Int): Boolean = handles == keeps && globals <= before.globals + 8 &&
        cleaners <= before.cleaners && cleaners <= 4 && residentKiB - before.residentKiB < 8 * 1024

    override fun toString() = "$handles handles, $globals JNI globals, $cleaners cleaners, $residentKiB KiB"
}

/** Creates many objects of each surface, closed and forgotten, and compares what is left. */
fun main() {
    ControlPlane.require()
    val probes = Probes(Tri.UNKNOWN, Tri.UNKNOWN, Tri.UNKNOWN)
    val facts = DeviceFacts(null, null, null, Abi.UNKNOWN, null, PropertyOrigin.FILE)
    check("sessions, closed") { session().close() }
    check("sessions, forgotten") { session() }
    check("control objects, closed") { OsCompat.fromPairs(Samples.os4, probes, facts).close() }
    check("control objects, forgotten") { OsCompat.fromPairs(Samples.os4, probes, facts) }
    check("log sinks") { Logging.setSink { _, _ -> } }
    Logging.setSink(null)
    println("done")
}

private fun session() = OsSession.open(PropertySource.of(Samples.os4), Samples.facts).apply { update(RuntimeState.CALM) }

/** Creates [objects] at a time, of which [keeps] are meant to stay, until a round leaves nothing behind. */
internal fun check(what: String, objects: Int = OBJECTS, keeps: Int = 0, create: () -> Unit) {
    var before = holdings(objects, create)
    // A leak adds in every round. Anything else (the collector or a cleaner that had no turn yet, memory that the
    // allocator keeps for later) ends: one round that adds nothing is enough, however busy the machine.
    repeat(ROUNDS) {
        val after = holdings(objects, create)
        println("$what: $before, then $after")
        if (after.addsNothingTo(before, keeps)) return
        before = after
    }
    error("$what: each round leaves something behind")
}

/** What is held after [objects] more of them. */
private fun holdings(objects: Int, create: () -> Unit): Holdings {
    repeat(objects) {
        create()
        // On a phone the collector runs because memory is short; here nothing else makes it.
        if (it % 1_000 == 999) System.gc()
    }
    // Opening a session frees the forgotten ones that the collector has found.
    repeat(10) {
        System.gc()
        Thread.sleep(10)
        session().close()
    }
    return Holdings()
}

/** As the thread dump counts them. */
private fun jniGlobals(): Int {
    val name = ObjectName("com.sun.management:type=DiagnosticCommand")
    val dump = ManagementFactory.getPlatformMBeanServer().invoke(
        name, "threadPrint", arrayOf(emptyArray<String>()), arrayOf("[Ljava.lang.String;"),
    ) as String
    return dump.substringAfter("JNI global refs: ").takeWhile(Char::isDigit).toInt()
}
