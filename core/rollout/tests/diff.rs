//! Differences: rules, signatures, bounds, noise, and that no planted secret comes out.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use ferrule_rollout::diff::{
    DifferenceKind, Recorder, Redactor, Rule, RuleError, RuleKind, Rules, SIGNATURES_MAX, Sample, Tag, Tree,
    compare, real_differences,
};

fn item(id: i64, title: &str) -> Tree {
    Tree::map([("id", Tree::Int(id)), ("title", Tree::text(title))])
}

fn model(items: Vec<Tree>) -> Tree {
    Tree::map([("items", Tree::List(items)), ("scale", Tree::float(0.5))])
}

fn rules(list: &[(&str, RuleKind)]) -> Rules {
    Rules::new(
        list.iter().map(|(path, kind)| Rule { path: (*path).to_owned(), kind: kind.clone() }).collect(),
    )
}

fn waive(expires: &str, max_rate: f64) -> RuleKind {
    RuleKind::Waive { reason: "r".into(), owner: "o".into(), expires: expires.into(), max_rate }
}

fn found(a: &Tree, b: &Tree, rules: &mut Rules) -> Vec<String> {
    compare(a, b, rules)
        .into_iter()
        .map(|one| format!("{} {}{}", one.path, one.kind.as_str(), if one.waived { " waived" } else { "" }))
        .collect()
}

#[test]
fn each_rule_says_what_equal_means() {
    let two = model(vec![item(1, "Camera"), item(2, "Mail")]);
    let swapped = model(vec![item(2, "Mail"), item(1, "Camera")]);
    let shouted = model(vec![item(1, "CAMERA"), item(2, "Mail")]);
    let fewer = model(vec![item(2, "Mail")]);
    let float = |value: f64| Tree::map([("x", Tree::float(value))]);
    let next = f64::from_bits(0.1_f64.to_bits() + 1);
    for (a, b, list, expected) in [
        (&two, &two, vec![], vec![]),
        (
            &two,
            &swapped,
            vec![],
            vec!["items[*].id value", "items[*].title value", "items[*].id value", "items[*].title value"],
        ),
        (&two, &swapped, vec![("items", RuleKind::Set)], vec![]),
        (&two, &swapped, vec![("items", RuleKind::Keyed("id".into()))], vec![]),
        (&two, &fewer, vec![("items", RuleKind::Keyed("id".into()))], vec!["items[*] only_legacy"]),
        (&fewer, &two, vec![("items", RuleKind::Keyed("id".into()))], vec!["items[*] only_candidate"]),
        (&two, &shouted, vec![], vec!["items[*].title value"]),
        (&two, &shouted, vec![("items[*].title", RuleKind::IgnoreCase)], vec![]),
        (
            &two,
            &shouted,
            vec![("items[*].title", waive("2027-01-01", 1.0))],
            vec!["items[*].title value waived"],
        ),
        (&float(0.1), &float(next), vec![], vec!["x value"]),
        (&float(0.1), &float(next), vec![("x", RuleKind::Ulp(1))], vec![]),
        (&float(-0.0), &float(0.0), vec![("x", RuleKind::Ulp(0))], vec![]),
        (&float(f64::NAN), &float(f64::NAN), vec![], vec![]),
        (&float(f64::NAN), &float(1.0), vec![("x", RuleKind::Ulp(u64::MAX - 1))], vec!["x value"]),
        (&Tree::Null, &Tree::Int(0), vec![], vec![" kind"]),
        (
            &Tree::map([("a", Tree::Null)]),
            &Tree::map([("b", Tree::Null)]),
            vec![],
            vec!["a only_legacy", "b only_candidate"],
        ),
    ] {
        assert_eq!(found(a, b, &mut rules(&list)), expected, "{list:?}");
    }
}

#[test]
fn a_tree_without_end_is_a_difference_and_no_overflow_of_the_stack() {
    let mut deep = Tree::Int(1);
    for _ in 0..100 {
        deep = Tree::List(vec![deep]);
    }
    let found = compare(&deep, &deep.clone(), &mut Rules::default());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].kind, DifferenceKind::TooDeep);
}

#[test]
fn rules_that_are_unused_expired_or_too_generous_are_errors() {
    let two = model(vec![item(1, "Camera")]);
    let other = model(vec![item(1, "Kamera")]);
    let mut rules =
        rules(&[("items[*].title", waive("2026-11-29", 0.5)), ("items[*].tilte", RuleKind::IgnoreCase)]);
    compare(&two, &other, &mut rules);
    let problems = rules.problems("2026-11-30");
    assert_eq!(
        problems,
        [
            RuleError::Expired("items[*].title".into()),
            RuleError::TooOften("items[*].title".into(), 1, 1),
            RuleError::Unused("items[*].tilte".into()),
        ]
    );
}

#[test]
fn what_legacy_does_not_agree_on_with_itself_is_noise() {
    let at = |time: i64, title: &str| Tree::map([("time", Tree::Int(time)), ("title", Tree::text(title))]);
    let sample = Sample { legacy: at(1, "a"), again: Some(at(2, "a")), candidate: at(3, "b") };
    let (real, noisy) = real_differences(&sample, &mut Rules::default());
    assert_eq!(real.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), ["title"]);
    assert_eq!(noisy, ["time"]);
    let (real, noisy) = real_differences(&Sample { again: None, ..sample }, &mut Rules::default());
    assert_eq!((real.len(), noisy.len()), (2, 0));
}

#[test]
fn signatures_are_bounded_and_what_is_beyond_is_counted() {
    let mut recorder = Recorder::new("f", "op", "b", Redactor::new([1; 32]));
    for number in 0..100_u64 {
        let name = format!("field{number}");
        let tree = |value: i64| Tree::map([(name.clone(), Tree::Int(value))]);
        for time in 0..10 {
            let found = compare(&tree(1), &tree(2), &mut Rules::default());
            recorder.record(&found, time, number * 7 + time, |_| Tag::Untagged);
        }
    }
    assert_eq!(recorder.signatures().len(), SIGNATURES_MAX);
    assert_eq!(recorder.overflow(), (100 - SIGNATURES_MAX as u64) * 10);
    for signature in recorder.signatures() {
        assert_eq!((signature.count, signature.exemplars.len(), signature.siblings), (10, 3, 1));
        assert_eq!((signature.first_ms, signature.last_ms, signature.exemplars[0].age_ms), (0, 9, 0));
        assert_eq!(signature.exemplars[0].lines, [format!("{} value 1 2", signature.places[0].0)]);
    }
}

/// RO-I7: planted secrets occur in nothing that leaves: not as they are, not in UTF-16, not in base64, not in hexadecimal.
#[test]
fn no_planted_secret_comes_out() {
    let secrets = ["com.secret.bank", "Anna's phone", "content://contacts/4711", "+49 171 5550123"];
    let tree = |suffix: &str| {
        Tree::map([
            ("label", Tree::text(format!("{}{suffix}", secrets[1]))),
            ("package", Tree::text(format!("{}{suffix}", secrets[0]))),
            ("uri", Tree::Bytes(format!("{}{suffix}", secrets[2]).into_bytes())),
            ("list", Tree::List(vec![Tree::text(format!("{}{suffix}", secrets[3]))])),
            ("account", Tree::Int(if suffix.is_empty() { 4_915_155_501 } else { 4_915_155_502 })),
        ])
    };
    let mut recorder = Recorder::new("launcher.model", "load", "b", Redactor::new([9; 32]));
    let found = compare(&tree(""), &tree("!"), &mut Rules::default());
    assert_eq!(found.len(), 5);
    let personal = |path: &str| if path == "account" { Tag::Personal } else { Tag::Untagged };
    recorder.record(&found, 1, 1, personal);
    let out = format!("{:?}", recorder).into_bytes();
    let text = String::from_utf8_lossy(&out).into_owned();
    for secret in secrets.iter().copied().chain(["4915155501", "4915155502"]) {
        let utf16: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        assert!(!text.contains(secret), "{secret}");
        assert!(!text.contains(&base64(secret.as_bytes())[..secret.len() / 3 * 4]), "{secret} in base64");
        assert!(!text.contains(&hex), "{secret} in hexadecimal");
        assert!(!out.windows(utf16.len()).any(|window| window == utf16), "{secret} in UTF-16");
    }
    assert!(text.contains("text#"), "{text}");
}

#[test]
fn digests_of_two_devices_cannot_be_compared() {
    let value = Tree::text("com.secret.bank");
    let of = |key: u8| Redactor::new([key; 32]).value(&value, Tag::Untagged);
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
    assert!(of(1).ends_with("(15,ascii)"), "{}", of(1));
    assert_eq!(Redactor::new([1; 32]).value(&Tree::text("shadow"), Tag::Closed), "shadow");
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bytes
        .chunks(3)
        .flat_map(|chunk| {
            let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
                << (8 * (3 - chunk.len()));
            (0..4).map(move |digit| DIGITS[(bits >> (18 - 6 * digit) & 63) as usize] as char)
        })
        .collect()
}
