//! S10, S14 without threads: every interleaving of small scripts over the pure machine, and the cache driven by hand.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use ferrule_icon_cache::key::IconKey;
use ferrule_icon_cache::lookup::Request;
use ferrule_icon_cache::lookup::requests::{Claim, Priority, Requests, Ticket, ViewId};
use ferrule_icon_cache::picture::Variants;

use crate::kit::{App, Told, World, key};

/// What an actor does next. Each actor is a thread with a script; the test runs all orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    /// Asks for key n; remembers the ticket under the actor's number.
    Submit(usize, Priority),
    /// The same for a view that all actors share.
    View(usize),
    /// Takes back what actor n asked for.
    Cancel(usize),
    /// A worker takes work; later it ends it.
    Take,
    End,
    /// A thread does the work of key n itself.
    Claim(usize),
    Unclaim,
    /// The delivery thread begins and ends all that was posted.
    Deliver,
    Refresh(usize),
    /// What actor n runs is given up on; it ends it later all the same.
    GiveUp(usize),
}

/// A replay of one order, checked after each step.
#[derive(Default)]
struct Run {
    machine: Requests<usize>,
    tickets: BTreeMap<usize, Ticket>,
    /// Who runs what.
    running: BTreeMap<usize, IconKey>,
    started: HashSet<IconKey>,
    /// Who is at work on what was given up on.
    lost: HashSet<usize>,
    posted: Vec<Ticket>,
    ended: BTreeMap<Ticket, u32>,
    cancelled: HashSet<Ticket>,
    submitted: Vec<Ticket>,
}

fn name(number: usize) -> IconKey {
    key(&format!("com.a{number}/.M"))
}

impl Run {
    fn ends(&mut self, ticket: Ticket) {
        *self.ended.entry(ticket).or_default() += 1;
        assert_eq!(self.ended[&ticket], 1, "{ticket:?} ends once");
    }

    /// Whether the actor can do this now.
    fn step(&mut self, actor: usize, step: Step) -> bool {
        match step {
            Step::Submit(number, priority) => {
                let (ticket, superseded) = self.machine.submit(&name(number), Variants::ICON, priority, None);
                assert_eq!(superseded, None);
                self.tickets.insert(actor, ticket);
                self.submitted.push(ticket);
            }
            Step::View(number) => {
                let (ticket, superseded) =
                    self.machine.submit(&name(number), Variants::ICON, Priority::Visible, Some(ViewId(1)));
                if let Some(older) = superseded {
                    self.cancelled.insert(older);
                    self.ends(older);
                }
                self.tickets.insert(actor, ticket);
                self.submitted.push(ticket);
            }
            Step::Cancel(other) => {
                let Some(ticket) = self.tickets.get(&other).copied() else { return false };
                if self.machine.cancel(ticket) {
                    self.cancelled.insert(ticket);
                    self.ends(ticket);
                }
                assert!(!self.machine.cancel(ticket), "a second time changes nothing");
            }
            Step::Take => match self.machine.next(actor) {
                Some((key, _)) => self.starts(actor, key),
                None => return false,
            },
            Step::Claim(number) => match self.machine.claim(&name(number), Variants::ICON, actor) {
                Claim::Yours(_) => self.starts(actor, name(number)),
                Claim::Wait => {
                    assert!(self.running.values().any(|key| *key == name(number)));
                    self.machine.unblock(actor);
                    return false;
                }
                Claim::Reentrant => panic!("nobody waits for itself here"),
            },
            Step::GiveUp(other) => match self.running.remove(&other) {
                Some(key) => {
                    self.machine.abandon(&key);
                    self.lost.insert(other);
                }
                None => return false,
            },
            // Nobody hears of it any more.
            Step::End | Step::Unclaim if self.lost.remove(&actor) => {}
            Step::End | Step::Unclaim => match self.running.remove(&actor) {
                Some(key) => self.posted.extend(self.machine.finish(&key)),
                None => return false,
            },
            Step::Deliver => {
                for ticket in std::mem::take(&mut self.posted) {
                    if self.machine.begin(ticket) {
                        assert!(!self.cancelled.contains(&ticket), "no delivery after a cancel");
                        assert!(!self.machine.cancel(ticket), "it is being told");
                        assert!(self.machine.end(ticket));
                        self.ends(ticket);
                    }
                }
            }
            Step::Refresh(number) => {
                self.machine.refresh(&name(number), Variants::ICON, Priority::Near);
            }
        }
        true
    }

    fn starts(&mut self, actor: usize, key: IconKey) {
        assert!(self.running.values().all(|other| *other != key), "one flight a key");
        self.started.insert(key.clone());
        self.running.insert(actor, key);
    }

    /// Lets everything come to its end and looks at the whole.
    fn settle(mut self) -> Self {
        for actor in self.running.keys().copied().collect::<Vec<_>>() {
            self.step(actor, Step::End);
        }
        while self.step(99, Step::Take) {
            self.step(99, Step::End);
        }
        self.step(99, Step::Deliver);
        for ticket in &self.submitted {
            assert_eq!(self.ended.get(ticket), Some(&1), "{ticket:?} ended");
        }
        assert_eq!((self.machine.waiting(), self.machine.queued()), (0, 0));
        self
    }
}

/// Every order of the scripts' steps. A step that is not possible yet is tried later.
fn all_orders(scripts: &[&[Step]], check: &dyn Fn(&Run)) -> usize {
    fn go(scripts: &[&[Step]], done: &mut Vec<usize>, order: &mut Vec<usize>, check: &dyn Fn(&Run)) -> usize {
        let mut run = Run::default();
        let mut at = vec![0; scripts.len()];
        for actor in order.iter() {
            let possible = run.step(*actor, scripts[*actor][at[*actor]]);
            at[*actor] += 1;
            if !possible {
                return 0;
            }
        }
        if done.iter().zip(scripts).all(|(done, script)| *done == script.len()) {
            check(&run.settle());
            return 1;
        }
        let mut orders = 0;
        for actor in 0..scripts.len() {
            if done[actor] < scripts[actor].len() {
                done[actor] += 1;
                order.push(actor);
                orders += go(scripts, done, order, check);
                order.pop();
                done[actor] -= 1;
            }
        }
        orders
    }
    go(scripts, &mut vec![0; scripts.len()], &mut Vec::new(), check)
}

use Step::{Cancel, Deliver, End, GiveUp, Refresh, Submit, Take, Unclaim, View};

#[test]
fn every_order_of_small_scripts_keeps_the_invariants() {
    let visible = Priority::Visible;
    let scripts: [&[&[Step]]; 9] = [
        &[
            &[Submit(1, visible), Cancel(0)],
            &[Submit(1, Priority::Near)],
            &[Take, End, Deliver],
            &[Take, End],
        ],
        &[&[View(1), View(2)], &[View(1)], &[Take, End, Take, End], &[Deliver, Deliver]],
        &[&[Submit(1, visible)], &[Step::Claim(1), Unclaim], &[Take, End], &[Cancel(0)], &[Deliver]],
        &[&[Refresh(1), Submit(1, visible)], &[Take, End], &[Take, End], &[Cancel(0), Deliver]],
        &[&[Submit(1, visible)], &[Submit(2, visible)], &[Take, End], &[Take, End], &[Cancel(0), Cancel(1)]],
        &[
            &[Step::Claim(1), Unclaim],
            &[Step::Claim(1), Unclaim],
            &[Submit(1, visible), Cancel(2)],
            &[Take, End],
        ],
        &[&[Submit(1, visible), Cancel(0)], &[Take, End], &[Take, End, Deliver], &[GiveUp(1), GiveUp(2)]],
        &[&[Step::Claim(1), Unclaim], &[Submit(1, visible), Submit(1, visible)], &[Take, End], &[GiveUp(0)]],
        &[&[Refresh(1), Submit(1, visible)], &[Take, End, Deliver], &[Take, End], &[GiveUp(1)]],
    ];
    let orders: Vec<usize> = scripts.iter().map(|scripts| all_orders(scripts, &|_| {})).collect();
    println!("orders run through: {orders:?}");
    assert!(orders.iter().all(|orders| *orders > 20), "{orders:?}");
}

#[test]
fn what_was_cancelled_while_queued_never_starts() {
    let scripts: [&[Step]; 2] = [&[Submit(1, Priority::Visible), Cancel(0)], &[Submit(2, Priority::Visible)]];
    let orders = all_orders(&scripts, &|run| {
        assert!(!run.started.contains(&name(1)) && run.started.contains(&name(2)));
    });
    assert_eq!(orders, 3);
}

#[test]
fn the_urgent_goes_first_and_the_older_of_equals() {
    let mut machine = Requests::<usize>::default();
    for (number, priority) in [
        (1, Priority::Background),
        (2, Priority::Near),
        (3, Priority::Visible),
        (4, Priority::Near),
        (5, Priority::Visible),
    ] {
        machine.submit(&name(number), Variants::ICON, priority, None);
    }
    let (near, _) = machine.submit(&name(6), Variants::ICON, Priority::Background, None);
    machine.reprioritise(near, Priority::Visible);
    machine.submit(&name(1), Variants::ICON, Priority::Visible, None);
    let order: Vec<IconKey> = std::iter::from_fn(|| machine.next(0).map(|(key, _)| key)).collect();
    assert_eq!(order, [1, 3, 5, 6, 2, 4].map(name));
}

#[test]
fn threads_that_would_wait_for_each_other_do_not() {
    let mut machine = Requests::<usize>::default();
    let claim =
        |machine: &mut Requests<usize>, number, actor| machine.claim(&name(number), Variants::ICON, actor);
    assert!(matches!(claim(&mut machine, 1, 1), Claim::Yours(_)));
    assert!(matches!(claim(&mut machine, 2, 2), Claim::Yours(_)));
    assert!(matches!(claim(&mut machine, 3, 3), Claim::Yours(_)));
    assert_eq!(claim(&mut machine, 2, 1), Claim::Wait);
    assert_eq!(claim(&mut machine, 3, 2), Claim::Wait);
    assert_eq!(claim(&mut machine, 1, 3), Claim::Reentrant);
    assert_eq!(claim(&mut machine, 1, 4), Claim::Wait, "who is no part of it waits");
    assert_eq!(claim(&mut machine, 3, 3), Claim::Reentrant);
}

fn asked(world: &World, name: &str, view: Option<ViewId>) -> (Arc<Told>, ferrule_icon_cache::lookup::Handle) {
    let told = Arc::new(Told::default());
    let request = Request::new(key(name), Variants::ICON);
    let handle = world.cache.request(request, Priority::Visible, view, Arc::clone(&told) as _);
    (told, handle)
}

#[test]
fn cancelling_while_queued_never_starts_the_work() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 1));
    let (told, handle) = asked(&world, "com.a/.M", None);
    handle.cancel();
    handle.cancel();
    assert_eq!((world.work(), world.platform.count()), (0, 0));
    world.main.run();
    assert_eq!(told.all(), ["ended false"]);
}

#[test]
fn cancelling_before_the_delivery_keeps_the_work_and_tells_nobody() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 1));
    let (told, handle) = asked(&world, "com.a/.M", None);
    world.work();
    handle.cancel();
    world.main.run();
    assert_eq!(told.all(), ["ended false"]);
    assert!(world.cache.peek(&Request::new(key("com.a/.M"), Variants::ICON)).is_some());
}

#[test]
fn cancelling_after_the_delivery_changes_nothing() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 1));
    let (told, handle) = asked(&world, "com.a/.M", None);
    world.work();
    world.main.run();
    handle.cancel();
    world.main.run();
    assert_eq!(told.all(), ["Icon Main", "ended true"]);
}

#[test]
fn a_newer_request_of_a_view_takes_the_older_back() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("A", 1));
    world.platform.set("com.b/.M", App::new("B", 2));
    let (older, _) = asked(&world, "com.a/.M", Some(ViewId(1)));
    let (newer, _) = asked(&world, "com.b/.M", Some(ViewId(1)));
    assert_eq!((world.work(), world.platform.count()), (1, 1));
    world.main.run();
    assert_eq!(
        (older.all(), newer.all()),
        (vec!["ended false".to_owned()], vec!["Icon B".to_owned(), "ended true".to_owned()])
    );
}

#[test]
fn all_who_wait_for_an_icon_are_told_after_one_call() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 1));
    let told: Vec<_> = (0..5).map(|_| asked(&world, "com.a/.M", None)).collect();
    told[2].1.cancel();
    assert_eq!(world.cache.health().figure("waiting"), Some(4));
    assert_eq!(world.work(), 1);
    world.main.run();
    let delivered = told.iter().filter(|(told, _)| told.all() == ["Icon Main", "ended true"]).count();
    assert_eq!((delivered, world.platform.count()), (4, 1));
    assert_eq!(world.cache.health().figure("waiting"), Some(0));
}

#[test]
fn a_request_for_nothing_ends_at_once() {
    let world = World::new();
    let told = Arc::new(Told::default());
    let request = Request { key: None, ..Request::new(key("com.a/.M"), Variants::ICON) };
    let handle = world.cache.request(request, Priority::Visible, None, Arc::clone(&told) as _);
    handle.cancel();
    world.main.run();
    assert_eq!(told.all(), ["ended false"]);
}
