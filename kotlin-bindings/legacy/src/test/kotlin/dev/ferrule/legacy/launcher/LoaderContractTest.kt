package dev.ferrule.legacy.launcher

import dev.ferrule.apicheck.AndroidApi
import dev.ferrule.apicheck.ApiDump
import org.junit.jupiter.api.Test
import java.io.File

/** What the legacy module promises to those who link to it. */
class LoaderContractTest {
    private val classes = File(LegacyLoader::class.java.protectionDomain.codeSource.location.toURI())
    private val module = generateSequence(classes) { it.parentFile }.first { File(it, "build.gradle.kts").isFile }

    @Test
    fun `public API is the one on file`() = ApiDump.check(classes, File(module, "api/legacy.api"))

    @Test
    fun `uses only what Android offers`() = AndroidApi.check(classes)
}
