//! What Launcher3 does to a database file of another version when it opens it (`compat`, SPEC-01 to SPEC-03, A.6).
//!
//! This is the oracle's side: it reproduces the upgrade chain with its failures, some of which reset or lose a home
//! screen at every start (GRID C11 to C14). It runs on a private copy only, never on a source, and decides nothing about
//! what Ferrule itself does with the file.
//!
//! The chain is SQL on SQLite, because outcomes hang on SQLite's own rules: affinities, duplicate columns, what a failed
//! inner transaction does to the outer one. What Launcher3 asks the platform meanwhile comes in as [`LegacyShortcuts`].

mod downgrade;
mod schema_json;
mod shortcuts;
mod start;
mod steps;

use rusqlite::{Connection, Transaction};

use crate::rows::favorites::AOSP_COLUMNS;
use crate::sqlite;

pub use downgrade::{DowngradeFailure, downgrade_to};
pub use schema_json::{DowngradeSchema, SchemaError};
pub use shortcuts::{LegacyShortcuts, PinRequest, Target, is_launcher_target};
pub use start::{FileState, GridState, IdCounter, StartDecision, copy_taller, decide_start};

/// The schema version of the anchor.
pub const CURRENT_VERSION: i32 = 32;

/// What an opening launcher is and knows.
#[derive(Clone, Copy)]
pub struct Launcher<'a> {
    /// The serial of the user it runs as.
    pub profile: i64,
    /// The serials of all profiles of that user, its own included, as the platform lists them: by user id. Extras that
    /// name a profile are taken out of intents in this order.
    pub profiles: &'a [i64],
    /// Its own package, which migrated shortcuts are pinned by.
    pub package: &'a str,
    /// Whether its build pins a search bar to the first page, and not as a real first-page widget (step 30).
    pub pins_first_row: bool,
    /// Whether the file is opened as the target of a migration: then no default layout is asked for.
    pub for_migration: bool,
    /// The stored copy of the downgrade schema, if there is one.
    pub downgrade_schema: Option<&'a str>,
    /// The answers of the platform.
    pub platform: &'a dyn LegacyShortcuts,
}

/// How an opening ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Set when the opening throws: the launcher crashes, at this and every further start.
    pub crash: Option<Crash>,
    /// Whether the flag "empty database created" is set, so that the next load wipes the table and lays out the defaults.
    pub empty_flag: bool,
    /// What was logged on the way, in order.
    pub log: Vec<Event>,
    /// The highest id, from which the process counts on; 0 without rows. `None` after a crash.
    pub max_id: Option<i64>,
    /// Whether an undo copy of the dock is there, which the first insert or delete drops (A.1).
    pub has_dock_backup: bool,
    /// Whether the launcher stores its own downgrade schema, because the stored one is absent, unreadable or older.
    pub stores_schema: bool,
}

/// An exception that leaves the opening. The transaction is rolled back, the file is as before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Crash {
    /// Version 0, but the table exists (GRID C14).
    TableExists,
    /// A step's SQL fails where the step does not catch: no pages table (27), no legacy icon columns (31), and others.
    Sql {
        /// The version whose step failed.
        step: i32,
        /// What SQLite says.
        detail: String,
    },
    /// A legacy shortcut without intent (step 25, GRID C12).
    NullIntent,
    /// A number in a legacy shortcut's intent cannot be read (steps 25 and 31).
    NumberInIntent {
        /// The version whose step failed.
        step: i32,
    },
    /// A cell that cannot be read as what the step wants, such as a blob as text.
    Cell {
        /// The version whose step failed.
        step: i32,
    },
}

impl Crash {
    /// The stable code, see `docs/codes.md`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TableExists => "LM_UPGRADE_TABLE_EXISTS",
            Self::Sql { .. } => "LM_UPGRADE_SQL",
            Self::NullIntent => "LM_UPGRADE_NULL_INTENT",
            Self::NumberInIntent { .. } => "LM_UPGRADE_NUMBER_IN_INTENT",
            Self::Cell { .. } => "LM_UPGRADE_CELL",
        }
    }
}

/// Something that Launcher3 logs and goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A step that catches its failures failed; what SQLite said.
    StepFailed(i32, String),
    /// A legacy shortcut's intent has no syntax; the row stays as it is in step 25.
    UnreadableIntent(i64),
    /// The downgrade could not be made.
    DowngradeFailed(DowngradeFailure),
    /// The table is dropped and made anew. In a doomed transaction this is undone again (GRID C11).
    Wiped,
    /// Step 31 deleted a legacy shortcut.
    ShortcutDeleted(i64),
    /// Step 31 pinned a legacy shortcut as a deep shortcut of the launcher.
    ShortcutPinned(i64),
}

impl Event {
    /// The stable code, see `docs/codes.md`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::StepFailed(..) => "LM_UPGRADE_STEP_FAILED",
            Self::UnreadableIntent(_) => "LM_UPGRADE_UNREADABLE_INTENT",
            Self::DowngradeFailed(_) => "LM_DOWNGRADE_FAILED",
            Self::Wiped => "LM_UPGRADE_WIPED",
            Self::ShortcutDeleted(_) => "LM_UPGRADE_SHORTCUT_DELETED",
            Self::ShortcutPinned(_) => "LM_UPGRADE_SHORTCUT_PINNED",
        }
    }
}

/// Opens a database as Launcher3 does: creates, upgrades or downgrades it, then makes the table if it is missing.
///
/// # Errors
/// Failures of SQLite outside of what Launcher3 itself would run into: the copy cannot be read or written at all.
pub fn open(connection: &mut Connection, launcher: &Launcher<'_>) -> rusqlite::Result<Opening> {
    let mut opening = Opening {
        crash: None,
        empty_flag: false,
        log: Vec::new(),
        max_id: None,
        has_dock_backup: false,
        stores_schema: false,
    };
    let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version != CURRENT_VERSION {
        let outer = connection.transaction()?;
        let mut run = Run { launcher, opening: &mut opening, doomed: false };
        let result = match version {
            0 => run.create(&outer).map_err(|_| Crash::TableExists),
            older if older < CURRENT_VERSION => steps::upgrade(&mut run, &outer, older, CURRENT_VERSION),
            newer => {
                downgrade::downgrade(&mut run, &outer, newer);
                Ok(())
            }
        };
        let doomed = run.doomed;
        match result {
            Err(crash) => {
                opening.crash = Some(crash);
                return Ok(opening); // the transaction is dropped, and with it all its work
            }
            // A failed inner transaction dooms the outer one: it ends without effect and without a word (GRID C11).
            Ok(()) if doomed => outer.rollback()?,
            Ok(()) => {
                outer.pragma_update(None, "user_version", CURRENT_VERSION)?;
                outer.commit()?;
            }
        }
    }
    if !has_table(connection, "favorites")? {
        create_table(connection, launcher.profile)?;
        opening.empty_flag |= !launcher.for_migration;
    }
    if launcher.downgrade_schema.is_none() {
        strip_profile_extras(connection, launcher.profiles)?;
    }
    let stored = launcher.downgrade_schema.and_then(|schema| DowngradeSchema::parse(schema).ok());
    opening.stores_schema = stored.is_none_or(|schema| schema.version < CURRENT_VERSION);
    opening.has_dock_backup = has_table(connection, "hotseat_restore_backup")?;
    opening.max_id = Some(max_id(connection)?);
    Ok(opening)
}

/// The one-off step of a process without a stored downgrade schema: apps lose the extra that names a profile (A.6).
fn strip_profile_extras(connection: &Connection, profiles: &[i64]) -> rusqlite::Result<()> {
    for serial in profiles {
        connection.execute(
            "UPDATE favorites SET intent = replace(intent, ?1, ';') WHERE itemType = 0",
            [format!(";l.profile={serial};")],
        )?;
    }
    Ok(())
}

/// Empties a database as Launcher3 does when its flag says so, or when it gives up: the tables go and `favorites` is
/// made anew at the current schema. The version number stays as it is.
///
/// # Errors
/// SQLite's.
pub fn wipe(connection: &Connection, profile: i64) -> rusqlite::Result<()> {
    connection.execute_batch("DROP TABLE IF EXISTS favorites; DROP TABLE IF EXISTS workspaceScreens;")?;
    create_table(connection, profile)
}

/// The highest `_id`, 0 without rows.
///
/// # Errors
/// SQLite's.
pub fn max_id(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("SELECT MAX(_id) FROM favorites", [], |row| sqlite::long(row, 0))
}

/// Whether the database has a table of that name.
fn has_table(connection: &Connection, name: &str) -> rusqlite::Result<bool> {
    let mut statement = connection
        .prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1 COLLATE NOCASE")?;
    statement.exists([name])
}

/// Makes `favorites` at the current schema (A.1); the serial becomes the default of `profileId`.
fn create_table(connection: &Connection, profile: i64) -> rusqlite::Result<()> {
    let columns = AOSP_COLUMNS.map(|(name, declared)| match name {
        "profileId" => format!("{name} {declared} DEFAULT {profile}"),
        _ => format!("{name} {declared}"),
    });
    connection.execute_batch(&format!("CREATE TABLE favorites ({})", columns.join(",")))
}

/// One opening under way.
struct Run<'a> {
    launcher: &'a Launcher<'a>,
    opening: &'a mut Opening,
    /// Whether a failed inner transaction has doomed the outer one.
    doomed: bool,
}

impl Run<'_> {
    fn log(&mut self, event: Event) {
        self.opening.log.push(event);
    }

    /// First creation: the table, and the flag unless a migration fills it.
    fn create(&mut self, outer: &Transaction<'_>) -> rusqlite::Result<()> {
        create_table(outer, self.launcher.profile)?;
        self.opening.empty_flag |= !self.launcher.for_migration;
        Ok(())
    }

    /// "Destroying all old data". The flag is set even when the transaction is doomed and nothing is destroyed.
    fn give_up(&mut self, outer: &Transaction<'_>) -> rusqlite::Result<()> {
        self.log(Event::Wiped);
        wipe(outer, self.launcher.profile)?;
        self.opening.empty_flag |= !self.launcher.for_migration;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
