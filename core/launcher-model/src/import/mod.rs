//! Taking over a launcher's home screen: every recognised product, every version, nothing dropped.
//!
//! Copy, verify, swap: what the rows mean is decided first ([`plan`](plan::plan), pure), written into a whole copy of the
//! store, read back and compared, and only then takes the store's place. What fails before leaves everything as it was.
//!
//! An import into a store that holds a home screen replaces what is shown: items that the source has too keep their
//! numbers, holds and places in other layouts; items that it has not go into quarantine (LM-I1). So what was exported and
//! comes back unchanged changes nothing.

mod plan;

use std::collections::BTreeMap;
use std::path::Path;

use crate::open;
use crate::recognise::{Product, Shape, recognise};
use crate::rows::{Row, RowSource, SourceRows};
use crate::snapshot::Reason;
use crate::store::{
    EpochMillis, GridSize, ItemId, ModelStore, Step, StoreError, append_audit, write_content,
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
    /// The source is damaged; what could be read is in the store.
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

impl ModelStore {
    /// Imports a file that nobody has open (contracts 4): it is copied whole and never touched.
    ///
    /// # Errors
    /// [`StoreError::Source`] when it is no launcher's database; else what kept the store from being replaced. The store is
    /// then as it was.
    pub fn import_file(&mut self, source: &Path, options: &ImportOptions) -> Result<ImportReport, StoreError> {
        let opened = open::Opened::open(source)?;
        let reading = opened.read()?;
        let mut notes: Vec<Note> = opened
            .notes
            .iter()
            .map(|note| Note { row: None, code: note.code(), detail: format!("{note:?}") })
            .collect();
        let damaged = opened.notes.iter().any(|note| {
            matches!(note, open::Note::Damaged { .. } | open::Note::Truncated { .. })
        });
        let salvaged = damaged || reading.salvage.is_some();
        if let Some(salvage) = &reading.salvage {
            let detail = format!("{} stretches: {}", salvage.stretches, salvage.detail);
            notes.push(Note { row: None, code: "LM_SOURCE_DAMAGED", detail });
        }
        let name = source.file_name().and_then(|name| name.to_str()).and_then(crate::miui::grid_from_name);
        let product = opened.recognition.product;
        let named = name.filter(|_| options.grid.is_none() && product == Product::Miui);
        let outcome = if salvaged { Outcome::Salvaged } else { Outcome::Imported };
        self.import_recognised(&reading.rows, product, options, named, outcome, notes)
    }

    /// Imports rows that somebody hands over, such as a legacy launcher that has its database open (contracts 4).
    ///
    /// # Errors
    /// [`StoreError::Source`] when the rows are no launcher's; else as [`ModelStore::import_file`].
    pub fn import_rows<S: RowSource<Error = std::convert::Infallible>>(
        &mut self,
        source: &mut S,
        options: &ImportOptions,
    ) -> Result<ImportReport, StoreError> {
        let rows = match source.read() {
            Ok(rows) => rows,
            Err(never) => match never {},
        };
        let product = product_of(&rows);
        match product {
            Product::Empty => return Err(open::OpenError::Empty.into()),
            Product::Unknown => {
                let columns = rows.favorites.columns.iter().map(|column| column.name.clone()).collect();
                return Err(open::OpenError::Unknown { columns }.into());
            }
            Product::Aosp | Product::Lawnchair | Product::Miui | Product::Launcher2 => {}
        }
        self.import_recognised(&rows, product, options, None, Outcome::Imported, Vec::new())
    }

    fn import_recognised(
        &mut self,
        rows: &SourceRows,
        product: Product,
        options: &ImportOptions,
        named: Option<crate::miui::Grid>,
        outcome: Outcome,
        mut notes: Vec<Note>,
    ) -> Result<ImportReport, StoreError> {
        self.connection()?;
        let Plan { content, audit, notes: own, imported } =
            plan::plan(self.content(), rows, product, options, named);
        notes.extend(own);
        let unchanged = content == *self.content();
        let report = ImportReport {
            product,
            user_version: rows.user_version,
            outcome,
            items: imported,
            pages: content.layout().map_or(0, |layout| layout.pages.len()),
            quarantined: content.quarantined().count(),
            opaque: content.items.values().filter(|item| item.kind == crate::store::Kind::Opaque).count(),
            overflow: content.overflow().count(),
            unchanged,
            notes,
        };
        if unchanged && !self.default_layout_due() {
            return Ok(report);
        }
        if !self.content().items.is_empty() {
            self.snapshot(Reason::Import, options.now)?;
        }
        self.rebuild(Step::Import, &content, |connection, old| {
            write_content(connection, Some(old), &content)?;
            append_audit(connection, &audit)?;
            connection
                .execute("UPDATE meta SET value = 0 WHERE key = 'default_layout_due'", [])
                .map(drop)
        })?;
        Ok(report)
    }
}

/// Whose rows these are. Rows say nothing of other tables, but pages come with them.
fn product_of(rows: &SourceRows) -> Product {
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
    recognise(&shape).product
}

/// The rows of a source by their number; a number may be there more than once.
type RowsById<'a> = BTreeMap<i64, std::collections::VecDeque<Row<'a>>>;

/// What an item of an earlier import and one of the source have in common when they are the same.
fn key_of(id: ItemId, item: &crate::store::Item) -> (i64, i64, u8, Option<String>) {
    use crate::store::Kind;
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
