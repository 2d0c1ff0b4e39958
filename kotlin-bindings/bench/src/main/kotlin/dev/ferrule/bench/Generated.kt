package dev.ferrule.bench

import dev.ferrule.bindings.ControlPlane
import dev.ferrule.uniffi.Abi
import dev.ferrule.uniffi.DeviceFacts
import dev.ferrule.uniffi.OsCompat
import dev.ferrule.uniffi.Probes
import dev.ferrule.uniffi.PropertyOrigin
import dev.ferrule.uniffi.RuntimeState
import dev.ferrule.uniffi.Switch
import dev.ferrule.uniffi.Tri

/** The same question by the generated bindings. */
internal object Generated {
    @JvmStatic
    fun prepare() = ControlPlane.require()

    /** Identity and effects of a map; the number of reasons. */
    @JvmStatic
    fun ask(properties: Map<String, String>): Int {
        val probes = Probes(Tri.PRESENT, Tri.PRESENT, Tri.PRESENT)
        val facts = DeviceFacts(12u, null, null, Abi.ARM64, 440u, PropertyOrigin.LIVE_DEVICE)
        val calm = RuntimeState(0u, false, 0u, Switch.UNKNOWN, false, false, Switch.UNKNOWN, 1f, false)
        return OsCompat.fromPairs(properties, probes, facts).use {
            it.identity().reasons.size + it.effects(calm).reasons.size
        }
    }
}
