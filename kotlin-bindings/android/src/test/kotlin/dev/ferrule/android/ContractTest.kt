package dev.ferrule.android

import dev.ferrule.android.home.SqliteRowSource
import dev.ferrule.apicheck.AndroidApi
import dev.ferrule.apicheck.ApiDump
import dev.ferrule.bindings.NativeLibrary
import dev.ferrule.guard.Rollout
import org.junit.Test
import java.io.File

/** What this module promises to those who link to it, and to the devices that it runs on (contracts 7). */
class ContractTest {
    private fun home(type: Class<*>) = File(type.protectionDomain.codeSource.location.toURI())

    private val classes = home(SqliteRowSource::class.java)
    private val module: File = generateSequence(classes) { it.parentFile }.first { File(it, "pom.xml").isFile }

    @Test
    fun `the public API is the one on file`() = ApiDump.check(classes, File(module, "api/android.api"))

    /** Of `android.*` every API level has tests of its own. */
    @Test
    fun `of Java our classes use only what Android offers`() =
        AndroidApi.check(classes, listOf(Rollout::class.java, NativeLibrary::class.java).map(::home), listOf("android.*"))
}
