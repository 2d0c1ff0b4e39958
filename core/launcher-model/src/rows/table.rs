//! A table as it was read: names in their order, rows with every column, unknown ones included.

use super::{ConversionError, Value};

/// A column as the table declares it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Column {
    /// The name.
    pub name: String,
    /// The declared type, as written; empty where none is.
    pub declared: String,
    /// The text of the declared default, `None` without one. For `profileId` this is data: the serial of the user that
    /// created the table (A.1).
    pub default: Option<String>,
}

/// Columns and rows of one table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// The columns in their declared order, which positional copies depend on.
    pub columns: Vec<Column>,
    /// The rows in the order of their row ids, a value a column.
    pub rows: Vec<Vec<Value>>,
}

impl Table {
    /// The place of a column; names are compared as SQLite does, without ASCII case.
    pub fn index_of(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// The rows, each with access by column.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        self.rows.iter().map(|values| Row { table: self, values })
    }
}

/// One row of a table.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    table: &'a Table,
    values: &'a [Value],
}

/// What a column that the table does not have reads as.
static ABSENT: Value = Value::Null;

impl<'a> Row<'a> {
    /// The value of a column; NULL where the table has no such column.
    pub fn value(&self, column: &str) -> &'a Value {
        self.table.index_of(column).and_then(|at| self.values.get(at)).unwrap_or(&ABSENT)
    }

    /// A column as `Cursor.getInt` reads it.
    ///
    /// # Errors
    /// A blob.
    pub fn int(&self, column: &str) -> Result<i32, ConversionError> {
        self.value(column).int()
    }

    /// A column as `Cursor.getLong` reads it.
    ///
    /// # Errors
    /// A blob.
    pub fn long(&self, column: &str) -> Result<i64, ConversionError> {
        self.value(column).long()
    }

    /// A column as `Cursor.getString` reads it.
    ///
    /// # Errors
    /// A blob.
    pub fn text(&self, column: &str) -> Result<Option<String>, ConversionError> {
        self.value(column).text().map(|text| text.map(std::borrow::Cow::into_owned))
    }

    /// All columns with their names, in declared order.
    pub fn columns(&self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.table.columns.iter().map(|column| column.name.as_str()).zip(self.values)
    }
}
