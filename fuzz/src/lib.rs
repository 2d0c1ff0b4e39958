//! What must hold for any bytes: one function a fuzz target, which panics when it does not.
//!
//! `cargo xtask test` runs each as a libFuzzer target for a minute; `cargo test` replays the seeds, among them every
//! input that once broke something. Invariant: a function asserts laws of the parser, never a particular answer.

use ferrule_os4_compat::property_map::VALUE_MAX_BYTES;
use ferrule_os4_compat::{Incremental, LauncherVersion, OsIdentity, Partition, PropertyMap, VersionText};

/// Property files and `getprop` output: any bytes give a map and a verdict.
pub fn properties(bytes: &[u8]) {
    let map = PropertyMap::parse(bytes);
    let report = map.report();
    let told = report.comments + report.blank + report.imports + report.assignments + report.ignored;
    assert!(told <= report.lines.max(1), "a line counts once: {report:?}");
    for (key, _) in map.iter() {
        let key = std::str::from_utf8(key).expect("keys are ASCII");
        assert!(map.raw(key).is_some(), "a key that is listed is found: {key}");
        if let Some(text) = map.get(key) {
            assert!(!text.is_empty() && text.len() <= VALUE_MAX_BYTES && text.is_ascii());
        }
    }
    let verdict = OsIdentity::decide(&map);
    assert_eq!(verdict, OsIdentity::decide(&map), "the same input gives the same verdict");
    assert!(!(verdict.spoofed && verdict.at_least_os4()), "a spoof is never OS4: {verdict:?}");
    assert!(verdict.major.is_none_or(|major| (1..=99).contains(&major)), "{verdict:?}");

    // Halves as two partitions: whatever order they come in, the load order decides.
    let (first, second) = bytes.split_at(bytes.len() / 2);
    let parts = || {
        (
            PropertyMap::parse_partition(first, Partition::System),
            PropertyMap::parse_partition(second, Partition::MiExt),
        )
    };
    let ((a, b), (c, d)) = (parts(), parts());
    assert_eq!(PropertyMap::merge([a, b]), PropertyMap::merge([d, c]));
}

/// Build numbers and launcher versions: what parses prints and parses again.
pub fn versions(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(build) = Incremental::parse(&text) {
        assert!((1..=5).contains(&build.form().number()));
        assert!(build.major().is_none_or(|major| (1..=99).contains(&major)), "{build:?}");
        assert_eq!(build.android().is_some(), build.sdk_range().is_some());
    }
    if let Ok(launcher) = LauncherVersion::parse(&text) {
        assert_eq!(LauncherVersion::parse(&launcher.to_string()).as_ref(), Ok(&launcher));
        assert!(launcher.numbers().version_code() <= i32::MAX as u32);
    }
    assert_eq!(
        VersionText::parse(&text).is_ok(),
        Incremental::parse(&text).is_ok() || LauncherVersion::parse(&text).is_ok()
    );
}
