package dev.ferrule.bench

import dev.ferrule.launcher.LauncherModel
import dev.ferrule.legacy.launcher.LegacyLoader
import dev.ferrule.legacy.launcher.tool.JdbcFavoritesDb
import dev.ferrule.os4.OsCompat
import dev.ferrule.os4.PropertySource
import java.io.File
import java.sql.DriverManager
import java.util.concurrent.TimeUnit

/** Enough for a median. */
private const val RUNS = 21

/** A child sees this as its first argument. */
private const val CHILD = "child"

/** Where the Rust bench `model_load` leaves its home screens. */
private const val HOMES_PROPERTY = "ferrule.bench.homes"

/** Where the system looks for the library, in this JVM and in its children. */
private const val LIBRARY_PATH = "java.library.path"

/** The first answer of the fast path and of the generated bindings; a home screen that was kept, opened, and legacy's. */
private val WAYS = listOf("fastPath", "generated", KEPT, OPENED, "homeScreenLegacy")
private const val KEPT = "homeScreenKept"
private const val OPENED = "homeScreen"

/**
 * Cold starts: the first answer of a JVM, from just before the library is loaded, each time in a JVM of its own.
 *
 * The library is found by its name, as on a device, in the folder that `java.library.path` names here. Without arguments
 * it starts those JVMs, one way after the other in turns, and prints one line a way, for `cargo xtask bench`:
 * `cold_start NAME WALL_MEDIAN WALL_MIN CPU_MEDIAN CPU_MIN`, in nanoseconds. The processor's time of the asking thread
 * stands beside the wall's, because on a busy machine the latter measures the neighbours.
 *
 * What it is not: a bench of JMH, which measures a warm JVM.
 */
public fun main(arguments: Array<String>) {
    if (arguments.firstOrNull() == CHILD) return child(arguments[1])
    val runs = arguments.firstOrNull()?.toInt() ?: RUNS
    val phone = JdbcFavoritesDb(connect()) { 0 }.use { HomePhone.of(it) }
    LauncherModel.open(HomePhone.store(home), HomePhone.grid, nowMillis = 0).use {
        it.load(phone, 0, flags = HomePhone.flags)
        it.keepForNextStart(0)
    }
    val starts = List(runs) { WAYS.map(::start) }
    for ((index, way) in WAYS.withIndex()) {
        val wall = starts.map { it[index][0] }.sorted()
        val cpu = starts.map { it[index][1] }.sorted()
        println("cold_start $way ${wall[runs / 2]} ${wall[0]} ${cpu[runs / 2]} ${cpu[0]}")
    }
}

/** The home screen of the cold starts. */
private val home: File get() = File(System.getProperty(HOMES_PROPERTY), "home-1000.db")

/** A home screen of 1,000 items, from opening its file to the objects; what the platform says was gathered before. */
private fun childHome(way: String) {
    val loaded = JdbcFavoritesDb(connect()) { 0 }.use { HomePhone.of(it) to HomePlatform(it) }
    ThreadTime.nanos()
    val cpu = ThreadTime.nanos()
    val wall = System.nanoTime()
    val store = File(home.path + ".ferrule")
    val items = when (way) {
        KEPT -> LauncherModel.kept(store, loaded.first, HomePhone.grid, HomePhone.flags)?.items?.size
        OPENED ->
            LauncherModel.open(store, HomePhone.grid, nowMillis = 0).use { it.load(loaded.first, 0, flags = HomePhone.flags).items.size }
        else -> {
            val rows = JdbcFavoritesDb(connect()) { 0 }
            LegacyLoader(rows, loaded.second, HomePlatform.options).load().workspace?.items?.size
        }
    }
    val wallNanos = System.nanoTime() - wall
    val cpuNanos = ThreadTime.nanos() - cpu
    check(items == 1000) { "$items items" }
    println("$wallNanos $cpuNanos")
}

private fun connect() = DriverManager.getConnection("jdbc:sqlite:$home")

/** What is made before the clock starts: the phone has its properties, and its caller has read its facts. */
private fun child(way: String) {
    if (way.startsWith("homeScreen")) return childHome(way)
    val properties = Phone.properties()
    val source = PropertySource.of(properties)
    val facts = Phone.facts()
    ThreadTime.nanos()
    val cpu = ThreadTime.nanos()
    val wall = System.nanoTime()
    val answered = if (way == "fastPath") {
        OsCompat.configure(source, facts)
        OsCompat.atLeastOS4()
    } else {
        Generated.prepare()
        Generated.ask(properties) > 0
    }
    val wallNanos = System.nanoTime() - wall
    val cpuNanos = ThreadTime.nanos() - cpu
    check(answered) { "no answer" }
    println("$wallNanos $cpuNanos")
}

private fun start(way: String): List<Long> {
    val java = File(System.getProperty("java.home"), "bin/java").path
    val given = listOf(LIBRARY_PATH, HOMES_PROPERTY).map { "-D$it=${System.getProperty(it)}" }
    val command = listOf(java, "-cp", System.getProperty("java.class.path")) + given + listOf("dev.ferrule.bench.ColdStartKt", CHILD, way)
    val process = ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start()
    val output = process.inputStream.bufferedReader().readText()
    check(process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0) { output }
    return output.trim().split(' ').map(String::toLong)
}
