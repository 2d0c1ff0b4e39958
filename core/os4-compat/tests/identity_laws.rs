//! What holds for the verdict on every map, with values drawn from what phones and spoofers write.
#![allow(missing_docs)]

use ferrule_os4_compat::incremental::{Incremental, System};
use ferrule_os4_compat::{Confidence, Family, OsIdentity, PropertyMap};
use proptest::prelude::*;

const EVIDENCE_KEYS: [&str; 14] = [
    "ro.mi.os.version.code",
    "ro.mi.os.version.name",
    "ro.mi.os.version.incremental",
    "ro.build.version.incremental",
    "ro.product.build.version.incremental",
    "ro.system_ext.build.version.incremental",
    "ro.system.build.version.incremental",
    "ro.build.fingerprint",
    "ro.product.build.fingerprint",
    "ro.system.build.fingerprint",
    "ro.miui.ui.version.name",
    "ro.miui.ui.version.code",
    "ro.build.version.sdk",
    "ro.product.build.version.sdk",
];

const NEVER_EVIDENCE_KEYS: [&str; 14] = [
    "ro.ai.os.version.code",
    "ro.ai.os.version.name",
    "ro.mi.xms.version.incremental",
    "ro.build.version.smr_baseversion",
    "ro.vendor.build.version.incremental",
    "ro.odm.build.version.incremental",
    "ro.vendor.build.fingerprint",
    "ro.odm.build.fingerprint",
    "ro.product.mod_device",
    "ro.product.brand",
    "ro.product.manufacturer",
    "rust.runtime_version",
    "rust.runtime_active",
    "ro.vendor.build.version.sdk",
];

fn build_number() -> impl Strategy<Value = String> {
    prop_oneof![
        (1u32..7, "[K-Z]").prop_map(|(major, letter)| format!("OS{major}.0.3.0.{letter}QACNXM")),
        (1u32..7).prop_map(|major| format!("OS{major}.0.24.1.2.DEV")),
        (1u32..7).prop_map(|major| format!("17OS{major}.0.260102.030405006.QCPECN.S")),
        (4u32..17).prop_map(|major| format!("V{major}.0.3.0.TQACNXM")),
        Just("V816.0.3.0.UQACNXM".to_owned()),
        Just("A15.0.3.0.VQACNXM".to_owned()),
        Just("22.1.2".to_owned()),
        Just("JAACNBB1.0".to_owned()),
        Just("Port | OS4.0.3.0.XQACNXM".to_owned()),
        Just("eng.me.1".to_owned()),
    ]
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => build_number(),
        1 => build_number().prop_map(|build| format!("A/b/c:17/ID/{build}:user/release-keys")),
        2 => (0u32..7).prop_map(|major| major.to_string()),
        2 => (0u32..7, 0u32..3).prop_map(|(major, minor)| format!("OS{major}.{minor}")),
        2 => (30u32..42).prop_map(|sdk| sdk.to_string()),
        1 => (4u32..17).prop_map(|version| format!("V{version}0")),
        1 => Just("V816".to_owned()),
        1 => prop_oneof![Just(""), Just("unknown"), Just("\u{ff14}"), Just("Null"), Just("xiaomi")].prop_map(String::from),
        1 => "\\PC{0,12}",
    ]
}

fn pairs() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let key = prop_oneof![4 => prop::sample::select(&EVIDENCE_KEYS[..4]), 3 => prop::sample::select(&EVIDENCE_KEYS[..])];
    prop::collection::vec((key, value()), 0..10)
}

fn decide(pairs: &[(&str, String)]) -> OsIdentity {
    OsIdentity::decide(&PropertyMap::from_pairs(pairs.iter().map(|(key, value)| (key, value))))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn deciding_is_total_and_explained(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let identity = OsIdentity::decide(&PropertyMap::parse(&bytes));
        prop_assert!(!identity.reasons.is_empty());
    }

    #[test]
    fn at_least_os4_needs_trust_and_every_source_at_4_or_above(pairs in pairs()) {
        let identity = decide(&pairs);
        prop_assert!(!identity.reasons.is_empty());
        if identity.at_least_os4() {
            prop_assert_eq!(identity.family, Family::HyperOs);
            prop_assert!(identity.confidence >= Confidence::Medium && !identity.spoofed);
            prop_assert!(identity.major >= Some(4));
            let map = PropertyMap::from_pairs(pairs.iter().map(|(key, value)| (key, value)));
            for key in &EVIDENCE_KEYS[3..7] {
                let system = map.get(key).and_then(|raw| Incremental::parse(raw).ok()).map(|build| build.system());
                let low = matches!(system, Some(System::Miui(_) | System::HyperOs(..=3)));
                prop_assert!(!low, "{} = {:?}", key, map.get(key));
            }
            prop_assert_ne!(map.get("ro.build.version.incremental"), Some("eng.me.1"));
            prop_assert!(identity.sdk.is_none_or(|sdk| sdk >= 36));
        }
        for least in 0..100 {
            // Asking for more never turns a no into a yes.
            prop_assert!(identity.at_least(least) || !identity.at_least(least + 1));
        }
    }

    #[test]
    fn keys_that_are_never_evidence_never_change_the_verdict(
        pairs in pairs(),
        extra in prop::collection::vec((prop::sample::select(&NEVER_EVIDENCE_KEYS[..]), value()), 1..6),
    ) {
        let facts = |it: &OsIdentity| (it.family, it.major, it.minor, it.sdk, it.confidence, it.spoofed);
        let before = decide(&pairs);
        let after = decide(&[pairs, extra].concat());
        prop_assert_eq!(facts(&before), facts(&after));
        // They add reasons, and take none away.
        for reason in &before.reasons {
            prop_assert!(after.reasons.contains(reason), "{:?} is gone", reason);
        }
    }

    #[test]
    fn minor_and_major_are_only_what_was_written(pairs in pairs()) {
        let identity = decide(&pairs);
        if let (Some(major), Some(minor)) = (identity.major, identity.minor) {
            let map = PropertyMap::from_pairs(pairs.iter().map(|(key, value)| (key, value)));
            let name = format!("OS{major}.{minor}");
            prop_assert_eq!(map.get("ro.mi.os.version.name"), Some(name.as_str()));
        }
        if identity.family == Family::Other || identity.family == Family::XiaomiGo {
            prop_assert_eq!(identity.major, None);
        }
    }
}
