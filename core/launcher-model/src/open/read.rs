//! Reading the tables of an open copy, damaged ones as far as possible.

use rusqlite::{Connection, Row};

use super::OpenError;
use crate::compat::LoadRow;
use crate::rows::{Column, SourceRows, Table, Value};
use crate::sqlite::value;

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

/// The rows of a source as a load takes them.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemReading {
    /// The rows by ascending row id.
    pub rows: Vec<LoadRow>,
    /// The rows that have no id to be named by ([`LoadRow::nameless_of`]).
    pub nameless: Vec<LoadRow>,
    /// Set when the table of items could not be read through.
    pub salvage: Option<Salvage>,
}

/// How a damaged table was read: in stretches between the places that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Salvage {
    /// How many stretches were found.
    pub stretches: usize,
    /// What SQLite said first.
    pub detail: String,
}

/// How many unreadable places are stepped over before the rest is left.
const GAPS_MAX: usize = 1_000;

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
    let mut statement =
        connection.prepare_cached("SELECT name, type, dflt_value FROM pragma_table_info(?1)")?;
    let rows = statement.query_map([table], |row| {
        Ok(Column {
            name: row.get(0)?,
            declared: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
            default: row.get(2)?,
        })
    })?;
    rows.collect()
}

/// The name by which a table's rows have a number of their own; `None` where each is a column's. A table made `WITHOUT ROWID`
/// has none by any name, which only SQLite knows.
pub(super) fn row_id(columns: &[Column]) -> Option<&'static str> {
    let is_free = |name: &&str| !columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    ["rowid", "_rowid_", "oid"].into_iter().find(is_free)
}

/// Reads a table by row id, stepping over what cannot be read; one without row ids from its front. `None` where it is absent.
fn table(connection: &Connection, name: &str) -> Result<Option<(Table, Option<Salvage>)>, OpenError> {
    let columns = columns(connection, name).map_err(OpenError::sqlite)?;
    if columns.is_empty() {
        return Ok(None);
    }
    let names = columns.iter().map(|column| format!(", \"{}\"", column.name.replace('"', "\"\"")));
    let names: String = names.collect();
    let by = |row_id: &'static str| (row_id, format!("SELECT {row_id}{names} FROM {name}"));
    let by_row_id = row_id(&columns).map(by).filter(|(_, select)| connection.prepare(select).is_ok());
    let (row_id, select) = by_row_id.unwrap_or_else(|| by("NULL"));
    let mut walk = Walk { connection, select, row_id, width: columns.len(), rows: Vec::new(), bytes: 0 };
    let salvage = if row_id == "NULL" { walk.until_damage()? } else { walk.around_gaps()? };
    let rows = walk.rows.into_iter().map(|(_, values)| values).collect();
    Ok(Some((Table { columns, rows }, salvage)))
}

/// A table while it is read.
struct Walk<'a> {
    connection: &'a Connection,
    /// The query up to its conditions.
    select: String,
    /// The name of the row id.
    row_id: &'static str,
    width: usize,
    rows: Vec<(i64, Vec<Value>)>,
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

impl Walk<'_> {
    /// Reads all rows that are not behind damage, in the order of their ids.
    fn around_gaps(&mut self) -> Result<Option<Salvage>, OpenError> {
        let mut salvage: Option<Salvage> = None;
        let mut last = i64::MIN;
        for stretches in 1..=GAPS_MAX {
            match self.forward(&mut last) {
                Ok(()) => break,
                Err(WalkError::TooLarge(error)) => return Err(error),
                Err(WalkError::Sqlite(error)) => {
                    salvage
                        .get_or_insert_with(|| Salvage { stretches, detail: error.to_string() })
                        .stretches = stretches;
                }
            }
            let Some(beyond) = self.beyond_gap(last) else { break };
            self.backward(beyond, last)?;
            last = beyond;
        }
        self.rows.sort_by_key(|(id, _)| *id);
        self.rows.dedup_by_key(|(id, _)| *id);
        Ok(salvage)
    }

    /// Reads the rows of a table without row ids, up to the first that cannot be read.
    fn until_damage(&mut self) -> Result<Option<Salvage>, OpenError> {
        let mut statement = self.connection.prepare(&self.select).map_err(OpenError::sqlite)?;
        let mut rows = statement.query([]).map_err(OpenError::sqlite)?;
        loop {
            let taken = match rows.next() {
                Ok(None) => return Ok(None),
                Ok(Some(row)) => Self::take(row, self.width, &mut self.rows, &mut self.bytes),
                Err(error) => Err(error.into()),
            };
            match taken {
                Ok(_) => {}
                Err(WalkError::TooLarge(error)) => return Err(error),
                Err(WalkError::Sqlite(error)) => {
                    return Ok(Some(Salvage { stretches: 1, detail: error.to_string() }));
                }
            }
        }
    }

    /// The query of the rows whose id is as said.
    fn query(&self, condition: &str, end: &str) -> String {
        let Self { select, row_id, .. } = self;
        format!("{select} WHERE {row_id} {condition} ORDER BY {row_id} {end}")
    }

    /// Reads on behind `last` to the end or to the next unreadable place, and moves `last` along.
    fn forward(&mut self, last: &mut i64) -> Result<(), WalkError> {
        // The smallest row id has no number before it.
        let relation = if *last == i64::MIN { ">=" } else { ">" };
        let mut statement = self.connection.prepare(&self.query(&format!("{relation} ?1"), ""))?;
        let mut rows = statement.query([*last])?;
        while let Some(row) = rows.next()? {
            *last = Self::take(row, self.width, &mut self.rows, &mut self.bytes)?;
        }
        Ok(())
    }

    /// Reads from `from` down to the unreadable place behind `last`.
    fn backward(&mut self, from: i64, last: i64) -> Result<(), OpenError> {
        let query = self.query("BETWEEN ?1 AND ?2", "DESC");
        let mut walk = || -> Result<(), WalkError> {
            let mut statement = self.connection.prepare(&query)?;
            let mut rows = statement.query([last.saturating_add(1), from])?;
            while let Some(row) = rows.next()? {
                Self::take(row, self.width, &mut self.rows, &mut self.bytes)?;
            }
            Ok(())
        };
        match walk() {
            Err(WalkError::TooLarge(error)) => Err(error),
            Err(WalkError::Sqlite(_)) | Ok(()) => Ok(()), // the other side of the same place
        }
    }

    /// The id of a readable row behind an unreadable place, looked for in growing steps. Rows between the place and it
    /// are read backwards.
    fn beyond_gap(&self, last: i64) -> Option<i64> {
        // From the front of the table, ids are looked for where launchers have them: above 0.
        let start = last.max(0);
        (0..i64::BITS - 1).find_map(|power| {
            let from = start.checked_add(1 << power)?;
            let query = self.query(">= ?1", "LIMIT 1");
            let found = self.connection.query_row(&query, [from], |row| row.get::<_, i64>(0));
            found.ok()
        })
    }

    fn take(
        row: &Row<'_>,
        width: usize,
        rows: &mut Vec<(i64, Vec<Value>)>,
        bytes: &mut usize,
    ) -> Result<i64, WalkError> {
        let id = row.get::<_, Option<i64>>(0)?.unwrap_or_default();
        let values = (0..width).map(|at| value(row, at + 1)).collect::<rusqlite::Result<Vec<_>>>()?;
        *bytes += values.iter().map(size).sum::<usize>();
        rows.push((id, values));
        let too_large =
            |what, limit: usize| Err(WalkError::TooLarge(OpenError::TooLarge { what, limit: limit as u64 }));
        if rows.len() > ROWS_MAX {
            return too_large("rows", ROWS_MAX);
        }
        if *bytes > ROWS_BYTES_MAX {
            return too_large("bytes of rows", ROWS_BYTES_MAX);
        }
        Ok(id)
    }
}

fn size(value: &Value) -> usize {
    match value {
        Value::Null | Value::Integer(_) | Value::Real(_) => 8,
        Value::Text(text) => text.len(),
        Value::Blob(bytes) => bytes.len(),
    }
}
