//! Icons on disk: one SQLite file of our own, which can always be lost and is never wrong.
//!
//! [`Store::open`] always gives a store (S1): a file that is damaged is made anew, one that is not for us gets a neighbour,
//! and where nothing can be written there is one in memory. [`Store::read`], [`Store::scan`] and [`Store::write`] are all
//! that is done with it. The tables are a contract: [`schema`].
//!
//! What it is not: legacy's `app_icons.db`, which is never opened here (contracts 4); a place that decides anything.
//!
//! **Writes that cannot be made** are owed if they remove or age something, so that what was removed is never shown, and
//! given up if they add something, which a later session draws again. A full disk pauses writing until
//! [`Store::recover`] succeeds; nothing latches for ever (S12).
//!
//! **Threads and locks.** A store is used from one thread at a time; the shell has it behind a lock of its own.
//!
//! Invariants: a row that is read passed its checksum under the key that was asked for; a batch is written whole or not
//! at all; an empty batch writes nothing.

mod database;
pub mod error;
mod files;
pub mod inspect;
pub mod pack;
pub mod rows;
mod salvage;
pub mod schema;
mod sql;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use error::{At, Step, StoreError};
pub use files::{Files, SystemFiles};
pub use rows::{Found, LabelRow, Origin, Packed, Part, PictureRow, Range, ScanRow, Write};

use crate::key::{IconKey, PackageOf};
use crate::picture::Variants;
use database::Database;
use error::Located;
pub(crate) use files::{SIDE_FILES, beside};

/// What opening a store needs to know.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// The side of the icons, in pixels; a store of another size is emptied.
    pub size_px: u32,
    /// The name of a registered SQLite VFS; `None` is SQLite's own. For tests of failing disks.
    pub vfs: Option<String>,
    /// The file system. For tests of failing disks.
    pub files: Arc<dyn Files>,
}

impl OpenOptions {
    /// The system's own file system.
    pub fn new(size_px: u32) -> Self {
        Self { size_px, vfs: None, files: Arc::new(SystemFiles) }
    }
}

/// How well the store is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Condition {
    /// The file is open and takes writes.
    Good,
    /// The file is open; its last write failed and writes wait for [`Store::recover`].
    Paused,
    /// There is no file: icons are in memory and are gone with the process.
    MemoryOnly,
}

/// What happened to a store since it was opened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoreCounts {
    /// Rows written.
    pub rows_written: u64,
    /// Transactions.
    pub commits: u64,
    /// Writes that failed.
    pub write_failures: u64,
    /// Rows that were given up because they could not be written.
    pub rows_given_up: u64,
    /// Reads that failed.
    pub read_failures: u64,
    /// Rows that did not pass their checksum.
    pub rows_damaged: u64,
    /// How often the file was made anew or writing began again.
    pub recoveries: u64,
    /// How often the whole file was looked at, because something in it could not be read.
    pub checks: u64,
    /// How often what was whole in a damaged file was taken into a new one.
    pub rebuilds: u64,
    /// Keys that came over when that was done.
    pub rows_saved: u64,
}

/// The store.
#[derive(Debug)]
pub struct Store {
    /// The file that is used; it may be a neighbour of the one that was asked for.
    file: PathBuf,
    options: OpenOptions,
    database: Option<Database>,
    condition: Condition,
    /// Removals and marks that could not be written yet, in order.
    owed: Vec<Write>,
    /// Whether damage may have left pixels that no row refers to.
    unswept: bool,
    /// Whether the file was made anew and nothing could be written to it since.
    made_anew: bool,
    /// Whether reading met damage since the whole file was last looked at. A single row is enough: where SQLite reads a
    /// wrong page without complaint, that page takes writes and does not give them back.
    in_doubt: bool,
    /// Whether the file is closed for good.
    closed: bool,
    counts: StoreCounts,
    last_error: Option<StoreError>,
}

impl Store {
    /// Opens a store, or makes it. Always gives one.
    ///
    /// ```
    /// # use ferrule_icon_cache::store::{Condition, OpenOptions, Store};
    /// # let dir = tempfile::tempdir().unwrap();
    /// let store = Store::open(&dir.path().join("ferrule_icons.db"), OpenOptions::new(192));
    /// assert_eq!(store.condition(), Condition::Good);
    /// ```
    pub fn open(file: &Path, options: OpenOptions) -> Self {
        let mut store = Self {
            file: file.to_owned(),
            options,
            database: None,
            condition: Condition::Good,
            owed: Vec::new(),
            unswept: false,
            made_anew: false,
            in_doubt: false,
            closed: false,
            counts: StoreCounts::default(),
            last_error: None,
        };
        store.forget_rebuilt();
        match Database::open(file, &store.options) {
            Ok(database) => store.adopt(database),
            Err(error @ (StoreError::TooNew { .. } | StoreError::Foreign { .. })) => {
                store.last_error = Some(error);
                store.file = files::beside(file, &format!(".format-{}", schema::FORMAT));
                store.open_or_make();
            }
            Err(error) => store.replace(error),
        }
        store
    }

    /// Opens the file under its present name; a damaged one is made anew.
    fn open_or_make(&mut self) {
        match Database::open(&self.file, &self.options) {
            Ok(database) => self.adopt(database),
            Err(error) => self.replace(error),
        }
    }

    /// Takes a database; one that may only be read is as one whose last write failed.
    fn adopt(&mut self, database: Database) {
        self.condition = Condition::Good;
        if database.is_read_only {
            self.condition = Condition::Paused;
            self.last_error = Some(StoreError::ReadOnly { at: At::new(&self.file, Step::Open) });
        }
        self.database = Some(database);
    }

    /// Makes a damaged file anew; where that is no help, the store is in memory.
    fn replace(&mut self, error: StoreError) {
        self.database = None;
        let damaged = error.is_damage();
        self.last_error = Some(error);
        if damaged {
            let made = files::remove_database(&*self.options.files, &self.file)
                .at(&self.file, Step::Create)
                .and_then(|()| Database::open(&self.file, &self.options));
            match made {
                Ok(database) => {
                    self.database = Some(database);
                    self.counts.recoveries += 1;
                    self.condition = Condition::Good;
                    // Everything is gone, so nothing is left to remove.
                    self.owed.clear();
                    return;
                }
                Err(error) => self.last_error = Some(error),
            }
        }
        self.condition = Condition::MemoryOnly;
        self.database = Database::in_memory(self.options.size_px).ok();
    }

    /// How well it is.
    pub fn condition(&self) -> Condition {
        self.condition
    }

    /// The file that is used.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// What happened to it.
    pub fn counts(&self) -> &StoreCounts {
        &self.counts
    }

    /// The last failure.
    pub fn last_error(&self) -> Option<&StoreError> {
        self.last_error.as_ref()
    }

    /// Whether it held nothing when it was opened: made just now, or emptied.
    pub fn is_new(&self) -> bool {
        self.database.as_ref().is_none_or(|database| database.is_new)
    }

    /// What is known of a key. Every failure is a miss.
    pub fn read(&mut self, key: &IconKey, wants: Variants) -> Found {
        if self.is_owed_removal(key) {
            return Found::default();
        }
        let Some(database) = &self.database else { return Found::default() };
        match sql::read(&database.connection, key, wants) {
            Ok(mut found) => {
                self.counts.rows_damaged += u64::from(found.damaged);
                self.unswept |= found.damaged > 0;
                self.in_doubt |= found.damaged > 0;
                self.age(key, &mut found);
                found
            }
            Err(error) => {
                self.read_failed(&error);
                Found { damaged: 1, ..Found::default() }
            }
        }
    }

    /// Every key's tokens. `None` when they cannot be read: a session then takes nothing for removed.
    pub fn scan(&mut self) -> Option<Vec<ScanRow>> {
        let database = self.database.as_ref()?;
        match sql::scan(&database.connection) {
            Ok(mut rows) => {
                rows.retain(|row| !self.is_owed_removal(&row.key));
                rows.iter_mut().for_each(|row| self.age_tokens(row));
                Some(rows)
            }
            Err(error) => {
                self.read_failed(&error);
                None
            }
        }
    }

    /// The stored keys of a package, exactly matched.
    pub fn keys_of(&mut self, package: &PackageOf) -> Vec<IconKey> {
        let Some(database) = &self.database else { return Vec::new() };
        match sql::keys_of(&database.connection, package.profile.0, &package.package) {
            Ok(keys) => keys,
            Err(error) => {
                self.read_failed(&error);
                Vec::new()
            }
        }
    }

    /// A fact of `meta`.
    pub fn fact(&self, key: &str) -> Option<String> {
        let owed = self.owed.iter().rev().find_map(|write| match write {
            Write::Fact(owed, value) if *owed == key => Some(value.clone()),
            _ => None,
        });
        owed.unwrap_or_else(|| database::fact(&self.database.as_ref()?.connection, key).ok()?)
    }

    /// Writes a batch in one transaction, and before it what is owed.
    pub fn write(&mut self, batch: Vec<Write>) -> Result<(), StoreError> {
        if batch.is_empty() && self.owed.is_empty() {
            return Ok(());
        }
        if self.condition == Condition::Paused {
            self.owe(batch);
            return self.last_error.clone().map_or(Ok(()), Err);
        }
        self.commit(batch)
    }

    fn commit(&mut self, batch: Vec<Write>) -> Result<(), StoreError> {
        self.settle_doubt();
        let Some(database) = &self.database else {
            self.owe(batch);
            return self.last_error.clone().map_or(Ok(()), Err);
        };
        let (owed, sweep) = (&self.owed, self.unswept);
        let done = database::in_transaction(&database.connection, |connection| {
            if sweep {
                sql::sweep(connection)?;
            }
            owed.iter().chain(&batch).try_for_each(|write| sql::write(connection, write))
        });
        match done.at(&self.file, Step::Write) {
            Ok(()) => {
                self.counts.rows_written += batch.len() as u64 + self.owed.len() as u64;
                self.counts.commits += 1;
                self.owed.clear();
                self.unswept = false;
                Ok(())
            }
            Err(error) => {
                self.counts.write_failures += 1;
                if error.is_damage() && self.condition != Condition::MemoryOnly && !self.made_anew {
                    self.rebuild(error);
                    // Once is enough: a disk that damages what was written a moment ago is no place for icons.
                    self.made_anew = true;
                    let written = self.commit(batch);
                    self.made_anew = written.is_err();
                    return written;
                }
                if self.condition == Condition::Good {
                    self.condition = Condition::Paused;
                }
                self.last_error = Some(error.clone());
                self.owe(batch);
                Err(error)
            }
        }
    }

    /// Keeps what removes and ages; gives up what adds.
    fn owe(&mut self, batch: Vec<Write>) {
        for write in batch {
            if matches!(write, Write::Put { .. }) {
                self.counts.rows_given_up += 1;
            } else if !self.owed.contains(&write) {
                self.owed.push(write);
            }
        }
    }

    /// Tries to write again after a failure: what is owed, then whatever comes. Call it when space may be back, on a trim
    /// signal, at the end of a session. Whether the store takes writes now.
    pub fn recover(&mut self) -> bool {
        if self.closed {
            return false;
        }
        match self.condition {
            Condition::Good => return true,
            Condition::Paused if self.database.as_ref().is_some_and(|database| database.is_read_only) => {
                self.database = None;
                self.open_or_make();
            }
            Condition::Paused => self.condition = Condition::Good,
            Condition::MemoryOnly => {
                let Ok(database) = Database::open(&self.file, &self.options) else { return false };
                self.adopt(database);
            }
        }
        if self.condition != Condition::Good {
            return false;
        }
        // A probe that writes: taking the lock alone would not find the disk full.
        let probe = vec![Write::Fact("probe", Some("1".to_owned())), Write::Fact("probe", None)];
        let recovered = self.commit(probe).is_ok();
        self.counts.recoveries += u64::from(recovered);
        self.owed.retain(|write| !matches!(write, Write::Fact("probe", _)));
        recovered
    }

    /// Empties the store, for icons of another size.
    pub fn clear(&mut self, size_px: u32) -> Result<(), StoreError> {
        self.options.size_px = size_px;
        self.owed.clear();
        let Some(database) = &self.database else { return Ok(()) };
        let done = database::empty(&database.connection, size_px).at(&self.file, Step::Clear);
        if let Err(error) = &done {
            // Rows of another size must not be shown, so the file goes whole.
            self.counts.write_failures += 1;
            let detail = error.to_string();
            self.replace(StoreError::Damaged { at: At::new(&self.file, Step::Clear), detail });
        }
        done
    }

    /// Closes the file, for good: from now on every read is a miss and every write is given up.
    pub fn close(&mut self) {
        self.database = None;
        self.condition = Condition::MemoryOnly;
        self.closed = true;
    }

    fn read_failed(&mut self, error: &rusqlite::Error) {
        self.counts.read_failures += 1;
        let error = StoreError::sqlite(error, At::new(&self.file, Step::Read));
        self.in_doubt |= error.is_damage();
        self.last_error = Some(error);
    }

    /// Whether a removal that could not be written yet concerns the key.
    fn is_owed_removal(&self, key: &IconKey) -> bool {
        self.owed.iter().any(|write| match write {
            Write::Delete(gone) => gone == key,
            Write::DeletePackage(package) => package.holds(key),
            Write::KeepProfiles(kept) => !kept.contains(&key.profile),
            Write::Put { .. } | Write::Stale(..) | Write::Fact(..) => false,
        })
    }

    /// Marks what a mark that could not be written yet concerns.
    fn age(&self, key: &IconKey, found: &mut Found) {
        for part in self.owed_marks(key) {
            match part {
                Part::Label => found.label.iter_mut().for_each(|row| row.stale = true),
                Part::Pixels => found.pictures.iter_mut().for_each(|(_, row)| row.stale = true),
            }
        }
    }

    /// The same for tokens.
    fn age_tokens(&self, row: &mut ScanRow) {
        for part in self.owed_marks(&row.key) {
            match part {
                Part::Label => row.label = None,
                Part::Pixels => row.pictures.iter_mut().for_each(|(_, token)| *token = None),
            }
        }
    }

    fn owed_marks(&self, key: &IconKey) -> Vec<Part> {
        let marks = self.owed.iter().filter_map(|write| match write {
            Write::Stale(Range::All, part) => Some(*part),
            Write::Stale(Range::Package(package), part) if package.holds(key) => Some(*part),
            _ => None,
        });
        marks.collect()
    }

    /// Limits the file to so many pages, as a quota would, and answers the limit before. A file that is larger keeps
    /// its size. Outside of tests there is no limit.
    #[doc(hidden)]
    pub fn limit_pages(&self, pages: u32) -> u32 {
        let Some(database) = &self.database else { return 0 };
        let before = database.connection.pragma_query_value(None, "max_page_count", |row| row.get(0));
        let set = database.connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()));
        set.and(before).unwrap_or(0)
    }
}
