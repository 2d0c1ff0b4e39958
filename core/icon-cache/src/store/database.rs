//! Opening the store's file: whose it is, which version, and whether it fits.
//!
//! Until that is known nothing is written: a file that is not for us stays as it is, to the byte.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::error::{At, Located, Step, StoreError};
use super::{OpenOptions, beside, schema};

/// Pages of the log after which SQLite moves them into the file.
const CHECKPOINT_PAGES: i32 = 1_000;

/// Pages of a store in memory: 16 MiB. More would be a cache without bound.
const MEMORY_PAGES: i32 = 4_096;

/// An open database that is ours.
#[derive(Debug)]
pub(super) struct Database {
    pub(super) connection: Connection,
    /// Whether it was made or emptied just now.
    pub(super) is_new: bool,
    /// Whether nothing can be written: the file, or its folder, may only be read.
    pub(super) is_read_only: bool,
}

impl Database {
    /// Opens the file or makes it. One of another icon size is emptied. One that may only be read is opened for that.
    pub(super) fn open(file: &Path, options: &OpenOptions) -> Result<Self, StoreError> {
        let refused = match Self::open_to_write(file, options) {
            Err(refused @ StoreError::ReadOnly { .. }) => refused,
            other => return other,
        };
        match Self::open_to_read(file, options) {
            Ok(Some(database)) => Ok(database),
            Err(other @ (StoreError::TooNew { .. } | StoreError::Foreign { .. })) => Err(other),
            Ok(None) | Err(_) => Err(refused),
        }
    }

    /// `None` when the file does not say all that it should: it is of another size, or its log was left behind.
    fn open_to_read(file: &Path, options: &OpenOptions) -> Result<Option<Self>, StoreError> {
        // A log cannot be read without writing, and without it removed icons would come back.
        if std::fs::metadata(beside(file, "-wal")).is_ok_and(|log| log.len() > 0) {
            return Ok(None);
        }
        let flags =
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        // A log is made even for reading unless the file is said not to change; who else writes here has a lock of its own.
        let connection = connect_with(&unchanging(file), flags, file, options)?;
        let is_whole = !is_blank(&connection, file)?
            && fact::<i64>(&connection, "size_px").at(file, Step::Open)? == Some(options.size_px.into());
        Ok(is_whole.then_some(Self { connection, is_new: false, is_read_only: true }))
    }

    fn open_to_write(file: &Path, options: &OpenOptions) -> Result<Self, StoreError> {
        options.files.make_private(file).at(file, Step::Open)?;
        let connection = connect(file, options)?;
        // No checkpoint when closed: a file that is not for us must stay as it is.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).at(file, Step::Open)?;
        let blank = is_blank(&connection, file)?;
        connection.pragma_update(None, "journal_mode", "wal").at(file, Step::Open)?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES).at(file, Step::Open)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false).at(file, Step::Open)?;
        if blank {
            create(&connection, options.size_px).at(file, Step::Create)?;
            return Ok(Self { connection, is_new: true, is_read_only: false });
        }
        let size: Option<i64> = fact(&connection, "size_px").at(file, Step::Open)?;
        let is_new = size != Some(options.size_px.into());
        if is_new {
            empty(&connection, options.size_px).at(file, Step::Clear)?;
        }
        Ok(Self { connection, is_new, is_read_only: false })
    }

    /// A store that lasts as long as the process.
    pub(super) fn in_memory(size_px: u32) -> rusqlite::Result<Self> {
        let connection = Connection::open_in_memory()?;
        connection.pragma_update(None, "max_page_count", MEMORY_PAGES)?;
        create(&connection, size_px)?;
        Ok(Self { connection, is_new: true, is_read_only: false })
    }
}

fn connect(file: &Path, options: &OpenOptions) -> Result<Connection, StoreError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = connect_with(file, flags, file, options)?;
    // A file that may only be read is opened all the same, and then fails in ways that do not tell why.
    if connection.is_readonly(rusqlite::MAIN_DB).at(file, Step::Open)? {
        return Err(StoreError::ReadOnly { at: At::new(file, Step::Open) });
    }
    let set = |name: &str, value: &str| connection.pragma_update(None, name, value).at(file, Step::Open);
    connection.busy_timeout(std::time::Duration::ZERO).at(file, Step::Open)?;
    set("locking_mode", "exclusive")?;
    set("synchronous", "normal")?;
    set("trusted_schema", "off")?;
    set("cell_size_check", "on")?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true).at(file, Step::Open)?;
    Ok(connection)
}

/// Opens a file under a name that SQLite may read as a URI.
fn connect_with(
    name: &Path,
    flags: OpenFlags,
    file: &Path,
    options: &OpenOptions,
) -> Result<Connection, StoreError> {
    let opened = match options.vfs.as_deref() {
        Some(vfs) => Connection::open_with_flags_and_vfs(name, flags, vfs),
        None => Connection::open_with_flags(name, flags),
    };
    opened.map_err(|error| why_not_opened(&error, file))
}

/// SQLite says of every file that it could not be opened, and not why.
fn why_not_opened(error: &rusqlite::Error, file: &Path) -> StoreError {
    let at = At::new(file, Step::Open);
    match std::fs::metadata(file) {
        Ok(found) if found.is_dir() => StoreError::Foreign { at },
        Ok(found) if is_closed_to_owner(&found) => StoreError::ReadOnly { at },
        Err(denied) if denied.kind() == std::io::ErrorKind::PermissionDenied => StoreError::ReadOnly { at },
        _ => StoreError::sqlite(error, at),
    }
}

#[cfg(unix)]
fn is_closed_to_owner(found: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    found.permissions().mode() & 0o600 != 0o600
}

#[cfg(not(unix))]
fn is_closed_to_owner(found: &std::fs::Metadata) -> bool {
    found.permissions().readonly()
}

/// The name of a file that does not change while it is open, for SQLite: a URI whose every other byte is escaped.
fn unchanging(file: &Path) -> PathBuf {
    let mut name = "file:".to_owned();
    for byte in file.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() {
            name.push(char::from(*byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(name, "%{byte:02x}");
        }
    }
    name.push_str("?immutable=1");
    name.into()
}

/// Whether the file has nothing in it yet; an error when it is not for us.
fn is_blank(connection: &Connection, file: &Path) -> Result<bool, StoreError> {
    let application: i32 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0)).at(file, Step::Open)?;
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))
        .at(file, Step::Open)?;
    match (application, tables) {
        (0, 0) => return Ok(true),
        (schema::APPLICATION_ID, _) => {}
        _ => return Err(StoreError::Foreign { at: At::new(file, Step::Open) }),
    }
    let min_reader: Option<i64> = fact(connection, "min_reader").at(file, Step::Open)?;
    match min_reader {
        Some(min_reader) if min_reader > schema::FORMAT => {
            let at = At::new(file, Step::Open);
            Err(StoreError::TooNew { at, min_reader, known: schema::FORMAT })
        }
        Some(_) => Ok(false),
        None => Err(StoreError::Damaged {
            at: At::new(file, Step::Open),
            detail: "the store does not say its version".to_owned(),
        }),
    }
}

/// A fact of `meta`.
pub(super) fn fact<T: rusqlite::types::FromSql>(
    connection: &Connection,
    key: &str,
) -> rusqlite::Result<Option<T>> {
    let found = connection.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0));
    match found {
        Err(rusqlite::Error::QueryReturnedNoRows) => Ok(None),
        other => other,
    }
}

fn create(connection: &Connection, size_px: u32) -> rusqlite::Result<()> {
    in_transaction(connection, |connection| {
        connection.execute_batch(schema::CREATE)?;
        connection.pragma_update(None, "application_id", schema::APPLICATION_ID)?;
        let mut insert = connection.prepare("INSERT INTO meta (key, value) VALUES (?1, ?2)")?;
        insert.execute(("format", schema::FORMAT))?;
        insert.execute(("min_reader", schema::MIN_READER))?;
        insert.execute(("size_px", size_px))?;
        Ok(())
    })
}

/// Removes every row and every fact but the version.
pub(super) fn empty(connection: &Connection, size_px: u32) -> rusqlite::Result<()> {
    in_transaction(connection, |connection| {
        connection.execute_batch(
            "DELETE FROM icons; DELETE FROM pictures; DELETE FROM blobs;
             DELETE FROM meta WHERE key NOT IN ('format', 'min_reader');",
        )?;
        connection.execute("INSERT INTO meta (key, value) VALUES ('size_px', ?1)", [size_px])?;
        Ok(())
    })
}

/// Runs statements in one transaction that writes from its start. What fails is undone.
pub(super) fn in_transaction<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let transaction = rusqlite::Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    let done = work(&transaction)?;
    transaction.commit()?;
    Ok(done)
}
