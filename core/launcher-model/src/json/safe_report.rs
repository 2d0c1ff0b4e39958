//! The JSON form of a safe load (contracts 3).

use serde_json::{Map, Value, json};

use super::report::item;
use crate::compat::LoadRow;
use crate::export::row;
use crate::neutral::Title;
use crate::safe::{Deviation, Remedy, RowOutcome, SafeOutcome, Seat, State, StoredPlace};
use crate::store::{Content, Family};

/// What `ferrule model load --json --personality safe` prints: `items`, `screens`, `held`, `quarantined`, `opaque`,
/// `relocated`, each row with its code, and `decisions`; then `contents` and `effects`.
pub fn safe_report(outcome: &SafeOutcome) -> Map<String, Value> {
    let aside = |state| outcome.in_state(state).map(aside).collect::<Value>();
    let mut report = Map::new();
    report.insert("items".into(), outcome.items.values().map(|shown| live(outcome, shown)).collect());
    report.insert("screens".into(), json!(outcome.pages));
    report.insert("held".into(), aside(State::Held));
    report.insert("quarantined".into(), aside(State::Quarantined));
    report.insert("opaque".into(), aside(State::Opaque));
    report.insert("relocated".into(), outcome.relocated().map(relocated).collect());
    report.insert("decisions".into(), outcome.rows.iter().map(decision).collect());
    report.insert(
        "contents".into(),
        outcome.contents.iter().map(|(id, children)| json!({ "id": id, "children": children })).collect(),
    );
    report.insert("effects".into(), effects(outcome));
    report
}

/// Adds to a safe report what the load was not given because it is in the store's quarantine (LM-I1): to `quarantined` and to
/// `decisions`, each item with the code that brought it there. Launcher3 would not have it in its table.
pub fn list_quarantine(report: &mut Map<String, Value>, content: &Content) {
    for item in content.quarantined() {
        let code = item.quarantine.as_ref().map(|quarantine| quarantine.why.code.as_str());
        let aside = json!({
            "id": item.id.0,
            "code": code,
            "legacy_code": null,
            "type": row::item_type(item, content.family, Family::Aosp).0,
            "title": match &item.title {
                Title::None => None,
                Title::Text(title) | Title::Resource(title) => Some(title),
            },
            "seat": null,
            "remedies": [remedy(&Remedy::RestoreOrDismiss)],
        });
        list(report, State::Quarantined, aside);
    }
}

/// Adds to a safe report the rows that have no id to be named by ([`LoadRow::nameless_of`]): to `held` and to `decisions`, with
/// `id` null and their place in the table.
pub fn list_nameless(report: &mut Map<String, Value>, nameless: &[LoadRow]) {
    for row in nameless {
        let aside = json!({
            "id": null,
            "code": Deviation::HeldRowId.code(),
            "legacy_code": null,
            "type": row.item_type,
            "title": row.title,
            "seat": null,
            "remedies": [],
            "place_in_table": row.row_id,
        });
        list(report, State::Held, aside);
    }
}

/// Adds a row that no load has seen to the rows of its state and to the decisions.
fn list(report: &mut Map<String, Value>, state: State, aside: Value) {
    let code = aside.get("code").cloned().unwrap_or_default();
    let id = aside.get("id").cloned().unwrap_or_default();
    let decision = json!({
        "id": id, "verdict": state.as_str(), "code": code, "codes": [code], "legacy_code": null,
    });
    for (key, line) in [(state.as_str(), aside), ("decisions", decision)] {
        if let Some(Value::Array(lines)) = report.get_mut(key) {
            lines.push(line);
        }
    }
}

fn live(outcome: &SafeOutcome, shown: &crate::compat::model::Item) -> Value {
    let mut facts = item(shown);
    let code = outcome.row(i64::from(shown.id)).map(RowOutcome::code);
    facts.insert("code".into(), json!(code));
    Value::Object(facts)
}

/// A row that is not live.
fn aside(row: &RowOutcome) -> Value {
    json!({
        "id": row.row_id,
        "code": row.code(),
        "legacy_code": row.legacy.code(),
        "type": row.item_type,
        "title": row.title,
        "seat": row.seat.map(seat),
        "remedies": row.remedies.iter().map(remedy).collect::<Value>(),
    })
}

fn relocated(row: &RowOutcome) -> Value {
    json!({
        "id": row.row_id,
        "code": row.moved_by().map(|deviation| deviation.code()),
        "legacy_code": row.legacy.code(),
        "from": place(&row.left),
        "to": row.seat.map(seat),
    })
}

fn decision(row: &RowOutcome) -> Value {
    json!({
        "id": row.row_id,
        "verdict": row.state.as_str(),
        "code": row.code(),
        "codes": row.deviations.iter().map(|deviation| deviation.code()).collect::<Vec<_>>(),
        "legacy_code": row.legacy.code(),
    })
}

fn place(place: &StoredPlace) -> Value {
    json!({
        "container": place.container,
        "screen": place.screen,
        "cellX": place.cell_x,
        "cellY": place.cell_y,
        "spanX": place.span_x,
        "spanY": place.span_y,
        "rank": place.rank,
    })
}

fn seat(seat: Seat) -> Value {
    match seat {
        Seat::Desktop { page, x, y, width, height } => json!({
            "container": -100, "screen": page, "cellX": x, "cellY": y, "spanX": width, "spanY": height,
        }),
        Seat::Dock { index } => json!({ "container": -101, "screen": index }),
        Seat::Inside { collection, rank } => json!({ "container": collection, "rank": rank }),
    }
}

/// What would bring an item back, with what it names.
pub fn remedy(remedy: &Remedy) -> Value {
    let mut facts = json!({ "remedy": remedy.as_str() });
    let mut put = |key: &str, value: Value| {
        if let Some(facts) = facts.as_object_mut() {
            facts.insert(key.to_owned(), value);
        }
    };
    match remedy {
        Remedy::BringProfileBack { profile } => put("profile", json!(profile)),
        Remedy::InstallPackage { package, profile } => {
            put("package", json!(package));
            put("profile", json!(profile));
        }
        Remedy::PinShortcut { package, id, profile } => {
            put("package", json!(package));
            put("shortcut", json!(id));
            put("profile", json!(profile));
        }
        Remedy::AddAppAgain { package } => put("package", json!(package)),
        Remedy::SetUpWidget { provider } => {
            put("provider", json!(provider.as_ref().map(crate::intent::ComponentName::to_full_text)));
        }
        Remedy::UpdateLauncher { item_type } => put("type", json!(item_type)),
        Remedy::RestoreCollection { collection } => put("collection", json!(collection)),
        Remedy::LargerGrid { columns, rows } => {
            put("columns", json!(columns));
            put("rows", json!(rows));
        }
        Remedy::WaitForPlatform
        | Remedy::ChooseSearchApp
        | Remedy::EnableWidgets
        | Remedy::EnableAppPairs
        | Remedy::RestoreOrDismiss
        | Remedy::Replace
        | Remedy::MoveBack => {}
    }
    facts
}

fn effects(outcome: &SafeOutcome) -> Value {
    let effects = &outcome.effects;
    json!({
        "widget_ids_allocated": effects.widget_ids_allocated,
        "widget_ids_freed": effects.widget_ids_freed,
        "widget_ids_kept": effects.widget_ids_kept,
        "pin_calls": effects.pin_calls.iter().map(|call| json!({
            "package": call.package, "profile": call.profile, "ids": call.ids,
        })).collect::<Value>(),
        "pins_kept": effects.pins_kept.iter().map(|(package, profile, id)| json!({
            "package": package, "profile": profile, "id": id,
        })).collect::<Value>(),
        "pending_packages": effects.pending_packages.iter()
            .map(|(package, profile)| format!("{package}|{profile}")).collect::<Vec<_>>(),
    })
}
