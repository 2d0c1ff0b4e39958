//! What AOSP's own cache was seen to do wrong, each as a test of what ours does instead. The names are those of the findings:
//! K1 to K18 all, and of the further facts those that can be seen in a cache (the others are of Android's classes).

use ferrule_icon_cache::key::{PackageOf, ProfileSerial};
use ferrule_icon_cache::lookup::{Install, Kind, Pixels, ProfileKind, Progress, Request, Tier};
use ferrule_icon_cache::picture::{Form, Picture, Variants};
use ferrule_icon_cache::session::Named;
use ferrule_icon_cache::validity::Tokens;
use rusqlite::Connection;

use crate::kit::{App, World, key, picture, shows};

fn package(name: &str) -> PackageOf {
    PackageOf::new(name, ProfileSerial(0))
}

fn flags(world: &World, name: &str, wants: Variants) -> u32 {
    world.cache.get(&Request::new(key(name), wants)).flags
}

/// K1: a package entry that was fresh from the system had no flags at level 0; the same from the table had them.
#[test]
fn k1_a_package_entry_has_its_flags_at_every_level() {
    let world = World::new();
    world
        .cache
        .set_profiles(&[(ProfileSerial(0), ProfileKind::Main), (ProfileSerial(10), ProfileKind::Work)]);
    world.platform.set("com.a/.#10", App { flags: 2, ..App::new("Instant", 1) });
    assert_eq!(flags(&world, "com.a/.#10", Variants::COLOUR), 1 | 2, "fresh");
    let world = world.restart();
    world
        .cache
        .set_profiles(&[(ProfileSerial(0), ProfileKind::Main), (ProfileSerial(10), ProfileKind::Work)]);
    assert_eq!(flags(&world, "com.a/.#10", Variants::COLOUR), 1 | 2, "stored");
    assert_eq!(flags(&world, "com.a/.#10", Variants::ICON), 1 | 2);
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

/// K3: an install without a picture was taken for one, and showed a blank entry; one without a title took the old entry away.
#[test]
fn k3_an_install_needs_a_title_and_a_picture_and_else_changes_nothing() {
    let empty = Picture::new(8, 8, Form::Rgba, vec![0; 256]).unwrap();
    assert_eq!(Install::new("Installing", empty, 0), None);
    assert_eq!(Install::new("", picture(7), 0), None);
    let world = World::new();
    world.platform.set("com.a/.", App::new("App", 1));
    world.get("com.a/.");
    world.cache.install(&package("com.a"), Install::new("", picture(7), 0));
    assert_eq!(shows(&world.get("com.a/.")), Some(1));
    world.cache.install(&package("com.a"), Install::new("Installing", picture(7), 0));
    assert_eq!(shows(&world.get("com.a/.")), Some(7));
}

/// K4: a file without a version kept its rows under a new one, and one without its table was never repaired.
#[test]
fn k4_a_file_that_lost_its_version_or_a_table_is_made_whole() {
    for sql in [
        "DELETE FROM meta",
        "DELETE FROM meta WHERE key = 'min_reader'",
        "DROP TABLE icons",
        "DROP TABLE pictures",
        "DROP TABLE blobs",
        "DROP TABLE meta",
    ] {
        let world = World::new();
        world.platform.set("com.a/.M", App::new("Main", 1));
        world.get("com.a/.M");
        world.cache.flush();
        let file = world.file();
        let World { dir, platform, cache, .. } = world;
        drop(cache);
        Connection::open(&file).unwrap().execute_batch(sql).unwrap();
        let world = World::with(dir, platform, |_| {});
        assert_eq!(shows(&world.get("com.a/.M")), Some(1), "{sql}");
        let world = world.restart();
        world.platform.calls();
        assert_eq!((shows(&world.get("com.a/.M")), world.platform.count()), (Some(1), 0), "{sql}: kept");
    }
}

/// K5: a change of size forgot which picture was the default one, and then took the default icon for a real one.
#[test]
fn k5_after_a_change_of_size_the_default_icon_is_still_none() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 1).plain(Pixels::Default));
    assert_eq!(world.get("com.a/.M").kind, Kind::Default);
    world.cache.resize(16);
    assert_eq!(world.get("com.a/.M").kind, Kind::Default);
    assert_eq!(world.cache.health().figure("memory_pictures"), Some(0));
    world.platform.set("com.a/.M", App::new("Main", 2));
    world.get("com.a/.M");
    assert_eq!(shows(&world.get("com.a/.M")), Some(2));
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

/// K8: "no theme" and "not known" were one value, so that what has no theme was asked for it in every process.
#[test]
fn k8_what_has_no_theme_is_not_asked_for_it_again() {
    let world = World::new();
    world.platform.set("com.a/.M", App { themed: Pixels::Absent, ..App::new("Main", 1) });
    let request = Request::new(key("com.a/.M"), Variants::THEMED);
    world.cache.get(&request);
    let world = world.restart();
    world.platform.calls();
    let icon = world.cache.get(&request);
    assert_eq!((icon.tier, icon.pictures.len(), world.platform.count()), (Tier::Store, 1, 0));
}

/// K9: of two items of a package the first decided, even if it knew nothing of the application.
#[test]
fn k9_an_item_that_knows_nothing_of_its_package_hides_no_other_that_does() {
    for order in [[0, 1], [1, 0]] {
        let world = World::new();
        for name in ["com.a/.M", "com.a/.N", "com.a/."] {
            world.platform.set(name, App::new(name, 1));
        }
        world.session(&[&["com.a/.M", "com.a/.N", "com.a/."]]);
        let session = world.cache.begin_session();
        let knows = Named { app_tokens: Some(Tokens::same("1")), ..world.platform.named("com.a/.M") };
        let items = [world.platform.named("com.a/.N"), knows];
        session.pass(order.iter().map(|at: &usize| items[*at].clone()).collect());
        assert!(session.finish().is_empty(), "the package's own row is kept");
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

/// K15: a file of garbage was noticed only where something was read or written.
#[test]
fn k15_a_file_of_garbage_is_made_anew_when_it_is_opened() {
    let world = World::new();
    let file = world.file();
    let World { dir, platform, cache, .. } = world;
    drop(cache);
    std::fs::write(&file, b"garbage, and more of it".repeat(400)).unwrap();
    let world = World::with(dir, platform, |_| {});
    assert_eq!(world.cache.health().figure("store_recoveries"), Some(1));
    world.platform.set("com.a/.M", App::new("Main", 1));
    world.get("com.a/.M");
    let world = world.restart();
    assert_eq!(world.get("com.a/.M").tier, Tier::Store);
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

/// K17: bulk gave deep shortcuts nothing at all, though there was a row. K18: an item without a component had its picture from
/// bulk and its title from nobody.
#[test]
fn k17_k18_bulk_answers_shortcuts_and_items_without_a_component_as_single_look_ups_do() {
    let world = World::new();
    world.platform.set("com.a/shortcut-1", App::new("Shortcut", 3));
    let shortcut = Request::new(key("com.a/shortcut-1"), Variants::ICON);
    let nothing = Request { key: None, ..shortcut.clone() };
    let low = Request { wants: Variants::COLOUR, ..nothing.clone() };
    world.cache.get(&shortcut);
    let requests = [nothing, shortcut, low];
    let singles: Vec<_> = requests.iter().map(|request| world.cache.get(request)).collect();
    assert_eq!(world.cache.get_all(&requests), singles);
    assert_eq!(shows(&singles[1]), Some(3));
    assert_eq!((singles[0].kind, &*singles[0].label), (Kind::Default, ""));
}

/// A package that was removed while its update was queued came back as rows.
#[test]
fn a_package_that_is_removed_while_its_update_is_queued_does_not_come_back() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 1));
    world.get("com.a/.M");
    world.platform.set("com.a/.M", App::new("Main", 2).token("2"));
    world.cache.package_changed(&package("com.a"));
    world.platform.remove("com.a/.M");
    world.cache.package_removed(&package("com.a"));
    world.work();
    let world = world.restart();
    assert_eq!(world.get("com.a/.M").kind, Kind::Blank);
}

/// LIKE took `_` and `%` for wildcards and letters of either case for equal: an update deleted rows of other packages.
#[test]
fn an_event_of_a_package_concerns_exactly_that_package() {
    let world = World::new();
    let others = ["com.aXb/.M", "com.A_b/.M", "com.a_b.c/.M", "com.a_bc/.M", "com.a%/.M"];
    for name in others.into_iter().chain(["com.a_b/.M"]) {
        world.platform.set(name, App::new(name, 1));
        world.get(name);
    }
    world.cache.package_removed(&package("com.a_b"));
    world.cache.package_changed(&package("com.a%"));
    let world = world.restart();
    world.platform.calls();
    for name in others {
        let icon = world.get(name);
        assert_eq!((shows(&icon), icon.pixels_stale), (Some(1), name == "com.a%/.M"), "{name}");
    }
    assert_eq!(world.platform.count(), 0);
}

/// A profile that changed its kind kept its old flags until the next start.
#[test]
fn a_profile_that_changes_its_kind_is_shown_as_what_it_is_at_once() {
    let world = World::new();
    world.platform.set("com.a/.M", App { flags: 2, ..App::new("Main", 1) });
    let become_of = |kind| world.cache.set_profiles(&[(ProfileSerial(0), kind)]);
    for (kind, bits) in [(ProfileKind::Main, 0), (ProfileKind::Private, 8), (ProfileKind::Work, 1)] {
        become_of(kind);
        assert_eq!(flags(&world, "com.a/.M", Variants::ICON), bits | 2, "{kind:?}");
    }
}

/// A closed cache opened its file again at the next look-up, and nobody closed it any more.
#[test]
fn a_closed_cache_leaves_its_file_to_others() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 1));
    world.get("com.a/.M");
    world.cache.close();
    world.platform.set("com.b/.M", App::new("B", 2));
    assert_eq!(shows(&world.get("com.b/.M")), Some(2), "look-ups go on");
    world.cache.flush();
    let other = Connection::open(world.file()).unwrap();
    let rows: i64 = other.query_row("SELECT count(*) FROM icons", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 1, "and write nothing");
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
