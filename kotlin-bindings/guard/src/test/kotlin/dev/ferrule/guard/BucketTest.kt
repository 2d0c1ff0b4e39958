package dev.ferrule.guard

import com.google.gson.JsonParser
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import java.io.File

/** R12–R14 against the golden vectors that both languages share. */
class BucketTest {
    @TestFactory
    fun `golden vectors`(): List<DynamicTest> {
        val root = generateSequence(File("").absoluteFile) { it.parentFile }.first { File(it, "settings.gradle.kts").isFile }
        val data = System.getenv("FERRULE_CONFORMANCE_DIR")?.let(::File) ?: root.resolve("../shared/data")
        val file = data.resolve("rollout/bucket_vectors.json")
        assumeTrue(file.isFile || System.getenv("CI") != null, "no conformance data")
        val vectors = JsonParser.parseString(file.readText()).asJsonObject.getAsJsonArray("vectors").map { it.asJsonObject }
        assertTrue(vectors.isNotEmpty())
        return vectors.mapIndexed { at, vector ->
            val (salt, unit) = vector["salt"].asString to vector["unit"].asString
            dynamicTest("#$at ${salt.take(20)}") { assertEquals(vector["bucket"].asInt, Bucket.of(salt, unit)) }
        }
    }

    @Test
    fun `a unit is 32 lower-case hex digits`() {
        for (unit in listOf("", "0".repeat(31), "0".repeat(33), "A".repeat(32), "g".repeat(32), "é".repeat(32))) {
            assertThrows(IllegalArgumentException::class.java) { Bucket.of("x", unit) }
        }
    }

    @Test
    fun `a window that grows drops nobody and does not wrap`() {
        for (bucket in 0 until Bucket.COUNT step 7) {
            for (start in listOf(0, 250, 999, 1000)) {
                val inside = (0..Bucket.COUNT).map { Bucket.isIn(bucket, start, it) }
                assertEquals(inside.sorted(), inside, "bucket $bucket from $start")
            }
        }
        assertTrue(!Bucket.isIn(0, 999, 1000))
        for (count in listOf(-1, 1001, Int.MAX_VALUE)) assertTrue(!Bucket.isIn(0, 0, count))
    }
}
