package dev.ferrule.guard

import dev.ferrule.apicheck.AndroidApi
import dev.ferrule.apicheck.ApiDump
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import java.io.File

/** What this module promises to those who link to it. */
class ContractTest {
    private val classes = File(Rollout::class.java.protectionDomain.codeSource.location.toURI())
    private val module: File = generateSequence(classes) { it.parentFile }.first { File(it, "build.gradle.kts").isFile }

    @Test
    fun `public API is the one on file`() = ApiDump.check(classes, File(module, "api/guard.api"))

    @Test
    fun `uses only what Android offers`() = AndroidApi.check(classes)

    @Test
    fun `depends on nothing but the Kotlin standard library`() {
        val pom = File(module, "pom.xml").readText()
        val dependencies = Regex("<dependency>(.*?)</dependency>", RegexOption.DOT_MATCHES_ALL)
            .findAll(pom.substringAfter("<dependencies>"))
            .map { it.groupValues[1] }
            .filter { "<scope>test</scope>" !in it }
            .map { it.substringAfter("<artifactId>").substringBefore("</artifactId>") }
            .toList()
        assertEquals(listOf("kotlin-stdlib"), dependencies)
    }

    @Test
    fun `has no native method and loads no library`() {
        val offenders = classes.walkTopDown().filter { it.extension == "class" }.filter { file ->
            val bytes = file.readBytes().toString(Charsets.ISO_8859_1)
            "loadLibrary" in bytes || "java/lang/Runtime" in bytes
        }
        assertEquals(emptyList<File>(), offenders.toList())
    }

    @Test
    fun `every reason has an entry in the list of codes`() {
        val page = generateSequence(module) { it.parentFile }.map { File(it, "docs/codes.md") }.first { it.isFile }
        val headings = page.readLines().filter { it.startsWith("## ") }.map { it.removePrefix("## ").trim() }
        val missing = ReasonCode.values().map { it.code } - headings.toSet()
        assertEquals(emptyList<String>(), missing)
    }
}
