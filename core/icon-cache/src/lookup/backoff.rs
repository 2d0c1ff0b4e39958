//! When an icon that could not be drawn is tried again. Pure: the time comes in.
//!
//! The first failure costs nothing, the next one a second, then twice as long each time, up to an hour. A call that was given
//! up on costs a second the first time already. A package event forgets the failures of its package.
//!
//! Invariant: nothing that failed is asked in a loop, and nothing is given up for ever.

use std::collections::HashMap;

use crate::key::{IconKey, PackageOf};

/// Milliseconds of a clock that only goes forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Millis(pub u64);

/// The longest pause: an hour.
const PAUSE_MS_MAX: u64 = 3_600_000;

/// Keys whose failures are remembered; beyond it the oldest information goes, all at once.
const KEYS_MAX: usize = 4_096;

#[derive(Debug, Clone, Copy)]
struct Failure {
    attempts: u32,
    not_before: Millis,
    default: bool,
}

/// The failures so far.
#[derive(Debug, Default)]
pub struct Backoff {
    failures: HashMap<IconKey, Failure>,
}

impl Backoff {
    /// Whether a key may be tried.
    pub fn may_try(&self, key: &IconKey, now: Millis) -> bool {
        self.failures.get(key).is_none_or(|failure| failure.not_before <= now)
    }

    /// A key could not be drawn; `default`: the system had its default icon to offer.
    pub fn failed(&mut self, key: &IconKey, now: Millis, default: bool) {
        self.note(key, now, default, 0);
    }

    /// The call for a key was given up on.
    pub fn given_up(&mut self, key: &IconKey, now: Millis) {
        self.note(key, now, self.had_default(key), 1);
    }

    fn note(&mut self, key: &IconKey, now: Millis, default: bool, first: u32) {
        if self.failures.len() >= KEYS_MAX && !self.failures.contains_key(key) {
            self.failures.clear();
        }
        let attempts = self.failures.get(key).map_or(first, |failure| failure.attempts.saturating_add(1));
        let pause = match attempts {
            0 => 0,
            more => 1_000_u64.saturating_mul(1 << (more - 1).min(20)).min(PAUSE_MS_MAX),
        };
        let not_before = Millis(now.0.saturating_add(pause));
        self.failures.insert(key.clone(), Failure { attempts, not_before, default });
    }

    /// A key was drawn.
    pub fn succeeded(&mut self, key: &IconKey) {
        self.failures.remove(key);
    }

    /// Whether the last failure was the system's default icon.
    pub fn had_default(&self, key: &IconKey) -> bool {
        self.failures.get(key).is_some_and(|failure| failure.default)
    }

    /// Something about a package changed.
    pub fn forget_package(&mut self, package: &PackageOf) {
        self.failures.retain(|key, _| !package.holds(key));
    }

    /// Everything changed.
    pub fn clear(&mut self) {
        self.failures.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::ProfileSerial;

    #[test]
    fn pauses_grow_to_an_hour_and_end_with_success() {
        let key = IconKey::parse("com.a/.M#0").unwrap();
        let mut backoff = Backoff::default();
        let mut now = Millis(0);
        for pause in [0, 1_000, 2_000, 4_000] {
            assert!(backoff.may_try(&key, now));
            backoff.failed(&key, now, true);
            assert_eq!(backoff.may_try(&key, now), pause == 0);
            now = Millis(now.0 + pause);
        }
        for _ in 0..40 {
            backoff.failed(&key, now, false);
        }
        assert!(!backoff.may_try(&key, Millis(now.0 + PAUSE_MS_MAX - 1)));
        assert!(backoff.may_try(&key, Millis(now.0 + PAUSE_MS_MAX)));
        backoff.forget_package(&PackageOf::new("com.a", ProfileSerial(0)));
        assert!(backoff.may_try(&key, now));
    }

    #[test]
    fn who_was_given_up_on_waits_from_the_first_time_and_keeps_its_default_icon() {
        let key = IconKey::parse("com.a/.M#0").unwrap();
        let mut backoff = Backoff::default();
        backoff.given_up(&key, Millis(0));
        assert!(!backoff.may_try(&key, Millis(999)) && backoff.may_try(&key, Millis(1_000)));
        backoff.failed(&key, Millis(0), true);
        backoff.given_up(&key, Millis(0));
        assert!(backoff.had_default(&key) && !backoff.may_try(&key, Millis(3_999)));
    }
}
