//! Rows of another launcher's database on their way into an import (contracts 4): two tables, every column, as stored.
//!
//! What it is: the decoder, and the encoder that golden bytes and fuzzing share. What it is not: nothing is converted or
//! left out; whose rows they are is the import's business.
//!
//! Invariant: a table has a whole number of rows, each with a cell a column.

use ferrule_launcher_model::rows::{Column, SourceRows, Table, Value};

use crate::wire::WireError;
use crate::wire::sections::{Record, Section, Sections, Writer, halves};

/// Magic of a batch of rows.
pub const MAGIC: &str = "FLMR";

/// Words of a record of each section: head, columns and cells of `favorites`, columns and cells of the table of pages.
const STRIDES: [usize; 5] = [2, 3, 3, 3, 3];

const NULL: u32 = 0;
const INTEGER: u32 = 1;
const REAL: u32 = 2;
const TEXT: u32 = 3;
const BLOB: u32 = 4;

/// Reads a batch.
///
/// # Errors
/// [`WireError`], with the offset of what is wrong.
pub fn decode(bytes: &[u8]) -> Result<SourceRows, WireError> {
    let all = Sections::read(bytes, MAGIC, &STRIDES)?;
    let head = all.section(0).only()?;
    let has_screens = head.one_of(1, "whether there is a table of pages", &[false, true])?;
    let screens = table(&all, all.section(3), all.section(4))?;
    Ok(SourceRows {
        user_version: head.i32(0)?,
        favorites: table(&all, all.section(1), all.section(2))?,
        screens: has_screens.then_some(screens),
    })
}

fn table(all: &Sections<'_>, columns: Section<'_>, cells: Section<'_>) -> Result<Table, WireError> {
    let width = columns.len();
    if cells.len().checked_rem(width).unwrap_or(cells.len()) != 0 {
        return Err(WireError::Range { at: 0, what: "number of cells" });
    }
    let columns = columns.iter().map(|record| column(all, &record)).collect::<Result<_, _>>()?;
    let mut rows = Vec::with_capacity(cells.len() / width.max(1));
    let mut left = cells.iter();
    while rows.len() < rows.capacity() {
        let row: Result<Vec<_>, _> = left.by_ref().take(width).map(|record| cell(all, &record)).collect();
        let row = row?;
        if row.is_empty() {
            break;
        }
        rows.push(row);
    }
    Ok(Table { columns, rows })
}

fn column(all: &Sections<'_>, record: &Record<'_>) -> Result<Column, WireError> {
    Ok(Column {
        name: record.text_or_empty(all, 0)?,
        declared: record.text_or_empty(all, 1)?,
        default: record.text(all, 2)?.map(str::to_owned),
    })
}

fn cell(all: &Sections<'_>, record: &Record<'_>) -> Result<Value, WireError> {
    Ok(match record.one_of(0, "type of a cell", &[NULL, INTEGER, REAL, TEXT, BLOB])? {
        INTEGER => Value::Integer(record.i64(1)?),
        REAL => Value::Real(f64::from_bits(record.i64(1)?.cast_unsigned())),
        TEXT => Value::Text(record.text_or_empty(all, 1)?),
        BLOB => Value::Blob(record.bytes(all, 1)?.unwrap_or_default().to_vec()),
        _ => Value::Null,
    })
}

/// Writes a batch as Kotlin does: the reference that golden bytes and fuzzing are made with.
#[must_use]
pub fn encode(rows: &SourceRows) -> Vec<u8> {
    let none = Table::default();
    let mut out = Writer::new(MAGIC, STRIDES.len(), rows.favorites.rows.len() * 2);
    out.section(STRIDES[0], 1);
    out.record(&[rows.user_version.cast_unsigned(), rows.screens.is_some().into()]);
    for table in [&rows.favorites, rows.screens.as_ref().unwrap_or(&none)] {
        push(&mut out, table);
    }
    out.finish()
}

fn push<'text>(out: &mut Writer<'text>, table: &'text Table) {
    out.section(STRIDES[1], table.columns.len());
    for column in &table.columns {
        let (name, declared) = (out.text(&column.name), out.text(&column.declared));
        let default = out.text_or_none(column.default.as_deref());
        out.record(&[name, declared, default]);
    }
    out.section(STRIDES[2], table.rows.len().saturating_mul(table.columns.len()));
    for value in table.rows.iter().flatten() {
        let words = match value {
            Value::Null => [NULL, 0, 0],
            Value::Integer(number) => tagged(INTEGER, *number),
            Value::Real(number) => tagged(REAL, number.to_bits().cast_signed()),
            Value::Text(text) => [TEXT, out.text(text), 0],
            Value::Blob(bytes) => [BLOB, out.own_bytes(bytes), 0],
        };
        out.record(&words);
    }
}

fn tagged(tag: u32, value: i64) -> [u32; 3] {
    let [low, high] = halves(value);
    [tag, low, high]
}
