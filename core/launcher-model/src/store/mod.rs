//! Ferrule's own store of the home screen: one SQLite file, one owner, nothing ever half written.
//!
//! [`ModelStore::open`] opens or makes it, [`ModelStore::content`] is what it holds, [`ModelStore::write`] changes it. Imports
//! (`import`), exports (`export`), snapshots (`snapshot`) and the treatment of a damaged file (`salvage`) are methods of the
//! same type in their own modules. The tables are a contract: [`schema`].
//!
//! What it is not: a cache of legacy's database. Legacy's file is never opened here (contracts 4); rows come in through an
//! import and go out through an export.
//!
//! **Threads and locks.** A store is used from one thread at a time. It holds SQLite's exclusive lock on its file as long
//! as it is open; a second opening anywhere is [`StoreError::Locked`].
//!
//! Invariants: after every call the file holds either what it held before or all of what was asked; what is in memory is
//! what is in the file; whatever is in the file satisfies [`check`](check::check).

mod apply;
pub mod change;
pub mod check;
mod database;
pub mod error;
mod files;
pub mod image;
pub mod item;
mod kept;
mod layouts;
mod persist;
pub(crate) mod records;
pub mod schema;
pub(crate) mod space;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;

pub use apply::apply;
pub use change::{AuditEntry, Change, Edit, Event, Refusal};
pub use check::{Fault, check};
pub use error::{At, Step, StoreError};
pub use files::{Files, SystemFiles};
pub use item::{
    Content, EpochMillis, Family, GridSize, Item, ItemId, Kind, Layout, LayoutId, Page, PageId, Place,
    Position, ProfileSerial, Quarantine, Since, Widget,
};
pub use kept::{Key, kept, key};

use crate::salvage::SalvageReport;
use database::Database;
pub(crate) use database::{connect, in_transaction, quick_check, read};
pub(crate) use error::Located;
pub(crate) use files::{beside, folder, fresh_database, remove_database};
pub(crate) use layouts::settle_all as settle_layouts;
pub(crate) use persist::{append_audit, create as create_tables, write as write_content};
use records::Meta;

/// What opening a store needs to know. Clock and platform are the caller's.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// The time.
    pub now: EpochMillis,
    /// The grid of a store that has to be made.
    pub grid: GridSize,
    /// The serial of the main profile, for a store that has to be made.
    pub main_profile: i64,
    /// The name of a registered SQLite VFS; `None` is SQLite's own. For tests of failing disks.
    pub vfs: Option<String>,
    /// The file system. For tests of failing disks.
    pub files: Arc<dyn Files>,
}

impl OpenOptions {
    /// The system's own file system.
    pub fn new(now: EpochMillis, grid: GridSize, main_profile: i64) -> Self {
        Self { now, grid, main_profile, vfs: None, files: Arc::new(SystemFiles) }
    }
}

/// A store and what its opening showed.
#[derive(Debug)]
pub struct Opened {
    /// The store.
    pub store: ModelStore,
    /// What happened.
    pub report: OpenReport,
}

/// What the opening of a store showed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OpenReport {
    /// Whether the store was made just now.
    pub created: bool,
    /// Whether the home screen waits for the default layout: it is new or nothing could be salvaged.
    pub default_layout_due: bool,
    /// Set when the file was damaged: what was set aside, found and lost. For the user's eyes too.
    pub salvage: Option<SalvageReport>,
}

/// The store.
#[derive(Debug)]
pub struct ModelStore {
    file: PathBuf,
    options: OpenOptions,
    /// `None` after a failure, until the next use opens the file anew and reads what is really there.
    connection: Option<Connection>,
    content: Content,
    /// Counts the contents that there have been, so that what is derived from one is known to be of this one.
    revision: u64,
    meta: Meta,
}

impl ModelStore {
    /// Opens a store, or makes it with an empty page that waits for the default layout. A damaged file is set aside under
    /// a name that begins with its own, and what can be read of it becomes the store.
    ///
    /// # Errors
    /// [`StoreError`]. A store that is too new or another program's is left as it is, to the byte.
    ///
    /// ```
    /// # use ferrule_launcher_model::store::{EpochMillis, GridSize, ModelStore, OpenOptions};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let dir = tempfile::tempdir()?;
    /// let grid = GridSize { columns: 4, rows: 6, dock: 5 };
    /// let options = OpenOptions::new(EpochMillis(1_764_000_000_000), grid, 0);
    /// let opened = ModelStore::open(&dir.path().join("ferrule_model.db"), options)?;
    /// assert!(opened.report.created);
    /// assert!(opened.store.content().items.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn open(file: &Path, options: OpenOptions) -> Result<Opened, StoreError> {
        let salvaged = crate::salvage::before_opening(file, &options)?;
        let (database, salvage) = match salvaged {
            Some(report) => (Database::open(file, &options)?, Some(report)),
            None => match Database::open(file, &options) {
                Err(error) if error.is_damage() => {
                    let report = crate::salvage::salvage(file, &options, &error.to_string())?;
                    (Database::open(file, &options)?, Some(report))
                }
                opened => (opened?, None),
            },
        };
        let report = OpenReport {
            created: database.is_new,
            default_layout_due: database.meta.default_layout_due,
            salvage,
        };
        Ok(Opened { store: Self::of(file, options, database), report })
    }

    fn of(file: &Path, options: OpenOptions, database: Database) -> Self {
        let Database { connection, content, meta, .. } = database;
        Self { file: file.to_owned(), options, connection: Some(connection), content, revision: 0, meta }
    }

    /// What the store holds, as of the last call that succeeded.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// Another number whenever [`ModelStore::content`] may be other than it was.
    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    fn put(&mut self, content: Content) {
        self.content = content;
        self.revision = self.revision.wrapping_add(1);
    }

    /// The items, in the order of their numbers.
    pub fn items(&self) -> impl ExactSizeIterator<Item = &Item> {
        self.content.items.values()
    }

    /// The items in quarantine. [`Change::Restore`] brings one back.
    pub fn quarantine(&self) -> impl Iterator<Item = &Item> {
        self.content.quarantined()
    }

    /// The file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Whether the home screen waits for the default layout.
    pub fn default_layout_due(&self) -> bool {
        self.meta.default_layout_due
    }

    /// When the last daily snapshot was made.
    pub fn last_daily(&self) -> Option<EpochMillis> {
        self.meta.last_daily
    }

    /// Commits changes in one transaction, with their audit entries and the journal of what they change. `cause` says who
    /// asked, in a word: `user`, `load`, `event`.
    ///
    /// # Errors
    /// [`StoreError::Refused`] when the changes may not be made; else what kept them from being written. Nothing is
    /// changed then.
    pub fn write(&mut self, changes: &[Change], cause: &str, now: EpochMillis) -> Result<(), StoreError> {
        self.connection()?;
        let refused = |refusal| StoreError::Refused { at: At::new(&self.file, Step::Write), refusal };
        let (content, audit) = apply(&self.content, changes, now).map_err(refused)?;
        let fills = self.meta.default_layout_due && !content.items.is_empty();
        self.commit(Step::Write, |connection, old| {
            persist::write(connection, Some(old), &content)?;
            persist::append_journal(connection, old, &content, cause, now)?;
            persist::append_audit(connection, &audit)?;
            if fills { persist::set_meta(connection, "default_layout_due", 0) } else { Ok(()) }
        })?;
        self.put(content);
        self.meta.default_layout_due &= !fills;
        Ok(())
    }

    /// Notes that the default layout has been laid out, even if it was empty (SPEC-05).
    ///
    /// # Errors
    /// What kept it from being written.
    pub fn default_layout_done(&mut self) -> Result<(), StoreError> {
        self.commit(Step::Write, |connection, _| persist::set_meta(connection, "default_layout_due", 0))?;
        self.meta.default_layout_due = false;
        Ok(())
    }

    /// The audit trail, oldest first: of one item, or of everything.
    ///
    /// # Errors
    /// What kept it from being read.
    pub fn audit(&mut self, item: Option<ItemId>) -> Result<Vec<AuditEntry>, StoreError> {
        let file = self.file.clone();
        let connection = self.connection()?;
        read_audit(connection, item, 0).at(&file, Step::Read)
    }

    /// Compares the file with what is in memory, after SQLite's own check of it.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] or what kept it from being read.
    pub fn verify(&mut self) -> Result<(), StoreError> {
        let file = self.file.clone();
        let connection = self.connection()?;
        quick_check(connection, &file, Step::Read)?;
        let (content, _) = read(connection, &file, Step::Read)?;
        if content == self.content {
            return Ok(());
        }
        Err(StoreError::Damaged {
            at: At::new(&file, Step::Read),
            detail: "the file differs from what was read from it".to_owned(),
        })
    }

    /// The open connection. After a failure the file is opened and read anew, so that memory is what is on disk.
    pub(crate) fn connection(&mut self) -> Result<&Connection, StoreError> {
        if self.connection.is_none() {
            let database = Database::open(&self.file, &self.options)?;
            self.put(database.content);
            self.meta = database.meta;
            self.connection = Some(database.connection);
        }
        let closed = || StoreError::Io {
            at: At::new(&self.file, Step::Open),
            detail: "the store is closed".to_owned(),
        };
        self.connection.as_ref().ok_or_else(closed)
    }

    /// Reads the file anew after a failure, so that [`ModelStore::content`] is what is on disk.
    ///
    /// # Errors
    /// What kept it from being opened or read.
    pub fn refresh(&mut self) -> Result<(), StoreError> {
        self.connection().map(drop)
    }

    /// Runs statements in one transaction. After a failure nobody knows what SQLite still holds, so the connection goes.
    fn commit(
        &mut self,
        step: Step,
        work: impl FnOnce(&Connection, &Content) -> rusqlite::Result<()>,
    ) -> Result<(), StoreError> {
        self.connection()?;
        let Some(connection) = self.connection.as_ref() else { return Ok(()) };
        let done = in_transaction(connection, |connection| work(connection, &self.content));
        if done.is_err() {
            self.connection = None;
        }
        done.at(&self.file, step)
    }

    pub(crate) fn options(&self) -> &OpenOptions {
        &self.options
    }

    pub(crate) fn set_last_daily(&mut self, now: EpochMillis) -> Result<(), StoreError> {
        self.commit(Step::Snapshot, |connection, _| database::set_last_daily(connection, now))?;
        self.meta.last_daily = Some(now);
        Ok(())
    }

    /// Copy, verify, swap: a whole copy of the store is changed beside it, checked against what it shall hold, and only then
    /// takes the store's place. What fails before that leaves the store as it was.
    pub(crate) fn rebuild(
        &mut self,
        step: Step,
        expected: &Content,
        work: impl FnOnce(&Connection, &Content) -> rusqlite::Result<()>,
    ) -> Result<(), StoreError> {
        let copy = beside(&self.file, ".new");
        let files = Arc::clone(&self.options.files);
        let built = self.build(step, &copy, expected, work);
        if let Err(error) = built {
            // What is left of the copy is removed by the next opening if it cannot be now.
            let _ = remove_database(files.as_ref(), &copy);
            return Err(error);
        }
        self.swap_in(&copy)
    }

    fn build(
        &mut self,
        step: Step,
        copy: &Path,
        expected: &Content,
        work: impl FnOnce(&Connection, &Content) -> rusqlite::Result<()>,
    ) -> Result<(), StoreError> {
        fresh_database(self.options.files.as_ref(), copy).at(copy, step)?;
        let old = self.content.clone();
        self.copy_to(copy, step)?;
        let connection = connect(copy, &self.options, step)?;
        in_transaction(&connection, |connection| work(connection, &old)).at(copy, step)?;
        verify_copy(&connection, copy, step, expected)?;
        connection.close().map_err(|(_, error)| StoreError::sqlite(&error, At::new(copy, step)))
    }

    /// Writes a whole copy of the file under another name, log included. There is nothing under that name, or an
    /// empty file.
    pub(crate) fn copy_to(&mut self, copy: &Path, step: Step) -> Result<(), StoreError> {
        let name = copy.to_string_lossy().into_owned();
        let connection = self.connection()?;
        connection.execute("VACUUM INTO ?1", [name]).map(drop).at(copy, step)
    }

    /// Puts a finished file in the place of the store.
    pub(crate) fn swap_in(&mut self, copy: &Path) -> Result<(), StoreError> {
        self.connection()?;
        let file = self.file.clone();
        let files = Arc::clone(&self.options.files);
        if let Some(connection) = self.connection.take() {
            let whole = Database {
                connection,
                content: self.content.clone(),
                meta: self.meta.clone(),
                is_new: false,
            };
            if let Err((database, error)) = whole.close_whole(&file) {
                self.connection = Some(database.connection);
                let _ = remove_database(files.as_ref(), copy);
                return Err(error);
            }
        }
        // The old file is whole in itself; a log that stayed behind would be taken for the new file's.
        let swapped = files
            .remove(&beside(&file, "-wal"))
            .and_then(|()| files.rename(copy, &file))
            .and_then(|()| files.sync_folder(folder(&file)));
        if swapped.is_err() {
            let _ = remove_database(files.as_ref(), copy);
        }
        let reopened = self.connection().map(drop);
        swapped.at(&file, Step::Swap)?;
        reopened
    }
}

/// Checks a finished copy: SQLite's own check, every reference, and the home screen itself.
pub(crate) fn verify_copy(
    connection: &Connection,
    copy: &Path,
    step: Step,
    expected: &Content,
) -> Result<(), StoreError> {
    quick_check(connection, copy, step)?;
    let (content, _) = read(connection, copy, step)?;
    if content == *expected {
        return Ok(());
    }
    let detail =
        format!("{} of {} items are as they should be", same(&content, expected), expected.items.len());
    Err(StoreError::Verify { at: At::new(copy, step), detail })
}

fn same(found: &Content, expected: &Content) -> usize {
    expected.items.iter().filter(|(id, item)| found.items.get(id) == Some(item)).count()
}

/// The entries of one item or of all behind a place in the trail.
pub(crate) fn read_audit(
    connection: &Connection,
    item: Option<ItemId>,
    behind: i64,
) -> rusqlite::Result<Vec<AuditEntry>> {
    let mut statement = connection.prepare_cached(
        "SELECT at_ms, item_id, event, code, image FROM audit WHERE (?1 IS NULL OR item_id = ?1) AND seq > ?2 ORDER BY seq",
    )?;
    let rows = statement.query_map(rusqlite::params![item.map(|item| item.0), behind], |row| {
        let word: String = row.get(2)?;
        let event = Event::ALL.into_iter().find(|event| event.word() == word);
        Ok(AuditEntry {
            at: EpochMillis(row.get(0)?),
            item: row.get::<_, Option<i64>>(1)?.map(ItemId),
            // A word of a newer format is still something that happened to the item.
            event: event.unwrap_or(Event::Edited),
            code: row.get(3)?,
            image: row.get(4)?,
        })
    })?;
    rows.collect()
}
