//! Copies of the store to go back to: before an import, an upgrade, a migration, and once a day. Five are kept.
//!
//! A snapshot is a whole store in a folder beside it, written by SQLite itself from the open store (never by copying the
//! file), checked before it gets its name. Going back is a swap like an import; the store as it was becomes a snapshot
//! first.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::store::{
    AuditEntry, Content, EpochMillis, Event, Located, ModelStore, OpenOptions, Step, StoreError, beside,
    connect, fresh_database, in_transaction, quick_check, read, read_audit, remove_database, verify_copy,
};

/// How many snapshots are kept.
pub const SNAPSHOTS_KEPT: usize = 5;
/// How long a daily snapshot is good for, in milliseconds.
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Why a snapshot was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// An import was about to replace the home screen.
    Import,
    /// A newer Ferrule was about to change the form of the store.
    Upgrade,
    /// A change of the grid was about to move everything.
    Migration,
    /// A day had passed.
    Daily,
    /// The store was about to go back to another snapshot.
    Restore,
    /// Somebody asked for it.
    Manual,
}

impl Reason {
    const ALL: [Self; 6] =
        [Self::Import, Self::Upgrade, Self::Migration, Self::Daily, Self::Restore, Self::Manual];

    /// The word in the file's name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Upgrade => "upgrade",
            Self::Migration => "migration",
            Self::Daily => "daily",
            Self::Restore => "restore",
            Self::Manual => "manual",
        }
    }
}

/// One snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Its number; later ones have higher numbers.
    pub id: u64,
    /// When it was made.
    pub at: EpochMillis,
    /// Why.
    pub reason: Reason,
    /// Its file.
    pub file: PathBuf,
}

impl Snapshot {
    /// The snapshot of a file's name, `ID-TIME-REASON.db`.
    fn of(file: PathBuf) -> Option<Self> {
        let mut parts = file.file_name()?.to_str()?.strip_suffix(".db")?.splitn(3, '-');
        let id = parts.next()?.parse().ok()?;
        let at = EpochMillis(parts.next()?.parse().ok()?);
        let word = parts.next()?;
        let reason = Reason::ALL.into_iter().find(|reason| reason.word() == word)?;
        Some(Self { id, at, reason, file })
    }
}

/// The folder of a store's snapshots.
fn folder_of(store: &Path) -> PathBuf {
    beside(store, ".snapshots")
}

/// The snapshots of a store, oldest first. What has another kind of name is none.
pub(crate) fn files_of(store: &Path) -> Vec<Snapshot> {
    let entries = std::fs::read_dir(folder_of(store)).into_iter().flatten();
    let mut found: Vec<Snapshot> = entries.filter_map(|entry| Snapshot::of(entry.ok()?.path())).collect();
    found.sort_by_key(|snapshot| snapshot.id);
    found
}

/// What the newest snapshot that can be read holds.
pub(crate) fn newest(store: &Path, options: &OpenOptions) -> Option<Content> {
    files_of(store).iter().rev().find_map(|snapshot| contents(&snapshot.file, options).ok())
}

/// What a snapshot holds, once SQLite's own check finds nothing wrong. The file is not changed.
fn contents(file: &Path, options: &OpenOptions) -> Result<Content, StoreError> {
    let connection = open_read_only(file, options)?;
    quick_check(&connection, file, Step::Snapshot)?;
    read(&connection, file, Step::Snapshot).map(|(content, _)| content)
}

fn open_read_only(file: &Path, options: &OpenOptions) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = match options.vfs.as_deref() {
        Some(vfs) => Connection::open_with_flags_and_vfs(file, flags, vfs),
        None => Connection::open_with_flags(file, flags),
    };
    let connection = opened.at(file, Step::Snapshot)?;
    // Who has a snapshot open is no store's owner; waiting for it would stop the launcher.
    connection.busy_timeout(Duration::ZERO).at(file, Step::Snapshot)?;
    Ok(connection)
}

impl ModelStore {
    /// The snapshots, oldest first.
    pub fn snapshots(&self) -> Vec<Snapshot> {
        files_of(self.file())
    }

    /// Makes a snapshot; beyond [`SNAPSHOTS_KEPT`] the oldest go.
    ///
    /// # Errors
    /// What kept it from being written or makes it differ from the store. The store and the other snapshots are as they
    /// were.
    pub fn snapshot(&mut self, reason: Reason, now: EpochMillis) -> Result<Snapshot, StoreError> {
        self.snapshot_sparing(reason, now, None)
    }

    fn snapshot_sparing(
        &mut self,
        reason: Reason,
        now: EpochMillis,
        spared: Option<u64>,
    ) -> Result<Snapshot, StoreError> {
        let files = Arc::clone(&self.options().files);
        let folder = folder_of(self.file());
        let step = Step::Snapshot;
        files.make_folder(&folder).at(&folder, step)?;
        let existing = self.snapshots();
        let id = existing.last().map_or(1, |last| last.id.saturating_add(1));
        let file = folder.join(format!("{id:06}-{}-{}.db", now.0.max(0), reason.word()));
        let copy = folder.join("unfinished");
        let made = fresh_database(files.as_ref(), &copy)
            .at(&copy, step)
            .and_then(|()| self.copy_to(&copy, step))
            .and_then(|()| {
                let connection = open_read_only(&copy, self.options())?;
                verify_copy(&connection, &copy, step, self.content())?;
                connection.close().map_err(|(_, error)| error).at(&copy, step)
            })
            .and_then(|()| files.rename(&copy, &file).at(&file, step))
            .and_then(|()| files.sync_folder(&folder).at(&folder, step));
        if let Err(error) = made {
            // The next snapshot removes what cannot be removed now.
            let _ = remove_database(files.as_ref(), &copy);
            return Err(error);
        }
        let surplus = (existing.len() + 1).saturating_sub(SNAPSHOTS_KEPT);
        for old in existing.iter().filter(|old| Some(old.id) != spared).take(surplus) {
            files.remove(&old.file).at(&old.file, step)?;
        }
        Ok(Snapshot { id, at: now, reason, file })
    }

    /// Makes the daily snapshot if it is due: none was made yet, a day has passed, or the clock was set back.
    ///
    /// # Errors
    /// As [`ModelStore::snapshot`].
    pub fn daily_snapshot(&mut self, now: EpochMillis) -> Result<Option<Snapshot>, StoreError> {
        self.connection()?;
        let fresh = self.last_daily().is_some_and(|last| (0..DAY_MS).contains(&now.0.saturating_sub(last.0)));
        if fresh || self.content().items.is_empty() {
            return Ok(None);
        }
        let made = self.snapshot(Reason::Daily, now)?;
        self.set_last_daily(now)?;
        Ok(Some(made))
    }

    /// Goes back to a snapshot. The store as it is becomes a snapshot first; numbers go on counting from where they are
    /// (LM-I16).
    ///
    /// # Errors
    /// [`StoreError::NoSnapshot`] when it is not there or not whole; else what kept it from being put in place. The store
    /// is then as it was.
    pub fn restore(&mut self, id: u64, now: EpochMillis) -> Result<(), StoreError> {
        let step = Step::Restore;
        let missing =
            |store: &Self| StoreError::NoSnapshot { at: crate::store::At::new(store.file(), step), id };
        self.connection()?;
        let found = self.snapshots().into_iter().find(|snapshot| snapshot.id == id);
        let Some(snapshot) = found else { return Err(missing(self)) };
        let content = match contents(&snapshot.file, self.options()) {
            Err(StoreError::Damaged { .. }) => return Err(missing(self)),
            read => read?,
        };
        let current = self.content();
        let expected = Content {
            next_item: content.next_item.max(current.next_item),
            next_page: content.next_page.max(current.next_page),
            ..content.clone()
        };
        self.snapshot_sparing(Reason::Restore, now, Some(id))?;
        let files = Arc::clone(&self.options().files);
        let copy = beside(self.file(), ".new");
        let built = self.build_from(&snapshot.file, &copy, &content, &expected, now);
        if let Err(error) = built {
            let _ = remove_database(files.as_ref(), &copy);
            return Err(error);
        }
        self.swap_in(&copy)
    }

    /// Copies a snapshot beside the store and lets the counters go on.
    fn build_from(
        &mut self,
        snapshot: &Path,
        copy: &Path,
        content: &Content,
        expected: &Content,
        now: EpochMillis,
    ) -> Result<(), StoreError> {
        let step = Step::Restore;
        fresh_database(self.options().files.as_ref(), copy).at(copy, step)?;
        let source = open_read_only(snapshot, self.options())?;
        source.execute("VACUUM INTO ?1", [copy.to_string_lossy()]).map(drop).at(copy, step)?;
        let connection = connect(copy, self.options(), step)?;
        // What happened since the snapshot did happen: the trail goes on (LM-I17).
        let last: i64 = connection
            .query_row("SELECT ifnull(max(seq), 0) FROM audit", [], |row| row.get(0))
            .at(copy, step)?;
        let file = self.file().to_owned();
        let mut trail = read_audit(self.connection()?, None, last).at(&file, step)?;
        trail.push(AuditEntry { at: now, item: None, event: Event::Restored, code: None, image: None });
        in_transaction(&connection, |connection| {
            crate::store::write_content(connection, Some(content), expected)?;
            crate::store::append_audit(connection, &trail)
        })
        .at(copy, step)?;
        verify_copy(&connection, copy, step, expected)?;
        connection.close().map_err(|(_, error)| error).at(copy, step)
    }
}
