//! The records of `LauncherModel`: mirrors of what the core says, one conversion a type.

use ferrule_launcher_model::export::ExportReport as CoreExport;
use ferrule_launcher_model::home::{Explained, Loaded};
use ferrule_launcher_model::import::{ImportReport, Outcome};
use ferrule_launcher_model::safe::{LegacyEnd, Remedy, State};
use ferrule_launcher_model::salvage::SalvageReport;
use ferrule_launcher_model::snapshot::Snapshot as CoreSnapshot;
use ferrule_launcher_model::store::{self, Place};

/// The size of a home screen in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct GridSize {
    /// Columns of a page, 1 to 64.
    pub columns: i32,
    /// Rows of a page, 1 to 64.
    pub rows: i32,
    /// Slots of the dock, 0 to 64.
    pub dock: i32,
}

impl From<GridSize> for store::GridSize {
    fn from(grid: GridSize) -> Self {
        let GridSize { columns, rows, dock } = grid;
        Self { columns, rows, dock }
    }
}

/// What was wrong with a store and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Salvage {
    /// Where the home screen came from, a stable code.
    pub code: String,
    /// What was wrong.
    pub detail: String,
    /// The damaged file under its new name.
    pub set_aside: Option<String>,
    /// Items on the home screen now.
    pub items: u64,
    /// Items that only a snapshot still had.
    pub from_snapshot: u64,
    /// Rows that were found and made no sense.
    pub broken_rows: u64,
}

/// What the opening of a store showed.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct OpenReport {
    /// It was made just now.
    pub created: bool,
    /// The home screen waits for the default layout.
    pub default_layout_due: bool,
    /// Set when the file was damaged.
    pub salvage: Option<Salvage>,
}

impl From<&store::OpenReport> for OpenReport {
    fn from(report: &store::OpenReport) -> Self {
        let salvage = |salvage: &SalvageReport| Salvage {
            code: salvage.origin.code().to_owned(),
            detail: salvage.detail.clone(),
            set_aside: salvage.set_aside.as_ref().map(|file| file.display().to_string()),
            items: salvage.items as u64,
            from_snapshot: salvage.from_snapshot.len() as u64,
            broken_rows: salvage.broken_rows as u64,
        };
        Self {
            created: report.created,
            default_layout_due: report.default_layout_due,
            salvage: report.salvage.as_ref().map(salvage),
        }
    }
}

/// What an import did, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ImportSummary {
    /// Whose home screen it was.
    pub product: String,
    /// The version that the source claims.
    pub user_version: i32,
    /// The source was damaged; what could be read is in the store.
    pub salvaged: bool,
    /// Items of the source, all of them in the store now.
    pub items: u64,
    /// Pages.
    pub pages: u64,
    /// Items in quarantine.
    pub quarantined: u64,
    /// Items whose type nobody here knows.
    pub opaque: u64,
    /// What is worth saying, a stable code each.
    pub codes: Vec<String>,
}

impl From<&ImportReport> for ImportSummary {
    fn from(report: &ImportReport) -> Self {
        Self {
            product: report.product.word().to_owned(),
            user_version: report.user_version,
            salvaged: report.outcome == Outcome::Salvaged,
            items: report.items as u64,
            pages: report.pages as u64,
            quarantined: report.quarantined as u64,
            opaque: report.opaque as u64,
            codes: report.notes.iter().map(|note| note.code.to_owned()).collect(),
        }
    }
}

/// What a load came to, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct LoadSummary {
    /// All items.
    pub items: u64,
    /// On the screen.
    pub live: u64,
    /// Kept at their place and shown as unavailable.
    pub held: u64,
    /// Kept off the screen, restorable.
    pub quarantined: u64,
    /// Kept as they are, not understood.
    pub opaque: u64,
    /// Moved.
    pub relocated: u64,
    /// Pages.
    pub pages: u64,
    /// Changes to the store; none in a second load.
    pub changes: u64,
    /// The code of what kept them from being written.
    pub problem: Option<String>,
}

impl From<&Loaded> for LoadSummary {
    fn from(loaded: &Loaded) -> Self {
        let outcome = &loaded.outcome;
        let count = |state| outcome.in_state(state).count() as u64;
        Self {
            items: outcome.rows.len() as u64,
            live: count(State::Live),
            held: count(State::Held),
            quarantined: count(State::Quarantined),
            opaque: count(State::Opaque),
            relocated: outcome.relocated().count() as u64,
            pages: outcome.pages.len() as u64,
            changes: loaded.changes.len() as u64,
            problem: loaded.problem.as_ref().map(|problem| problem.code().to_owned()),
        }
    }
}

/// Where an item ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ItemState {
    /// On the screen.
    Live,
    /// Kept at its place and shown as unavailable.
    Held,
    /// Off the screen, kept and restorable.
    Quarantined,
    /// Not understood, kept as it is.
    Opaque,
}

impl From<State> for ItemState {
    fn from(state: State) -> Self {
        match state {
            State::Live => Self::Live,
            State::Held => Self::Held,
            State::Quarantined => Self::Quarantined,
            State::Opaque => Self::Opaque,
        }
    }
}

/// Where an item lies in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ItemSeat {
    /// On a page, in cells.
    Desktop {
        /// The page's number in the store; not a screen id.
        page: i64,
        /// Column.
        x: i32,
        /// Row.
        y: i32,
        /// Width.
        width: i32,
        /// Height.
        height: i32,
    },
    /// In the dock.
    Dock {
        /// From 0.
        slot: i32,
    },
    /// In a collection.
    Inside {
        /// The collection's number.
        parent: i64,
        /// From 0.
        order: i32,
    },
    /// In a container that only its source knew.
    Elsewhere {
        /// Its number.
        container: i64,
    },
}

impl From<Place> for ItemSeat {
    fn from(place: Place) -> Self {
        match place {
            Place::Desktop { page, x, y, width, height } => {
                Self::Desktop { page: page.0, x, y, width, height }
            }
            Place::Dock { slot } => Self::Dock { slot },
            Place::Inside { parent, order } => Self::Inside { parent: parent.0, order },
            Place::Elsewhere { container } => Self::Elsewhere { container },
        }
    }
}

/// What would bring an item back.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ItemRemedy {
    /// What to do, a word of a closed list.
    pub word: String,
    /// The package that it is about.
    pub package: Option<String>,
    /// The serial of the profile that it is about.
    pub profile: Option<i64>,
}

impl From<&Remedy> for ItemRemedy {
    fn from(remedy: &Remedy) -> Self {
        let (package, profile) = match remedy {
            Remedy::InstallPackage { package, profile } | Remedy::PinShortcut { package, profile, .. } => {
                (Some(package.to_string()), Some(*profile))
            }
            Remedy::BringProfileBack { profile } => (None, Some(*profile)),
            Remedy::AddAppAgain { package } => (Some(package.to_string()), None),
            Remedy::SetUpWidget { provider } => {
                (provider.as_ref().map(|name| name.package.to_string()), None)
            }
            Remedy::WaitForPlatform
            | Remedy::ChooseSearchApp
            | Remedy::EnableWidgets
            | Remedy::EnableAppPairs
            | Remedy::UpdateLauncher { .. }
            | Remedy::RestoreCollection { .. }
            | Remedy::LargerGrid { .. }
            | Remedy::RestoreOrDismiss
            | Remedy::Replace
            | Remedy::MoveBack => (None, None),
        };
        Self { word: remedy.as_str().to_owned(), package, profile }
    }
}

/// Why an item is not where or what the user left it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Explanation {
    /// The item's number.
    pub item: i64,
    /// Where it ended.
    pub state: ItemState,
    /// Why, a stable code; none where there is nothing to explain.
    pub code: Option<String>,
    /// Since when, in epoch milliseconds.
    pub since_millis: Option<i64>,
    /// The code of the load's move that the user has not overruled.
    pub moved: Option<String>,
    /// Where it is; none in quarantine.
    pub place: Option<ItemSeat>,
    /// Where the user left it, if that is elsewhere.
    pub left: Option<ItemSeat>,
    /// What Launcher3 would have made of it, once this process has loaded.
    pub legacy: Option<String>,
    /// What would bring it back, best first.
    pub remedies: Vec<ItemRemedy>,
}

impl From<&Explained> for Explanation {
    fn from(explained: &Explained) -> Self {
        Self {
            item: explained.item.0,
            state: explained.state.into(),
            code: explained.code.clone(),
            since_millis: explained.since.map(|at| at.0),
            moved: explained.moved.as_ref().map(|moved| moved.code.clone()),
            place: explained.place.map(ItemSeat::from),
            left: explained.left.map(ItemSeat::from),
            legacy: explained.legacy.map(LegacyEnd::code).map(str::to_owned),
            remedies: explained.remedies.iter().map(ItemRemedy::from).collect(),
        }
    }
}

/// One entry of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct AuditEntry {
    /// When, in epoch milliseconds.
    pub at_millis: i64,
    /// Whom it is about; none: the whole home screen.
    pub item: Option<i64>,
    /// What happened, a word of a closed list.
    pub event: String,
    /// Why, where there is a code for it.
    pub code: Option<String>,
}

impl From<&store::AuditEntry> for AuditEntry {
    fn from(entry: &store::AuditEntry) -> Self {
        Self {
            at_millis: entry.at.0,
            item: entry.item.map(|item| item.0),
            event: entry.event.word().to_owned(),
            code: entry.code.clone(),
        }
    }
}

/// One snapshot.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Snapshot {
    /// Its number; later ones have higher numbers.
    pub id: u64,
    /// When, in epoch milliseconds.
    pub at_millis: i64,
    /// Why: `import`, `upgrade`, `daily`, …
    pub reason: String,
    /// Its file.
    pub file: String,
}

impl From<&CoreSnapshot> for Snapshot {
    fn from(snapshot: &CoreSnapshot) -> Self {
        Self {
            id: snapshot.id,
            at_millis: snapshot.at.0,
            reason: snapshot.reason.word().to_owned(),
            file: snapshot.file.display().to_string(),
        }
    }
}

/// The shape of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ExportFormat {
    /// AOSP's `favorites` at version 32.
    Favorites,
    /// MIUI's and HyperOS's `favorites` and `screens`.
    Miui,
}

/// One thing that an export cannot say.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ExportNote {
    /// The item, if it is about one.
    pub item: Option<i64>,
    /// A stable code.
    pub code: String,
    /// More: a page's number, a column's name.
    pub detail: String,
}

/// What an export holds and what it does not.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ExportReport {
    /// Rows written.
    pub items: u64,
    /// Pages that are in it.
    pub pages: u64,
    /// What it cannot say.
    pub notes: Vec<ExportNote>,
}

impl From<&CoreExport> for ExportReport {
    fn from(report: &CoreExport) -> Self {
        let notes = report.notes.iter().map(|note| ExportNote {
            item: note.item.map(|item| item.0),
            code: note.code.code().to_owned(),
            detail: note.detail.clone(),
        });
        Self { items: report.items as u64, pages: report.pages as u64, notes: notes.collect() }
    }
}
