package dev.ferrule.android.device

import android.app.Activity
import android.app.Instrumentation
import android.content.Context
import android.os.Bundle
import org.junit.runner.Description
import org.junit.runner.JUnitCore
import org.junit.runner.notification.Failure
import org.junit.runner.notification.RunListener

/**
 * Runs [DeviceChecks] on a device, without androidx: `adb shell am instrument -w -r dev.ferrule.test/dev.ferrule.android.device.FerruleInstrumentation`.
 *
 * It says what `am instrument -r` and test runners read: a status at the start and the end of each test. No device ran it here;
 * it is compiled with the tests, and [FerruleInstrumentationTest] runs it without one.
 */
open class FerruleInstrumentation : Instrumentation() {
    /** [DeviceChecks] with the package under test. */
    class OnDevice : DeviceChecks() {
        override val context: Context get() = checkNotNull(target)
    }

    override fun onCreate(arguments: Bundle?) {
        super.onCreate(arguments)
        target = targetContext
        start()
    }

    override fun onStart() {
        super.onStart()
        runChecks()
    }

    internal fun runChecks() {
        val runner = JUnitCore().apply { addListener(Reporter()) }
        val result = runner.run(OnDevice::class.java)
        val summary = "${result.runCount - result.failureCount} passed, ${result.failureCount} failed"
        finish(
            if (result.wasSuccessful()) Activity.RESULT_OK else Activity.RESULT_CANCELED,
            Bundle().apply { putString(REPORT_KEY_STREAMRESULT, summary) },
        )
    }

    private inner class Reporter : RunListener() {
        private var failure: Failure? = null

        override fun testStarted(description: Description) {
            failure = null
            sendStatus(STARTED, bundle(description))
        }

        override fun testFailure(failure: Failure) {
            this.failure = failure
        }

        override fun testFinished(description: Description) {
            val status = bundle(description)
            failure?.let { status.putString("stack", it.trace) }
            sendStatus(if (failure == null) PASSED else FAILED, status)
        }

        private fun bundle(description: Description) = Bundle().apply {
            putString(REPORT_KEY_IDENTIFIER, "FerruleInstrumentation")
            putString("class", description.className)
            putString("test", description.methodName)
        }
    }

    internal companion object {
        const val STARTED = 1
        const val PASSED = 0
        const val FAILED = -2

        /** Whose package the checks run in. */
        var target: Context? = null
    }
}
