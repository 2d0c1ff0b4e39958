package dev.ferrule.demo

import dev.ferrule.demo.home.HomeAnswer
import dev.ferrule.demo.home.HomeFile
import dev.ferrule.demo.home.HomeMigration
import dev.ferrule.demo.home.HomePhones
import dev.ferrule.demo.home.HomeQuestion
import dev.ferrule.demo.home.HomeResult
import dev.ferrule.demo.home.HomeText
import dev.ferrule.demo.icons.IconPlatform
import dev.ferrule.demo.icons.IconResult
import dev.ferrule.demo.icons.IconSide
import dev.ferrule.demo.icons.IconStory
import dev.ferrule.demo.icons.IconText
import dev.ferrule.guard.CandidateFactory
import java.io.IOException
import java.io.PrintStream
import java.nio.file.Files
import java.nio.file.Path

/**
 * Who is asked, from outside.
 *
 * @property fast Ferrule on a phone, by the fast path
 * @property control Ferrule on a phone, by the control path
 * @property home Ferrule on a home screen
 * @property icons Ferrule's icon cache, over a platform
 * @property libraryLoaded whether the native library is loaded by now
 * @property describeLibrary what became of loading it, for a message; null as long as nothing tried
 */
internal class Candidates(
    val fast: CandidateFactory<Phone, CommonAnswer>,
    val control: CandidateFactory<Phone, ControlAnswer>,
    val home: CandidateFactory<HomeQuestion, HomeAnswer>,
    val icons: (IconPlatform) -> IconSide,
    val libraryLoaded: () -> Boolean,
    val describeLibrary: () -> String?,
)

/** What was asked about and what came of it. */
internal class DemoResult(val phones: MigrationResult?, val home: HomeResult?, val icons: List<IconResult>?, val iconFailure: Throwable?)

/** The program without its process: arguments in, exit code out. */
internal class Demo(
    private val candidates: Candidates,
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
        val scratch = Files.createTempDirectory("ferrule-demo")
        try {
            val inputs = read(arguments, scratch, err) ?: return UNUSABLE
            val result = ask(inputs, scratch)
            print(result, out)
            return maxOf(writePage(result, arguments.out, out, err), judge(result, err))
        } finally {
            // A copy of somebody's home screen does not stay behind.
            scratch.toFile().deleteRecursively()
        }
    }

    private class Inputs(val phones: List<Phone>, val home: HomeQuestion?, val wantsIcons: Boolean)

    /** The inputs, or null after everything that cannot be read has been named. */
    private fun read(arguments: Arguments, scratch: Path, err: PrintStream): Inputs? {
        var isReadable = true
        fun <T> reading(read: () -> T): T? = try {
            read()
        } catch (unreadable: UnreadableInput) {
            err.println("ferrule demo: cannot read ${unreadable.message}")
            isReadable = false
            null
        }
        if (arguments.wantsSamples) {
            val home = HomeFile.sample(scratch)
            return Inputs(PhoneSource.samples(), HomeQuestion(home, HomePhones.sample(home)), wantsIcons = true)
        }
        val phones = arguments.props.flatMap { path -> reading { PhoneSource.at(path) }.orEmpty() }
        val home = arguments.db?.let { db -> reading { HomeFile.at(db, scratch) } }
        val phone = reading {
            arguments.packages?.let { path -> path to PhoneSource.read(path) }
        }
        val question = home?.let {
            reading {
                val about = when (phone) {
                    null -> HomePhones.assumed(home, arguments.grid)
                    else -> HomePhones.described("${phone.first}", phone.second, home, arguments.grid)
                }
                HomeQuestion(home, about)
            }
        }
        return Inputs(phones, question, wantsIcons = false).takeIf { isReadable }
    }

    /** Asks at every stage. Both begin at OFF before anything native is touched, which is the point of OFF. */
    private fun ask(inputs: Inputs, scratch: Path): DemoResult {
        val home = inputs.home?.let { HomeMigration(candidates.home, candidates.libraryLoaded, it) }
        home?.off()
        val phones = inputs.phones.takeIf { it.isNotEmpty() }
            ?.let { Migration(candidates.fast, candidates.control, candidates.libraryLoaded).run(it) }
        val told = home?.run()
        if (!inputs.wantsIcons) return DemoResult(phones, told, icons = null, iconFailure = null)
        return try {
            DemoResult(phones, told, icons(scratch), iconFailure = null)
        } catch (failure: Exception) {
            DemoResult(phones, told, icons = null, failure)
        } catch (failure: LinkageError) {
            DemoResult(phones, told, icons = null, failure)
        }
    }

    /** One day of a phone's icons. No guard: what is compared is how long, how often and how much, not who answers. */
    private fun icons(scratch: Path): List<IconResult> {
        val platform = IconPlatform(ICON_SIDE)
        return listOf(candidates.icons(platform).use { IconStory(platform, it, Files.createDirectories(scratch.resolve("icons"))).run() })
    }

    private fun print(result: DemoResult, out: PrintStream) {
        result.phones?.let { out.println(TextReport(colour).render(it)) }
        if (result.phones != null && result.home != null) out.println()
        result.home?.let { out.println(HomeText(colour).render(it)) }
        result.icons?.let { out.println("\n" + IconText(colour).render(it)) }
    }

    private fun writePage(result: DemoResult, wanted: Path?, out: PrintStream, err: PrintStream): Int {
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

    private fun judge(result: DemoResult, err: PrintStream): Int {
        val icons = result.iconFailure?.let { "Ferrule showed no icons. " + why(it) }
            ?: result.icons?.let(::complaint)
        val complaints = listOfNotNull(result.phones?.let(::complaint), result.home?.let(::complaint), icons)
        complaints.forEach { err.println("ferrule demo: $it") }
        return if (complaints.isEmpty()) DONE else FAILED
    }

    /** Differences between the implementations are what the demo is for; an answer that is missing is a failure. */
    private fun complaint(result: MigrationResult): String? {
        val silent = result.phones.filter { it.ferrule == null }
        if (silent.isNotEmpty()) {
            val cause = silent.firstNotNullOfOrNull { it.shadow.failure ?: it.live.failure }
            return "Ferrule did not answer for ${silent.size} of ${result.phones.size} phones; legacy did. " + why(cause)
        }
        val differing = result.phones.filter { it.pathsAgree == false }.map { it.phone.name }
        return if (differing.isEmpty()) null else "the fast path and UniFFI differ for ${differing.joinToString()}"
    }

    private fun complaint(result: HomeResult): String? = when (val lost = result.lost) {
        0 -> null
        null ->
            "Ferrule did not answer for the home screen; legacy did. " + why(result.shadow.failure ?: result.live.failure)
        else -> "Ferrule lost ${counted(lost, "item")} of the home screen"
    }

    private fun complaint(icons: List<IconResult>): String? {
        val wrong = icons.first().wrong
        return if (wrong == 0) null else "Ferrule showed ${counted(wrong, "icon")} blank or wrong"
    }

    private fun why(cause: Throwable?): String = candidates.describeLibrary() ?: cause?.toString().orEmpty()

    private companion object {
        private const val ICON_SIDE = 192
        private const val DONE = 0
        private const val FAILED = 1
        private const val UNUSABLE = 2
    }
}
