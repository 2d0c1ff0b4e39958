package dev.ferrule.demo

import dev.ferrule.bindings.NativeLibrary
import dev.ferrule.demo.home.FerruleHome
import dev.ferrule.demo.icons.FerruleIcons
import java.io.FileDescriptor
import java.io.FileOutputStream
import java.io.PrintStream
import kotlin.system.exitProcess

/** Runs the demo on this process: standard streams, exit code, colours on a terminal. */
public fun main(args: Array<String>) {
    val out = PrintStream(FileOutputStream(FileDescriptor.out), true, Charsets.UTF_8)
    val err = PrintStream(FileOutputStream(FileDescriptor.err), true, Charsets.UTF_8)
    val code = try {
        val candidates = Candidates(
            fast = { FerruleCheck() },
            control = { ControlCheck() },
            home = { FerruleHome() },
            icons = FerruleIcons::ofTheDemo,
            libraryLoaded = { NativeLibrary.peek() is NativeLibrary.State.Loaded },
            describeLibrary = { NativeLibrary.peek()?.toString() },
        )
        Demo(candidates, colour = isTerminal()).run(args.toList(), out, err)
    } catch (failure: Throwable) {
        err.println("ferrule demo: internal failure: $failure")
        failure.printStackTrace(err)
        1
    }
    exitProcess(code)
}

/** A terminal that wants colours; JDK 22 and later have a console object also where there is no terminal. */
private fun isTerminal(): Boolean {
    val console = System.console() ?: return false
    val terminal = try {
        console.javaClass.getMethod("isTerminal").invoke(console) as Boolean
    } catch (_: ReflectiveOperationException) {
        true
    }
    return terminal && System.getenv("NO_COLOR").isNullOrEmpty() && System.getenv("TERM") != "dumb"
}
