//! What holds after any day: whatever is looked up, installed, updated, removed, drawn badly or restarted, in any order.
//!
//! * Nothing is shown in the place of an icon but a picture that was drawn for that key in that profile, and none is blank.
//! * Nothing is stored that is a default or a blank; a stored token is that of the provider's call that gave the pixels.
//! * A profile that is gone has no row; what of a key is gone stays gone until it is drawn again.

use ferrule_icon_cache::key::{PackageOf, ProfileSerial};
use ferrule_icon_cache::lookup::{Pixels, ProfileKind};
use ferrule_icon_cache::picture::{Form, Picture, Variant, Variants};
use ferrule_icon_cache::store::{OpenOptions, Store};
use proptest::prelude::*;

use crate::kit::{App, World, key, picture, shows};

/// Keys that are easily taken for each other: the same component in two profiles, names that begin alike, a package's own.
const NAMES: [&str; 6] = ["com.a/.M", "com.a/.M#10", "com.a/.", "com.ab/.M", "com.a/.N", "com.a.b/.M#10"];
const VERSIONS: u8 = 16;

#[derive(Debug, Clone)]
enum Step {
    /// The platform has this for a key from now on: nothing, a default, a blank picture, a failure, or an icon.
    Has(usize, u8),
    /// Somebody looks.
    Look(usize),
    /// The platform says that a package changed.
    Changed(usize),
    /// It was removed.
    Removed(usize),
    /// An update session over what the platform has.
    Session,
    /// The second profile is there, or not.
    Profile(bool),
    /// The background works.
    Work,
    /// The process ends and starts.
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let at = 0..NAMES.len();
    prop_oneof![
        4 => (at.clone(), 0_u8..8).prop_map(|(at, kind)| Step::Has(at, kind)),
        6 => at.clone().prop_map(Step::Look),
        2 => at.clone().prop_map(Step::Changed),
        1 => at.prop_map(Step::Removed),
        2 => Just(Step::Session),
        1 => any::<bool>().prop_map(Step::Profile),
        1 => Just(Step::Work),
        1 => Just(Step::Restart),
    ]
}

fn package(at: usize) -> PackageOf {
    key(NAMES[at]).package()
}

/// The number of a key's picture in a version; no other key has it.
fn number(at: usize, version: u8) -> u8 {
    u8::try_from(at).unwrap() * VERSIONS + version + 1
}

fn app(at: usize, kind: u8, version: u8) -> Option<App> {
    let app = App::new(NAMES[at], number(at, version)).token(&format!("{at} {version}"));
    match kind {
        0 => None,
        1 => Some(app.plain(Pixels::Default)),
        2 => Some(app.plain(Pixels::Picture(Picture::new(8, 8, Form::Rgba, vec![0; 256]).unwrap()))),
        3 => Some(App { fails: true, ..app }),
        4 => Some(App { token: None, ..app }),
        _ => Some(app),
    }
}

fn set_profile(world: &World, is_there: bool) {
    let all = [(ProfileSerial(0), ProfileKind::Main), (ProfileSerial(10), ProfileKind::Work)];
    world.cache.set_profiles(if is_there { &all } else { &all[..1] });
}

/// Lives through the day; answers the folder, and whether the second profile is there at its end.
fn live(steps: &[Step]) -> (World, bool) {
    let mut world = World::new();
    let (mut versions, mut has_profile) = ([0_u8; NAMES.len()], true);
    set_profile(&world, true);
    for step in steps {
        match step {
            Step::Has(at, kind) => {
                versions[*at] = (versions[*at] + 1) % VERSIONS;
                match app(*at, *kind, versions[*at]) {
                    Some(app) => world.platform.set(NAMES[*at], app),
                    None => world.platform.remove(NAMES[*at]),
                }
            }
            Step::Look(at) => {
                let icon = world.get(NAMES[*at]);
                if let Some(shown) = shows(&icon) {
                    let of = usize::from((shown - 1) / VERSIONS);
                    assert_eq!(of, *at, "{} shows the icon of {}", NAMES[*at], NAMES[of]);
                }
            }
            Step::Changed(at) => world.cache.package_changed(&package(*at)),
            Step::Removed(at) => world.cache.package_removed(&package(*at)),
            Step::Session => drop(world.session(&[&NAMES])),
            Step::Profile(is_there) => {
                has_profile = *is_there;
                set_profile(&world, has_profile);
            }
            Step::Work => drop(world.work()),
            Step::Restart => {
                world = world.restart();
                set_profile(&world, has_profile);
            }
        }
    }
    (world, has_profile)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn nothing_wrong_is_shown_or_stored_on_any_day(steps in prop::collection::vec(step(), 1..60)) {
        let (world, has_profile) = live(&steps);
        let file = world.file();
        world.cache.flush();
        let World { dir: _dir, cache, .. } = world;
        drop(cache);
        let mut store = Store::open(&file, OpenOptions::new(8));
        for row in store.scan().unwrap() {
            prop_assert!(has_profile || row.key.profile == ProfileSerial(0), "{}: its profile is gone", row.key);
        }
        for (at, name) in NAMES.iter().enumerate() {
            let found = store.read(&key(name), Variants::ICON);
            prop_assert_eq!(found.damaged, 0);
            let Some((_, row)) = found.pictures.first() else { continue };
            let picture_found = row.data.as_ref().and_then(|packed| packed.unpack(Variant::Plain)).unwrap();
            let version = (0..VERSIONS).find(|version| picture_found == picture(number(at, *version)));
            prop_assert!(version.is_some(), "{} has a picture that was never drawn for it", name);
            let token = format!("{at} {}", version.unwrap());
            prop_assert_eq!(row.origin.token.as_str(), &token, "{}", name);
        }
    }
}
