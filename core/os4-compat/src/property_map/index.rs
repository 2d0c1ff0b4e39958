//! The look-up structure of a property map: entries sorted by hash and key, each key once.
//!
//! What it is not: a hash table. Sorting by (hash, key) costs a little more than a table and needs no random seed,
//! no dependency, and has no input on which it turns quadratic.

use super::partition::Partition;

/// One assignment: where its key and value lie in the map's text.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    hash: u64,
    key_start: usize,
    key_len: usize,
    value_start: usize,
    value_len: usize,
    partition: Partition,
    /// `?=`: counts only where no plain assignment of the same file does.
    optional: bool,
}

impl Entry {
    /// An entry whose key and value already lie in `text` at these places.
    pub(super) fn at(
        text: &[u8],
        key: (usize, usize),
        value: (usize, usize),
        partition: Partition,
        optional: bool,
    ) -> Self {
        let key_bytes = text.get(key.0..key.0 + key.1).unwrap_or_default();
        Self {
            hash: hash(key_bytes),
            key_start: key.0,
            key_len: key.1,
            value_start: value.0,
            value_len: value.1,
            partition,
            optional,
        }
    }

    /// Copies an entry of another map to the end of `text`; it is a plain assignment from then on.
    pub(super) fn append(text: &mut Vec<u8>, from: &Self, key: &[u8], value: &[u8]) -> Self {
        let key_start = text.len();
        text.extend_from_slice(key);
        let value_start = text.len();
        text.extend_from_slice(value);
        Self { key_start, value_start, optional: false, ..from.clone() }
    }

    pub(super) fn key<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        text.get(self.key_start..self.key_start + self.key_len).unwrap_or_default()
    }

    pub(super) fn value<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        text.get(self.value_start..self.value_start + self.value_len).unwrap_or_default()
    }

    pub(super) fn partition(&self) -> Partition {
        self.partition
    }
}

/// Entries in the order of (hash, key), each key once.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    entries: Vec<Entry>,
}

impl Index {
    /// Sorts and keeps, of each key, the last plain assignment, else the last optional one. Also says how many
    /// entries were superseded.
    pub(super) fn new(mut entries: Vec<Entry>, text: &[u8]) -> (Self, u64) {
        let read = entries.len();
        // Stable, so that of one key the plain assignments come last and in the order they were read.
        entries.sort_by(|a, b| {
            a.hash
                .cmp(&b.hash)
                .then_with(|| a.key(text).cmp(b.key(text)))
                .then_with(|| b.optional.cmp(&a.optional))
        });
        // dedup keeps the first of a run and we want the last.
        entries.reverse();
        entries.dedup_by(|next, kept| next.hash == kept.hash && next.key(text) == kept.key(text));
        entries.reverse();
        let superseded = (read - entries.len()) as u64;
        (Self { entries }, superseded)
    }

    pub(super) fn find(&self, key: &[u8], text: &[u8]) -> Option<&Entry> {
        let wanted = hash(key);
        let found = self
            .entries
            .binary_search_by(|entry| entry.hash.cmp(&wanted).then_with(|| entry.key(text).cmp(key)))
            .ok()?;
        self.entries.get(found)
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

/// A fast hash to sort by. Collisions cost a comparison of keys, never the result.
fn hash(key: &[u8]) -> u64 {
    const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut state = key.len() as u64;
    let mut chunks = key.chunks_exact(8);
    for chunk in &mut chunks {
        let word = chunk.try_into().map_or(0, u64::from_le_bytes);
        state = (state.rotate_left(23) ^ word).wrapping_mul(MULTIPLIER);
    }
    for &byte in chunks.remainder() {
        state = (state.rotate_left(23) ^ u64::from(byte)).wrapping_mul(MULTIPLIER);
    }
    state ^ (state >> 32)
}
