//! One ledger: a key, and what was counted under it on one device.
//!
//! What it is: counters. What it is not: a verdict; see [`gate()`](super::gate()).
//!
//! Invariants: the outcomes are a closed list (R11); counters only grow and stop at their largest value; an explained
//! difference is no match, and an unaccepted one burns (R57).

use std::collections::BTreeMap;

use super::distinct::Distinct;
use crate::stage::Rung;

/// How many input classes are told apart; what is beyond is counted as one, `(other)`.
pub const CLASSES_MAX: usize = 64;
/// How many codes of explained differences are told apart; what is beyond burns.
pub const EXPLAINED_MAX: usize = 64;
/// Where classes beyond the bound are counted.
pub const OTHER_CLASS: &str = "(other)";

/// What a ledger is about (R49). Any difference makes another ledger.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The feature's name.
    pub feature: String,
    /// The operation of it; empty if it has one only.
    pub op: String,
    /// The build id of legacy.
    pub legacy_build: String,
    /// The build id of the candidate.
    pub candidate_build: String,
    /// The version of the comparator.
    pub comparator: u32,
    /// The hash of the feature's configuration, 16 hexadecimal digits.
    pub config: String,
    /// The rung at which it was gathered: a step of the ramp needs evidence of its own (section 2.12).
    pub rung: Rung,
}

impl Key {
    /// The name of the first field in which two keys differ.
    pub fn difference(&self, other: &Self) -> Option<&'static str> {
        [
            (self.feature != other.feature, "feature"),
            (self.op != other.op, "op"),
            (self.legacy_build != other.legacy_build, "legacy_build"),
            (self.candidate_build != other.candidate_build, "candidate_build"),
            (self.comparator != other.comparator, "comparator"),
            (self.config != other.config, "config"),
            (self.rung != other.rung, "rung"),
        ]
        .into_iter()
        .find_map(|(differs, name)| differs.then_some(name))
    }
}

/// What came of one sampled call (R11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// Both answered the same.
    Match,
    /// Both answered, differently.
    Mismatch,
    /// Both threw the same.
    BothThrewSame,
    /// Both threw, differently.
    BothThrewDiff,
    /// Only legacy threw.
    LThrew,
    /// Only the candidate failed.
    CError,
    /// The candidate panicked.
    CPanic,
    /// The candidate was too late.
    Late,
    /// The input changed while the candidate ran.
    TornInput,
    /// Legacy differs from itself (R18).
    Noise,
    /// A waiver covers the difference.
    Waived,
    /// The call was not sampled.
    Skipped,
    /// The call was sampled and fell out of the queue.
    Dropped,
    /// Comparing, redacting or recording failed.
    HarnessError,
}

impl Outcome {
    /// Every outcome; the index is its counter.
    pub const ALL: [Self; 14] = [
        Self::Match,
        Self::Mismatch,
        Self::BothThrewSame,
        Self::BothThrewDiff,
        Self::LThrew,
        Self::CError,
        Self::CPanic,
        Self::Late,
        Self::TornInput,
        Self::Noise,
        Self::Waived,
        Self::Skipped,
        Self::Dropped,
        Self::HarnessError,
    ];

    /// Lower-case name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Mismatch => "mismatch",
            Self::BothThrewSame => "both_threw_same",
            Self::BothThrewDiff => "both_threw_diff",
            Self::LThrew => "l_threw",
            Self::CError => "c_error",
            Self::CPanic => "c_panic",
            Self::Late => "late",
            Self::TornInput => "torn_input",
            Self::Noise => "noise",
            Self::Waived => "waived",
            Self::Skipped => "skipped",
            Self::Dropped => "dropped",
            Self::HarnessError => "harness_error",
        }
    }

    /// Whether the two sides agreed.
    pub const fn agrees(self) -> bool {
        matches!(self, Self::Match | Self::BothThrewSame)
    }

    /// Whether it is a real mismatch; an error on one side is one (R11).
    pub const fn burns(self) -> bool {
        matches!(self, Self::Mismatch | Self::BothThrewDiff | Self::LThrew | Self::CError | Self::CPanic)
    }
}

/// How often a documented cause explained a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Explained {
    /// How often.
    pub count: u64,
    /// Whether the configuration accepts the code.
    pub accepted: bool,
}

/// What was counted under one key on one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// What it is about.
    pub key: Key,
    /// A name of the device for this key only, 32 hexadecimal digits (R21: it leads to no other ledger of the device).
    pub device: String,
    counts: [u64; Outcome::ALL.len()],
    /// Explained differences by code.
    pub explained: BTreeMap<String, Explained>,
    /// Hits by input class.
    pub classes: BTreeMap<String, u64>,
    /// The different inputs.
    pub distinct: Distinct,
    /// Days of the device's age from the first comparison to the last.
    pub days: u32,
    /// How often the library was loaded.
    pub loads: u64,
    /// Deaths that count (R25).
    pub deaths: u64,
    /// Hours in which the latency guard watched.
    pub latency_hours: u32,
    /// How often it spoke.
    pub latency_trips: u32,
    /// Days since legacy's and the candidate's data last differed; `None` if they never did.
    pub drifted_days_ago: Option<u32>,
}

impl Ledger {
    /// An empty one.
    pub fn new(key: Key, device: String) -> Self {
        Self {
            key,
            device,
            counts: [0; Outcome::ALL.len()],
            explained: BTreeMap::new(),
            classes: BTreeMap::new(),
            distinct: Distinct::default(),
            days: 0,
            loads: 0,
            deaths: 0,
            latency_hours: 0,
            latency_trips: 0,
            drifted_days_ago: None,
        }
    }

    /// Counts an outcome of an input of a class.
    pub fn record(&mut self, outcome: Outcome, class: &str, input_hash: u64) {
        self.add(outcome, 1);
        if outcome.agrees() || outcome.burns() {
            self.distinct.add(input_hash);
            self.add_class(class, 1);
        }
    }

    /// Counts a call whose difference documented causes explain, each with whether it is accepted (R57). Beyond [`EXPLAINED_MAX`] codes
    /// it is a mismatch, and so is one without any.
    ///
    /// The class is hit: both answers were computed again from the input, so this kind of input was tried, and a class that
    /// is always explained could never be covered otherwise. It is no trial of the bound, so its input is no
    /// sample for Good and Turing either.
    pub fn record_explained<'c>(&mut self, codes: impl IntoIterator<Item = (&'c str, bool)>, class: &str) {
        let mut is_explained = false;
        for (code, accepted) in codes {
            is_explained = true;
            self.add_explained(code, Explained { count: 1, accepted });
        }
        if !is_explained {
            self.add(Outcome::Mismatch, 1);
        }
        self.add_class(class, 1);
    }

    /// Adds to one counter.
    pub fn add(&mut self, outcome: Outcome, count: u64) {
        if let Some(counter) = self.counts.get_mut(outcome as usize) {
            *counter = counter.saturating_add(count);
        }
    }

    /// Adds to a class.
    pub fn add_class(&mut self, class: &str, hits: u64) {
        let full = self.classes.len() >= CLASSES_MAX && !self.classes.contains_key(class);
        let counter = self.classes.entry(if full { OTHER_CLASS } else { class }.to_owned()).or_default();
        *counter = counter.saturating_add(hits);
    }

    /// Adds to a code.
    pub fn add_explained(&mut self, code: &str, more: Explained) {
        if self.explained.len() >= EXPLAINED_MAX && !self.explained.contains_key(code) {
            self.add(Outcome::Mismatch, more.count);
            return;
        }
        let explained =
            self.explained.entry(code.to_owned()).or_insert(Explained { count: 0, accepted: true });
        explained.count = explained.count.saturating_add(more.count);
        explained.accepted &= more.accepted;
    }

    /// One counter.
    pub fn count(&self, outcome: Outcome) -> u64 {
        self.counts.get(outcome as usize).copied().unwrap_or(0)
    }

    /// Calls in which the two sides could be compared and no rule made an exception: the trials of the bound.
    pub fn comparisons(&self) -> u64 {
        self.sum(|outcome| outcome.agrees() || outcome.burns())
    }

    /// Real mismatches and unaccepted differences: what burns (R50, R57).
    pub fn real(&self) -> u64 {
        self.sum(Outcome::burns).saturating_add(self.unaccepted())
    }

    /// Explained differences that the configuration does not accept.
    pub fn unaccepted(&self) -> u64 {
        let counts = self.explained.values().filter(|explained| !explained.accepted);
        counts.map(|explained| explained.count).fold(0, u64::saturating_add)
    }

    fn sum(&self, wanted: impl Fn(Outcome) -> bool) -> u64 {
        let counts = Outcome::ALL.into_iter().filter(|outcome| wanted(*outcome));
        counts.map(|outcome| self.count(outcome)).fold(0, u64::saturating_add)
    }
}
