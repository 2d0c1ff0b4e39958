//! Who waits for which icon: single flight, priorities, cancellation (S10, S14). A pure state machine.
//!
//! A *flight* is the work for one key; a *ticket* is somebody who waits for it. The shell asks what to do next, does it
//! without any lock of this, and says that it is done. Threads are named by the caller (`O`).
//!
//! ```text
//! ticket:  queued ──▶ running ──▶ delivering ──▶ ended        cancelled in any state but the last: ended
//! flight:  queued ──▶ running ──▶ gone                        gone at once when its last ticket is cancelled;
//!          ▲─────────────┘                                    given up on: queued again where somebody waits, else gone
//! ```
//!
//! Invariants: at most one flight of a key runs; one that was cancelled while queued never runs; a ticket ends exactly
//! once; after a cancel, no delivery begins; a flight that never ends keeps back nobody but those who wait for its key.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use crate::key::IconKey;
use crate::picture::Variants;

/// How soon an icon is needed; the first goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Priority {
    /// It is on the screen.
    Visible,
    /// It is about to be: the next page, a drawer that is scrolling.
    Near,
    /// Nobody is looking.
    Background,
}

/// Who waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// A view that shows one icon at a time: a newer request supersedes the older.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ViewId(pub u64);

/// The work of a flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Work {
    /// What somebody waits for.
    pub wants: Variants,
    /// Whether what is known is stale, so that only the provider can help.
    pub refresh: bool,
}

impl Work {
    fn covers(self, other: Self) -> bool {
        self.wants.covers(other.wants) && (self.refresh || !other.refresh)
    }

    fn union(self, other: Self) -> Self {
        Self { wants: self.wants.union(other.wants), refresh: self.refresh || other.refresh }
    }
}

/// Whether a thread may do the work of a key itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// It may, and has to say when it is done.
    Yours(Work),
    /// Another thread is at it; wait and ask again.
    Wait,
    /// Waiting would be for itself, directly or through others: answer with what is known.
    Reentrant,
}

#[derive(Debug)]
struct Flight<O> {
    work: Work,
    priority: Priority,
    /// `None`: queued.
    owner: Option<O>,
    order: u64,
    /// Whether it is wanted though nobody waits: a refresh.
    unattended: bool,
    tickets: Vec<Ticket>,
    /// What came while it ran and it does not cover: the next flight.
    next: Option<Box<Next>>,
}

impl<O> Flight<O> {
    /// Begins. Who waits is shown what is known, however stale; the refresh comes after.
    fn start(&mut self, owner: O, waited_for: bool) -> Work {
        self.owner = Some(owner);
        if self.work.refresh && waited_for {
            let (work, priority) = (self.work, self.priority.max(Priority::Near));
            self.next = Some(Box::new(Next { work, priority, unattended: true, tickets: Vec::new() }));
            self.work.refresh = false;
        }
        self.work
    }
}

#[derive(Debug)]
struct Next {
    work: Work,
    priority: Priority,
    unattended: bool,
    tickets: Vec<Ticket>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Queued or running.
    Waiting,
    /// Handed to the delivery thread.
    Posted,
    /// The listener is being called.
    Delivering,
}

#[derive(Debug)]
struct Waiter {
    key: IconKey,
    view: Option<ViewId>,
    stage: Stage,
}

/// The machine.
#[derive(Debug)]
pub struct Requests<O> {
    flights: HashMap<IconKey, Flight<O>>,
    queue: BTreeMap<(Priority, u64), IconKey>,
    waiters: HashMap<Ticket, Waiter>,
    views: HashMap<ViewId, Ticket>,
    /// Which thread waits for which key.
    blocked: HashMap<O, IconKey>,
    next_ticket: u64,
    next_order: u64,
}

impl<O> Default for Requests<O> {
    fn default() -> Self {
        Self {
            flights: HashMap::new(),
            queue: BTreeMap::new(),
            waiters: HashMap::new(),
            views: HashMap::new(),
            blocked: HashMap::new(),
            next_ticket: 0,
            next_order: 0,
        }
    }
}

impl<O: Copy + Eq + Hash> Requests<O> {
    /// Someone wants an icon. The ticket that is superseded, if any, has to be ended by the caller.
    pub fn submit(
        &mut self,
        key: &IconKey,
        wants: Variants,
        priority: Priority,
        view: Option<ViewId>,
    ) -> (Ticket, Option<Ticket>) {
        self.next_ticket += 1;
        let ticket = Ticket(self.next_ticket);
        let older = view.and_then(|view| self.views.insert(view, ticket));
        let superseded = older.filter(|older| self.cancel(*older));
        self.waiters.insert(ticket, Waiter { key: key.clone(), view, stage: Stage::Waiting });
        self.add(key, Work { wants, refresh: false }, priority, Some(ticket));
        (ticket, superseded)
    }

    /// What is known of a key is stale: it is drawn again when there is time. Whether that is news.
    pub fn refresh(&mut self, key: &IconKey, wants: Variants, priority: Priority) -> bool {
        let work = Work { wants, refresh: true };
        let covered = self.flights.get(key).is_some_and(|flight| flight.work.covers(work));
        self.add(key, work, priority, None);
        !covered
    }

    fn add(&mut self, key: &IconKey, work: Work, priority: Priority, ticket: Option<Ticket>) {
        let Some(flight) = self.flights.get_mut(key) else {
            let tickets: Vec<Ticket> = ticket.into_iter().collect();
            return self
                .enqueue(key.clone(), Next { work, priority, unattended: tickets.is_empty(), tickets });
        };
        if flight.owner.is_none() {
            flight.work = flight.work.union(work);
            flight.unattended |= ticket.is_none();
            flight.tickets.extend(ticket);
            if priority < flight.priority {
                self.queue.remove(&(flight.priority, flight.order));
                flight.priority = priority;
                self.queue.insert((priority, flight.order), key.clone());
            }
        } else if flight.work.covers(work) {
            flight.tickets.extend(ticket);
        } else {
            let next = flight.next.get_or_insert_with(|| {
                Box::new(Next { work, priority, unattended: false, tickets: Vec::new() })
            });
            next.work = next.work.union(work);
            next.priority = next.priority.min(priority);
            next.unattended |= ticket.is_none();
            next.tickets.extend(ticket);
        }
    }

    fn enqueue(&mut self, key: IconKey, next: Next) {
        self.next_order += 1;
        let Next { work, priority, unattended, tickets } = next;
        let order = self.next_order;
        self.queue.insert((priority, order), key.clone());
        self.flights
            .insert(key, Flight { work, priority, owner: None, order, unattended, tickets, next: None });
    }

    /// The next flight, now run by this thread; of the highest priority, the oldest of them.
    pub fn next(&mut self, owner: O) -> Option<(IconKey, Work)> {
        let (_, key) = self.queue.pop_first()?;
        let flight = self.flights.get_mut(&key)?;
        let waited_for = !flight.tickets.is_empty();
        let work = flight.start(owner, waited_for);
        Some((key, work))
    }

    /// A thread wants to do the work of a key itself, at once. A queued flight becomes its own.
    pub fn claim(&mut self, key: &IconKey, wants: Variants, owner: O) -> Claim {
        let work = Work { wants, refresh: false };
        let circular = self.would_wait_for_itself(key, owner);
        match self.flights.get_mut(key) {
            None => {
                self.next_order += 1;
                let (order, tickets) = (self.next_order, Vec::new());
                let flight = Flight {
                    work,
                    priority: Priority::Visible,
                    owner: Some(owner),
                    order,
                    unattended: true,
                    tickets,
                    next: None,
                };
                self.flights.insert(key.clone(), flight);
                Claim::Yours(work)
            }
            Some(flight) if flight.owner.is_none() => {
                self.queue.remove(&(flight.priority, flight.order));
                flight.work = flight.work.union(work);
                Claim::Yours(flight.start(owner, true))
            }
            Some(_) if circular => Claim::Reentrant,
            Some(_) => {
                self.blocked.insert(owner, key.clone());
                Claim::Wait
            }
        }
    }

    /// Follows who waits for whom.
    fn would_wait_for_itself(&self, key: &IconKey, owner: O) -> bool {
        let mut key = key;
        // Each step leads to another blocked thread, so there are no more steps than these.
        for _ in 0..=self.blocked.len() {
            let Some(other) = self.flights.get(key).and_then(|flight| flight.owner) else { return false };
            if other == owner {
                return true;
            }
            match self.blocked.get(&other) {
                Some(next) => key = next,
                None => return false,
            }
        }
        true
    }

    /// A thread stopped waiting.
    pub fn unblock(&mut self, owner: O) {
        self.blocked.remove(&owner);
    }

    /// Whether a flight of the key is running.
    pub fn is_running(&self, key: &IconKey) -> bool {
        self.flights.get(key).is_some_and(|flight| flight.owner.is_some())
    }

    /// The work of a key is done. Who is to be told now; each has to be delivered or ended.
    pub fn finish(&mut self, key: &IconKey) -> Vec<Ticket> {
        let Some(flight) = self.flights.remove(key) else { return Vec::new() };
        if let Some(next) = flight.next.filter(|next| next.unattended || !next.tickets.is_empty()) {
            self.enqueue(key.clone(), *next);
        }
        for ticket in &flight.tickets {
            if let Some(waiter) = self.waiters.get_mut(ticket) {
                waiter.stage = Stage::Posted;
            }
        }
        flight.tickets
    }

    /// The work of a key was given up on. Who waits for it is queued in its old place, to be told what is known.
    pub fn abandon(&mut self, key: &IconKey) {
        let Some(flight) = self.flights.remove(key) else { return };
        let Flight { work, priority, order, mut tickets, next, .. } = flight;
        let mut ahead = (priority, work.wants);
        if let Some(next) = next {
            ahead = (priority.min(next.priority), work.wants.union(next.work.wants));
            tickets.extend(next.tickets);
        }
        if tickets.is_empty() {
            return;
        }
        let (priority, wants) = ahead;
        let work = Work { wants, refresh: false };
        self.queue.insert((priority, order), key.clone());
        let queued = Flight { work, priority, owner: None, order, unattended: false, tickets, next: None };
        self.flights.insert(key.clone(), queued);
    }

    /// On the delivery thread: whether the ticket may be delivered now. If so, [`Requests::end`] follows.
    pub fn begin(&mut self, ticket: Ticket) -> bool {
        match self.waiters.get_mut(&ticket) {
            Some(waiter) if waiter.stage == Stage::Posted => {
                waiter.stage = Stage::Delivering;
                true
            }
            _ => false,
        }
    }

    /// The delivery is over. Whether the ticket ended by this.
    pub fn end(&mut self, ticket: Ticket) -> bool {
        let Some(waiter) = self.waiters.remove(&ticket) else { return false };
        self.forget_view(ticket, waiter.view);
        true
    }

    /// Takes a ticket back. Whether it ended by this: not when it has ended, nor while its listener is being called.
    pub fn cancel(&mut self, ticket: Ticket) -> bool {
        match self.waiters.get(&ticket) {
            None => return false,
            Some(waiter) if waiter.stage == Stage::Delivering => return false,
            Some(_) => {}
        }
        let Some(waiter) = self.waiters.remove(&ticket) else { return false };
        self.forget_view(ticket, waiter.view);
        if let Some(flight) = self.flights.get_mut(&waiter.key) {
            flight.tickets.retain(|other| *other != ticket);
            if let Some(next) = &mut flight.next {
                next.tickets.retain(|other| *other != ticket);
            }
            if flight.owner.is_none() && flight.tickets.is_empty() && !flight.unattended {
                self.queue.remove(&(flight.priority, flight.order));
                self.flights.remove(&waiter.key);
            }
        }
        true
    }

    fn forget_view(&mut self, ticket: Ticket, view: Option<ViewId>) {
        if let Some(view) = view.filter(|view| self.views.get(view) == Some(&ticket)) {
            self.views.remove(&view);
        }
    }

    /// A page came into sight or left it.
    pub fn reprioritise(&mut self, ticket: Ticket, priority: Priority) {
        let Some(key) = self.waiters.get(&ticket).map(|waiter| &waiter.key) else { return };
        let Some(flight) = self.flights.get_mut(key).filter(|flight| flight.owner.is_none()) else { return };
        self.queue.remove(&(flight.priority, flight.order));
        flight.priority = priority;
        self.queue.insert((priority, flight.order), key.clone());
    }

    /// Drops queued refreshes that nobody waits for: a new session looks at everything anyway.
    pub fn drop_refreshes(&mut self) {
        let idle = |flight: &Flight<O>| flight.owner.is_none() && flight.tickets.is_empty();
        for (key, flight) in &self.flights {
            if idle(flight) {
                debug_assert_eq!(self.queue.get(&(flight.priority, flight.order)), Some(key));
                self.queue.remove(&(flight.priority, flight.order));
            }
        }
        self.flights.retain(|_, flight| !idle(flight));
    }

    /// How many have not been told yet: while above 0, the worker's thread deserves a foreground priority.
    pub fn waiting(&self) -> usize {
        self.waiters.len()
    }

    /// Flights that wait for a thread.
    pub fn queued(&self) -> usize {
        self.queue.len()
    }
}

#[cfg(test)]
mod tests;
