//! The way from property keys to effects, row by row (os4-compat 4.1, 6.4, 6.5).

use ferrule_os4_compat::{
    Confidence, DeviceFacts, Effects, Family, OsIdentity, Probes, PropertyMap, PropertyOrigin, RuntimeState,
    StaticEffects, ThermalHysteresis, Tri,
};

const FLAGSHIP: [(&str, &str); 7] = [
    ("persist.sys.background_blur_supported", "true"),
    ("persist.sys.advanced_visual_release", "5"),
    ("ro.surface_flinger.supports_background_blur", "1"),
    ("persist.sys.computility.cpulevel", "6"),
    ("persist.sys.computility.gpulevel", "6"),
    ("persist.sys.hyper_transition", "true"),
    ("persist.sys.hyper_transition_v", "2"),
];

fn effects(major: u32, changed: &[(&str, &str)], origin: PropertyOrigin, runtime: RuntimeState) -> Effects {
    let identity = OsIdentity {
        family: Family::HyperOs,
        major: Some(major),
        minor: None,
        sdk: Some(37),
        confidence: Confidence::High,
        spoofed: false,
        reasons: Vec::new(),
    };
    let map = PropertyMap::from_pairs(FLAGSHIP.iter().chain(changed).copied());
    let probes = Probes { rust_runtime_v5: Tri::Present, ..Probes::default() };
    let device = DeviceFacts { ram_gib: Some(12), origin, ..DeviceFacts::default() };
    StaticEffects::compute(&identity, &probes, &device, &map).apply(
        &runtime,
        0,
        &mut ThermalHysteresis::default(),
    )
}

fn codes(effects: &Effects) -> String {
    let codes: Vec<&str> = effects.reasons.iter().map(|reason| reason.code.as_str()).collect();
    codes.join(" ")
}

#[test]
fn keys_decide_the_level_and_name_themselves() {
    use PropertyOrigin::{File, LiveDevice};
    // In a map "" is absent. Level, then the codes.
    let rows = [
        (4, vec![], File, "full", ""),
        (5, vec![], File, "full", ""),
        (4, vec![("persist.sys.background_blur_supported", "")], File, "frosted", "GLASS_MATERIAL_UNKNOWN"),
        (
            4,
            vec![("persist.sys.background_blur_supported", "maybe")],
            LiveDevice,
            "frosted",
            "GLASS_MATERIAL_UNKNOWN",
        ),
        (
            4,
            vec![("persist.sys.background_blur_supported", "")],
            LiveDevice,
            "static",
            "GLASS_MATERIAL_UNSUPPORTED FX_BLUR_GLASS_BELOW_FROSTED FX_LAYERS_GLASS_BELOW_FROSTED",
        ),
        (4, vec![("ro.surface_flinger.supports_background_blur", "")], File, "full", ""),
        (
            4,
            vec![("ro.surface_flinger.supports_background_blur", "")],
            LiveDevice,
            "static",
            "GLASS_SF_BLUR_OFF FX_BLUR_GLASS_BELOW_FROSTED FX_LAYERS_GLASS_BELOW_FROSTED",
        ),
        (
            4,
            vec![("persist.sys.advanced_visual_release", "+5")],
            File,
            "frosted",
            "GLASS_MATERIAL_VERSION_BELOW_5",
        ),
        (
            1,
            vec![("persist.sys.background_blur_version", "2")],
            File,
            "frosted",
            "GLASS_OS_BELOW_4 GLASS_MATERIAL_VERSION_BELOW_5 FX_MENU_OS_BELOW_4",
        ),
        (4, vec![("persist.sys.hyper_transition", "")], File, "full", "FX_TRANSITION_KEY_OFF"),
        (4, vec![("persist.sys.hyper_transition_v", "1")], File, "full", "FX_TRANSITION_VERSION_BELOW_2"),
        (
            4,
            vec![("persist.sys.computility.gpulevel", "4")],
            File,
            "frosted",
            "GLASS_TIER_MID FX_LAYERS_TIER_MID",
        ),
        (
            4,
            vec![("ro.config.low_ram.threshold_gb", "99")],
            File,
            "static",
            "GLASS_TIER_LOW GLASS_LITE_BUILD FX_BOUNCE_TIER_LOW FX_TRANSITION_TIER_LOW \
             FX_BLUR_GLASS_BELOW_FROSTED FX_LAYERS_GLASS_BELOW_FROSTED FX_LAYERS_TIER_LOW",
        ),
    ];
    for (major, changed, origin, level, expected) in rows {
        let effects = effects(major, &changed, origin, RuntimeState::default());
        assert_eq!((effects.glass.as_str(), codes(&effects).as_str()), (level, expected), "{changed:?}");
    }
}

#[test]
fn small_effects_follow_their_rules() {
    let cool = RuntimeState::default();
    let rows = [
        (4, cool, "full rich true dynamic new"),
        (3, cool, "full rich true dynamic classic"),
        (3, RuntimeState { native_launcher_running: true, ..cool }, "full rich true dynamic new"),
        (4, RuntimeState { battery_saver: true, ..cool }, "simplified rich false off new"),
        (4, RuntimeState { animator_scale: 0.0, ..cool }, "off off true dynamic new"),
        (4, RuntimeState { animator_scale: f32::NAN, ..cool }, "full rich true dynamic new"),
        (4, RuntimeState { thermal: 3, ..cool }, "full rich false off new"),
    ];
    for (major, runtime, expected) in rows {
        let got = effects(major, &[], PropertyOrigin::File, runtime);
        let text = format!(
            "{} {} {} {} {}",
            got.bounce.as_str(),
            got.transition.as_str(),
            got.blur_background,
            got.dynamic_layers.as_str(),
            got.long_press_menu.layout.as_str()
        );
        assert_eq!(text, expected, "{runtime:?}");
        assert_eq!(got.long_press_menu.background, got.glass);
    }
}
