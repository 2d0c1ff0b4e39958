package dev.ferrule.demo

import dev.ferrule.demo.home.FerruleHome
import dev.ferrule.demo.home.HomeAnswer
import dev.ferrule.demo.home.HomeQuestion
import dev.ferrule.demo.icons.FerruleIcons
import dev.ferrule.demo.icons.IconPlatform
import dev.ferrule.demo.icons.IconSide
import dev.ferrule.guard.CandidateFactory
import org.junit.jupiter.api.Assertions.assertTrue
import java.io.ByteArrayOutputStream
import java.io.File
import java.io.PrintStream
import java.nio.file.Path

/** One run of the program in this process. */
internal class DemoRun(val code: Int, val out: String, val err: String) {
    companion object {
        /** The library that the build names; the demo is not tested without it. */
        fun requireLibrary() {
            val library = System.getProperty("ferrule.library").orEmpty()
            assertTrue(File(library).isFile, "-Dferrule.library=$library is no file; run `cargo xtask test`")
        }

        /** Runs with the real candidates, or with others. */
        fun of(
            folder: Path,
            vararg words: String,
            fast: CandidateFactory<Phone, CommonAnswer> = CandidateFactory { FerruleCheck() },
            control: CandidateFactory<Phone, ControlAnswer> = CandidateFactory { ControlCheck() },
            home: CandidateFactory<HomeQuestion, HomeAnswer> = CandidateFactory { FerruleHome() },
            icons: (IconPlatform) -> IconSide = FerruleIcons::ofTheDemo,
            colour: Boolean = false,
        ): DemoRun {
            val (out, err) = ByteArrayOutputStream() to ByteArrayOutputStream()
            var loaded = false
            fun <I, O> loading(factory: CandidateFactory<I, O>) = CandidateFactory { factory.create().also { loaded = true } }
            val candidates = Candidates(loading(fast), control, loading(home), icons, { loaded }, { null })
            val demo = Demo(candidates, colour, folder)
            val code = demo.run(words.toList(), PrintStream(out, true, "UTF-8"), PrintStream(err, true, "UTF-8"))
            return DemoRun(code, out.toString("UTF-8"), err.toString("UTF-8"))
        }
    }
}
