//! S3, S8, S9: packages, profiles, installs and the system's state.

use ferrule_icon_cache::key::{PackageOf, ProfileSerial};
use ferrule_icon_cache::lookup::{Install, Kind, Pixels, ProfileKind, SystemParts};
use ferrule_icon_cache::memory::TrimLevel;
use ferrule_icon_cache::picture::Variants;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use ferrule_icon_cache::lookup::{IconCache, Provider, ProviderError, Rendered, Request, Want};

use crate::kit::{App, World, key, picture, shows};

fn package(name: &str) -> PackageOf {
    PackageOf::new(name, ProfileSerial(0))
}

#[test]
fn an_updated_package_shows_its_old_icon_until_there_is_a_new_one() {
    for in_memory in [true, false] {
        let mut world = World::new();
        world.platform.set("com.a/.M", App::new("Old", 1));
        world.platform.set("com.ab/.M", App::new("Other", 5));
        world.get("com.a/.M");
        world.get("com.ab/.M");
        if !in_memory {
            world = world.restart();
        }
        world.platform.set("com.a/.M", App::new("New", 2).token("2"));
        world.platform.calls();
        world.cache.package_changed(&package("com.a"));
        let icon = world.get("com.a/.M");
        assert_eq!((shows(&icon), icon.pixels_stale, icon.label_stale), (Some(1), true, true));
        assert!(!world.get("com.ab/.M").pixels_stale);
        assert_eq!((world.work(), world.platform.count()), (1, 1));
        let icon = world.get("com.a/.M");
        assert_eq!((shows(&icon), &*icon.label, icon.pixels_stale), (Some(2), "New", false));
    }
}

#[test]
fn an_update_that_brings_the_default_icon_takes_no_good_one_away() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Old", 1));
    world.get("com.a/.M");
    world.platform.set("com.a/.M", App::new("New", 2).token("2").plain(Pixels::Default));
    world.cache.package_changed(&package("com.a"));
    world.work();
    let world = world.restart();
    let icon = world.get("com.a/.M");
    assert_eq!((shows(&icon), icon.pixels_stale, &*icon.label), (Some(1), true, "New"));
    world.platform.set("com.a/.M", App::new("New", 3).token("2"));
    world.work();
    assert_eq!(shows(&world.get("com.a/.M")), Some(3), "and it is tried again");
}

#[test]
fn a_removed_package_leaves_nothing_and_takes_nobody_with_it() {
    let world = World::new();
    for name in ["com.a_b/.M", "com.a_b/.", "com.axb/.M", "com.A_b/.M", "com.a_b.c/.M", "com.a_b/.M#10"] {
        world.platform.set(name, App::new(name, 1));
        world.get(name);
    }
    world.cache.package_removed(&package("com.a_b"));
    for name in ["com.a_b/.M", "com.a_b/.", "com.axb/.M", "com.A_b/.M", "com.a_b.c/.M", "com.a_b/.M#10"] {
        world.platform.remove(name);
    }
    let world = world.restart();
    for (name, left) in [
        ("com.a_b/.M", false),
        ("com.a_b/.", false),
        ("com.axb/.M", true),
        ("com.A_b/.M", true),
        ("com.a_b.c/.M", true),
        ("com.a_b/.M#10", true),
    ] {
        assert_eq!(world.get(name).kind == Kind::Icon, left, "{name}");
    }
}

/// A provider during whose call something happens.
struct Meanwhile {
    happen: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl Provider for Meanwhile {
    fn load(&self, _: &ferrule_icon_cache::key::IconKey, _: Want) -> Result<Rendered, ProviderError> {
        // Taken in a statement of its own: nothing is locked while it happens.
        let happen = self.happen.lock().unwrap().take();
        happen.into_iter().for_each(|happen| happen());
        Ok(Rendered {
            label: Some("Main".to_owned()),
            plain: Pixels::Picture(picture(1)),
            tokens: Some(ferrule_icon_cache::validity::Tokens::same("1")),
            ..Rendered::default()
        })
    }
}

fn with_event(event: impl FnOnce(&IconCache) + Send + 'static) -> (Arc<IconCache>, tempfile::TempDir) {
    let provider = Arc::new(Meanwhile { happen: Mutex::new(None) });
    let dir = tempfile::tempdir().unwrap();
    let options = ferrule_icon_cache::lookup::Options::new(
        8,
        Arc::new(|| ferrule_icon_cache::lookup::Millis(0)),
        Arc::new(|task| task()),
    );
    let cache = IconCache::open(&dir.path().join("icons.db"), options, Arc::clone(&provider) as _);
    let inner = Arc::downgrade(&cache);
    *provider.happen.lock().unwrap() = Some(Box::new(move || event(&inner.upgrade().unwrap())));
    (cache, dir)
}

#[test]
fn an_icon_drawn_while_its_package_is_removed_does_not_come_back() {
    let (cache, _dir) = with_event(|cache| cache.package_removed(&package("com.a")));
    let request = Request::new(key("com.a/.M"), Variants::ICON);
    assert_eq!(cache.get(&request).kind, Kind::Icon, "who asked gets what was drawn");
    assert_eq!(cache.known_keys(&package("com.a")), []);
    let session = cache.begin_session();
    session.listed(ProfileSerial(0));
    assert_eq!(session.finish().keys, [], "nor is there a row");
}

#[test]
fn an_icon_drawn_while_its_package_changes_is_stale_at_once() {
    let (cache, _dir) = with_event(|cache| cache.package_changed(&package("com.a")));
    let request = Request::new(key("com.a/.M"), Variants::ICON);
    cache.get(&request);
    assert!(cache.get(&request).pixels_stale);
    while cache.work() {}
    assert!(!cache.get(&request).pixels_stale);
}

#[test]
fn the_provider_may_look_up_other_icons_and_its_own() {
    let (cache, _dir) = with_event(|cache| {
        let icon = cache.get(&Request::new(key("com.b/.M"), Variants::ICON));
        assert_eq!(icon.kind, Kind::Icon);
        let own = cache.get(&Request::new(key("com.a/.M"), Variants::ICON));
        assert_eq!(own.kind, Kind::Blank, "what is known, which is nothing yet");
    });
    assert_eq!(cache.get(&Request::new(key("com.a/.M"), Variants::ICON)).kind, Kind::Icon);
}

#[test]
fn a_panic_in_the_provider_keeps_nobody_back() {
    let happened = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&happened);
    let (cache, _dir) = with_event(move |_| {
        flag.store(true, Ordering::SeqCst);
        std::panic::resume_unwind(Box::new("the provider's own fault"));
    });
    let request = Request::new(key("com.a/.M"), Variants::ICON);
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| cache.get(&request)));
    assert!(caught.is_err() && happened.load(Ordering::SeqCst));
    assert_eq!(cache.get(&request).kind, Kind::Icon);
}

#[test]
fn a_new_language_draws_no_pixel() {
    let world = World::new();
    let parts =
        |labels: &str, pixels: &str| SystemParts { labels: labels.to_owned(), pixels: pixels.to_owned() };
    world.cache.set_system(&parts("en", "circle"));
    world.platform.set("com.a/.M", App::new("Main", 1).tokens("en", "circle"));
    world.get("com.a/.M");
    world.platform.set("com.a/.M", App::new("Principal", 2).tokens("fr", "circle"));
    world.platform.calls();
    world.cache.set_system(&parts("fr", "circle"));
    let icon = world.get("com.a/.M");
    assert_eq!((&*icon.label, icon.label_stale, icon.pixels_stale), ("Main", true, false));
    world.work();
    let [(_, want)] = &world.platform.calls()[..] else { panic!("one call") };
    assert!(want.label && want.variants.is_empty());
    let world = world.restart();
    let icon = world.get("com.a/.M");
    assert_eq!((&*icon.label, shows(&icon), icon.label_stale), ("Principal", Some(1), false));
}

#[test]
fn the_same_system_changes_nothing_and_another_shape_keeps_the_labels() {
    let world = World::new();
    let parts =
        |labels: &str, pixels: &str| SystemParts { labels: labels.to_owned(), pixels: pixels.to_owned() };
    world.cache.set_system(&parts("en", "circle"));
    world.platform.set("com.a/.M", App::new("Main", 1));
    world.get("com.a/.M");
    world.cache.flush();
    let commits = world.cache.health().figure("store_commits");
    world.cache.set_system(&parts("en", "circle"));
    assert_eq!(world.cache.health().figure("store_commits"), commits);
    assert!(!world.get("com.a/.M").pixels_stale);
    world.cache.set_system(&parts("en", "square"));
    let world = world.restart();
    let icon = world.get("com.a/.M");
    assert_eq!((shows(&icon), icon.pixels_stale, icon.label_stale), (Some(1), true, false));
}

#[test]
fn another_size_empties_everything() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 1));
    world.get("com.a/.M");
    let session = world.cache.begin_session();
    session.pass(vec![world.platform.named("com.b/.M")]);
    world.cache.resize(16);
    assert_eq!(
        session.step(),
        ferrule_icon_cache::lookup::Progress::Idle,
        "an older session does nothing any more"
    );
    assert!(session.finish().is_empty());
    world.platform.calls();
    world.get("com.a/.M");
    assert_eq!(world.platform.count(), 1);
}

#[test]
fn rows_of_a_removed_profile_go_and_its_serial_is_nobody() {
    let world = World::new();
    let profiles = [(ProfileSerial(0), ProfileKind::Main), (ProfileSerial(10), ProfileKind::Work)];
    world.cache.set_profiles(&profiles);
    for name in ["com.a/.M", "com.a/.M#10"] {
        world.platform.set(name, App::new(name, 1));
        world.get(name);
    }
    world.cache.set_profiles(&profiles[..1]);
    world.platform.calls();
    world.get("com.a/.M#10");
    assert_eq!(world.platform.count(), 1, "nothing of it was left");
    world.get("com.a/.M#10");
    assert_eq!(world.platform.count(), 1, "and nothing is kept");
    let world = world.restart();
    assert_eq!(shows(&world.get("com.a/.M")), Some(1));
    world.platform.calls();
    world.get("com.a/.M#10");
    assert_eq!(world.platform.count(), 1);
}

#[test]
fn an_install_is_shown_from_memory_only() {
    let world = World::new();
    world.platform.set("com.a/.", App::new("App", 1));
    world.platform.set("com.a/.M", App::new("Main", 2));
    world.get("com.a/.M");
    let install = Install::new("Installing", picture(9), 0).unwrap();
    world.cache.install(&package("com.a"), Some(install.clone()));
    assert_eq!(world.cache.known_keys(&package("com.a")), []);
    let icon = world.get("com.a/.");
    assert_eq!((shows(&icon), &*icon.label), (Some(9), "Installing"));
    assert_eq!(&*world.get_low("com.a/.").label, "Installing");
    world.cache.package_changed(&package("com.a"));
    assert_eq!(shows(&world.get("com.a/.")), Some(1));
    world.cache.install(&package("com.a"), Some(install));
    let world = world.restart();
    assert_eq!(shows(&world.get("com.a/.")), Some(1));
    assert_eq!(Install::new("", picture(9), 0), None);
}

#[test]
fn a_trim_demotes_and_the_next_look_up_reads_the_store() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 1));
    world.get("com.a/.M");
    world.cache.trim(TrimLevel::Critical);
    world.platform.calls();
    let low = world.get_low("com.a/.M");
    assert_eq!((&*low.label, low.colour), ("Main", 0xFFAA_0000));
    assert_eq!(shows(&world.get("com.a/.M")), Some(1));
    assert_eq!(world.platform.count(), 0);
}
