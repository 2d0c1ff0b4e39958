//! The `input` object of a load case: the core's own reader for all but the rows, which become a table here.

use ferrule_launcher_model::compat::LoadRow;
use ferrule_launcher_model::json::LoadSpec;
use ferrule_launcher_model::rows::{Column, Table, Value};
use serde_json::Value as Json;

use super::super::json::list;

/// Everything that a case's load decides from.
#[derive(Clone)]
pub struct CaseInput {
    /// Rows, in insertion order.
    pub rows: Vec<LoadRow>,
    /// The rest.
    pub spec: LoadSpec,
}

impl CaseInput {
    /// Reads the object.
    pub fn read(input: &Json) -> Result<Self, String> {
        let spec = LoadSpec::from_json(input).map_err(|error| error.to_string())?;
        Ok(Self { rows: Self::rows(input), spec })
    }

    /// The rows of an object that has them under `rows`, as a cursor reads them.
    pub fn rows(holder: &Json) -> Vec<LoadRow> {
        LoadRow::from_table(&table(holder))
    }
}

/// The columns of the table, and what a row that does not name one gets.
const COLUMNS: [(&str, Value); 19] = [
    ("_id", Value::Null),
    ("title", Value::Null),
    ("intent", Value::Null),
    ("container", Value::Null),
    ("screen", Value::Null),
    ("cellX", Value::Null),
    ("cellY", Value::Null),
    ("spanX", Value::Null),
    ("spanY", Value::Null),
    ("itemType", Value::Null),
    ("appWidgetId", Value::Integer(-1)),
    ("icon", Value::Null),
    ("appWidgetProvider", Value::Null),
    ("modified", Value::Integer(0)),
    ("restored", Value::Integer(0)),
    ("profileId", Value::Integer(0)),
    ("rank", Value::Integer(0)),
    ("options", Value::Integer(0)),
    ("appWidgetSource", Value::Integer(-1)),
];
/// Columns of text; the others hold numbers, but for the icon.
const TEXT_COLUMNS: [&str; 3] = ["title", "intent", "appWidgetProvider"];

/// The case's rows as the table that SQLite would make of them.
pub fn table(input: &Json) -> Table {
    let columns =
        COLUMNS.iter().map(|(name, _)| Column { name: (*name).to_owned(), ..Column::default() }).collect();
    let rows = list(input, "rows")
        .map(|row| {
            COLUMNS
                .iter()
                .map(|(name, default)| {
                    row.get(*name).map_or_else(|| default.clone(), |value| stored(name, value))
                })
                .collect()
        })
        .collect();
    Table { columns, rows }
}

/// What SQLite stores for a JSON value in a column: texts that are numbers become numbers in number columns.
fn stored(column: &str, value: &Json) -> Value {
    match value {
        Json::Number(number) => match number.as_i64() {
            Some(int) => Value::Integer(int),
            None => Value::Real(number.as_f64().unwrap_or_default()),
        },
        Json::String(text) if column == "icon" => Value::Blob(text.clone().into_bytes()),
        Json::String(text) if TEXT_COLUMNS.contains(&column) => Value::Text(text.clone()),
        Json::String(text) => text.trim().parse().map_or_else(|_| Value::Text(text.clone()), Value::Integer),
        _ => Value::Null,
    }
}
