package dev.ferrule.legacy.launcher

import dev.ferrule.legacy.launcher.tool.CaseRunner
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory

/** The legacy loader gives Launcher3's own answer for every case, in every member (SPEC-06..13, peer C1–C22). */
class LoaderCasesTest {
    @TestFactory
    fun answersAsLauncher3(): List<DynamicTest> = ConformanceData.loaderCases().map { case ->
        dynamicTest(case.id) {
            val differences = differences(case.output, runner.run(case.input))
            assertEquals("", differences.joinToString("\n"))
        }
    }

    private companion object {
        val runner = CaseRunner()

        @JvmStatic
        @AfterAll
        fun close() = runner.close()
    }
}
