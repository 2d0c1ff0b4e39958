//! The icon cache's control plane as Rust sees it: providers and listeners that fail, pictures that are none, imports.

#![expect(clippy::unwrap_used, reason = "a test, also outside of its functions")]

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use ferrule::control::{
    DrawnIcon, DrawnPixels, IconCache, IconCallbackFailure, IconDemand, IconDepth, IconFound, IconItem,
    IconName, IconSource, IconStoreCondition, IconTokenPair, IconWaiter, LegacyIcon, LegacyIconJudge,
};
use ferrule::error::FerruleError;

/// Draws by the name of the class; counts.
#[derive(Default)]
struct Source(AtomicU32);

impl IconSource for Source {
    fn load(&self, name: IconName, want: IconDemand) -> Result<DrawnIcon, IconCallbackFailure> {
        self.0.fetch_add(1, Ordering::SeqCst);
        let bytes = match name.class_name.as_str() {
            "Fails" => return Err(IconCallbackFailure::Failed { reason: "no such resource".to_owned() }),
            "Short" => vec![1; 3],
            _ => vec![9, 9, 9, 255],
        };
        let plain = DrawnPixels::Picture { width: 1, height: 1, bytes };
        Ok(DrawnIcon {
            label: want.label.then(|| name.package.clone()),
            tokens: Some(IconTokenPair { label: "1".to_owned(), pixels: "1".to_owned() }),
            colour: 0,
            flags: 0,
            provider: String::new(),
            plain: if want.plain { plain } else { DrawnPixels::Unknown },
            themed: DrawnPixels::Absent,
            dark: DrawnPixels::Default,
        })
    }
}

#[derive(Default)]
struct Waiter(Mutex<Vec<Option<IconFound>>>);

impl IconWaiter for Waiter {
    fn on_ended(&self, found: Option<IconFound>) -> Result<(), IconCallbackFailure> {
        self.0.lock().unwrap().push(found);
        Err(IconCallbackFailure::Failed { reason: "of the listener".to_owned() })
    }
}

struct Judge;

impl LegacyIconJudge for Judge {
    fn judge(&self, _: LegacyIcon) -> Result<Option<IconTokenPair>, IconCallbackFailure> {
        Ok(None)
    }
}

fn name(class: &str) -> IconName {
    IconName { package: "com.a".to_owned(), class_name: class.to_owned(), profile: 0 }
}

fn open(folder: &Path) -> (Arc<IconCache>, Arc<Source>) {
    let source = Arc::new(Source::default());
    let file = folder.join("icons.db").display().to_string();
    (IconCache::open(file, 1, 1 << 20, Arc::clone(&source) as _).unwrap(), source)
}

#[test]
fn requests_end_once_and_those_cancelled_while_queued_never_begin() {
    let folder = tempfile::tempdir().unwrap();
    let (cache, source) = open(folder.path());
    let waiter = Arc::new(Waiter::default());
    let ask = |class: &str| cache.request(name(class), IconDepth::Icon, Arc::clone(&waiter) as _);
    ask("M").cancel();
    assert_eq!((cache.work(), source.0.load(Ordering::SeqCst)), (false, 0));
    for (class, kind) in [("M", "icon"), ("Fails", "blank"), ("Short", "blank")] {
        let request = ask(class);
        assert!(cache.work(), "{class}");
        request.cancel();
        let told = waiter.0.lock().unwrap().last().cloned().flatten().unwrap();
        assert_eq!((class, told.kind.as_str(), told.tier == "provider"), (class, kind, class != "Fails"));
    }
    assert_eq!(waiter.0.lock().unwrap().len(), 4);
    // What the close ends is told too.
    let _waiting = ask("N");
    drop(cache);
    assert_eq!(waiter.0.lock().unwrap().last(), Some(&None));
}

#[test]
fn a_session_over_the_surface() {
    let folder = tempfile::tempdir().unwrap();
    let (cache, source) = open(folder.path());
    let tokens = IconTokenPair { label: "1".to_owned(), pixels: "1".to_owned() };
    let item = |class: &str| IconItem {
        name: name(class),
        tokens: Some(tokens.clone()),
        app_tokens: Some(tokens.clone()),
        rank: 0,
    };
    let session = cache.begin_session();
    session.pass(vec![item("M"), item("N")]);
    assert_eq!(session.waiting(), 2);
    while !session.step().is_idle {}
    assert_eq!((session.finish().keys.len(), source.0.load(Ordering::SeqCst)), (0, 2));
    let session = cache.begin_session();
    session.pass(vec![item("M")]);
    assert!(session.step().is_idle, "nothing differs");
    assert_eq!(session.finish().keys, [name("N")]);
    let health = cache.health();
    assert_eq!((health.condition, health.last_error), (IconStoreCondition::Good, None));
    assert!(health.json.contains("\"provider_calls\":2") && health.text.contains("provider_calls 2\n"));
}

#[test]
fn what_cannot_be_imported_is_typed() {
    let folder = tempfile::tempdir().unwrap();
    let (cache, _) = open(folder.path());
    let garbage = folder.path().join("garbage.db");
    std::fs::write(&garbage, [7; 4096]).unwrap();
    let scratch = folder.path().display().to_string();
    for (file, expected) in [(folder.path().join("none"), "IC_IMPORT_ABSENT"), (garbage, "IC_IMPORT_UNKNOWN")]
    {
        let failed = cache.import_file(file.display().to_string(), scratch.clone(), Arc::new(Judge));
        let Err(FerruleError::Storage { code, context, .. }) = failed else { unreachable!("{failed:?}") };
        assert_eq!((code.as_str(), context), (expected, file.display().to_string()));
    }
    assert!(cache.resize(0).is_err() && IconCache::of_handle(cache.handle() + 1).is_err());
    assert!(IconCache::of_handle(cache.handle()).is_ok());
}
