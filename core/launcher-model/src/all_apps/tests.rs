//! Tables and properties of the app list; Launcher3's exact answers are the conformance data's part.

use std::cmp::Ordering;

use proptest::prelude::*;

use crate::intent::ComponentName;

use super::*;

/// Compares by text and names the first letter, as a locale without surprises would.
struct Plain;

impl Collator for Plain {
    fn compare(&self, a: &str, b: &str) -> Ordering {
        a.to_lowercase().cmp(&b.to_lowercase())
    }
}

impl SectionNamer for Plain {
    fn bucket_label(&self, label: &str) -> String {
        label
            .chars()
            .next()
            .filter(char::is_ascii_alphabetic)
            .map(|c| c.to_uppercase().to_string())
            .unwrap_or_default()
    }
}

fn activity(name: &str) -> ActivityState {
    let component = ComponentName::new(format!("org.{name}"), format!("org.{name}.Main"));
    ActivityState { component, label: name.to_owned(), archived: false, suspended: false, system: false }
}

fn profile(serial: i64, names: &[&str]) -> AllAppsProfile {
    let activities = names.iter().map(|name| activity(name)).collect();
    let user_id = i32::try_from(serial).unwrap();
    AllAppsProfile { serial, user_id, kind: ProfileType::Other, quiet: false, activities }
}

fn platform(profiles: Vec<AllAppsProfile>) -> AllAppsPlatform {
    AllAppsPlatform {
        profiles,
        sessions: Vec::new(),
        promise_apps: false,
        shortcut_permission: true,
        quiet_change_permission: false,
        private_space: true,
    }
}

#[test]
fn labels_are_trimmed_as_legacy_trims_them() {
    for (label, expected) in [
        ("Maps", "Maps"),
        ("  Maps  ", "Maps  "),
        ("\u{3000}|Maps", "Maps"),
        ("\n", ""),
        (" a\nb", " a\nb"),
        (" a\n ", "a"),
        ("\u{200B}a", "\u{200B}a"),
        ("", ""),
    ] {
        assert_eq!(trim_label(label), expected, "{label:?}");
    }
}

/// C.7: what an index without a name for a label falls back on.
#[test]
fn sections_without_a_bucket() {
    for (label, expected) in
        [("mail", "M"), ("9gag", "#"), ("٣", "#"), ("Ж", "∙"), ("!", "∙"), ("", ""), ("ा", "∙")]
    {
        assert_eq!(section_name(label, &Plain), expected, "{label:?}");
    }
    let japanese = LabelKeys { japanese: true, ..LabelKeys::default() };
    assert_eq!(section_name("漢", &japanese), "他");
}

#[test]
fn letters_and_digits_come_first() {
    let order = |a: &str, b: &str| compare_labels(a, b, &Plain);
    assert_eq!(order("zoo", "!a"), Ordering::Less);
    assert_eq!(order("!a", "9"), Ordering::Greater);
    assert_eq!(order("", "!"), Ordering::Less);
    // A letter number and a combining sign are neither letter nor digit.
    assert_eq!(order("Ⅷ", "z"), Ordering::Greater);
    assert_eq!(order("\u{301}a", "z"), Ordering::Greater);
}

/// MORE P2: an entry of the current user is less than itself.
#[test]
fn the_comparator_contradicts_itself_as_legacy_does() {
    let entry = |profile| AppEntry::new(ComponentName::new("a", "a.B"), profile, 0);
    assert_eq!(compare_apps(&entry(3), &entry(3), 3, &Plain), Ordering::Less);
    assert_eq!(compare_apps(&entry(3), &entry(1), 3, &Plain), Ordering::Less);
    assert_eq!(compare_apps(&entry(1), &entry(3), 3, &Plain), Ordering::Less);
    let first = display_order(&[entry(1), entry(3)], 3, &Plain);
    let second = display_order(&[entry(3), entry(1)], 3, &Plain);
    assert_eq!((first, second), (vec![1, 0], vec![1, 0]));
}

/// MORE P3: one profile without activities blanks what came before it.
#[test]
fn an_empty_profile_ends_the_loading() {
    let loaded =
        load_all_apps(&platform(vec![profile(0, &["mail"]), profile(10, &[])]), AppFilter::default(), &Plain);
    assert_eq!((loaded.ended_at, loaded.flags), (Some(10), 0));
    assert_eq!(loaded.code(), Some("LM_ALL_APPS_EMPTY_PROFILE"));
    let entry = &loaded.list.entries()[0];
    assert_eq!((entry.title.as_str(), entry.section.as_str(), entry.has_icon), ("", "", false));
    let loaded = load_all_apps(&platform(vec![profile(0, &["mail"])]), AppFilter::default(), &Plain);
    assert_eq!(loaded.list.entries()[0].section, "M");
    assert_eq!(loaded.flags, model_flag::SHORTCUT_PERMISSION);
}

#[test]
fn quiet_profiles_are_reported_in_two_ways() {
    for (private_space, expected) in [(true, 1 | 8 | 16), (false, 1 | 2)] {
        let mut work = profile(10, &["mail"]);
        (work.kind, work.quiet) = (ProfileType::Work, true);
        let mut private = profile(11, &["mail"]);
        (private.kind, private.quiet) = (ProfileType::Private, true);
        let mut platform = platform(vec![profile(0, &["mail"]), work, private]);
        platform.private_space = private_space;
        let loaded = load_all_apps(&platform, AppFilter::default(), &Plain);
        assert_eq!(loaded.flags, expected);
        assert_eq!(loaded.list.entries()[2].runtime_flags, 128 | 8 | 8192);
    }
}

#[test]
fn keys_from_the_platform_answer_both_questions() {
    let mut keys = LabelKeys::default();
    keys.labels.insert("b".into(), (vec![1], "X".into()));
    keys.labels.insert("a".into(), (vec![2], "Y".into()));
    assert_eq!(keys.compare("b", "a"), Ordering::Less);
    assert_eq!(keys.compare("a", "unknown"), Ordering::Less);
    assert_eq!(section_name(" b", &keys), "X");
}

fn sources(indices: &[u8]) -> Vec<AppSource> {
    let name = |index: &u8| ComponentName::new("org.x", format!("org.x.A{index}"));
    indices.iter().map(|index| AppSource { component: name(index), label: format!("l{index}") }).collect()
}

proptest! {
    /// SPEC-12: updating and removing packages gives the same set as loading afresh; the list stays unique.
    #[test]
    fn updates_equal_a_fresh_load(steps in prop::collection::vec((0i64..3, prop::collection::vec(0u8..6, 0..5)), 0..12)) {
        let mut list = AppList::default();
        let mut last = std::collections::BTreeMap::new();
        for (profile, indices) in &steps {
            let change = if indices.is_empty() {
                list.remove_package("org.x", *profile)
            } else {
                list.update_package("org.x", &sources(indices), *profile, 0, &Plain)
            };
            prop_assert!(change.removed.is_empty() || change.changed);
            last.insert(*profile, indices.clone());
        }
        let mut actual: Vec<AppKey> = list.entries().iter().map(|entry| entry.key.clone()).collect();
        let mut expected: Vec<AppKey> = last
            .iter()
            .flat_map(|(profile, indices)| {
                sources(indices).into_iter().map(|source| AppKey { component: source.component, profile: *profile })
            })
            .collect();
        actual.sort();
        expected.sort();
        expected.dedup();
        prop_assert_eq!(actual, expected);
    }

    #[test]
    fn no_label_panics(label in "\\PC*|[ |\n\t\r]{0,8}") {
        section_name(&label, &Plain);
        compare_labels(&label, trim_label(&label), &Plain);
    }
}

#[test]
fn one_empty_profile_costs_no_labels() {
    // Symptom: all apps lose their names and icons, in every profile. Cause: loading ends at the first profile without
    // activities, before the bulk request for titles (J.1.14, MORE P3: load_empty/0, /4).
    for profiles in
        [vec![profile(0, &["mail"]), profile(10, &[])], vec![profile(10, &[]), profile(0, &["mail"])]]
    {
        let theirs = load_all_apps(&platform(profiles.clone()), AppFilter::default(), &Plain);
        assert!(theirs.list.entries().iter().all(|entry| entry.title.is_empty()));
        let ours = load_every_profile(&platform(profiles), AppFilter::default(), &Plain);
        let titles: Vec<&str> = ours.list.entries().iter().map(|entry| entry.title.as_str()).collect();
        assert_eq!(
            (titles.len(), ours.ended_at, titles.iter().any(|title| title.is_empty())),
            (1, None, false)
        );
    }
}
