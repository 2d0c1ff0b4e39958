//! Which shards were added already.
//!
//! Invariant: its memory has a fixed size, whatever is added.

/// Places of the set: 32 MiB.
const PLACES: usize = 1 << 22;
/// Shards that one merge adds up at most.
pub const SHARDS_MAX: usize = PLACES / 4 * 3;

/// A set of hashes of fixed size. Two devices share one of 64 bits about once in 10^7 merges of a million.
#[derive(Debug)]
pub(super) struct Seen {
    places: Vec<u64>,
    count: usize,
}

impl Seen {
    pub(super) fn new() -> Self {
        Self { places: vec![0; PLACES], count: 0 }
    }

    /// Whether it is new; `None` if there is no room.
    pub(super) fn insert(&mut self, hash: u64) -> Option<bool> {
        // 0 is an empty place.
        let hash = hash.max(1);
        if self.count >= SHARDS_MAX {
            return None;
        }
        let start = hash as usize % PLACES;
        for step in 0..PLACES {
            let place = self.places.get_mut((start + step) % PLACES)?;
            if *place == hash {
                return Some(false);
            }
            if *place == 0 {
                *place = hash;
                self.count += 1;
                return Some(true);
            }
        }
        None
    }
}
