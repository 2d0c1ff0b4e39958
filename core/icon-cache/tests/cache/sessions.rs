//! S6, S7 on the cache: what a session draws, deletes, reports and writes.

use std::collections::BTreeSet;
use std::fs;

use ferrule_icon_cache::key::{PackageOf, ProfileSerial};
use ferrule_icon_cache::lookup::{Kind, Pixels, ProfileKind, Progress};
use ferrule_icon_cache::session::Notice;

use crate::kit::{App, World, shows};

const APPS: [&str; 3] = ["com.a/.M", "com.b/.M", "com.c/.M"];

fn filled() -> World {
    let world = World::new();
    for (number, name) in (1..).zip(APPS) {
        world.platform.set(name, App::new(name, number));
    }
    assert_eq!(world.session(&[&APPS]), (Vec::new(), 0), "adds are silent");
    world.platform.calls();
    world
}

fn notice(packages: &[&str]) -> Vec<Notice> {
    let packages: BTreeSet<String> = packages.iter().map(|name| (*name).to_owned()).collect();
    vec![Notice { profile: ProfileSerial(0), packages }]
}

#[test]
fn a_session_fills_the_store_and_not_the_memory() {
    let world = filled();
    for name in APPS {
        assert_eq!(world.cache.known_keys(&PackageOf::new(&name[..5], ProfileSerial(0))), []);
        assert_eq!(world.get(name).kind, Kind::Icon);
    }
    assert_eq!(world.platform.count(), 0);
}

#[test]
fn a_session_that_repeats_writes_no_byte_and_asks_nobody() {
    let world = filled();
    world.cache.flush();
    let files = || {
        let mut files: Vec<_> = fs::read_dir(world.dir.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| (path.clone(), fs::read(path).unwrap()))
            .collect();
        files.sort();
        files
    };
    let before = files();
    assert_eq!(world.session(&[&APPS]), (Vec::new(), 0));
    assert_eq!(world.session(&[&APPS[2..], &APPS[..2]]), (Vec::new(), 0));
    assert!(files() == before, "not a byte");
    assert_eq!(world.platform.count(), 0);
}

#[test]
fn what_is_stale_is_drawn_and_reported_once() {
    let world = filled();
    world.platform.set("com.a/.M", App::new("A2", 11).token("2"));
    world.platform.set("com.b/.M", App::new("B2", 12).token("2"));
    assert_eq!(world.session(&[&APPS]), (notice(&["com.a", "com.b"]), 0));
    assert_eq!(shows(&world.get("com.a/.M")), Some(11));
    assert_eq!(world.session(&[&APPS]), (Vec::new(), 0));
}

#[test]
fn only_labels_are_asked_where_only_labels_changed() {
    let world = filled();
    world.platform.set("com.a/.M", App::new("Autre", 99).tokens("fr", "1"));
    assert_eq!(world.session(&[&APPS]).0, notice(&["com.a"]));
    let [(_, want)] = &world.platform.calls()[..] else { panic!("one call") };
    assert!(want.label && want.variants.is_empty());
    let icon = world.get("com.a/.M");
    assert_eq!((shows(&icon), &*icon.label), (Some(1), "Autre"));
}

#[test]
fn what_is_not_named_goes_at_the_end_and_an_abandoned_session_deletes_nothing() {
    let world = filled();
    {
        let session = world.cache.begin_session();
        session.pass(vec![world.platform.named("com.a/.M")]);
    }
    for name in APPS {
        assert_eq!(world.get(name).kind, Kind::Icon);
    }
    assert_eq!(world.platform.count(), 0);
    let session = world.cache.begin_session();
    session.pass(vec![world.platform.named("com.a/.M")]);
    session.spare(PackageOf::new("com.b", ProfileSerial(0)));
    assert_eq!(session.finish().keys.len(), 1);
    assert!(session.finish().is_empty(), "a second end does nothing");
    drop(session);
    let world = world.restart();
    world.get("com.b/.M");
    assert_eq!(world.platform.count(), 0);
    world.get("com.c/.M");
    assert_eq!(world.platform.count(), 1);
}

#[test]
fn a_profile_that_was_not_listed_keeps_its_rows_and_one_that_is_gone_does_not() {
    let world = World::new();
    world
        .cache
        .set_profiles(&[(ProfileSerial(0), ProfileKind::Main), (ProfileSerial(10), ProfileKind::Work)]);
    for name in ["com.a/.M", "com.a/.M#10", "com.b/.M#10"] {
        world.platform.set(name, App::new(name, 1));
    }
    world.session(&[&["com.a/.M", "com.a/.M#10", "com.b/.M#10"]]);
    assert_eq!(world.session(&[&["com.a/.M"]]).1, 0, "a locked profile lists nothing");
    assert_eq!(world.session(&[&["com.a/.M"], &["com.a/.M#10"]]).1, 1);
    let session = world.cache.begin_session();
    session.listed(ProfileSerial(10));
    assert_eq!(session.finish().keys.len(), 1);
}

#[test]
fn an_icon_that_cannot_be_drawn_stays_is_not_reported_and_is_not_asked_in_a_loop() {
    let world = filled();
    world.platform.set("com.a/.M", App::new("com.a/.M", 1).token("2").plain(Pixels::Default));
    for _ in 0..5 {
        assert_eq!(world.session(&[&APPS]), (Vec::new(), 0));
    }
    assert_eq!(world.platform.count(), 2);
    assert_eq!(shows(&world.get("com.a/.M")), Some(1));
    world.time.store(3_600_000, std::sync::atomic::Ordering::SeqCst);
    world.platform.set("com.a/.M", App::new("com.a/.M", 9).token("2"));
    assert_eq!(world.session(&[&APPS]).0, notice(&["com.a"]));
}

#[test]
fn urgent_requests_come_between_two_steps() {
    let world = World::new();
    for name in APPS {
        world.platform.set(name, App::new(name, 1));
    }
    let session = world.cache.begin_session();
    session.pass(APPS.iter().map(|name| world.platform.named(name)).collect());
    session.step();
    assert_eq!(world.get("com.c/.M").kind, Kind::Icon);
    while session.step() != ferrule_icon_cache::lookup::Progress::Idle {}
    let calls: Vec<String> = world.platform.calls().into_iter().map(|(key, _)| key).collect();
    assert_eq!(calls, ["com.a/com.a.M#0", "com.c/com.c.M#0", "com.b/com.b.M#0"], "and are not drawn twice");
    session.finish();
    assert_eq!(world.session(&[&APPS]), (Vec::new(), 0));
}

#[test]
fn a_session_that_overtakes_another_reports_what_that_has_drawn() {
    let world = filled();
    for name in APPS {
        world.platform.set(name, App::new(name, 11).token("2"));
    }
    let older = world.cache.begin_session();
    older.pass(APPS.iter().map(|name| world.platform.named(name)).collect());
    assert_eq!(older.step(), Progress::Step(None), "two are not drawn yet");
    assert_eq!(world.session(&[&APPS]).0, [notice(&["com.a"]), notice(&["com.b", "com.c"])].concat());
    assert_eq!(older.step(), Progress::Idle);
}

#[test]
fn a_package_that_changes_while_a_session_runs_is_not_the_sessions_to_delete() {
    let world = filled();
    let session = world.cache.begin_session();
    session.pass(vec![world.platform.named("com.a/.M")]);
    for (name, number) in [("com.b", 22), ("com.c", 23)] {
        world.platform.set(&format!("{name}/.M"), App::new(name, number).token("2"));
    }
    world.cache.package_changed(&PackageOf::new("com.b", ProfileSerial(0)));
    assert_eq!(session.finish().keys, [crate::kit::key("com.c/.M")]);
    world.work();
    assert_eq!(shows(&world.get("com.b/.M")), Some(22));
}

#[test]
fn profiles_are_known_by_what_is_stored_of_them_and_by_what_is_in_memory() {
    let world = World::new();
    for name in ["com.a/.M", "com.a/.M#10"] {
        world.platform.set(name, App::new(name, 1));
        world.get(name);
    }
    let profiles = [0, 10].map(ProfileSerial);
    assert_eq!(world.cache.known_profiles(), profiles);
    let world = world.restart();
    assert_eq!(world.cache.known_profiles(), profiles);
    world.cache.set_profiles(&[(ProfileSerial(0), ProfileKind::Main)]);
    assert_eq!(world.cache.known_profiles(), profiles[..1]);
}
