//! Opening the store's file: whose it is, which version, and whether it fits.
//!
//! Until that is known nothing is written: a file that is not for us stays as it is, to the byte.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::error::{At, Located, Step, StoreError};
use super::{OpenOptions, schema};

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
}

impl Database {
    /// Opens the file or makes it. One of another icon size is emptied.
    pub(super) fn open(file: &Path, options: &OpenOptions) -> Result<Self, StoreError> {
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
            return Ok(Self { connection, is_new: true });
        }
        let size: Option<i64> = fact(&connection, "size_px").at(file, Step::Open)?;
        let is_new = size != Some(options.size_px.into());
        if is_new {
            empty(&connection, options.size_px).at(file, Step::Clear)?;
        }
        Ok(Self { connection, is_new })
    }

    /// A store that lasts as long as the process.
    pub(super) fn in_memory(size_px: u32) -> rusqlite::Result<Self> {
        let connection = Connection::open_in_memory()?;
        connection.pragma_update(None, "max_page_count", MEMORY_PAGES)?;
        create(&connection, size_px)?;
        Ok(Self { connection, is_new: true })
    }
}

fn connect(file: &Path, options: &OpenOptions) -> Result<Connection, StoreError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = match options.vfs.as_deref() {
        Some(vfs) => Connection::open_with_flags_and_vfs(file, flags, vfs),
        None => Connection::open_with_flags(file, flags),
    }
    .at(file, Step::Open)?;
    let set = |name: &str, value: &str| connection.pragma_update(None, name, value).at(file, Step::Open);
    connection.busy_timeout(std::time::Duration::ZERO).at(file, Step::Open)?;
    set("locking_mode", "exclusive")?;
    set("synchronous", "normal")?;
    set("trusted_schema", "off")?;
    set("cell_size_check", "on")?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true).at(file, Step::Open)?;
    Ok(connection)
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
