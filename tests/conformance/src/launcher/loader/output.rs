//! A load's outcome in the words of the case file's `output`.

use ferrule_launcher_model::compat::outcome::{LoadEnd, RowFault, SweepStep};
use ferrule_launcher_model::compat::{DbAction, LoadOutcome, LoadRow, Verdict};
use ferrule_launcher_model::first_screen;
use ferrule_launcher_model::intent::{EXTRA_SHORTCUT_ID, FailureClass, Intent};
use ferrule_launcher_model::json::{database_report, model_report};
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
    let cancelled = outcome.end != LoadEnd::Committed;
    let mut report = database_report(&input.rows, outcome);
    if outcome.end == LoadEnd::CancelledBeforeCommit {
        report.shift_remove("pending_packages");
    } else {
        report.extend(model_report(&outcome.model));
    }
    report.insert("row_exceptions".into(), row_exceptions(input, outcome));
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
