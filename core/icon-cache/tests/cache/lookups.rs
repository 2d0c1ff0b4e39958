//! S2 to S4: what a look-up answers, whom it asks, and what it leaves behind.

use ferrule_icon_cache::key::{PackageOf, ProfileSerial};
use ferrule_icon_cache::lookup::{Kind, Pixels, ProfileKind, Request, Tier};
use ferrule_icon_cache::picture::{Form, Picture, Variant, Variants};
use ferrule_icon_cache::validity::Tokens;

use crate::kit::{App, World, key, mono, picture, shows};

#[test]
fn memory_then_store_then_provider() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 1));
    let first = world.get("com.a/.M");
    assert_eq!((shows(&first), first.tier, &*first.label), (Some(1), Tier::Provider, "Main"));
    assert_eq!(first.colour, 0xFFAA_0000, "a colour is opaque");
    assert_eq!(world.platform.count(), 1);
    assert_eq!(world.get("com.a/.M").tier, Tier::Memory);
    let world = world.restart();
    let stored = world.get("com.a/.M");
    assert_eq!(
        (shows(&stored), stored.tier, &*stored.label, stored.colour),
        (Some(1), Tier::Store, "Main", 0xFFAA_0000)
    );
    assert_eq!(world.get("com.a/.M").tier, Tier::Memory);
    assert_eq!(world.platform.count(), 0);
}

#[test]
fn a_level_satisfies_those_below_it_and_is_never_lowered() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 1));
    let themed = Request::new(key("com.a/.M"), Variants::THEMED);
    assert_eq!(world.cache.get(&themed).picture(Variant::Themed), Some(&mono(1)));
    assert_eq!(world.platform.count(), 1);
    let low = world.get_low("com.a/.M");
    assert_eq!((low.kind, low.pictures.len()), (Kind::Colour, 0), "an answer has what was asked for");
    assert_eq!(world.cache.get(&themed).tier, Tier::Memory);
    let world = world.restart();
    assert_eq!(world.get_low("com.a/.M").tier, Tier::Store);
    assert_eq!(world.cache.get(&themed).tier, Tier::Store);
    assert_eq!(world.platform.count(), 0);
}

#[test]
fn only_what_is_missing_is_asked() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 1));
    world.get("com.a/.M");
    world.platform.calls();
    world.cache.get(&Request::new(key("com.a/.M"), Variants::THEMED));
    let [(_, want)] = &world.platform.calls()[..] else { panic!("one call") };
    assert!(!want.label && !want.variants.has(Variant::Plain) && want.variants.has(Variant::Themed));
}

#[test]
fn a_themed_form_of_another_size_is_no_theme_and_no_failure() {
    let world = World::new();
    let mut app = App::new("Main", 1);
    app.themed = Pixels::Picture(Picture::new(4, 4, Form::Alpha, vec![9; 16]).unwrap());
    world.platform.set("com.a/.M", app);
    let themed = Request::new(key("com.a/.M"), Variants::THEMED);
    let icon = world.cache.get(&themed);
    assert_eq!((shows(&icon), icon.picture(Variant::Themed)), (Some(1), None));
    let world = world.restart();
    assert_eq!(world.cache.get(&themed).tier, Tier::Store, "that there is none is known");
    assert_eq!(world.platform.count(), 1);
}

#[test]
fn a_failed_look_up_leaves_nothing_behind() {
    let world = World::new();
    assert_eq!(world.get("com.a/.M").kind, Kind::Blank);
    assert_eq!(world.get_low("com.a/.M").kind, Kind::Blank);
    let package = PackageOf::new("com.a", ProfileSerial(0));
    assert_eq!(world.cache.known_keys(&package), []);
    world.platform.set("com.a/.M", App::new("Main", 1));
    world.cache.package_changed(&package);
    assert_eq!(shows(&world.get("com.a/.M")), Some(1), "and nothing satisfies later look-ups by accident");
}

#[test]
fn what_cannot_be_drawn_is_not_asked_in_a_loop() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 1).plain(Pixels::Default));
    for _ in 0..10 {
        let icon = world.get("com.a/.M");
        assert_eq!((icon.kind, &*icon.label), (Kind::Default, "Main"));
    }
    assert_eq!(world.platform.count(), 2);
    world.time.store(1_000, std::sync::atomic::Ordering::SeqCst);
    world.platform.set("com.a/.M", App::new("Main", 1));
    assert_eq!(shows(&world.get("com.a/.M")), Some(1));
}

#[test]
fn an_empty_label_is_the_package_name() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("", 1));
    assert_eq!(&*world.get("com.a/.M").label, "com.a");
}

#[test]
fn user_bits_are_those_of_the_profile_as_it_is_now() {
    let world = World::new();
    world.platform.set("com.a/.M#10", App::new("Main", 1));
    let profiles = |kind| [(ProfileSerial(0), ProfileKind::Main), (ProfileSerial(10), kind)];
    for (kind, flags) in
        [(ProfileKind::Work, 1), (ProfileKind::Clone, 4), (ProfileKind::Private, 8), (ProfileKind::Main, 0)]
    {
        world.cache.set_profiles(&profiles(kind));
        assert_eq!(world.get("com.a/.M#10").flags, flags, "{kind:?}");
    }
}

#[test]
fn skipping_memory_inserts_nothing_and_still_upgrades() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 1));
    let skip = Request { skip_memory: true, ..Request::new(key("com.a/.M"), Variants::ICON) };
    assert_eq!(shows(&world.cache.get(&skip)), Some(1));
    let package = PackageOf::new("com.a", ProfileSerial(0));
    assert_eq!(world.cache.known_keys(&package), []);
    assert_eq!(world.cache.get(&skip).tier, Tier::Store, "it was kept on disk");
    assert_eq!(world.get_low("com.a/.M").tier, Tier::Store);
    assert_eq!(world.cache.get(&skip).tier, Tier::Store);
    assert_eq!(world.cache.known_keys(&package).len(), 1);
}

#[test]
fn the_package_entry_steps_in_and_takes_no_title_away() {
    let world = World::new();
    world.platform.set("com.a/.", App::new("App", 7));
    let request = Request { use_package: true, ..Request::new(key("com.a/.M"), Variants::ICON) };
    let icon = world.cache.get(&request);
    assert_eq!((shows(&icon), &*icon.label, icon.tier), (Some(7), "App", Tier::Package));
    let mut app = App::new("Main", 1);
    app.plain = Pixels::Default;
    world.platform.set("com.a/.M", app);
    let icon = world.cache.get(&request);
    assert_eq!((shows(&icon), &*icon.label), (Some(7), "Main"), "no default where an icon is known");
}

#[test]
fn the_package_entry_keeps_its_icon_though_only_the_colour_was_asked() {
    let world = World::new();
    world.platform.set("com.a/.", App::new("App", 7));
    assert_eq!(world.get_low("com.a/.").kind, Kind::Colour);
    let world = world.restart();
    assert_eq!(shows(&world.get("com.a/.")), Some(7));
    assert_eq!(world.platform.count(), 1);
}

#[test]
fn an_expected_token_tells_what_is_stale_and_it_is_shown_until_there_is_better() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Old", 1));
    world.get("com.a/.M");
    world.platform.set("com.a/.M", App::new("New", 2).token("2"));
    world.platform.calls();
    let request =
        Request { expected: Some(Tokens::same("2")), ..Request::new(key("com.a/.M"), Variants::ICON) };
    let stale = world.cache.get(&request);
    assert_eq!((shows(&stale), stale.pixels_stale, stale.label_stale), (Some(1), true, true));
    assert_eq!(world.platform.count(), 0, "a stale hit calls nobody");
    assert_eq!(world.work(), 1);
    let fresh = world.cache.get(&request);
    assert_eq!((shows(&fresh), &*fresh.label, fresh.pixels_stale), (Some(2), "New", false));
    assert_eq!((world.platform.count(), world.work()), (1, 0));
}

#[test]
fn a_stale_row_is_shown_and_drawn_again() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Old", 1));
    world.get("com.a/.M");
    let world = world.restart();
    world.platform.set("com.a/.M", App::new("New", 2).token("2"));
    world.platform.calls();
    let request =
        Request { expected: Some(Tokens::same("2")), ..Request::new(key("com.a/.M"), Variants::ICON) };
    assert_eq!((shows(&world.cache.get(&request)), world.platform.count()), (Some(1), 0));
    world.work();
    assert_eq!(shows(&world.cache.get(&request)), Some(2));
    let world = world.restart();
    assert_eq!(shows(&world.cache.get(&request)), Some(2));
}

#[test]
fn without_a_token_nothing_is_kept_on_disk() {
    let world = World::new();
    let mut app = App::new("Main", 1);
    app.token = None;
    world.platform.set("com.a/.M", app);
    world.get("com.a/.M");
    assert_eq!(world.get("com.a/.M").tier, Tier::Memory);
    let world = world.restart();
    world.platform.calls();
    assert_eq!(world.get("com.a/.M").tier, Tier::Provider);
}

#[test]
fn a_clock_keeps_its_label_and_colour_and_is_drawn_in_each_process() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Clock", 1).plain(Pixels::Live(picture(1))));
    world.get("com.a/.M");
    assert_eq!(world.get("com.a/.M").tier, Tier::Memory);
    let world = world.restart();
    world.platform.calls();
    let low = world.get_low("com.a/.M");
    assert_eq!((&*low.label, low.tier), ("Clock", Tier::Store));
    world.platform.set("com.a/.M", App::new("Clock", 2).plain(Pixels::Live(picture(2))));
    assert_eq!(shows(&world.get("com.a/.M")), Some(2), "not the hands of yesterday");
}

#[test]
fn an_item_without_a_component_has_the_default_icon() {
    let world = World::new();
    let icon = world.cache.get(&Request { key: None, ..Request::new(key("com.a/.M"), Variants::ICON) });
    assert_eq!(icon.kind, Kind::Default);
    assert_eq!(world.platform.count(), 0);
}

#[test]
fn peeking_asks_nobody() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 1));
    let request = Request::new(key("com.a/.M"), Variants::ICON);
    assert_eq!(world.cache.peek(&request), None);
    world.get("com.a/.M");
    assert_eq!(world.cache.peek(&request).as_ref().and_then(shows), Some(1));
    assert_eq!(world.platform.count(), 1);
}
