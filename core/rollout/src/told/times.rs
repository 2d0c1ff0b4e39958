//! Histograms of times as a guard wrote them, and their quantiles with intervals (R32).
//!
//! Invariant: whatever the buckets, a quantile lies in its interval, and the interval between the first bucket and the last.

use std::collections::BTreeMap;

/// How many standard deviations hold 95 % of a normal distribution.
const Z: f64 = 1.96;

/// Times of one side: how many lay from a bound up to the next, in ns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Histogram {
    buckets: BTreeMap<(u64, u64), u64>,
}

/// A quantile with the interval that holds it 95 times of 100, in ns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantile {
    /// The estimate.
    pub at: u64,
    /// The lower end.
    pub low: u64,
    /// The upper end.
    pub high: u64,
}

impl Histogram {
    /// Adds a bucket of times from `from` up to `to`; one that ends before it begins is as wide as a point.
    pub fn add(&mut self, from: u64, to: u64, weight: u64) {
        if weight > 0 {
            let sum = self.buckets.entry((from, to.max(from))).or_default();
            *sum = sum.saturating_add(weight);
        }
    }

    /// How many times there are.
    pub fn total(&self) -> u64 {
        self.buckets.values().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// The middle of each bucket with its count, in order of where the buckets begin.
    pub fn middles(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        self.buckets.iter().map(|((from, to), count)| (from + (to - from) / 2, *count))
    }

    /// Where the first bucket begins and the last one ends; `None` without times.
    pub fn edges(&self) -> Option<(u64, u64)> {
        let begin = self.buckets.keys().next()?.0;
        let end = self.buckets.keys().map(|(_, to)| *to).max()?;
        Some((begin, end))
    }

    /// The quantile of order `q` with its interval from order statistics; `None` without times.
    pub fn quantile(&self, q: f64) -> Option<Quantile> {
        let total = self.total();
        if total == 0 {
            return None;
        }
        let n = total as f64;
        let spread = Z * (n * q * (1.0 - q)).sqrt();
        let at = |rank: f64| self.at_rank((rank.max(1.0) as u64).min(total));
        Some(Quantile {
            at: at((n * q).ceil()),
            low: at((n * q - spread).floor()),
            high: at((n * q + spread).ceil()),
        })
    }

    fn at_rank(&self, rank: u64) -> u64 {
        let mut sum = 0_u64;
        let mut furthest = 0;
        for (middle, count) in self.middles() {
            sum = sum.saturating_add(count);
            // Buckets that overlap come from guards of different versions; a later rank is never an earlier time.
            furthest = middle.max(furthest);
            if sum >= rank {
                break;
            }
        }
        furthest
    }
}

/// The guard's limit in ns: the candidate's p99 may lie a tenth or 0.2 ms above legacy's (R32).
pub fn p99_limit(legacy_p99: u64) -> u64 {
    legacy_p99.saturating_add((legacy_p99 / 10).max(200_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_and_their_intervals_come_from_ranks() {
        let mut histogram = Histogram::default();
        for ns in 1..=10_000 {
            histogram.add(ns, ns + 1, 1);
        }
        assert_eq!(histogram.quantile(0.5), Some(Quantile { at: 5000, low: 4902, high: 5098 }));
        assert_eq!(histogram.quantile(0.99), Some(Quantile { at: 9900, low: 9880, high: 9920 }));
        assert_eq!((histogram.edges(), histogram.total()), (Some((1, 10_001)), 10_000));
        assert_eq!((Histogram::default().quantile(0.5), Histogram::default().edges()), (None, None));
    }

    #[test]
    fn the_limit_is_a_tenth_or_a_fifth_of_a_millisecond_and_never_overflows() {
        for (legacy, limit) in [(100_000, 300_000), (10_000_000, 11_000_000), (u64::MAX, u64::MAX)] {
            assert_eq!(p99_limit(legacy), limit);
        }
    }

    #[test]
    fn odd_buckets_keep_a_quantile_in_its_interval() {
        let mut histogram = Histogram::default();
        for (from, to, count) in [(0, u64::MAX, 5), (10, 5, 5), (u64::MAX, 0, u64::MAX), (7, 9, 0)] {
            histogram.add(from, to, count);
        }
        for q in [0.0, 0.5, 0.99, 1.0] {
            let Quantile { at, low, high } =
                histogram.quantile(q).unwrap_or(Quantile { at: 0, low: 1, high: 0 });
            assert!(low <= at && at <= high, "{q}: {low} {at} {high}");
        }
    }
}
