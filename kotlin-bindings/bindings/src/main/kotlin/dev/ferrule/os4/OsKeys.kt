package dev.ferrule.os4

/**
 * The properties that any rule reads: what is packed out of a source that may hold 800.
 *
 * The same list as `bridge/src/wire/keys.rs`; `tests/golden/os-keys.txt` keeps the two equal.
 */
internal object OsKeys {
    val names: Array<String> = arrayOf(
        "persist.sys.advanced_visual_release",
        "persist.sys.background_blur_supported",
        "persist.sys.background_blur_version",
        "persist.sys.computility.cpulevel",
        "persist.sys.computility.gpulevel",
        "persist.sys.hyper_transition",
        "persist.sys.hyper_transition_v",
        "ro.ai.os.version.code",
        "ro.ai.os.version.name",
        "ro.build.fingerprint",
        "ro.build.version.incremental",
        "ro.build.version.sdk",
        "ro.build.version.smr_baseversion",
        "ro.config.low_ram.threshold_gb",
        "ro.mi.os.version.code",
        "ro.mi.os.version.incremental",
        "ro.mi.os.version.name",
        "ro.mi.xms.version.incremental",
        "ro.miui.ui.version.name",
        "ro.odm.build.version.incremental",
        "ro.product.brand",
        "ro.product.build.fingerprint",
        "ro.product.build.version.incremental",
        "ro.product.build.version.sdk",
        "ro.product.cpu.abi",
        "ro.product.cpu.abilist",
        "ro.product.manufacturer",
        "ro.product.mod_device",
        "ro.surface_flinger.supports_background_blur",
        "ro.system.build.fingerprint",
        "ro.system.build.version.incremental",
        "ro.system.build.version.sdk",
        "ro.system.product.cpu.abilist",
        "ro.system_ext.build.fingerprint",
        "ro.system_ext.build.version.incremental",
        "ro.system_ext.build.version.sdk",
        "ro.vendor.build.version.incremental",
        "rust.runtime_active",
        "rust.runtime_version",
    )
}
