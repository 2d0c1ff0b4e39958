//! Differences, counted by signature, with a few redacted exemplars (R20).
//!
//! What it is: a table of bounded size. What it is not: a log; what does not fit is counted and dropped.
//!
//! Invariants: at most [`SIGNATURES_MAX`] signatures with 3 exemplars of at most [`EXEMPLAR_BYTES_MAX`] bytes each; the same
//! differences give the same signature on every device.

use sha2::{Digest, Sha256};

use super::compare::Difference;
use super::redact::{Redactor, Tag};

/// How many signatures are told apart.
pub const SIGNATURES_MAX: usize = 64;
/// How many exemplars a signature keeps: the first, and two by chance.
const EXEMPLARS_MAX: usize = 3;
/// Bytes of an exemplar at most.
pub const EXEMPLAR_BYTES_MAX: usize = 4096;

/// One comparison that differed, redacted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exemplar {
    /// When, as an age in ms.
    pub age_ms: u64,
    /// A line a difference: `path kind legacy candidate`.
    pub lines: Vec<String>,
}

/// All comparisons that differed in the same places in the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The signature.
    pub id: u64,
    /// Where and how, with indexes as `[*]`.
    pub places: Vec<(String, &'static str)>,
    /// How many places differ at once: the more, the nearer to a common cause.
    pub siblings: usize,
    /// How often.
    pub count: u64,
    /// The first time, as an age.
    pub first_ms: u64,
    /// The last time, as an age.
    pub last_ms: u64,
    /// Some of them.
    pub exemplars: Vec<Exemplar>,
}

/// The table of one feature's operation under one build.
#[derive(Debug, Clone)]
pub struct Recorder {
    about: String,
    redactor: Redactor,
    signatures: Vec<Signature>,
    overflow: u64,
}

impl Recorder {
    /// For a feature, an operation of it and a build of the candidate.
    pub fn new(feature: &str, op: &str, build: &str, redactor: Redactor) -> Self {
        Self { about: format!("{feature}\n{op}\n{build}"), redactor, signatures: Vec::new(), overflow: 0 }
    }

    /// Records the differences of one comparison. `draw` is a random number of the caller's, for the exemplars; `tag` says
    /// what is known of a path.
    pub fn record(&mut self, found: &[Difference], age_ms: u64, draw: u64, tag: impl Fn(&str) -> Tag) {
        if found.is_empty() {
            return;
        }
        let mut places: Vec<(String, &'static str)> =
            found.iter().map(|one| (one.path.clone(), one.kind.as_str())).collect();
        places.sort();
        places.dedup();
        let id = self.signature(&places);
        let known = self.signatures.iter().position(|one| one.id == id);
        if known.is_none() && self.signatures.len() >= SIGNATURES_MAX {
            self.overflow += 1;
            return;
        }
        let exemplar = self.exemplar(found, age_ms, tag);
        let Some(one) = known.and_then(|index| self.signatures.get_mut(index)) else {
            let siblings = places.len();
            let exemplars = vec![exemplar];
            let (first_ms, last_ms) = (age_ms, age_ms);
            self.signatures.push(Signature { id, places, siblings, count: 1, first_ms, last_ms, exemplars });
            return;
        };
        one.count += 1;
        one.last_ms = age_ms;
        if one.exemplars.len() < EXEMPLARS_MAX {
            one.exemplars.push(exemplar);
            return;
        }
        // A reservoir of the others beside the first: each has the same chance to stay.
        let place = (draw % one.count.max(1)) as usize;
        if let Some(kept) = one.exemplars.get_mut(1 + place).filter(|_| place < EXEMPLARS_MAX - 1) {
            *kept = exemplar;
        }
    }

    /// The signatures, in the order in which they came.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Comparisons whose signature found no room.
    pub fn overflow(&self) -> u64 {
        self.overflow
    }

    fn signature(&self, places: &[(String, &'static str)]) -> u64 {
        let mut hash = Sha256::new();
        hash.update(&self.about);
        for (path, kind) in places {
            hash.update([0]);
            hash.update(path);
            hash.update([1]);
            hash.update(kind);
        }
        crate::bucket::head(&hash.finalize())
    }

    fn exemplar(&self, found: &[Difference], age_ms: u64, tag: impl Fn(&str) -> Tag) -> Exemplar {
        let mut lines = Vec::new();
        let mut bytes = 0;
        for one in found {
            let of = tag(&one.path);
            let legacy = self.redactor.value(&one.legacy, of);
            let candidate = self.redactor.value(&one.candidate, of);
            let line = format!("{} {} {legacy} {candidate}", one.path, one.kind.as_str());
            bytes += line.len() + 1;
            if bytes > EXEMPLAR_BYTES_MAX {
                break;
            }
            lines.push(line);
        }
        Exemplar { age_ms, lines }
    }
}
