package dev.ferrule.android.os

import android.app.ActivityManager
import android.content.Context
import android.os.Build
import android.os.Process
import dev.ferrule.os4.Abi
import dev.ferrule.os4.DeviceFacts
import dev.ferrule.os4.Probe

/**
 * Reads what the OS checks want to know of the device besides its properties. What a call does not answer is unknown, and
 * unknown never enables anything.
 */
public object DeviceReader {
    private const val RUST_RUNTIME = "hyperos.rustruntime."

    /** Sizes in GiB that phones are sold with; what is larger is rounded up to a full GiB. */
    private val SOLD_GIB = intArrayOf(1, 2, 3, 4, 6, 8, 10, 12, 16, 18, 20, 24, 32)

    /** Xiaomi's own answer in GiB, which its launcher's tiers go by. */
    private val xiaomiMemory = ReflectionProbe("miui.util.HardwareInfo", "getTotalPhysicalMemory")

    /** What is known of this device, a live one. Asks the package manager and the activity manager, once each. */
    @JvmStatic
    public fun read(context: Context): DeviceFacts = DeviceFacts.Builder().apply {
        liveDevice(true)
        ramGib(context)?.let(::ramGib)
        attempt { context.resources.configuration.densityDpi }?.takeIf { it > 0 }?.let(::densityDpi)
        abi(processAbi())
        val libraries = attempt { context.packageManager.systemSharedLibraryNames }?.toSet()
        rustRuntimeV3(probe(libraries, "v3"))
        rustRuntimeV4(probe(libraries, "v4"))
        rustRuntimeV5(probe(libraries, "v5"))
    }.build()

    /** Memory in GiB as sold, or null. */
    internal fun ramGib(context: Context): Int? {
        val manager = attempt { context.getSystemService(ActivityManager::class.java) }
        val info = attempt { manager?.let { ActivityManager.MemoryInfo().apply(it::getMemoryInfo) } }
        val advertised = if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.UPSIDE_DOWN_CAKE) info?.advertisedMem else null
        val bytes = advertised?.takeIf { it > 0 } ?: info?.totalMem?.takeIf { it > 0 } ?: xiaomiMemory.number()
        return bytes?.takeIf { it > 0 }?.let(::soldGib)
    }

    /** The size that a phone with so many bytes is sold as: firmware keeps some for itself, and shops count in powers of ten. */
    internal fun soldGib(bytes: Long): Int {
        val gib = ((bytes - 1) shr 30) + 1
        return SOLD_GIB.firstOrNull { it >= gib } ?: gib.coerceAtMost(Int.MAX_VALUE.toLong()).toInt()
    }

    private fun probe(libraries: Set<String>?, version: String): Probe = when {
        // No system is without any library: then the package manager did not answer.
        libraries.isNullOrEmpty() -> Probe.UNKNOWN
        RUST_RUNTIME + version in libraries -> Probe.PRESENT
        else -> Probe.ABSENT
    }

    /** Of this process, which may be a 32-bit one on a 64-bit device. */
    private fun processAbi(): Abi {
        val abis = attempt { if (Process.is64Bit()) Build.SUPPORTED_64_BIT_ABIS else Build.SUPPORTED_32_BIT_ABIS }
        return Abi.of(abis?.firstOrNull() ?: Build.SUPPORTED_ABIS.firstOrNull())
    }
}

/** What [block] answers; null for whatever it throws: a platform call that fails is one that was not answered. */
internal inline fun <T> attempt(block: () -> T): T? = try {
    block()
} catch (_: Exception) {
    null
} catch (_: LinkageError) {
    null
}
