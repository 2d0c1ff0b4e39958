package dev.ferrule.guard

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test
import java.io.IOException

/** Writes: both sides do them, in the order of section 2.2, and what leaves them apart is told (R10, R35, R38). */
class WritesTest {
    private class Rejected : IOException("nothing was changed"), NotApplied

    private val order = ArrayList<String>()
    private val apart = ArrayList<String>()
    private var candidateThrows: Throwable? = null
    private var legacyThrows: Throwable? = null
    private val rollout = Rollout()
    private val mirror = object : WriteMirror<String> {
        override fun unknown(input: String, failure: Throwable?) {
            apart += "unknown $input ${failure?.javaClass?.simpleName}"
            if (input == "hostile") throw OutOfMemoryError("made")
        }

        override fun behind(input: String, failure: Throwable) {
            apart += "behind $input ${failure.javaClass.simpleName}"
            if (input == "hostile") error("mirror")
        }
    }
    private val feature = rollout.feature<String, String>("writes", {
        Answerer {
            order += "C"
            candidateThrows?.let { throw it }
            "candidate"
        }
    }).bucket(0).later { it }.writes(mirror).register()

    private fun write(stage: Stage, input: String = "key"): String {
        order.clear()
        apart.clear()
        if (stage == Stage.CANARY) rollout.setCanary(feature, 1) else rollout.setStage(feature, stage)
        return rollout.call(feature, input) {
            order += "L"
            legacyThrows?.let { throw it }
            "legacy"
        }
    }

    @Test
    fun `who writes, and in which order, is the stage's`() {
        val rows = mapOf(
            Stage.OFF to "L", Stage.LOAD to "L", Stage.SHADOW to "LC", Stage.CANARY to "CL", Stage.LIVE to "CL",
            Stage.RETIRE to "CL", Stage.COMPLETE to "C",
        )
        for ((stage, expected) in rows) {
            val answer = write(stage)
            assertEquals(expected, order.joinToString(""), "$stage")
            assertEquals(if (stage >= Stage.CANARY) "candidate" else "legacy", answer)
            assertEquals(emptyList<String>(), apart)
        }
    }

    @Test
    fun `a candidate that failed leaves the write to legacy, and unless it says so nobody knows what it did`() {
        for ((thrown, told) in listOf(Rejected() to null, IOException() to "unknown key IOException", Error() to "unknown key Error")) {
            candidateThrows = thrown
            assertEquals("legacy", write(Stage.LIVE))
            assertEquals("CL", order.joinToString(""))
            assertEquals(listOfNotNull(told), apart)
        }
    }

    @Test
    fun `legacy that cannot follow does not fail the write`() {
        legacyThrows = IOException("disk full")
        assertEquals("candidate", write(Stage.LIVE))
        assertEquals(listOf("behind key IOException"), apart)
        assertEquals("candidate", write(Stage.LIVE, "hostile"))
        assertEquals(1, rollout.harnessErrors)
        candidateThrows = IllegalStateException()
        assertSame(legacyThrows, assertThrows(IOException::class.java) { write(Stage.LIVE) })
        legacyThrows = null
        assertEquals("legacy", write(Stage.LIVE, "hostile"))
    }

    @Test
    fun `a write that legacy refuses and the candidate takes is a mismatch, where it is sampled`() {
        val decisions = ArrayList<Decision>()
        val rollout = Rollout { decisions += it }
        val told = ArrayList<Int>()
        val mirror = object : WriteMirror<Int> {
            override fun unknown(input: Int, failure: Throwable?) = Unit
            override fun behind(input: Int, failure: Throwable) {
                told += input
            }
        }
        fun written(feature: Feature<Int, String>, input: Int) = rollout.call(feature, input) { if (it == 22) throw IOException("full") else "same" }
        fun feature(every: Int) = rollout.feature<Int, String>("f", { Answerer { "same" } }).sample(1, every).writes(mirror).register()
            .also { rollout.setStage(it, Stage.LIVE) }
        val sampled = feature(every = 1)
        val seldom = feature(every = 1_000_000)
        for (input in 1..21) for (each in listOf(sampled, seldom)) assertEquals("same", written(each, input))
        assertEquals("same", written(seldom, 22))
        assertEquals(Stage.LIVE to Outcome.ANSWERED, seldom.stage to decisions.last().outcome)
        assertEquals("same", written(sampled, 22), "the caller has the candidate's answer")
        assertEquals(Stage.SHADOW to Outcome.LEGACY_THREW, sampled.stage to decisions.last().outcome)
        assertEquals(listOf(22, 22), told)
    }
}
