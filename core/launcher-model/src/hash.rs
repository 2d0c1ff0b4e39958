//! Tables of packages, components and ids that a load asks several times a row.
//!
//! The standard library's hasher guards a server against keys made to collide, and took an eighth of a load. Here the
//! keys are package names and numbers of one phone, as many as a home screen can name, and the hasher
//! is keyed anew in each process and table: who writes a database or names a package does not know the key, so no
//! file can be made whose rows all collide. Nothing depends on the order in which a table is walked.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

/// A map with the fast hasher.
pub(crate) type FastMap<K, V> = HashMap<K, V, RandomState>;
/// A set with the fast hasher.
pub(crate) type FastSet<K> = HashSet<K, RandomState>;

/// An empty map with room for so many entries.
pub(crate) fn map_with_capacity<K, V>(entries: usize) -> FastMap<K, V> {
    FastMap::with_capacity_and_hasher(entries, RandomState::default())
}
