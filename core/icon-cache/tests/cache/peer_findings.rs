//! What AOSP's own cache was seen to do wrong, each as a test of what ours does instead. The names are those of the findings.

use ferrule_icon_cache::key::{PackageOf, ProfileSerial};
use ferrule_icon_cache::lookup::{Kind, Pixels, ProfileKind, Progress, Request, Tier};
use ferrule_icon_cache::picture::{Form, Picture, Variants};
use rusqlite::Connection;

use crate::kit::{App, World, key, shows};

fn package(name: &str) -> PackageOf {
    PackageOf::new(name, ProfileSerial(0))
}

/// K2: bulk never looked in memory for a component without a row, drew it anew at every call and kept nothing.
#[test]
fn k2_bulk_finds_what_is_only_in_memory_and_keeps_what_it_drew() {
    let world = World::new();
    let mut app = App::new("Main", 1);
    app.token = None;
    world.platform.set("com.a/.M", app);
    let request = Request::new(key("com.a/.M"), Variants::ICON);
    world.get("com.a/.M");
    assert_eq!(world.cache.get_all(std::slice::from_ref(&request))[0].tier, Tier::Memory);
    world.platform.set("com.b/.M", App::new("B", 2));
    let low = Request::new(key("com.b/.M"), Variants::COLOUR);
    assert_eq!(world.cache.get_all(std::slice::from_ref(&low))[0].pictures.len(), 0, "low is low");
    world.platform.calls();
    world.cache.get_all(&[request, low]);
    assert_eq!(world.platform.count(), 0);
}

/// K6: a damaged row with an equal token was never written again.
#[test]
fn k6_a_session_draws_a_row_again_whose_picture_is_lost() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 1));
    world.session(&[&["com.a/.M"]]);
    let file = world.file();
    let World { dir, platform, cache, .. } = world;
    drop(cache);
    Connection::open(&file).unwrap().execute("DELETE FROM blobs", []).unwrap();
    let world = World::with(dir, platform, |_| {});
    assert_eq!(shows(&world.get("com.a/.M")), Some(1));
    let world = world.restart();
    world.platform.calls();
    assert_eq!(shows(&world.get("com.a/.M")), Some(1));
    assert_eq!(world.platform.count(), 0, "once is enough");
}

/// K7: a picture cut in its middle was shown as a hit. Every length is tried.
#[test]
fn k7_a_picture_that_was_cut_is_a_miss() {
    let mut world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 1));
    world.get("com.a/.M");
    for left in 0..40 {
        let file = world.file();
        world.cache.flush();
        let World { dir, platform, cache, .. } = world;
        drop(cache);
        let sql = "UPDATE blobs SET data = substr(data, 1, min(?1, length(data) - 1))";
        Connection::open(&file).unwrap().execute(sql, [left]).unwrap();
        world = World::with(dir, platform, |_| {});
        world.platform.set("com.a/.M", App::new("Main", left + 2));
        assert_eq!(shows(&world.get("com.a/.M")), Some(left + 2), "cut to {left} bytes");
    }
}

/// K10: rowids are used again, so a session deleted the new row that had taken the number of an old one.
#[test]
fn k10_a_session_deletes_no_row_that_came_after_its_scan() {
    let world = World::new();
    for name in ["com.a/.M", "com.z/.M"] {
        world.platform.set(name, App::new(name, 1));
    }
    world.session(&[&["com.a/.M", "com.z/.M"]]);
    let session = world.cache.begin_session();
    session.pass(vec![world.platform.named("com.a/.M")]);
    world.cache.package_removed(&package("com.z"));
    world.platform.set("com.n/.M", App::new("New", 9));
    world.get("com.n/.M");
    world.get("com.z/.M");
    session.finish();
    session.finish();
    drop(session);
    let world = world.restart();
    world.platform.calls();
    assert_eq!(shows(&world.get("com.n/.M")), Some(9));
    assert_eq!(shows(&world.get("com.z/.M")), Some(1), "nor one that came back");
    assert_eq!(world.platform.count(), 0);
}

/// K11: packages were reported as updated whose icon could not be drawn, in every session.
#[test]
fn k11_only_what_was_drawn_is_reported() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("A", 1));
    world.platform.set("com.b/.M", App::new("B", 2));
    let names: &[&str] = &["com.a/.M", "com.b/.M"];
    world.session(&[names]);
    world.platform.set("com.a/.M", App::new("A", 1).token("2").plain(Pixels::Default));
    world.platform.set("com.b/.M", App { token: None, ..App::new("B", 3) });
    for _ in 0..3 {
        assert_eq!(world.session(&[names]).0, []);
    }
}

/// K12: package entries and shortcuts stored the default picture as an ordinary icon.
#[test]
fn k12_no_default_icon_is_kept_for_packages_and_shortcuts_either() {
    for name in ["com.a/.", "com.a/s1", "com.a/.M"] {
        let world = World::new();
        world.platform.set(name, App::new("App", 1).plain(Pixels::Default));
        assert_eq!(world.get(name).kind, Kind::Default);
        let world = world.restart();
        world.platform.set(name, App::new("App", 2));
        assert_eq!(shows(&world.get(name)), Some(2), "{name}");
    }
}

/// K13: a null drawable made an empty picture that was kept as a good icon.
#[test]
fn k13_an_empty_picture_is_no_icon() {
    let world = World::new();
    let empty = Picture::new(8, 8, Form::Rgba, vec![0; 256]).unwrap();
    world.platform.set("com.a/.M", App::new("Main", 1));
    world.get("com.a/.M");
    world.platform.set("com.a/.M", App::new("Main", 1).token("2").plain(Pixels::Picture(empty.clone())));
    world.cache.package_changed(&package("com.a"));
    world.work();
    assert_eq!(shows(&world.get("com.a/.M")), Some(1), "it replaces nothing");
    world.platform.set("com.b/.M", App::new("B", 1).plain(Pixels::Picture(empty)));
    assert_eq!(world.get("com.b/.M").kind, Kind::Blank, "and stands for nothing");
}

/// K14: sessions made low entries in memory grow to full icons.
#[test]
fn k14_a_session_does_not_fill_the_memory() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 1));
    world.session(&[&["com.a/.M"]]);
    let world = world.restart();
    world.get_low("com.a/.M");
    world.platform.set("com.a/.M", App::new("Neu", 2).token("2"));
    world.session(&[&["com.a/.M"]]);
    assert_eq!(world.cache.health().figure("memory_pictures"), Some(0));
    assert_eq!(&*world.get_low("com.a/.M").label, "Neu");
    assert_eq!(shows(&world.get("com.a/.M")), Some(2));
}

/// K16: a session that was begun before a change of size went on under the old one.
#[test]
fn k16_a_session_of_another_size_does_nothing() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 1));
    world.session(&[&["com.a/.M"]]);
    let session = world.cache.begin_session();
    session.listed(ProfileSerial(0));
    world.cache.resize(16);
    world.get("com.a/.M");
    session.pass(vec![world.platform.named("com.b/.M")]);
    assert_eq!(session.step(), Progress::Idle);
    assert!(session.finish().is_empty());
    world.cache.trim(ferrule_icon_cache::memory::TrimLevel::Critical);
    assert_eq!(world.get("com.a/.M").tier, Tier::Store);
}

/// An exception of the provider went through every look-up, and ended an update with its rows deleted already.
#[test]
fn a_failing_provider_ends_no_look_up_and_no_session() {
    let world = World::new();
    for name in ["com.a/.M", "com.b/.M", "com.c/.M"] {
        world.platform.set(name, App::new(name, 1));
    }
    let names: &[&str] = &["com.a/.M", "com.b/.M", "com.c/.M"];
    world.session(&[names]);
    world.platform.set("com.a/.M", App { fails: true, ..App::new("A", 1).token("2") });
    world.platform.set("com.c/.M", App::new("C", 3).token("2"));
    let (notices, _) = world.session(&[names]);
    assert_eq!(notices.len(), 1, "the rest of the work is done");
    world.cache.package_changed(&package("com.a"));
    world.work();
    assert_eq!(shows(&world.get("com.a/.M")), Some(1));
    assert_eq!(world.cache.health().figure("provider_failures"), Some(2));
}

/// A serial that was nobody's fell back to the user's number, and showed another profile's row.
#[test]
fn a_removed_profile_is_shown_nobody_elses_icon() {
    let world = World::new();
    world.platform.set("com.a/.M#10", App::new("Work", 1));
    world
        .cache
        .set_profiles(&[(ProfileSerial(0), ProfileKind::Main), (ProfileSerial(10), ProfileKind::Work)]);
    world.get("com.a/.M#10");
    world.cache.set_profiles(&[(ProfileSerial(0), ProfileKind::Main)]);
    world.platform.remove("com.a/.M#10");
    assert_eq!(world.get("com.a/.M#10").kind, Kind::Blank);
    assert_eq!(world.get("com.a/.M#11").kind, Kind::Blank);
}

/// A package fallback whose package is unknown took away the title that the row had.
#[test]
fn a_fallback_takes_no_title_away() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 1).plain(Pixels::Unknown));
    let request = Request { use_package: true, ..Request::new(key("com.a/.M"), Variants::ICON) };
    let icon = world.cache.get(&request);
    assert_eq!((&*icon.label, icon.kind), ("Main", Kind::Blank));
}

/// An update whose new icon is the default one left no row at all: the good icon was lost.
#[test]
fn an_update_to_the_default_icon_keeps_the_good_one() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 1));
    world.get("com.a/.M");
    world.platform.set("com.a/.M", App::new("Main", 1).token("2").plain(Pixels::Default));
    world.cache.package_changed(&package("com.a"));
    while world.cache.work() {}
    let world = world.restart();
    assert_eq!(shows(&world.get("com.a/.M")), Some(1));
}
