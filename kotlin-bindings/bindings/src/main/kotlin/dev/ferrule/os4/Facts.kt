package dev.ferrule.os4

/** Where properties are read: `SystemProperties` on a device, a map in tests and tools. */
public fun interface PropertySource {
    /** The value of [key], or null (or an empty text) if there is none. May throw: the key then counts as absent. */
    public fun get(key: String): String?

    public companion object {
        /** Reads a map. */
        @JvmStatic
        public fun of(properties: Map<String, String>): PropertySource = PropertySource { properties[it] }
    }
}

/** An answer that may not be there. Unknown never enables anything. The order is the packed number. */
public enum class Probe {
    /** Nobody could tell. */
    UNKNOWN,

    /** It is there. */
    PRESENT,

    /** It is known not to be there. */
    ABSENT,
}

/** A switch that may not be readable. The order is the packed number. */
public enum class Switch {
    /** It could not be read; caps nothing. */
    UNKNOWN,

    /** On. */
    ON,

    /** Off. */
    OFF,
}

/** The processor of the process that would host the native launcher. The order is the packed number. */
public enum class Abi {
    /** Nobody could tell. */
    UNKNOWN,

    /** `arm64-v8a`, the only one that the native launcher is built for. */
    ARM64,

    /** Any other. */
    OTHER,
    ;

    public companion object {
        /** Reads Android's name of an ABI, as in `Build.SUPPORTED_ABIS[0]`. */
        @JvmStatic
        public fun of(name: String?): Abi = when (name?.trim()) {
            null, "" -> UNKNOWN
            "arm64-v8a" -> ARM64
            else -> OTHER
        }
    }
}

/**
 * What a caller knows of the device besides its properties. Everything that is not set is unknown, and unknown never
 * enables anything.
 *
 * ```java
 * DeviceFacts facts = new DeviceFacts.Builder().ramGib(12).densityDpi(440).liveDevice(true).build();
 * ```
 */
public class DeviceFacts private constructor(builder: Builder) {
    internal val ramGib: Int = builder.ramGib
    internal val cpuLevel: Int = builder.cpuLevel
    internal val gpuLevel: Int = builder.gpuLevel
    internal val densityDpi: Int = builder.densityDpi
    internal val abi: Abi = builder.abi
    internal val liveDevice: Boolean = builder.liveDevice
    internal val rustRuntimeV3: Probe = builder.rustRuntimeV3
    internal val rustRuntimeV4: Probe = builder.rustRuntimeV4
    internal val rustRuntimeV5: Probe = builder.rustRuntimeV5

    /** Collects facts. Values outside their range count as unknown. */
    public class Builder {
        internal var ramGib = UNKNOWN
        internal var cpuLevel = UNKNOWN
        internal var gpuLevel = UNKNOWN
        internal var densityDpi = UNKNOWN
        internal var abi = Abi.UNKNOWN
        internal var liveDevice = false
        internal var rustRuntimeV3 = Probe.UNKNOWN
        internal var rustRuntimeV4 = Probe.UNKNOWN
        internal var rustRuntimeV5 = Probe.UNKNOWN

        /** Memory in GiB as sold (a "6 GB" phone is 6). */
        public fun ramGib(gib: Int): Builder = apply { ramGib = gib }

        /** Computility level of the CPU, 0 to 6; stands over the property. */
        public fun cpuLevel(level: Int): Builder = apply { cpuLevel = level }

        /** Computility level of the GPU, 0 to 6; stands over the property. */
        public fun gpuLevel(level: Int): Builder = apply { gpuLevel = level }

        /** Display density in dots per inch; unknown counts as 160. */
        public fun densityDpi(dpi: Int): Builder = apply { densityDpi = dpi }

        /** The processor. */
        public fun abi(abi: Abi): Builder = apply { this.abi = abi }

        /** The properties are those of the running system, where an absent one is what the system takes it for. */
        public fun liveDevice(live: Boolean): Builder = apply { liveDevice = live }

        /** Whether the package manager knows the shared library `hyperos.rustruntime.v3`. */
        public fun rustRuntimeV3(probe: Probe): Builder = apply { rustRuntimeV3 = probe }

        /** Whether it knows `hyperos.rustruntime.v4`. */
        public fun rustRuntimeV4(probe: Probe): Builder = apply { rustRuntimeV4 = probe }

        /** Whether it knows `hyperos.rustruntime.v5`, which marks the OS4 framework. */
        public fun rustRuntimeV5(probe: Probe): Builder = apply { rustRuntimeV5 = probe }

        /** The facts so far. */
        public fun build(): DeviceFacts = DeviceFacts(this)
    }

    public companion object {
        internal const val UNKNOWN: Int = -1

        /** Nothing is known. */
        @JvmField
        public val NONE: DeviceFacts = Builder().build()
    }
}

/**
 * State of system and user at one moment; the default is a cool phone with nothing switched off.
 *
 * [nowMillis] is of a monotonic clock (`SystemClock.elapsedRealtime()`): a thermal cap outlasts the heat by 30 s of it.
 */
public class RuntimeState private constructor(builder: Builder) {
    internal val nowMillis: Long = builder.nowMillis
    internal val batterySaver: Boolean = builder.batterySaver
    internal val thermal: Int = builder.thermal
    internal val crossWindowBlur: Switch = builder.crossWindowBlur
    internal val windowBlursDisabled: Boolean = builder.windowBlursDisabled
    internal val reduceTransparency: Boolean = builder.reduceTransparency
    internal val userMaterial: Switch = builder.userMaterial
    internal val animatorScale: Float = builder.animatorScale
    internal val nativeLauncherRunning: Boolean = builder.nativeLauncherRunning

    /** Collects a state. */
    public class Builder {
        internal var nowMillis = 0L
        internal var batterySaver = false
        internal var thermal = 0
        internal var crossWindowBlur = Switch.UNKNOWN
        internal var windowBlursDisabled = false
        internal var reduceTransparency = false
        internal var userMaterial = Switch.UNKNOWN
        internal var animatorScale = 1f
        internal var nativeLauncherRunning = false

        /** The monotonic time, in milliseconds. */
        public fun nowMillis(millis: Long): Builder = apply { nowMillis = millis }

        /** Battery saver is on. */
        public fun batterySaver(on: Boolean): Builder = apply { batterySaver = on }

        /** Android's thermal status, 0 (none) to 6 (shutdown); below 0 counts as 0, above 6 as 6. */
        public fun thermal(status: Int): Builder = apply { thermal = status.coerceIn(0, 6) }

        /** `WindowManager.isCrossWindowBlurEnabled()`. */
        public fun crossWindowBlur(enabled: Switch): Builder = apply { crossWindowBlur = enabled }

        /** `Settings.Global disable_window_blurs` is set. */
        public fun windowBlursDisabled(disabled: Boolean): Builder = apply { windowBlursDisabled = disabled }

        /** `Settings.Global accessibility_reduce_transparency` is set. */
        public fun reduceTransparency(reduce: Boolean): Builder = apply { reduceTransparency = reduce }

        /** `Settings.Secure background_blur_enable`, the user's material switch. */
        public fun userMaterial(material: Switch): Builder = apply { userMaterial = material }

        /** `Settings.Global animator_duration_scale`: 1 is normal speed, 0 turns animations off. */
        public fun animatorScale(scale: Float): Builder = apply { animatorScale = scale }

        /** The native launcher is the one running. */
        public fun nativeLauncherRunning(running: Boolean): Builder = apply { nativeLauncherRunning = running }

        /** The state so far. */
        public fun build(): RuntimeState = RuntimeState(this)
    }

    public companion object {
        /** A cool phone with nothing switched off, at time 0. */
        @JvmField
        public val CALM: RuntimeState = Builder().build()
    }
}
