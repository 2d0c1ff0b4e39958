//! Taking over a launcher's home screen: every recognised product, every version, nothing dropped.
//!
//! Copy, verify, swap: what the rows mean is decided first (`plan`, pure), written into a whole copy of the
//! store, read back and compared, and only then takes the store's place. What fails before leaves everything as it was.
//!
//! An import into a store that holds a home screen replaces what is shown: items that the source has too keep their
//! numbers, holds and places in other layouts; items that it has not go into quarantine (LM-I1). So what was exported and
//! comes back unchanged changes nothing. Of a damaged source nobody knows what it had, so what it lacks stays on the screen.

mod pages;
mod plan;
mod values;

use std::collections::BTreeMap;
use std::path::Path;

use crate::open;
use crate::recognise::{Product, Shape, recognise};
use crate::rows::{Row, SourceRows};
use crate::snapshot::Reason;
use crate::store::{
    AuditEntry, Content, EpochMillis, GridSize, Item, ItemId, Kind, ModelStore, Step, StoreError,
    append_audit, write_content,
};
use plan::Plan;

/// What an import has to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportOptions {
    /// The time.
    pub now: EpochMillis,
    /// The grid of the source. `None`: the file's name if it says, else the store's own grid, grown until every item fits.
    pub grid: Option<GridSize>,
    /// The serial of the main profile, for sources that do not say it.
    pub main_profile: i64,
}

/// How an import ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Everything that the source holds is in the store.
    Imported,
    /// The source is damaged; what could be read is in the store, beside what the store had.
    Salvaged,
}

impl Outcome {
    /// The word of the command line's JSON (contracts 3).
    pub fn word(self) -> &'static str {
        match self {
            Self::Imported => "imported",
            Self::Salvaged => "salvaged",
        }
    }
}

/// Something to say about one row, or about the whole source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The row's number in the source.
    pub row: Option<i64>,
    /// The stable code, see `docs/codes.md`.
    pub code: &'static str,
    /// More: a column, a number.
    pub detail: String,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportReport {
    /// Whose home screen it was.
    pub product: Product,
    /// The version that the source claims.
    pub user_version: i32,
    /// How it ended.
    pub outcome: Outcome,
    /// Items of the source, all of them in the store now.
    pub items: usize,
    /// Pages of the shown layout.
    pub pages: usize,
    /// Items in quarantine.
    pub quarantined: usize,
    /// Items whose type nobody here knows.
    pub opaque: usize,
    /// Items without a place of their own; a load seats them.
    pub overflow: usize,
    /// Whether the store holds what it held before.
    pub unchanged: bool,
    /// What is worth saying.
    pub notes: Vec<Note>,
}

/// What an import of rows would make of a home screen: nothing is written.
///
/// # Errors
/// [`OpenError::Empty`](open::OpenError::Empty) and [`OpenError::Unknown`](open::OpenError::Unknown) when the rows are no
/// launcher's.
pub fn dry_run(
    content: &Content,
    rows: &SourceRows,
    options: &ImportOptions,
) -> Result<(Content, ImportReport), open::OpenError> {
    let product = recognised(rows)?;
    let source = Source { rows, product, named: None, outcome: Outcome::Imported, notes: Vec::new() };
    let (content, _, report) = source.decide(content, options);
    Ok((content, report))
}

/// A source that is a launcher's.
struct Source<'a> {
    rows: &'a SourceRows,
    product: Product,
    /// The grid in the file's name.
    named: Option<crate::miui::Grid>,
    outcome: Outcome,
    notes: Vec<Note>,
}

impl Source<'_> {
    /// What the store will hold, what its audit trail will say, and the report.
    fn decide(self, old: &Content, options: &ImportOptions) -> (Content, Vec<AuditEntry>, ImportReport) {
        let Plan { content, audit, notes, imported } =
            plan::plan(old, self.rows, self.product, options, self.named, self.outcome == Outcome::Salvaged);
        let report = ImportReport {
            product: self.product,
            user_version: self.rows.user_version,
            outcome: self.outcome,
            items: imported,
            pages: content.layout().map_or(0, |layout| layout.pages.len()),
            quarantined: content.quarantined().count(),
            opaque: content.items.values().filter(|item| item.kind == Kind::Opaque).count(),
            overflow: content.overflow().count(),
            unchanged: content == *old,
            notes: self.notes.into_iter().chain(notes).collect(),
        };
        (content, audit, report)
    }
}

impl ModelStore {
    /// Imports a file that nobody has open (contracts 4): it is copied whole and never touched.
    ///
    /// # Errors
    /// [`StoreError::Source`] when it is no launcher's database or nothing is left of it; else what kept the store from being replaced. The store is
    /// then as it was.
    pub fn import_file(
        &mut self,
        source: &Path,
        options: &ImportOptions,
    ) -> Result<ImportReport, StoreError> {
        let opened = open::Opened::open(source)?;
        let reading = opened.read()?;
        let mut notes: Vec<Note> = opened
            .notes
            .iter()
            .map(|note| Note { row: None, code: note.code(), detail: format!("{note:?}") })
            .collect();
        let damaged = opened.notes.iter().any(open::Note::is_damage);
        if let Some(salvage) = &reading.salvage {
            let detail = format!("{} stretches: {}", salvage.stretches, salvage.detail);
            notes.push(Note { row: None, code: "LM_SOURCE_DAMAGED", detail });
        }
        let salvaged = damaged || reading.salvage.is_some();
        if salvaged && reading.rows.favorites.rows.is_empty() {
            return Err(open::OpenError::NothingLeft.into());
        }
        let outcome = if salvaged { Outcome::Salvaged } else { Outcome::Imported };
        let product = opened.recognition.product;
        let named = source.file_name().and_then(|name| name.to_str()).and_then(crate::miui::grid_from_name);
        let named = named.filter(|_| product == Product::Miui);
        self.import(Source { rows: &reading.rows, product, named, outcome, notes }, options)
    }

    /// Imports rows that somebody hands over, such as a legacy launcher that has its database open (contracts 4).
    ///
    /// # Errors
    /// [`StoreError::Source`] when the rows are no launcher's; else as [`ModelStore::import_file`].
    pub fn import_rows(
        &mut self,
        rows: &SourceRows,
        options: &ImportOptions,
    ) -> Result<ImportReport, StoreError> {
        let product = recognised(rows)?;
        let notes = Vec::new();
        self.import(Source { rows, product, named: None, outcome: Outcome::Imported, notes }, options)
    }

    fn import(&mut self, source: Source<'_>, options: &ImportOptions) -> Result<ImportReport, StoreError> {
        self.connection()?;
        let (content, audit, report) = source.decide(self.content(), options);
        if report.unchanged && !self.default_layout_due() {
            return Ok(report);
        }
        if !self.content().items.is_empty() {
            self.snapshot(Reason::Import, options.now)?;
        }
        self.rebuild(Step::Import, &content, |connection, old| {
            write_content(connection, Some(old), &content)?;
            append_audit(connection, &audit)?;
            connection.execute("UPDATE meta SET value = 0 WHERE key = 'default_layout_due'", []).map(drop)
        })?;
        Ok(report)
    }
}

/// Whose rows these are. Rows say nothing of other tables, but pages come with them.
fn recognised(rows: &SourceRows) -> Result<Product, open::OpenError> {
    let names = |table: &crate::rows::Table| table.columns.iter().map(|column| column.name.clone()).collect();
    let screens: Vec<String> = rows.screens.as_ref().map(names).unwrap_or_default();
    let is_miui = screens.iter().any(|name| name.eq_ignore_ascii_case("screenOrder"));
    let mut tables = vec!["favorites".to_owned()];
    if rows.screens.is_some() {
        tables.push(if is_miui { "screens" } else { "workspaceScreens" }.to_owned());
    }
    let shape = Shape {
        user_version: rows.user_version,
        tables,
        favorites: names(&rows.favorites),
        screens: if is_miui { screens } else { Vec::new() },
    };
    match recognise(&shape).product {
        Product::Empty => Err(open::OpenError::Empty),
        Product::Unknown => Err(open::OpenError::Unknown { columns: shape.favorites }),
        product => Ok(product),
    }
}

/// The rows of a source by their number; a number may be there more than once.
type RowsById<'a> = BTreeMap<i64, std::collections::VecDeque<Row<'a>>>;

/// What an item of an earlier import and one of the source have in common when they are the same.
fn key_of(id: ItemId, item: &Item) -> (i64, i64, u8, Option<String>) {
    let (kind, what) = match item.kind {
        Kind::App | Kind::Promise => (0, item.intent.clone()),
        Kind::Shortcut => (1, item.intent.clone()),
        Kind::Folder(_) => (2, None),
        Kind::AppPair => (3, None),
        Kind::Widget => (4, item.widget.provider.clone()),
        Kind::Internal => (5, Some(item.widget.id.to_string())),
        Kind::Opaque => (6, Some(item.item_type.to_string())),
    };
    (id.0, item.profile.0, kind, what)
}
