//! S5: many look-ups are the look-ups one by one.

use std::sync::Arc;

use ferrule_icon_cache::lookup::{Icon, Pixels, Request};
use ferrule_icon_cache::picture::{Variant, Variants};
use proptest::prelude::*;

use crate::kit::{App, Platform, World, folder, key};

#[test]
fn requests_for_one_icon_share_its_provider_call() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 1));
    let request = |wants| Request::new(key("com.a/.M"), wants);
    let none = Request { key: None, ..request(Variants::ICON) };
    let icons = world.cache.get_all(&[
        request(Variants::COLOUR),
        none,
        request(Variants::THEMED),
        request(Variants::ICON),
    ]);
    assert_eq!(world.platform.count(), 1);
    let pictures: Vec<usize> = icons.iter().map(|icon| icon.pictures.len()).collect();
    assert_eq!(pictures, [0, 0, 2, 1], "each has what it asked for");
}

#[test]
fn any_number_of_keys() {
    let world = World::new();
    let names: Vec<String> = (0..1_200).map(|number| format!("com.a/.M{number}")).collect();
    for name in &names {
        world.platform.set(name, App::new(name, 1));
    }
    let requests: Vec<Request> = names.iter().map(|name| Request::new(key(name), Variants::ICON)).collect();
    world.cache.get_all(&requests);
    let world = world.restart();
    world.platform.calls();
    let icons = world.cache.get_all(&requests);
    assert!(names.iter().zip(&icons).all(|(name, icon)| **name == *icon.label));
    assert_eq!(world.platform.count(), 0);
}

#[derive(Debug, Clone)]
struct Case {
    /// Per app: what the platform has, and whether the store has it from before.
    apps: Vec<(u8, bool)>,
    /// Which app, what of it, with the package's icon or not; the last are the keys in memory.
    requests: Vec<(usize, u8, bool)>,
    warm: Vec<usize>,
}

fn case() -> impl Strategy<Value = Case> {
    let apps = prop::collection::vec((0_u8..5, any::<bool>()), 4);
    let requests = prop::collection::vec((0_usize..6, 0_u8..4, any::<bool>()), 1..12);
    (apps, requests, prop::collection::vec(0_usize..4, 0..3)).prop_map(|(apps, requests, warm)| Case {
        apps,
        requests,
        warm,
    })
}

fn name(app: usize) -> String {
    // Two apps share a package; the last two are not there, one of them as the package of the first.
    ["com.a/.M", "com.a/.N", "com.b/.M#10", "com.b/.M", "com.c/.M", "com.a/."][app].to_owned()
}

fn app(kind: u8, number: u8) -> Option<App> {
    let app = App::new(&format!("App {number}"), number);
    match kind {
        0 => None,
        1 => Some(app.plain(Pixels::Default)),
        2 => Some(App { label: Some(String::new()), ..app }),
        3 => Some(App { fails: true, ..app }),
        _ => Some(app),
    }
}

/// A cache with the case's stores, and what it answers.
fn answers(case: &Case, bulk: bool) -> Vec<Icon> {
    let platform = Arc::new(Platform::default());
    let world = World::with(folder(), platform, |_| {});
    for (at, (_, stored)) in case.apps.iter().enumerate().filter(|(_, (_, stored))| *stored) {
        assert!(*stored);
        world.platform.set(&name(at), App::new("Before", 100 + u8::try_from(at).unwrap()));
        world.get(&name(at));
        world.platform.remove(&name(at));
    }
    let world = world.restart();
    for (at, (kind, _)) in case.apps.iter().enumerate() {
        if let Some(app) = app(*kind, u8::try_from(at).unwrap()) {
            world.platform.set(&name(at), app);
        }
    }
    case.warm.iter().for_each(|at| drop(world.get(&name(*at))));
    let wants = [Variants::COLOUR, Variants::ICON, Variants::THEMED, Variants::ICON.with(Variant::Dark)];
    let requests: Vec<Request> = case
        .requests
        .iter()
        .map(|(at, level, package)| Request {
            use_package: *package,
            ..Request::new(key(&name(*at)), wants[usize::from(*level)])
        })
        .collect();
    if bulk {
        world.cache.get_all(&requests)
    } else {
        requests.iter().map(|request| world.cache.get(request)).collect()
    }
}

/// Where an answer came from may differ: the second look-up for an icon finds it in memory.
fn seen(icon: &Icon) -> Icon {
    Icon { tier: ferrule_icon_cache::lookup::Tier::Nothing, ..icon.clone() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn bulk_is_many_look_ups(case in case()) {
        let bulk: Vec<Icon> = answers(&case, true).iter().map(seen).collect();
        let singles: Vec<Icon> = answers(&case, false).iter().map(seen).collect();
        prop_assert_eq!(bulk, singles);
    }
}
