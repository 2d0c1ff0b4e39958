//! Fleets that each show one rule of the gate, with what the gate in Rust says of them: what the SQL must say too.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use ferrule_rollout::ledger::export::to_text;
use ferrule_rollout::ledger::{Explained, Key, Ledger, Outcome, Tally};
use ferrule_rollout::stage::{Rung, Stage, Template};

use crate::verdict;

/// The classes that every feature declares.
const CLASSES: [&str; 2] = ["icons", "folders"];

/// A fleet with a name.
pub struct Scenario {
    /// What it shows; the name of its feature.
    pub name: &'static str,
    /// The feature's template.
    pub template: Template,
    /// Its shards, in order; a device may come twice.
    pub shards: Vec<Ledger>,
}

impl Scenario {
    /// The first demand that the gate in Rust finds unmet, or `open`; and the sum.
    pub fn verdict(&self) -> (&'static str, Tally) {
        let mut devices = std::collections::BTreeMap::new();
        let mut tally = Tally::new(self.shards[0].key.clone());
        for shard in &self.shards {
            let added = match devices.get(&shard.device) {
                None => tally.add(shard),
                Some(so_far) => tally.add_duplicate(shard, *so_far),
            };
            devices.insert(&shard.device, added.expect("one key"));
        }
        (verdict::evidence(&tally, self.template, &CLASSES), tally)
    }
}

/// A fleet of so many devices that agree so often each.
fn fleet(name: &str, rung: Rung, devices: u64, comparisons: u64) -> Vec<Ledger> {
    let key = Key {
        feature: name.to_owned(),
        op: String::new(),
        legacy_build: "L1".to_owned(),
        candidate_build: "9f3c".to_owned(),
        comparator: 1,
        config: "0123456789abcdef".to_owned(),
        rung,
    };
    let number = |device: u64| name.bytes().fold(device, |sum, byte| sum.wrapping_mul(257) ^ u64::from(byte));
    let shard = |device: u64| {
        let mut ledger = Ledger::new(key.clone(), format!("{:016x}{device:016x}", number(device)));
        ledger.add(Outcome::Match, comparisons);
        ledger.add_class(CLASSES[0], comparisons - comparisons / 2);
        ledger.add_class(CLASSES[1], comparisons / 2);
        ledger.distinct.add_many(device % 40 + 1, comparisons);
        ledger.days = 30;
        ledger.loads = 10;
        ledger.latency_hours = 72;
        ledger
    };
    (0..devices).map(shard).collect()
}

/// Every scenario.
pub fn all() -> Vec<Scenario> {
    let mut all = Vec::new();
    let mut add =
        |name: &'static str, template, rung, (devices, comparisons), change: fn(&mut Vec<Ledger>)| {
            let mut shards = fleet(name, rung, devices, comparisons);
            change(&mut shards);
            all.push(Scenario { name, template, shards });
        };
    let (pure, both, exclusive) = (Template::Pure, Template::ReadWrite, Template::Exclusive);
    let (load, shadow, live) = (Rung::of(Stage::Load), Rung::SHADOW, Rung::of(Stage::Live));
    let enough = (300, 101);
    add("shadow clean", both, shadow, enough, |_| {});
    add("shadow, just enough comparisons", pure, shadow, (29_956, 1), |_| {});
    add("shadow, one comparison short", pure, shadow, (29_955, 1), |_| {});
    add("shadow, just enough devices", both, shadow, (299, 200), |_| {});
    add("shadow, one device short", both, shadow, (298, 200), |_| {});
    add("one mismatch", both, shadow, enough, |shards| shards[7].add(Outcome::Mismatch, 1));
    add("a hundred mismatches", both, shadow, enough, |shards| shards[7].add(Outcome::Mismatch, 100));
    add("more mismatches than the table has", both, shadow, enough, |shards| {
        shards[7].add(Outcome::CError, 700)
    });
    add("only mismatches", both, shadow, (3, 0), |shards| shards[0].add(Outcome::BothThrewDiff, 9));
    add("a panic of the candidate", both, shadow, enough, |shards| shards[7].add(Outcome::CPanic, 1));
    add("an accepted difference", both, shadow, enough, |shards| {
        shards[3].add_explained("LM_KEPT_OPAQUE", Explained { count: 5, accepted: true });
    });
    add("a class that is always explained", both, shadow, enough, |shards| {
        for shard in shards {
            shard.classes.retain(|class, _| class != CLASSES[1]);
            shard.record_explained([("LM_KEPT_OPAQUE", true)], CLASSES[1]);
        }
    });
    add("a difference nobody accepted", both, shadow, enough, |shards| {
        shards[3].add_explained("LM_KEPT_OPAQUE", Explained { count: 5, accepted: false });
    });
    add("a death", both, shadow, enough, |shards| shards[1].deaths = 1);
    add("an error of the harness", both, shadow, enough, |shards| shards[1].add(Outcome::HarnessError, 2));
    add("late, torn and dropped calls do not count", both, shadow, enough, |shards| {
        for outcome in [Outcome::Late, Outcome::TornInput, Outcome::Dropped, Outcome::Skipped, Outcome::Noise]
        {
            shards[1].add(outcome, 1000);
        }
    });
    add("a class nobody met", both, shadow, enough, |shards| {
        shards.iter_mut().for_each(|shard| shard.classes.retain(|class, _| class != CLASSES[1]));
    });
    add("a class met too seldom", both, shadow, enough, |shards| {
        shards.iter_mut().for_each(|shard| shard.classes.retain(|class, _| class != CLASSES[1]));
        shards[0].add_class(CLASSES[1], 29);
    });
    add("too many inputs seen once", both, shadow, enough, |shards| {
        for (number, shard) in (0_u64..).zip(shards) {
            (0..3).for_each(|more| shard.distinct.add((number * 3 + more + 1) << 8));
        }
    });
    add("samples of different levels", both, shadow, enough, |shards| {
        for (number, shard) in (0_u64..).zip(shards) {
            shard.distinct.raise((number % 4) as u32);
            shard.distinct.add_many((number % 16 + 1) << 6, 40);
        }
    });
    add("too few days", both, shadow, enough, |shards| shards.iter_mut().for_each(|shard| shard.days = 6));
    add("load, enough", both, load, (20, 0), |_| {});
    add("load, too few loads", both, load, (20, 0), |shards| {
        shards.iter_mut().for_each(|shard| shard.loads = 9)
    });
    add("load, too few devices", exclusive, load, (19, 0), |shards| {
        shards.iter_mut().for_each(|one| one.loads = 30)
    });
    add("canary clean", both, Rung::canary(10), enough, |_| {});
    add("canary, exclusive", exclusive, Rung::canary(1), enough, |_| {});
    add("canary, too few hours", both, Rung::canary(50), enough, |shards| {
        shards.iter_mut().for_each(|shard| shard.latency_hours = 47);
    });
    add("canary, too slow", both, Rung::canary(200), enough, |shards| shards[0].latency_trips = 1);
    add("canary asks for no classes", pure, Rung::canary(1000), enough, |shards| {
        shards.iter_mut().for_each(|shard| shard.classes.clear());
    });
    add("live clean", both, live, (2_996, 100), |_| {});
    add("live, too few devices", both, live, (2_994, 101), |_| {});
    add("live, drift", both, live, (2_996, 100), |shards| shards[0].drifted_days_ago = Some(3));
    add("live, old drift", both, live, (2_996, 100), |shards| shards[0].drifted_days_ago = Some(7));
    add("live, pure, too few days", pure, live, (2_996, 100), |shards| {
        shards.iter_mut().for_each(|shard| shard.days = 29);
    });
    add("retire, enough", both, Rung::of(Stage::Retire), (1, 1), |_| {});
    add("retire, too few days", both, Rung::of(Stage::Retire), (1, 1), |shards| shards[0].days = 29);
    add("a device twice proves once", both, shadow, (299, 101), |shards| {
        // 298 devices and as many shards again: one device short all the same.
        shards.pop();
        shards.extend(shards.clone());
    });
    add("a device twice burns twice", both, shadow, enough, |shards| {
        let mut again = shards[5].clone();
        again.add(Outcome::Mismatch, 1);
        shards.push(again);
    });
    add("only what came again burns, twice", both, shadow, enough, |shards| {
        let mut again = shards[5].clone();
        again.add(Outcome::Mismatch, 1);
        shards.extend([again.clone(), again]);
    });
    add("one device compares for all", both, Rung::canary(10), (1, 1_000_000), |_| {});
    add("ten devices compare for all", both, Rung::canary(10), (10, 1_000_000), |_| {});
    add("eleven devices are enough", both, Rung::canary(10), (11, 1_000_000), |_| {});
    add("too much in one day", both, Rung::canary(10), (29, 1_000_000), |shards| {
        shards.iter_mut().for_each(|shard| shard.days = 0);
    });
    add("inputs seen once, among what one device repeats", both, shadow, enough, |shards| {
        shards[0].add(Outcome::Match, 1_000_000);
        for (number, shard) in (0_u64..).zip(shards).take(180) {
            let hash = |more: u64| (number * 3 + more + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            (0..3).for_each(|more| shard.distinct.add(hash(more)));
        }
    });
    all
}

/// Writes `lines.jsonl`, `features.jsonl` and `expected.jsonl`.
///
/// # Errors
/// When the folder cannot be written.
pub fn write(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let create = |name: &str| File::create(folder.join(name)).map(BufWriter::new);
    let (mut lines, mut features, mut expected) =
        (create("lines.jsonl")?, create("features.jsonl")?, create("expected.jsonl")?);
    for scenario in all() {
        for shard in &scenario.shards {
            lines.write_all(to_text(shard)?.as_bytes())?;
        }
        writeln!(features, "{}", verdict::feature(scenario.name, scenario.template, &CLASSES))?;
        let (_, tally) = scenario.verdict();
        writeln!(expected, "{}", verdict::expected(scenario.name, &tally, scenario.template, &CLASSES))?;
    }
    lines.flush()?;
    features.flush()?;
    expected.flush()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn the_scenarios_show_every_demand_that_the_sql_knows_met_and_unmet() {
        let mut verdicts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut names = BTreeSet::new();
        for scenario in all() {
            assert!(names.insert(scenario.name), "{}", scenario.name);
            verdicts.entry(scenario.verdict().0).or_default().push(scenario.name);
        }
        let wanted = [
            "RO_GATE_BURNED",
            "RO_GATE_CLASSES",
            "RO_GATE_COMPARISONS",
            "RO_GATE_DAYS",
            "RO_GATE_DEATHS",
            "RO_GATE_DEVICES",
            "RO_GATE_DRIFT",
            "RO_GATE_HARNESS",
            "RO_GATE_LATENCY",
            "RO_GATE_LOADS",
            "RO_GATE_UNACCEPTED",
            "RO_GATE_UNSEEN",
            "open",
        ];
        assert_eq!(verdicts.keys().copied().collect::<Vec<_>>(), wanted, "{verdicts:?}");
        assert!(names.len() >= 30 && verdicts["open"].len() >= 10, "{verdicts:?}");
    }
}
