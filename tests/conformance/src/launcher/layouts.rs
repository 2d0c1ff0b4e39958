//! `launcher/layouts`: default layouts in both dialects and the choice of their source (A.9, SPEC-05, MORE L1–L12).

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use ferrule_launcher_model::intent::{ComponentName, Intent};
use ferrule_launcher_model::layout::{
    ActivityOverride, Cell, Dialect, Flavor, HostFailure, LayoutGrid, LayoutPlatform, LayoutProfile,
    LayoutProvider, LayoutReport, LayoutResources, LayoutRow, LayoutSources, ProfileKind, Resolution, Step,
    load_default_layout, parse_layout,
};
use serde_json::{Map, Value, json};

use super::facts::{Facts, json_lines};
use crate::{Case, Kind};

pub fn kind() -> Kind {
    Kind { name: "launcher/layouts", path: "launcher/peer/layouts_cases.jsonl", load }
}

fn load(path: &Path) -> anyhow::Result<Vec<Case>> {
    let launcher = path.parent().and_then(Path::parent).unwrap_or(path).to_owned();
    json_lines(path)?
        .into_iter()
        .map(|case| {
            let id = text(&case["id"]).context("id")?.to_owned();
            let file = match text(&case["input"]["xml_file"]) {
                Some(name) => {
                    let path = launcher.join(name.strip_prefix("data/launcher/").unwrap_or(name));
                    // One layout that is not there is one case's failure.
                    std::fs::read_to_string(&path)
                        .map(Some)
                        .map_err(|error| format!("{}: {error}", path.display()))
                }
                None => Ok(None),
            };
            let case = Arc::new(case);
            Ok(Case { id, run: Box::new(move || run(&case, file.clone()?.as_deref())) })
        })
        .collect()
}

fn text(value: &Value) -> Option<&str> {
    value.as_str()
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn names(value: &Value) -> impl Iterator<Item = String> {
    list(value).filter_map(text).map(str::to_owned)
}

fn component(value: &Value) -> Option<ComponentName> {
    ComponentName::parse(value.as_str()?)
}

fn run(case: &Value, file: Option<&str>) -> Result<(), String> {
    let input = &case["input"];
    let platform = platform(input);
    let actual =
        if input["mode"] == "full" { run_full(input, &platform) } else { run_one(input, file, &platform)? };
    let mut facts = Facts::default();
    for (name, expected) in entries(&case["output"]) {
        facts.same(name, expected, actual.get(name).unwrap_or(&Value::Null));
    }
    for (name, value) in entries(&actual) {
        if case["output"].get(name).is_none() && !value.is_null() {
            facts.same(name, &Value::Null, value);
        }
    }
    facts.verdict()
}

fn run_one(input: &Value, file: Option<&str>, platform: &LayoutPlatform) -> Result<Value, String> {
    let (dialect, flavor) = match text(&input["mode"]) {
        Some("favorites") => (Dialect::Default, Flavor::Compiled),
        Some("workspace_text") => (Dialect::AutoInstalls, Flavor::Text),
        Some("workspace_compiled") => (Dialect::AutoInstalls, Flavor::Compiled),
        other => return Err(format!("mode {other:?} is not known")),
    };
    let layout = text(&input["xml"]).or(file).ok_or("no layout")?;
    let resources = resources(&input["resources"]["xml"], &input["resources"]["string"]);
    let partner = package(&input["partner_folder_apk"]);
    let report = parse_layout(dialect, layout, flavor, &resources, partner.as_ref(), platform);
    let mut facts = report_facts(&report);
    facts.insert("count".into(), json!(report.count()));
    Ok(Value::Object(facts))
}

fn run_full(input: &Value, platform: &LayoutPlatform) -> Value {
    let given = &input["sources"];
    let provider = match (text(&given["setting"]), text(&given["provider"]["authority"])) {
        (Some(""), _) | (None, None) => LayoutProvider::None,
        // The machine that answered had no blob store at all.
        (Some(setting), _) if setting.starts_with("blob://") => LayoutProvider::Blob(Err(HostFailure {
            class: "java.lang.NullPointerException".into(),
            message:
                "Cannot invoke \"android.app.blob.BlobStoreManager.openBlob(android.app.blob.BlobHandle)\" \
                      because \"<local4>\" is null"
                    .into(),
        })),
        (setting, authority) => {
            let wanted = setting.or(authority).unwrap_or_default().to_owned();
            let there = authority == Some(wanted.as_str()) && given["provider"]["missing"] != true;
            match there {
                false => LayoutProvider::UnknownAuthority(wanted),
                true => LayoutProvider::Authority {
                    authority: wanted,
                    text: Ok(text(&given["provider"]["xml_text"]).unwrap_or_default().to_owned()),
                },
            }
        }
    };
    let mut own = resources(&input["resources"]["xml"], &input["resources"]["string"]);
    own.documents.extend(text(&given["internal"]).map(|layout| (1, layout.to_owned())));
    own.documents.extend(text(&given["demo"]).map(|layout| (2, layout.to_owned())));
    let sources = LayoutSources {
        empty_flag: input["empty_flag"] != false,
        provider,
        auto_installs: package(&given["autoinstalls_apk"]),
        partner: package(&given["partner_apk"]),
        own,
        internal: 1,
        demo: text(&given["demo"]).map(|_| 2),
    };
    let loaded = load_default_layout(&sources, platform);
    let mut facts = report_facts(&loaded.report);
    facts.insert("empty_flag_after".into(), json!(loaded.empty_flag));
    facts.insert("provider_uri".into(), json!(loaded.provider_uri));
    if !loaded.report.steps.contains(&Step::Wipe) {
        let kept: Vec<Value> = list(&input["rows_before"]).map(untouched_row).collect();
        facts.insert("rows".into(), Value::Array(kept));
    }
    Value::Object(facts)
}

/// Ids are numbered in the order of the names, as the case files say.
fn resources(documents: &Value, strings: &Value) -> LayoutResources {
    let mut out = LayoutResources::default();
    for (kind, base, all) in [("xml", 0x7f16_0000, documents), ("string", 0x7f0b_0000, strings)] {
        let sorted: BTreeMap<&String, &Value> = entries(all).collect();
        for (id, (name, value)) in (base..).zip(sorted) {
            out.ids.insert(format!("@{kind}/{name}"), id);
            let target = if kind == "xml" { &mut out.documents } else { &mut out.strings };
            target.insert(id, text(value).unwrap_or_default().to_owned());
        }
    }
    out
}

fn package(apk: &Value) -> Option<LayoutResources> {
    apk.is_object().then(|| resources(&apk["xml"], &apk["string"]))
}

fn platform(input: &Value) -> LayoutPlatform {
    let given = &input["platform"];
    let number = |value: &Value| i32::try_from(value.as_i64().unwrap_or_default()).unwrap_or_default();
    let grid = &input["grid"];
    let mut out = LayoutPlatform::empty(LayoutGrid {
        columns: number(&grid["cols"]),
        rows: number(&grid["rows"]),
        dock: number(&grid["hotseat"]),
    });
    if let Some(profiles) = input["profiles"].as_array() {
        out.profiles = profiles
            .iter()
            .map(|profile| LayoutProfile {
                serial: profile["serial"].as_i64().unwrap_or_default(),
                kind: match text(&profile["type"]) {
                    Some("work") => ProfileKind::Work,
                    Some("clone") => ProfileKind::Clone,
                    _ => ProfileKind::Other,
                },
            })
            .collect();
        out.current_profile = out.profiles.first().map_or(0, |profile| profile.serial);
    }
    for activity in list(&given["activities"]) {
        let label = text(&activity["label"]).unwrap_or_default().to_owned();
        out.activities.extend(component(&activity["component"]).map(|component| (component, label)));
    }
    out.receivers = list(&given["receivers"]).filter_map(component).collect();
    let canonical = entries(&given["canonical"]);
    out.canonical_packages =
        canonical.filter_map(|(name, to)| Some((name.clone(), text(to)?.to_owned()))).collect();
    for (uri, answer) in entries(&given["intents"]) {
        let resolved = match text(&answer["resolved"]) {
            Some("resolver") => {
                Some(ComponentName::new("android", "com.android.internal.app.ResolverActivity"))
            }
            _ => component(&answer["resolved"]),
        };
        let candidates: Vec<ComponentName> = list(&answer["list"]).filter_map(component).collect();
        for activity in candidates.iter().chain(&resolved) {
            // An activity that has no label of its own shows its class.
            out.resolved_labels.insert(activity.clone(), activity.short_class().to_owned());
        }
        if let Ok(intent) = Intent::parse(uri) {
            out.resolutions.insert(intent.to_uri(), Resolution { resolved, candidates });
        }
    }
    for (package, uri) in entries(&given["launch_intents"]) {
        let intent = text(uri).and_then(|uri| Intent::parse(uri).ok());
        out.launch_intents.extend(intent.map(|intent| (package.clone(), intent)));
    }
    out.system_packages = names(&given["system_packages"]).collect();
    out.unknown_packages = names(&given["app_info_missing"]).collect();
    for (package, other) in entries(&given["activity_overrides"]) {
        let profile = other["serial"].as_i64().unwrap_or_default();
        let put = component(&other["component"]).map(|component| ActivityOverride { component, profile });
        out.activity_overrides.extend(put.map(|put| (package.clone(), put)));
    }
    out.search_component = component(&given["search_component"]);
    let failure = |class: &str, message: &str| HostFailure { class: class.into(), message: message.into() };
    if given["pin_fails"] == true {
        out.pin_failure = Some(failure("java.lang.IllegalStateException", "pin refused"));
    }
    out.widget_host.next_id = 1000;
    if given["alloc_fails"] == true {
        out.widget_host.allocation_failure = Some(failure("java.lang.RuntimeException", "alloc"));
    }
    out.widget_host.refuses_all = given["bind_allowed"] == false;
    out.widget_host.refused = list(&given["bind_refused"]).filter_map(component).collect();
    out.unknown_title = "Unknown".into();
    out.is_demo_user = given["is_demo_user"] == true;
    out
}

fn report_facts(report: &LayoutReport) -> Map<String, Value> {
    let null = |value: &Option<String>| value.clone().unwrap_or_else(|| "null".to_owned());
    let pins: Vec<String> = report
        .pins
        .iter()
        .map(|pin| format!("{}|{}|{}", null(&pin.package), pin.profile, null(&pin.shortcut)))
        .collect();
    let binds: Vec<String> =
        report.binds.iter().map(|bind| format!("{}|{}|{}", bind.id, bind.provider, bind.bound)).collect();
    let trace: Vec<String> = report
        .steps
        .iter()
        .map(|step| match step {
            Step::Wipe => "wipe".to_owned(),
            Step::Load(dialect) => format!("load {}", dialect.legacy_name()),
            Step::Insert { id, item_type } => format!("insert id={id} type={item_type} -> {id}"),
            Step::Count(count) => format!("count {count}"),
        })
        .collect();
    let log: Vec<Value> = report
        .log
        .iter()
        .map(|entry| {
            json!({"class": entry.error.legacy_class(), "message": entry.error.to_string(), "log": entry.text})
        })
        .collect();
    let rows: Vec<Value> = report.rows.iter().map(row).collect();
    let facts = json!({
        "logged_exceptions": log,
        "thrown": null,
        "rows": rows,
        "trace": trace,
        "pin_calls": pins,
        "bind_calls": binds,
        "widget_ids_freed": report.freed_widget_ids,
        "broadcasts": report.broadcasts,
    });
    match facts {
        Value::Object(facts) => facts,
        _ => Map::new(),
    }
}

fn row(row: &LayoutRow) -> Value {
    json!({
        "_id": row.id, "title": row.title, "intent": row.intent, "container": row.container, "screen": row.screen,
        "cellX": cell(&row.cell_x), "cellY": cell(&row.cell_y), "spanX": cell(&row.span_x),
        "spanY": cell(&row.span_y), "itemType": row.item_type, "appWidgetId": row.app_widget_id, "icon": null,
        "appWidgetProvider": row.app_widget_provider, "restored": row.restored, "profileId": row.profile_id,
        "rank": row.rank, "options": row.options, "appWidgetSource": -1,
    })
}

fn cell(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Integer(value) => json!(value),
        Cell::Real(value) => json!(value),
        Cell::Text(value) => json!(value),
    }
}

/// A row that was in the table before and that nothing touched: what was stored, else the schema's defaults.
fn untouched_row(stored: &Value) -> Value {
    let defaults = json!({
        "_id": null, "title": null, "intent": null, "container": null, "screen": null, "cellX": null, "cellY": null,
        "spanX": null, "spanY": null, "itemType": null, "appWidgetId": -1, "icon": null, "appWidgetProvider": null,
        "restored": 0, "profileId": 0, "rank": 0, "options": 0, "appWidgetSource": -1,
    });
    let Value::Object(mut out) = defaults else { return Value::Null };
    for (column, value) in entries(stored) {
        let texts = ["title", "intent", "appWidgetProvider", "icon"];
        let kept = match text(value) {
            Some(number) if !texts.contains(&column.as_str()) => cell(&Cell::integer_column(Some(number))),
            _ => value.clone(),
        };
        out.insert(column.clone(), kept);
    }
    Value::Object(out)
}
