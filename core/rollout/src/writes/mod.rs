//! Dual writes: authority first, the other side by version, and what repairs it (R37–R41).
//!
//! What it is: the decisions about versions, the dirty set and the reconciliation. What it is not: a store; keys and values stand
//! for what the two stores hold, behind [`Side`].
//!
//! Invariants: a failed secondary write never fails the operation; a stale replay never overwrites a newer value; the dirty set
//! is bounded, and its overflow asks for everything to be compared; repairs go from the authority to the other side only.

mod dirty;
mod reconcile;

pub use dirty::{DIRTY_MAX, Dirty};
pub use reconcile::{Budget, Cause, Progress, Reconciler, Repairs, digest_of};

/// A key of the data that both sides hold.
pub type KeyId = u64;

/// A value with the version under which it was written. No value is a deletion, which has a version too.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Versioned {
    /// Grows with each write of this key, from 1.
    pub version: u64,
    /// The value; `None` is deleted.
    pub value: Option<Vec<u8>>,
}

/// One of the two stores.
pub trait Side {
    /// What is stored under a key; version 0 if nothing ever was.
    fn get(&self, key: KeyId) -> Versioned;

    /// Stores a value if its version is newer than the one there. False if the write failed; a stale one is not a failure.
    fn put(&mut self, key: KeyId, value: &Versioned) -> bool;

    /// Every key, deletions with their versions included, in order.
    fn keys(&self) -> Vec<KeyId>;
}

/// What became of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// Both sides have it.
    Both,
    /// The authority has it; the key is dirty.
    AuthorityOnly,
    /// Nobody has it: the operation failed, as it would have without the other side.
    Failed,
}

/// Writes to the authority, then to the other side (R38). Whoever calls holds the key's lock (R37).
pub fn write(
    authority: &mut impl Side,
    other: &mut impl Side,
    dirty: &mut Dirty,
    key: KeyId,
    value: Option<Vec<u8>>,
) -> Written {
    // Newer than both: a foreign value that was replaced left a higher version on the other side.
    let version = authority.get(key).version.max(other.get(key).version).saturating_add(1);
    let versioned = Versioned { version, value };
    if !authority.put(key, &versioned) {
        return Written::Failed;
    }
    if other.put(key, &versioned) {
        dirty.clean(key, version);
        Written::Both
    } else {
        dirty.mark(key, version);
        Written::AuthorityOnly
    }
}

/// R10, R35: before a read of a dirty key from the other side that key is repaired. False if that failed: read the authority.
pub fn repair_before_read(
    authority: &impl Side,
    other: &mut impl Side,
    dirty: &mut Dirty,
    key: KeyId,
) -> bool {
    if !dirty.contains(key) {
        return true;
    }
    let value = authority.get(key);
    let done = other.put(key, &value);
    if done {
        dirty.clean(key, value.version);
    }
    done
}
