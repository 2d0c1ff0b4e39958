//! A million shards through one merge, and the memory that it takes.

use std::fmt::Write;

use ferrule_rollout::ledger::Tally;
use ferrule_rollout::ledger::export::to_text;
use ferrule_rollout::ledger::merge::{Filter, Merge};
use ferrule_rollout::ledger::{Key, Ledger, Outcome};
use ferrule_rollout::stage::Rung;

use crate::Draw;

/// The shard of a device: what it compared is drawn, not run.
fn shard(number: u64, text: &mut String) {
    let mut draw = Draw::new(20_261_125, number);
    let key = Key {
        feature: "launcher_model".into(),
        op: String::new(),
        legacy_build: "legacy-1".into(),
        candidate_build: "9f3c".into(),
        comparator: 1,
        config: "0123456789abcdef".into(),
        rung: Rung::SHADOW,
    };
    let mut ledger = Ledger::new(key, format!("{number:032x}"));
    for _ in 0..3 {
        ledger.record(Outcome::Match, ["icons", "folders", "widgets"][draw.below(3) as usize], draw.number());
    }
    ledger.days = draw.below(30) as u32;
    ledger.loads = 1;
    text.clear();
    write!(text, "{}", to_text(&ledger).expect("a ledger is JSON")).expect("a String takes text");
}

/// Merges so many devices' lines, made one after the other.
///
/// # Panics
/// When a line that was just written is refused.
pub fn merge(devices: u64) -> Tally {
    let mut merge = Merge::new(Filter::default());
    let mut text = String::new();
    for number in 0..devices {
        shard(number, &mut text);
        for line in text.lines() {
            merge.line(line).expect("a line of ours");
        }
    }
    let (tally, duplicates) = merge.end().expect("one key");
    assert!(duplicates.is_empty(), "each device is new");
    tally.expect("there are devices")
}

/// The most memory that this process ever had, in KiB; `None` where the system does not tell.
pub fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").trim().parse().ok()
}
