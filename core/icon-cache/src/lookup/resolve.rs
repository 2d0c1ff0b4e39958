//! One look-up, step by step.

use std::sync::{Arc, PoisonError};

use super::answer::{Icon, Kind, Request, Tier, Undrawn};
use super::calls::Thread;
use super::epochs::Stamp;
use super::hanging::Heard;
use super::known::Known;
use super::merge::{Merged, merge};
use super::requests::{Claim, Priority, Work};
use super::sync::{Mutex, thread};
use super::{IconCache, Slot, State};
use crate::key::IconKey;
use crate::memory::Change;
use crate::picture::Variants;
use crate::store::Found;

/// What of a result stays in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remember {
    /// All of it.
    All,
    /// All of it where the key is in memory already (S2h).
    IfKnown,
    /// What replaces something: an update session does not make entries grow (K14).
    Replacing,
}

impl Remember {
    fn of(request: &Request) -> Self {
        if request.skip_memory { Self::IfKnown } else { Self::All }
    }

    /// What of a change goes to memory.
    fn filter(self, state: &mut State, key: &IconKey, mut change: Change) -> Change {
        let wants =
            change.pictures.iter().fold(Variants::COLOUR, |wants, (variant, ..)| wants.with(*variant));
        match (self, state.memory.get(key, wants)) {
            (Self::All, _) | (Self::IfKnown, Some(_)) => change,
            (Self::IfKnown | Self::Replacing, None) => Change::default(),
            (Self::Replacing, Some(held)) => {
                change.pictures.retain(|(variant, ..)| !held.missing.has(*variant));
                change
            }
        }
    }
}

/// What the store was asked for ahead, in one go with others.
pub(super) type Prefetched = (Found, Stamp);

impl IconCache {
    /// Answers a request; `prefetched` is what the store knows of it, where it was asked already.
    pub(super) fn answer(&self, request: &Request, prefetched: Option<Prefetched>) -> Icon {
        let Some(key) = &request.key else {
            return Icon { kind: Kind::Default, ..Icon::blank() };
        };
        let known = self.known(key, request, prefetched);
        self.finished(key, request, known)
    }

    /// Turns what is known into the answer; falls back to the package's entry.
    pub(super) fn finished(&self, key: &IconKey, request: &Request, known: Known) -> Icon {
        let profile = self.state().profiles.get(&key.profile).copied();
        let mut icon = known.icon(request, profile);
        if request.use_package
            && !key.component.is_package()
            && matches!(icon.kind, Kind::Blank | Kind::Default)
        {
            let of_package = Request { key: Some(key.package_key()), use_package: false, ..request.clone() };
            let package = self.answer(&Request { expected: None, ..of_package }, None);
            if matches!(package.kind, Kind::Icon | Kind::Colour) {
                // A title that is known is not given up for the package's, even if that is empty.
                let label = if icon.label.is_empty() { package.label.clone() } else { icon.label };
                let undrawn = icon.undrawn.or(package.undrawn);
                icon = Icon { label, tier: Tier::Package, undrawn, ..package };
            }
        }
        self.counters.answered(icon.tier, icon.label_stale || icon.pixels_stale);
        icon
    }

    /// What is known of a key in the end. Does the work itself, waits for a thread that is at it, or takes what there is.
    pub(super) fn known(
        &self,
        key: &IconKey,
        request: &Request,
        mut prefetched: Option<Prefetched>,
    ) -> Known {
        let me = thread::current().id();
        loop {
            let mut state = self.state();
            if let Some(known) = self.memory_hit(&mut state, key, request) {
                return known;
            }
            match state.requests.claim(key, request.wants, me) {
                Claim::Yours(work) => {
                    let slot = Arc::new(Mutex::new(None));
                    state.slots.insert(key.clone(), Arc::clone(&slot));
                    drop(state);
                    let flight = Flight { cache: self, key, slot, thread: Thread::Callers };
                    let (known, _) = self.fly(&flight, work, request, prefetched.take());
                    flight.land(work.wants.union(request.wants), &known);
                    return known;
                }
                Claim::Reentrant => {
                    // The icon is being drawn further up this very stack, or by somebody who waits for us.
                    drop(state);
                    return self.without_provider(key, request, Remember::of(request), prefetched.take()).0;
                }
                Claim::Wait => {
                    let slot = state.slots.get(key).cloned();
                    while state.requests.is_running(key) && slot_is_current(&state, key, slot.as_ref()) {
                        state = self.news.wait(state).unwrap_or_else(PoisonError::into_inner);
                    }
                    state.requests.unblock(me);
                    drop(state);
                    let found =
                        slot.and_then(|slot| slot.lock().unwrap_or_else(PoisonError::into_inner).clone());
                    // A flight that was after less than this is no answer: look again.
                    if let Some((_, known)) = found.filter(|(wants, _)| wants.covers(request.wants)) {
                        return known;
                    }
                }
            }
        }
    }

    /// A memory hit: no store, no provider. What is stale is shown, and drawn again when there is time.
    pub(super) fn memory_hit(&self, state: &mut State, key: &IconKey, request: &Request) -> Option<Known> {
        if key.component.is_package()
            && let Some(install) = state.installs.get(&key.package())
        {
            return Some(install.known());
        }
        let mut known = Known::of_memory(state.memory.get(key, request.wants)?);
        if !known.answers(request.wants) {
            return None;
        }
        self.note_stale(state, key, request, &mut known);
        Some(known)
    }

    /// Compares with the tokens that hold now, and queues a refresh of what is stale.
    pub(super) fn note_stale(&self, state: &mut State, key: &IconKey, request: &Request, known: &mut Known) {
        if known.compare(request.expected.as_ref()) && !request.skip_memory {
            let marked = known.pictures.to_vec();
            state.memory.put(key, Change { label: Some(known.label.clone()), pictures: marked });
        }
        if known.is_stale(request.wants)
            && state.backoff.may_try(key, self.now())
            && !state.calls.hangs(key)
            && state.requests.refresh(key, request.wants, Priority::Near)
        {
            if let Some(expected) = &request.expected {
                state.expected.insert(key.clone(), expected.clone());
            }
            self.news.notify_all();
        }
    }

    /// What memory and store know.
    pub(super) fn without_provider(
        &self,
        key: &IconKey,
        request: &Request,
        remember: Remember,
        prefetched: Option<Prefetched>,
    ) -> (Known, Stamp) {
        let stamp = self.state().epochs.stamp();
        let held = self.state().memory.get(key, request.wants);
        let mut known = held.map(Known::of_memory).unwrap_or_default();
        if known.answers(request.wants) {
            let shelf_stamp = self.shelf().epochs.stamp();
            return (known, shelf_stamp);
        }
        let (found, shelf_stamp) = match prefetched {
            Some(prefetched) => prefetched,
            None => self.shelf().read(key, known.missing(request.wants)),
        };
        // Unpacking runs without a lock.
        let change = known.add_found(found);
        let mut state = self.state();
        let change = remember.filter(&mut state, key, change);
        let since = state.epochs.since(key, stamp);
        if change != Change::default() && !since.gone {
            state.memory.put(key, aged(change, since));
        }
        (known, shelf_stamp)
    }

    /// The work of a flight. What is known after it, and whether it was given up on before.
    pub(super) fn fly<'a>(
        &'a self,
        flight: &Flight<'a>,
        work: Work,
        request: &Request,
        prefetched: Option<Prefetched>,
    ) -> (Known, bool) {
        let key = flight.key;
        let wants = work.wants.union(request.wants);
        // A refresh looks at everything that is stored of the key: what is stale is drawn, and nothing else.
        let read = if work.refresh { Variants::ALL } else { wants };
        let wider = Request { wants: read, ..request.clone() };
        let prefetched = prefetched.filter(|_| wider.wants == request.wants);
        let stamp = self.state().epochs.stamp();
        let (mut known, shelf_stamp) = self.without_provider(key, &wider, Remember::of(request), prefetched);
        if known.answers(wants) && !work.refresh {
            self.note_stale(&mut self.state(), key, &wider, &mut known);
            return (known, false);
        }
        if work.refresh {
            known.compare(request.expected.as_ref());
        }
        let Some(want) = known.want(wants) else { return (known, false) };
        {
            let state = self.state();
            known.default = state.backoff.had_default(key);
            known.undrawn = state.calls.hangs(key).then_some(Undrawn::Hangs);
            if known.undrawn.is_some() || !state.backoff.may_try(key, self.now()) {
                return (known, false);
            }
        }
        let Heard { answer, call } = match self.ask(flight, want, work.refresh) {
            Ok(heard) => heard,
            Err(undrawn) => {
                known.undrawn = Some(undrawn);
                return (known, false);
            }
        };
        let merged = merge(key, &known.label, known.sides(), answer.unwrap_or_default());
        let complete = merged.satisfies(want);
        known.default = merged.default;
        self.learn(key, Remember::of(request), merged, complete, (stamp, shelf_stamp), &mut known);
        (known, call.end())
    }

    /// Takes over what a provider said.
    fn learn(
        &self,
        key: &IconKey,
        remember: Remember,
        merged: Merged,
        complete: bool,
        (stamp, shelf_stamp): (Stamp, Stamp),
        known: &mut Known,
    ) {
        let Merged { change, writes, default, .. } = merged;
        known.apply(&change);
        {
            let mut state = self.state();
            let now = self.now();
            if complete {
                state.backoff.succeeded(key);
            } else {
                state.backoff.failed(key, now, default);
            }
            let since = state.epochs.since(key, stamp);
            let change = remember.filter(&mut state, key, change);
            if change != Change::default() && !since.gone {
                state.memory.put(key, aged(change, since));
            }
            if let Some(session) = &mut state.session {
                session.touched(key);
            }
        }
        if !writes.is_empty() {
            self.shelf().put(key, writes, shelf_stamp);
        }
    }

    /// Draws a key for an update session. Whether all that was wanted came.
    pub(super) fn redraw<'a>(&'a self, flight: &Flight<'a>, known: &mut Known, want: super::Want) -> bool {
        let key = flight.key;
        let (stamp, shelf_stamp) = (self.state().epochs.stamp(), self.shelf().epochs.stamp());
        let Ok(Heard { answer, call }) = self.ask(flight, want, true) else { return false };
        let merged = merge(key, &known.label, known.sides(), answer.unwrap_or_default());
        let complete = merged.satisfies(want);
        self.learn(key, Remember::Replacing, merged, complete, (stamp, shelf_stamp), known);
        call.end();
        complete
    }
}

/// Marks what became stale while it was on its way.
fn aged(mut change: Change, since: super::epochs::Since) -> Change {
    change.label.iter_mut().for_each(|label| label.stale |= since.label_stale);
    change.pictures.iter_mut().for_each(|(_, note, _)| note.stale |= since.pixels_stale);
    change
}

/// Whether the flight that was running when the wait began still is.
fn slot_is_current(state: &State, key: &IconKey, slot: Option<&Slot>) -> bool {
    match (state.slots.get(key), slot) {
        (Some(now), Some(then)) => Arc::ptr_eq(now, then),
        _ => false,
    }
}

/// A flight that ends however its work ends, a panic of the provider included; one that was given up on has ended already.
pub(super) struct Flight<'a> {
    pub(super) cache: &'a IconCache,
    pub(super) key: &'a IconKey,
    pub(super) slot: Slot,
    pub(super) thread: Thread,
}

impl Flight<'_> {
    /// Leaves what was found for those who wait.
    pub(super) fn land(&self, wants: Variants, known: &Known) {
        *self.slot.lock().unwrap_or_else(PoisonError::into_inner) = Some((wants, known.clone()));
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        let tickets = {
            let mut state = self.cache.state();
            if !slot_is_current(&state, self.key, Some(&self.slot)) {
                return;
            }
            state.slots.remove(self.key);
            state.requests.finish(self.key)
        };
        self.cache.news.notify_all();
        let found = self.slot.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self.cache.deliver(self.key, tickets, &found.map(|(_, known)| known).unwrap_or_default());
    }
}
