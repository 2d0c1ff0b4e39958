package dev.ferrule.os4

import java.io.File

/** Made-up phones. */
internal object Samples {
    val os4: Map<String, String> = mapOf(
        "persist.sys.advanced_visual_release" to "5",
        "persist.sys.background_blur_supported" to "true",
        "ro.build.version.incremental" to "OS4.0.9.0.XZZCNXM",
        "ro.build.version.sdk" to "37",
        "ro.mi.os.version.code" to "4",
        "ro.mi.os.version.name" to "OS4.0",
        "ro.surface_flinger.supports_background_blur" to "1",
    )

    /** Declares 4 over a system that is 3. */
    val spoofed: Map<String, String> = os4 + mapOf(
        "ro.build.version.incremental" to "OS3.0.5.0.WZZCNXM",
        "ro.build.version.sdk" to "36",
    )

    /** The [os4] phone among [size] properties. */
    fun amongOthers(size: Int): Map<String, String> =
        os4 + (os4.size until size).associate { "vendor.made.up.property.$it" to "value $it" }

    val facts: DeviceFacts = DeviceFacts.Builder().ramGib(12).cpuLevel(6).gpuLevel(5).abi(Abi.ARM64).densityDpi(440)
        .liveDevice(true).rustRuntimeV3(Probe.PRESENT).rustRuntimeV4(Probe.ABSENT).rustRuntimeV5(Probe.PRESENT).build()

    fun decide(properties: Map<String, String> = os4, state: RuntimeState = RuntimeState.CALM): OsAnswer =
        OsAnswer(OsCalls.decide(PropertySource.of(properties), facts, state))

    /** A file both languages test against. */
    fun golden(name: String): ByteArray = File(System.getProperty("ferrule.golden"), name).readBytes()
}
