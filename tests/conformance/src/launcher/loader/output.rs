//! A load's outcome in the words of the case file's `output`.

use std::collections::BTreeMap;

use ferrule_launcher_model::compat::model::{Icon, Item, ItemKind, LoadedModel, Widget};
use ferrule_launcher_model::compat::outcome::{LoadEnd, RowFault, SweepStep};
use ferrule_launcher_model::compat::pages::pages;
use ferrule_launcher_model::compat::{DbAction, LoadOutcome, LoadRow, Verdict};
use ferrule_launcher_model::first_screen;
use ferrule_launcher_model::intent::{EXTRA_SHORTCUT_ID, FailureClass, Intent};
use serde_json::{Map, Value, json};

use super::CaseInput;
use super::second;

/// Everything that the case file compares.
pub fn report(input: &CaseInput, outcome: &LoadOutcome) -> Value {
    let mut report = first_load(input, outcome);
    if outcome.end == LoadEnd::Committed {
        report.insert("second_load".into(), second::report(input, outcome));
    }
    report.insert("intent_parse".into(), intent_parse(&input.rows));
    Value::Object(report)
}

/// What the first load did.
pub fn first_load(input: &CaseInput, outcome: &LoadOutcome) -> Map<String, Value> {
    let mut report = Map::new();
    let cancelled = outcome.end != LoadEnd::Committed;
    if outcome.end != LoadEnd::CancelledBeforeCommit {
        model(&outcome.model, &mut report);
        report.insert("pending_packages".into(), pending(outcome));
    }
    report.insert("deleted".into(), deleted(outcome));
    report.insert("sanitise".into(), sanitise(outcome));
    report.insert("row_exceptions".into(), row_exceptions(input, outcome));
    let left = second::rows_after(&input.rows, outcome);
    let mut ids: Vec<i32> = left.iter().map(LoadRow::id).collect();
    ids.sort_unstable();
    let zombies: Vec<i32> = ids.iter().copied().filter(|id| !outcome.model.items.contains_key(id)).collect();
    let strangers: Vec<i32> = outcome.model.items.keys().copied().filter(|id| !ids.contains(id)).collect();
    report.insert("kept_in_db_not_in_model".into(), json!(zombies));
    report.insert("in_model_not_in_db".into(), json!(strangers));
    report.insert("db_ids_after".into(), json!(ids));
    report.insert("updated_rows".into(), updated_rows(&input.rows, &left));
    report.insert("restored_committed".into(), json!(outcome.restored_committed()));
    report.insert("db_log".into(), outcome.actions.iter().map(log_line).collect());
    report.insert("pin_calls".into(), pin_calls(outcome));
    report.insert("bind_calls".into(), bind_calls(outcome));
    report.insert("host_ids_freed".into(), json!(outcome.widget_ids_freed));
    report.insert("host_ids_allocated".into(), json!(outcome.widget_ids_allocated));
    let receivers: &[&str] = if outcome.waits_for_boot {
        &["SdCardAvailableReceiver:android.intent.action.BOOT_COMPLETED"]
    } else {
        &[]
    };
    report.insert("registered_receivers".into(), json!(receivers));
    let broadcasts: Vec<String> =
        outcome.broadcasts.iter().map(|b| format!("{}:{}", first_screen::ACTION, b.installer)).collect();
    report.insert("broadcasts".into(), json!(broadcasts));
    report.insert("load_committed".into(), json!(!cancelled));
    if cancelled {
        report.insert("model_ids_after_cancel".into(), json!(outcome.model.items.keys().collect::<Vec<_>>()));
    }
    report.insert("db_version".into(), json!(32));
    report
}

fn model(model: &LoadedModel, report: &mut Map<String, Value>) {
    report.insert("items".into(), model.items.values().map(|item| Value::Object(item_facts(item))).collect());
    report.insert("workspaceItems".into(), json!(sorted(&model.workspace_items)));
    report.insert("appWidgets".into(), json!(sorted(&model.widgets)));
    report.insert("collections".into(), collections(model));
    report.insert("screens".into(), json!(pages(model)));
    report.insert("firstPagePinned".into(), json!(model.first_page_pinned));
}

fn sorted(ids: &[i32]) -> Vec<i32> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids
}

/// The collections map.
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
pub fn item_facts(item: &Item) -> Map<String, Value> {
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
    put("title", json!(item.title));
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
    put("intent_package", json!(icon.intent.package));
    put("progress", json!(icon.shown_progress()));
    put("options", json!(0));
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

fn pending(outcome: &LoadOutcome) -> Value {
    let mut pending: Vec<String> =
        outcome.pending_packages.iter().map(|(package, profile)| format!("{package}|{profile}")).collect();
    pending.sort();
    json!(pending)
}

/// The deletions of the load phase.
pub fn deleted(outcome: &LoadOutcome) -> Value {
    outcome.deletions().map(|(id, reason)| json!({ "id": id, "reason": reason.as_str() })).collect()
}

/// The three clean-up lists.
pub fn sanitise(outcome: &LoadOutcome) -> Value {
    let ids = |step| outcome.swept_by(step).collect::<Vec<_>>();
    json!({
        "empty_folders": ids(SweepStep::EmptyFolder),
        "bad_app_pairs": ids(SweepStep::BadAppPair),
        "unparented": ids(SweepStep::Unparented),
    })
}

fn row_exceptions(input: &CaseInput, outcome: &LoadOutcome) -> Value {
    let row = |id: i32| input.rows.iter().find(|row| row.id() == id);
    outcome
        .decisions
        .iter()
        .filter_map(|decision| match decision.verdict {
            Verdict::Zombie(fault) | Verdict::Adrift(fault) => {
                let (class, message) = exception(fault, row(decision.id))?;
                Some(json!({ "id": decision.id, "class": class, "message": message }))
            }
            _ => None,
        })
        .collect()
}

/// What Launcher3 throws for a fault; nothing for a row that it passes over.
fn exception(fault: RowFault, row: Option<&LoadRow>) -> Option<(&'static str, String)> {
    let null_pointer = "java.lang.NullPointerException";
    Some(match fault {
        RowFault::UnknownType => return None,
        RowFault::Unreadable => ("android.database.sqlite.SQLiteException", String::new()),
        RowFault::AppPairsOff => ("app_pairs_flag_off", String::new()),
        RowFault::IntentNumber(error) => {
            let text = row.and_then(|row| row.intent.as_deref()).unwrap_or_default();
            let segment = text.get(error.offset..).unwrap_or_default();
            let segment = segment.split(';').next().unwrap_or_default();
            let number = segment.split_once('=').map_or(segment, |(_, number)| number);
            ("java.lang.NumberFormatException", format!("For input string: \"{number}\""))
        }
        RowFault::SelectorSet => (
            "java.lang.IllegalArgumentException",
            "Can't set package name when selector is already set".into(),
        ),
        RowFault::Unresolved => ("java.lang.RuntimeException", "Unexpected null WorkspaceItemInfo".into()),
        RowFault::RestoreType(bits) => {
            ("java.security.InvalidParameterException", format!("Invalid restoreType {bits}"))
        }
        RowFault::ShortcutIdMissing => (null_pointer, "class name is null".into()),
        RowFault::ProviderNull => {
            (null_pointer, "Cannot invoke \"String.indexOf(int)\" because \"str\" is null".into())
        }
        RowFault::ProviderMalformed | RowFault::BindExtrasMissing => (null_pointer, "null".into()),
        RowFault::HotseatIndex { index, length } => (
            "java.lang.ArrayIndexOutOfBoundsException",
            format!("Index {index} out of bounds for length {length}"),
        ),
        RowFault::PairInPair => {
            ("java.lang.RuntimeException", "tried to add an illegal type into an app pair".into())
        }
    })
}

/// The columns in which surviving rows differ.
pub fn updated_rows(before: &[LoadRow], after: &[LoadRow]) -> Value {
    let before: BTreeMap<i64, &LoadRow> = before.iter().map(|row| (row.row_id, row)).collect();
    let mut changes = Map::new();
    for row in after {
        let Some(old) = before.get(&row.row_id) else { continue };
        let mut columns = Map::new();
        if old.intent != row.intent {
            columns.insert("intent".into(), json!(row.intent));
        }
        if old.widget_id != row.widget_id {
            columns.insert("appWidgetId".into(), json!(row.widget_id));
        }
        if old.provider != row.provider {
            columns.insert("appWidgetProvider".into(), json!(row.provider));
        }
        if old.restored != row.restored {
            columns.insert("restored".into(), json!(row.restored));
        }
        if !columns.is_empty() {
            changes.insert(row.row_id.to_string(), Value::Object(columns));
        }
    }
    Value::Object(changes)
}

fn joined(ids: &[i32]) -> String {
    ids.iter().map(i32::to_string).collect::<Vec<_>>().join(", ")
}

fn log_line(action: &DbAction) -> String {
    match action {
        DbAction::RetargetIntent { id, intent } => format!("update intent={intent} where _id= ? [{id}]"),
        DbAction::SetRestored { id, restored } => format!("update restored={restored} where _id= ? [{id}]"),
        DbAction::SetWidget { id, widget_id, provider, restored } => format!(
            "update appWidgetId={widget_id} appWidgetProvider={provider} restored={restored} where _id= ? [{id}]"
        ),
        DbAction::Delete(ids) => format!("delete where _id IN ({})", joined(ids)),
        DbAction::ClearRestored(ids) => format!("update restored=0 where _id IN ({})", joined(ids)),
        DbAction::Sweep(SweepStep::EmptyFolder, ids) => format!("deleteEmptyFolders {}", joined(ids)),
        DbAction::Sweep(SweepStep::BadAppPair, ids) => format!("deleteBadAppPairs {}", joined(ids)),
        DbAction::Sweep(SweepStep::Unparented, ids) => format!("deleteUnparentedApps {}", joined(ids)),
        DbAction::FreeGhostWidgets(ids) => format!("removeGhostWidgets [{}]", joined(ids)),
    }
}

/// `pkg|serial|ids`, sorted as text.
pub fn pin_calls(outcome: &LoadOutcome) -> Value {
    let mut calls: Vec<String> = outcome
        .pin_calls
        .iter()
        .map(|call| {
            let ids: Vec<&str> = call.ids.iter().map(String::as_str).collect();
            format!("{}|{}|{}", call.package, call.profile, ids.join(","))
        })
        .collect();
    calls.sort();
    json!(calls)
}

fn bind_calls(outcome: &LoadOutcome) -> Value {
    outcome
        .bind_calls
        .iter()
        .map(|call| json!(format!("{}|{}|{}", call.widget_id, call.provider.to_full_text(), call.bound)))
        .collect()
}

/// What the parser makes of every row's intent.
fn intent_parse(rows: &[LoadRow]) -> Value {
    let mut parsed = Map::new();
    for row in rows {
        let Some(text) = row.intent.as_ref().filter(|text| !text.is_empty()) else { continue };
        let value = match Intent::parse(text) {
            Ok(intent) => json!({
                "component": intent.component.as_ref().map(|component| component.to_full_text()),
                "package": intent.package,
                "shortcut_id": intent.string_extra(EXTRA_SHORTCUT_ID),
                "uri": intent.to_uri(),
                "has_extras": !intent.extras.is_empty(),
            }),
            Err(error) => json!({ "error": match error.class() {
                FailureClass::UriSyntax => "URISyntaxException",
                FailureClass::NumberFormat | FailureClass::Oversize => "NumberFormatException",
            }}),
        };
        parsed.insert(row.row_id.to_string(), value);
    }
    Value::Object(parsed)
}
