//! The lines' shapes.

use serde::{Deserialize, Serialize};

/// An entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Event {
    /// The boot it belongs to.
    pub boot: String,
    /// CLOCK_BOOTTIME in ms.
    pub boottime_ms: u64,
    /// Who.
    pub actor: String,
    /// Which feature; none means all.
    pub feature: Option<String>,
    /// Where it stood.
    pub from: String,
    /// Where it stands.
    pub to: String,
    /// The code of the reason.
    pub reason: String,
}

/// A death that was counted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Death {
    /// Which feature; none: towards safe mode.
    pub feature: Option<String>,
    /// The device's age in ms.
    pub age_ms: u64,
    /// What the system said of it.
    #[serde(default)]
    pub reason: Option<String>,
    /// The tombstone's name.
    #[serde(default)]
    pub tombstone: Option<String>,
}

/// What became of one kill drill (R36).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drill {
    /// Which feature.
    pub feature: String,
    /// How many calls the candidate still answered after the kill.
    pub late_calls: u64,
    /// From the kill to the first decision that says so, in ns.
    pub decided_ns: u64,
    /// From the kill to the acknowledged write, in ns.
    #[serde(default)]
    pub written_ns: Option<u64>,
    /// Whether a new process found the kill.
    #[serde(default)]
    pub survived: Option<bool>,
    /// Whether all was as before in the end.
    #[serde(default)]
    pub undone: Option<bool>,
    /// Who drilled.
    #[serde(default)]
    pub by: Option<String>,
}

impl Drill {
    /// Whether the kill did all that it promises.
    pub fn passed(&self) -> bool {
        self.late_calls == 0 && self.survived != Some(false) && self.undone != Some(false)
    }
}

/// Times of one side.
#[derive(Debug, Deserialize)]
pub(super) struct Latency {
    pub(super) feature: String,
    pub(super) side: String,
    pub(super) buckets: Vec<(u64, u64, u64)>,
}

/// What one operation of a feature cost on one side of one device.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Operation {
    /// The feature.
    pub feature: String,
    /// The operation; none: calls without one.
    #[serde(default)]
    pub operation: Option<String>,
    /// `legacy` or `candidate`.
    pub side: String,
    /// How many calls were measured.
    pub count: u64,
    /// The median in ns.
    pub p50_ns: u64,
    /// The 99th percentile in ns.
    pub p99_ns: u64,
    /// The longest in ns.
    pub max_ns: u64,
    /// The processor time of a call in ns, on average; none where nobody could tell.
    #[serde(default)]
    pub processor_ns: Option<u64>,
    /// The bytes that a call allocates, on average; none where nobody could tell.
    #[serde(default)]
    pub allocated_bytes: Option<u64>,
}
