package dev.ferrule.android.os

import android.os.SystemProperties
import dev.ferrule.os4.PropertySource

/** The device's own properties. A key that the system does not let this process read is absent, and so is an empty one. */
public object DeviceProperties : PropertySource {
    override fun get(key: String): String? = SystemProperties.get(key).takeIf { it.isNotEmpty() }
}
