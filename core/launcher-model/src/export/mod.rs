//! The home screen as a launcher's own tables, so that legacy can go on from it.
//!
//! [`rows`] makes the tables as data, for a legacy that writes them through its own connection (contracts 4);
//! [`ModelStore::export`] writes them as a new file. Two shapes: AOSP's `favorites` at version 32, and MIUI's
//! `favorites` with `screens`. What comes back by an import is what was in the store, as far as the shape can say it;
//! the rest is listed, one [`Note`] each.
//!
//! Within a family, columns that only the source knew are columns of the exported table again. Those of the other family
//! are left out and listed: one foreign column would make the file pass for the other product's.

mod file;
pub(crate) mod row;

use std::collections::{BTreeMap, BTreeSet};

use crate::neutral::FolderStyle;
use crate::rows::{Column, SourceRows, Table, Value};
use crate::store::{
    Change, Content, EpochMillis, Family, Item, ItemId, Kind, Layout, ModelStore, Page, PageId, Place, apply,
};
use row::Cells;

/// The shape of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// AOSP's `favorites` at version 32.
    Favorites,
    /// MIUI's and HyperOS's `favorites` and `screens`.
    Miui,
}

impl Format {
    /// The word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Favorites => "favorites",
            Self::Miui => "miui",
        }
    }

    fn family(self) -> Family {
        match self {
            Self::Favorites => Family::Aosp,
            Self::Miui => Family::Miui,
        }
    }
}

/// What becomes of items that have no place of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Overflow {
    /// They go to free cells, on new pages if need be: for legacy, which would delete them otherwise.
    OnFreeCells,
    /// They stay where the source had them: for a load, which decides itself.
    AsWished,
}

/// What an export cannot say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoteCode {
    /// The item is in quarantine and not in the export; the store keeps it.
    Quarantined,
    /// The item is held: legacy may delete its row.
    Held,
    /// The item had no place and got one in the export.
    Unplaced,
    /// The shape has no empty pages.
    EmptyPage,
    /// The shape has no titles of pages.
    PageTitle,
    /// The page has another number, because numbers rise from left to right.
    PageRenumbered,
    /// The shape has small folders only.
    FolderStyle,
    /// The type means nothing to the target; the row survives, legacy does not show it.
    TypeForeign,
    /// A column that only the other family knows, or a value that only its own row would say so, is left out.
    ColumnLeftOut,
    /// Only the shown layout is in the export.
    OtherLayout,
    /// The column is declared `STRING`: SQLite turns the text into a number.
    NumericText,
}

impl NoteCode {
    /// The stable code, see `docs/codes.md`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Quarantined => "LM_EXPORT_QUARANTINED",
            Self::Held => "LM_EXPORT_HELD",
            Self::Unplaced => "LM_EXPORT_UNPLACED",
            Self::EmptyPage => "LM_EXPORT_EMPTY_PAGE",
            Self::PageTitle => "LM_EXPORT_PAGE_TITLE",
            Self::PageRenumbered => "LM_EXPORT_PAGE_RENUMBERED",
            Self::FolderStyle => "LM_EXPORT_FOLDER_STYLE",
            Self::TypeForeign => "LM_EXPORT_TYPE_FOREIGN",
            Self::ColumnLeftOut => "LM_EXPORT_COLUMN_LEFT_OUT",
            Self::OtherLayout => "LM_EXPORT_OTHER_LAYOUT",
            Self::NumericText => "LM_EXPORT_NUMERIC_TEXT",
        }
    }
}

/// One thing that an export cannot say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The item, if it is about one.
    pub item: Option<ItemId>,
    /// What it is.
    pub code: NoteCode,
    /// More: a page's number, a column's name.
    pub detail: String,
}

/// What an export holds and what it does not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExportReport {
    /// Rows written.
    pub items: usize,
    /// Pages that are in it.
    pub pages: usize,
    /// What it cannot say.
    pub notes: Vec<Note>,
}

/// The version that MIUI's tables get when the store knows none.
const MIUI_VERSION: i32 = 60;
/// The version of AOSP's table.
const AOSP_VERSION: i32 = 32;

/// The home screen as tables of a shape, with what they cannot say.
pub fn rows(content: &Content, format: Format, overflow: Overflow) -> (SourceRows, ExportReport) {
    let mut notes = Vec::new();
    let placed = match overflow {
        Overflow::OnFreeCells => place_all(content, &mut notes),
        Overflow::AsWished => content.clone(),
    };
    let mut export = Export { content: &placed, target: format.family(), pages: BTreeMap::new(), notes };
    export.number_pages();
    let favorites = export.favorites();
    let screens = (format == Format::Miui).then(|| export.screens());
    export.list_the_rest();
    let user_version = match (format, placed.family) {
        (Format::Favorites, _) => AOSP_VERSION,
        (Format::Miui, Family::Miui) => placed.source_version.unwrap_or(MIUI_VERSION),
        (Format::Miui, Family::Aosp) => MIUI_VERSION,
    };
    let report = ExportReport { items: favorites.rows.len(), pages: export.pages.len(), notes: export.notes };
    (SourceRows { user_version, favorites, screens }, report)
}

/// Gives every item in the overflow a place, as a restore would.
fn place_all(content: &Content, notes: &mut Vec<Note>) -> Content {
    let waiting: Vec<Change> = content.overflow().map(|item| Change::Restore { id: item.id }).collect();
    if waiting.is_empty() {
        return content.clone();
    }
    // A refusal means that no number for a page is left: then they go out as they are wished, in the export all the same.
    let Ok((placed, _)) = apply(content, &waiting, EpochMillis(0)) else { return content.clone() };
    notes.extend(content.overflow().map(|item| Note {
        item: Some(item.id),
        code: NoteCode::Unplaced,
        detail: String::new(),
    }));
    placed
}

/// The numbers that pages have in a family's table, from left to right: their own where there is an order beside them, else
/// the k-th smallest for the k-th page (A.6, 27→28).
pub(crate) fn page_numbers(pages: &[Page], target: Family) -> Vec<i64> {
    let mut numbers: Vec<i64> = pages.iter().map(|page| page.number).collect();
    if target == Family::Aosp {
        numbers.sort_unstable();
    }
    numbers
}

struct Export<'a> {
    content: &'a Content,
    target: Family,
    /// The numbers of the pages in the export.
    pages: BTreeMap<PageId, i64>,
    notes: Vec<Note>,
}

impl Export<'_> {
    fn note(&mut self, item: Option<ItemId>, code: NoteCode, detail: impl Into<String>) {
        self.notes.push(Note { item, code, detail: detail.into() });
    }

    fn layout(&self) -> Option<&Layout> {
        self.content.layout()
    }

    /// Numbers as they are where the target has an order beside them or they rise anyway; else the k-th page gets the
    /// k-th smallest (A.6, 27→28).
    fn number_pages(&mut self) {
        let pages = self.layout().map(|layout| layout.pages.clone()).unwrap_or_default();
        for (page, number) in pages.iter().zip(page_numbers(&pages, self.target)) {
            self.pages.insert(page.id, number);
            if number != page.number {
                self.note(None, NoteCode::PageRenumbered, format!("{} is {number}", page.number));
            }
            if self.target == Family::Aosp {
                let on_page = |place| matches!(place, Place::Desktop { page: found, .. } if found == page.id);
                let content = self.content;
                if !content.items.values().any(|item| item.seat(content.active).is_some_and(on_page)) {
                    self.note(None, NoteCode::EmptyPage, number.to_string());
                }
                if page.title.is_some() {
                    self.note(None, NoteCode::PageTitle, number.to_string());
                }
            }
        }
    }

    fn favorites(&mut self) -> Table {
        let content = self.content;
        let own = row::columns(self.target);
        let mut columns: Vec<Column> = own
            .iter()
            .map(|(name, declared)| Column {
                name: (*name).to_owned(),
                declared: (*declared).to_owned(),
                default: (*name == "profileId").then(|| content.main_profile.0.to_string()),
            })
            .collect();
        // What a damaged store declares need not be columns: one name is one column, and SQL holds no NUL.
        let mut names = BTreeSet::new();
        let declared = content.declared.iter().filter(|_| content.family == self.target);
        let (foreign, left_out): (Vec<&Column>, Vec<&Column>) =
            declared.filter(|column| !row::is_own(self.target, &column.name)).partition(|column| {
                !column.name.contains('\0') && names.insert(column.name.to_ascii_lowercase())
            });
        for column in left_out {
            self.note(None, NoteCode::ColumnLeftOut, column.name.clone());
        }
        columns.extend(foreign.iter().map(|column| (*column).clone()));
        let mut rows = Vec::new();
        for item in content.items.values() {
            if item.quarantine.is_some() {
                self.note(Some(item.id), NoteCode::Quarantined, String::new());
                continue;
            }
            rows.push(self.row(item, &foreign));
        }
        Table { columns, rows }
    }

    fn row(&mut self, item: &Item, foreign: &[&Column]) -> Vec<Value> {
        let content = self.content;
        let same = content.family == self.target;
        let (item_type, known) = row::item_type(item, content.family, self.target);
        if !known {
            self.note(Some(item.id), NoteCode::TypeForeign, item_type.to_string());
        }
        if let Some(hold) = &item.hold {
            self.note(Some(item.id), NoteCode::Held, hold.code.clone());
        }
        if self.target == Family::Aosp
            && matches!(item.kind, Kind::Folder(FolderStyle::Big | FolderStyle::BigNine))
        {
            self.note(Some(item.id), NoteCode::FolderStyle, String::new());
        }
        let position = item.positions.get(&content.active);
        let place = position.map_or(Place::Elsewhere { container: 0 }, |position| position.place);
        let screen = match place {
            Place::Desktop { page, .. } => self.pages.get(&page).copied().unwrap_or_default(),
            _ => 0,
        };
        let cells = Cells::of(place, screen, |parent| parent.0);
        let stored = |name: &str| {
            let found = item.columns.iter().find(|(column, _)| column.eq_ignore_ascii_case(name));
            found.filter(|_| same).map(|(_, value)| value.clone())
        };
        // The number is the item's, and where the table refuses NULL a damaged store has nothing to say.
        let is_sound = |name: &str, declared: &str, value: &Value| {
            name != "_id" && !(value.is_null() && declared.contains("NOT NULL"))
        };
        let mut values: Vec<Value> = row::columns(self.target)
            .iter()
            .map(|(name, declared)| {
                stored(name)
                    .filter(|value| is_sound(name, declared, value))
                    .unwrap_or_else(|| row::value(name, item, item_type, item.id.0, &cells, self.target))
            })
            .collect();
        for ((name, declared), value) in row::columns(self.target).iter().zip(&values) {
            if *declared == "STRING"
                && matches!(value, Value::Text(text) if text.trim().parse::<f64>().is_ok())
            {
                self.notes.push(Note {
                    item: Some(item.id),
                    code: NoteCode::NumericText,
                    detail: (*name).to_owned(),
                });
            }
        }
        for column in foreign {
            // A new item has what the column says of itself; one that came in had NULL there.
            let fresh = || if item.source_id.is_none() { default_value(column) } else { Value::Null };
            values.push(stored(&column.name).unwrap_or_else(fresh));
        }
        if !same {
            for name in item.columns.keys() {
                self.notes.push(Note {
                    item: Some(item.id),
                    code: NoteCode::ColumnLeftOut,
                    detail: name.clone(),
                });
            }
        }
        values
    }

    /// MIUI's pages: numbers are identities, the order is a column (G.2).
    fn screens(&self) -> Table {
        let column = |name: &str, declared: &str| Column {
            name: name.to_owned(),
            declared: declared.to_owned(),
            default: None,
        };
        let columns = vec![
            column("_id", "INTEGER PRIMARY KEY"),
            column("title", "TEXT"),
            column("screenOrder", "INTEGER NOT NULL DEFAULT -1"),
            column("screenType", "INTEGER NOT NULL DEFAULT 0"),
        ];
        let pages = self.layout().map(|layout| layout.pages.as_slice()).unwrap_or_default();
        let rows = pages
            .iter()
            .zip(0_i64..)
            .map(|(page, order)| {
                let title = page.title.clone().map_or(Value::Null, Value::Text);
                let number = self.pages.get(&page.id).copied().unwrap_or(page.number);
                vec![Value::Integer(number), title, Value::Integer(order), Value::Integer(0)]
            })
            .collect();
        Table { columns, rows }
    }

    fn list_the_rest(&mut self) {
        for id in self.content.layouts.keys().filter(|id| **id != self.content.active) {
            self.notes.push(Note { item: None, code: NoteCode::OtherLayout, detail: id.0.to_string() });
        }
    }
}

/// The value of a declared default, where it is a plain literal.
pub(crate) fn default_value(column: &Column) -> Value {
    let Some(literal) = column.default.as_deref().map(str::trim) else { return Value::Null };
    if let Ok(number) = literal.parse::<i64>() {
        return Value::Integer(number);
    }
    match literal.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        Some(text) if !text.contains('\'') => Value::Text(text.to_owned()),
        _ => Value::Null,
    }
}

impl ModelStore {
    /// The home screen as tables, for a legacy that writes them through its own connection, or for a load.
    pub fn rows(&self, format: Format, overflow: Overflow) -> (SourceRows, ExportReport) {
        rows(self.content(), format, overflow)
    }
}
