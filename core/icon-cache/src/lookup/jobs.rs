//! Look-ups that somebody waits for without standing still (S10), and the threads that do them.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, Weak};

use super::answer::{Icon, Request};
use super::calls::Thread;
use super::known::Known;
use super::requests::{Priority, Ticket, ViewId, Work};
use super::resolve::Flight;
use super::sync::{Mutex, MutexGuard, thread};
use super::{IconCache, State};
use crate::key::IconKey;

/// Who is told. Called on the executor, never with a lock held.
pub trait Listener: Send + Sync {
    /// The icon. Not called after a cancel that returned on the executor's thread.
    fn deliver(&self, icon: Icon);

    /// Called exactly once, last: whether the icon was delivered.
    fn ended(&self, delivered: bool);
}

/// Runs something later, in order, on the thread where listeners live.
pub type Executor = Arc<dyn Fn(Box<dyn FnOnce() + Send>) + Send + Sync>;

/// The requests that have not ended.
#[derive(Default)]
pub(super) struct Jobs {
    waiting: HashMap<Ticket, (Request, Arc<dyn Listener>)>,
}

/// A request that can be taken back.
#[derive(Debug, Clone)]
pub struct Handle {
    cache: Weak<IconCache>,
    ticket: Option<Ticket>,
}

impl Handle {
    /// Takes the request back: in every state, any number of times. Queued work is never begun then.
    pub fn cancel(&self) {
        if let (Some(cache), Some(ticket)) = (self.cache.upgrade(), self.ticket) {
            cache.cancel(ticket);
        }
    }

    /// Its number, never given twice by a cache; for [`IconCache::cancel`]. `None` when it ended at once.
    pub fn ticket(&self) -> Option<Ticket> {
        self.ticket
    }

    /// A page came into sight or left it.
    pub fn reprioritise(&self, priority: Priority) {
        if let (Some(cache), Some(ticket)) = (self.cache.upgrade(), self.ticket) {
            cache.reprioritise(ticket, priority);
        }
    }
}

impl IconCache {
    /// Asks for an icon; the listener is told on the executor. A newer request of the same view takes the older back.
    pub fn request(
        &self,
        request: Request,
        priority: Priority,
        view: Option<ViewId>,
        listener: Arc<dyn Listener>,
    ) -> Handle {
        let cache = self.me.clone();
        let Some(key) = request.key.clone() else {
            // There is nothing to look up: it ends at once.
            (self.executor)(Box::new(move || listener.ended(false)));
            return Handle { cache, ticket: None };
        };
        let (ticket, older) = {
            let mut state = self.state();
            let (ticket, superseded) = state.requests.submit(&key, request.wants, priority, view);
            state.jobs.waiting.insert(ticket, (request, listener));
            (ticket, superseded.and_then(|older| state.jobs.waiting.remove(&older)))
        };
        self.end_cancelled(older);
        self.news.notify_all();
        Handle { cache, ticket: Some(ticket) }
    }

    /// See [`Handle::reprioritise`]; a ticket that ended or was never given changes nothing.
    pub fn reprioritise(&self, ticket: Ticket, priority: Priority) {
        self.state().requests.reprioritise(ticket, priority);
    }

    /// See [`Handle::cancel`]; a ticket that ended or was never given changes nothing.
    pub fn cancel(&self, ticket: Ticket) {
        let ended = {
            let mut state = self.state();
            if state.requests.cancel(ticket) { state.jobs.waiting.remove(&ticket) } else { None }
        };
        self.end_cancelled(ended);
    }

    fn end_cancelled(&self, job: Option<(Request, Arc<dyn Listener>)>) {
        if let Some((_, listener)) = job {
            (self.executor)(Box::new(move || listener.ended(false)));
        }
    }

    /// Does the most urgent piece of queued work on this thread. Whether there was any.
    pub fn work(&self) -> bool {
        self.give_up();
        let mut state = self.state();
        let Some(next) = state.requests.next(thread::current().id()) else { return false };
        self.fly_next(state, next, Thread::Callers);
        true
    }

    /// Works until the cache is closed, or the provider kept this thread for so long that it was given up on; for a thread
    /// of the caller's. While nothing is queued it waits.
    pub fn run_worker(&self) {
        loop {
            let mut state = self.state();
            let next = loop {
                if state.closed {
                    return;
                }
                match state.requests.next(thread::current().id()) {
                    Some(next) => break next,
                    None => state = self.news.wait(state).unwrap_or_else(PoisonError::into_inner),
                }
            };
            if self.fly_next(state, next, Thread::Worker) {
                return;
            }
        }
    }

    /// Lets the workers go, when each has ended what it is at, takes every request back, writes what waits, and closes the
    /// file: whoever opens it next finds it free, whatever a provider is still at. Look-ups go on without a store.
    pub fn close(&self) {
        let tickets: Vec<Ticket> = {
            let mut state = self.state();
            state.closed = true;
            state.jobs.waiting.keys().copied().collect()
        };
        self.news.notify_all();
        self.alarm.notify_all();
        for ticket in tickets {
            self.cancel(ticket);
        }
        let mut shelf = self.shelf();
        shelf.store.recover();
        shelf.flush();
        shelf.store.close();
    }

    /// Carries out a flight. Whether it was given up on before it ended.
    fn fly_next(
        &self,
        mut state: MutexGuard<'_, State>,
        (key, work): (IconKey, Work),
        thread: Thread,
    ) -> bool {
        let slot = Arc::new(Mutex::new(None));
        state.slots.insert(key.clone(), Arc::clone(&slot));
        let expected = if work.refresh { state.expected.remove(&key) } else { None };
        drop(state);
        let flight = Flight { cache: self, key: &key, slot, thread };
        let request = Request { expected, ..Request::new(key.clone(), work.wants) };
        let (known, late) = self.fly(&flight, work, &request, None);
        flight.land(work.wants, &known);
        late
    }

    /// Hands what a flight found to those who wait for it.
    pub(super) fn deliver(&self, key: &IconKey, tickets: Vec<Ticket>, known: &Known) {
        for ticket in tickets {
            let job = self.state().jobs.waiting.get(&ticket).cloned();
            let Some((request, listener)) = job else { continue };
            let icon = self.finished(key, &request, known.clone());
            let cache = self.me.clone();
            (self.executor)(Box::new(move || {
                let Some(cache) = cache.upgrade() else { return };
                if !cache.state().requests.begin(ticket) {
                    return;
                }
                listener.deliver(icon);
                {
                    let mut state = cache.state();
                    state.requests.end(ticket);
                    state.jobs.waiting.remove(&ticket);
                }
                listener.ended(true);
            }));
        }
    }
}
