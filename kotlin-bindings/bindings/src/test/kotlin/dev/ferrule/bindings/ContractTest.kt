package dev.ferrule.bindings

import dev.ferrule.apicheck.AndroidApi
import dev.ferrule.apicheck.ApiDump
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File

/** What this module promises to those who link to it, and to the devices that it runs on (contracts 7). */
class ContractTest {
    private val classes = File(NativeLibrary::class.java.protectionDomain.codeSource.location.toURI())
    private val module: File = generateSequence(classes) { it.parentFile }.first { File(it, "pom.xml").isFile }

    @TempDir
    lateinit var folder: File

    /** Our own classes, without the generated ones. */
    private fun ours(): File = File(folder, "ours").also { copy ->
        classes.copyRecursively(copy)
        File(copy, "dev/ferrule/uniffi").deleteRecursively()
    }

    @Test
    fun thePublicApiIsTheOneOnFile() = ApiDump.check(ours(), File(module, "api/bindings.api"))

    @Test
    fun ourClassesUseOnlyWhatAndroidOffers() {
        val jars = ChildJvm.classPath.map(::File).filter { it.exists() && it != classes }
        AndroidApi.check(ours(), jars + File(classes, "dev/ferrule/uniffi").parentFile.parentFile.parentFile)
    }

    @Test
    fun everyCodeHasAnEntryInTheListOfCodes() {
        val page = generateSequence(module) { it.parentFile }.map { File(it, "docs/codes.md") }.first { it.isFile }
        val entries = page.readLines().filter { it.startsWith("## ") }.map { it.removePrefix("## ").trim() }.toSet()
        val sources = File(module, "src/main").walkTopDown().filter { it.extension == "kt" }
        val codes = sources.flatMap { Regex("\"(FFI_[A-Z_]+)\"").findAll(it.readText()) }.map { it.groupValues[1] }.toSet()
        assertEquals(emptySet<String>(), codes - entries)
    }

    @Test
    fun theShrinkerRulesKeepEveryClassThatNativeCodeNames() {
        val rules = File(module, "src/main/resources/META-INF/proguard/ferrule.pro").readText()
        assertEquals(true, "-keep @dev.ferrule.bindings.CalledFromNative class dev.ferrule.bindings.**" in rules)
        val named = listOf(NativeBridge::class, NativeLogSink::class, NativeIconSource::class, NativeIconListener::class)
        for (type in named.map { it.java }) {
            // Of binary retention, so read from the class file.
            val bytes = File(classes, type.name.replace('.', '/') + ".class").readBytes().toString(Charsets.ISO_8859_1)
            assertEquals(true, "Ldev/ferrule/bindings/CalledFromNative;" in bytes, type.name)
        }
    }
}
