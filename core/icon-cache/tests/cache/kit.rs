//! A platform made of data, a clock that is set by hand, a main thread that runs when told.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use ferrule_icon_cache::key::{Component, IconKey, ProfileSerial};
use ferrule_icon_cache::lookup::{
    Icon, IconCache, Kind, Listener, Millis, Options, Pixels, Provider, ProviderError, Rendered, Request,
    Want,
};
use ferrule_icon_cache::picture::{Form, Picture, Variants};
use ferrule_icon_cache::session::Named;
use ferrule_icon_cache::validity::Tokens;
use tempfile::TempDir;

pub fn key(text: &str) -> IconKey {
    IconKey::parse(text).unwrap_or_else(|| IconKey::new(Component::parse(text).unwrap(), ProfileSerial(0)))
}

/// A folder of its own; in memory where the system has such a place, because thousands of stores are made and synced.
pub fn folder() -> TempDir {
    let memory = std::path::Path::new("/dev/shm");
    tempfile::tempdir_in(memory).or_else(|_| tempfile::tempdir()).unwrap()
}

/// A picture of 8 × 8 that is recognised by its number.
pub fn picture(number: u8) -> Picture {
    let pixel = [number, 0, 255 - number, 255];
    Picture::new(8, 8, Form::Rgba, pixel.repeat(64)).unwrap()
}

pub fn mono(number: u8) -> Picture {
    Picture::new(8, 8, Form::Alpha, vec![number; 64]).unwrap()
}

/// What the platform has for a key.
#[derive(Clone)]
pub struct App {
    pub label: Option<String>,
    pub plain: Pixels,
    pub themed: Pixels,
    pub token: Option<Tokens>,
    pub flags: u32,
    pub fails: bool,
}

impl App {
    pub fn new(label: &str, number: u8) -> Self {
        Self {
            label: Some(label.to_owned()),
            plain: Pixels::Picture(picture(number)),
            themed: Pixels::Picture(mono(number)),
            token: Some(Tokens::same("1")),
            flags: 0,
            fails: false,
        }
    }

    pub fn token(mut self, token: &str) -> Self {
        self.token = Some(Tokens::same(token));
        self
    }

    pub fn tokens(mut self, label: &str, pixels: &str) -> Self {
        self.token = Some(Tokens { label: label.into(), pixels: pixels.into() });
        self
    }

    pub fn plain(mut self, plain: Pixels) -> Self {
        self.plain = plain;
        self
    }
}

#[derive(Default)]
pub struct Platform {
    apps: Mutex<HashMap<IconKey, App>>,
    calls: Mutex<Vec<(String, Want)>>,
}

impl Platform {
    pub fn set(&self, name: &str, app: App) {
        self.apps.lock().unwrap().insert(key(name), app);
    }

    pub fn remove(&self, name: &str) {
        self.apps.lock().unwrap().remove(&key(name));
    }

    /// The calls since the last time.
    pub fn calls(&self) -> Vec<(String, Want)> {
        std::mem::take(&mut self.calls.lock().unwrap())
    }

    /// How many there were since the last time.
    pub fn count(&self) -> usize {
        self.calls().len()
    }

    pub fn named(&self, name: &str) -> Named {
        let key = key(name);
        let app = self.apps.lock().unwrap().get(&key).cloned();
        Named { key, tokens: app.and_then(|app| app.token), app_tokens: None, rank: 0 }
    }
}

impl Provider for Platform {
    fn load(&self, key: &IconKey, want: Want) -> Result<Rendered, ProviderError> {
        self.calls.lock().unwrap().push((key.to_string(), want));
        let Some(app) = self.apps.lock().unwrap().get(key).cloned() else { return Ok(Rendered::default()) };
        if app.fails {
            return Err(ProviderError("no such resource".to_owned()));
        }
        let asked =
            |variant, pixels: Pixels| if want.variants.has(variant) { pixels } else { Pixels::Unknown };
        use ferrule_icon_cache::picture::Variant;
        Ok(Rendered {
            label: app.label.filter(|_| want.label),
            colour: 0x00AA_0000,
            plain: asked(Variant::Plain, app.plain),
            themed: asked(Variant::Themed, app.themed),
            dark: asked(Variant::Dark, Pixels::Absent),
            flags: app.flags,
            tokens: app.token,
            provider: String::new(),
        })
    }
}

/// The main thread: what it was given, in order.
#[derive(Default)]
pub struct MainThread(Mutex<Vec<Box<dyn FnOnce() + Send>>>);

impl MainThread {
    /// Gives it something to run.
    pub fn post(&self, task: Box<dyn FnOnce() + Send>) {
        self.0.lock().unwrap().push(task);
    }

    /// Runs all that waits.
    pub fn run(&self) {
        let tasks = std::mem::take(&mut *self.0.lock().unwrap());
        tasks.into_iter().for_each(|task| task());
    }
}

pub struct World {
    pub dir: TempDir,
    pub platform: Arc<Platform>,
    pub time: Arc<AtomicU64>,
    pub main: Arc<MainThread>,
    pub cache: Arc<IconCache>,
}

impl World {
    pub fn new() -> Self {
        Self::with(folder(), Arc::new(Platform::default()), |_| {})
    }

    pub fn with(dir: TempDir, platform: Arc<Platform>, tune: impl FnOnce(&mut Options)) -> Self {
        let time = Arc::new(AtomicU64::new(0));
        let main = Arc::new(MainThread::default());
        let mut options = options(&time, &main);
        tune(&mut options);
        let cache =
            IconCache::open(&dir.path().join("ferrule_icons.db"), options, Arc::clone(&platform) as _);
        Self { dir, platform, time, main, cache }
    }

    /// The process ends and starts again: memory is gone, the file stays.
    pub fn restart(self) -> Self {
        let Self { dir, platform, cache, main, .. } = self;
        cache.flush();
        drop(main);
        assert_eq!(Arc::strong_count(&cache), 1, "nobody else holds the cache");
        drop(cache);
        Self::with(dir, platform, |_| {})
    }

    pub fn file(&self) -> PathBuf {
        self.dir.path().join("ferrule_icons.db")
    }

    pub fn get(&self, name: &str) -> Icon {
        self.cache.get(&Request::new(key(name), Variants::ICON))
    }

    pub fn get_low(&self, name: &str) -> Icon {
        self.cache.get(&Request::new(key(name), Variants::COLOUR))
    }

    /// Does all queued work.
    pub fn work(&self) -> usize {
        std::iter::from_fn(|| self.cache.work().then_some(())).count()
    }

    pub fn session(&self, passes: &[&[&str]]) -> (Vec<ferrule_icon_cache::session::Notice>, usize) {
        let session = self.cache.begin_session();
        for pass in passes {
            session.pass(pass.iter().map(|name| self.platform.named(name)).collect());
        }
        let mut notices = Vec::new();
        while let ferrule_icon_cache::lookup::Progress::Step(notice) = session.step() {
            notices.extend(notice);
        }
        let deleted = session.finish().keys.len();
        (notices, deleted)
    }
}

fn options(time: &Arc<AtomicU64>, main: &Arc<MainThread>) -> Options {
    let (time, main) = (Arc::clone(time), Arc::clone(main));
    Options::new(
        8,
        Arc::new(move || Millis(time.load(Ordering::SeqCst))),
        Arc::new(move |task| main.post(task)),
    )
}

/// What a listener was told.
#[derive(Default)]
pub struct Told(Mutex<Vec<String>>);

impl Told {
    pub fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl Listener for Told {
    fn deliver(&self, icon: Icon) {
        self.0.lock().unwrap().push(format!("{:?} {}", icon.kind, icon.label));
    }

    fn ended(&self, delivered: bool) {
        self.0.lock().unwrap().push(format!("ended {delivered}"));
    }
}

/// The number by which a picture is recognised.
pub fn shows(icon: &Icon) -> Option<u8> {
    let plain = icon.picture(ferrule_icon_cache::picture::Variant::Plain)?;
    assert_eq!(icon.kind, Kind::Icon);
    plain.bytes().first().copied()
}
