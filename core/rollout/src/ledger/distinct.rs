//! How many different inputs there were, and how likely the next one is new (section 2.12; Good and Turing).
//!
//! What it is: a sample of the hashes of inputs, after Wegman: all whose last `level` bits are 0, one level higher
//! whenever there would be too many. What it is not: a set of inputs; a hash does not lead back to one, and it is keyed by the
//! caller (R21).
//!
//! Invariants: at most [`SAMPLE_MAX`] hashes; two samples add up to the sample of both; exact while the level is 0.

use std::collections::BTreeMap;

/// How many hashes are kept at most.
pub const SAMPLE_MAX: usize = 256;
/// Hashes have 63 bits, so that every database holds them in its signed numbers.
const HASH_BITS: u32 = 63;

/// The sample.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Distinct {
    level: u32,
    seen: BTreeMap<u64, u64>,
}

impl Distinct {
    /// One input more.
    pub fn add(&mut self, hash: u64) {
        self.add_many(hash, 1);
    }

    /// An input that was seen `count` times. The highest bit of the hash does not count.
    pub fn add_many(&mut self, hash: u64, count: u64) {
        let hash = hash & (u64::MAX >> 1);
        if !self.samples(hash) || count == 0 {
            return;
        }
        let seen = self.seen.entry(hash).or_default();
        *seen = seen.saturating_add(count);
        while self.seen.len() > SAMPLE_MAX {
            self.raise(self.level + 1);
        }
    }

    /// Adds another sample to this one.
    pub fn merge(&mut self, other: &Self) {
        self.raise(self.level.max(other.level));
        for (hash, count) in &other.seen {
            self.add_many(*hash, *count);
        }
    }

    /// At least this level: what it no longer samples is dropped.
    pub fn raise(&mut self, level: u32) {
        self.level = self.level.max(level.min(HASH_BITS));
        let mask = (1_u64 << self.level).wrapping_sub(1);
        self.seen.retain(|hash, _| hash & mask == 0);
    }

    /// How many last bits of a sampled hash are 0.
    pub fn level(&self) -> u32 {
        self.level
    }

    /// The sampled hashes with their counts, in order.
    pub fn sample(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        self.seen.iter().map(|(hash, count)| (*hash, *count))
    }

    /// About how many different inputs there were; exact at level 0.
    pub fn estimate(&self) -> u64 {
        (self.seen.len() as u64).saturating_mul(1 << self.level.min(50))
    }

    /// About how many inputs were seen just once.
    pub fn singletons(&self) -> u64 {
        let once = self.seen.values().filter(|count| **count == 1).count() as u64;
        once.saturating_mul(1 << self.level.min(50))
    }

    /// Good–Turing: how likely the next of `total` inputs is one never seen; 1 where nothing was seen.
    pub fn unseen(&self, total: u64) -> f64 {
        if total == 0 || self.seen.is_empty() {
            return 1.0;
        }
        (self.singletons() as f64 / total as f64).min(1.0)
    }

    fn samples(&self, hash: u64) -> bool {
        hash & (1_u64 << self.level).wrapping_sub(1) == 0
    }
}

/// Whether a sample of this level can hold this hash.
pub fn is_sampled(hash: u64, level: u32) -> bool {
    level <= HASH_BITS && hash >> HASH_BITS == 0 && hash & (1_u64 << level).wrapping_sub(1) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bucket::id_hash;

    fn of(inputs: impl Iterator<Item = u64>) -> Distinct {
        let mut distinct = Distinct::default();
        for input in inputs {
            distinct.add(id_hash(&input.to_string()));
        }
        distinct
    }

    #[test]
    fn a_hash_belongs_to_the_levels_whose_bits_it_has_not() {
        for (hash, level, expected) in [
            (77, 0, true),
            (77, 1, false),
            (76, 2, true),
            (76, 3, false),
            (0, 63, true),
            (0, 64, false),
            (1 << 63, 0, false),
        ] {
            assert_eq!(is_sampled(hash, level), expected, "{hash} at {level}");
        }
    }

    #[test]
    fn few_inputs_are_counted_exactly() {
        let distinct = of((0..200).chain(0..150));
        assert_eq!((distinct.level(), distinct.estimate(), distinct.singletons()), (0, 200, 50));
        assert!((distinct.unseen(350) - 50.0 / 350.0).abs() < 1e-12);
        assert_eq!(Distinct::default().unseen(10), 1.0);
    }

    #[test]
    fn many_inputs_are_estimated_in_bounded_memory() {
        let distinct = of(0..100_000);
        assert!(distinct.sample().count() <= SAMPLE_MAX);
        let error = (distinct.estimate() as f64 - 100_000.0).abs() / 100_000.0;
        assert!(error < 0.25, "{}", distinct.estimate());
    }

    #[test]
    fn two_samples_add_up_to_the_sample_of_both() {
        let mut sum = of(0..700);
        sum.merge(&of(500..1500));
        let mut other = of(500..1500);
        other.merge(&of(0..700));
        assert_eq!(sum, other);
        assert_eq!(sum, of((0..700).chain(500..1500)));
    }
}
