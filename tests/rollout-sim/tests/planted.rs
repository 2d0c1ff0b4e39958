//! Breaks each rule of the engine once and shows that the simulator catches it. The list with the seed and step of each catch goes to
//! `mutations-rollout.tsv` in cargo's folder for test output. Runs with the feature `mutants`.

use std::fmt::Write;
use std::path::Path;

use ferrule_rollout::mutants::{Mutation, with};
use ferrule_rollout_sim::run;

const SEED: u64 = 20_261_125;
const SEEDS: u64 = 400;
const STEPS: u64 = 2_000;

#[test]
fn every_planted_bug_is_caught() {
    let mut table = String::from("rule\tseed\tstep\tviolation\n");
    let mut survivors = Vec::new();
    for mutation in Mutation::ALL {
        let catch = with(mutation, || (0..SEEDS).find_map(|number| run(SEED + number, STEPS).err()));
        match catch {
            Some(violation) => {
                let what: String = violation.what.chars().take(120).collect();
                writeln!(table, "{mutation:?}\t{}\t{}\t{what}", violation.seed, violation.step)
                    .expect("a String takes text");
            }
            None => survivors.push(mutation),
        }
    }
    let report = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutations-rollout.tsv");
    std::fs::write(&report, &table).expect("the report can be written");
    println!("{} planted bugs, list in {}\n{table}", Mutation::ALL.len(), report.display());
    assert!(survivors.is_empty(), "not caught: {survivors:?}");
}
