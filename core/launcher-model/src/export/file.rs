//! An export as a file: built under another name, read back and compared, then given its name.

use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, params_from_iter};

use super::{ExportReport, Format, Overflow, default_value, rows};
use crate::open::columns;
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
            write_table(connection, "favorites", &source.favorites)?;
            if let Some(screens) = &source.screens {
                write_table(connection, "screens", screens)?;
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

/// A column's declaration. What a foreign file declared is taken over only where it is a plain type and a plain default:
/// it is text of unknown origin.
fn declaration(column: &Column) -> String {
    let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || " _(),-".contains(c));
    let declared = if plain(&column.declared) { column.declared.as_str() } else { "" };
    let default = match default_value(column) {
        Value::Integer(number) => format!(" DEFAULT {number}"),
        Value::Text(text) => format!(" DEFAULT '{text}'"),
        _ => String::new(),
    };
    let default = if declared.contains("DEFAULT") { "" } else { default.as_str() };
    format!("{} {declared}{default}", quoted(&column.name))
}

fn write_table(connection: &Connection, name: &str, table: &Table) -> rusqlite::Result<()> {
    let declared: Vec<String> = table.columns.iter().map(declaration).collect();
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
    let mut statement =
        connection.prepare(&format!("SELECT {} FROM {name} ORDER BY rowid", names.join(", ")))?;
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

/// Whether a value is stored as what it was. A column of numeric affinity turns a numeric text into its number (G.2), which
/// is listed where it matters.
fn same(written: &Value, stored: &Value) -> bool {
    let number = |value: &Value| match value {
        Value::Integer(number) => Some(*number as f64), // only to compare with what SQLite made of a text
        Value::Real(number) => Some(*number),
        Value::Text(text) => text.trim().parse().ok(),
        _ => None,
    };
    written == stored || (number(written).is_some() && number(written) == number(stored))
}
