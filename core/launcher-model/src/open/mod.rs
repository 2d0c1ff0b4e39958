//! Opening a launcher's database file without touching it.
//!
//! For files that nobody in this process has open (contracts 4): the file is copied whole with `-wal`, `-shm` and
//! `-journal` to a private folder, and the copy is opened. Nothing is ever written beside or into the source. What kind
//! of file it is, is told by `recognise`; what the rows mean, by nobody here.
//!
//! Invariants: a source's bytes and names are the same before and after; rows that a writer had not committed are not
//! seen, rows it had committed are; every outcome is a value with a code, whatever the bytes.

mod copy;
mod error;
mod items;
mod read;

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

pub use copy::{Leftovers, SOURCE_BYTES_MAX, copy_content};
pub use error::{Note, OpenError};
pub(crate) use read::columns;
pub use read::{ItemReading, ROWS_BYTES_MAX, ROWS_MAX, Reading, Salvage};

use crate::compat::LoadRow;
use crate::recognise::{Product, Recognition, Shape, recognise};
use crate::rows::{RowSource, SourceRows};
use copy::Copied;

/// A copy of a launcher's database, open.
#[derive(Debug)]
pub struct Opened {
    connection: Connection,
    /// What it is.
    pub recognition: Recognition,
    /// What is worth saying about it though it could be opened.
    pub notes: Vec<Note>,
    // Dropped last, and with it the copy.
    _copied: Copied,
}

impl Opened {
    /// Copies the file and its side files into a new private folder of the system's and opens the copy.
    ///
    /// # Errors
    /// [`OpenError`], one for each kind of file that is no launcher's database or cannot be read. A damaged file that
    /// still shows its tables is opened, with [`Note::Damaged`].
    pub fn open(source: &Path) -> Result<Self, OpenError> {
        Self::open_in(source, &std::env::temp_dir())
    }

    /// [`Opened::open`] with the folder that the private folder is made in: an app on Android has no other place to
    /// write than its own.
    ///
    /// # Errors
    /// As [`Opened::open`].
    pub fn open_in(source: &Path, scratch: &Path) -> Result<Self, OpenError> {
        let copied = Copied::of(source, scratch)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(copied.main(), flags).map_err(OpenError::sqlite)?;
        harden(&connection).map_err(OpenError::sqlite)?;
        let shape = shape(&connection).map_err(OpenError::sqlite)?;
        let recognition = recognise(&shape);
        match recognition.product {
            Product::Empty if is_no_table(&connection, "favorites") => return Err(OpenError::NotATable),
            Product::Empty => return Err(OpenError::Empty),
            Product::Unknown => return Err(OpenError::Unknown { columns: shape.favorites }),
            Product::Aosp | Product::Lawnchair | Product::Miui | Product::Launcher2 => {}
        }
        let mut notes = copied.notes();
        if !recognition.version_agrees() {
            notes.push(Note::VersionMismatch);
        }
        if let Some(detail) = damage(&connection) {
            notes.push(Note::Damaged { detail });
        }
        Ok(Self { connection, recognition, notes, _copied: copied })
    }

    /// Reads all rows; of a damaged file, those that can be reached around the damage.
    ///
    /// # Errors
    /// [`OpenError::TooLarge`] beyond [`ROWS_MAX`] or [`ROWS_BYTES_MAX`]; SQLite's failures where not even damage
    /// explains them.
    pub fn read(&self) -> Result<Reading, OpenError> {
        read::read(&self.connection, self.recognition.user_version)
    }

    /// Reads what a load decides from: the same rows as [`LoadRow::from_table`] and [`LoadRow::nameless_of`] make of
    /// [`Opened::read`], several times faster, since nothing else is read.
    ///
    /// # Errors
    /// As [`Opened::read`].
    pub fn read_items(&self) -> Result<ItemReading, OpenError> {
        let is_damaged = self.notes.iter().any(|note| matches!(note, Note::Damaged { .. }));
        if !is_damaged && let Some(rows) = items::load_rows(&self.connection) {
            return Ok(ItemReading { rows, nameless: Vec::new(), salvage: None });
        }
        let reading = self.read()?;
        let table = &reading.rows.favorites;
        Ok(ItemReading {
            rows: LoadRow::from_table(table),
            nameless: LoadRow::nameless_of(table),
            salvage: reading.salvage,
        })
    }

    /// The connection to the copy, for steps that run SQL on it. Whatever they do, the source does not see it.
    pub fn connection_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

impl RowSource for Opened {
    type Error = OpenError;

    fn read(&mut self) -> Result<SourceRows, OpenError> {
        Opened::read(self).map(|reading| reading.rows)
    }
}

/// How much of a copy is read in place rather than through SQLite's page cache; more than any home screen.
const MAPPED_BYTES_MAX: i64 = 64 << 20;

/// The file is foreign: nothing in its schema is trusted, and damage is an error rather than a surprise. The copy is
/// thrown away, so nothing waits for the disk.
fn harden(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "synchronous", "off")?;
    // Nobody but us has the copy, so it cannot shrink under the mapping.
    connection.pragma_update(None, "mmap_size", MAPPED_BYTES_MAX)?;
    connection.pragma_update(None, "cell_size_check", true)
}

/// What recognition needs of an open database.
pub(crate) fn shape(connection: &Connection) -> rusqlite::Result<Shape> {
    let user_version = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let mut statement = connection.prepare(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'create virtual%' ORDER BY rowid",
    )?;
    let tables: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let columns = |table: &str| -> rusqlite::Result<Vec<String>> {
        if !tables.iter().any(|name| name.eq_ignore_ascii_case(table)) {
            return Ok(Vec::new());
        }
        Ok(read::columns(connection, table)?.into_iter().map(|column| column.name).collect())
    };
    let (favorites, screens) = (columns("favorites")?, columns("screens")?);
    Ok(Shape { user_version, tables, favorites, screens })
}

/// Whether something goes by a table's name that is none: a view, a virtual table.
fn is_no_table(connection: &Connection, name: &str) -> bool {
    read::columns(connection, name).is_ok_and(|columns| !columns.is_empty())
}

/// The first thing that SQLite's own check finds wrong, if any.
fn damage(connection: &Connection) -> Option<String> {
    let found: rusqlite::Result<String> =
        connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0));
    match found {
        Ok(text) if text == "ok" => None,
        Ok(text) => Some(text),
        Err(error) => Some(error.to_string()),
    }
}
