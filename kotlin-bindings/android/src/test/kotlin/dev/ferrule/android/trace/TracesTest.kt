package dev.ferrule.android.trace

import dev.ferrule.android.OnAndroid
import dev.ferrule.guard.Answerer
import dev.ferrule.guard.CandidateFactory
import dev.ferrule.guard.Rollout
import dev.ferrule.guard.Stage
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Before
import org.junit.Test
import org.robolectric.shadows.ShadowTrace

/** Both parties' slices, by name and in order, also where one throws (rollout 4.3). */
class TracesTest : OnAndroid() {
    @Before
    fun trace() = ShadowTrace.setEnabled(true)

    private fun sections(): List<String> = ShadowTrace.getPreviousSections().toList()

    @Test
    fun `in shadow legacy has its slice and then the candidate`() {
        val rollout = Rollout()
        val feature = rollout.feature("icon_cache", Traces.candidate("icon_cache", CandidateFactory { Answerer<Int, Int> { it } })).register()
        rollout.setStage(feature, Stage.SHADOW)
        assertEquals(7, rollout.call(feature, 7, Traces.legacy("icon_cache", Answerer { it })))
        assertEquals(listOf("rr:icon_cache L", "rr:icon_cache C"), sections())
    }

    @Test
    fun `a slice ends with what is thrown, which comes unchanged`() {
        val thrown = IllegalArgumentException("legacy's own")
        val legacy = Traces.legacy("a", Answerer<Int, Int> { throw thrown })
        assertEquals(thrown, assertThrows(IllegalArgumentException::class.java) { legacy.answer(1) })
        assertEquals(listOf("rr:a L"), sections())
    }

    @Test
    fun `a name that is too long for the system is cut before its party`() {
        val label = Traces.label("x".repeat(200), " C")
        assertEquals(127, label.length)
        assertEquals(" C", label.takeLast(2))
    }
}
