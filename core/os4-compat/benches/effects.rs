//! Identity and all effects from a map of 800 properties; the budget is 20 µs.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use ferrule_os4_compat::{
    DeviceFacts, OsIdentity, Probes, PropertyMap, RuntimeState, StaticEffects, ThermalHysteresis, Tri,
};

/// An OS4 phone's keys among fillers of the usual shape, 800 in all.
fn properties() -> PropertyMap {
    let known = [
        ("ro.mi.os.version.code", "4"),
        ("ro.mi.os.version.name", "OS4.0"),
        ("ro.mi.os.version.incremental", "OS4.0.9.0.XZZCNXM"),
        ("ro.build.version.incremental", "OS4.0.9.0.XZZCNXM"),
        ("ro.product.build.version.incremental", "OS4.0.9.0.XZZCNXM"),
        ("ro.build.version.sdk", "37"),
        ("persist.sys.background_blur_supported", "true"),
        ("persist.sys.advanced_visual_release", "5"),
        ("ro.surface_flinger.supports_background_blur", "1"),
        ("persist.sys.computility.cpulevel", "6"),
        ("persist.sys.computility.gpulevel", "6"),
        ("persist.sys.hyper_transition", "true"),
        ("persist.sys.hyper_transition_v", "2"),
    ];
    let fillers = (known.len()..800).map(|n| (format!("ro.vendor.filler.{n}.setting"), format!("value-{n}")));
    let known = known.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned()));
    PropertyMap::from_pairs(known.chain(fillers))
}

fn benches(criterion: &mut Criterion) {
    let map = properties();
    assert_eq!(map.len(), 800);
    let probes = Probes { rust_runtime_v5: Tri::Present, ..Probes::default() };
    let device = DeviceFacts { ram_gib: Some(12), density_dpi: Some(440), ..DeviceFacts::default() };
    let runtime = RuntimeState { cross_window_blur: Some(true), ..RuntimeState::default() };

    criterion.bench_function("os4/identity_and_effects_of_800", |bench| {
        bench.iter(|| {
            let identity = OsIdentity::decide(black_box(&map));
            let boot = StaticEffects::compute(&identity, &probes, &device, &map);
            boot.apply(&runtime, 0, &mut ThermalHysteresis::default())
        });
    });

    let identity = OsIdentity::decide(&map);
    let boot = StaticEffects::compute(&identity, &probes, &device, &map);
    let mut heat = ThermalHysteresis::default();
    criterion.bench_function("os4/effects_on_a_runtime_change", |bench| {
        bench.iter(|| boot.apply(black_box(&runtime), 0, &mut heat));
    });
}

criterion_group!(effects, benches);
criterion_main!(effects);
