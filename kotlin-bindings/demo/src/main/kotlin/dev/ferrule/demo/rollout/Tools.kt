package dev.ferrule.demo.rollout

import com.google.gson.JsonObject
import com.google.gson.JsonParser
import java.io.File
import java.nio.file.Path

/** What a step of the story came to that it must not come to. */
internal class BrokenStory(message: String) : Exception(message)

/**
 * The programs of the workstation: `ferrule`, and the virtual fleet of the tests.
 *
 * @property ferrule the command line
 * @property fleet virtual devices that run and compare both sides
 * @property config the configuration of the three features
 * @property folder where everything is written
 */
internal class Tools(private val ferrule: Path, private val fleet: Path, val config: Path, val folder: File) {
    /** A program's end. */
    class Ended(val exit: Int, val out: String, val err: String)

    /** Runs `ferrule rollout` with [words]; [wanted] is the exit code that the story needs. */
    fun rollout(vararg words: String, wanted: Int = 0): String {
        val ended = finish(begin(listOf("$ferrule", "rollout") + words))
        if (ended.exit != wanted) throw BrokenStory("ferrule rollout ${words.joinToString(" ")} ended with ${ended.exit}: ${ended.err}${ended.out}")
        return ended.out
    }

    /** The same, its last line as JSON. */
    fun json(vararg words: String, wanted: Int = 0): JsonObject =
        JsonParser.parseString(rollout(*words, wanted = wanted).trim().lines().last()).asJsonObject

    /** Lets fleets gather, all at once; each is a list of words for `ferrule-fleet evidence`. */
    fun gather(fleets: List<List<String>>) {
        val running = fleets.map { begin(listOf("$fleet", "evidence", "--config", "$config") + it) }
        for (ended in running.map(::finish)) if (ended.exit != 0) throw BrokenStory("ferrule-fleet: ${ended.err}")
    }

    /** A file in the folder. */
    fun file(name: String): String = File(folder, name).path

    private class Running(val process: Process, val out: File, val err: File)

    /** Starts [command]; what it prints goes to files, so that several can run at once. */
    private fun begin(command: List<String>): Running {
        val out = File.createTempFile("said", ".txt", folder)
        val err = File.createTempFile("said", ".txt", folder)
        return Running(ProcessBuilder(command).redirectOutput(out).redirectError(err).start(), out, err)
    }

    private fun finish(running: Running): Ended {
        val exit = running.process.waitFor()
        val ended = Ended(exit, running.out.readText(), running.err.readText())
        running.out.delete()
        running.err.delete()
        return ended
    }
}
