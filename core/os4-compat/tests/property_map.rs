//! Reading properties: the traps of real files (os4-compat 1.1), `getprop`, merging, and inputs of any size.
#![allow(missing_docs)]

use ferrule_os4_compat::property_map::{
    Format, IGNORED_LINES_KEPT, IgnoredCause, KEY_MAX_BYTES, VALUE_MAX_BYTES, Value,
};
use ferrule_os4_compat::{OsIdentity, Partition, PropertyMap};
use proptest::prelude::*;

fn raw(map: &PropertyMap, key: &str) -> Option<String> {
    map.raw_text(key).map(|text| text.into_owned())
}

#[test]
fn traps_of_real_files() {
    let map = PropertyMap::parse(
        b"\xef\xbb\xbfro.first=1\r\n\
          # ro.comment=1\n\
          #ro.optional.comment?=1\n\
          \t # indented=1\n\
          ro.empty=\n\
          ro.null=Null\n\
          ro.blank =  \t gV1.0 \0\r\n\
          ro.twice=old\n\
          ro.twice=new\n\
          ro.equals=a=b=c\n\
          ro.bytes=\xff\xfe\n\
          import /vendor/x.prop\n\
          import /with=sign\n\
          just words\n\
          =no key\n\
          two words=1\n\
          \n\
          ro.last=no newline",
    );
    let expected = [
        ("ro.first", Some("1")),
        ("ro.comment", None),
        ("ro.optional.comment?", None),
        ("ro.empty", Some("")),
        ("ro.null", Some("Null")),
        ("ro.blank", Some("gV1.0")),
        ("ro.twice", Some("new")),
        ("ro.equals", Some("a=b=c")),
        ("ro.bytes", Some("\u{fffd}\u{fffd}")),
        ("ro.last", Some("no newline")),
    ];
    for (key, value) in expected {
        assert_eq!(raw(&map, key).as_deref(), value, "{key}");
    }
    let report = map.report();
    assert_eq!((report.lines, report.comments, report.blank, report.imports), (18, 3, 1, 1));
    assert_eq!((report.assignments, report.duplicates, report.ignored), (9, 1, 4));
    let ignored: Vec<(u64, IgnoredCause)> =
        report.first_ignored.iter().map(|it| (it.line, it.cause)).collect();
    let causes = [
        (13, IgnoredCause::IllegalKey),
        (14, IgnoredCause::NoAssignment),
        (15, IgnoredCause::EmptyKey),
        (16, IgnoredCause::IllegalKey),
    ];
    assert_eq!(ignored, causes);
}

#[test]
fn optional_assignments_give_way_in_their_file_wherever_they_stand() {
    let map = PropertyMap::parse(b"a?=optional\na=plain\nb=plain\nb?=optional\nc?=first\nc?=last\n");
    assert_eq!((map.get("a"), map.get("b"), map.get("c")), (Some("plain"), Some("plain"), Some("last")));
    assert_eq!((map.report().optional, map.report().duplicates), (4, 3));
    // A file's own result overrides an earlier partition, however it was assigned.
    let system = PropertyMap::parse_partition(b"c=system\n", Partition::System);
    let product = PropertyMap::parse_partition(b"c?=product\n", Partition::Product);
    assert_eq!(PropertyMap::merge([product, system]).get("c"), Some("product"));
}

#[test]
fn getprop_is_told_from_its_first_line_and_values_have_newlines() {
    let map = PropertyMap::parse(
        b"\n[ro.one]: [1]\r\n[ro.lines]: [first\nsecond]\nthird]\n[ro.empty]: []\n[ro.brackets]: [[x]]\n\
          stray\n[ro.open]: [never closed\n[ro.last]: [z]",
    );
    assert_eq!((map.report().format, map.source("ro.one")), (Format::Getprop, Some(Partition::Live)));
    assert_eq!(raw(&map, "ro.one").as_deref(), Some("1"));
    assert_eq!(raw(&map, "ro.lines").as_deref(), Some("first\nsecond]\nthird"));
    assert_eq!(raw(&map, "ro.empty").as_deref(), Some(""));
    assert_eq!(raw(&map, "ro.brackets").as_deref(), Some("[x]"));
    assert_eq!(raw(&map, "ro.open"), None);
    assert_eq!(raw(&map, "ro.last").as_deref(), Some("z"));
    let ignored: Vec<(u64, IgnoredCause)> =
        map.report().first_ignored.iter().map(|it| (it.line, it.cause)).collect();
    assert_eq!(ignored, [(8, IgnoredCause::NoAssignment), (9, IgnoredCause::Unterminated)]);
    assert_eq!(map.value("ro.lines"), Value::Unusable(b"first\nsecond]\nthird"));
}

#[test]
fn a_bracket_in_a_file_does_not_make_it_getprop() {
    let map = PropertyMap::parse(b"a=1\n[b]: [2]\n");
    assert_eq!((map.report().format, map.get("a"), map.len()), (Format::BuildProp, Some("1"), 1));
}

#[test]
fn values_are_normalised_by_6_1() {
    let longest = "x".repeat(VALUE_MAX_BYTES);
    let too_long = "x".repeat(VALUE_MAX_BYTES + 1);
    let cases = [
        ("", Value::Absent),
        (" \t\r\0", Value::Absent),
        ("unknown", Value::Absent),
        ("NULL", Value::Absent),
        ("None", Value::Absent),
        ("N/A", Value::Absent),
        ("nulls", Value::Text("nulls")),
        (" a b ", Value::Text("a b")),
        ("\u{ff14}", Value::Unusable("\u{ff14}".as_bytes())),
        ("a\0b", Value::Unusable(b"a\0b")),
        (&longest, Value::Text(&longest)),
        (&too_long, Value::Unusable(too_long.as_bytes())),
    ];
    for (value, expected) in cases {
        let map = PropertyMap::from_pairs([("k", value)]);
        assert_eq!(map.value("k"), expected, "{value:?}");
        let text = if let Value::Text(text) = expected { Some(text) } else { None };
        assert_eq!(map.get("k"), text, "{value:?}");
    }
    assert_eq!(PropertyMap::default().value("k"), Value::Absent);
}

#[test]
fn partitions_are_recognised_in_paths() {
    let cases = [
        ("mi_ext/etc/build.prop", Partition::MiExt),
        ("/dump/system/system/build.prop", Partition::System),
        ("system/system/system_ext/etc/build.prop", Partition::SystemExt),
        ("system/system/product/build.prop", Partition::Product),
        ("system\\vendor\\build.prop", Partition::Vendor),
        ("vendor/odm/etc/build.prop", Partition::Odm),
        ("odm_dlkm/etc/build.prop", Partition::Odm),
        ("system/etc/prop.default", Partition::System),
        ("product_etc_build.prop", Partition::Product),
        ("mi_ext.prop", Partition::MiExt),
        ("vendor", Partition::Vendor),
        ("productive/build.prop", Partition::Unknown),
        ("systemless.prop", Partition::Unknown),
        ("", Partition::Unknown),
    ];
    for (path, partition) in cases {
        assert_eq!(Partition::from_path(path), partition, "{path}");
    }
}

#[test]
fn later_partitions_win_in_any_order_of_files() {
    let order = [
        Partition::Unknown,
        Partition::System,
        Partition::SystemExt,
        Partition::Vendor,
        Partition::Odm,
        Partition::Product,
        Partition::MiExt,
        Partition::Live,
    ];
    for (at, earlier) in order.iter().enumerate() {
        for later in order.iter().skip(at + 1) {
            let first = PropertyMap::parse_partition(b"k=earlier\nonly=1", *earlier);
            let second = PropertyMap::parse_partition(b"k=later", *later);
            let merged = PropertyMap::merge([second, first]);
            assert_eq!(
                (merged.get("k"), merged.get("only")),
                (Some("later"), Some("1")),
                "{earlier:?} {later:?}"
            );
            assert_eq!((merged.source("k"), merged.report().overridden), (Some(*later), 1));
        }
    }
    let empty_wins = [("k=old", Partition::System), ("k=", Partition::Product)];
    let maps = empty_wins.map(|(text, partition)| PropertyMap::parse_partition(text.as_bytes(), partition));
    assert_eq!(PropertyMap::merge(maps).value("k"), Value::Absent);
}

/// No time is measured: a quadratic parse of these would run for hours.
#[test]
fn ten_megabytes_and_lines_of_a_megabyte_are_read() {
    const MEGABYTE: usize = 1 << 20;
    let mut text = Vec::with_capacity(11 * MEGABYTE);
    let mut lines = 0;
    while text.len() < 10 * MEGABYTE {
        text.extend_from_slice(format!("ro.generated.key.{lines}=value {lines}\n").as_bytes());
        lines += 1;
    }
    let map = PropertyMap::parse(&text);
    assert_eq!((map.len() as u64, map.report().lines, map.report().ignored), (lines, lines, 0));
    assert_eq!(map.get("ro.generated.key.7"), Some("value 7"));

    let same_key = b"ro.same=1\n".repeat(MEGABYTE);
    assert_eq!(PropertyMap::parse(&same_key).report().duplicates, MEGABYTE as u64 - 1);

    let long = vec![b'x'; MEGABYTE];
    let value = PropertyMap::parse(&[b"k=", &long[..], b"\nro.build.version.sdk=37"].concat());
    assert_eq!((value.value("k"), value.get("ro.build.version.sdk")), (Value::Unusable(&long), Some("37")));
    let key = PropertyMap::parse(&[&long[..], b"=v\nk=1"].concat());
    assert_eq!((key.report().ignored, key.get("k")), (1, Some("1")));
    assert_eq!(PropertyMap::parse(&long).report().first_ignored[0].cause, IgnoredCause::NoAssignment);

    for hostile in
        [&b"[a]: [\n"[..], b"[a]: [x]\ny]\n", b"[a]: [x]\ny\n", b"[", b"]\n", b"=", b"\0", b"\n", b"#"]
    {
        let map = PropertyMap::parse(&hostile.repeat(2 * MEGABYTE / hostile.len()));
        assert!(map.len() <= 1);
        assert!(map.report().first_ignored.len() <= IGNORED_LINES_KEPT);
        assert!(!OsIdentity::decide(&map).at_least_os4());
    }
}

#[test]
fn keys_up_to_the_limit_are_kept() {
    let longest = "k".repeat(KEY_MAX_BYTES);
    let map = PropertyMap::parse(format!("{longest}=1\n{longest}k=2\n").as_bytes());
    assert_eq!((map.get(&longest), map.report().ignored), (Some("1"), 1));
    let map = PropertyMap::parse(format!("[{longest}]: [1]\n[{longest}k]: [2]\n").as_bytes());
    assert_eq!((map.get(&longest), map.len()), (Some("1"), 1));
}

fn any_text() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"\n".to_vec()),
        Just(b"=".to_vec()),
        Just(b"?=".to_vec()),
        Just(b"#".to_vec()),
        Just(b"]: [".to_vec()),
        Just(b"[".to_vec()),
        Just(b"]\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\0".to_vec()),
        Just(b"\xef\xbb\xbf".to_vec()),
        Just(b"import ".to_vec()),
        "[a-c.]{1,3}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// Keys and values that every format can hold.
fn any_pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    prop::collection::vec(("[a-e][a-e._-]{0,4}", "([!-~]([ -~]{0,8}[!-~])?)?"), 0..24)
}

proptest! {
    #[test]
    fn every_line_of_any_bytes_is_counted_once(bytes in any_text()) {
        let map = PropertyMap::parse(&bytes);
        let report = map.report();
        prop_assert_eq!(map.len() as u64 + report.duplicates, report.assignments);
        let counted = report.comments + report.blank + report.imports + report.assignments + report.ignored;
        if report.format == Format::BuildProp {
            prop_assert_eq!(counted, report.lines);
        } else {
            prop_assert!(counted <= report.lines);
        }
        let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let newlines = body.iter().filter(|byte| **byte == b'\n').count() as u64;
        let unfinished = u64::from(body.last().is_some_and(|byte| *byte != b'\n'));
        prop_assert_eq!(report.lines, newlines + unfinished);
    }

    #[test]
    fn files_getprop_and_pairs_read_alike(pairs in any_pairs()) {
        let file: String = pairs.iter().map(|(key, value)| format!("{key}={value}\n")).collect();
        // Optional assignments are not what this is about.
        prop_assume!(!file.contains("?="));
        let getprop: String = pairs.iter().map(|(key, value)| format!("[{key}]: [{value}]\n")).collect();
        let from_pairs = PropertyMap::from_pairs(pairs.iter().map(|(key, value)| (key, value)));
        prop_assert_eq!(&PropertyMap::parse(file.as_bytes()), &from_pairs);
        prop_assert_eq!(&PropertyMap::parse(getprop.as_bytes()), &from_pairs);
        for (key, value) in &pairs {
            let last = pairs.iter().rev().find(|(other, _)| other == key).map(|(_, value)| value.as_bytes());
            prop_assert_eq!(from_pairs.raw(key), last, "{}={}", key, value);
        }
    }

    #[test]
    fn merging_is_parsing_the_files_one_after_the_other(first in any_pairs(), second in any_pairs()) {
        let text = |pairs: &[(String, String)]| -> String {
            pairs.iter().map(|(key, value)| format!("{key}={value}\n")).collect()
        };
        let parse = |text: &str, partition| PropertyMap::parse_partition(text.as_bytes(), partition);
        let (first, second) = (text(&first), text(&second));
        let (system, product) = (parse(&first, Partition::System), parse(&second, Partition::Product));
        let joined = parse(&format!("{first}{second}"), Partition::Unknown);
        prop_assert_eq!(&PropertyMap::merge([product.clone(), system.clone()]), &joined);
        let twice = PropertyMap::merge([PropertyMap::merge([system.clone()]), product.clone(), product]);
        prop_assert_eq!(&twice, &joined);
        prop_assert_eq!(&PropertyMap::merge([system.clone(), PropertyMap::default()]), &system);
    }
}
