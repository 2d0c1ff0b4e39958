package dev.ferrule.android.device

import android.content.Context
import dev.ferrule.android.PrivateLibrary
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

/** [DeviceChecks] under Robolectric. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [28, 33, 34, 35])
class DeviceChecksTest : DeviceChecks() {
    init {
        PrivateLibrary.name()
    }

    override val context: Context get() = RuntimeEnvironment.getApplication()
}
