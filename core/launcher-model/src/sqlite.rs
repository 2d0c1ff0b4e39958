//! The border between SQLite's values and ours; nothing else converts them.

use rusqlite::Row;
use rusqlite::types::ValueRef;

use crate::rows::{self, Value};

/// A column of a row with the type that is stored. Texts that are no UTF-8 are repaired as SQLite's own readers do.
pub(crate) fn value(row: &Row<'_>, at: usize) -> rusqlite::Result<Value> {
    Ok(match row.get_ref(at)? {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Integer(value),
        ValueRef::Real(value) => Value::Real(value),
        ValueRef::Text(bytes) => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
    })
}

/// A column of a row where it lies; `None` for one that cannot be read and for a text that is no UTF-8.
pub(crate) fn borrowed<'r>(row: &'r Row<'_>, at: usize) -> Option<rows::ValueRef<'r>> {
    Some(match row.get_ref(at).ok()? {
        ValueRef::Null => rows::ValueRef::Null,
        ValueRef::Integer(value) => rows::ValueRef::Integer(value),
        ValueRef::Real(value) => rows::ValueRef::Real(value),
        ValueRef::Text(bytes) => rows::ValueRef::Text(std::str::from_utf8(bytes).ok()?),
        ValueRef::Blob(bytes) => rows::ValueRef::Blob(bytes),
    })
}

/// A column as Android's `Cursor.getLong` reads it; a blob is the failure that it is there.
pub(crate) fn long(row: &Row<'_>, at: usize) -> rusqlite::Result<i64> {
    let refused = || rusqlite::Error::InvalidColumnType(at, String::new(), rusqlite::types::Type::Blob);
    value(row, at)?.long().map_err(|_| refused())
}
