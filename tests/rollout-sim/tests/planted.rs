//! Breaks each rule of the engine once and shows that the simulator catches it. The list with the seed and step of each catch goes to
//! `planted-bugs.txt` in cargo's folder for test output, and from there into the report of `cargo xtask test`. Runs with the feature `mutants`.

use std::fmt::Write;
use std::path::Path;

use ferrule_rollout::crash::Blame;
use ferrule_rollout::engine::{Event, Feature, FeatureId, Settings, State, step};
use ferrule_rollout::mutants::{Mutation, with};
use ferrule_rollout::stage::{Rung, Template};
use ferrule_rollout_sim::run;

const SEED: u64 = 20_261_125;
const SEEDS: u64 = 400;
const STEPS: u64 = 2_000;

#[test]
fn every_planted_bug_is_caught() {
    let report = Path::new(env!("CARGO_TARGET_TMPDIR")).join("planted-bugs.txt");
    // What an earlier run found says nothing of this one.
    let _ = std::fs::remove_file(&report);
    let mut table = String::new();
    let (mut caught, mut survivors) = (0, Vec::new());
    // Random histories do not get there: the deaths must be ANRs with a stable run between each two.
    for mutation in Mutation::ALL.into_iter().filter(|one| *one != Mutation::BucketQuarantines) {
        let catch = with(mutation, || (0..SEEDS).find_map(|number| run(SEED + number, STEPS).err()));
        match catch {
            Some(violation) => {
                caught += 1;
                let what: String = violation.what.chars().take(72).collect();
                let (name, seed, step) = (format!("{mutation:?}"), violation.seed, violation.step);
                writeln!(table, "  {name:<20} seed {seed} step {step:<5} {what}")
            }
            None => {
                survivors.push(mutation);
                writeln!(table, "  {mutation:?} was not caught")
            }
        }
        .expect("a String takes text");
    }
    let by_hand =
        slow_crasher_is_quarantined() && !with(Mutation::BucketQuarantines, slow_crasher_is_quarantined);
    let name = format!("{:?}", Mutation::BucketQuarantines);
    writeln!(table, "  {name:<20} by a history of its own: {by_hand}").expect("a String takes text");
    caught += usize::from(by_hand);
    let text = format!("{caught} of {} planted bugs caught\n{table}", Mutation::ALL.len());
    std::fs::write(&report, &text).expect("the report can be written");
    println!("{text}");
    assert!(survivors.is_empty() && by_hand, "not caught: {survivors:?}");
}

/// Three deaths within a day, none of them in a row: whether the build is quarantined.
fn slow_crasher_is_quarantined() -> bool {
    let id = FeatureId::new(0).expect("below 63");
    let settings = Settings {
        name: "f".into(),
        salt: "f".into(),
        template: Template::Pure,
        start: Rung::SHADOW,
        ceiling: Rung::SHADOW,
        window_start: 0,
        critical: false,
        parents: 0,
        is_bad: false,
        targets: vec![],
    };
    let mut state = State::default();
    state.durable.build = 7;
    state.durable.features = vec![Feature::new(id, settings)];
    for death in 0..3 {
        let blames = vec![Blame { build: 7, features: id.bit(), ..Blame::default() }];
        let boottime_ms = death * 200_000;
        for event in [
            Event::Start { boot: 1, boottime_ms, build: 7, blames },
            Event::FirstFrame,
            Event::Calls { feature: id, count: 100 },
            Event::Time { boottime_ms: boottime_ms + 61_000 },
        ] {
            state = step(&state, &event).0;
        }
    }
    state.durable.feature(id).is_some_and(|feature| feature.is_quarantined(7))
}
