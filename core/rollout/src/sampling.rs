//! Which calls are compared, and what falls out of the queue (R16, R17).
//!
//! What it is: a stratified choice under a budget of the candidate's CPU time, and a reservoir. What it is not: it measures
//! nothing; costs and times come in.
//!
//! Invariants: of each declared class the first 20 are compared whenever the budget allows anything at all; what was overspent is
//! paid back before the next comparison; what is not compared is counted; memory is bounded.

use std::collections::BTreeMap;

use crate::ledger::CLASSES_MAX;

/// Of each class so many are compared first.
const FIRST_OF_CLASS: u64 = 20;
/// After the start of a process nothing is compared for so long, unless the feature is about starting.
const QUIET_START_MS: u64 = 10_000;

/// What keeps a device from comparing at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Conditions {
    /// Android's thermal status is moderate or worse.
    pub hot: bool,
    /// Battery saver is on.
    pub battery_saver: bool,
    /// Time since the start of the process, ms.
    pub uptime_ms: u64,
    /// The feature is tagged `startup`.
    pub startup: bool,
}

/// The budget: a bucket of CPU nanoseconds that fills with time.
#[derive(Debug, Clone)]
pub struct Sampler {
    one_in: u64,
    share_ppm: u64,
    /// Below 0 while something is owed.
    tokens_ns: i64,
    capacity_ns: i64,
    filled_ms: u64,
    seen: BTreeMap<String, u64>,
    /// Calls that were not compared.
    pub skipped: u64,
}

impl Sampler {
    /// Compares one of `one_in` calls beyond the first ones (at least 1), spending at most `share_ppm` millionths of one core;
    /// 10,000 is the default of 1 %.
    pub fn new(one_in: u64, share_ppm: u64) -> Self {
        // A burst may spend what ten seconds bring.
        let capacity_ns = signed(share_ppm.min(1_000_000).saturating_mul(10_000));
        Self {
            one_in: one_in.max(1),
            share_ppm: share_ppm.min(1_000_000),
            tokens_ns: capacity_ns,
            capacity_ns,
            filled_ms: 0,
            seen: BTreeMap::new(),
            skipped: 0,
        }
    }

    /// Whether to compare this call of a class. `draw` is a random number of the caller's.
    pub fn wants(&mut self, class: &str, now_ms: u64, draw: u64, conditions: &Conditions) -> bool {
        let passed = now_ms.saturating_sub(self.filled_ms);
        self.filled_ms = self.filled_ms.max(now_ms);
        // ppm of a ms is that many ns.
        let more = signed(passed.saturating_mul(self.share_ppm));
        self.tokens_ns = self.tokens_ns.saturating_add(more).min(self.capacity_ns);
        let quiet = !conditions.startup && conditions.uptime_ms < QUIET_START_MS;
        let may = self.tokens_ns > 0 && !conditions.hot && !conditions.battery_saver && !quiet;
        let full = self.seen.len() >= CLASSES_MAX && !self.seen.contains_key(class);
        let name = if full { "" } else { class };
        let seen = self.seen.get(name).copied().unwrap_or(0);
        let wants = may && (seen < FIRST_OF_CLASS || draw.is_multiple_of(self.one_in));
        if wants {
            *self.seen.entry(name.to_owned()).or_default() += 1;
        } else {
            self.skipped = self.skipped.saturating_add(1);
        }
        wants
    }

    /// The candidate's run cost so much CPU time.
    pub fn spent(&mut self, cpu_ns: u64) {
        self.tokens_ns = self.tokens_ns.saturating_sub(signed(cpu_ns));
    }
}

fn signed(nanos: u64) -> i64 {
    i64::try_from(nanos).unwrap_or(i64::MAX)
}

/// A queue that keeps a fair sample of a burst instead of its head (R17).
#[derive(Debug, Clone)]
pub struct Reservoir<T> {
    items: Vec<T>,
    capacity: usize,
    offered: u64,
    /// Items that were dropped.
    pub dropped: u64,
}

impl<T> Reservoir<T> {
    /// Of at most `capacity` items, at least 1.
    pub fn new(capacity: usize) -> Self {
        Self { items: Vec::new(), capacity: capacity.max(1), offered: 0, dropped: 0 }
    }

    /// Offers an item; `draw` is a random number of the caller's.
    pub fn offer(&mut self, item: T, draw: u64) {
        self.offered += 1;
        if self.items.len() < self.capacity {
            self.items.push(item);
            return;
        }
        self.dropped += 1;
        let place = usize::try_from(draw % self.offered).unwrap_or(usize::MAX);
        if let Some(kept) = self.items.get_mut(place) {
            *kept = item;
        }
    }

    /// Takes all that was kept; the next burst is sampled by itself.
    pub fn drain(&mut self) -> Vec<T> {
        self.offered = 0;
        std::mem::take(&mut self.items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READY: Conditions =
        Conditions { hot: false, battery_saver: false, uptime_ms: 20_000, startup: false };

    #[test]
    fn the_first_of_each_class_are_compared_then_one_in_n() {
        let mut sampler = Sampler::new(10, 10_000);
        let mut count =
            |class: &str, calls: u64| (0..calls).filter(|n| sampler.wants(class, 1, *n, &READY)).count();
        assert_eq!(count("common", 1000), 20 + 98);
        assert_eq!(count("rare", 5), 5);
    }

    #[test]
    fn the_budget_ends_and_comes_back_with_time() {
        let mut sampler = Sampler::new(1, 10_000);
        assert!(sampler.wants("a", 0, 0, &READY));
        sampler.spent(200_000_000);
        assert!(!sampler.wants("a", 0, 0, &READY), "1 % of ten seconds is spent");
        assert!(!sampler.wants("a", 9_999, 0, &READY), "and as much again is owed");
        assert!(sampler.wants("a", 10_001, 0, &READY));
        for conditions in [
            Conditions { hot: true, ..READY },
            Conditions { battery_saver: true, ..READY },
            Conditions { uptime_ms: 9_999, ..READY },
        ] {
            assert!(!sampler.wants("a", 11_000, 0, &conditions), "{conditions:?}");
        }
        assert!(sampler.wants("a", 11_000, 0, &Conditions { uptime_ms: 0, startup: true, ..READY }));
        assert_eq!(sampler.skipped, 5);
    }

    #[test]
    fn a_burst_leaves_a_sample_of_its_whole_length() {
        let mut reservoir = Reservoir::new(100);
        let mut draw = 1_u64;
        for item in 0..10_000_u64 {
            draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            reservoir.offer(item, draw >> 33);
        }
        let kept = reservoir.drain();
        assert_eq!((kept.len(), reservoir.dropped), (100, 9_900));
        let late = kept.iter().filter(|item| **item >= 5_000).count();
        assert!((30..70).contains(&late), "{late}");
    }
}
