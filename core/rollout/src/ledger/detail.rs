//! Rows beside the counts, for people: which differences there were, with redacted exemplars, and how the evidence grew.
//!
//! What it is: the lines `signature`, `exemplar` and `day` of `docs/formats/rollout-ledger.md`, and [`Details`], which holds
//! them for one ledger or adds them up for many. What it is not: evidence; no gate looks at it.
//!
//! Invariants: what it holds is bounded whatever is added, and what found no room is counted (RO-I6); it makes lines only of
//! what a [`Recorder`] has redacted (RO-I7).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::export::{Line, SCHEMA};
use crate::diff::{EXEMPLAR_BYTES_MAX, Recorder, SIGNATURES_MAX};

/// How many exemplars are kept of a signature.
pub const EXEMPLARS_MAX: usize = 3;
/// How many days of growth are told apart; what is beyond is added to the last.
pub const DAYS_MAX: u32 = 400;
/// How many places a signature names.
const PLACES_MAX: usize = 64;

/// Comparisons of a device that differed in the same places in the same way (R20).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureLine {
    /// The version of the schema.
    pub schema: u32,
    /// The device of the ledger before it.
    pub device: String,
    /// The signature: 16 hexadecimal digits.
    pub signature: String,
    /// Where and how: `path kind`, indexes as `[*]`.
    pub places: Vec<String>,
    /// How often.
    pub count: u64,
    /// The code that explains it; null for a real mismatch (R57).
    pub code: Option<String>,
}

/// One of those comparisons, redacted on the device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExemplarLine {
    /// The version of the schema.
    pub schema: u32,
    /// The device of the ledger before it.
    pub device: String,
    /// The signature.
    pub signature: String,
    /// A line a difference: `path kind legacy candidate`.
    pub lines: Vec<String>,
}

/// What a device compared on one of its days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayLine {
    /// The version of the schema.
    pub schema: u32,
    /// The device of the ledger before it.
    pub device: String,
    /// Days of running time since the ledger's first comparison.
    pub day: u32,
    /// Comparisons that count.
    pub comparisons: u64,
    /// What burned of them.
    pub real: u64,
}

/// A signature with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    /// Where and how.
    pub places: Vec<String>,
    /// How often.
    pub count: u64,
    /// On how many devices.
    pub devices: u64,
    /// The code that explains it.
    pub code: Option<String>,
    /// Some of them, each a line a difference.
    pub exemplars: Vec<Vec<String>>,
}

/// The details of one ledger, or of many.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Details {
    /// By signature; at most [`SIGNATURES_MAX`].
    pub signatures: BTreeMap<String, Seen>,
    /// Differences whose signature found no room.
    pub overflow: u64,
    /// Comparisons and what burned of them, by day; at most [`DAYS_MAX`] days.
    pub days: BTreeMap<u32, (u64, u64)>,
}

impl Details {
    /// Takes a signature of a device.
    pub fn add_signature(&mut self, line: &SignatureLine) {
        let seen = Seen {
            places: line.places.iter().take(PLACES_MAX).cloned().collect(),
            count: line.count,
            devices: 1,
            code: line.code.clone(),
            exemplars: Vec::new(),
        };
        self.add_seen(&line.signature, &seen);
    }

    /// Takes an exemplar of a signature that came before it; without it there is nothing that it would be an example of.
    pub fn add_exemplar(&mut self, line: &ExemplarLine) {
        let bytes: usize = line.lines.iter().map(|text| text.len() + 1).sum();
        if bytes <= EXEMPLAR_BYTES_MAX
            && let Some(seen) = self.signatures.get_mut(&line.signature)
            && seen.exemplars.len() < EXEMPLARS_MAX
        {
            seen.exemplars.push(line.lines.clone());
        }
    }

    /// Takes a day.
    pub fn add_day(&mut self, day: u32, comparisons: u64, real: u64) {
        let sum = self.days.entry(day.min(DAYS_MAX - 1)).or_default();
        *sum = (sum.0.saturating_add(comparisons), sum.1.saturating_add(real));
    }

    /// Adds another device's.
    pub fn merge(&mut self, other: &Self) {
        for (signature, seen) in &other.signatures {
            self.add_seen(signature, seen);
        }
        for (day, (comparisons, real)) in &other.days {
            self.add_day(*day, *comparisons, *real);
        }
        self.overflow = self.overflow.saturating_add(other.overflow);
    }

    fn add_seen(&mut self, signature: &str, more: &Seen) {
        if self.signatures.len() >= SIGNATURES_MAX && !self.signatures.contains_key(signature) {
            self.overflow = self.overflow.saturating_add(more.count);
            return;
        }
        let seen = self.signatures.entry(signature.to_owned()).or_default();
        if seen.devices == 0 {
            seen.places.clone_from(&more.places);
            seen.code.clone_from(&more.code);
        }
        seen.count = seen.count.saturating_add(more.count);
        seen.devices = seen.devices.saturating_add(more.devices);
        let room = EXEMPLARS_MAX.saturating_sub(seen.exemplars.len());
        seen.exemplars.extend(more.exemplars.iter().take(room).cloned());
    }
}

/// The lines of what a recorder holds; they belong behind the ledger of the device. `code_of` names what explains a signature.
pub fn lines(recorder: &Recorder, device: &str, code_of: impl Fn(u64) -> Option<String>) -> Vec<Line> {
    let mut lines = Vec::new();
    for one in recorder.signatures() {
        let signature = format!("{:016x}", one.id);
        lines.push(Line::Signature(SignatureLine {
            schema: SCHEMA,
            device: device.to_owned(),
            signature: signature.clone(),
            places: one.places.iter().map(|(path, kind)| format!("{path} {kind}")).collect(),
            count: one.count,
            code: code_of(one.id),
        }));
        for exemplar in &one.exemplars {
            let (signature, lines_of) = (signature.clone(), exemplar.lines.clone());
            let device = device.to_owned();
            lines.push(Line::Exemplar(ExemplarLine { schema: SCHEMA, device, signature, lines: lines_of }));
        }
    }
    lines
}
