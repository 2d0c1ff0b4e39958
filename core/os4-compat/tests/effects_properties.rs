//! Properties of the effects over random facts: a worse input never raises anything, every loss has its reason, the
//! static part equals the whole, and heat behaves as a second-by-second reference says.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests, not only tests"
)]

use ferrule_os4_compat::facts::StaticFacts;
use ferrule_os4_compat::glass::{GlassLevel, cap_of};
use ferrule_os4_compat::tier::{TierInputs, TierVerdict};
use ferrule_os4_compat::{
    Effects, Family, MenuLayout, ReasonCode, RuntimeState, StaticEffects, ThermalHysteresis, Tri,
    UserMaterial, glass_os4,
};
use proptest::option;
use proptest::prelude::*;

fn facts() -> impl Strategy<Value = StaticFacts> {
    let tri = prop_oneof![Just(Tri::Present), Just(Tri::Absent), Just(Tri::Unknown)];
    let family =
        prop_oneof![Just(Family::HyperOs), Just(Family::Miui), Just(Family::XiaomiGo), Just(Family::Other)];
    let identity = (family, any::<bool>(), any::<bool>(), option::of(28_u32..40), tri);
    let flags = (
        option::of(any::<bool>()),
        option::of(0_u32..8),
        option::of(any::<bool>()),
        option::of(any::<bool>()),
        option::of(0_u32..4),
    );
    let tier = (
        option::of(1_u32..17),
        option::of(0_u32..8),
        option::of(0_u32..8),
        option::of(prop_oneof![0_u32..8, Just(99)]),
    );
    (identity, flags, tier).prop_map(|(identity, flags, tier)| {
        let (family, at_least_os4, spoofed, sdk, rust_runtime_v5) = identity;
        let (ram_gib, cpulevel, gpulevel, lite_threshold_gib) = tier;
        StaticFacts {
            family,
            major: None,
            at_least_os4: at_least_os4 && family == Family::HyperOs && !spoofed,
            spoofed,
            sdk,
            rust_runtime_v5,
            material_supported: flags.0,
            material_version: flags.1,
            surface_flinger_blur: flags.2,
            rich_transition: flags.3,
            transition_version: flags.4,
            tier: TierVerdict::decide(TierInputs { ram_gib, cpulevel, gpulevel, lite_threshold_gib }),
            density_dpi: Some(440),
        }
    })
}

fn runtime() -> impl Strategy<Value = RuntimeState> {
    let user = prop_oneof![Just(UserMaterial::On), Just(UserMaterial::Off), Just(UserMaterial::Unknown)];
    let scale = prop_oneof![Just(1.0_f32), Just(0.0), Just(0.5), Just(-1.0), Just(f32::NAN)];
    (
        any::<bool>(),
        0_u8..7,
        option::of(any::<bool>()),
        any::<bool>(),
        any::<bool>(),
        user,
        scale,
        any::<bool>(),
    )
        .prop_map(|(saver, thermal, cross, disabled, reduce, user, scale, native)| RuntimeState {
            battery_saver: saver,
            thermal,
            cross_window_blur: cross,
            window_blurs_disabled: disabled,
            reduce_transparency: reduce,
            user_material: user,
            animator_scale: scale,
            native_launcher_running: native,
        })
}

fn effects(facts: &StaticFacts, runtime: &RuntimeState) -> Effects {
    StaticEffects::from_facts(facts.clone()).apply(runtime, 0, &mut ThermalHysteresis::default())
}

/// One input made worse, or left alone where it cannot be worse.
fn worsen(which: usize, facts: &mut StaticFacts, runtime: &mut RuntimeState) {
    let mut inputs = facts.tier.inputs;
    match which {
        0 => facts.at_least_os4 = false,
        1 => (facts.at_least_os4, facts.spoofed) = (false, true),
        2 => facts.rust_runtime_v5 = Tri::Absent,
        3 => facts.rust_runtime_v5 = facts.rust_runtime_v5.max(Tri::Unknown),
        4 => facts.material_supported = Some(false),
        5 => {
            facts.material_supported =
                facts.material_supported.and_then(|on| if on { None } else { Some(false) })
        }
        6 => facts.material_version = facts.material_version.and_then(|version| version.checked_sub(1)),
        7 => facts.sdk = facts.sdk.map(|sdk| sdk - 1),
        8 => facts.surface_flinger_blur = Some(false),
        9 => facts.rich_transition = None,
        10 => facts.transition_version = facts.transition_version.and_then(|version| version.checked_sub(1)),
        11 => inputs.ram_gib = inputs.ram_gib.map(|gib| gib - 1),
        12 => inputs.cpulevel = inputs.cpulevel.map(|level| level.saturating_sub(1)),
        13 => inputs.gpulevel = inputs.gpulevel.map(|level| level.saturating_sub(1)),
        14 => inputs.lite_threshold_gib = Some(99),
        15 => runtime.battery_saver = true,
        16 => runtime.thermal = runtime.thermal.max(3),
        17 => runtime.cross_window_blur = Some(false),
        18 => runtime.window_blurs_disabled = true,
        19 => runtime.reduce_transparency = true,
        20 => runtime.user_material = UserMaterial::Off,
        21 => runtime.animator_scale = 0.0,
        _ => runtime.native_launcher_running = false,
    }
    facts.tier = TierVerdict::decide(inputs);
}

const WORSENINGS: usize = 23;

fn raised(before: &Effects, after: &Effects) -> Vec<&'static str> {
    [
        ("glass", after.glass > before.glass),
        ("tier", after.tier > before.tier),
        ("bounce", after.bounce > before.bounce),
        ("transition", after.transition > before.transition),
        ("blur_background", after.blur_background && !before.blur_background),
        ("dynamic_layers", after.dynamic_layers > before.dynamic_layers),
        ("menu layout", after.long_press_menu.layout > before.long_press_menu.layout),
        ("menu background", after.long_press_menu.background > before.long_press_menu.background),
    ]
    .into_iter()
    .filter_map(|(name, raised)| raised.then_some(name))
    .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn worse_input_never_raises_anything(facts in facts(), runtime in runtime()) {
        let before = effects(&facts, &runtime);
        for which in 0..WORSENINGS {
            let (mut facts, mut runtime) = (facts.clone(), runtime);
            worsen(which, &mut facts, &mut runtime);
            let after = effects(&facts, &runtime);
            prop_assert_eq!(raised(&before, &after), Vec::<&str>::new(), "worsening {}", which);
        }
    }

    #[test]
    fn level_is_the_lowest_cap_and_every_loss_has_a_reason(facts in facts(), runtime in runtime()) {
        let effects = effects(&facts, &runtime);
        let caps = effects.glass_caps().filter_map(|reason| match reason.code {
            ReasonCode::Glass(code) => cap_of(code),
            _ => None,
        });
        prop_assert_eq!(effects.glass, caps.min().unwrap_or(GlassLevel::Full));
        let has = |prefix: &str| effects.reasons.iter().any(|reason| reason.code.as_str().starts_with(prefix));
        prop_assert_eq!(has("FX_BOUNCE"), effects.bounce.as_str() != "full");
        prop_assert_eq!(has("FX_TRANSITION"), effects.transition.as_str() != "rich");
        prop_assert_eq!(has("FX_BLUR"), !effects.blur_background);
        prop_assert_eq!(has("FX_LAYERS"), effects.dynamic_layers.as_str() != "dynamic");
        prop_assert_eq!(has("FX_MENU"), effects.long_press_menu.layout != MenuLayout::New);
        prop_assert_eq!(effects.background().level, effects.glass);
        let mut seen: Vec<_> = effects.reasons.iter().map(|reason| reason.code).collect();
        let ordered = seen.is_sorted();
        seen.dedup();
        prop_assert!(ordered || has("FX_"), "glass reasons keep the order of the rules");
        prop_assert_eq!(seen.len(), effects.reasons.len());
    }

    #[test]
    fn glass_os4_is_the_level_of_the_effects(facts in facts(), runtime in runtime()) {
        let boot = StaticEffects::from_facts(facts);
        let (mut one, mut other) = (ThermalHysteresis::default(), ThermalHysteresis::default());
        let level = glass_os4(&boot, &runtime, 5, &mut one);
        prop_assert_eq!(level, boot.apply(&runtime, 5, &mut other).glass);
        prop_assert_eq!(one, other);
    }

    #[test]
    fn heat_follows_a_second_by_second_reference(
        reports in prop::collection::vec((0_u64..45, 0_u8..7), 1..40),
    ) {
        let mut heat = ThermalHysteresis::default();
        let (mut now, mut status, mut capped, mut calm_seconds) = (0_u64, 0_u8, false, 0_u64);
        for (wait_seconds, report) in reports {
            for _ in 0..wait_seconds {
                calm_seconds = if status <= 1 { calm_seconds + 1 } else { 0 };
                capped = (capped && calm_seconds < 30) || status >= 3;
            }
            now += wait_seconds * 1_000;
            if report > 1 || status > 1 {
                calm_seconds = 0;
            }
            status = report;
            capped |= status >= 3;
            prop_assert_eq!(heat.update(report, now), capped, "at {} ms", now);
        }
    }

    #[test]
    fn heat_never_panics_and_never_forgets_early(updates in prop::collection::vec((any::<u8>(), any::<u64>()), 0..50)) {
        let mut heat = ThermalHysteresis::default();
        for (status, now) in updates {
            let capped = heat.update(status, now);
            prop_assert!(capped || status < 3);
            prop_assert_eq!(capped, heat.is_capped());
            if let Some(due) = heat.release_due_ms() {
                prop_assert!(capped && due >= now);
            }
        }
    }
}
