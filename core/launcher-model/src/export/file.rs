//! An export as a file: built under another name, read back and compared, then given its name.

use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, params_from_iter};

use super::{ExportReport, Format, Overflow, default_value, rows};
use crate::open::columns;
use crate::rows::favorites::{AOSP_COLUMNS, MIUI_COLUMNS};
use crate::rows::{Column, SourceRows, Table, Value};
use crate::store::{
    At, Located, ModelStore, Step, StoreError, beside, connect, folder, fresh_database, in_transaction,
    remove_database,
};

impl ModelStore {
    /// Writes the home screen as a launcher's database. The file must not exist: nothing that somebody may have open is
    /// ever replaced (contracts 4).
    ///
    /// # Errors
    /// [`StoreError::Exists`]; what kept the file from being written. There is no file then.
    pub fn export(&self, format: Format, out: &Path) -> Result<ExportReport, StoreError> {
        let step = Step::Export;
        if out.exists() {
            return Err(StoreError::Exists { at: At::new(out, step) });
        }
        let (source, report) = rows(self.content(), format, Overflow::OnFreeCells);
        let files = Arc::clone(&self.options().files);
        let copy = beside(out, ".new");
        let written = fresh_database(files.as_ref(), &copy)
            .at(&copy, step)
            .and_then(|()| self.write_file(&source, &copy))
            .and_then(|()| files.rename(&copy, out).at(out, step))
            .and_then(|()| files.sync_folder(folder(out)).at(out, step));
        if let Err(error) = written {
            // An unfinished file under another name harms nobody; the next export removes it.
            let _ = remove_database(files.as_ref(), &copy);
            return Err(error);
        }
        Ok(report)
    }

    fn write_file(&self, source: &SourceRows, copy: &Path) -> Result<(), StoreError> {
        let step = Step::Export;
        let connection = connect(copy, self.options(), step)?;
        in_transaction(&connection, |connection| {
            let own = if source.screens.is_some() { MIUI_COLUMNS.len() } else { AOSP_COLUMNS.len() };
            write_table(connection, "favorites", &source.favorites, own)?;
            if let Some(screens) = &source.screens {
                write_table(connection, "screens", screens, screens.columns.len())?;
            }
            connection.execute_batch("CREATE TABLE android_metadata (locale TEXT)")?;
            connection.pragma_update(None, "user_version", source.user_version)
        })
        .at(copy, step)?;
        let found: String =
            connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).at(copy, step)?;
        if found != "ok" {
            return Err(StoreError::Verify { at: At::new(copy, step), detail: found });
        }
        let same = table_equals(&connection, "favorites", &source.favorites).at(copy, step)?;
        let screens = source.screens.as_ref().map(|screens| table_equals(&connection, "screens", screens));
        if !same || !screens.transpose().at(copy, step)?.unwrap_or(true) {
            let detail = "what was read back is not what was written".to_owned();
            return Err(StoreError::Verify { at: At::new(copy, step), detail });
        }
        connection.close().map_err(|(_, error)| error).at(copy, step)
    }
}

/// A name in SQL.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Words that begin more than a type: a constraint of a foreign column could refuse rows.
const CONSTRAINTS: [&str; 12] = [
    "AS",
    "CHECK",
    "COLLATE",
    "CONSTRAINT",
    "DEFAULT",
    "GENERATED",
    "NOT",
    "NULL",
    "ON",
    "PRIMARY",
    "REFERENCES",
    "UNIQUE",
];

/// A column's declaration. Our own is taken as it is; what a foreign file or a damaged store declares is text of unknown
/// origin, of which a plain type and a plain default are taken over.
fn declaration(connection: &Connection, column: &Column, is_own: bool) -> String {
    let name = quoted(&column.name);
    let default = match default_value(column) {
        Value::Integer(number) => format!(" DEFAULT {number}"),
        Value::Text(text) if !text.contains('\0') => format!(" DEFAULT '{text}'"),
        _ => String::new(),
    };
    if is_own {
        let default = if column.declared.contains("DEFAULT") { "" } else { default.as_str() };
        return format!("{name} {}{default}", column.declared);
    }
    let (type_name, size) = column.declared.trim().split_once('(').unwrap_or((&column.declared, ")"));
    let is_plain = type_name.chars().all(|c| c.is_ascii_alphanumeric() || " _".contains(c))
        && size
            .strip_suffix(')')
            .is_some_and(|size| size.chars().all(|c| c.is_ascii_digit() || " ,-".contains(c)));
    let mut words = type_name.split_ascii_whitespace();
    let is_type =
        is_plain && !words.any(|word| CONSTRAINTS.iter().any(|known| known.eq_ignore_ascii_case(word)));
    let whole = format!("{name} {}{default}", column.declared);
    // Whether it is a type at all only SQLite can tell; preparing makes nothing.
    let is_taken = is_type && connection.prepare(&format!("CREATE TABLE probe ({whole})")).is_ok();
    if is_taken { whole } else { format!("{name}{default}") }
}

/// Writes a table whose first columns, `own` of them, are declared here.
fn write_table(connection: &Connection, name: &str, table: &Table, own: usize) -> rusqlite::Result<()> {
    let declared: Vec<String> =
        table.columns.iter().zip(0..).map(|(column, at)| declaration(connection, column, at < own)).collect();
    connection.execute_batch(&format!("CREATE TABLE {name} ({})", declared.join(", ")))?;
    let places = vec!["?"; table.columns.len()].join(", ");
    let mut insert = connection.prepare(&format!("INSERT INTO {name} VALUES ({places})"))?;
    for row in &table.rows {
        insert.execute(params_from_iter(row))?;
    }
    Ok(())
}

fn table_equals(connection: &Connection, name: &str, table: &Table) -> rusqlite::Result<bool> {
    let names: Vec<String> =
        columns(connection, name)?.into_iter().map(|column| quoted(&column.name)).collect();
    if names.len() != table.columns.len() {
        return Ok(false);
    }
    // By the number, which is the first column: a foreign column may have the name `rowid`.
    let mut statement = connection.prepare(&format!("SELECT {} FROM {name} ORDER BY 1", names.join(", ")))?;
    let mut found = statement.query([])?;
    let mut expected: Vec<&Vec<Value>> = table.rows.iter().collect();
    expected.sort_by_key(|row| match row.first() {
        Some(Value::Integer(id)) => *id,
        _ => i64::MAX,
    });
    for row in expected {
        let Some(stored) = found.next()? else { return Ok(false) };
        for (at, value) in row.iter().enumerate() {
            if !same(value, &crate::sqlite::value(stored, at)?) {
                return Ok(false);
            }
        }
    }
    Ok(found.next()?.is_none())
}

/// How far the number that SQLite makes of a text may be from the nearest one.
const NEAR: f64 = 1e-12;

/// Whether a value is stored as what it was. A column of numeric affinity turns a numeric text into its number (G.2), which
/// is listed where it matters.
fn same(written: &Value, stored: &Value) -> bool {
    let number = |value: &Value| match value {
        Value::Integer(number) => Some(*number as f64), // only to compare with what SQLite made of a text
        Value::Real(number) => Some(*number),
        Value::Text(text) => text.trim().parse().ok(),
        _ => None,
    };
    let is_near = |a: f64, b: f64| a == b || (a - b).abs() <= a.abs() * NEAR;
    written == stored || number(written).zip(number(stored)).is_some_and(|(a, b)| is_near(a, b))
}
