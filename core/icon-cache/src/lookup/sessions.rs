//! Update sessions on the cache: the shell over [`Plan`].

use std::sync::Arc;

use super::IconCache;
use super::answer::Request;
use super::calls::Thread;
use super::known::Known;
use super::requests::{Claim, Work};
use super::resolve::{Flight, Remember};
use super::sync::{Mutex, thread};
use crate::key::{IconKey, PackageOf, ProfileSerial};
use crate::picture::Variants;
use crate::session::{Deletions, Named, Notice, Plan, Reason, Task};
use crate::store::Write;
use crate::validity::Tokens;

/// An update session. Dropped or overtaken by a newer one, it deletes nothing.
#[derive(Debug)]
pub struct Session {
    cache: Arc<IconCache>,
    number: u64,
}

/// What a step did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// An icon was looked after; there may be more. What is to be reported, if anything.
    Step(Option<Notice>),
    /// Nothing is left to do, or the session was overtaken.
    Idle,
}

impl IconCache {
    /// Begins a session; an older one does nothing any more.
    pub fn begin_session(self: &Arc<Self>) -> Session {
        let rows = self.shelf().scan().unwrap_or_default();
        let mut state = self.state();
        let profiles = (!state.profiles.is_empty()).then(|| state.profiles.keys().copied().collect());
        state.session_number += 1;
        let mut plan = Plan::new(rows, profiles);
        if let Some(older) = state.session.take() {
            plan.overtake(older);
        }
        state.session = Some(plan);
        state.requests.drop_refreshes();
        state.expected.clear();
        let number = state.session_number;
        drop(state);
        Session { cache: Arc::clone(self), number }
    }
}

impl Session {
    fn plan<T>(&self, work: impl FnOnce(&mut Plan) -> T) -> Option<T> {
        let mut state = self.cache.state();
        let current = state.session_number == self.number;
        state.session.as_mut().filter(|_| current).map(work)
    }

    /// See [`Plan::spare`].
    pub fn spare(&self, package: PackageOf) {
        self.plan(|plan| plan.spare(package));
    }

    /// See [`Plan::app`].
    pub fn app(&self, package: PackageOf, tokens: Tokens) {
        self.plan(|plan| plan.app(package, tokens));
    }

    /// See [`Plan::listed`].
    pub fn listed(&self, profile: ProfileSerial) {
        self.plan(|plan| plan.listed(profile));
    }

    /// See [`Plan::pass`].
    pub fn pass(&self, items: Vec<Named>) {
        self.plan(|plan| plan.pass(items));
    }

    /// How many icons wait.
    pub fn waiting(&self) -> usize {
        self.plan(|plan| plan.waiting()).unwrap_or(0)
    }

    /// Looks after one icon on this thread. Urgent requests and events come between steps.
    pub fn step(&self) -> Progress {
        let owed = || self.plan(Plan::next_owed).flatten().map(|notice| Progress::Step(Some(notice)));
        if let Some(report) = owed() {
            return report;
        }
        let Some(task) = self.plan(Plan::next_task).flatten() else {
            return owed().unwrap_or(Progress::Idle);
        };
        let drawn = self.draw(&task);
        let mut state = self.cache.state();
        let is_overtaken = state.session_number != self.number;
        let Some(plan) = state.session.as_mut() else { return Progress::Step(None) };
        if !is_overtaken {
            return Progress::Step(plan.done(&task, drawn));
        }
        if drawn && task.reason == Reason::Refresh {
            plan.owe(task.key.profile, task.key.component.package().to_owned());
        }
        Progress::Step(None)
    }

    /// Draws what of a key differs from its tokens. Whether it is new now.
    fn draw(&self, task: &Task) -> bool {
        let Some(tokens) = self.plan(|plan| plan.tokens(&task.key)) else { return false };
        let request =
            Request { expected: tokens, skip_memory: true, ..Request::new(task.key.clone(), Variants::ICON) };
        self.cache.draw_for_session(&task.key, &request)
    }

    /// Ends the session: deletes what it meant, writes what waits. A second call does nothing.
    pub fn finish(&self) -> Deletions {
        let Some(deletions) = self.plan(Plan::finish) else { return Deletions::default() };
        if !deletions.keys.is_empty() {
            let mut state = self.cache.state();
            for key in &deletions.keys {
                state.memory.remove(key);
            }
        }
        let mut writes: Vec<Write> = deletions.keys.iter().cloned().map(Write::Delete).collect();
        writes.extend(deletions.keep_profiles.clone().map(Write::KeepProfiles));
        let mut shelf = self.cache.shelf();
        shelf.store.recover();
        shelf.now(writes);
        deletions
    }
}

impl IconCache {
    /// One icon of a session. If another thread is drawing it, that counts.
    fn draw_for_session(&self, key: &IconKey, request: &Request) -> bool {
        let me = thread::current().id();
        let slot = Arc::new(Mutex::new(None));
        let work = {
            let mut state = self.state();
            if !state.backoff.may_try(key, self.now()) {
                return false;
            }
            match state.requests.claim(key, request.wants, me) {
                Claim::Yours(work) => {
                    state.slots.insert(key.clone(), Arc::clone(&slot));
                    work
                }
                Claim::Wait => {
                    state.requests.unblock(me);
                    return false;
                }
                Claim::Reentrant => return false,
            }
        };
        let flight = Flight { cache: self, key, slot, thread: Thread::Callers };
        let (known, drawn) = self.draw_stale(&flight, request, work);
        flight.land(work.wants, &known);
        drawn
    }

    fn draw_stale<'a>(&'a self, flight: &Flight<'a>, request: &Request, work: Work) -> (Known, bool) {
        let all = Request { wants: Variants::ALL, ..request.clone() };
        let (mut known, _) = self.without_provider(flight.key, &all, Remember::Replacing, None);
        known.compare(request.expected.as_ref());
        let Some(want) = known.want(work.wants) else { return (known, false) };
        let drawn = self.redraw(flight, &mut known, want);
        (known, drawn)
    }
}
