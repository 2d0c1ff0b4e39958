package dev.ferrule.android.trace

import android.os.Build
import android.util.Log
import dev.ferrule.android.OnAndroid
import dev.ferrule.guard.Answerer
import dev.ferrule.guard.CandidateFactory
import dev.ferrule.guard.Rollout
import dev.ferrule.guard.Stage
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Before
import org.junit.Test
import org.robolectric.shadows.ShadowLog
import org.robolectric.shadows.ShadowTrace

/** Both parties' slices, by name and in order, also where one throws; and lines in logcat (rollout 4.3). */
class SystemTracerTest : OnAndroid() {
    private val rollout = Rollout().apply { tracer = SystemTracer }
    private val feature = rollout.feature("icon_cache", CandidateFactory { Answerer<Int, Int> { it } }).register()

    @Before
    fun trace() = ShadowTrace.setEnabled(true)

    private fun sections(): List<String> = ShadowTrace.getPreviousSections().toList()

    @Test
    fun `live the candidate has its slice`() {
        rollout.setStage(feature, Stage.LIVE)
        assertEquals(7, rollout.call(feature, 7) { 8 })
        assertEquals(listOf("rr:icon_cache C"), sections())
    }

    @Test
    fun `a slice ends with what is thrown, which comes unchanged`() {
        rollout.setStage(feature, Stage.SHADOW)
        val thrown = IllegalArgumentException("legacy's own")
        assertEquals(thrown, assertThrows(IllegalArgumentException::class.java) { rollout.call(feature, 1) { throw thrown } })
        assertEquals(listOf("rr:icon_cache L"), sections())
    }

    @Test
    fun `a comparison that is made later is a slice over threads`() {
        SystemTracer.beginAsync("rr:shadow", 7)
        SystemTracer.counter("rr.queue", 1)
        SystemTracer.endAsync("rr:shadow", 7)
        assertEquals(Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q, ShadowTrace.getPreviousAsyncSections().isNotEmpty())
    }

    @Test
    fun `a change is a line in logcat`() {
        LogcatLog.log("RO_KILLED", "icon_cache", "RO_KILLED icon_cache: live to off")
        val line = ShadowLog.getLogsForTag("Ferrule").single()
        assertEquals(Log.INFO to "RO_KILLED icon_cache: live to off", line.type to line.msg)
    }
}
