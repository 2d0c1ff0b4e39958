//! Explained differences are explained, and a planted one of the same look but another cause is not (R57).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use ferrule_compare::os::{self, Answer, Flaw, Phone};
use ferrule_compare::{Comparison, model};
use ferrule_launcher_model::compat::LoadRow;
use ferrule_launcher_model::compat::placement::Grid;
use ferrule_launcher_model::json::LoadSpec;
use ferrule_launcher_model::rows::{Column, Table, Value};
use ferrule_os4_compat::{DeviceFacts, Family, PropertyMap};
use ferrule_rollout::diff::Tree;

fn phone(properties: &[(&str, &str)]) -> Phone {
    Phone {
        properties: PropertyMap::from_pairs(properties.iter().copied()),
        device: DeviceFacts { ram_gib: Some(12), ..DeviceFacts::default() },
        ..Phone::default()
    }
}

const SPOOFED: &[(&str, &str)] = &[
    ("ro.mi.os.version.code", "4"),
    ("ro.mi.os.version.name", "OS4.0"),
    ("ro.build.version.incremental", "OS2.0.9.0.VZZCNXM"),
    ("ro.build.version.sdk", "35"),
];

fn verdict(phone: &Phone, legacy: &Answer) -> Comparison {
    os::compare(phone, legacy, &os::candidate(phone))
}

#[test]
fn each_cause_is_named_by_proof_alone() {
    for (properties, codes) in [
        (SPOOFED, vec!["OS_LEGACY_TRUSTS_SPOOF"]),
        (
            &[
                ("ro.mi.os.version.code", "2"),
                ("ro.mi.os.version.name", "OS2.0"),
                ("ro.ai.os.version.code", "4"),
                ("ro.build.version.incremental", "OS2.0.9.0.VZZCNXM"),
                ("ro.build.version.sdk", "35"),
            ],
            vec!["OS_LEGACY_TRUSTS_AI_VERSION"],
        ),
        (
            &[
                ("ro.product.manufacturer", "Xiaomi"),
                ("ro.build.version.incremental", "eng.lineage"),
                ("ro.build.version.sdk", "34"),
            ],
            vec!["OS_LEGACY_SDK_MEANS_HYPEROS"],
        ),
        (
            &[("ro.build.version.incremental", "A15.0.11.0.VZZMIXM"), ("ro.build.version.sdk", "35")],
            vec!["OS_LEGACY_NO_GO_FAMILY"],
        ),
    ] {
        let phone = phone(properties);
        let legacy = os::legacy_without(&phone, &[]);
        match verdict(&phone, &legacy) {
            Comparison::Explained(found) => {
                for code in &codes {
                    assert!(found.contains(code), "{properties:?}: {found:?}");
                }
                // Each named cause is needed: with it put back the answers differ again.
                for code in &found {
                    let others: Vec<Flaw> = Flaw::ALL
                        .into_iter()
                        .filter(|flaw| found.contains(&flaw.code()) && flaw.code() != *code)
                        .collect();
                    assert_ne!(
                        os::legacy_without(&phone, &others).tree(),
                        os::candidate(&phone).tree(),
                        "{code}"
                    );
                }
            }
            other => panic!("{properties:?}: {other:?}"),
        }
    }
}

#[test]
fn a_difference_that_only_looks_the_same_is_a_mismatch() {
    // Legacy says OS4 of a phone that is HyperOS 2 and declares nothing else: what a spoof would make it say.
    let honest = phone(&[
        ("ro.mi.os.version.code", "2"),
        ("ro.mi.os.version.name", "OS2.0"),
        ("ro.build.version.incremental", "OS2.0.9.0.VZZCNXM"),
        ("ro.build.version.sdk", "35"),
    ]);
    let spoofed = phone(SPOOFED);
    let same_look = os::legacy_without(&spoofed, &[]);
    assert!(matches!(verdict(&spoofed, &same_look), Comparison::Explained(_)));
    assert!(matches!(verdict(&honest, &same_look), Comparison::Mismatch(_)), "planted in legacy");
    // The candidate answers wrongly where legacy has a flaw: the flaw does not excuse it.
    let wrong = Answer { family: Family::Miui, ..os::candidate(&spoofed) };
    assert!(
        matches!(os::compare(&spoofed, &same_look, &wrong), Comparison::Mismatch(_)),
        "planted in the candidate"
    );
    assert_eq!(verdict(&honest, &os::candidate(&honest)), Comparison::Match);
}

/// A desktop of one icon whose app is gone, one that is there, and one of an unknown type.
fn rows() -> Vec<LoadRow> {
    let columns = [
        "_id",
        "title",
        "intent",
        "container",
        "screen",
        "cellX",
        "cellY",
        "spanX",
        "spanY",
        "itemType",
        "profileId",
        "restored",
    ];
    let intent = |package: &str| {
        Value::Text(format!(
            "#Intent;action=android.intent.action.MAIN;category=android.intent.category.LAUNCHER;launchFlags=0x10200000;component={package}/.Main;end"
        ))
    };
    let row = |id: i64, package: &str, x: i64, kind: i64| {
        vec![
            Value::Integer(id),
            Value::Text(format!("App {id}")),
            intent(package),
            Value::Integer(-100),
            Value::Integer(0),
            Value::Integer(x),
            Value::Integer(1),
            Value::Integer(1),
            Value::Integer(1),
            Value::Integer(kind),
            Value::Integer(0),
            Value::Integer(0),
        ]
    };
    let cells = [(1, "a.b", 0, 0), (2, "c.d", 1, 0), (3, "e.f", 2, 77)];
    let columns = columns.map(|name| Column { name: name.to_owned(), ..Column::default() }).to_vec();
    let table =
        Table { columns, rows: cells.map(|(id, package, x, kind)| row(id, package, x, kind)).to_vec() };
    LoadRow::from_table(&table)
}

#[test]
fn what_safe_does_otherwise_has_its_code_and_what_it_does_not_do_burns() {
    let rows = rows();
    let grid = Grid { columns: 5, rows: 5, hotseat: 5, search_columns: 5, folder: (4, 4) };
    let spec = LoadSpec::assuming_present(&rows, grid);
    let input = spec.input(&rows);
    let legacy = model::legacy_tree(&spec.load(&rows));
    let candidate = model::candidate_tree(&spec.safe_load(&rows, &[]));
    match model::compare(&input, &[], &legacy, &candidate) {
        Comparison::Explained(codes) => assert!(codes.contains(&"LM_KEPT_OPAQUE"), "{codes:?}"),
        other => panic!("{other:?}"),
    }
    // A held row looks like one of safe's own, and no rule made it.
    let planted = |tree: &Tree, from: &str, to: &str| {
        fn change(tree: &Tree, from: &str, to: &str, done: &mut bool) -> Tree {
            match tree {
                Tree::Text(text) if text == from && !*done => {
                    *done = true;
                    Tree::text(to)
                }
                Tree::List(list) => Tree::List(list.iter().map(|one| change(one, from, to, done)).collect()),
                Tree::Map(fields) => Tree::Map(
                    fields.iter().map(|(name, one)| (name.clone(), change(one, from, to, done))).collect(),
                ),
                other => other.clone(),
            }
        }
        let mut done = false;
        let changed = change(tree, from, to, &mut done);
        assert!(done, "{from} occurs");
        changed
    };
    let held = planted(&candidate, "live", "held");
    assert!(matches!(model::compare(&input, &[], &legacy, &held), Comparison::Mismatch(_)));
    let renamed = planted(&legacy, "App 1", "App 9");
    assert!(matches!(model::compare(&input, &[], &renamed, &candidate), Comparison::Mismatch(_)));
}
