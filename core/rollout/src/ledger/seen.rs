//! Which devices' shards were added already, and what each device was counted as.
//!
//! Invariant: its memory has a fixed size, whatever is added.

use super::tally::Counted;

/// Places of the set: 32 MiB of hashes and 1 MiB of what stands beside them.
const PLACES: usize = 1 << 22;
/// Shards that one merge adds up at most.
pub const SHARDS_MAX: usize = PLACES / 4 * 3;

/// A place in the set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place(usize);

/// A set of hashes of fixed size. Two devices share one of 64 bits about once in 10^7 merges of a million.
#[derive(Debug)]
pub(super) struct Seen {
    places: Vec<u64>,
    devices: Bits,
    burned: Bits,
    count: usize,
}

impl Seen {
    pub(super) fn new() -> Self {
        Self { places: vec![0; PLACES], devices: Bits::new(), burned: Bits::new(), count: 0 }
    }

    /// The place of a hash, and whether it is new; `None` if there is no room.
    pub(super) fn insert(&mut self, hash: u64) -> Option<(Place, bool)> {
        // 0 is an empty place.
        let hash = hash.max(1);
        if self.count >= SHARDS_MAX {
            return None;
        }
        let start = hash as usize % PLACES;
        for step in 0..PLACES {
            let at = (start + step) % PLACES;
            let place = self.places.get_mut(at)?;
            if *place == hash {
                return Some((Place(at), false));
            }
            if *place == 0 {
                *place = hash;
                self.count += 1;
                return Some((Place(at), true));
            }
        }
        None
    }

    /// What the device at a place was counted as.
    pub(super) fn counted(&self, Place(at): Place) -> Counted {
        Counted { device: self.devices.get(at), burned: self.burned.get(at) }
    }

    /// Remembers it. A device never ceases to count.
    pub(super) fn set_counted(&mut self, Place(at): Place, counted: Counted) {
        self.devices.raise(at, counted.device);
        self.burned.raise(at, counted.burned);
    }
}

/// A bit a place.
#[derive(Debug)]
struct Bits(Vec<u64>);

impl Bits {
    fn new() -> Self {
        Self(vec![0; PLACES / 64])
    }

    fn get(&self, at: usize) -> bool {
        self.0.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    fn raise(&mut self, at: usize, is_set: bool) {
        if let Some(word) = self.0.get_mut(at / 64) {
            *word |= u64::from(is_set) << (at % 64);
        }
    }
}
