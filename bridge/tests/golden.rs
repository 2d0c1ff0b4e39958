//! Golden bytes of the packed form, the same files that the Kotlin tests read (`tests/golden`).
//!
//! A change of these files is a change of the format: run with `FERRULE_BLESS=1` to write them, and explain it in
//! docs/formats/os-packed.md.

#![expect(clippy::unwrap_used, reason = "a test, also outside of its functions")]

use std::path::PathBuf;

use ferrule::os;
use ferrule::wire::answer;
use ferrule::wire::request::{self, Observed, Request};
use ferrule_os4_compat::{
    Abi, DeviceFacts, GlassLevel, Probes, PropertyOrigin, RuntimeState, Tri, UserMaterial,
};

fn golden(name: &str, bytes: &[u8]) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/golden").join(name);
    if std::env::var_os("FERRULE_BLESS").is_some() {
        std::fs::write(&path, bytes).unwrap();
    }
    assert_eq!(std::fs::read(&path).unwrap(), bytes, "{name} differs; see the head of this file");
}

/// A made-up phone on OS4: every field of the header differs from its default, and one value is not ASCII.
fn question() -> Request<'static> {
    let pairs: Vec<(&[u8], &[u8])> = vec![
        (b"persist.sys.advanced_visual_release", b"5"),
        (b"persist.sys.background_blur_supported", b"true"),
        (b"ro.build.version.incremental", b"OS4.0.9.0.XZZCNXM"),
        (b"ro.build.version.sdk", b"37"),
        (b"ro.mi.os.version.code", b"4"),
        (b"ro.mi.os.version.name", b"OS4.0"),
        (b"ro.product.brand", "Xiaomi \u{1f4f1}".as_bytes()),
        (b"ro.surface_flinger.supports_background_blur", b"1"),
    ];
    let probes =
        Probes { rust_runtime_v3: Tri::Present, rust_runtime_v4: Tri::Absent, rust_runtime_v5: Tri::Present };
    let device = DeviceFacts {
        ram_gib: Some(12),
        cpulevel: Some(6),
        gpulevel: Some(5),
        abi: Abi::Arm64,
        density_dpi: Some(440),
        origin: PropertyOrigin::LiveDevice,
    };
    Request { pairs, probes, device, observed: observed() }
}

fn observed() -> Observed {
    let runtime = RuntimeState {
        battery_saver: true,
        thermal: 4,
        cross_window_blur: Some(true),
        window_blurs_disabled: false,
        reduce_transparency: false,
        user_material: UserMaterial::On,
        animator_scale: 0.5,
        native_launcher_running: true,
    };
    Observed { now_ms: 0x0102_0304_0506, runtime }
}

#[test]
fn the_question_has_its_golden_bytes() {
    let bytes = request::encode(&question());
    golden("os-question.bin", &bytes);
    assert_eq!(request::decode(&bytes).unwrap(), question());
}

#[test]
fn the_runtime_state_has_its_golden_bytes() {
    let bytes = request::encode_runtime(&observed());
    golden("os-runtime.bin", &bytes);
    assert_eq!(request::decode_runtime(&bytes).unwrap(), observed());
}

#[test]
fn the_answer_has_its_golden_bytes() {
    let bytes = os::decide(&question());
    golden("os-answer.bin", &bytes);
    let answer = answer::decode(&bytes).unwrap();
    assert!(answer.at_least_os4 && !answer.spoofed && answer.hot);
    assert_eq!(answer.versions, [Some(4), Some(0), Some(37)]);
    assert_eq!(answer.glass, GlassLevel::Static, "battery saver and heat cap it");
}

#[test]
fn every_cut_of_a_question_is_refused() {
    let bytes = request::encode(&question());
    for end in 0..bytes.len() {
        assert!(request::decode(&bytes[..end]).is_err(), "cut at {end}");
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert!(request::decode(&longer).is_err());
}

#[test]
fn a_newer_format_is_named_and_a_longer_header_is_read() {
    let mut bytes = request::encode(&question());
    bytes[4] = 2;
    assert_eq!(request::decode(&bytes).unwrap_err().code(), "FFI_FORMAT_TOO_NEW");
    let mut bytes = request::encode(&question());
    bytes.splice(48..48, [0xaa; 8]);
    bytes[6] = 56;
    let total = (bytes.len() as u32).to_le_bytes();
    bytes[8..12].copy_from_slice(&total);
    assert_eq!(request::decode(&bytes).unwrap(), question(), "format 1 with 8 bytes that we do not know");
}

#[test]
fn every_flipped_byte_is_answered_or_refused() {
    let bytes = request::encode(&question());
    for at in 0..bytes.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut hostile = bytes.clone();
            hostile[at] ^= flip;
            if let Ok(request) = request::decode(&hostile) {
                answer::decode(&os::decide(&request)).unwrap();
            }
        }
    }
}
