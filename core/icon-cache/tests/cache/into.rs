//! Look-ups into the caller's memory are the look-ups themselves; a slot never shows anything but its answer.

use std::sync::Arc;

use ferrule_icon_cache::lookup::{Icon, Kind, Place, Placed, Request, Tier, place};
use ferrule_icon_cache::picture::{Picture, Variant, Variants};
use proptest::prelude::*;

use crate::kit::{App, Platform, World, folder, key};

/// Two pictures of 8 × 8 and one of alpha.
const SLOT: usize = 256 * 2 + 64;

fn request(name: &str, wants: Variants, forget: bool) -> Request {
    Request { skip_memory: forget, ..Request::new(key(name), wants) }
}

/// A slot of the same pictures as an answer has.
fn expected(icon: &Icon, wants: Variants) -> (Vec<Variant>, Vec<u8>) {
    let mut slot = vec![0xEE; SLOT];
    let placed = place(icon.clone(), wants, &mut slot);
    (placed.places.iter().map(|place| place.variant).collect(), slot)
}

fn variants(placed: &Placed) -> Vec<Variant> {
    placed.places.iter().map(|place| place.variant).collect()
}

#[test]
fn what_is_not_to_be_remembered_is_unpacked_into_the_slot_and_nowhere_else() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 7));
    world.cache.get(&request("com.a/.M", Variants::THEMED, false));
    let world = world.restart();
    let mut slot = [0xEE; SLOT];
    let placed = world.cache.get_into(&request("com.a/.M", Variants::THEMED, true), &mut slot);
    assert_eq!((placed.icon.kind, placed.icon.tier, &*placed.icon.label), (Kind::Icon, Tier::Store, "Main"));
    let themed = Place { variant: Variant::Themed, width: 8, height: 8, at: 256 };
    assert_eq!(placed.places, [Place { variant: Variant::Plain, at: 0, ..themed }, themed]);
    assert_eq!((&slot[..4], &slot[256..320]), (&[7, 0, 248, 255][..], &[7; 64][..]));
    assert!(slot[320..].iter().all(|byte| *byte == 0), "the rest of the slot is zero");
    assert_eq!(world.cache.health().figure("memory_entries"), Some(0));
    assert_eq!(world.cache.health().figure("hits_store"), Some(1));
    assert_eq!(world.cache.peek_into(&request("com.a/.M", Variants::ICON, true), &mut slot), None);
    // And a hit in memory is copied from there.
    world.get("com.a/.M");
    let peeked = world.cache.peek_into(&request("com.a/.M", Variants::ICON, true), &mut slot).unwrap();
    assert_eq!((peeked.icon.tier, slot[0], slot[256]), (Tier::Memory, 7, 0));
    assert_eq!(world.platform.count(), 1);
}

#[test]
fn a_slot_that_is_too_small_is_cleared_and_says_what_it_needs() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 7));
    world.get("com.a/.M");
    let world = world.restart();
    for forget in [true, false] {
        let mut slot = [0xEE; 255];
        let placed = world.cache.get_into(&request("com.a/.M", Variants::ICON, forget), &mut slot);
        assert_eq!((placed.needed, placed.places.len(), placed.icon.kind), (Some(256), 0, Kind::Icon));
        assert_eq!(slot, [0; 255]);
    }
    let both = [request("com.a/.M", Variants::ICON, true), request("com.a/.M", Variants::ICON, true)];
    let mut arena = [0xEE; 256];
    let mut needed = Vec::new();
    world.cache.get_all_into(&both, &mut arena, 256, |_, placed| needed.push(placed.needed));
    assert_eq!(needed, [None, Some(256)], "an arena that ends too early keeps nobody else back");
}

#[test]
fn what_is_stale_in_the_store_is_shown_and_drawn_again() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 7));
    world.get("com.a/.M");
    world.platform.set("com.a/.M", App::new("Newer", 8).token("2"));
    let world = world.restart();
    world.platform.calls();
    let expected = Some(ferrule_icon_cache::validity::Tokens::same("2"));
    let asked = Request { expected, ..request("com.a/.M", Variants::ICON, true) };
    let mut slot = [0; SLOT];
    let placed = world.cache.get_into(&asked, &mut slot);
    assert_eq!((slot[0], placed.icon.label_stale, placed.icon.pixels_stale), (7, true, true));
    assert_eq!((world.platform.count(), world.work(), world.platform.count()), (0, 1, 1));
    let placed = world.cache.get_into(&asked, &mut slot);
    assert_eq!((slot[0], placed.icon.pixels_stale, &*placed.icon.label), (8, false, "Newer"));
}

#[test]
fn a_damaged_row_is_drawn_again_and_never_shown() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 7));
    world.get("com.a/.M");
    world.cache.flush();
    world.cache.close();
    // Under a header that holds, bytes that are no picture.
    let connection = rusqlite::Connection::open(world.file()).unwrap();
    let changed = connection.execute("UPDATE blobs SET data = zeroblob(40)", []);
    assert!(changed.is_ok(), "{changed:?}");
    drop(connection);
    let world = World::with(world.dir, world.platform, |_| {});
    world.platform.calls();
    let mut slot = [0xEE; SLOT];
    let placed = world.cache.get_into(&request("com.a/.M", Variants::ICON, true), &mut slot);
    assert_eq!((placed.icon.tier, slot[0], world.platform.count()), (Tier::Provider, 7, 1));
}

#[test]
fn after_a_close_the_file_is_free_and_look_ups_go_on() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 7));
    world.get("com.a/.M");
    let told = Arc::new(crate::kit::Told::default());
    world.cache.request(
        request("com.b/.M", Variants::ICON, false),
        ferrule_icon_cache::lookup::requests::Priority::Visible,
        None,
        Arc::clone(&told) as _,
    );
    world.cache.close();
    world.main.run();
    assert_eq!(told.all(), ["ended false"]);
    let mut store =
        ferrule_icon_cache::store::Store::open(&world.file(), ferrule_icon_cache::store::OpenOptions::new(8));
    assert!(store.last_error().is_none() && store.read(&key("com.a/.M"), Variants::ICON).label.is_some());
    world.cache.flush();
    assert_eq!(&*world.get("com.a/.M").label, "Main");
    assert_eq!(&*world.get("com.b/.M").label, "");
}

fn app(kind: u8, number: u8) -> Option<App> {
    use ferrule_icon_cache::lookup::Pixels;
    let app = App::new(&format!("App {number}"), number);
    match kind {
        0 => None,
        1 => Some(app.plain(Pixels::Default)),
        2 => Some(App { label: Some(String::new()), ..app }),
        3 => Some(App { themed: Pixels::Absent, ..app }),
        4 => Some(App { plain: Pixels::Live(crate::kit::picture(number)), ..app }),
        _ => Some(app),
    }
}

#[derive(Debug, Clone)]
struct Case {
    /// Per app: what the platform has; whether the store has it, and memory.
    apps: Vec<(u8, bool, bool)>,
    /// Which app, at which level, whether it is not to be remembered.
    requests: Vec<(usize, usize, bool)>,
}

const LEVELS: [Variants; 5] =
    [Variants::COLOUR, Variants::ICON, Variants::THEMED, Variants::DARK, Variants::ALL];

fn case() -> impl Strategy<Value = Case> {
    let apps = prop::collection::vec((0_u8..7, any::<bool>(), any::<bool>()), 4);
    let requests = prop::collection::vec((0_usize..5, 0..LEVELS.len(), any::<bool>()), 1..10);
    (apps, requests).prop_map(|(apps, requests)| Case { apps, requests })
}

/// A cache as the case describes it.
fn world(case: &Case) -> World {
    let world = World::with(folder(), Arc::new(Platform::default()), |_| {});
    let name = |at: usize| format!("com.a{at}/.M");
    let all = |at: usize| Request::new(key(&name(at)), Variants::ALL);
    for (at, (kind, ..)) in case.apps.iter().enumerate() {
        if let Some(app) = app(*kind, u8::try_from(at).unwrap() + 1) {
            world.platform.set(&name(at), app);
        }
    }
    let stored = |at: &usize| case.apps[*at].1;
    (0..case.apps.len()).filter(stored).for_each(|at| drop(world.cache.get(&all(at))));
    let world = world.restart();
    let known = |at: &usize| case.apps[*at].2;
    (0..case.apps.len()).filter(known).for_each(|at| drop(world.cache.get(&all(at))));
    world
}

fn requests(case: &Case) -> Vec<Request> {
    let of = |(at, level, forget): &(usize, usize, bool)| {
        request(&format!("com.a{at}/.M"), LEVELS[*level], *forget)
    };
    case.requests.iter().map(of).collect()
}

/// Where an answer came from may differ: the second look-up for an icon may find it in memory.
fn seen(icon: &Icon) -> Icon {
    Icon { tier: Tier::Nothing, pictures: Vec::new(), ..icon.clone() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn into_is_the_look_up_and_bulk_is_many(case in case()) {
        let requests = requests(&case);
        let (plain, single, bulk) = (world(&case), world(&case), world(&case));
        let mut arena = vec![0xEE; SLOT * requests.len()];
        let mut answers = Vec::new();
        bulk.cache.get_all_into(&requests, &mut arena, SLOT, |at, placed| {
            assert_eq!(at, answers.len());
            answers.push(placed);
        });
        for ((request, bulk), slot_of_bulk) in requests.iter().zip(&answers).zip(arena.chunks(SLOT)) {
            let icon = plain.cache.get(request);
            let (pictures, pixels) = expected(&icon, request.wants);
            let mut slot = vec![0xEE; SLOT];
            let placed = single.cache.get_into(request, &mut slot);
            prop_assert_eq!(seen(&placed.icon), seen(&icon));
            prop_assert_eq!(variants(&placed), pictures.clone());
            prop_assert_eq!(&slot, &pixels);
            prop_assert_eq!(seen(&bulk.icon), seen(&icon));
            prop_assert_eq!(variants(bulk), pictures);
            prop_assert_eq!(slot_of_bulk, &pixels[..]);
        }
        // A picture is known by its sides: what a slot of the largest picture needs can be said beforehand.
        prop_assert!(Picture::size(8, 8, Variant::Plain.form()).unwrap() <= SLOT);
    }
}
