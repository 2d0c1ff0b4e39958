//! The keys whose other side is behind.
//!
//! Invariants: at most [`DIRTY_MAX`] keys; one more sets `full_resync`, which only a whole comparison takes back; a key is
//! clean only when the version that made it dirty, or a newer one, was written.

use std::collections::BTreeMap;

use super::KeyId;

/// How many keys are remembered.
pub const DIRTY_MAX: usize = 1024;

/// The set, to be stored with the evidence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dirty {
    keys: BTreeMap<KeyId, u64>,
    full_resync: bool,
}

impl Dirty {
    /// A key is behind since this version.
    pub fn mark(&mut self, key: KeyId, version: u64) {
        if self.keys.len() >= DIRTY_MAX && !self.keys.contains_key(&key) {
            self.full_resync = true;
            return;
        }
        let since = self.keys.entry(key).or_default();
        *since = (*since).max(version);
    }

    /// A version of a key was written.
    pub fn clean(&mut self, key: KeyId, version: u64) {
        if self.keys.get(&key).is_some_and(|since| *since <= version) {
            self.keys.remove(&key);
        }
    }

    /// Whether a key is, or may be, behind.
    pub fn contains(&self, key: KeyId) -> bool {
        self.full_resync || self.keys.contains_key(&key)
    }

    /// The keys that are known to be behind.
    pub fn keys(&self) -> impl Iterator<Item = KeyId> + '_ {
        self.keys.keys().copied()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether none is, and nothing overflowed.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty() && !self.full_resync
    }

    /// More keys were behind than are remembered.
    pub fn needs_full_resync(&self) -> bool {
        self.full_resync
    }

    /// Everything was compared.
    pub(super) fn resynced(&mut self) {
        self.full_resync = false;
    }
}
