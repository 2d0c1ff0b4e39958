package dev.ferrule.os4

// Enumerations of an answer. The order of the constants is the packed number of docs/formats/os-packed.md: a list only
// ever grows at its end.

/** Which family of system the properties speak of. */
public enum class Family {
    /** Anything else, and what cannot be told. */
    OTHER,

    /** Xiaomi HyperOS. */
    HYPER_OS,

    /** MIUI, also ported to other hardware. */
    MIUI,

    /** Xiaomi's Android Go builds. */
    XIAOMI_GO,
}

/** How far the evidence carries. */
public enum class Confidence {
    /** One source, or sources that contradict each other. Never enables OS4. */
    LOW,

    /** Sources that agree in part. */
    MEDIUM,

    /** Independent sources that agree. */
    HIGH,
}

/** Which generation the framework is. */
public enum class Framework {
    /** A probe without an answer leaves it open. */
    UNKNOWN,

    /** None of the runtimes is present. */
    NONE,

    /** The one since HyperOS 3.1. */
    OS31,

    /** The one of OS4. */
    OS4,
}

/** Whether the native launcher may start. */
public enum class NativeLauncher {
    /** The previous launcher stays. */
    KEEP_PREVIOUS,

    /** Its runtime is present and the processor is right. */
    MAY_START,
}

/** How glassy a surface may be. */
public enum class GlassLevel {
    /** Opaque. */
    OFF,

    /** Tint without live blur. */
    STATIC,

    /** Live blur. */
    FROSTED,

    /** Refraction over live blur. */
    FULL,
}

/** How much effect work the hardware carries. */
public enum class Tier {
    /** Tint only. */
    LOW,

    /** Live blur. */
    MID,

    /** Refraction. */
    HIGH,
}

/** The bounce at the end of a scroll. */
public enum class Bounce {
    /** None. */
    OFF,

    /** Without overshoot of neighbouring items. */
    SIMPLIFIED,

    /** In full. */
    FULL,
}

/** Opening and closing of an app. */
public enum class Transition {
    /** A cut. */
    OFF,

    /** A plain scale and fade. */
    SIMPLE,

    /** Interruptible, following the gesture. */
    RICH,
}

/** Layers of wallpaper and icons that move against each other. */
public enum class DynamicLayers {
    /** No layers. */
    OFF,

    /** Layers that stand still. */
    STATIC,

    /** Layers that move. */
    DYNAMIC,
}

/** Layout of the long-press menu; its background has the glass level. */
public enum class MenuLayout {
    /** The layout before OS4. */
    CLASSIC,

    /** The layout of OS4. */
    NEW,
}
