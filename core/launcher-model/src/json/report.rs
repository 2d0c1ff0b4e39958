//! What a load did, in the keys of the load cases.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::compat::model::{Icon, Item, ItemKind, LoadedModel, Widget};
use crate::compat::outcome::SweepStep;
use crate::compat::pages::pages;
use crate::compat::{LoadOutcome, LoadRow, rows_after};
use crate::intent::Intent;

/// What `ferrule model load --json --personality compat` prints (contracts 3): the keys that concern the model and the
/// database, then the decisions.
pub fn compat_report(rows: &[LoadRow], outcome: &LoadOutcome) -> Map<String, Value> {
    let mut model = model_report(&outcome.model);
    let mut database = database_report(rows, outcome);
    let mut report = Map::new();
    for key in [
        "items",
        "collections",
        "screens",
        "deleted",
        "sanitise",
        "updated_rows",
        "restored_committed",
        "kept_in_db_not_in_model",
        "pending_packages",
    ] {
        if let Some(value) = model.remove(key).or_else(|| database.remove(key)) {
            report.insert(key.to_owned(), value);
        }
    }
    report.insert("decisions".into(), decisions(outcome));
    report
}

/// `items`, `workspaceItems`, `appWidgets`, `collections`, `screens`, `firstPagePinned`.
pub fn model_report(model: &LoadedModel) -> Map<String, Value> {
    let sorted = |ids: &[i32]| {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        json!(ids)
    };
    let mut report = Map::new();
    report.insert("items".into(), model.items.values().map(|item_| Value::Object(item(item_))).collect());
    report.insert("workspaceItems".into(), sorted(&model.workspace_items));
    report.insert("appWidgets".into(), sorted(&model.widgets));
    report.insert("collections".into(), collections(model));
    report.insert("screens".into(), json!(pages(model)));
    report.insert("firstPagePinned".into(), json!(model.first_page_pinned));
    report
}

/// `deleted`, `sanitise`, `kept_in_db_not_in_model`, `in_model_not_in_db`, `db_ids_after`, `updated_rows`,
/// `restored_committed`, `pending_packages`.
pub fn database_report(rows: &[LoadRow], outcome: &LoadOutcome) -> Map<String, Value> {
    let left = rows_after(rows, outcome);
    let mut ids: Vec<i32> = left.iter().map(LoadRow::id).collect();
    ids.sort_unstable();
    let items = &outcome.model.items;
    let zombies: Vec<i32> = ids.iter().copied().filter(|id| !items.contains_key(id)).collect();
    let strangers: Vec<i32> = items.keys().copied().filter(|id| ids.binary_search(id).is_err()).collect();
    let swept = |step| outcome.swept_by(step).collect::<Vec<_>>();
    let mut pending: Vec<String> =
        outcome.pending_packages.iter().map(|(package, profile)| format!("{package}|{profile}")).collect();
    pending.sort();
    let mut report = Map::new();
    report.insert(
        "deleted".into(),
        outcome.deletions().map(|(id, reason)| json!({ "id": id, "reason": reason.as_str() })).collect(),
    );
    report.insert(
        "sanitise".into(),
        json!({
            "empty_folders": swept(SweepStep::EmptyFolder),
            "bad_app_pairs": swept(SweepStep::BadAppPair),
            "unparented": swept(SweepStep::Unparented),
        }),
    );
    report.insert("kept_in_db_not_in_model".into(), json!(zombies));
    report.insert("in_model_not_in_db".into(), json!(strangers));
    report.insert("db_ids_after".into(), json!(ids));
    report.insert("updated_rows".into(), updated_rows(rows, &left));
    report.insert("restored_committed".into(), json!(outcome.restored_committed()));
    report.insert("pending_packages".into(), json!(pending));
    report
}

/// `[{"id","verdict","code"}]`, one a row; a row that the clean-up removed has the verdict `sweep`.
fn decisions(outcome: &LoadOutcome) -> Value {
    let swept: HashMap<i32, SweepStep> = outcome.swept.iter().copied().collect();
    outcome
        .decisions
        .iter()
        .map(|decision| {
            let (verdict, code) = match swept.get(&decision.id) {
                Some(step) => ("sweep", step.code()),
                None => (decision.verdict.as_str(), decision.verdict.code()),
            };
            json!({ "id": decision.id, "verdict": verdict, "code": code })
        })
        .collect()
}

/// The columns in which surviving rows differ, by row id.
fn updated_rows(before: &[LoadRow], after: &[LoadRow]) -> Value {
    let before: HashMap<i64, &LoadRow> = before.iter().map(|row| (row.row_id, row)).collect();
    let mut changes = Map::new();
    for row in after {
        let Some(old) = before.get(&row.row_id) else { continue };
        let mut columns = Map::new();
        let mut changed = |column: &str, differs: bool, value: Value| {
            if differs {
                columns.insert(column.to_owned(), value);
            }
        };
        changed("intent", old.intent != row.intent, json!(row.intent));
        changed("appWidgetId", old.widget_id != row.widget_id, json!(row.widget_id));
        changed("appWidgetProvider", old.provider != row.provider, json!(row.provider));
        changed("restored", old.restored != row.restored, json!(row.restored));
        if !columns.is_empty() {
            changes.insert(row.row_id.to_string(), Value::Object(columns));
        }
    }
    Value::Object(changes)
}

/// The collections map, phantoms with id −1.
pub fn collections(model: &LoadedModel) -> Value {
    model
        .collections
        .iter()
        .map(|(key, collection)| {
            json!({
                "key": key,
                "class": if collection.is_pair { "AppPairInfo" } else { "FolderInfo" },
                "id": collection.id.unwrap_or(-1),
                "contents": collection.contents.iter().map(|(id, rank)| json!([id, rank])).collect::<Vec<_>>(),
            })
        })
        .collect()
}

/// The facts of one item.
pub fn item(item: &Item) -> Map<String, Value> {
    let mut facts = Map::new();
    let mut put = |key: &str, value: Value| {
        facts.insert(key.to_owned(), value);
    };
    put("id", json!(item.id));
    put("type", json!(item.type_number()));
    put("container", json!(item.container));
    put("screen", json!(item.screen));
    put("cellX", json!(item.cell_x));
    put("cellY", json!(item.cell_y));
    put("spanX", json!(item.span_x));
    put("spanY", json!(item.span_y));
    put("rank", json!(item.rank));
    put("title", json!(item.title.as_deref()));
    put("profile", json!(item.profile));
    match &item.kind {
        ItemKind::App(icon) | ItemKind::DeepShortcut(icon) => icon_facts(icon, &mut put),
        ItemKind::Folder { options } => {
            put("class", json!("FolderInfo"));
            put("options", json!(options));
        }
        ItemKind::AppPair => put("class", json!("AppPairInfo")),
        ItemKind::Widget(widget) => widget_facts(widget, &mut put),
    }
    facts
}

fn icon_facts(icon: &Icon, put: &mut dyn FnMut(&str, Value)) {
    put("class", json!("WorkspaceItemInfo"));
    put("status", json!(icon.status.0));
    put("runtimeStatusFlags", json!(icon.runtime.0));
    put("intent", json!(icon.intent.to_uri()));
    put("intent_package", json!(icon.intent.package.as_deref()));
    put("progress", json!(icon.shown_progress()));
    put("options", json!(0)); // C15: never read for icons
    put("icon_source", json!(icon.icon.as_str()));
    put("isPromise", json!(icon.is_promise()));
    put("isDisabled", json!(icon.is_disabled()));
}

fn widget_facts(widget: &Widget, put: &mut dyn FnMut(&str, Value)) {
    put("class", json!("LauncherAppWidgetInfo"));
    put("appWidgetId", json!(widget.widget_id));
    put("restoreStatus", json!(widget.restore.0));
    put("provider", json!(widget.provider.to_full_text()));
    put("options", json!(widget.options));
    put("installProgress", json!(widget.install_progress));
    put("minSpanX", json!(widget.min_span.0));
    put("minSpanY", json!(widget.min_span.1));
    put("pending", json!(widget.pending));
    put("sourceContainer", json!(widget.source));
    put("bindOptions", json!(widget.bind_options.as_ref().map(Intent::to_uri)));
}
