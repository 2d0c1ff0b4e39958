package dev.ferrule.demo.guide

import dev.ferrule.guard.Stage
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File

/** The examples of docs/guide/os4.md compile, do what the page says, and are on the page word for word. */
class GuideTest {
    private val os4 = mapOf(
        "ro.mi.os.version.code" to "4",
        "ro.mi.os.version.name" to "OS4.0",
        "ro.build.version.incremental" to "OS4.0.16.0.XZZCNXM",
        "ro.build.version.sdk" to "37",
    )
    private val spoofed = os4 + ("ro.build.version.incremental" to "OS3.0.16.0.WZZCNXM")

    @Test
    fun `the page shows exactly these sources`() {
        val page = File("../../docs/guide/os4.md").readText()
        val sources = listOf("kotlin/dev/ferrule/demo/guide/LauncherOs4.kt", "java/dev/ferrule/demo/guide/SystemUiOs4.java")
        for (source in sources) {
            val language = source.substringBefore('/')
            assertTrue("```$language\n${File("src/test/$source").readText()}```" in page, "$source is not on the page")
        }
    }

    @Test
    fun `the launcher moves stage by stage`() {
        val log = mutableListOf<String>()
        val launcher = LauncherOs4(spoofed::get, ownCheck = { true }, log = { log += it })
        assertTrue(launcher.isOs4())
        launcher.moveTo(Stage.SHADOW)
        assertTrue(launcher.isOs4(), "legacy answers in SHADOW")
        assertTrue("MISMATCH" in log.last(), log.toString())
        launcher.moveTo(Stage.LIVE)
        assertEquals(false, launcher.isOs4(), "Ferrule is not taken in by one property")
        assertTrue(LauncherOs4(os4::get, { false }, {}).apply { moveTo(Stage.LIVE) }.isOs4())
    }

    @Test
    fun `one device in a hundred`() {
        assertTrue(SystemUiOs4(9) { false }.isOs4(os4))
        assertEquals(false, SystemUiOs4(10) { false }.isOs4(os4))
        val killed = SystemUiOs4(9) { false }
        killed.kill()
        assertEquals(false, killed.isOs4(os4))
        assertEquals(Stage.CANARY, killed.stage())
    }
}
