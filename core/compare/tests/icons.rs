//! Icons: the recomputed answer is the core's own, each flaw is named by proof alone, and a planted difference of the same
//! look stays unexplained (R57).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::sync::{Arc, Mutex};

use ferrule_compare::Comparison;
use ferrule_compare::icon::{self, Flaw, Input, Remembered};
use ferrule_icon_cache::compare::{Tolerance, compare as differences};
use ferrule_icon_cache::key::{Component, IconKey, PackageOf, ProfileSerial};
use ferrule_icon_cache::lookup::{
    Icon, IconCache, Kind, Millis, Options, Pixels, Provider, ProviderError, Rendered, Request, Want,
};
use ferrule_icon_cache::picture::{Form, Picture, Variant, Variants};
use ferrule_icon_cache::validity::Tokens;

fn picture(level: u8) -> Picture {
    Picture::new(4, 4, Form::Rgba, [level, level, level, 255].repeat(16)).unwrap()
}

fn mono(level: u8) -> Picture {
    Picture::new(4, 4, Form::Alpha, vec![level; 16]).unwrap()
}

fn remembered() -> Remembered {
    Remembered {
        label: "Camera".into(),
        colour: 0xFF11_2233,
        flags: 2,
        plain: picture(100),
        themed: Some(mono(50)),
    }
}

fn offered(label: Option<&str>, plain: Pixels, themed: Pixels) -> Rendered {
    Rendered {
        label: label.map(str::to_owned),
        plain,
        themed,
        colour: 0x00AA_BBCC,
        flags: 2,
        tokens: Some(Tokens::same("2")),
        ..Rendered::default()
    }
}

fn inputs() -> Vec<Input> {
    let blank = Picture::new(4, 4, Form::Rgba, vec![0; 64]).unwrap();
    let plains = [
        Pixels::Picture(picture(200)),
        Pixels::Default,
        Pixels::Picture(blank),
        Pixels::Unknown,
        Pixels::Live(picture(210)),
    ];
    let mut inputs = Vec::new();
    for wants in [Variants::COLOUR, Variants::ICON, Variants::THEMED] {
        for known in [None, Some(remembered())] {
            for label in [Some("Kamera"), Some(""), None] {
                for plain in &plains {
                    for themed in [Pixels::Absent, Pixels::Unknown, Pixels::Picture(mono(60))] {
                        inputs.push(Input {
                            package: "com.example.camera".into(),
                            wants,
                            remembered: known.clone(),
                            offered: offered(label, plain.clone(), themed),
                        });
                    }
                }
            }
        }
    }
    inputs
}

/// A platform that says what it is told to.
#[derive(Default)]
struct Script(Mutex<Rendered>);

impl Provider for Script {
    fn load(&self, _: &IconKey, want: Want) -> Result<Rendered, ProviderError> {
        let said = self.0.lock().unwrap().clone();
        let asked = |variant, pixels| if want.variants.has(variant) { pixels } else { Pixels::Unknown };
        Ok(Rendered {
            label: said.label.filter(|_| want.label),
            plain: asked(Variant::Plain, said.plain),
            themed: asked(Variant::Themed, said.themed),
            dark: Pixels::Absent,
            ..said
        })
    }
}

/// What the core's cache answers: it is told what is remembered, then that the package changed, then what is offered.
fn of_the_core(input: &Input) -> Icon {
    let folder = tempfile::tempdir().unwrap();
    let script = Arc::new(Script::default());
    let options = Options::new(4, Arc::new(Millis::default), Arc::new(|task| task()));
    let cache = IconCache::open(&folder.path().join("icons"), options, script.clone());
    let key = IconKey::new(Component::new(&input.package, ".Main"), ProfileSerial(0));
    if let Some(known) = &input.remembered {
        *script.0.lock().unwrap() = Rendered {
            label: Some(known.label.clone()),
            plain: Pixels::Picture(known.plain.clone()),
            themed: known.themed.clone().map_or(Pixels::Absent, Pixels::Picture),
            colour: known.colour,
            flags: known.flags,
            tokens: Some(Tokens::same("1")),
            ..Rendered::default()
        };
        cache.get(&Request::new(key.clone(), Variants::THEMED));
        cache.package_changed(&PackageOf::new(&input.package, ProfileSerial(0)));
    }
    *script.0.lock().unwrap() = input.offered.clone();
    // All of it is drawn again; then it is asked as the input asks.
    cache.get(&Request::new(key.clone(), Variants::THEMED));
    while cache.work() {}
    cache.get(&Request::new(key, input.wants))
}

#[test]
fn the_answer_computed_again_is_the_cores_own() {
    for input in inputs() {
        let (again, core) = (icon::candidate(&input), of_the_core(&input));
        assert_eq!(
            (again.kind, &again.label, again.colour, again.flags),
            (core.kind, &core.label, core.colour, core.flags),
            "{input:?}"
        );
        assert_eq!(differences(&core, &again, Tolerance::EXACT), [], "{input:?}");
    }
}

#[test]
fn each_flaw_is_named_by_proof_alone() {
    let mut explained = 0;
    for input in inputs() {
        let (legacy, candidate) = (icon::legacy_without(&input, &[]), icon::candidate(&input));
        match icon::compare(&input, &legacy, &candidate, Tolerance::EXACT) {
            Comparison::Match => assert_eq!(differences(&candidate, &legacy, Tolerance::EXACT), []),
            Comparison::Explained(codes) => {
                explained += 1;
                assert!(input.remembered.is_some(), "nothing could be forgotten: {input:?}");
                for flaw in Flaw::ALL.into_iter().filter(|flaw| codes.contains(&flaw.code())) {
                    let others: Vec<Flaw> = Flaw::ALL
                        .into_iter()
                        .filter(|one| *one != flaw && codes.contains(&one.code()))
                        .collect();
                    let without = icon::legacy_without(&input, &others);
                    assert_ne!(
                        differences(&candidate, &without, Tolerance::EXACT),
                        [],
                        "{flaw:?}: {input:?}"
                    );
                }
            }
            Comparison::Mismatch(found) => panic!("{found:?}: {input:?}"),
        }
    }
    assert!(explained > 20, "{explained}");
}

/// The picture that both have must be the same to within what renderers differ by; nothing else is rounded.
#[test]
fn pictures_within_the_tolerance_are_one_and_those_beyond_are_not() {
    let input = Input {
        package: "p".into(),
        wants: Variants::ICON,
        remembered: None,
        offered: offered(Some("A"), Pixels::Picture(picture(100)), Pixels::Absent),
    };
    let candidate = icon::candidate(&input);
    for (level, expected) in [(100, true), (102, true), (103, false)] {
        let mut legacy = icon::legacy_without(&input, &[]);
        legacy.pictures = vec![(Variant::Plain, picture(level))];
        let found = icon::compare(&input, &legacy, &candidate, Tolerance::RENDERED);
        assert_eq!(found == Comparison::Match, expected, "{level}: {found:?}");
    }
    let legacy = Icon { colour: candidate.colour ^ 1, ..candidate.clone() };
    assert!(matches!(
        icon::compare(&input, &legacy, &candidate, Tolerance::RENDERED),
        Comparison::Mismatch(found) if found[0].path == "colour"
    ));
}

#[test]
fn a_difference_that_only_looks_the_same_is_a_mismatch() {
    let input = |plain| Input {
        package: "p".into(),
        wants: Variants::ICON,
        remembered: Some(remembered()),
        offered: offered(Some("Camera"), plain, Pixels::Absent),
    };
    let forgot = input(Pixels::Default);
    let (legacy, candidate) = (icon::legacy_without(&forgot, &[]), icon::candidate(&forgot));
    assert_eq!((legacy.kind, candidate.kind), (Kind::Default, Kind::Icon));
    let verdict = |input: &Input, legacy: &Icon, candidate: &Icon| {
        icon::compare(input, legacy, candidate, Tolerance::RENDERED)
    };
    assert_eq!(verdict(&forgot, &legacy, &candidate), Comparison::Explained(vec!["IC_KEPT_GOOD_ICON"]));
    // The same two answers, but the platform did offer a picture: legacy had no reason to show the default icon.
    let drew = input(Pixels::Picture(picture(200)));
    let default = Icon { kind: Kind::Default, pictures: vec![], ..icon::legacy_without(&drew, &[]) };
    let ours = icon::candidate(&drew);
    assert!(matches!(verdict(&drew, &default, &ours), Comparison::Mismatch(_)), "planted in legacy");
    // Legacy forgot the icon, and the candidate shows one that nobody drew: the flaw does not excuse it.
    let wrong = Icon { pictures: vec![(Variant::Plain, picture(7))], ..candidate.clone() };
    assert!(matches!(verdict(&forgot, &legacy, &wrong), Comparison::Mismatch(_)), "planted in the candidate");
    // Nothing was remembered, and the candidate has an icon all the same.
    let unknown = Input { remembered: None, ..forgot.clone() };
    assert!(matches!(verdict(&unknown, &legacy, &candidate), Comparison::Mismatch(_)), "from nowhere");
    // A title lost for no reason is none that was forgotten.
    let untitled = Icon { label: "".into(), ..legacy.clone() };
    assert!(matches!(verdict(&forgot, &untitled, &candidate), Comparison::Mismatch(_)), "title");
}
