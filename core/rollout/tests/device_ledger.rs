//! The lines of a ledger that the engine and the guard on a device both write for the same calls (`tests/golden/rollout-ledger.jsonl`):
//! what is counted, sampled, signed and redacted is the same in both languages.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::PathBuf;

use ferrule_rollout::config::parse;
use ferrule_rollout::diff::{Difference, DifferenceKind, Recorder, Redactor, Tag, Tree};
use ferrule_rollout::ledger::detail::{self, DayLine, Details};
use ferrule_rollout::ledger::export::{Line, SCHEMA, ledger_of, lines};
use ferrule_rollout::ledger::merge::{Filter, Merge};
use ferrule_rollout::ledger::{Key, Ledger, Outcome};
use ferrule_rollout::stage::Rung;
use ferrule_rollout::told::is_beside_ledgers;

/// The key of a device that has none of its own.
const SECRET: [u8; 32] = *b"0123456789abcdef0123456789abcdef";
const DEVICE: &str = "00112233445566778899aabbccddeeff";

fn key() -> Key {
    Key {
        feature: "launcher.model".into(),
        op: "load(дом)".into(),
        legacy_build: "legacy \"1\"\n".into(),
        candidate_build: "9f3c".into(),
        comparator: 3,
        config: "0123456789abcdef".into(),
        rung: Rung::canary(10),
    }
}

fn differ(path: &str, kind: DifferenceKind, legacy: Tree, candidate: Tree) -> Difference {
    Difference { path: path.into(), kind, waived: false, legacy, candidate }
}

/// The calls, in words that the guard's test has too: `LedgerGoldenTest`.
fn counted() -> (Ledger, Recorder) {
    let redactor = Redactor::new(SECRET);
    let mut ledger = Ledger::new(key(), DEVICE.into());
    let mut recorder = Recorder::new("launcher.model", "load(дом)", "9f3c", redactor.clone());
    for call in 0..700_u32 {
        let hash = redactor.hash(format!("input {call}").as_bytes());
        let class = if call % 3 == 0 { "icons" } else { "folders" };
        ledger.record(Outcome::Match, class, hash);
    }
    ledger.record(Outcome::Match, "widgets", redactor.hash(b"input 0"));
    for (outcome, count) in [
        (Outcome::Late, 1),
        (Outcome::TornInput, 2),
        (Outcome::Noise, 3),
        (Outcome::Skipped, 4),
        (Outcome::Dropped, 5),
        (Outcome::HarnessError, 6),
    ] {
        ledger.add(outcome, count);
    }
    ledger.record(Outcome::CPanic, "icons", redactor.hash(b"panic"));
    ledger.record_explained([("LM_HELD_INSTEAD_OF_DELETED", true), ("LM_OTHER", false)], "icons");
    ledger.record(Outcome::Mismatch, "icons", redactor.hash(b"differs"));
    let found = [
        differ("items[*].title", DifferenceKind::Value, Tree::text("Телефон"), Tree::text("Phone 7")),
        differ("items[*].rank", DifferenceKind::Value, Tree::Int(-3), Tree::float(1.5)),
        differ("items[*].rank", DifferenceKind::OnlyLegacy, Tree::float(2e-7), Tree::Null),
        differ("icon", DifferenceKind::Kind, Tree::Bytes(vec![1, 2, 3]), Tree::Bool(true)),
        differ(
            "list",
            DifferenceKind::OnlyCandidate,
            Tree::List(vec![Tree::Null]),
            Tree::map([("a", Tree::Null)]),
        ),
        differ("text", DifferenceKind::Value, Tree::text(""), Tree::text("0123")),
        differ("text", DifferenceKind::Value, Tree::text("a b"), Tree::text("bad \u{fffd}")),
    ];
    recorder.record(&found, 0, 0, |_| Tag::Untagged);
    ledger.loads = 2;
    ledger.deaths = 1;
    ledger.days = 3;
    ledger.latency_hours = 2;
    ledger.latency_trips = 1;
    ledger.drifted_days_ago = Some(5);
    (ledger, recorder)
}

fn text() -> String {
    let (ledger, recorder) = counted();
    let mut all = lines(&ledger);
    all.extend(detail::lines(&recorder, DEVICE, |_| None));
    for (day, comparisons, real) in [(0, 701, 0), (1, 1, 1), (3, 1, 1)] {
        all.push(Line::Day(DayLine { schema: SCHEMA, device: DEVICE.into(), day, comparisons, real }));
    }
    all.iter().map(|line| serde_json::to_string(line).unwrap() + "\n").collect()
}

#[test]
fn the_golden_lines_are_what_this_version_writes_and_reads() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/rollout-ledger.jsonl");
    let written = text();
    if std::env::var_os("FERRULE_WRITE_GOLDEN").is_some() {
        std::fs::write(&path, &written).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap();
    assert_eq!(golden, written);
    let (ledger, recorder) = counted();
    let mut merge = Merge::new(Filter::default());
    let mut details = Details::default();
    for line in golden.lines() {
        merge.line(line).unwrap();
        Line::read(line).unwrap().add_to_details(&mut details);
    }
    let (tally, duplicates) = merge.end().unwrap();
    let mut sum = tally.unwrap().sum;
    DEVICE.clone_into(&mut sum.device);
    assert!(duplicates.is_empty());
    assert_eq!(sum, ledger);
    assert_eq!(details.signatures.len(), recorder.signatures().len());
    assert_eq!(details.days.len(), 3);
    let Line::Ledger(first) = Line::read(golden.lines().next().unwrap()).unwrap() else {
        panic!("no ledger")
    };
    assert_eq!(ledger_of(&first).unwrap().key, key());
}

#[test]
fn no_line_of_a_ledger_is_passed_over_as_one_of_the_guard() {
    assert!(text().lines().all(|line| !is_beside_ledgers(line)));
    for kind in ["guard", "feature", "latency", "operation", "event", "death"] {
        assert!(is_beside_ledgers(&format!("{{\"kind\":\"{kind}\",\"schema\":1}}")), "{kind}");
    }
    for other in ["", "{}", "{\"kind\":\"drill\"}", "{ \"kind\":\"guard\"}", "{\"kind\":\"guardian\"}"] {
        assert!(!is_beside_ledgers(other), "{other}");
    }
}

const CONFIG: &str = r#"
schema = 1
generation = 7

[feature."os.check"]
id = 0
stage = "shadow"

[feature."launcher.model"]
id = 4
stage = "off"
template = "read_write"
classes = ["icons", "folders"]
accept = ["LM_HELD_INSTEAD_OF_DELETED", "LM_OTHER"]
"#;

#[test]
fn a_compiled_state_tells_a_device_what_its_ledgers_need() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden");
    let parsed = parse(CONFIG, None);
    assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
    let config = parsed.config.unwrap();
    let hashes: String =
        config.features.iter().map(|one| format!("{} {}\n", one.settings.name, one.hash())).collect();
    let state = config.compile().unwrap();
    if std::env::var_os("FERRULE_WRITE_GOLDEN").is_some() {
        std::fs::write(folder.join("rollout-compiled.state"), &state).unwrap();
        std::fs::write(folder.join("rollout-compiled.txt"), &hashes).unwrap();
    }
    assert!(std::fs::read(folder.join("rollout-compiled.state")).unwrap() == state);
    assert_eq!(std::fs::read_to_string(folder.join("rollout-compiled.txt")).unwrap(), hashes);
}
