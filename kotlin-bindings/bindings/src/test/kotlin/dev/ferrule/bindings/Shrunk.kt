package dev.ferrule.bindings

import dev.ferrule.guard.Guarded
import dev.ferrule.guard.Rollout
import dev.ferrule.guard.Stage
import dev.ferrule.icons.IconBuffers
import dev.ferrule.icons.IconCache
import dev.ferrule.icons.IconKey
import dev.ferrule.icons.IconOptions
import dev.ferrule.icons.IconPixels
import dev.ferrule.icons.IconProvider
import dev.ferrule.icons.IconQuery
import dev.ferrule.icons.IconTokens
import dev.ferrule.icons.RenderedIcon
import dev.ferrule.os4.DeviceFacts
import dev.ferrule.os4.LauncherUser
import dev.ferrule.os4.OsCompat
import dev.ferrule.os4.OsSession
import dev.ferrule.os4.PropertySource
import dev.ferrule.os4.RuntimeState
import java.io.File
import java.nio.ByteBuffer
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
    icon(File(arguments.single(), "icons.db"))
    println(wrapped().name())
}

/** The guard finds an annotation when it runs, and calls the methods of what has it by reflection. */
@Guarded("names")
private interface ShrunkNames {
    fun name(): String
}

private fun wrapped(): ShrunkNames {
    val rollout = Rollout()
    val legacy = object : ShrunkNames {
        override fun name() = "legacy"
    }
    val candidate = object : ShrunkNames {
        override fun name() = "candidate"
    }
    val names = rollout.wrap(ShrunkNames::class.java, legacy, { candidate })
    rollout.setStage("names", Stage.LIVE)
    return names
}

/** A provider and a listener are called by name. */
private fun icon(file: File) {
    val provider = IconProvider { _, _ ->
        val pixels = ByteBuffer.wrap(byteArrayOf(1, 2, 3, 4))
        RenderedIcon.Builder().label("App").tokens(IconTokens("1", "1")).plain(IconPixels.picture(1, 1, pixels)).build()
    }
    IconCache.open(file, IconOptions(1, workers = 0), provider).use { cache ->
        cache.request(IconQuery(IconKey("com.a", ".M")), IconBuffers(4).take()) { println(it) }
        cache.work()
        println(cache.control.health().figure("provider_calls"))
    }
}
