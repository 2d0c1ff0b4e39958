package dev.ferrule.bindings

import java.io.File
import java.util.concurrent.TimeUnit

/** What a JVM of its own did. */
internal class ChildResult(val exit: Int, val output: String)

/** Runs a `main` of the test classes in a JVM of its own, for what cannot be tried in this one. */
internal object ChildJvm {
    val classPath: List<String> = System.getProperty("java.class.path").split(File.pathSeparatorChar)

    /** The class path without the jars whose name begins with one of [names]. */
    fun classPathWithout(vararg names: String): List<String> =
        classPath.filter { entry -> names.none { File(entry).name.startsWith(it) } }

    /** How such a JVM is started. */
    fun command(
        mainClass: String,
        vararg arguments: String,
        jvm: List<String> = emptyList(),
        classPath: List<String> = this.classPath,
    ): List<String> {
        val java = File(System.getProperty("java.home"), "bin/java").path
        val inherited = listOf(NativeLibrary.FILE_PROPERTY, "ferrule.crashtest", "ferrule.golden")
            .mapNotNull { name -> System.getProperty(name)?.let { "-D$name=$it" } }
        return listOf(java, "-cp", classPath.joinToString(File.pathSeparator)) + inherited + jvm + mainClass + arguments
    }

    fun run(
        mainClass: String,
        vararg arguments: String,
        jvm: List<String> = emptyList(),
        classPath: List<String> = this.classPath,
    ): ChildResult = run(command(mainClass, *arguments, jvm = jvm, classPath = classPath))

    /** Runs a whole command, of a JVM under something that limits it. */
    fun run(command: List<String>): ChildResult {
        val output = File.createTempFile("child", ".txt")
        try {
            val process = ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start()
            // Only for a child that hangs: on a busy machine nothing is quick.
            if (!process.waitFor(15, TimeUnit.MINUTES)) {
                process.destroyForcibly().waitFor()
                throw AssertionError("${command.last()} did not end:\n${output.readText()}")
            }
            return ChildResult(process.exitValue(), output.readText())
        } finally {
            output.delete()
        }
    }
}
