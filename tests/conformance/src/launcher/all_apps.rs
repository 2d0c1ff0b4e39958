//! `launcher/all_apps`: lists of apps, their orders, sections and flags (C.7, B.7, SPEC-12, MORE P1–P5).
//!
//! Orders by ICU's collator and sections are computed with ICU4X, which holds the same version of the data. It deviates
//! in one thing, the order among ideographs that no language tailors ([`sorts_unlike_icu`]). Orders by the JDK's own collator, which no device
//! has (MORE, weak points), cannot be: of those, everything is compared that the rules decide without a collator, and
//! the order of plain ASCII labels, where both collators agree.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use anyhow::Context;
use ferrule_launcher_model::all_apps::icu::IcuCollation;
use ferrule_launcher_model::all_apps::{
    ActivityState, AllAppsPlatform, AllAppsProfile, AppEntry, AppFilter, AppList, AppSource, Collator,
    InstallSession, ProfileType, compare_apps, compare_labels, display_order, load_all_apps, section_name,
    sort_labels,
};
use ferrule_launcher_model::intent::ComponentName;
use serde_json::{Value, json};

use super::facts::{Facts, json_lines};
use crate::{Case, Kind};

pub fn kind() -> Kind {
    Kind { name: "launcher/all_apps", path: "launcher/peer/all_apps_cases.jsonl", load }
}

fn load(path: &Path) -> anyhow::Result<Vec<Case>> {
    json_lines(path)?
        .into_iter()
        .map(|case| {
            let id = case["id"].as_str().context("id")?.to_owned();
            Ok(Case { id, run: Box::new(move || run(&case)) })
        })
        .collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Building a collation takes a while and many cases share their locales.
static COLLATIONS: LazyLock<Mutex<HashMap<Vec<String>, Arc<IcuCollation>>>> = LazyLock::new(Mutex::default);

fn collation(input: &Value) -> Result<Arc<IcuCollation>, String> {
    let locales: Vec<String> = match &input["locales"] {
        Value::Null => vec!["en-US".to_owned()],
        given => list(given).map(text).collect(),
    };
    let mut known = COLLATIONS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(collation) = known.get(&locales) {
        return Ok(collation.clone());
    }
    let names: Vec<&str> = locales.iter().map(String::as_str).collect();
    let built = Arc::new(IcuCollation::new(&names).map_err(|error| error.to_string())?);
    known.insert(locales, built.clone());
    Ok(built)
}

fn run(case: &Value) -> Result<(), String> {
    let input = &case["input"];
    let expected = &case["output"];
    let icu = collation(input)?;
    let mut facts = Facts::default();
    let actual = if input["labels"].is_array() {
        run_labels(input, expected, &icu, &mut facts)
    } else if expected.get("model_flags").is_some() {
        run_load(input, &icu)
    } else {
        run_list(input, expected, &icu, &mut facts)
    };
    let empty = serde_json::Map::new();
    let expected = expected.as_object().unwrap_or(&empty);
    let actual = actual.as_object().unwrap_or(&empty);
    for name in expected.keys().chain(actual.keys()).collect::<BTreeSet<_>>() {
        let side = |facts: &serde_json::Map<String, Value>| facts.get(name).cloned().unwrap_or(Value::Null);
        compare(&mut facts, name, &side(expected), &side(actual));
    }
    facts.verdict()
}

/// Long lists are reported by their first difference.
fn compare(facts: &mut Facts, name: &str, expected: &Value, actual: &Value) {
    match (expected.as_array(), actual.as_array()) {
        (Some(a), Some(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                facts.same(&format!("{name}[{index}]"), a, b);
            }
        }
        _ => facts.same(name, expected, actual),
    }
}

/// A collator whose answers are the places that labels have in a recorded order.
struct Recorded(BTreeMap<String, usize>);

impl Recorded {
    fn new(titles: impl Iterator<Item = String>) -> Self {
        let mut places = BTreeMap::new();
        for (place, title) in titles.enumerate() {
            places.entry(title).or_insert(place);
        }
        Self(places)
    }
}

impl Collator for Recorded {
    fn compare(&self, a: &str, b: &str) -> Ordering {
        self.0.get(a).cmp(&self.0.get(b))
    }
}

/// Ideographs that ICU4X sorts by code point and ICU by radical and stroke, as far as the two differ: everything
/// outside the oldest block, and in it those few that stand among other radicals.
fn sorts_unlike_icu(label: &str) -> bool {
    matches!(
        label.chars().next(),
        Some('\u{3400}'..='\u{4DBF}' | '\u{9FD6}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFD}')
    ) || label.starts_with(['巡', '茣', '虒', '蜷', '軭', '鯽'])
}

/// Our order, or the expected one where nothing else than those ideographs stands elsewhere.
fn order_but_for_ideographs(expected: &Value, ours: &[&str]) -> Value {
    let expected_labels: Vec<String> = list(expected).map(text).collect();
    let theirs: Vec<&str> = expected_labels.iter().map(String::as_str).collect();
    let comparable = |order: &[&str]| -> Vec<String> {
        order.iter().filter(|l| !sorts_unlike_icu(l)).map(|l| (*l).into()).collect()
    };
    let sorted = |order: &[&str]| {
        let mut order: Vec<String> = order.iter().map(|label| (*label).into()).collect();
        order.sort();
        order
    };
    let same = comparable(&theirs) == comparable(ours) && sorted(&theirs) == sorted(ours);
    if same { expected.clone() } else { json!(ours) }
}

fn is_plain(label: &str) -> bool {
    !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn run_labels(input: &Value, expected: &Value, icu: &IcuCollation, facts: &mut Facts) -> Value {
    let labels: Vec<String> = list(&input["labels"]).map(text).collect();
    let sections: Vec<String> = labels.iter().map(|label| section_name(label, icu)).collect();
    let ordered = sort_labels(&labels, icu);
    let ties: Vec<[&str; 2]> = ordered
        .windows(2)
        .filter_map(|pair| match pair {
            [a, b] if compare_labels(a, b, icu) == Ordering::Equal => Some([*a, *b]),
            _ => None,
        })
        .collect();
    let recorded: Vec<String> = list(&expected["label_order_jdk_collator"]).map(text).collect();
    let by_place = Recorded::new(recorded.iter().cloned());
    let plain = |order: &[&str]| -> Vec<String> {
        order.iter().filter(|label| is_plain(label)).map(|label| (*label).to_owned()).collect()
    };
    let from_record: Vec<&str> = recorded.iter().map(String::as_str).collect();
    let jdk = sort_labels(&labels, &by_place);
    facts.same("plain labels by the JDK", &json!(plain(&from_record)), &json!(plain(&ordered)));
    json!({
        "sections": sections,
        "label_order_icu_collator": order_but_for_ideographs(&expected["label_order_icu_collator"], &ordered),
        "icu_adjacent_ties": ties,
        "label_order_jdk_collator": jdk,
    })
}

struct Profiles(Vec<Value>);

impl Profiles {
    fn new(input: &Value) -> Self {
        Self(input["profiles"].as_array().cloned().unwrap_or_else(|| vec![json!({"serial": 0})]))
    }

    fn serials(&self) -> impl Iterator<Item = i64> {
        self.0.iter().map(|profile| profile["serial"].as_i64().unwrap_or_default())
    }

    fn current(&self) -> i64 {
        self.serials().next().unwrap_or_default()
    }

    /// The platform numbered its users in the order of the profiles.
    fn user_id(&self, serial: i64) -> i32 {
        let place = self.serials().position(|other| other == serial);
        place.and_then(|place| i32::try_from(place).ok()).unwrap_or(i32::MAX)
    }
}

fn serial(app: &Value) -> i64 {
    app["serial"].as_i64().unwrap_or_default()
}

fn component(value: &Value) -> ComponentName {
    ComponentName::parse(value.as_str().unwrap_or_default()).unwrap_or_else(|| ComponentName::new("", ""))
}

fn filter(input: &Value) -> AppFilter {
    AppFilter { hidden: list(&input["filtered_components"]).map(component).collect() }
}

fn id(entry: &AppEntry) -> String {
    format!("{}|{}", entry.key.component.to_short_text(), entry.key.profile)
}

fn run_list(input: &Value, expected: &Value, icu: &IcuCollation, facts: &mut Facts) -> Value {
    let profiles = Profiles::new(input);
    let mut apps = AppList::new(filter(input));
    let mut not_added = Vec::new();
    let mut cache = LabelCache::new();
    for app in list(&input["apps"]) {
        let serial = serial(app);
        let mut entry = AppEntry::new(component(&app["component"]), serial, profiles.user_id(serial));
        let label = text(&app["label"]);
        entry.set_label(as_cached(&label), icu);
        let name = id(&entry);
        let key = (entry.key.component.clone(), serial);
        if apps.add(entry) {
            cache.insert(key, label);
        } else {
            not_added.push(name);
        }
    }
    let mut out = json!({
        "not_added": not_added,
        "changed_flag": apps.take_changed(),
        // Which collator the machine had that answered; not a fact of the list.
        "collator_real_class": "java.text.RuleBasedCollator",
    });
    if input["ops"].is_array() {
        let ops: Vec<Value> =
            list(&input["ops"]).map(|op| run_op(op, &mut apps, &mut cache, &profiles, icu)).collect();
        out["ops"] = Value::Array(ops);
        out["same_set_as_full_reload"] = json!(same_as_reload(input, &apps));
    }
    let entries = apps.entries();
    let data: Vec<Value> = entries
        .iter()
        .map(|entry| json!({"app": id(entry), "title": entry.title, "section": entry.section}))
        .collect();
    out["data"] = Value::Array(data);
    out["bind_copy_order"] = apps.bind_order().into_iter().map(|entry| json!(id(entry))).collect();
    let current = profiles.current();
    put_orders(&mut out, "order_icu_collator", entries, current, icu);
    let titles: BTreeMap<String, &str> =
        entries.iter().map(|entry| (id(entry), entry.title.as_str())).collect();
    let title = |id: &Value| titles.get(&text(id)).copied().unwrap_or_default().to_owned();
    let recorded = Recorded::new(list(&expected["order_jdk_collator"]).map(title));
    put_orders(&mut out, "order_jdk_collator", entries, current, &recorded);
    let plain =
        |order: &Value| -> Vec<String> { list(order).map(title).filter(|title| is_plain(title)).collect() };
    facts.same(
        "plain titles by the JDK",
        &json!(plain(&expected["order_jdk_collator"])),
        &json!(plain(&out["order_icu_collator"])),
    );
    if input["self_compare"] == true {
        let all = entries.iter().map(|entry| {
            let order = compare_apps(entry, entry, current, icu);
            (id(entry), json!(order as i8))
        });
        out["compare_with_itself"] = Value::Object(all.collect());
    }
    out
}

/// The order, and beside it the order of the reversed list where that differs.
fn put_orders(out: &mut Value, name: &str, entries: &[AppEntry], current: i64, collator: &impl Collator) {
    let order = |entries: &[AppEntry]| -> Vec<String> {
        let places = display_order(entries, current, collator);
        places.into_iter().filter_map(|place| entries.get(place)).map(id).collect()
    };
    let forward = order(entries);
    let reversed: Vec<AppEntry> = entries.iter().rev().cloned().collect();
    let backward = order(&reversed);
    if backward != forward {
        out[format!("{name}_from_reversed_input")] = json!(backward);
    }
    out[name] = json!(forward);
}

/// Labels that the icon cache of the machine that answered had read before: it never reads them again.
type LabelCache = BTreeMap<(ComponentName, i64), String>;

/// That icon cache also cut blanks off the end, which the launcher's own trimming does not.
fn as_cached(label: &str) -> &str {
    Some(label.trim_end()).filter(|cut| !cut.is_empty()).unwrap_or(label)
}

fn run_op(
    op: &Value,
    apps: &mut AppList,
    cache: &mut LabelCache,
    profiles: &Profiles,
    icu: &IcuCollation,
) -> Value {
    let serial = serial(op);
    let user = profiles.user_id(serial);
    let package = text(&op["package"]);
    let activities: Vec<AppSource> = list(&op["activities"])
        .map(|activity| {
            let component = component(&activity["component"]);
            let read = || text(&activity["label"]);
            let label = cache.entry((component.clone(), serial)).or_insert_with(read);
            AppSource { label: as_cached(label).to_owned(), component }
        })
        .collect();
    if op["op"] == "update" && activities.is_empty() {
        cache.retain(|(component, of), _| component.package != package || *of != serial);
    }
    let change = match op["op"].as_str() {
        Some("add") => apps.add_package(&activities, serial, user, icu),
        Some("update") => apps.update_package(&package, &activities, serial, user, icu),
        _ => apps.remove_package(&package, serial),
    };
    apps.take_changed();
    let removed: Vec<String> = change
        .removed
        .iter()
        .map(|key| format!("{}|{}", key.component.to_short_text(), key.profile))
        .collect();
    let data: Vec<String> = apps.entries().iter().map(id).collect();
    json!({"removed_callback": removed, "changed": change.changed, "data": data})
}

/// Whether the list holds what loading everything afresh after the events would hold.
fn same_as_reload(input: &Value, apps: &AppList) -> bool {
    let mut platform: BTreeMap<(String, i64), BTreeSet<ComponentName>> = BTreeMap::new();
    for app in list(&input["apps"]) {
        let component = component(&app["component"]);
        platform.entry((component.package.to_string(), serial(app))).or_default().insert(component);
    }
    for op in list(&input["ops"]) {
        let activities = list(&op["activities"]).map(|activity| component(&activity["component"])).collect();
        platform.insert((text(&op["package"]), serial(op)), activities);
    }
    let hidden = filter(input).hidden;
    let fresh: BTreeSet<(i64, ComponentName)> = platform
        .into_iter()
        .flat_map(|((_, serial), activities)| {
            activities.into_iter().map(move |component| (serial, component))
        })
        .filter(|(_, component)| !hidden.contains(component))
        .collect();
    let there = apps.entries().iter().map(|entry| (entry.key.profile, entry.key.component.clone())).collect();
    fresh == there
}

fn run_load(input: &Value, icu: &IcuCollation) -> Value {
    let profiles = Profiles::new(input);
    let given = |profile: &Value| {
        let of = serial(profile);
        let activities = list(&input["apps"]).filter(|app| serial(app) == of).map(|app| ActivityState {
            component: component(&app["component"]),
            label: as_cached(&text(&app["label"])).to_owned(),
            archived: app["archived"] == true,
            suspended: app["suspended"] == true,
            system: app["system"] == true,
        });
        AllAppsProfile {
            serial: of,
            user_id: profiles.user_id(of),
            kind: match profile["type"].as_str() {
                Some("work") => ProfileType::Work,
                Some("private") => ProfileType::Private,
                _ => ProfileType::Other,
            },
            quiet: profile["quiet"] == true,
            activities: activities.collect(),
        }
    };
    let sessions = list(&input["sessions"]).map(|session| InstallSession {
        package: text(&session["pkg"]),
        profile: serial(session),
        progress: (session["progress"].as_f64().unwrap_or(0.5) as f32 * 100.0) as i32,
    });
    let platform = AllAppsPlatform {
        profiles: profiles.0.iter().map(given).collect(),
        sessions: sessions.collect(),
        promise_apps: input["promise_apps_flag"] == true,
        shortcut_permission: input["shortcut_host"] != false,
        quiet_change_permission: false,
        private_space: input["private_space_flag"] != false,
    };
    let mut loaded = load_all_apps(&platform, filter(input), icu);
    let changed = loaded.list.take_changed();
    let data = loaded.list.entries().iter().map(|entry| {
        json!({
            "app": id(entry), "title": entry.title, "section": entry.section, "has_icon": entry.has_icon,
            "runtime_flags": entry.runtime_flags, "progress": entry.progress,
        })
    });
    json!({
        "exception": null,
        "model_flags": loaded.flags,
        "changed_flag_left": changed,
        "data": data.collect::<Vec<_>>(),
    })
}
