//! What guards and kill drills tell a report (`docs/formats/rollout-guard.md`), line by line.
//!
//! What it is: a reader of the lines `latency`, `operation`, `event`, `death` and `drill`. What it is not: evidence; a gate
//! looks at nothing of it but the times of a feature on the caller's thread.
//!
//! Invariants: kinds and keys that are not known are passed over, so that a guard of a later version can still be reported; a
//! line of a known kind that is none, or of another schema, is an error and adds nothing.

mod line;
mod times;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use line::{Death, Drill, Event, Operation};
pub use times::{Histogram, Quantile, p99_limit};

use crate::ledger::InlineTimes;
use crate::ledger::gate::INLINE_TIMES;
use line::Latency;

/// The version of the lines' schema.
pub const SCHEMA: u32 = 1;

/// The kinds of lines that are read.
const KINDS: [&str; 5] = ["latency", "operation", "event", "death", "drill"];

/// The kinds of lines that stand between ledgers in a guard's export, as the guard begins them.
const BESIDE_LEDGERS: [&str; 6] = ["guard", "feature", "latency", "operation", "event", "death"];

/// Whether a line of a guard's export is none of a ledger, so that whoever reads ledgers passes it over. It is no look at more than the
/// kind, which the guard writes first.
pub fn is_beside_ledgers(line: &str) -> bool {
    let kind = line.strip_prefix("{\"kind\":\"").and_then(|rest| rest.split('"').next());
    kind.is_some_and(|kind| BESIDE_LEDGERS.contains(&kind))
}

/// What guards and drills told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Times by feature and side, `legacy` or `candidate`.
    pub latency: BTreeMap<(String, String), Histogram>,
    /// What each operation cost, device by device.
    pub operations: Vec<Operation>,
    /// The audit log, in the order of the lines.
    pub events: Vec<Event>,
    /// Deaths that still count.
    pub deaths: Vec<Death>,
    /// Kill drills.
    pub drills: Vec<Drill>,
}

/// Why a line is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ToldError {
    /// No JSON of its kind.
    #[error("{0}")]
    Syntax(String),
    /// Another version of the schema, or none.
    #[error("a line of kind {kind} has {}; this version reads {SCHEMA}", schema_words(*.schema))]
    Schema {
        /// The kind of the line.
        kind: &'static str,
        /// What it says of its schema.
        schema: Option<u32>,
    },
}

fn schema_words(schema: Option<u32>) -> String {
    schema.map_or("no schema".to_owned(), |schema| format!("schema {schema}"))
}

/// What every line has.
#[derive(Deserialize)]
struct Kind {
    kind: String,
}

/// What every line of a known kind has. A drill is printed by the command line, whose objects call it `schema_version`.
#[derive(Deserialize)]
struct Schema {
    #[serde(alias = "schema_version")]
    schema: Option<u32>,
}

impl Told {
    /// Takes a line.
    ///
    /// # Errors
    /// See [`ToldError`]. Nothing is added then.
    pub fn line(&mut self, text: &str) -> Result<(), ToldError> {
        let said = read::<Kind>(text)?.kind;
        let known = KINDS.into_iter().find(|kind| *kind == said);
        let Some(kind) = known else { return Ok(()) };
        let Schema { schema } = read(text)?;
        if schema != Some(SCHEMA) {
            return Err(ToldError::Schema { kind, schema });
        }
        match kind {
            "latency" => {
                let Latency { feature, side, buckets } = read(text)?;
                let histogram = self.latency.entry((feature, side)).or_default();
                for (from, to, count) in buckets {
                    histogram.add(from, to, count);
                }
            }
            "operation" => self.operations.push(read(text)?),
            "event" => self.events.push(read(text)?),
            "death" => self.deaths.push(read(text)?),
            _ => self.drills.push(read(text)?),
        }
        Ok(())
    }

    /// What the gate asks of a feature that runs on the caller's thread.
    pub fn inline_times(&self, feature: &str) -> InlineTimes {
        let high = |side: &str, q: f64| {
            let times = self.times(feature, side);
            times.quantile(q).filter(|_| times.total() >= INLINE_TIMES).map(|quantile| quantile.high)
        };
        InlineTimes { legacy_p50: high("legacy", 0.5), candidate_p99: high("candidate", 0.99) }
    }

    /// The times of one side of a feature.
    pub fn times(&self, feature: &str, side: &str) -> Histogram {
        self.latency.get(&(feature.to_owned(), side.to_owned())).cloned().unwrap_or_default()
    }
}

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, ToldError> {
    serde_json::from_str(text).map_err(|error| ToldError::Syntax(error.to_string()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn told(lines: &[&str]) -> Result<Told, ToldError> {
        let mut told = Told::default();
        lines.iter().try_for_each(|line| told.line(line))?;
        Ok(told)
    }

    #[test]
    fn what_is_not_known_is_passed_over() {
        let lines = [
            r#"{"kind":"guard","schema":1,"build":"9f3c"}"#,
            r#"{"kind":"of a later version","schema":"9.1"}"#,
            r#"{"kind":"death","schema":1,"feature":null,"age_ms":5,"what_is_new":[1]}"#,
        ];
        let death = Death { age_ms: 5, ..Death::default() };
        assert_eq!(told(&lines), Ok(Told { deaths: vec![death], ..Told::default() }));
    }

    #[test]
    fn few_times_say_nothing_of_the_callers_thread() {
        let line = |side: &str, ns: u64, count: u64| {
            let to = ns + 2;
            format!(
                r#"{{"kind":"latency","schema":1,"feature":"f","side":"{side}","buckets":[[{ns},{to},{count}]]}}"#
            )
        };
        let known = told(&[&line("legacy", 9_999, 1_000), &line("candidate", 50_000, 999)]).unwrap();
        assert_eq!(known.inline_times("f"), InlineTimes { legacy_p50: Some(10_000), candidate_p99: None });
        let both =
            told(&[&line("legacy", 9_999, 1_000), &line("candidate", 50_000, 999), &line("candidate", 1, 1)]);
        assert_eq!(both.unwrap().inline_times("f").candidate_p99, Some(50_001));
        assert_eq!(known.inline_times("g"), InlineTimes::default());
    }

    #[test]
    fn a_line_of_another_schema_or_shape_is_an_error_and_adds_nothing() {
        for (line, wanted) in [
            (r#"{"kind":"death","schema":2,"age_ms":5}"#, "kind death has schema 2; this version reads 1"),
            (r#"{"kind":"death","feature":null,"age_ms":5}"#, "kind death has no schema"),
            (r#"{"kind":"death","schema":1,"feature":null}"#, "missing field `age_ms`"),
            (r#"{"kind":"latency","schema":1,"feature":"f","side":"legacy","buckets":[[1,2]]}"#, "length 2"),
            (r#"{"kind":"drill","schema_version":1,"feature":"f","late_calls":-1,"decided_ns":1}"#, "-1"),
            (r#"{"kind":5}"#, "invalid type"),
            ("nonsense", "expected"),
        ] {
            let mut told = Told::default();
            let error = told.line(line).unwrap_err().to_string();
            assert!(error.contains(wanted), "{line}: {error}");
            assert_eq!(told, Told::default(), "{line}");
        }
    }

    #[test]
    fn times_of_several_devices_add_up_and_costs_stay_apart() {
        let times = r#"{"kind":"latency","schema":1,"feature":"f","side":"legacy","buckets":[[100,102,3]]}"#;
        let cost = r#"{"kind":"operation","schema":1,"feature":"f","operation":null,"side":"legacy","count":9,"p50_ns":5,"p99_ns":7,"max_ns":8,"processor_ns":null,"allocated_bytes":64}"#;
        let told = told(&[times, cost, times, cost]).unwrap();
        let times = told.times("f", "legacy");
        assert_eq!((times.total(), times.quantile(0.5).map(|quantile| quantile.at)), (6, Some(101)));
        assert_eq!(told.times("f", "candidate").total(), 0);
        let costs: Vec<_> = told.operations.iter().map(|cost| (cost.count, cost.allocated_bytes)).collect();
        assert_eq!(costs, [(9, Some(64)), (9, Some(64))]);
    }
}
