//! S14 with real threads. Only outcomes are looked at, never times: threads meet at barriers and channels.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Barrier, Mutex, Weak};
use std::thread;

use ferrule_icon_cache::key::{IconKey, PackageOf, ProfileSerial};
use ferrule_icon_cache::lookup::{
    Icon, IconCache, Kind, Listener, Millis, Options, Pixels, Provider, ProviderError, Rendered, Request,
    Want, requests::Priority,
};
use ferrule_icon_cache::memory::TrimLevel;
use ferrule_icon_cache::picture::Variants;
use ferrule_icon_cache::validity::Tokens;

use crate::kit::{folder, key, picture, shows};

/// Draws every key by its number; looks up a neighbour meanwhile; counts how many threads draw one key at once.
#[derive(Default)]
struct Busy {
    cache: Mutex<Weak<IconCache>>,
    drawing: Mutex<HashMap<IconKey, usize>>,
    calls: AtomicUsize,
}

fn number(key: &IconKey) -> u8 {
    key.component.class().rsplit('M').next().unwrap().parse().unwrap()
}

fn name(number: u8) -> String {
    format!("com.a{}/.M{number}", number % 5)
}

impl Provider for Busy {
    fn load(&self, key: &IconKey, _: Want) -> Result<Rendered, ProviderError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let at_once =
            *self.drawing.lock().unwrap().entry(key.clone()).and_modify(|count| *count += 1).or_insert(1);
        assert_eq!(at_once, 1, "{key} is drawn by one thread at a time");
        let cache = self.cache.lock().unwrap().upgrade();
        if let Some(cache) = cache {
            let neighbour = crate::kit::key(&name((number(key) + 1) % 40));
            cache.get(&Request::new(neighbour, Variants::ICON));
        }
        *self.drawing.lock().unwrap().get_mut(key).unwrap() -= 1;
        Ok(Rendered {
            label: Some(key.to_string()),
            plain: Pixels::Picture(picture(number(key))),
            tokens: Some(Tokens::same("1")),
            ..Rendered::default()
        })
    }
}

fn open(provider: Arc<dyn Provider>) -> (Arc<IconCache>, tempfile::TempDir) {
    let dir = folder();
    let mut options = Options::new(8, Arc::new(|| Millis(0)), Arc::new(|task| task()));
    options.memory_bytes = 20_000;
    options.batch_rows_max = 7;
    (IconCache::open(&dir.path().join("icons.db"), options, provider), dir)
}

/// Who is told; a channel, so that a test waits for the end and not for a time.
struct Channel(Sender<(Option<u8>, bool)>, Mutex<Option<u8>>);

impl Listener for Channel {
    fn deliver(&self, icon: Icon) {
        *self.1.lock().unwrap() = shows(&icon);
    }

    fn ended(&self, delivered: bool) {
        // The receiver may be gone at the end of a test.
        let _ = self.0.send((*self.1.lock().unwrap(), delivered));
    }
}

fn listener() -> (Arc<Channel>, Receiver<(Option<u8>, bool)>) {
    let (sender, receiver) = channel();
    (Arc::new(Channel(sender, Mutex::new(None))), receiver)
}

#[test]
fn eight_threads_and_a_provider_that_comes_back_see_only_right_icons() {
    let provider = Arc::new(Busy::default());
    let (cache, _dir) = open(Arc::clone(&provider) as _);
    *provider.cache.lock().unwrap() = Arc::downgrade(&cache);
    let barrier = Barrier::new(8);
    thread::scope(|scope| {
        let worker = Arc::clone(&cache);
        let worker = scope.spawn(move || worker.run_worker());
        let threads: Vec<_> = (0..8_u8)
            .map(|thread| {
                let (cache, barrier) = (&cache, &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    let mut random = u32::from(thread) + 1;
                    for round in 0..200_u32 {
                        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                        let wanted = u8::try_from(random >> 24).unwrap() % 40;
                        let key = key(&name(wanted));
                        let request = Request::new(key.clone(), Variants::ICON);
                        match round % 16 {
                            3 => cache.package_changed(&key.package()),
                            7 => cache.package_removed(&key.package()),
                            9 => cache.trim(TrimLevel::Critical),
                            11 => {
                                let (told, ended) = listener();
                                let handle = cache.request(request, Priority::Visible, None, told);
                                if random & 1 == 0 {
                                    handle.cancel();
                                }
                                let (shown, delivered) = ended.recv().unwrap();
                                assert_eq!(shown.is_some(), delivered);
                                assert!(shown.is_none_or(|shown| shown == wanted));
                            }
                            13 => {
                                let icons = cache.get_all(&[request.clone(), request]);
                                assert!(
                                    icons
                                        .iter()
                                        .all(|icon| icon.kind != Kind::Icon || shows(icon) == Some(wanted))
                                );
                            }
                            _ => {
                                let icon = cache.get(&request);
                                // Blank only where waiting would have been for oneself.
                                assert!(icon.kind == Kind::Icon, "{icon:?}");
                                assert_eq!(
                                    (shows(&icon), &*icon.label),
                                    (Some(wanted), key.to_string().as_str())
                                );
                            }
                        }
                    }
                })
            })
            .collect();
        let ends: Vec<_> = threads.into_iter().map(|thread| thread.join()).collect();
        cache.close();
        worker.join().unwrap();
        ends.into_iter().for_each(|end| end.unwrap());
    });
    for wanted in 0..40 {
        assert_eq!(shows(&cache.get(&Request::new(key(&name(wanted)), Variants::ICON))), Some(wanted));
    }
    assert!(cache.health().figure("memory_bytes").unwrap() <= 40_000);
    *provider.cache.lock().unwrap() = Weak::new();
}

/// Stops in its call for one key until it is let go.
struct Hung {
    entered: Mutex<Sender<()>>,
    let_go: Mutex<Receiver<()>>,
    calls: AtomicUsize,
}

impl Provider for Hung {
    fn load(&self, key: &IconKey, _: Want) -> Result<Rendered, ProviderError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        if number(key) == 0 {
            self.entered.lock().unwrap().send(()).unwrap();
            self.let_go.lock().unwrap().recv().unwrap();
        }
        Ok(Rendered {
            label: Some("Main".to_owned()),
            plain: Pixels::Picture(picture(number(key))),
            tokens: Some(Tokens::same("1")),
            ..Rendered::default()
        })
    }
}

#[test]
fn a_hung_provider_keeps_back_only_those_who_wait_for_its_key() {
    let (entered, has_entered) = channel();
    let (go, let_go) = channel();
    let provider = Arc::new(Hung {
        entered: Mutex::new(entered),
        let_go: Mutex::new(let_go),
        calls: AtomicUsize::new(0),
    });
    let (cache, _dir) = open(Arc::clone(&provider) as _);
    let request = |number| Request::new(key(&name(number)), Variants::ICON);
    thread::scope(|scope| {
        let hung: Vec<_> = (0..3).map(|_| scope.spawn(|| shows(&cache.get(&request(0))))).collect();
        has_entered.recv().unwrap();
        // Everything else goes on: look-ups, requests, sessions, events, even of the same package.
        assert_eq!(shows(&cache.get(&request(1))), Some(1));
        let (told, ended) = listener();
        cache.request(request(2), Priority::Visible, None, told);
        assert!(cache.work());
        assert_eq!(ended.recv().unwrap(), (Some(2), true));
        let (told, ended) = listener();
        let waiting = cache.request(request(0), Priority::Visible, None, told);
        assert!(!cache.work(), "its work is under way");
        waiting.cancel();
        assert_eq!(ended.recv().unwrap(), (None, false));
        cache.package_changed(&PackageOf::new("com.a1", ProfileSerial(0)));
        let session = cache.begin_session();
        session.listed(ProfileSerial(0));
        session.finish();
        cache.trim(TrimLevel::Hidden);
        go.send(()).unwrap();
        assert!(hung.into_iter().all(|thread| thread.join().unwrap() == Some(0)));
    });
    let calls_for_the_hung_key = provider.calls.load(Ordering::SeqCst) - 2;
    assert_eq!(calls_for_the_hung_key, 1, "three threads, one call");
}
