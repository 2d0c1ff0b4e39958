package dev.ferrule.android.device

import android.app.Activity
import android.os.Bundle
import dev.ferrule.android.OnAndroid
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Test
import org.robolectric.annotation.Config

/** The runner of the checks on a device, with Robolectric's framework for the device. */
@Config(sdk = [28, 33, 34, 35])
class FerruleInstrumentationTest : OnAndroid() {
    private class Heard : FerruleInstrumentation() {
        val statuses = ArrayList<Pair<Int, String?>>()
        var end: Pair<Int, String?>? = null

        override fun sendStatus(resultCode: Int, results: Bundle) {
            statuses += resultCode to results.getString("test")
        }

        override fun finish(resultCode: Int, results: Bundle) {
            end = resultCode to results.getString(REPORT_KEY_STREAMRESULT)
        }
    }

    @After
    fun forgetTarget() {
        FerruleInstrumentation.target = null
    }

    @Test
    fun `each check is told of when it begins and when it ends, and the run says how many passed`() {
        FerruleInstrumentation.target = app
        val heard = Heard().apply { runChecks() }
        val checks = DeviceChecks::class.java.declaredMethods.filter { it.isAnnotationPresent(Test::class.java) }.map { it.name }
        val expected = checks.flatMap { listOf(FerruleInstrumentation.STARTED to it, FerruleInstrumentation.PASSED to it) }
        assertEquals(expected.toSet(), heard.statuses.toSet())
        assertEquals(expected.size, heard.statuses.size)
        assertEquals(Activity.RESULT_OK to "${checks.size} passed, 0 failed", heard.end)
    }

    @Test
    fun `without a package under test every check fails and says so`() {
        val heard = Heard().apply { runChecks() }
        assertEquals(Activity.RESULT_CANCELED, heard.end?.first)
        assertEquals(setOf(FerruleInstrumentation.STARTED, FerruleInstrumentation.FAILED), heard.statuses.map { it.first }.toSet())
    }
}
