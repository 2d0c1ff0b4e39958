//! A fleet as large as a vendor's: its ledgers through one reader, the gate over each feature, and the memory that it takes.
//!
//! What it is: five features that the devices share, each with something that only a large fleet shows, and what the gate has to say of
//! it. What it is not: calls; what a device compared is drawn, not run.
//!
//! Invariant: a ledger is made, written and read before the next one is; nothing here grows with the number of devices.

use std::io::{self, Write};

use ferrule_rollout::ledger::export::to_text;
use ferrule_rollout::ledger::fleet::Fleet;
use ferrule_rollout::ledger::{Key, Ledger, Outcome, Tally};
use ferrule_rollout::stage::{Rung, Template};
use serde_json::Value;

use crate::{Draw, verdict};

const TEMPLATE: Template = Template::ReadWrite;
const CLASSES: [&str; 3] = ["icons", "folders", "widgets"];
const SEED: u64 = 20_261_125;
/// Calls that a device compares: of its two inputs in turn.
const CALLS: u64 = 16;
/// Different inputs of the fleet.
const INPUTS: u64 = 5_000;
/// One device of so many sends its ledger twice.
const SENT_TWICE: u64 = 1_000;

/// What is special about the devices of a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Special {
    Nothing,
    OneMismatch,
    AClassNobodyMet,
    NewInputsAllTheTime,
    LedgersSentTwice,
}

/// The features, and what the gate says of each once there are enough devices.
const FEATURES: [(&str, Special, &str); 5] = [
    ("clean", Special::Nothing, "open"),
    ("one mismatch in all", Special::OneMismatch, "RO_GATE_BURNED"),
    ("a class that nobody met", Special::AClassNobodyMet, "RO_GATE_CLASSES"),
    ("new inputs all the time", Special::NewInputsAllTheTime, "RO_GATE_UNSEEN"),
    ("ledgers that came twice", Special::LedgersSentTwice, "open"),
];

/// What the gate said of one feature.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The feature.
    pub feature: &'static str,
    /// What it says: `open`, or the first demand that is not met.
    pub evidence: &'static str,
    /// What it has to say of a fleet that is large enough.
    pub wanted: &'static str,
    /// The sums.
    pub tally: Tally,
}

impl Verdict {
    /// What the fleet's SQL must say: a line of `expected.jsonl`.
    pub fn expected(&self) -> Value {
        verdict::expected(self.feature, &self.tally, TEMPLATE, &CLASSES)
    }
}

/// The lines of `features.jsonl`.
pub fn features() -> impl Iterator<Item = Value> {
    FEATURES.into_iter().map(|(name, _, _)| verdict::feature(name, TEMPLATE, &CLASSES))
}

/// The ledger of a device of so many, and how often it sends it; each device has one feature.
fn shard(number: u64, devices: u64) -> (Ledger, usize) {
    let (feature, special, _) = FEATURES[(number % FEATURES.len() as u64) as usize];
    let key = Key {
        feature: feature.to_owned(),
        op: String::new(),
        legacy_build: "legacy-1".to_owned(),
        candidate_build: "9f3c".to_owned(),
        comparator: 1,
        config: "0123456789abcdef".to_owned(),
        rung: Rung::SHADOW,
    };
    let mut ledger = Ledger::new(key, format!("{number:032x}"));
    let mut draw = Draw::new(SEED, number);
    let classes = if special == Special::AClassNobodyMet { 2 } else { CLASSES.len() as u64 };
    let inputs = [draw.below(INPUTS), draw.below(INPUTS)];
    for call in 0..CALLS {
        let input = inputs[(call % 2) as usize];
        let is_new = special == Special::NewInputsAllTheTime && call + 1 == CALLS;
        let hash = if is_new { draw.number() } else { Draw::new(SEED, input).number() };
        ledger.record(Outcome::Match, CLASSES[(input % classes) as usize], hash);
    }
    // Somewhere in the middle of the fleet.
    let middle = devices / 2 - devices / 2 % FEATURES.len() as u64 + 1;
    if special == Special::OneMismatch && number == middle {
        ledger.add(Outcome::Mismatch, 1);
    }
    ledger.days = 7 + draw.below(23) as u32;
    ledger.loads = 1;
    let is_sent_twice = special == Special::LedgersSentTwice && draw.below(SENT_TWICE) == 0;
    (ledger, if is_sent_twice { 2 } else { 1 })
}

/// Adds up the ledgers of so many devices, each made, read and written to `copy` before the next one.
///
/// # Errors
/// When `copy` takes no more.
///
/// # Panics
/// When a line that was just written is refused.
pub fn merge(devices: u64, copy: &mut (impl Write + ?Sized)) -> io::Result<Vec<Verdict>> {
    let mut fleet = Fleet::default();
    for number in 0..devices {
        let (ledger, times) = shard(number, devices);
        let text = to_text(&ledger)?;
        for _ in 0..times {
            copy.write_all(text.as_bytes())?;
            for line in text.lines() {
                fleet.line(line).expect("a line of ours");
            }
        }
    }
    let keys = fleet.end().expect("few keys, and a set that is large enough");
    let verdict = |(feature, _, wanted)| {
        let (_, evidence) = keys.iter().find(|(key, _)| key.feature == feature)?;
        let tally = evidence.tally.clone();
        let evidence = verdict::evidence(&tally, TEMPLATE, &CLASSES);
        Some(Verdict { feature, evidence, wanted, tally })
    };
    Ok(FEATURES.into_iter().filter_map(verdict).collect())
}

/// The most memory that this process ever had, in KiB; `None` where the system does not tell.
pub fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").trim().parse().ok()
}
