//! S10 and S14 over the cache itself, in orders that a scheduler chooses: at every lock, every wait and every turn of a
//! provider it decides who goes on, reproducibly. A wake-up that is lost or two threads that wait for each other end a run
//! as a deadlock.
//!
//! What it is not: time, disks or real threads (`cache/threads.rs`); the pure machine is run through all its orders in
//! `cache/requests.rs`. Run with `cargo test -p ferrule-icon-cache --features interleavings --test interleavings`.

#![expect(clippy::unwrap_used, reason = "helpers of tests speak by failing")]

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, OnceLock, Weak};

use ferrule_icon_cache::key::{Component, IconKey, ProfileSerial};
use ferrule_icon_cache::lookup::requests::Priority;
use ferrule_icon_cache::lookup::{
    Icon, IconCache, Kind, Listener, Millis, Options, Pixels, Provider, ProviderError, Rendered, Request,
    Undrawn, Want,
};
use ferrule_icon_cache::picture::{Form, Picture, Variants};
use ferrule_icon_cache::validity::Tokens;
use shuttle::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use shuttle::sync::{Condvar, Mutex};
use shuttle::{Config, Runner, scheduler, thread};

/// Runs of each scenario under each scheduler.
const RUNS: usize = 400;
const SEED: u64 = 20_261_125;

/// Runs a scenario in random orders, and in orders with few turns, which find what needs one thread to run far ahead.
fn in_many_orders(scenario: fn()) {
    let config = || {
        let mut config = Config::new();
        // SQLite's own frames.
        config.stack_size = 1 << 20;
        config
    };
    Runner::new(scheduler::RandomScheduler::new_from_seed(SEED, RUNS), config()).run(scenario);
    Runner::new(scheduler::PctScheduler::new_from_seed(SEED, 3, RUNS), config()).run(scenario);
}

fn key(name: &str) -> IconKey {
    IconKey::new(Component::parse(name).unwrap(), ProfileSerial(0))
}

fn request(name: &str) -> Request {
    Request::new(key(name), Variants::ICON)
}

/// Draws whatever it is asked for, with turns in between; looks another icon up meanwhile, if told.
#[derive(Default)]
struct Platform {
    calls: AtomicUsize,
    drawing: AtomicUsize,
    meanwhile: Mutex<Vec<(IconKey, IconKey)>>,
    cache: OnceLock<Weak<IconCache>>,
}

impl Provider for Platform {
    fn load(&self, key: &IconKey, _: Want) -> Result<Rendered, ProviderError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        self.drawing.fetch_add(1, Ordering::SeqCst);
        let meanwhile = self.meanwhile.lock().unwrap().clone();
        let other = meanwhile.into_iter().find(|(of, _)| of == key).map(|(_, other)| other);
        thread::yield_now();
        if let (Some(other), Some(cache)) = (other, self.cache.get().and_then(Weak::upgrade)) {
            cache.get(&Request::new(other, Variants::ICON));
        }
        self.drawing.fetch_sub(1, Ordering::SeqCst);
        Ok(drawn(key))
    }
}

fn drawn(key: &IconKey) -> Rendered {
    let picture = Picture::new(1, 1, Form::Rgba, vec![9, 9, 9, 255]).unwrap();
    Rendered {
        label: Some(key.component.package().to_owned()),
        plain: Pixels::Picture(picture),
        tokens: Some(Tokens::same("1")),
        ..Rendered::default()
    }
}

/// The delivery thread's queue, run by whoever plays that thread.
#[derive(Clone, Default)]
struct Queue(Arc<Mutex<VecDeque<Box<dyn FnOnce() + Send>>>>);

impl Queue {
    fn run(&self) {
        loop {
            // Taken out under the lock, run without it.
            let next = self.0.lock().unwrap().pop_front();
            match next {
                Some(task) => task(),
                None => return,
            }
        }
    }
}

/// A cache in memory: where no file can be made, there is none.
fn open() -> (Arc<IconCache>, Arc<Platform>, Queue) {
    let (platform, queue) = (Arc::new(Platform::default()), Queue::default());
    let posted = queue.clone();
    let executor = Arc::new(move |task| posted.0.lock().unwrap().push_back(task));
    let options = Options::new(1, Arc::new(|| Millis(0)), executor);
    let cache = IconCache::open(Path::new("/dev/null/icons.db"), options, Arc::clone(&platform) as _);
    let _ = platform.cache.set(Arc::downgrade(&cache));
    (cache, platform, queue)
}

/// What a listener was told, in order.
#[derive(Default)]
struct Told(Mutex<Vec<&'static str>>);

impl Told {
    fn all(&self) -> Vec<&'static str> {
        self.0.lock().unwrap().clone()
    }
}

impl Listener for Told {
    fn deliver(&self, icon: Icon) {
        assert_eq!(icon.kind, Kind::Icon);
        self.0.lock().unwrap().push("icon");
    }

    fn ended(&self, delivered: bool) {
        self.0.lock().unwrap().push(if delivered { "delivered" } else { "taken back" });
    }
}

fn spawn(work: impl FnOnce() + Send + 'static) -> thread::JoinHandle<()> {
    thread::spawn(work)
}

#[test]
fn threads_that_want_the_same_icon_share_one_call() {
    in_many_orders(|| {
        let (cache, platform, _) = open();
        let threads: Vec<_> = (0..3)
            .map(|_| {
                let cache = Arc::clone(&cache);
                spawn(move || assert_eq!(cache.get(&request("com.a/.M")).kind, Kind::Icon))
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(platform.calls.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn what_is_cancelled_ends_once_and_never_starts_if_it_was_queued() {
    in_many_orders(|| {
        let (cache, platform, queue) = open();
        let told = Arc::new(Told::default());
        let handle = cache.request(request("com.a/.M"), Priority::Visible, None, Arc::clone(&told) as _);
        let worker = Arc::clone(&cache);
        let worker = spawn(move || while worker.work() {});
        // This is the delivery thread: after the cancel, nothing is delivered on it.
        queue.run();
        let before = told.all();
        handle.cancel();
        queue.run();
        worker.join().unwrap();
        queue.run();
        // Once, and as it stood when the cancel returned.
        let all = told.all();
        assert_eq!(all, if before.is_empty() { vec!["taken back"] } else { vec!["icon", "delivered"] });
        assert!(before.is_empty() || before == all, "{before:?}");
        assert!(platform.calls.load(Ordering::SeqCst) <= 1);
        assert_eq!((cache.health().figure("queued"), cache.health().figure("waiting")), (Some(0), Some(0)));
    });
}

#[test]
fn a_cancelled_request_takes_nobody_elses_answer_away() {
    in_many_orders(|| {
        let (cache, platform, queue) = open();
        let told: Vec<Arc<Told>> = (0..2).map(|_| Arc::default()).collect();
        let ask = |told: &Arc<Told>| {
            cache.request(request("com.a/.M"), Priority::Visible, None, Arc::clone(told) as _)
        };
        let handles: Vec<_> = told.iter().map(ask).collect();
        let worker = Arc::clone(&cache);
        let worker = spawn(move || while worker.work() {});
        let getter = Arc::clone(&cache);
        let getter = spawn(move || assert_eq!(getter.get(&request("com.a/.M")).kind, Kind::Icon));
        handles.first().unwrap().cancel();
        worker.join().unwrap();
        getter.join().unwrap();
        queue.run();
        assert_eq!(told.first().unwrap().all(), ["taken back"]);
        assert_eq!(told.last().unwrap().all(), ["icon", "delivered"]);
        assert_eq!(platform.calls.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn providers_that_look_each_others_icons_up_do_not_wait_for_ever() {
    in_many_orders(|| {
        let (cache, platform, _) = open();
        let circle = [("com.a/.M", "com.b/.M"), ("com.b/.M", "com.c/.M"), ("com.c/.M", "com.a/.M")];
        *platform.meanwhile.lock().unwrap() =
            circle.iter().map(|(of, other)| (key(of), key(other))).collect();
        let threads: Vec<_> = circle
            .into_iter()
            .map(|(name, _)| {
                let cache = Arc::clone(&cache);
                spawn(move || assert_eq!(cache.get(&request(name)).kind, Kind::Icon))
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(platform.drawing.load(Ordering::SeqCst), 0);
        for (name, _) in circle {
            assert!(cache.peek(&request(name)).is_some(), "{name}");
        }
    });
}

#[test]
fn a_close_lets_workers_go_and_ends_every_request() {
    in_many_orders(|| {
        let (cache, _, queue) = open();
        let workers: Vec<_> = (0..2)
            .map(|_| {
                let cache = Arc::clone(&cache);
                spawn(move || cache.run_worker())
            })
            .collect();
        let told: Vec<Arc<Told>> = (0..3).map(|_| Arc::default()).collect();
        for (told, name) in told.iter().zip(["com.a/.M", "com.b/.M", "com.a/.M"]) {
            cache.request(request(name), Priority::Near, None, Arc::clone(told) as _);
        }
        cache.close();
        workers.into_iter().for_each(|worker| worker.join().unwrap());
        queue.run();
        for told in told {
            let all = told.all();
            assert!(matches!(all.as_slice(), ["taken back"] | ["icon", "delivered"]), "{all:?}");
        }
    });
}

/// Two calls hang in any order with the watcher, the workers, those who ask and the late answers.
#[test]
fn whose_calls_hang_are_told_once_and_the_lost_workers_replaced() {
    in_many_orders(|| {
        let gate = Arc::new(Gate::default());
        let clock = Arc::new(AtomicU64::new(0));
        let now = Arc::clone(&clock);
        let queue = Queue::default();
        let posted = queue.clone();
        let executor = Arc::new(move |task| posted.0.lock().unwrap().push_back(task));
        let options = Options::new(1, Arc::new(move || Millis(now.load(Ordering::SeqCst))), executor);
        let cache = IconCache::open(Path::new("/dev/null/icons.db"), options, Arc::clone(&gate) as _);
        let work = |cache: &Arc<IconCache>| {
            let cache = Arc::clone(cache);
            spawn(move || cache.run_worker())
        };
        let workers = [work(&cache), work(&cache)];
        let watched = Arc::clone(&cache);
        let watcher = thread::spawn(move || {
            let mut replacements = Vec::new();
            loop {
                match watched.watch() {
                    0 => return replacements,
                    lost => replacements.extend((0..lost).map(|_| work(&watched))),
                }
            }
        });
        let told: Vec<Arc<Outcome>> = (0..4).map(|_| Arc::default()).collect();
        for (told, name) in told.iter().zip(["com.h/.A", "com.h/.B", "com.h/.A", "com.c/.M"]) {
            cache.request(request(name), Priority::Visible, None, Arc::clone(told) as _);
        }
        gate.wait_for(2);
        clock.store(10_000, Ordering::SeqCst);
        cache.give_up();
        while told.iter().any(|told| told.0.lock().unwrap().is_empty()) {
            queue.run();
            thread::yield_now();
        }
        gate.open();
        workers.into_iter().for_each(|worker| worker.join().unwrap());
        // A late answer is as good as any.
        for name in ["com.h/.A", "com.h/.B", "com.c/.M"] {
            assert!(cache.peek(&request(name)).is_some(), "{name}");
        }
        cache.close();
        let replacements = watcher.join().unwrap();
        assert_eq!(replacements.len(), 2);
        replacements.into_iter().for_each(|worker| worker.join().unwrap());
        queue.run();
        let told: Vec<_> = told.iter().map(|told| told.0.lock().unwrap().clone()).collect();
        let hangs = vec![(Kind::Blank, Some(Undrawn::Hangs))];
        assert_eq!(told, [hangs.clone(), hangs.clone(), hangs, vec![(Kind::Icon, None)]]);
        assert_eq!(gate.calls.load(Ordering::SeqCst), 3, "no icon was asked for twice");
    });
}

/// Keeps what it is asked for of `com.h` until it is opened.
#[derive(Default)]
struct Gate {
    calls: AtomicUsize,
    /// How many wait in it, and whether it is open.
    state: Mutex<(usize, bool)>,
    news: Condvar,
}

impl Gate {
    fn wait_for(&self, waiting: usize) {
        let mut state = self.state.lock().unwrap();
        while state.0 < waiting {
            state = self.news.wait(state).unwrap();
        }
    }

    fn open(&self) {
        self.state.lock().unwrap().1 = true;
        self.news.notify_all();
    }
}

impl Provider for Gate {
    fn load(&self, key: &IconKey, _: Want) -> Result<Rendered, ProviderError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        if key.component.package() == "com.h" {
            let mut state = self.state.lock().unwrap();
            state.0 += 1;
            self.news.notify_all();
            while !state.1 {
                state = self.news.wait(state).unwrap();
            }
        }
        Ok(drawn(key))
    }
}

/// What a listener was shown.
#[derive(Default)]
struct Outcome(Mutex<Vec<(Kind, Option<Undrawn>)>>);

impl Listener for Outcome {
    fn deliver(&self, icon: Icon) {
        self.0.lock().unwrap().push((icon.kind, icon.undrawn));
    }

    fn ended(&self, delivered: bool) {
        assert!(delivered);
    }
}

#[test]
fn what_is_drawn_while_its_package_is_removed_does_not_come_back() {
    in_many_orders(|| {
        let (cache, platform, _) = open();
        let drawer = Arc::clone(&cache);
        let drawer = spawn(move || drop(drawer.get(&request("com.a/.M"))));
        // Whether it was being drawn, or had been, when the removal began: then nothing of it may be left.
        let begun = platform.calls.load(Ordering::SeqCst) > 0;
        cache.package_removed(&key("com.a/.M").package());
        drawer.join().unwrap();
        assert!(!begun || cache.peek(&request("com.a/.M")).is_none());
    });
}
