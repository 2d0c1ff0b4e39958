//! Breaks each rule of the load once and shows that the load cases alone catch it.
//!
//! A rule is broken in two ways: its condition never holds, or it is turned round. The list of mutations and the first
//! case that catches each goes to `mutations-load.tsv` in cargo's folder for test output. Runs with the feature `mutants`.

use std::fmt::Write;
use std::path::Path;

use ferrule_conformance::data_dir;
use ferrule_conformance::launcher::loader::Prepared;
use ferrule_launcher_model::compat::mutants::{Breakage, Mutation, with};

#[test]
fn every_broken_rule_is_caught_by_a_load_case() {
    let path = data_dir().join("launcher/peer/loader_cases.jsonl");
    if !path.exists() && std::env::var_os("CI").is_none() {
        eprintln!("skipped, {} is not there; set FERRULE_CONFORMANCE_DIR to the data folder", path.display());
        return;
    }
    let cases = Prepared::read_all(&path).expect("the load cases can be read");
    assert!(!cases.is_empty(), "no case in {}", path.display());
    let mut table = String::from("rule\tbroken\tcaught by\tfirst difference\n");
    let mut survivors = Vec::new();
    for mutation in Mutation::all() {
        for breakage in [Breakage::Never, Breakage::Inverted] {
            let label = mutation.label();
            let catch = with(mutation, breakage, || {
                cases.iter().find_map(|case| {
                    case.first_load_differences().into_iter().next().map(|first| (case.id(), first))
                })
            });
            match catch {
                Some((id, difference)) => {
                    let difference: String = difference.chars().take(160).collect();
                    writeln!(table, "{label}\t{breakage:?}\t{id}\t{difference}")
                        .expect("a String takes text");
                }
                None => survivors.push(format!("{label} ({breakage:?})")),
            }
        }
    }
    let report = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutations-load.tsv");
    std::fs::write(&report, &table).expect("the report can be written");
    println!("{} mutations, list in {}", table.lines().count() - 1 + survivors.len(), report.display());
    assert!(survivors.is_empty(), "not caught: {survivors:?}");
}
