//! The look-up structure of a property map: entries sorted by hash and key, each key once.
//!
//! What it is not: a hash table. Sorting by (hash, key) costs a little more than a table and needs no random seed,
//! no dependency, and has no input on which it turns quadratic.

use super::partition::Partition;

/// A part of the map's text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) len: usize,
}

impl Span {
    fn of(self, text: &[u8]) -> &[u8] {
        text.get(self.start..self.start + self.len).unwrap_or_default()
    }
}

/// One assignment: where its key and value lie in the map's text.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    hash: u64,
    key: Span,
    value: Span,
    partition: Partition,
    /// `?=`: counts only where no plain assignment of the same file does.
    optional: bool,
}

impl Entry {
    /// An entry whose key and value lie at these places of the map's text.
    pub(super) fn new(key: &[u8], at: Span, value: Span, partition: Partition, optional: bool) -> Self {
        Self { hash: hash(key), key: at, value, partition, optional }
    }

    /// Puts a plain assignment at the end of `text`.
    pub(super) fn append(text: &mut Vec<u8>, key: &[u8], value: &[u8], partition: Partition) -> Self {
        let key_span = Span { start: text.len(), len: key.len() };
        text.extend_from_slice(key);
        let value_span = Span { start: text.len(), len: value.len() };
        text.extend_from_slice(value);
        Self::new(key, key_span, value_span, partition, false)
    }

    pub(super) fn key<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        self.key.of(text)
    }

    pub(super) fn value<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        self.value.of(text)
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
