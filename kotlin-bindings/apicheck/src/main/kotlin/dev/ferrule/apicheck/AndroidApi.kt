package dev.ferrule.apicheck

import org.codehaus.mojo.animal_sniffer.ClassListBuilder
import org.codehaus.mojo.animal_sniffer.SignatureChecker
import org.codehaus.mojo.animal_sniffer.logging.Logger
import java.io.File

/**
 * Whether classes use only what Android offers them (contracts 7).
 *
 * The signature is that of API 26, the highest published one and below our minSdk of 28. The JDK that runs the tests
 * has far more than that, so no other test would notice a use of, say, `VarHandle` (API 33).
 */
public object AndroidApi {
    private const val SIGNATURE = "/android-api.signature"

    /**
     * Every use of something outside the signature in the class files under [classes], one sentence each.
     *
     * Classes under [classes] and [dependencies] (class folders or jars) may be used freely, and so may `kotlin.*` and
     * [packages], as `android.*`: a module that asks for the API level before it calls has its own tests for that.
     */
    public fun violations(
        classes: File,
        dependencies: List<File> = emptyList(),
        packages: List<String> = emptyList(),
    ): List<String> {
        val found = mutableListOf<String>()
        val logger = Collector(found)
        val own = ClassListBuilder(logger).apply { (dependencies + classes).forEach { process(it) } }
        val signature = checkNotNull(javaClass.getResourceAsStream(SIGNATURE)) { "no $SIGNATURE on the class path" }
        signature.use {
            val checker = SignatureChecker(it, own.packages + "kotlin.*" + packages, logger)
            checker.setSourcePath(emptyList())
            checker.process(classes)
        }
        return found
    }

    /** @throws AssertionError listing all [violations] if there are any */
    public fun check(classes: File, dependencies: List<File> = emptyList(), packages: List<String> = emptyList()) {
        val found = violations(classes, dependencies, packages)
        if (found.isNotEmpty()) {
            throw AssertionError("not on Android API 26:\n" + found.joinToString("\n") { "  $it" })
        }
    }

    private class Collector(private val found: MutableList<String>) : Logger {
        override fun info(message: String?) = Unit
        override fun info(message: String?, t: Throwable?) = Unit
        override fun debug(message: String?) = Unit
        override fun debug(message: String?, t: Throwable?) = Unit
        override fun warn(message: String?) = error(message)
        override fun warn(message: String?, t: Throwable?) = error(message)
        override fun error(message: String?) {
            found += message.orEmpty()
        }

        override fun error(message: String?, t: Throwable?) = error("$message: $t")
    }
}
