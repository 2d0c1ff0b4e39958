package dev.ferrule.legacy.icons

import dev.ferrule.legacy.icons.tool.IconCaseJudge
import dev.ferrule.legacy.launcher.ConformanceData
import dev.ferrule.legacy.launcher.tool.string
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path

/** The legacy icon cache answers every recorded case as AOSP's own did (icon-cache B, C, H, peer K1–K18). */
class IconCasesTest {
    @TempDir
    private lateinit var directory: Path

    @TestFactory
    fun answersAsAospsCache(): List<DynamicTest> = ConformanceData.lines("icons/peer/icon_cases.jsonl").map { case ->
        dynamicTest(case.string("id")) {
            val place = Files.createTempDirectory(directory, "case").toFile()
            assertEquals("", IconCaseJudge.differences(case, place).joinToString("\n"))
            place.deleteRecursively()
        }
    }
}
