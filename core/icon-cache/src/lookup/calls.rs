//! The provider's calls that are under way, and which of them are given up on. A pure table; the time comes in.
//!
//! ```text
//! none ──begin──▶ running ──end──▶ none
//!                    └──give_up──▶ hanging ──end──▶ none
//! ```
//!
//! A key whose call hangs is not asked again before that call has come back: it could only hang once more. So a broken icon
//! costs one thread, whatever asks for it.
//!
//! Invariants: at most one call of a key is under way; none begins while [`HANGING_MAX`] hang; a call is given up on once.

use std::collections::HashMap;

use super::answer::Undrawn;
use super::backoff::Millis;
use crate::key::IconKey;

/// With so many calls hanging no other begins. Those that had begun may come to hang too, so that in the end no more threads
/// can be lost than these and as many as draw at once.
pub const HANGING_MAX: usize = 4;

/// Whose thread a call holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thread {
    /// One of [`super::IconCache::run_worker`], in whose place another can be put.
    Worker,
    /// Any other: it is its owner's to miss.
    Callers,
}

#[derive(Debug)]
struct Call {
    since: Millis,
    thread: Thread,
    hangs: bool,
}

/// A call that was given up on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenUp {
    /// Whose icon it was to draw.
    pub key: IconKey,
    /// The thread that it holds.
    pub thread: Thread,
}

/// The calls.
#[derive(Debug)]
pub struct Calls {
    under_way: HashMap<IconKey, Call>,
    ms_max: u64,
}

impl Calls {
    /// None yet; each may take so many milliseconds.
    pub fn new(ms_max: u64) -> Self {
        Self { under_way: HashMap::new(), ms_max }
    }

    /// A call for a key is to begin.
    ///
    /// # Errors
    /// It may not; the answer is what is known without it.
    pub fn begin(&mut self, key: &IconKey, thread: Thread, now: Millis) -> Result<(), Undrawn> {
        if self.under_way.contains_key(key) {
            return Err(Undrawn::Hangs);
        }
        if self.hanging() >= HANGING_MAX {
            return Err(Undrawn::Refused);
        }
        self.under_way.insert(key.clone(), Call { since: now, thread, hangs: false });
        Ok(())
    }

    /// A call came back. Whether it had been given up on.
    pub fn end(&mut self, key: &IconKey) -> bool {
        self.under_way.remove(key).is_some_and(|call| call.hangs)
    }

    /// Gives up on the calls whose time is over, the oldest first.
    pub fn give_up(&mut self, now: Millis) -> Vec<GivenUp> {
        let mut over: Vec<(Millis, GivenUp)> = Vec::new();
        for (key, call) in &mut self.under_way {
            if !call.hangs && end_of(call.since, self.ms_max) <= now {
                call.hangs = true;
                over.push((call.since, GivenUp { key: key.clone(), thread: call.thread }));
            }
        }
        over.sort_by(|(since, one), (other_since, other)| (since, &one.key).cmp(&(other_since, &other.key)));
        over.into_iter().map(|(_, given_up)| given_up).collect()
    }

    /// When the next call has to be given up on, if none comes back.
    pub fn next_end(&self) -> Option<Millis> {
        let running = self.under_way.values().filter(|call| !call.hangs);
        running.map(|call| end_of(call.since, self.ms_max)).min()
    }

    /// Whether a key's call was given up on and has not come back.
    pub fn hangs(&self, key: &IconKey) -> bool {
        self.under_way.get(key).is_some_and(|call| call.hangs)
    }

    /// How many hang.
    pub fn hanging(&self) -> usize {
        self.under_way.values().filter(|call| call.hangs).count()
    }
}

fn end_of(since: Millis, ms_max: u64) -> Millis {
    Millis(since.0.saturating_add(ms_max))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: usize) -> IconKey {
        IconKey::parse(&format!("com.a{number}/.M#0")).unwrap()
    }

    #[test]
    fn a_call_is_given_up_on_when_its_time_is_over_and_once() {
        let mut calls = Calls::new(100);
        assert_eq!(calls.next_end(), None);
        calls.begin(&key(2), Thread::Callers, Millis(5)).unwrap();
        calls.begin(&key(1), Thread::Worker, Millis(3)).unwrap();
        assert_eq!(calls.next_end(), Some(Millis(103)));
        assert_eq!(calls.give_up(Millis(102)), []);
        let worker = GivenUp { key: key(1), thread: Thread::Worker };
        let callers = GivenUp { key: key(2), thread: Thread::Callers };
        assert_eq!(calls.give_up(Millis(200)), [worker, callers]);
        assert_eq!((calls.give_up(Millis(u64::MAX)), calls.next_end(), calls.hanging()), (vec![], None, 2));
        assert_eq!((calls.end(&key(1)), calls.end(&key(1)), calls.hanging()), (true, false, 1));
    }

    #[test]
    fn a_key_that_hangs_is_not_asked_again_before_it_came_back() {
        let mut calls = Calls::new(0);
        calls.begin(&key(1), Thread::Worker, Millis(0)).unwrap();
        calls.give_up(Millis(0));
        assert_eq!(calls.begin(&key(1), Thread::Worker, Millis(9)), Err(Undrawn::Hangs));
        assert!(calls.end(&key(1)));
        assert_eq!(calls.begin(&key(1), Thread::Worker, Millis(9)), Ok(()));
        assert!(!calls.end(&key(1)), "it came back in time");
    }

    #[test]
    fn none_begins_while_too_many_hang() {
        let mut calls = Calls::new(10);
        for number in 0..HANGING_MAX {
            calls.begin(&key(number), Thread::Worker, Millis(0)).unwrap();
        }
        calls.begin(&key(8), Thread::Worker, Millis(1)).unwrap();
        assert_eq!(calls.give_up(Millis(10)).len(), HANGING_MAX);
        assert_eq!(calls.begin(&key(9), Thread::Callers, Millis(10)), Err(Undrawn::Refused));
        assert!(!calls.end(&key(8)));
        assert!(calls.end(&key(0)));
        assert_eq!(calls.begin(&key(9), Thread::Callers, Millis(10)), Ok(()));
    }
}
