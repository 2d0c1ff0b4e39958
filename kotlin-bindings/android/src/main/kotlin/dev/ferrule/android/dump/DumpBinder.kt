package dev.ferrule.android.dump

import android.content.Context
import android.os.Binder
import android.os.ResultReceiver
import android.os.ShellCallback
import java.io.FileDescriptor
import java.io.FileOutputStream
import java.io.PrintWriter

/**
 * Answers `dumpsys ferrule …` and `cmd ferrule …` of a ROM that adds it to the service manager, and the same of a bound
 * service. Checks the caller before anything else.
 *
 * ```kotlin
 * ServiceManager.addService("ferrule", DumpBinder(context, FerruleCommands(FerruleCommands.of(safeguard))))
 * ```
 */
public class DumpBinder @JvmOverloads constructor(
    context: Context,
    private val commands: CommandSource,
    private val callers: Callers = Callers(context),
) : Binder() {
    /** @throws SecurityException if the caller may not ask */
    override fun dump(fd: FileDescriptor, out: PrintWriter, arguments: Array<String>?) {
        callers.enforce()
        out.print(commands.answer(arguments.orEmpty().toList()).text)
        out.flush()
    }

    /** Hidden from apps; a ROM has it. The exit code is that of the command. */
    override fun onShellCommand(
        input: FileDescriptor?,
        output: FileDescriptor?,
        error: FileDescriptor?,
        arguments: Array<out String>,
        callback: ShellCallback?,
        result: ResultReceiver,
    ) {
        callers.enforce()
        val answer = commands.answer(arguments.toList())
        if (output != null) FileOutputStream(output).run {
            write(answer.text.toByteArray())
            flush()
        }
        result.send(answer.exit, null)
    }
}
