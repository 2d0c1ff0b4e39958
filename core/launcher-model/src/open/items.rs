//! From the cursor straight to what a load decides from.
//!
//! The way of a healthy file: only the columns that a load reads, no values of our own in between, and of an icon no more
//! than its length. Whatever is unusual (damage, a text that is no UTF-8, a row without an id) is not handled here: the caller then reads the
//! whole table and takes the rows from there, with the same result.

use std::cell::Cell;

use rusqlite::{Connection, Row};

use super::read::{ROWS_BYTES_MAX, ROWS_MAX, columns, row_id};
use crate::compat::{Column, LoadRow};
use crate::rows::ValueRef;
use crate::sqlite::borrowed;

/// Room for the rows of an ordinary home screen.
const ROWS_EXPECTED: usize = 256;

/// All rows by row id; `None` where the long way has to be taken.
pub(super) fn load_rows(connection: &Connection) -> Option<Vec<LoadRow>> {
    let there = columns(connection, "favorites").ok()?;
    if there.is_empty() {
        return None;
    }
    let select = select(|name| {
        // As SQLite compares names.
        there.iter().any(|column| column.name.eq_ignore_ascii_case(name))
    });
    let mut statement = connection.prepare_cached(&format!("{select} ORDER BY {}", row_id(&there)?));
    let mut cursor = statement.as_mut().ok()?.query([]).ok()?;
    let (mut rows, mut bytes) = (Vec::with_capacity(ROWS_EXPECTED), 0);
    while let Some(row) = cursor.next().ok()? {
        let row = read(row)?;
        bytes +=
            [&row.title, &row.intent, &row.provider].into_iter().flatten().map(String::len).sum::<usize>();
        rows.push(row);
        if rows.len() > ROWS_MAX || bytes > ROWS_BYTES_MAX {
            return None;
        }
    }
    Some(rows)
}

/// The query. A column that the table lacks reads as NULL; its name in quotes would read as a text.
fn select(is_there: impl Fn(&str) -> bool) -> String {
    let mut query = String::from("SELECT ");
    for (column, name) in Column::NAMES.into_iter().enumerate() {
        let separator = if column == 0 { "" } else { ", " };
        let term = match is_there(name) {
            // Type and length stand at the front of a row; SQLite does not read the picture itself for them. Most rows
            // have none, and then nothing more is asked.
            true if column == Column::Icon as usize => {
                format!("\"{name}\" IS NOT NULL AND typeof(\"{name}\") = 'blob' AND length(\"{name}\") > 0")
            }
            true => format!("\"{name}\""),
            false => "NULL".to_owned(),
        };
        query += separator;
        query += &term;
    }
    query + " FROM favorites"
}

/// One row; `None` for one with a value that needs the long way, or without a numeric id.
fn read(row: &Row<'_>) -> Option<LoadRow> {
    let is_odd = Cell::new(false);
    let value = |column: Column| {
        borrowed(row, column as usize).unwrap_or_else(|| {
            is_odd.set(true);
            ValueRef::Null
        })
    };
    let has_icon = value(Column::Icon) == ValueRef::Integer(1);
    LoadRow::from_values(value, has_icon).filter(|_| !is_odd.get())
}
