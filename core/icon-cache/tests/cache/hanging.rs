//! A provider that hangs (S14): its call is given up on, and everything else goes on. Time is set by hand; what happens during
//! a call is done by the provider itself, so that there is no order to wait for. With threads, only where one is lost.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::thread;
use std::time::Duration;

use ferrule_icon_cache::key::IconKey;
use ferrule_icon_cache::lookup::calls::HANGING_MAX;
use ferrule_icon_cache::lookup::requests::Priority;
use ferrule_icon_cache::lookup::{
    Clock, Executor, Icon, IconCache, Kind, Listener, Millis, Options, Pixels, Progress, Provider,
    ProviderError, Rendered, Request, Tier, Undrawn, Want,
};
use ferrule_icon_cache::picture::Variants;
use ferrule_icon_cache::session::Named;
use ferrule_icon_cache::validity::Tokens;

use crate::kit::{MainThread, folder, key, picture, shows};

/// What happens during a call.
type During = Arc<dyn Fn(&Slow) + Send + Sync>;

/// Draws every key's number, and lets happen what was said meanwhile.
#[derive(Default)]
struct Slow {
    cache: OnceLock<Weak<IconCache>>,
    time: AtomicU64,
    during: Mutex<HashMap<IconKey, During>>,
    token: Mutex<String>,
    calls: Mutex<Vec<IconKey>>,
}

impl Slow {
    fn cache(&self) -> Arc<IconCache> {
        self.cache.get().unwrap().upgrade().unwrap()
    }

    fn clock(self: &Arc<Self>) -> Clock {
        let slow = Arc::clone(self);
        Arc::new(move || Millis(slow.time.load(Ordering::SeqCst)))
    }

    fn get(&self, number: u8) -> Icon {
        self.cache().get(&request(number))
    }

    /// The time of every call is over. How many were given up on by it.
    fn time_is_over(&self) -> usize {
        self.time.fetch_add(10_000, Ordering::SeqCst);
        self.cache().give_up()
    }

    fn figure(&self, name: &str) -> u64 {
        self.cache().health().figure(name).unwrap()
    }
}

impl Provider for Slow {
    fn load(&self, key: &IconKey, _: Want) -> Result<Rendered, ProviderError> {
        self.calls.lock().unwrap().push(key.clone());
        // Once: a key that hung need not hang again.
        let during = self.during.lock().unwrap().remove(key);
        let token = self.token.lock().unwrap().clone();
        if let Some(during) = during {
            during(self);
        }
        let number = key.component.class().rsplit('M').next().unwrap().parse().unwrap();
        Ok(Rendered {
            label: Some(format!("App {number}")),
            plain: Pixels::Picture(picture(number)),
            tokens: Some(Tokens::same(&token)),
            ..Rendered::default()
        })
    }
}

fn name(number: u8) -> IconKey {
    key(&format!("com.a{number}/.M{number}"))
}

fn request(number: u8) -> Request {
    Request::new(name(number), Variants::ICON)
}

struct Home {
    cache: Arc<IconCache>,
    slow: Arc<Slow>,
    main: Arc<MainThread>,
    _dir: tempfile::TempDir,
}

fn home() -> Home {
    home_with(|main| Arc::new(move |task| main.post(task)))
}

fn home_with(executor: impl FnOnce(Arc<MainThread>) -> Executor) -> Home {
    let (slow, main, dir) = (Arc::new(Slow::default()), Arc::new(MainThread::default()), folder());
    let options = Options::new(8, slow.clock(), executor(Arc::clone(&main)));
    let cache = IconCache::open(&dir.path().join("icons.db"), options, Arc::clone(&slow) as _);
    slow.cache.set(Arc::downgrade(&cache)).unwrap();
    Home { cache, slow, main, _dir: dir }
}

impl Home {
    fn hangs(&self, number: u8, during: impl Fn(&Slow) + Send + Sync + 'static) {
        self.slow.during.lock().unwrap().insert(name(number), Arc::new(during));
    }

    fn ask(&self, number: u8) -> Arc<Told> {
        let told = Arc::new(Told::default());
        self.cache.request(request(number), Priority::Visible, None, Arc::clone(&told) as _);
        told
    }
}

#[derive(Default)]
struct Told(Mutex<Vec<(Kind, Option<Undrawn>)>>);

impl Listener for Told {
    fn deliver(&self, icon: Icon) {
        self.0.lock().unwrap().push((icon.kind, icon.undrawn));
    }

    fn ended(&self, delivered: bool) {
        assert!(delivered);
    }
}

#[test]
fn who_waits_is_told_what_is_known_and_the_late_answer_is_kept() {
    let home = home();
    let told = [home.ask(1), home.ask(1)];
    home.hangs(1, |slow| {
        assert_eq!((slow.time_is_over(), slow.cache().give_up()), (1, 0), "once");
        // What another thread does now: the request is answered, without the provider.
        assert!(slow.cache().work() && !slow.cache().work());
        let icon = slow.get(1);
        assert_eq!((icon.kind, icon.undrawn, &*icon.label), (Kind::Blank, Some(Undrawn::Hangs), ""));
        assert_eq!(slow.get(2).kind, Kind::Icon, "any other icon is drawn");
        assert_eq!(slow.figure("provider_hanging"), 1);
    });
    assert!(home.cache.work());
    home.main.run();
    for told in told {
        assert_eq!(*told.0.lock().unwrap(), [(Kind::Blank, Some(Undrawn::Hangs))]);
    }
    let icon = home.cache.get(&request(1));
    assert_eq!((shows(&icon), icon.tier, icon.undrawn), (Some(1), Tier::Memory, None));
    assert_eq!(*home.slow.calls.lock().unwrap(), [name(1), name(2)], "no icon was asked for twice");
    assert_eq!((home.slow.figure("provider_given_up"), home.slow.figure("provider_hanging")), (1, 0));
    assert_eq!(home.slow.figure("waiting"), 0);
}

#[test]
fn who_is_queued_again_when_the_late_answer_comes_is_told_that() {
    let home = home();
    let told = home.ask(1);
    home.hangs(1, |slow| assert_eq!(slow.time_is_over(), 1));
    assert!(home.cache.work());
    home.main.run();
    assert_eq!(
        (told.0.lock().unwrap().len(), home.slow.figure("queued")),
        (0, 1),
        "its call has no say any more"
    );
    assert!(home.cache.work() && !home.cache.work());
    home.main.run();
    assert_eq!(*told.0.lock().unwrap(), [(Kind::Icon, None)]);
    assert_eq!((home.slow.figure("waiting"), home.slow.calls.lock().unwrap().len()), (0, 1));
}

#[test]
fn a_good_icon_is_shown_stale_while_its_refresh_hangs() {
    let home = home();
    home.cache.get(&request(1));
    "2".clone_into(&mut home.slow.token.lock().unwrap());
    home.cache.package_changed(&name(1).package());
    home.hangs(1, |slow| {
        assert_eq!(slow.time_is_over(), 1);
        let icon = slow.get(1);
        assert_eq!((shows(&icon), icon.pixels_stale), (Some(1), true));
        assert!(!slow.cache().work(), "nothing is queued for a key that hangs");
    });
    assert!(home.cache.work());
    let icon = home.cache.get(&request(1));
    assert_eq!((shows(&icon), icon.pixels_stale), (Some(1), false), "the late answer is the new picture");
}

#[test]
fn what_comes_late_for_a_removed_package_is_kept_nowhere() {
    let home = home();
    home.hangs(1, |slow| {
        slow.time_is_over();
        slow.cache().package_removed(&name(1).package());
    });
    home.cache.get(&request(1));
    assert!(home.cache.peek(&request(1)).is_none());
    home.cache.flush();
    assert_eq!(home.slow.figure("store_rows_written"), 1, "the removal alone");
}

#[test]
fn what_comes_late_for_a_changed_package_is_old_already() {
    let home = home();
    home.hangs(1, |slow| {
        slow.time_is_over();
        slow.cache().package_changed(&name(1).package());
    });
    home.cache.get(&request(1));
    assert!(home.cache.peek(&request(1)).unwrap().pixels_stale);
    home.cache.get(&request(1));
    assert!(home.cache.work(), "it is drawn again");
    assert!(!home.cache.peek(&request(1)).unwrap().pixels_stale);
}

#[test]
fn a_key_that_was_given_up_on_pauses_after_its_call_came_back_with_nothing() {
    let home = home();
    struct Empty(Arc<Slow>);
    impl Provider for Empty {
        fn load(&self, key: &IconKey, want: Want) -> Result<Rendered, ProviderError> {
            self.0.load(key, want).map(|_| Rendered::default())
        }
    }
    let options = Options::new(8, home.slow.clock(), Arc::new(|task| task()));
    let empty = Arc::new(Empty(Arc::clone(&home.slow)));
    let cache = IconCache::open(&home._dir.path().join("other.db"), options, empty);
    let other = Arc::downgrade(&cache);
    home.hangs(1, move |slow| {
        slow.time.fetch_add(10_000, Ordering::SeqCst);
        assert_eq!(other.upgrade().unwrap().give_up(), 1);
    });
    cache.get(&request(1));
    cache.get(&request(1));
    assert_eq!(home.slow.calls.lock().unwrap().len(), 1);
    home.slow.time.fetch_add(2_000, Ordering::SeqCst);
    cache.get(&request(1));
    assert_eq!(home.slow.calls.lock().unwrap().len(), 2, "nothing is given up for ever");
}

#[test]
fn with_too_many_hanging_none_is_begun_and_memory_and_store_still_answer() {
    let home = home();
    let all = u8::try_from(HANGING_MAX).unwrap();
    home.cache.get(&request(100));
    home.cache.flush();
    // Each call looks the next icon up, so all of them are under way at once.
    for number in 0..all {
        home.hangs(number, move |slow| {
            if number + 1 < all {
                slow.get(number + 1);
                return;
            }
            assert_eq!(slow.time_is_over(), HANGING_MAX);
            let refused = slow.get(50);
            assert_eq!((refused.kind, refused.undrawn), (Kind::Blank, Some(Undrawn::Refused)));
            assert_eq!(shows(&slow.get(100)), Some(100), "memory answers");
            let from_store = slow.cache().get(&Request { skip_memory: true, ..request(100) });
            assert_eq!(shows(&from_store), Some(100));
            slow.cache().trim(ferrule_icon_cache::memory::TrimLevel::Critical);
            assert_eq!(
                (shows(&slow.get(100)), slow.get(100).undrawn),
                (Some(100), None),
                "the store answers"
            );
            assert_eq!(slow.figure("provider_refused"), 1);
        });
    }
    home.cache.get(&request(0));
    assert_eq!(shows(&home.cache.get(&request(50))), Some(50), "they came back");
    for number in 0..all {
        assert_eq!(shows(&home.cache.get(&request(number))), Some(number), "what came late was kept");
    }
}

#[test]
fn a_session_whose_call_hangs_keeps_nobody_back() {
    let home = home();
    let named =
        |number| Named { key: name(number), tokens: Some(Tokens::same("1")), app_tokens: None, rank: 0 };
    let session = home.cache.begin_session();
    session.pass(vec![named(1)]);
    home.hangs(1, |slow| {
        assert_eq!(slow.time_is_over(), 1);
        assert_eq!(slow.get(1).undrawn, Some(Undrawn::Hangs));
    });
    assert!(matches!(session.step(), Progress::Step(_)));
    assert_eq!(shows(&home.cache.get(&request(1))), Some(1));
    assert_eq!(home.slow.calls.lock().unwrap().len(), 1);
}

#[test]
fn a_call_that_ends_by_a_panic_hangs_no_more() {
    let home = home();
    home.hangs(1, |slow| {
        assert_eq!(slow.time_is_over(), 1);
        panic!("planted");
    });
    let cache = Arc::clone(&home.cache);
    assert!(thread::spawn(move || cache.get(&request(1))).join().is_err());
    assert_eq!(home.slow.figure("provider_hanging"), 0);
    home.slow.time.fetch_add(1_000, Ordering::SeqCst);
    assert_eq!(shows(&home.cache.get(&request(1))), Some(1));
}

/// The end of a test that would wait for ever.
const LIMIT: Duration = Duration::from_secs(60);

/// A listener for a delivery on the thread that did the work.
struct Sent(Mutex<Sender<(Kind, Option<Undrawn>)>>);

impl Listener for Sent {
    fn deliver(&self, icon: Icon) {
        self.0.lock().unwrap().send((icon.kind, icon.undrawn)).unwrap();
    }

    fn ended(&self, delivered: bool) {
        assert!(delivered);
    }
}

#[test]
fn a_lost_worker_is_replaced_and_ends_when_its_call_comes_back() {
    let home = home_with(|_| Arc::new(|task| task()));
    let (entered, has_entered) = channel();
    let (go, let_go) = channel::<()>();
    let (entered, let_go) = (Mutex::new(entered), Mutex::new(let_go));
    home.hangs(1, move |_| {
        entered.lock().unwrap().send(()).unwrap();
        let_go.lock().unwrap().recv_timeout(LIMIT).unwrap();
    });
    let ask = |number| {
        let (sender, told) = channel();
        let listener = Arc::new(Sent(Mutex::new(sender)));
        home.cache.request(request(number), Priority::Visible, None, listener);
        told
    };
    thread::scope(|scope| {
        let lost = scope.spawn(|| home.cache.run_worker());
        let hung = ask(1);
        has_entered.recv_timeout(LIMIT).unwrap();
        let waiting = scope.spawn(|| home.cache.get(&request(1)).undrawn);
        home.slow.time_is_over();
        assert_eq!(home.cache.watch(), 1, "one worker is to be replaced");
        assert_eq!(waiting.join().unwrap(), Some(Undrawn::Hangs));
        let replacement = scope.spawn(|| home.cache.run_worker());
        let next = ask(2);
        assert_eq!(hung.recv_timeout(LIMIT).unwrap(), (Kind::Blank, Some(Undrawn::Hangs)));
        assert_eq!(next.recv_timeout(LIMIT).unwrap(), (Kind::Icon, None));
        go.send(()).unwrap();
        lost.join().unwrap();
        assert_eq!(shows(&home.cache.get(&request(1))), Some(1));
        home.cache.close();
        replacement.join().unwrap();
        assert_eq!(home.cache.watch(), 0, "closed");
    });
}
