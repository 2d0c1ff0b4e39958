//! Comparing the two sides and repairing one of them, in small steps (R39, R40).
//!
//! Invariants: a step touches at most as many keys as its budget says; where it stopped is data, so that a process that dies
//! goes on there; every repair is counted with its cause.

use sha2::{Digest, Sha256};

use super::dirty::Dirty;
use super::{KeyId, Side, Versioned};

/// Into how many ranges keys are divided by their hash.
pub const RANGES: usize = 256;

/// What one step may touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Keys; the specification's chunk has 500.
    pub keys: usize,
}

/// Why a key had to be repaired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// A write of the other side had failed.
    Dirty,
    /// The other side had an older version, or none, and nobody knew.
    Behind,
    /// The other side had something newer than the authority, or another value of the same version.
    Foreign,
}

/// Repairs by cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Repairs {
    /// [`Cause::Dirty`].
    pub dirty: u64,
    /// [`Cause::Behind`].
    pub behind: u64,
    /// [`Cause::Foreign`]: told, not repaired by version alone.
    pub foreign: u64,
    /// Writes that failed; their keys stay dirty.
    pub failed: u64,
}

impl Repairs {
    /// Whether the sides had drifted apart by themselves.
    pub fn is_drift(&self) -> bool {
        self.behind > 0 || self.foreign > 0
    }

    fn count(&mut self, cause: Cause) {
        match cause {
            Cause::Dirty => self.dirty += 1,
            Cause::Behind => self.behind += 1,
            Cause::Foreign => self.foreign += 1,
        }
    }
}

/// Where a reconciliation stands; to be stored, so that it goes on after a death.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// The range that is compared next, 0..=256; 256 is the end.
    pub range: usize,
    /// The first key of that range not yet done.
    pub from: KeyId,
}

/// A reconciliation of two sides.
#[derive(Debug, Clone, Default)]
pub struct Reconciler {
    /// Where it stands.
    pub progress: Progress,
    /// What it repaired since it began.
    pub repairs: Repairs,
}

impl Reconciler {
    /// Goes on where an earlier one stopped.
    pub fn resume(progress: Progress) -> Self {
        Self { progress, repairs: Repairs::default() }
    }

    /// One step while the device is idle and charging. True when everything was compared.
    pub fn step(
        &mut self,
        authority: &impl Side,
        other: &mut impl Side,
        dirty: &mut Dirty,
        budget: Budget,
    ) -> bool {
        let mut left = budget.keys.max(1);
        let known: Vec<KeyId> = dirty.keys().take(left).collect();
        for key in known {
            self.repair(authority, other, dirty, key, Cause::Dirty);
            left -= 1;
        }
        if left == 0 {
            return false;
        }
        let (ours, theirs) = (by_range(authority), by_range(other));
        while self.progress.range < RANGES {
            let range = self.progress.range;
            let empty = Vec::new();
            let (mine, yours) = (ours.get(range).unwrap_or(&empty), theirs.get(range).unwrap_or(&empty));
            if self.progress.from > 0 || digest_of(authority, mine) != digest_of(other, yours) {
                let mut keys: Vec<KeyId> = mine.iter().chain(yours).copied().collect();
                keys.sort_unstable();
                keys.dedup();
                let from = self.progress.from;
                for key in keys.into_iter().filter(|key| *key >= from) {
                    if left == 0 {
                        self.progress.from = key;
                        return false;
                    }
                    left -= 1;
                    self.compare(authority, other, dirty, key);
                }
            }
            self.progress = Progress { range: range + 1, from: 0 };
        }
        self.progress = Progress::default();
        if self.repairs.failed == 0 {
            dirty.resynced();
        }
        true
    }

    fn compare(&mut self, authority: &impl Side, other: &mut impl Side, dirty: &mut Dirty, key: KeyId) {
        let (ours, theirs) = (authority.get(key), other.get(key));
        if ours.value == theirs.value {
            return;
        }
        // The version of the authority decides; what is there without it, or against it, came from elsewhere.
        let cause = if theirs.version < ours.version { Cause::Behind } else { Cause::Foreign };
        self.repair(authority, other, dirty, key, cause);
    }

    fn repair(
        &mut self,
        authority: &impl Side,
        other: &mut impl Side,
        dirty: &mut Dirty,
        key: KeyId,
        cause: Cause,
    ) {
        let ours = authority.get(key);
        let theirs = other.get(key);
        // A foreign value is replaced under a version that is newer than its own.
        let version = if cause == Cause::Foreign { theirs.version.saturating_add(1) } else { ours.version };
        let value = Versioned { version: version.max(ours.version), value: ours.value };
        if other.put(key, &value) {
            dirty.clean(key, ours.version);
            self.repairs.count(cause);
        } else {
            dirty.mark(key, ours.version);
            self.repairs.failed += 1;
        }
    }
}

/// The digest of some keys' values. Versions do not count: a repaired foreign value has another one.
pub fn digest_of(side: &impl Side, keys: &[KeyId]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for key in keys {
        // A deletion is as good as nothing.
        if let Some(value) = side.get(*key).value {
            hash.update(key.to_le_bytes());
            hash.update((value.len() as u64).to_le_bytes());
            hash.update(value);
        }
    }
    hash.finalize().into()
}

fn by_range(side: &impl Side) -> Vec<Vec<KeyId>> {
    let mut ranges = vec![Vec::new(); RANGES];
    for key in side.keys() {
        // Multiplied by an odd constant, so that neighbouring keys spread over the ranges.
        let range = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as usize;
        if let Some(keys) = ranges.get_mut(range) {
            keys.push(key);
        }
    }
    ranges
}
