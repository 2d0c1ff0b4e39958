//! A random phone: profiles, packages, activities, shortcuts, sessions, widgets, in the words of a load case.

use serde_json::{Map, Value, json};

use crate::random::Random;

/// Packages that rows may name; the last one is never installed.
pub const PACKAGES: [&str; 7] =
    ["com.ah", "com.be", "com.ce.x", "org.de", "com.inst", "com.android.launcher3", "gone.app"];
/// Classes of activities and providers.
pub const CLASSES: [&str; 4] = [".Main", ".Alt", "full.name.Cls", ".W"];
/// Ids of shortcuts.
pub const SHORTCUTS: [&str; 4] = ["s1", "s2", "a b", "%"];
/// Serials of profiles; the last one no phone has.
pub const SERIALS: [i64; 4] = [0, 10, 11, 77];
/// Widget ids that rows and the host may have.
pub const WIDGET_IDS: [i64; 9] = [-1, 0, 5, 6, 7, 1000, -100, -101, -99];

/// A component in either form.
pub fn component(random: &mut Random) -> String {
    let package = *random.pick(&PACKAGES);
    let class = *random.pick(&CLASSES);
    match class.strip_prefix('.') {
        Some(short) if random.percent(20) => format!("{package}/{package}.{short}"),
        _ => format!("{package}/{class}"),
    }
}

/// The object `platform`.
pub fn platform(random: &mut Random) -> Value {
    let serials = &SERIALS[..1 + random.below(3)];
    let mut platform = Map::new();
    let mut put = |key: &str, value: Value| {
        platform.insert(key.to_owned(), value);
    };
    put("profiles", profiles(random, serials));
    put("packages", packages(random, serials));
    put("activities", activities(random, serials));
    put("pinned_shortcuts", many(random, 6, |random| pinned(random, serials)));
    put("sessions", many(random, 3, |random| session(random, serials)));
    let providers = many(random, 6, |random| provider(random, serials));
    put("widget_providers", without_twins(providers, &["component", "serial"]));
    let bound = many(random, 4, |random| {
        let mut bound = provider(random, serials);
        // Never one that the host is about to hand out.
        bound["id"] = json!(random.pick(&WIDGET_IDS).min(&7));
        bound["restore_completed_option"] = json!(random.percent(50));
        bound
    });
    put("bound_widgets", without_twins(bound, &["id"]));
    put("host_widget_ids", host_ids(random));
    put("safe_mode", json!(random.percent(15)));
    put("boot_completed", json!(random.percent(70)));
    put("bind_allowed", json!(random.percent(60)));
    put("custom_widgets", many(random, 2, |random| json!(component(random))));
    if random.percent(60) {
        put("search_component", json!(component(random)));
    }
    if random.percent(40) {
        let queued = many(
            random,
            3,
            |random| json!({ "pkg": random.pick(&PACKAGES), "id": random.pick(&SHORTCUTS), "serial": random.pick(serials) }),
        );
        put("pending_pin_queue", queued);
    }
    put("providers_query_throws", json!(random.percent(5)));
    put("host_ids_query_fails", json!(random.percent(8)));
    Value::Object(platform)
}

/// Up to so many, each made anew.
fn many(random: &mut Random, most: usize, mut one: impl FnMut(&mut Random) -> Value) -> Value {
    let count = random.below(most + 1);
    (0..count).map(|_| one(random)).collect()
}

/// Leaves the first of those that a platform cannot tell apart.
fn without_twins(list: Value, keys: &[&str]) -> Value {
    let mut seen = std::collections::BTreeSet::new();
    let name = |value: &Value| keys.iter().map(|key| value[*key].to_string()).collect::<Vec<_>>();
    list.as_array().into_iter().flatten().filter(|value| seen.insert(name(value))).cloned().collect()
}

fn profiles(random: &mut Random, serials: &[i64]) -> Value {
    let kinds = ["work", "clone", "private", "other"];
    serials
        .iter()
        .map(|serial| {
            json!({
                "serial": serial,
                "user_id": serial,
                "type": if *serial == 0 { "main" } else { *random.pick(&kinds) },
                "quiet": random.percent(20),
                "unlocked": random.percent(80),
                "pinned_query": random.weighed(&[(80, "ok"), (8, "fail"), (4, "fail_security"), (8, "null")]),
            })
        })
        .collect()
}

fn packages(random: &mut Random, serials: &[i64]) -> Value {
    let mut list = Vec::new();
    for serial in serials {
        for package in &PACKAGES[..PACKAGES.len() - 1] {
            if random.percent(20) {
                continue;
            }
            let info = match random.percent(85) {
                true => json!({
                    "installed": random.percent(80), "enabled": random.percent(85), "system": random.percent(25),
                    "suspended": random.percent(15), "external": random.percent(15), "archived": random.percent(15),
                }),
                false => Value::Null,
            };
            let enabled = random.percent(70);
            list.push(
                json!({ "pkg": package, "serial": serial, "is_package_enabled": enabled, "app_info": info }),
            );
        }
    }
    random.shuffle(&mut list);
    Value::Array(list)
}

fn activities(random: &mut Random, serials: &[i64]) -> Value {
    let mut list = Vec::new();
    for serial in serials {
        for package in &PACKAGES[..PACKAGES.len() - 1] {
            for class in &CLASSES[..random.below(4)] {
                let mut activity = json!({
                    "component": format!("{package}/{class}"), "serial": serial, "enabled": random.percent(75),
                });
                if random.percent(80) {
                    activity["label"] = json!(random.pick(&["Label", "", " spaced ", "地図"]));
                }
                for key in ["resolves", "in_list"] {
                    if random.percent(25) {
                        activity[key] = json!(random.percent(50));
                    }
                }
                if random.percent(20) {
                    activity["loading_progress"] = json!(random.pick(&[0.0, 0.25, 0.5, 1.0]));
                }
                list.push(activity);
            }
        }
    }
    random.shuffle(&mut list);
    Value::Array(list)
}

fn pinned(random: &mut Random, serials: &[i64]) -> Value {
    let mut shortcut = json!({
        "pkg": random.pick(&PACKAGES), "id": random.pick(&SHORTCUTS), "serial": random.pick(serials),
        "enabled": random.percent(80), "disabled_reason": random.weighed(&[(60, 0), (20, 100), (20, 2)]),
    });
    if random.percent(80) {
        shortcut["activity"] = json!(component(random));
    }
    if random.percent(60) {
        shortcut["label"] = json!(random.pick(&["Short", "", "Ünder"]));
    }
    shortcut
}

fn session(random: &mut Random, serials: &[i64]) -> Value {
    let installer = random.weighed(&[(60, Some("com.inst")), (20, None), (20, Some("org.de"))]);
    json!({
        "pkg": random.pick(&PACKAGES), "serial": random.pick(serials), "installer": installer,
        "progress": random.pick(&[0.0, 0.25, 0.5, 0.75, 1.0]),
    })
}

fn provider(random: &mut Random, serials: &[i64]) -> Value {
    let mut provider = json!({ "component": component(random), "serial": random.pick(serials) });
    if random.percent(40) {
        provider["configure"] = json!(component(random));
    }
    if random.percent(60) {
        provider["min_span"] = json!([random.between(1, 4), random.between(1, 3)]);
    }
    provider
}

fn host_ids(random: &mut Random) -> Value {
    let ids = WIDGET_IDS.iter().filter(|id| **id >= 0 && **id < 1000);
    ids.filter(|_| random.percent(60)).map(|id| json!(id)).collect()
}
