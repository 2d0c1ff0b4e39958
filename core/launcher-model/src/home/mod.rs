//! The home screen that a launcher uses: a store, and the safe load whose answers are written into it.
//!
//! [`Home::load`] reads what the store holds, decides with [`crate::safe`] and commits the difference in one transaction, each
//! change with its time and its code. A load always answers: what could not be written is a typed problem beside the answer,
//! the store is as it was, and the next load comes to the same again.
//!
//! What it is not: no decision is made here (`safe` decides what becomes of items, `store` what may be written), no clock is
//! read, no platform is called. One thread at a time.
//!
//! Invariants: a second load with the same phone writes nothing; nothing is ever removed by a load; what is written is what
//! [`Loaded::changes`] says.

mod changes;
mod explain;
mod rows;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::compat::placement::Grid;
use crate::compat::{BuildFlags, CancelAt, LoadInput, LoadRow, Parsed, is_icon, read_intent};
use crate::export::{ExportReport, Format, Overflow};
use crate::hash::{FastMap, FastSet};
use crate::import::{ImportOptions, ImportReport};
use crate::intent::Intent;
use crate::platform::PlatformSnapshot;
use crate::rows::SourceRows;
use crate::safe::{self, Pins, SafeOutcome};
use crate::snapshot::{Reason, Snapshot};
use crate::store::{
    AuditEntry, Change, Content, EpochMillis, GridSize, ItemId, Key, Kind, ModelStore, OpenOptions,
    OpenReport, PageId, StoreError, apply,
};

use changes::Stored;
use explain::Said;
pub use explain::{Explained, Moved};
use rows::Numbers;

/// What a load is for: everything but the rows.
#[derive(Debug, Clone, Copy)]
pub struct Phone<'a> {
    /// The grid. Columns, rows and dock choose the layout that is shown; there comes to be one for every size that is asked
    /// for. A size that no store can have ([`GridSize::is_valid`]) leaves the shown one as it is.
    pub grid: Grid,
    /// Build flags.
    pub flags: BuildFlags,
    /// What the platform said.
    pub platform: &'a PlatformSnapshot,
}

/// A page as a load shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownPage {
    /// The number that the load calls it by, as in [`safe::Seat::Desktop`]; Launcher3's screen id.
    pub number: i32,
    /// The store's page; `None` when the page is new and could not be written.
    pub page: Option<PageId>,
}

/// The answer of a load.
#[derive(Debug)]
pub struct Loaded {
    /// What is on the screen, what is not, and why. Row ids are the numbers of the store's items.
    pub outcome: SafeOutcome,
    /// The pages from left to right, as [`SafeOutcome::pages`].
    pub pages: Vec<ShownPage>,
    /// What the load changes in the store; empty for a second one.
    pub changes: Vec<Change>,
    /// Whether there were changes and all of them are committed.
    pub written: bool,
    /// Why not. The answer can be used all the same; the next load tries again.
    pub problem: Option<StoreError>,
}

/// What a load stands on beside the phone: on equal premises, equal phones get equal answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Premise {
    revision: u64,
    pinned: bool,
    forgotten: u64,
}

/// A home screen.
#[derive(Debug)]
pub struct Home {
    store: ModelStore,
    /// Whether a load of this process left the first row to the search bar (C19).
    pinned: bool,
    /// What loads of this process said of each item.
    said: FastMap<ItemId, Said>,
    /// How often that was forgotten.
    forgotten: u64,
    /// The rows of the latest load, while the store's content is still what they were made of.
    prepared: Option<(u64, Prepared)>,
}

impl Home {
    /// Opens a store, or makes it, as [`ModelStore::open`] does; the report says whether the home screen waits for its
    /// default layout, and what was salvaged.
    ///
    /// # Errors
    /// [`StoreError`]. A store that is too new or another program's is left as it is, to the byte.
    ///
    /// ```
    /// # use ferrule_launcher_model::compat::{BuildFlags, placement::Grid};
    /// # use ferrule_launcher_model::home::{Home, Phone};
    /// # use ferrule_launcher_model::platform::PlatformSnapshot;
    /// # use ferrule_launcher_model::store::{EpochMillis, GridSize, OpenOptions};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let dir = tempfile::tempdir()?;
    /// let now = EpochMillis(1_764_000_000_000);
    /// let size = GridSize { columns: 5, rows: 6, dock: 5 };
    /// let (mut home, report) = Home::open(&dir.path().join("ferrule_model.db"), OpenOptions::new(now, size, 0))?;
    /// assert!(report.default_layout_due);
    /// let phone = Phone {
    ///     grid: Grid { columns: 5, rows: 6, hotseat: 5, search_columns: 5, folder: (4, 4) },
    ///     flags: BuildFlags::default(),
    ///     platform: &PlatformSnapshot::default(),
    /// };
    /// let loaded = home.load(&phone, now);
    /// assert!(loaded.problem.is_none() && loaded.changes.is_empty());
    /// assert_eq!(loaded.pages.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn open(file: &Path, options: OpenOptions) -> Result<(Self, OpenReport), StoreError> {
        let opened = ModelStore::open(file, options)?;
        Ok((Self::of(opened.store), opened.report))
    }

    /// The home screen of an open store.
    pub fn of(store: ModelStore) -> Self {
        Self { store, pinned: false, said: FastMap::default(), forgotten: 0, prepared: None }
    }

    /// The store.
    pub fn store(&self) -> &ModelStore {
        &self.store
    }

    /// What the store holds, as of the last call that succeeded.
    pub fn content(&self) -> &Content {
        self.store.content()
    }

    /// Notes that the default layout has been laid out, even if it was empty (SPEC-05).
    ///
    /// # Errors
    /// What kept it from being written.
    pub fn default_layout_done(&mut self) -> Result<(), StoreError> {
        self.store.default_layout_done()
    }

    /// Imports a file that nobody has open, as [`ModelStore::import_file`] does.
    ///
    /// # Errors
    /// Those of [`ModelStore::import_file`].
    pub fn import_file(
        &mut self,
        source: &Path,
        options: &ImportOptions,
    ) -> Result<ImportReport, StoreError> {
        self.store.import_file(source, options)
    }

    /// Imports rows that somebody hands over, as [`ModelStore::import_rows`] does.
    ///
    /// # Errors
    /// Those of [`ModelStore::import_rows`].
    pub fn import_rows(
        &mut self,
        rows: &SourceRows,
        options: &ImportOptions,
    ) -> Result<ImportReport, StoreError> {
        self.store.import_rows(rows, options)
    }

    /// Loads: decides what is shown, and commits what the store holds otherwise in one transaction. Before a change of the
    /// grid there is a snapshot. Whatever fails, the answer stands.
    pub fn load(&mut self, phone: &Phone<'_>, now: EpochMillis) -> Loaded {
        // After a failure the file says what is true, where it can be asked.
        let asked = self.store.refresh();
        let revision = self.store.revision();
        let known = self.prepared.take().filter(|(of, _)| *of == revision).map(|(_, rows)| rows);
        let content = self.store.content();
        let prepared = known.unwrap_or_else(|| Prepared::of(content));
        let (mut loaded, numbers) = decide(content, &prepared, phone, self.pinned, now);
        self.prepared = Some((revision, prepared));
        self.pinned = loaded.outcome.first_page_pinned;
        self.said.extend(loaded.outcome.rows.iter().map(|line| (ItemId(line.row_id), Said::of(line))));
        let committed = asked.and_then(|()| self.commit(&loaded.changes, now));
        loaded.written = committed.is_ok() && !loaded.changes.is_empty();
        loaded.problem = committed.err();
        loaded.pages = shown(&loaded.outcome, &numbers, self.store.content());
        loaded
    }

    /// What a load would stand on now; `None` while the file cannot be asked. After a load that changed neither the store
    /// nor this, the same phone gets the same answer, and nothing is written or remembered by it that is not already.
    pub fn premise(&mut self) -> Option<Premise> {
        self.store.refresh().ok()?;
        let Self { pinned, forgotten, .. } = *self;
        Some(Premise { revision: self.store.revision(), pinned, forgotten })
    }

    /// Keeps what the first load of a process would come to ([`preview`]), packed by the caller, for [`kept`]; whether anything
    /// had to be written for it.
    ///
    /// # Errors
    /// What kept it from being written. The home screen is as it was.
    ///
    /// [`kept`]: crate::store::kept
    pub fn keep(&mut self, key: &Key, answer: &[u8]) -> Result<bool, StoreError> {
        self.store.keep(key, answer)
    }

    /// The answer of a load of which nothing is written and nothing remembered: for shadow runs and for looking ahead.
    pub fn preview(&self, phone: &Phone<'_>, now: EpochMillis) -> Loaded {
        let content = self.store.content();
        let known = self.prepared.as_ref().filter(|(of, _)| *of == self.store.revision());
        let (loaded, numbers) = match known {
            Some((_, prepared)) => decide(content, prepared, phone, self.pinned, now),
            None => decide(content, &Prepared::of(content), phone, self.pinned, now),
        };
        Loaded { pages: shown(&loaded.outcome, &numbers, self.store.content()), ..loaded }
    }

    fn commit(&mut self, changes: &[Change], now: EpochMillis) -> Result<(), StoreError> {
        if changes.is_empty() {
            return Ok(());
        }
        let moves_grid = changes.iter().any(|change| matches!(change, Change::ShowGrid { .. }));
        if moves_grid && !self.store.content().items.is_empty() {
            self.store.snapshot(Reason::Migration, now)?;
        }
        let committed = self.store.write(changes, "load", now);
        if matches!(committed, Err(StoreError::Refused { .. })) {
            // Places that cannot be had keep nobody from knowing what is missing. No load is known that comes here.
            self.store.write(&changes::without_places(changes), "load", now)?;
        }
        committed
    }

    /// Changes the home screen for the user or an event; `cause` says for whom, in a word.
    ///
    /// # Errors
    /// Those of [`ModelStore::write`].
    pub fn edit(&mut self, changes: &[Change], cause: &str, now: EpochMillis) -> Result<(), StoreError> {
        self.store.write(changes, cause, now)
    }

    /// Brings an item back from quarantine or the overflow: where it was if that is free, else near it.
    ///
    /// # Errors
    /// Those of [`ModelStore::write`].
    pub fn restore(&mut self, item: ItemId, now: EpochMillis) -> Result<(), StoreError> {
        self.store.write(&[Change::Restore { id: item }], "user", now)
    }

    /// Explains one item; `None` if there is none of that number.
    ///
    /// # Errors
    /// What kept the audit trail from being read.
    pub fn explain(&mut self, item: ItemId) -> Result<Option<Explained>, StoreError> {
        let trail = self.store.audit(Some(item))?;
        let content = self.store.content();
        let found = content.items.get(&item);
        Ok(found.map(|found| explain::explain(content, found, &trail, self.said.get(&item))))
    }

    /// Explains every item that there is something to explain about, by number.
    ///
    /// # Errors
    /// What kept the audit trail from being read.
    pub fn explain_all(&mut self) -> Result<Vec<Explained>, StoreError> {
        let mut trails: BTreeMap<ItemId, Vec<AuditEntry>> = BTreeMap::new();
        for entry in self.store.audit(None)? {
            if let Some(item) = entry.item {
                trails.entry(item).or_default().push(entry);
            }
        }
        let content = self.store.content();
        let explained = content.items.values().map(|item| {
            let trail = trails.get(&item.id).map(Vec::as_slice).unwrap_or_default();
            explain::explain(content, item, trail, self.said.get(&item.id))
        });
        Ok(explained.filter(|explained| explained.code.is_some()).collect())
    }

    /// The audit trail, oldest first: of one item, or of everything.
    ///
    /// # Errors
    /// What kept it from being read.
    pub fn audit(&mut self, item: Option<ItemId>) -> Result<Vec<AuditEntry>, StoreError> {
        self.store.audit(item)
    }

    /// The snapshots, oldest first.
    pub fn snapshots(&self) -> Vec<Snapshot> {
        self.store.snapshots()
    }

    /// Makes a snapshot because somebody asks for it.
    ///
    /// # Errors
    /// Those of [`ModelStore::snapshot`].
    pub fn take_snapshot(&mut self, now: EpochMillis) -> Result<Snapshot, StoreError> {
        self.store.snapshot(Reason::Manual, now)
    }

    /// Makes the daily snapshot if it is due; not on the way to the first frame.
    ///
    /// # Errors
    /// Those of [`ModelStore::snapshot`].
    pub fn daily_snapshot(&mut self, now: EpochMillis) -> Result<Option<Snapshot>, StoreError> {
        self.store.daily_snapshot(now)
    }

    /// Goes back to a snapshot; the home screen as it is becomes a snapshot first.
    ///
    /// # Errors
    /// Those of [`ModelStore::restore`].
    pub fn go_back(&mut self, snapshot: u64, now: EpochMillis) -> Result<(), StoreError> {
        self.said.clear();
        self.forgotten = self.forgotten.wrapping_add(1);
        self.store.restore(snapshot, now)
    }

    /// Writes the home screen as a launcher's database under a name that is free.
    ///
    /// # Errors
    /// Those of [`ModelStore::export`].
    pub fn export(&self, format: Format, out: &Path) -> Result<ExportReport, StoreError> {
        self.store.export(format, out)
    }

    /// The home screen as a launcher's tables, for a legacy that writes them through its own connection (contracts 4).
    pub fn export_rows(&self, format: Format) -> (SourceRows, ExportReport) {
        self.store.rows(format, Overflow::OnFreeCells)
    }

    /// Compares the file with what is in memory, after SQLite's own check of it.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] or what kept it from being read.
    pub fn verify(&mut self) -> Result<(), StoreError> {
        self.store.verify()
    }
}

/// What the first load of a process would make of a home screen: pure, nothing is written. [`apply`] makes of
/// [`Loaded::changes`] what the store would hold.
pub fn preview(content: &Content, phone: &Phone<'_>, now: EpochMillis) -> Loaded {
    let (loaded, numbers) = decide(content, &Prepared::of(content), phone, false, now);
    Loaded { pages: shown(&loaded.outcome, &numbers, content), ..loaded }
}

/// A content as a load reads it. It depends on nothing but the content, and most loads find the one of the load before.
#[derive(Debug, Clone)]
struct Prepared {
    numbers: Numbers,
    rows: Vec<LoadRow>,
    /// What the rows' intents read as, one for one.
    intents: Vec<Parsed>,
    stored: Stored,
    /// The widget ids and pins that items in quarantine refer to: they may come back (J.1.30).
    spared: (BTreeSet<i32>, Pins),
}

impl Prepared {
    fn of(content: &Content) -> Self {
        let numbers = Numbers::of(content);
        let rows = rows::rows(content, &numbers);
        let intents = rows.iter().map(|row| if is_icon(row) { read_intent(row) } else { None }).collect();
        Self { numbers, rows, intents, stored: Stored::of(content), spared: wanted_by_quarantine(content) }
    }
}

/// What a load makes of a home screen, which is prepared.
fn decide(
    content: &Content,
    prepared: &Prepared,
    phone: &Phone<'_>,
    pinned: bool,
    now: EpochMillis,
) -> (Loaded, Numbers) {
    let size = GridSize { columns: phone.grid.columns, rows: phone.grid.rows, dock: phone.grid.hotseat };
    let mut changes = Vec::new();
    let (mut shown, mut prepared) = (Cow::Borrowed(content), Cow::Borrowed(prepared));
    if size.is_valid() && content.layout().is_some_and(|layout| layout.grid != size) {
        let change = Change::ShowGrid { grid: size };
        if let Ok((other, _)) = apply(content, std::slice::from_ref(&change), now) {
            changes.push(change);
            prepared = Cow::Owned(Prepared::of(&other));
            shown = Cow::Owned(other);
        }
    }
    let size = shown.layout().map_or(size, |layout| layout.grid);
    let mut numbers = prepared.numbers.clone();
    let input = LoadInput {
        rows: &prepared.rows,
        grid: Grid { columns: size.columns, rows: size.rows, hotseat: size.dock, ..phone.grid },
        flags: phone.flags,
        platform: phone.platform,
        prior_load_pinned: pinned,
        cancel_at: CancelAt::Never,
        is_current_file: true,
    };
    let mut outcome = safe::load_parsed(&input, &numbers.order, Some(&prepared.intents));
    // A store keeps no order of what lies in no collection.
    for item in outcome.items.values_mut().filter(|item| item.container < 0) {
        item.rank = 0;
    }
    let (widget_ids, pins) = &prepared.spared;
    outcome.effects.spare(phone.platform, widget_ids, pins);
    changes.extend(changes::changes(&prepared.stored, &outcome, &mut numbers));
    (Loaded { outcome, pages: Vec::new(), changes, written: false, problem: None }, numbers)
}

/// The widget ids and pins that items in quarantine refer to.
fn wanted_by_quarantine(content: &Content) -> (BTreeSet<i32>, Pins) {
    let (mut widget_ids, mut pins) = (BTreeSet::new(), Pins::new());
    for item in content.quarantined() {
        widget_ids.insert(item.widget.id);
        if item.kind == Kind::Shortcut
            && let Some(intent) = item.intent.as_deref().and_then(|text| Intent::parse(text).ok())
        {
            safe::note_pin(&mut pins, &intent, item.profile.0);
        }
    }
    (widget_ids, pins)
}

/// The pages of a load with those that the store has.
fn shown(outcome: &SafeOutcome, numbers: &Numbers, content: &Content) -> Vec<ShownPage> {
    let known = content.layout().map(|layout| layout.pages.as_slice()).unwrap_or_default();
    let known: FastSet<PageId> = known.iter().map(|page| page.id).collect();
    let is_known = |page: &PageId| known.contains(page);
    outcome
        .pages
        .iter()
        .map(|number| ShownPage { number: *number, page: numbers.page(*number).filter(is_known) })
        .collect()
}
