//! `launcher/upgrade`: what `DatabaseHelper` made of files of every version.

use std::path::Path;

use anyhow::Context;
use ferrule_launcher_model::intent::Intent;
use ferrule_launcher_model::upgrade::{
    Crash, Event, Launcher, LegacyShortcuts, Opening, PinRequest, Target, open,
};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde_json::{Map, Value, json};

use super::facts::{Facts, json_lines};
use crate::{Case, Kind};

/// The kind.
pub fn kind() -> Kind {
    Kind { name: "launcher/upgrade", path: "launcher/peer/upgrade_cases.jsonl", load }
}

fn load(path: &Path) -> anyhow::Result<Vec<Case>> {
    json_lines(path)?
        .into_iter()
        .map(|case| {
            let id = case.get("id").and_then(Value::as_str).context("a case without id")?.to_owned();
            Ok(Case { id, run: Box::new(move || run(&case).map_err(|error| format!("{error:#}"))) })
        })
        .collect()
}

/// The reference's package manager and pin requests: three packages, one answer to all requests.
pub(super) struct Recorded {
    pub(super) accepts_pins: bool,
}

impl LegacyShortcuts for Recorded {
    fn resolve(&self, intent: &Intent) -> Target {
        match intent.target_package() {
            Some("ok.app") => Target::Open,
            Some("perm.app") => Target::Guarded,
            _ => Target::None,
        }
    }

    fn pin(&self, _: &PinRequest<'_>) -> bool {
        self.accepts_pins
    }
}

/// The launcher of the reference.
pub(super) fn launcher(platform: &Recorded, pins_first_row: bool) -> Launcher<'_> {
    Launcher {
        profile: 0,
        profiles: &[0],
        package: "org.robolectric.default",
        pins_first_row,
        for_migration: false,
        downgrade_schema: None,
        platform,
    }
}

fn run(case: &Value) -> anyhow::Result<()> {
    let mut connection = Connection::open_in_memory()?;
    build(&connection, case)?;
    let platform = Recorded { accepts_pins: case["pin_request_accepted"].as_bool().unwrap_or_default() };
    let pins_first_row = case["qsb_on_first_screen"].as_bool().unwrap_or_default();
    let opening = open(&mut connection, &launcher(&platform, pins_first_row))?;

    let mut facts = Facts::default();
    let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    facts.same("exception", &exception_kind(&case["exception"]), &json!(crash_kind(opening.crash.as_ref())));
    facts.same("empty_db_created", &case["empty_db_created"], &json!(opening.empty_flag));
    facts.same("logged", &logged_kinds(&case["logged"]), &json!(log_kinds(&opening)));
    facts.same("version_after", &case["version_after"], &json!(version));
    facts.same("tables_after", &case["tables_after"], &json!(names(&connection, TABLES)?));
    facts.same("columns_after", &case["columns_after"], &json!(names(&connection, COLUMNS)?));
    facts.same("rows_after", &without_nulls(&case["rows_after"]), &rows(&connection)?);
    facts.verdict().map_err(anyhow::Error::msg)
}

const TABLES: &str = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
const COLUMNS: &str = "SELECT name FROM pragma_table_info('favorites')";

/// Makes the file that a case describes. Columns are declared as Launcher3 declared them when it added them.
pub(super) fn build(connection: &Connection, case: &Value) -> anyhow::Result<()> {
    let columns = case["columns_before"].as_array().context("no columns")?;
    let version = case["from_version"].as_i64().context("no version")?;
    let declared: Vec<String> = columns
        .iter()
        .filter_map(Value::as_str)
        .map(|name| format!("{name} {}", declared_type(name, version)))
        .collect();
    connection.execute_batch(&format!("CREATE TABLE favorites ({})", declared.join(",")))?;
    for row in case["rows_before"].as_array().context("no rows")? {
        insert(connection, row.as_object().context("a row that is no object")?)?;
    }
    if let Some(pages) = case["workspaceScreens_before"].as_array() {
        connection.execute_batch(
            "CREATE TABLE workspaceScreens (_id INTEGER PRIMARY KEY,screenRank INTEGER,modified INTEGER NOT NULL DEFAULT 0)",
        )?;
        for page in pages {
            connection.execute(
                "INSERT INTO workspaceScreens (_id, screenRank) VALUES (?1, ?2)",
                (page[0].as_i64(), page[1].as_i64()),
            )?;
        }
    }
    connection.pragma_update(None, "user_version", version)?;
    Ok(())
}

/// A column's type. One that only a later step adds is there by accident, without that step's default.
fn declared_type(column: &str, version: i64) -> &'static str {
    let added = [
        ("modified", 14),
        ("restored", 15),
        ("profileId", 19),
        ("rank", 20),
        ("options", 22),
        ("appWidgetSource", 28),
    ];
    if version > 0 && added.iter().any(|(name, step)| *name == column && version <= *step) {
        return "INTEGER";
    }
    match column {
        "_id" => "INTEGER PRIMARY KEY",
        "title" | "intent" | "iconPackage" | "iconResource" | "uri" | "appWidgetProvider" => "TEXT",
        "icon" => "BLOB",
        "appWidgetId" | "appWidgetSource" => "INTEGER NOT NULL DEFAULT -1",
        "modified" | "restored" | "rank" | "options" => "INTEGER NOT NULL DEFAULT 0",
        "profileId" => "INTEGER DEFAULT 0",
        _ => "INTEGER",
    }
}

/// Inserts a row of a case; what it leaves out is at its default.
pub(super) fn insert(connection: &Connection, row: &Map<String, Value>) -> anyhow::Result<()> {
    let columns: Vec<&str> = row.keys().map(String::as_str).collect();
    let places = vec!["?"; columns.len()].join(",");
    let values = row.values().map(|value| match value {
        Value::Number(number) => number.as_i64().map_or_else(
            || rusqlite::types::Value::Real(number.as_f64().unwrap_or_default()),
            rusqlite::types::Value::Integer,
        ),
        Value::String(text) => rusqlite::types::Value::Text(text.clone()),
        _ => rusqlite::types::Value::Null,
    });
    connection.execute(
        &format!("INSERT INTO favorites ({}) VALUES ({places})", columns.join(",")),
        rusqlite::params_from_iter(values),
    )?;
    Ok(())
}

/// The failure that a recorded exception is.
fn exception_kind(recorded: &Value) -> Value {
    let Some(text) = recorded.as_str() else { return Value::Null };
    let kinds = [
        ("table favorites already exists", "table exists"),
        ("because \"uri\" is null", "null intent"),
        ("no such table: workspaceScreens", "sql of step 27"),
        ("no such column: \"iconPackage\"", "sql of step 31"),
        ("no such column: \"iconResource\"", "sql of step 31"),
        ("NumberFormatException", "number in intent"),
    ];
    let kind = kinds.iter().find(|(part, _)| text.contains(part)).map(|(_, kind)| *kind);
    json!(kind.unwrap_or(text))
}

fn crash_kind(crash: Option<&Crash>) -> Option<String> {
    Some(match crash? {
        Crash::TableExists => "table exists".to_owned(),
        Crash::NullIntent => "null intent".to_owned(),
        Crash::Sql { step, .. } => format!("sql of step {step}"),
        Crash::NumberInIntent { .. } => "number in intent".to_owned(),
        Crash::Cell { step } => format!("cell of step {step}"),
    })
}

/// The log without what SQLite's wording adds, and without the line of a downgrade, whose level may not be recorded.
fn logged_kinds(logged: &Value) -> Value {
    let lines = logged.as_array().into_iter().flatten().filter_map(Value::as_str);
    let lines = lines.filter(|line| !line.starts_with("Unable to downgrade"));
    json!(lines.map(|line| line.split(" (code").next().unwrap_or(line)).collect::<Vec<_>>())
}

fn log_kinds(opening: &Opening) -> Vec<String> {
    let is_downgrade = opening.log.iter().any(|event| matches!(event, Event::DowngradeFailed(_)));
    let events = opening.log.iter().filter_map(|event| match event {
        Event::StepFailed(_, detail) => Some(detail.split(" in ALTER").next().unwrap_or(detail).to_owned()),
        Event::UnreadableIntent(_) => Some("Unable to parse intent".to_owned()),
        Event::Wiped if !is_downgrade => Some("Destroying all old data.".to_owned()),
        Event::Wiped | Event::DowngradeFailed(_) | Event::ShortcutDeleted(_) | Event::ShortcutPinned(_) => {
            None
        }
    });
    events.collect()
}

/// The names that a query gives.
pub(super) fn names(connection: &Connection, query: &str) -> anyhow::Result<Vec<String>> {
    let mut statement = connection.prepare(query)?;
    Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// The rows as objects, NULL left out.
pub(super) fn rows(connection: &Connection) -> anyhow::Result<Value> {
    let mut statement = connection.prepare("SELECT * FROM favorites ORDER BY _id")?;
    let columns: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let mut object = Map::new();
        for (at, column) in columns.iter().enumerate() {
            let value = match row.get_ref(at)? {
                ValueRef::Null => continue,
                ValueRef::Integer(value) => json!(value),
                ValueRef::Real(value) => json!(value),
                ValueRef::Text(text) => json!(String::from_utf8_lossy(text)),
                ValueRef::Blob(bytes) => json!(bytes),
            };
            object.insert(column.clone(), value);
        }
        all.push(Value::Object(object));
    }
    Ok(Value::Array(all))
}

fn without_nulls(rows: &Value) -> Value {
    let mut rows = rows.clone();
    for row in rows.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        row.retain(|_, value| !value.is_null());
    }
    rows
}
