//! Calls of the provider that hang, carried out: the shell over [`Calls`](super::calls::Calls).
//!
//! When a call's time is over, those who wait for its icon are told what is known without it, its key pauses, and where it
//! held a worker the watcher hears of it, to put another in its place. The call itself cannot be ended: it keeps its thread
//! until it comes back. What it brings then is taken over as any answer is, unless its key was removed meanwhile; the
//! worker ends after it.
//!
//! Not here: threads. [`IconCache::watch`] borrows one of the caller's, which sleeps while no call is under way.

use std::sync::PoisonError;
use std::time::Duration;

use super::answer::Undrawn;
use super::backoff::Millis;
use super::calls::Thread;
use super::provider::{ProviderError, Rendered, Want};
use super::resolve::Flight;
use super::{IconCache, State};
use crate::key::IconKey;

/// What a call of the provider came to.
pub(super) struct Heard<'a> {
    pub(super) answer: Result<Rendered, ProviderError>,
    pub(super) call: Call<'a>,
}

impl IconCache {
    /// Gives up on every call of the provider that has taken longer than it may. For [`IconCache::watch`], and for whoever
    /// lends threads by [`IconCache::work`] alone and has none for watching. How many calls that were.
    pub fn give_up(&self) -> usize {
        let now = self.now();
        self.give_up_in(&mut self.state(), now)
    }

    /// Watches over the provider's calls until workers ([`IconCache::run_worker`]) were lost to it: how many, to be replaced
    /// by as many. 0: the cache is closed. For a thread of the caller's, which does nothing else.
    pub fn watch(&self) -> usize {
        let mut state = self.state();
        loop {
            if state.closed {
                return 0;
            }
            let now = self.now();
            self.give_up_in(&mut state, now);
            let lost = std::mem::take(&mut state.lost_workers);
            if lost > 0 {
                return lost;
            }
            state = match state.calls.next_end() {
                None => self.alarm.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(end) => {
                    let left = Duration::from_millis(end.0.saturating_sub(now.0));
                    self.alarm.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    fn give_up_in(&self, state: &mut State, now: Millis) -> usize {
        let given_up = state.calls.give_up(now);
        for call in &given_up {
            state.backoff.given_up(&call.key, now);
            state.slots.remove(&call.key);
            state.requests.abandon(&call.key);
            state.lost_workers += usize::from(call.thread == Thread::Worker);
        }
        if !given_up.is_empty() {
            self.counters.provider_given_up(given_up.len());
            self.news.notify_all();
            self.alarm.notify_all();
        }
        given_up.len()
    }

    /// Calls the provider for a flight, without any lock. The call is under way until its answer has been taken over, so that
    /// what comes late is never laid over the answer to a later one.
    pub(super) fn ask<'a>(
        &'a self,
        flight: &Flight<'a>,
        want: Want,
        refresh: bool,
    ) -> Result<Heard<'a>, Undrawn> {
        let started = self.now();
        {
            let mut state = self.state();
            let unwatched = state.calls.next_end().is_none();
            let begun = state.calls.begin(flight.key, flight.thread, started);
            if begun == Err(Undrawn::Refused) {
                self.counters.provider_refused();
            }
            begun?;
            if unwatched {
                self.alarm.notify_all();
            }
        }
        let call = Call { cache: self, key: flight.key, over: false };
        let answer = self.provider.load(flight.key, want);
        self.counters.provider_called(self.now().0.saturating_sub(started.0), answer.is_err(), refresh);
        Ok(Heard { answer, call })
    }
}

/// A call that is over however it ends, a panic of the provider included.
pub(super) struct Call<'a> {
    cache: &'a IconCache,
    key: &'a IconKey,
    over: bool,
}

impl Call<'_> {
    /// Ends it. Whether it had been given up on.
    pub(super) fn end(mut self) -> bool {
        self.over = true;
        self.cache.state().calls.end(self.key)
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        if !self.over {
            self.cache.state().calls.end(self.key);
        }
    }
}
