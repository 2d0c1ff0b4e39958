//! Reading the tables of an open copy, damaged ones as far as possible.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::OpenError;
use crate::rows::{Column, SourceRows, Table, Value};

/// The most rows of one table that are read.
pub const ROWS_MAX: usize = 200_000;
/// The most bytes of texts and blobs of one table that are read.
pub const ROWS_BYTES_MAX: usize = 512 << 20;

/// The rows of a source.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The rows.
    pub rows: SourceRows,
    /// Set when the table of items could not be read through.
    pub salvage: Option<Salvage>,
}

/// How a damaged table was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Salvage {
    /// Rows read from the front.
    pub from_front: usize,
    /// Further rows read from the back.
    pub from_back: usize,
    /// What SQLite said.
    pub detail: String,
}

pub(super) fn read(connection: &Connection, user_version: i32) -> Result<Reading, OpenError> {
    let (favorites, salvage) = table(connection, "favorites")?.unwrap_or_default();
    let mut screens = None;
    for name in ["workspaceScreens", "screens"] {
        // Pages that cannot be read are as good as none: their order is then that of their numbers.
        if let Ok(Some((table, _))) = table(connection, name) {
            screens.get_or_insert(table);
        }
    }
    Ok(Reading { rows: SourceRows { user_version, favorites, screens }, salvage })
}

/// The columns of a table in declared order.
pub(crate) fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<Column>> {
    let mut statement = connection.prepare("SELECT name, type, dflt_value FROM pragma_table_info(?1)")?;
    let rows = statement.query_map([table], |row| {
        Ok(Column {
            name: row.get(0)?,
            declared: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
            default: row.get(2)?,
        })
    })?;
    rows.collect()
}

/// Reads a table by row id from the front; where that fails, from the back as well. `None` where it is absent.
fn table(connection: &Connection, name: &str) -> Result<Option<(Table, Option<Salvage>)>, OpenError> {
    let columns = columns(connection, name).map_err(OpenError::sqlite)?;
    if columns.is_empty() {
        return Ok(None);
    }
    let names = columns.iter().map(|column| format!(", \"{}\"", column.name.replace('"', "\"\"")));
    let query = format!("SELECT rowid{} FROM {name} ORDER BY rowid", names.collect::<String>());
    let mut front = Walk::default();
    let failure = match walk(connection, &query, columns.len(), &mut front) {
        Ok(()) => return Ok(Some((Table { columns, rows: front.rows }, None))),
        Err(WalkError::TooLarge(error)) => return Err(error),
        Err(WalkError::Sqlite(error)) => error,
    };
    let mut back = Walk { stop_at: front.last_id, ..Walk::default() };
    let query = query + " DESC";
    if let Err(WalkError::TooLarge(error)) = walk(connection, &query, columns.len(), &mut back) {
        return Err(error);
    }
    back.rows.reverse();
    let salvage =
        Salvage { from_front: front.rows.len(), from_back: back.rows.len(), detail: failure.to_string() };
    let mut rows = front.rows;
    rows.append(&mut back.rows);
    Ok(Some((Table { columns, rows }, Some(salvage))))
}

/// Rows as they are read one after the other.
#[derive(Default)]
struct Walk {
    rows: Vec<Vec<Value>>,
    last_id: Option<i64>,
    /// The row that the other direction ended with.
    stop_at: Option<i64>,
    bytes: usize,
}

enum WalkError {
    Sqlite(rusqlite::Error),
    TooLarge(OpenError),
}

impl From<rusqlite::Error> for WalkError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

fn walk(connection: &Connection, query: &str, width: usize, walk: &mut Walk) -> Result<(), WalkError> {
    let mut statement = connection.prepare(query)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        if walk.stop_at.is_some_and(|stop| id <= stop) {
            break;
        }
        let values = (0..width).map(|at| value(row, at + 1)).collect::<rusqlite::Result<Vec<_>>>()?;
        walk.bytes += values.iter().map(size).sum::<usize>();
        walk.rows.push(values);
        walk.last_id = Some(id);
        if walk.rows.len() > ROWS_MAX {
            return Err(WalkError::TooLarge(OpenError::TooLarge { what: "rows", limit: ROWS_MAX as u64 }));
        }
        if walk.bytes > ROWS_BYTES_MAX {
            let limit = ROWS_BYTES_MAX as u64;
            return Err(WalkError::TooLarge(OpenError::TooLarge { what: "bytes of rows", limit }));
        }
    }
    Ok(())
}

fn value(row: &Row<'_>, at: usize) -> rusqlite::Result<Value> {
    Ok(match row.get_ref(at)? {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Integer(value),
        ValueRef::Real(value) => Value::Real(value),
        ValueRef::Text(bytes) => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
    })
}

fn size(value: &Value) -> usize {
    match value {
        Value::Null | Value::Integer(_) | Value::Real(_) => 8,
        Value::Text(text) => text.len(),
        Value::Blob(bytes) => bytes.len(),
    }
}
