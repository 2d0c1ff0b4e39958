package dev.ferrule.apicheck

import org.jetbrains.kotlin.abi.tools.AbiFilters
import org.jetbrains.kotlin.abi.tools.AbiTools
import java.io.File

/**
 * A module's public API as text, and the check that it is the one on file.
 *
 * The dump lists every public and protected declaration as a Java caller links to it, made by Kotlin's own ABI tools.
 * It is checked in as `api/MODULE.api`, so a change of the API shows in review as a change of that file.
 */
public object ApiDump {
    /** Set this system property to `true` to write the dump instead of comparing it. */
    public const val UPDATE_PROPERTY: String = "ferrule.api.update"

    /** More lines than anybody reads in a failure. */
    private const val SHOWN_MAX = 20

    /** The dump of all class files under [classes]; the same text for the same classes. */
    public fun of(classes: File): String {
        val files = classes.walkTopDown()
            .filter { it.isFile && it.extension == "class" && "META-INF" !in it.invariantSeparatorsPath }
            .sortedBy { it.invariantSeparatorsPath }
            .toList()
        val nothingLeftOut = AbiFilters(emptySet(), emptySet(), emptySet(), emptySet())
        return buildString { AbiTools.getInstance().printJvmDump(this, files, nothingLeftOut) }
    }

    /**
     * Compares the dump of [classes] with the file [expected], or writes the file with [update].
     *
     * @throws AssertionError when they differ, with what is gone, what is new and the way to accept the change
     */
    public fun check(classes: File, expected: File, update: Boolean = updateIsWanted()) {
        val actual = of(classes)
        if (update) {
            expected.parentFile.mkdirs()
            expected.writeText(actual)
            return
        }
        val onFile = if (expected.isFile) expected.readText() else ""
        if (onFile == actual) return
        val line = firstDifference(onFile.lines(), actual.lines())
        val (gone, new) = onFile.lines().minus(actual.lines().toSet()) to actual.lines().minus(onFile.lines().toSet())
        val changes = gone.map { "  - ${it.trim()}" } + new.map { "  + ${it.trim()}" }
        val rest = if (changes.size > SHOWN_MAX) listOf("  and ${changes.size - SHOWN_MAX} more") else emptyList()
        throw AssertionError(
            "public API differs from ${expected.name} at line ${line + 1}: ${gone.size} lines gone, ${new.size} new\n" +
                (changes.take(SHOWN_MAX) + rest).joinToString("\n") +
                "\nIf the change is meant, write the file anew and commit it:\n" +
                "  mvn -f kotlin-bindings test -pl ${expected.nameWithoutExtension} -am -Dtest='*ContractTest' " +
                "-Dsurefire.failIfNoSpecifiedTests=false -D$UPDATE_PROPERTY=true",
        )
    }

    private fun updateIsWanted(): Boolean = System.getProperty(UPDATE_PROPERTY) == "true"

    private fun firstDifference(a: List<String>, b: List<String>): Int {
        val shared = minOf(a.size, b.size)
        return (0 until shared).firstOrNull { a[it] != b[it] } ?: shared
    }
}
