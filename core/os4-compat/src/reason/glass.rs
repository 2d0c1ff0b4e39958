//! Codes of area `GLASS_`: what caps the glass level. Only a table; the rules are in `glass.rs`.

area_codes! {
    /// What caps the glass level, in the order of the rules of os4-compat 6.4.
    GlassCode {
        OsBelow4, "GLASS_OS_BELOW_4", "The evidence does not establish HyperOS 4 or later.";
        Spoofed, "GLASS_SPOOFED", "The declared version is higher than what the build stamps say.";
        FwOs4Missing, "GLASS_FW_OS4_MISSING", "The OS4 framework library hyperos.rustruntime.v5 is not there.";
        FwUnknown, "GLASS_FW_UNKNOWN", "Nobody could tell whether the OS4 framework library is there.";
        MaterialUnknown, "GLASS_MATERIAL_UNKNOWN", "Nothing says whether the system supports the advanced material.";
        MaterialVersionBelow5, "GLASS_MATERIAL_VERSION_BELOW_5", "The material's version is absent or below 5, the first with refraction.";
        MaterialUnsupported, "GLASS_MATERIAL_UNSUPPORTED", "The system does not support the advanced material.";
        Miui, "GLASS_MIUI", "The system is MIUI, which has no live blur for launchers to rely on.";
        SdkBelow31, "GLASS_SDK_BELOW_31", "The SDK is below 31: no RenderEffect and no window blur.";
        SfBlurOff, "GLASS_SF_BLUR_OFF", "SurfaceFlinger is built or configured without background blur.";
        CrossWindowBlurOff, "GLASS_CROSS_WINDOW_BLUR_OFF", "The window manager has cross-window blur off at the moment.";
        NoAgsl, "GLASS_NO_AGSL", "The SDK is 31 or 32: blur works, but there are no runtime shaders for refraction.";
        TierMid, "GLASS_TIER_MID", "The device is of the middle tier.";
        TierLow, "GLASS_TIER_LOW", "The device is of the low tier.";
        TierUnknown, "GLASS_TIER_UNKNOWN", "Neither RAM nor a computility level is known; the middle tier is a guess.";
        LiteBuild, "GLASS_LITE_BUILD", "The build runs its lite variant on this much memory.";
        UserMaterialOff, "GLASS_USER_MATERIAL_OFF", "The user switched the advanced material off.";
        WindowBlursDisabled, "GLASS_WINDOW_BLURS_DISABLED", "Window blurs are disabled in the developer settings.";
        BatterySaver, "GLASS_BATTERY_SAVER", "Battery saver is on.";
        Thermal, "GLASS_THERMAL", "The phone is, or was within the last 30 seconds, too hot.";
        ReduceTransparency, "GLASS_REDUCE_TRANSPARENCY", "The user asked for reduced transparency.";
    }
}
