//! Target `os_props`: bytes as property files, and everything that is decided from them.

use ferrule_os4_compat::property_map::Format;
use ferrule_os4_compat::{Confidence, LauncherVersion, OsIdentity, Partition, PropertyMap, VersionText};

/// Splits the input at bytes 0xFF into files of different partitions, parses, merges and decides.
///
/// # Panics
/// When a property does not hold.
pub fn os_props(data: &[u8]) {
    let partitions = [Partition::System, Partition::Vendor, Partition::Product, Partition::MiExt];
    let files = data.splitn(partitions.len(), |&byte| byte == 0xff).zip(partitions);
    let maps: Vec<PropertyMap> =
        files.map(|(bytes, partition)| PropertyMap::parse_partition(bytes, partition)).collect();
    for map in &maps {
        check_map(map);
    }
    let merged = PropertyMap::merge(maps.clone());
    check_merge(&maps, &merged);
    check_decision(&merged);
    check_versions(&merged);
}

fn check_map(map: &PropertyMap) {
    let report = map.report();
    assert_eq!(
        map.len() as u64,
        report.assignments - report.duplicates,
        "each assignment is a key or superseded"
    );
    let counted = report.comments + report.blank + report.imports + report.assignments + report.ignored;
    match report.format {
        Format::BuildProp => assert_eq!(counted, report.lines, "every line is counted once"),
        // A value can have several lines.
        Format::Getprop => assert!(counted <= report.lines, "no line is counted twice"),
        Format::Pairs => unreachable!("bytes are no pairs"),
    }
    let pairs: Vec<(&[u8], &[u8])> = map.iter().collect();
    assert_eq!(&PropertyMap::from_pairs(pairs.iter().copied()), map, "pairs give the same map");
    // One line a key, unless a value has lines of its own or bytes that a file takes for something else.
    let mut file = Vec::new();
    for (key, value) in pairs.iter().filter(|(_, value)| !value.contains(&b'\n')) {
        file.extend_from_slice(&[*key, b"=", *value, b"\n"].concat());
    }
    let again = PropertyMap::parse(&file);
    for (key, value) in again.iter() {
        let key = std::str::from_utf8(key).expect("keys are ASCII");
        assert_eq!(map.raw(key), Some(value), "a written file reads back");
    }
}

fn check_merge(maps: &[PropertyMap], merged: &PropertyMap) {
    assert_eq!(&PropertyMap::merge([merged.clone()]), merged, "merging one map changes nothing");
    assert_eq!(&PropertyMap::merge(maps.iter().rev().cloned()), merged, "the order of files does not matter");
    for (key, value) in merged.iter() {
        let key = std::str::from_utf8(key).expect("keys are ASCII");
        let last = maps.iter().rev().find_map(|map| map.raw(key));
        assert_eq!(last, Some(value), "the last partition wins");
    }
}

fn check_decision(map: &PropertyMap) {
    let identity = OsIdentity::decide(map);
    assert_eq!(identity, OsIdentity::decide(map), "the same map gives the same answer");
    assert!(!identity.reasons.is_empty(), "every answer has a reason");
    if identity.at_least_os4() {
        assert!(!identity.spoofed && identity.confidence > Confidence::Low, "{identity:?}");
    }
    let mut pairs: Vec<(&[u8], &[u8])> = map.iter().collect();
    pairs.push((b"ro.ai.os.version.code", b"4"));
    pairs.push((b"ro.vendor.build.version.incremental", b"OS4.0.1.0.XAACNXM"));
    let other = OsIdentity::decide(&PropertyMap::from_pairs(pairs));
    let facts = |it: &OsIdentity| (it.family, it.major, it.minor, it.sdk, it.confidence, it.spoofed);
    assert_eq!(facts(&identity), facts(&other), "keys that are never evidence change nothing");
}

fn check_versions(map: &PropertyMap) {
    for (_, value) in map.iter() {
        let text = String::from_utf8_lossy(value);
        if let Ok(VersionText::Launcher(version)) = VersionText::parse(&text) {
            let printed = version.to_string();
            assert_eq!(
                LauncherVersion::parse(&printed).as_ref(),
                Ok(&version),
                "a printed version reads back"
            );
        }
    }
}
