//! Opening the store's file: settings, whose file it is, which version, whether it is whole.
//!
//! Until all of that is known nothing is written: closing a store that turns out to be too new leaves every byte of the
//! file and its log as they were (contracts 5).

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior, ffi};

use super::OpenOptions;
use super::check::check;
use super::error::{At, Located, Step, StoreError};
use super::item::{Content, EpochMillis, Family, ProfileSerial};
use super::persist::{self, ReadError};
use super::records::Meta;
use super::schema;

/// The pages of the log after which SQLite moves them into the file.
const CHECKPOINT_PAGES: i32 = 1_000;

/// An open store with what it holds.
#[derive(Debug)]
pub(crate) struct Database {
    pub(crate) connection: Connection,
    pub(crate) content: Content,
    pub(crate) meta: Meta,
    /// Whether it was made just now.
    pub(crate) is_new: bool,
}

impl Database {
    /// Opens the file, or makes it.
    pub(crate) fn open(file: &Path, options: &OpenOptions) -> Result<Self, StoreError> {
        options.files.make_private(file).at(file, Step::Open)?;
        let connection = connect(file, options, Step::Open)?;
        // No checkpoint when closed: a file that is not for us must stay as it is.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).at(file, Step::Open)?;
        let is_new = match identity(&connection, file)? {
            Identity::Ours => false,
            Identity::Blank => true,
        };
        connection.pragma_update(None, "journal_mode", "wal").at(file, Step::Open)?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES).at(file, Step::Open)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false).at(file, Step::Open)?;
        if is_new {
            create(&connection, options).at(file, Step::Create)?;
        } else {
            quick_check(&connection, file, Step::Open)?;
        }
        let (content, meta) = read(&connection, file, Step::Open)?;
        Ok(Self { connection, content, meta, is_new })
    }

    /// Moves everything into the main file, closes it and leaves no log behind, so that the file can be replaced.
    pub(crate) fn close_whole(self, file: &Path) -> Result<(), (Box<Self>, StoreError)> {
        let checkpoint =
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        match checkpoint.at(file, Step::Swap) {
            Ok(0) => {}
            Ok(_) => return Err((Box::new(self), StoreError::Locked { at: At::new(file, Step::Swap) })),
            Err(error) => return Err((Box::new(self), error)),
        }
        let Self { connection, content, meta, is_new } = self;
        connection.close().map_err(|(connection, error)| {
            let error = StoreError::sqlite(&error, At::new(file, Step::Swap));
            (Box::new(Self { connection, content, meta, is_new }), error)
        })
    }
}

/// Opens a file with the store's settings, which write nothing.
pub(crate) fn connect(file: &Path, options: &OpenOptions, step: Step) -> Result<Connection, StoreError> {
    let connection = connect_to_read(file, options, step)?;
    let set = |name: &str, value: &str| connection.pragma_update(None, name, value).at(file, step);
    set("synchronous", "full")?;
    set("foreign_keys", "on")?;
    set("cell_size_check", "on")?;
    set("secure_delete", "on")?;
    Ok(connection)
}

/// Opens a file as far as one who only reads needs it; still exclusively, so that no index of the log is shared.
pub(super) fn connect_to_read(
    file: &Path,
    options: &OpenOptions,
    step: Step,
) -> Result<Connection, StoreError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = match options.vfs.as_deref() {
        Some(vfs) => Connection::open_with_flags_and_vfs(file, flags, vfs),
        None => Connection::open_with_flags(file, flags),
    }
    .map_err(|error| unopened(file, &error, step))?;
    // A file that may only be read is opened all the same, and then fails in ways that do not tell why.
    if connection.is_readonly(rusqlite::MAIN_DB).at(file, step)? {
        return Err(StoreError::ReadOnly { at: At::new(file, step) });
    }
    let set = |name: &str, value: &str| connection.pragma_update(None, name, value).at(file, step);
    connection.busy_timeout(std::time::Duration::ZERO).at(file, step)?;
    set("locking_mode", "exclusive")?;
    set("trusted_schema", "off")?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true).at(file, step)?;
    Ok(connection)
}

/// Why a file was not opened. SQLite keeps the reason to itself, so what a user can mend is looked for by name; a descriptor
/// that looked would take with it what locks the process holds on the file (contracts 4).
fn unopened(file: &Path, error: &rusqlite::Error, step: Step) -> StoreError {
    let at = At::new(file, step);
    if file.is_dir() {
        return StoreError::Foreign { at };
    }
    #[cfg(unix)]
    if rustix::fs::access(file, rustix::fs::Access::READ_OK | rustix::fs::Access::WRITE_OK)
        .is_err_and(|error| std::io::Error::from(error).kind() == std::io::ErrorKind::PermissionDenied)
    {
        return StoreError::ReadOnly { at };
    }
    StoreError::sqlite(error, at)
}

pub(super) enum Identity {
    /// A store that this code may open.
    Ours,
    /// Nothing at all: a file without bytes or tables.
    Blank,
}

/// Whose file it is, and whether this code may touch it.
pub(super) fn identity(connection: &Connection, file: &Path) -> Result<Identity, StoreError> {
    let application: i32 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0)).at(file, Step::Open)?;
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))
        .at(file, Step::Open)?;
    match (application, tables) {
        (0, 0) => return Ok(Identity::Blank),
        (schema::APPLICATION_ID, _) => {}
        _ => return Err(StoreError::Foreign { at: At::new(file, Step::Open) }),
    }
    let min_reader: i64 = connection
        .query_row("SELECT value FROM meta WHERE key = 'min_reader'", [], |row| row.get(0))
        .at(file, Step::Open)?;
    if min_reader > schema::FORMAT {
        let at = At::new(file, Step::Open);
        return Err(StoreError::TooNew { at, min_reader, known: schema::FORMAT });
    }
    Ok(Identity::Ours)
}

/// Makes the tables and an empty home screen, in one transaction.
fn create(connection: &Connection, options: &OpenOptions) -> rusqlite::Result<()> {
    in_transaction(connection, |connection| {
        persist::create(connection, options.now)?;
        persist::set_meta(connection, "default_layout_due", 1)?;
        let empty = Content::empty(options.grid, Family::Aosp, ProfileSerial(options.main_profile));
        persist::write(connection, None, &empty)
    })
}

/// Runs statements in one transaction that writes from its start. What fails is undone.
pub(crate) fn in_transaction<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let transaction = rusqlite::Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    let done = work(&transaction)?;
    transaction.commit()?;
    Ok(done)
}

/// SQLite's own check of the file, and whether every reference leads somewhere.
pub(crate) fn quick_check(connection: &Connection, file: &Path, step: Step) -> Result<(), StoreError> {
    let damaged = |detail: String| StoreError::Damaged { at: At::new(file, step), detail };
    let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).at(file, step)?;
    if found != "ok" {
        // A page that the disk would not give now is no damage: it may give it the next time.
        let failed = unread_page(&found).is_some_and(|code| code & 0xFF != ffi::SQLITE_CORRUPT)
            // Of a free or overflow page the check does not say why, but it has made sure that there is such a page.
            || found.contains("failed to get page");
        let at = At::new(file, step);
        return Err(if failed { StoreError::Io { at, detail: found } } else { damaged(found) });
    }
    let dangling =
        connection.prepare("PRAGMA foreign_key_check").and_then(|mut statement| statement.exists([]));
    if dangling.at(file, step)? {
        return Err(damaged("a row refers to another that is not there".to_owned()));
    }
    Ok(())
}

/// The code of SQLite behind a page that the check could not get, in the check's words.
fn unread_page(found: &str) -> Option<i32> {
    let (_, code) = found.split_once("unable to get the page. error code=")?;
    let end = code.find(|c: char| !c.is_ascii_digit()).unwrap_or(code.len());
    code.get(..end)?.parse().ok()
}

/// The home screen, checked.
pub(crate) fn read(connection: &Connection, file: &Path, step: Step) -> Result<(Content, Meta), StoreError> {
    let damaged = |detail: String| StoreError::Damaged { at: At::new(file, step), detail };
    let (content, meta) = persist::read(connection).map_err(|error| match error {
        ReadError::Sqlite(error) => StoreError::sqlite(&error, At::new(file, step)),
        ReadError::Bad(bad) => damaged(bad.0),
    })?;
    match check(&content).first() {
        Some(fault) => Err(damaged(fault.to_string())),
        None => Ok((content, meta)),
    }
}

/// Sets the time of the last daily snapshot.
pub(crate) fn set_last_daily(connection: &Connection, now: EpochMillis) -> rusqlite::Result<()> {
    persist::set_meta(connection, "last_daily_ms", now.0)
}
