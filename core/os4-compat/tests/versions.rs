//! Build numbers, launcher versions and the framework: each form, each refusal, with values made up for this test.
#![allow(clippy::unwrap_used, missing_docs)]

use ferrule_os4_compat::incremental::{Channel, Form, IncrementalError, System};
use ferrule_os4_compat::launcher_version::{BranchDate, LauncherNumbers, LauncherVersionError};
use ferrule_os4_compat::{
    Abi, FrameworkGeneration, FrameworkVerdict, Incremental, LauncherVersion, NativeLauncher, OsCode, Probes,
    PropertyMap, RustRuntime, Tri, VersionText,
};
use proptest::prelude::*;

#[test]
fn release_build_numbers_are_taken_apart() {
    let build = Incremental::parse(" OS3.0.260101.7.WQZINFK.BETA.C07 ").unwrap();
    assert_eq!((build.form(), build.form().number(), build.system()), (Form::Release, 1, System::HyperOs(3)));
    assert_eq!(build.numbers(), [3, 0, 260_101, 7]);
    assert_eq!(
        (build.letters(), build.android(), build.sdk_range()),
        (Some("WQZINFK"), Some("16"), Some((36, 36)))
    );
    assert_eq!((build.device_code(), build.region(), build.carrier()), (Some("QZ"), Some("IN"), Some("FK")));
    assert_eq!((build.channel(), build.component_suffix()), (Some(Channel::Beta), Some(7)));
    assert!(!build.is_decorated() && !build.is_v816());

    let vendor_side = Incremental::parse("OS4.0.2.0.XQZCN").unwrap();
    assert_eq!(
        (vendor_side.letters(), vendor_side.region(), vendor_side.carrier()),
        (Some("XQZCN"), Some("CN"), None)
    );
}

#[test]
fn every_android_letter_has_its_version() {
    let letters = "KLMNOPQRSTUVWX".chars();
    let versions = ["4.4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17"];
    for (letter, version) in letters.zip(versions) {
        let build = Incremental::parse(&format!("OS4.0.1.0.{letter}QZCNXM")).unwrap();
        assert_eq!(build.android(), Some(version), "{letter}");
    }
    for letter in ['A', 'J', 'Y', 'Z'] {
        let build = Incremental::parse(&format!("OS4.0.1.0.{letter}QZCNXM")).unwrap();
        assert_eq!((build.android_letter(), build.android(), build.sdk_range()), (Some(letter), None, None));
    }
}

#[test]
fn forms_and_the_systems_they_name() {
    let cases = [
        ("OS99.9.9.9.XQZCNXM", 1, System::HyperOs(99)),
        ("V5.0.1.0.KQZCNXM", 1, System::Miui(5)),
        ("V15.0.1.0.UQZCNXM", 1, System::Miui(15)),
        ("V816.0.1.0.UQZCNXM", 1, System::HyperOs(1)),
        ("A14.0.1.0.UQZCNXM", 1, System::Go),
        ("OS4.0.3.0.XQZCNXM.PRE", 1, System::HyperOs(4)),
        ("OS4.0.3.0.XQZCNXM.C99", 1, System::HyperOs(4)),
        ("OS2.0.25.13.40.DEV", 2, System::HyperOs(2)),
        ("V13.0.0.1.11.PRE", 2, System::Miui(13)),
        ("V816.0.24.1.1.DEV", 2, System::HyperOs(1)),
        ("18OS5.1.271231.000000000.QZZZZZ.S", 3, System::HyperOs(5)),
        ("7.12.31", 4, System::Unnamed),
        ("23.1.1", 4, System::Unnamed),
        ("JQZCNBA1.0", 5, System::Miui(5)),
        ("A|B|OS4.0.1.0.XQZCNXM", 1, System::HyperOs(4)),
        ("Port | 22.1.1", 4, System::Unnamed),
    ];
    for (text, form, system) in cases {
        let build = Incremental::parse(text).unwrap();
        assert_eq!((build.form().number(), build.system()), (form, system), "{text}");
        assert_eq!(build.is_decorated(), text.contains('|'), "{text}");
    }
    let shared = Incremental::parse("17OS4.0.260131.000000007.QCPECN.S").unwrap();
    assert_eq!((shared.android(), shared.letters(), shared.region()), (Some("17"), Some("QCPECN"), None));
    assert_eq!(shared.numbers(), [4, 0, 260_131, 7]);
    let legacy = Incremental::parse("JQZCNBA1.0").unwrap();
    assert_eq!(
        (legacy.android(), legacy.sdk_range(), legacy.letters()),
        (None, Some((16, 18)), Some("JQZCNBA"))
    );
}

#[test]
fn what_is_no_build_number() {
    let no_form = [
        "",
        "|",
        "OS4.0.1.0.XQZCNXM | Port",
        "os4.0.1.0.XQZCNXM",
        "OS4.0.1.0.XQZCNX",
        "OS4.0.1.0.xqzcnxm",
        "OS4.0.1.0.XQZCNXM.",
        "OS4.0.1.0.XQZCNXM.DEV",
        "OS4.0.1.0.XQZCNXM.C7",
        "OS4.0.1.0.XQZCNXM.C07.C08",
        "OS4.0.1.0.0.XQZCNXM",
        "OS4.0.1.XQZCNXM",
        "OS4.0.1.0",
        "OS4..1.0.XQZCNXM",
        "OS4.0.1.9999999999.XQZCNXM",
        "OS-4.0.1.0.XQZCNXM",
        "OS+4.0.1.0.XQZCNXM",
        "A15.0.1.2.3.DEV",
        "1OS4.0.260131.0.QCPECN.S",
        "17OS4.0.261331.0.QCPECN.S",
        "17OS4.0.260131.0.QCPECN",
        "17OS0.0.260131.0.QCPECN.S",
        "22.13.1",
        "22.0.1",
        "22.1.32",
        "100.1.1",
        "1.2.3.4",
        "JQZCNB1.0",
        "KQZCNBA1.0",
        "JQZCNBA1",
        "4.0.0.0",
        "eng.me.20260101.101010",
        "12345678",
        "ＯＳ4.0.1.0.XQZCNXM",
    ];
    for text in no_form {
        assert_eq!(Incremental::parse(text), Err(IncrementalError::NoForm), "{text}");
    }
    let unknown_major = [
        "OS0.0.1.0.XQZCNXM",
        "OS100.0.1.0.XQZCNXM",
        "V4.0.1.0.KQZCNXM",
        "V16.0.1.0.XQZCNXM",
        "A0.0.1.0.XQZCNXM",
        "V815.1.1.1.1.DEV",
    ];
    for text in unknown_major {
        assert_eq!(Incremental::parse(text), Err(IncrementalError::UnknownMajor), "{text}");
    }
}

#[test]
fn launcher_versions_are_taken_apart() {
    let version = LauncherVersion::parse("ALPHA-7.03.12.45-0229-12312359").unwrap();
    assert_eq!((version.channel(), version.is_rust()), ("ALPHA", false));
    assert_eq!(
        (version.numbers().as_array(), version.numbers().version_code()),
        ([7, 3, 12, 45], 703_120_045)
    );
    assert_eq!(version.branch_date(), Some(BranchDate { year: None, month: 2, day: 29 }));
    let time = version.build_time();
    assert_eq!((time.month, time.day, time.hour, time.minute), (12, 31, 23, 59));
    let native = LauncherVersion::parse("RELEASE-8.02.00.0001-270930-10010000-R").unwrap();
    assert_eq!(native.branch_date(), Some(BranchDate { year: Some(27), month: 9, day: 30 }));
    assert!(native.is_rust());
}

#[test]
fn launcher_versions_are_refused_with_the_first_part_that_is_wrong() {
    use LauncherVersionError::{BranchDate, BuildTime, Channel, Numbers, Trailing};
    let cases = [
        ("", Channel),
        ("RELEASE", Channel),
        ("-8.01.02.3-01020304", Channel),
        ("release-8.01.02.3-01020304", Channel),
        ("8.01.02.3-01020304", Channel),
        ("ABCDEFGHIJKLMNOPQ-8.01.02.3-01020304", Channel),
        ("RELEASE-", Numbers),
        ("RELEASE-8.01.02-01020304", Numbers),
        ("RELEASE-8.01.02.3.4-01020304", Numbers),
        ("RELEASE-8.100.02.3-01020304", Numbers),
        ("RELEASE-8.01.02.10000-01020304", Numbers),
        ("RELEASE-22.01.02.3-01020304", Numbers),
        ("RELEASE-21.47.48.3648-01020304", Numbers),
        ("RELEASE-8.01.02.3", BuildTime),
        ("RELEASE-8.01.02.3-R", BuildTime),
        ("RELEASE-8.01.02.3-13010000", BuildTime),
        ("RELEASE-8.01.02.3-01320000", BuildTime),
        ("RELEASE-8.01.02.3-01012400", BuildTime),
        ("RELEASE-8.01.02.3-01010060", BuildTime),
        ("RELEASE-8.01.02.3-270930", BuildTime),
        ("RELEASE-8.01.02.3-0101000a", BuildTime),
        ("RELEASE-8.01.02.3-1301-01020304", BranchDate),
        ("RELEASE-8.01.02.3-271301-01020304", BranchDate),
        ("RELEASE-8.01.02.3-27-01020304", BranchDate),
        ("RELEASE-8.01.02.3-01020304-r", Trailing),
        ("RELEASE-8.01.02.3-01020304-R-R", Trailing),
        ("RELEASE-8.01.02.3-01020304-", Trailing),
    ];
    for (text, error) in cases {
        assert_eq!(LauncherVersion::parse(text), Err(error), "{text}");
    }
}

#[test]
fn a_text_is_told_by_its_kind_or_refused_by_the_likelier_one() {
    assert!(matches!(VersionText::parse("22.1.1"), Ok(VersionText::Incremental(_))));
    assert!(matches!(VersionText::parse("RELEASE-8.01.02.3-01020304"), Ok(VersionText::Launcher(_))));
    assert_eq!(VersionText::parse("8.01.02.3-01020304"), Err(OsCode::LauncherBadChannel));
    assert_eq!(VersionText::parse("V16.0.1.0.XQZCNXM"), Err(OsCode::IncrementalUnknownMajor));
    assert_eq!(VersionText::parse("hello"), Err(OsCode::IncrementalNoForm));
}

const TRIS: [Tri; 3] = [Tri::Present, Tri::Absent, Tri::Unknown];

fn all_probes() -> impl Iterator<Item = Probes> {
    TRIS.into_iter().flat_map(|v3| {
        TRIS.into_iter().flat_map(move |v4| {
            TRIS.into_iter().map(move |v5| Probes {
                rust_runtime_v3: v3,
                rust_runtime_v4: v4,
                rust_runtime_v5: v5,
            })
        })
    })
}

#[test]
fn framework_generation_of_all_27_probe_answers() {
    for probes in all_probes() {
        let earlier = [probes.rust_runtime_v3, probes.rust_runtime_v4];
        let expected = match probes.rust_runtime_v5 {
            Tri::Present => FrameworkGeneration::Os4,
            Tri::Unknown => FrameworkGeneration::Unknown,
            Tri::Absent if earlier.contains(&Tri::Present) => FrameworkGeneration::Os31,
            Tri::Absent if earlier.contains(&Tri::Unknown) => FrameworkGeneration::Unknown,
            Tri::Absent => FrameworkGeneration::None,
        };
        assert_eq!(FrameworkGeneration::of(&probes), expected, "{probes:?}");
    }
}

#[test]
fn native_launcher_needs_exactly_its_runtime_and_arm64() {
    for probes in all_probes() {
        for required in [None, Some(RustRuntime::V3), Some(RustRuntime::V4), Some(RustRuntime::V5)] {
            for abi in [Abi::Arm64, Abi::Other, Abi::Unknown] {
                let verdict = FrameworkVerdict::decide_for(required, &probes, abi);
                let there = required.is_some_and(|it| it.probe(&probes) == Tri::Present);
                let may_start = there && abi == Abi::Arm64;
                let expected =
                    if may_start { NativeLauncher::MayStart } else { NativeLauncher::KeepPrevious };
                assert_eq!(verdict.native_launcher, expected, "{required:?} {probes:?} {abi:?}");
                // The generation's reason, and one for each thing that is missing.
                let refusals = usize::from(!there) + usize::from(abi != Abi::Arm64);
                assert_eq!(verdict.reasons.len(), 1 + refusals, "{:?}", verdict.reasons);
            }
        }
    }
}

#[test]
fn needs_of_launchers() {
    let cases = [
        ("RELEASE-8.00.02.1-01020304-R", Some(RustRuntime::V4)),
        ("RELEASE-8.01.02.1-01020304-R", Some(RustRuntime::V5)),
        ("RELEASE-8.02.02.1-01020304-R", None),
        ("RELEASE-8.01.02.1-01020304", None),
        ("RELEASE-7.01.02.1-01020304", None),
    ];
    for (name, runtime) in cases {
        assert_eq!(RustRuntime::required_by(&LauncherVersion::parse(name).unwrap()), runtime, "{name}");
    }
}

#[test]
fn abi_of_names_and_properties() {
    let of = |key, value| Abi::from_properties(&PropertyMap::from_pairs([(key, value)]));
    assert_eq!(of("ro.product.cpu.abi", "arm64-v8a"), Abi::Arm64);
    assert_eq!(of("ro.product.cpu.abilist", "arm64-v8a,armeabi-v7a"), Abi::Arm64);
    assert_eq!(of("ro.product.cpu.abilist", "armeabi-v7a,arm64-v8a"), Abi::Other);
    assert_eq!(of("ro.system.product.cpu.abilist", "x86_64,x86"), Abi::Other);
    assert_eq!(of("ro.product.cpu.abi", "unknown"), Abi::Unknown);
    assert_eq!(Abi::parse(" "), Abi::Unknown);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}|[OSVAJ0-9.|DEPRC-]{0,40}") {
        if let Ok(build) = Incremental::parse(&text) {
            prop_assert!(!build.numbers().is_empty());
            prop_assert_eq!(Incremental::parse(text.trim()), Ok(build));
        }
        if let Ok(version) = LauncherVersion::parse(&text) {
            prop_assert_eq!(version.to_string(), text.trim());
        }
    }

    #[test]
    fn version_codes_go_both_ways(code in 0u32..=i32::MAX as u32, above in i32::MAX as u32 + 1..) {
        let numbers = LauncherNumbers::from_version_code(code).unwrap();
        prop_assert_eq!(numbers.version_code(), code);
        prop_assert_eq!(LauncherNumbers::new(numbers.as_array()), Some(numbers));
        prop_assert_eq!(LauncherNumbers::from_version_code(above), None);
    }

    #[test]
    fn written_build_numbers_read_back(major in 1u32..100, rest in prop::array::uniform3(0u32..1_000_000), letters in "[A-Z]{7}") {
        let [minor, third, fourth] = rest;
        let build = Incremental::parse(&format!("OS{major}.{minor}.{third}.{fourth}.{letters}")).unwrap();
        prop_assert_eq!(build.numbers(), [major, minor, third, fourth]);
        prop_assert_eq!(build.letters(), Some(letters.as_str()));
        prop_assert_eq!(build.android_letter(), letters.chars().next());
    }
}
