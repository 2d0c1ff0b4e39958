package dev.ferrule.demo

import dev.ferrule.guard.CandidateFactory
import java.io.IOException
import java.io.PrintStream
import java.nio.file.Files
import java.nio.file.Path

/**
 * The program without its process: arguments in, exit code out.
 *
 * @property describeLibrary what became of loading the native library, for a message; null as long as nothing tried
 */
internal class Demo(
    private val fast: CandidateFactory<Phone, CommonAnswer>,
    private val control: CandidateFactory<Phone, ControlAnswer>,
    private val libraryLoaded: () -> Boolean,
    private val describeLibrary: () -> String?,
    private val colour: Boolean,
    private val folder: Path = Path.of(""),
) {
    /** Runs with [words]. 0: done; 1: no answer of Ferrule; 2: usage, unreadable input, or no page. */
    fun run(words: List<String>, out: PrintStream, err: PrintStream): Int {
        val arguments = try {
            Arguments.parse(words)
        } catch (misused: Arguments.Misused) {
            err.println("ferrule demo: ${misused.message}")
            return UNUSABLE
        }
        if (arguments.help) {
            out.println(Arguments.HELP)
            return DONE
        }
        val phones = read(arguments, err) ?: return UNUSABLE
        val result = Migration(fast, control, libraryLoaded).run(phones)
        out.println(TextReport(colour).render(result))
        return maxOf(writePage(result, arguments.out, out, err), judge(result, err))
    }

    /** The phones, or null after every input that cannot be read has been named. */
    private fun read(arguments: Arguments, err: PrintStream): List<Phone>? {
        if (arguments.props.isEmpty()) return PhoneSource.samples()
        var readable = true
        val phones = arguments.props.flatMap { path ->
            try {
                PhoneSource.at(path)
            } catch (unreadable: UnreadableInput) {
                err.println("ferrule demo: cannot read ${unreadable.message}")
                readable = false
                emptyList()
            }
        }
        return phones.takeIf { readable }
    }

    private fun writePage(result: MigrationResult, wanted: Path?, out: PrintStream, err: PrintStream): Int {
        val path = (wanted ?: usualPlace()).toAbsolutePath().normalize()
        return try {
            Files.writeString(path, HtmlReport.render(result))
            out.println("Page with all reasons: $path")
            DONE
        } catch (failure: IOException) {
            err.println("ferrule demo: cannot write $path: ${cause(failure)}")
            UNUSABLE
        }
    }

    private fun usualPlace(): Path {
        val target = folder.resolve("target")
        return (if (Files.isDirectory(target)) target else folder).resolve("ferrule-demo.html")
    }

    /** Differences between the implementations are what the demo is for; an answer that is missing is a failure. */
    private fun judge(result: MigrationResult, err: PrintStream): Int {
        val silent = result.phones.filter { it.ferrule == null }
        if (silent.isNotEmpty()) {
            val cause = silent.firstNotNullOfOrNull { it.shadow.failure ?: it.live.failure }
            err.println(
                "ferrule demo: Ferrule did not answer for ${silent.size} of ${result.phones.size} phones; " +
                    "legacy did. " + (describeLibrary() ?: cause?.toString().orEmpty()),
            )
            return FAILED
        }
        val differing = result.phones.filter { it.pathsAgree == false }.map { it.phone.name }
        if (differing.isNotEmpty()) {
            err.println("ferrule demo: the fast path and UniFFI differ for ${differing.joinToString()}")
            return FAILED
        }
        return DONE
    }

    private companion object {
        private const val DONE = 0
        private const val FAILED = 1
        private const val UNUSABLE = 2
    }
}
