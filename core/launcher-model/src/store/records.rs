//! Rows of the store's tables as values, and the home screen that they make.
//!
//! Rows come from SQL or, after damage, from pages of the file; both end here. Read strictly, a row that makes no sense is a
//! reason to salvage; read leniently, it is left out and counted.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::item::{
    Content, EpochMillis, Family, GridSize, Item, ItemId, Kind, Layout, LayoutId, Page, PageId, Place,
    Position, ProfileSerial, Quarantine, Since, Widget,
};
use crate::neutral::{FolderStyle, Title};
use crate::rows::{Column, Value};

/// A table whose rows make the home screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Table {
    Meta,
    Layouts,
    Pages,
    Items,
    ItemColumns,
    SourceColumns,
    Positions,
    Quarantine,
    Audit,
}

impl Table {
    pub(crate) const ALL: [Self; 9] = [
        Self::Meta,
        Self::Layouts,
        Self::Pages,
        Self::Items,
        Self::ItemColumns,
        Self::SourceColumns,
        Self::Positions,
        Self::Quarantine,
        Self::Audit,
    ];

    /// The name, the tag of its rows and its columns behind the tag, in the order of the schema.
    pub(crate) fn shape(self) -> (&'static str, &'static str, &'static [&'static str]) {
        match self {
            Self::Meta => ("meta", "meta", &["key", "value"]),
            Self::Layouts => ("layouts", "layout", &["id", "columns", "rows", "dock"]),
            Self::Pages => ("pages", "page", &["id", "layout_id", "ord", "number", "title"]),
            Self::Items => (
                "items",
                "item",
                &[
                    "id",
                    "source_id",
                    "profile",
                    "kind",
                    "style",
                    "item_type",
                    "title",
                    "title_is_resource",
                    "intent",
                    "icon",
                    "widget_id",
                    "widget_provider",
                    "widget_source",
                    "restored",
                    "options",
                    "modified_ms",
                    "hold_code",
                    "hold_since_ms",
                ],
            ),
            Self::ItemColumns => ("item_columns", "column", &["item_id", "name", "value"]),
            Self::SourceColumns => {
                ("source_columns", "declared", &["ord", "name", "declared", "default_sql"])
            }
            Self::Positions => (
                "positions",
                "position",
                &[
                    "layout_id",
                    "item_id",
                    "item_kind",
                    "place",
                    "seated",
                    "page_id",
                    "x",
                    "y",
                    "width",
                    "height",
                    "slot",
                    "parent_id",
                    "parent_kind",
                    "ord",
                    "container",
                ],
            ),
            Self::Quarantine => ("quarantine", "quarantine", &["item_id", "code", "since_ms", "until_ms"]),
            Self::Audit => ("audit", "audit", &["seq", "at_ms", "item_id", "event", "code", "image"]),
        }
    }

    /// Whether the first column behind the tag is the row's number, which SQLite does not store with the row.
    pub(crate) fn has_number(self) -> bool {
        matches!(self, Self::Layouts | Self::Pages | Self::Items | Self::Audit)
    }
}

/// The rows of all tables.
pub(crate) type Records = BTreeMap<Table, Vec<Vec<Value>>>;

/// A row that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BadRow(pub(crate) String);

/// What a file holds beside the home screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Meta {
    pub(crate) format: i64,
    pub(crate) min_reader: i64,
    pub(crate) created: EpochMillis,
    pub(crate) default_layout_due: bool,
    pub(crate) last_daily: Option<EpochMillis>,
}

/// The words of the kinds in `kind` and `style`.
const KINDS: [(&str, Option<&str>, Kind); 10] = [
    ("app", None, Kind::App),
    ("shortcut", None, Kind::Shortcut),
    ("folder", Some("small"), Kind::Folder(FolderStyle::Small)),
    ("folder", Some("big"), Kind::Folder(FolderStyle::Big)),
    ("folder", Some("big_nine"), Kind::Folder(FolderStyle::BigNine)),
    ("app_pair", None, Kind::AppPair),
    ("widget", None, Kind::Widget),
    ("internal", None, Kind::Internal),
    ("promise", None, Kind::Promise),
    ("opaque", None, Kind::Opaque),
];

/// The words of a kind: `kind` and `style`.
pub(crate) fn kind_words(kind: Kind) -> (&'static str, Option<&'static str>) {
    KINDS
        .iter()
        .find(|(_, _, found)| *found == kind)
        .map_or(("opaque", None), |(word, style, _)| (word, *style))
}

/// Makes the home screen of strict rows.
///
/// # Errors
/// The first row that makes no sense.
pub(crate) fn assemble(records: Records) -> Result<(Content, Meta), BadRow> {
    let mut reader = Assembler { lenient: false, skipped: 0 };
    reader.run(records)
}

/// Makes a home screen of whatever makes sense; how many rows do not.
pub(crate) fn assemble_leniently(records: Records) -> (Option<(Content, Meta)>, usize) {
    let mut reader = Assembler { lenient: true, skipped: 0 };
    let made = reader.run(records).ok();
    (made, reader.skipped)
}

struct Assembler {
    lenient: bool,
    skipped: usize,
}

impl Assembler {
    /// The rows of a table, read one by one.
    fn rows<T>(
        &mut self,
        records: &mut Records,
        table: Table,
        mut read: impl FnMut(Fields) -> Option<T>,
    ) -> Result<Vec<T>, BadRow> {
        let (name, _, columns) = table.shape();
        let mut out = Vec::new();
        for row in records.remove(&table).unwrap_or_default() {
            let fields = Fields(row.into_iter());
            match read(fields) {
                Some(value) => out.push(value),
                None if self.lenient => self.skipped += 1,
                None => {
                    return Err(BadRow(format!(
                        "a row of {name} ({} columns) makes no sense",
                        columns.len()
                    )));
                }
            }
        }
        Ok(out)
    }

    /// Something that refers to what is not there.
    fn dangling(&mut self, what: &str) -> Result<(), BadRow> {
        self.skipped += 1;
        if self.lenient { Ok(()) } else { Err(BadRow(what.to_owned())) }
    }

    fn run(&mut self, mut records: Records) -> Result<(Content, Meta), BadRow> {
        let records = &mut records;
        let meta: BTreeMap<String, Value> = self
            .rows(records, Table::Meta, |mut row| Some((row.text()?, row.value()?)))?
            .into_iter()
            .collect();
        let number = |key: &str| match meta.get(key) {
            Some(Value::Integer(number)) => Some(*number),
            _ => None,
        };
        let strict = |key: &str, default: i64| match number(key) {
            Some(number) => Ok(number),
            None if self.lenient => Ok(default),
            None => Err(BadRow(format!("meta has no {key}"))),
        };
        let family = match meta.get("family") {
            Some(Value::Text(word)) if word == Family::Miui.word() => Family::Miui,
            _ => Family::Aosp,
        };
        let out_meta = Meta {
            format: strict("format", super::schema::FORMAT)?,
            min_reader: strict("min_reader", super::schema::MIN_READER)?,
            created: EpochMillis(number("created_ms").unwrap_or_default()),
            default_layout_due: number("default_layout_due") == Some(1),
            last_daily: number("last_daily_ms").map(EpochMillis),
        };
        let mut content = Content {
            family,
            source_version: number("source_version").and_then(|version| i32::try_from(version).ok()),
            main_profile: ProfileSerial(number("main_profile").unwrap_or_default()),
            active: LayoutId(strict("active_layout", 1)?),
            layouts: BTreeMap::new(),
            items: BTreeMap::new(),
            declared: Vec::new(),
            next_item: strict("next_item", 1)?,
            next_page: strict("next_page", 1)?,
        };
        for (id, grid) in self.rows(records, Table::Layouts, |mut row| {
            let id = LayoutId(row.integer()?);
            let grid = GridSize { columns: row.int()?, rows: row.int()?, dock: row.int()? };
            grid.is_valid().then_some((id, grid))
        })? {
            content.layouts.insert(id, Layout { grid, pages: Vec::new() });
        }
        self.pages(records, &mut content)?;
        for item in self.rows(records, Table::Items, item)? {
            content.items.insert(item.id, item);
        }
        self.columns(records, &mut content)?;
        for position in self.rows(records, Table::Positions, position)? {
            let (layout, id, position) = position;
            match content.items.get_mut(&id) {
                Some(item) => drop(item.positions.insert(layout, position)),
                None => self.dangling("a position of no item")?,
            }
        }
        for (id, quarantine) in self.rows(records, Table::Quarantine, |mut row| {
            let id = ItemId(row.integer()?);
            let why = Since { code: row.text()?, since: EpochMillis(row.integer()?) };
            Some((id, Quarantine { why, until: row.option_integer()?.map(EpochMillis) }))
        })? {
            match content.items.get_mut(&id) {
                Some(item) => item.quarantine = Some(quarantine),
                None => self.dangling("a quarantine of no item")?,
            }
        }
        Ok((content, out_meta))
    }

    fn pages(&mut self, records: &mut Records, content: &mut Content) -> Result<(), BadRow> {
        let mut pages = self.rows(records, Table::Pages, |mut row| {
            let id = PageId(row.integer()?);
            let (layout, ord, number) = (LayoutId(row.integer()?), row.integer()?, row.integer()?);
            Some((layout, ord, Page { id, number, title: row.option_text()? }))
        })?;
        pages.sort_by_key(|(layout, ord, page)| (*layout, *ord, page.id));
        for (layout, _, page) in pages {
            match content.layouts.get_mut(&layout) {
                Some(layout) => layout.pages.push(page),
                None => self.dangling("a page of no layout")?,
            }
        }
        Ok(())
    }

    fn columns(&mut self, records: &mut Records, content: &mut Content) -> Result<(), BadRow> {
        for (id, name, value) in self.rows(records, Table::ItemColumns, |mut row| {
            Some((ItemId(row.integer()?), row.text()?, row.value()?))
        })? {
            match content.items.get_mut(&id) {
                Some(item) => drop(item.columns.insert(name, value)),
                None => self.dangling("a column of no item")?,
            }
        }
        let mut declared = self.rows(records, Table::SourceColumns, |mut row| {
            let ord = row.integer()?;
            Some((ord, Column { name: row.text()?, declared: row.text()?, default: row.option_text()? }))
        })?;
        declared.sort_by_key(|(ord, _)| *ord);
        content.declared = declared.into_iter().map(|(_, column)| column).collect();
        Ok(())
    }
}

fn item(mut row: Fields) -> Option<Item> {
    let id = ItemId(row.integer()?);
    let source_id = row.option_integer()?;
    let profile = ProfileSerial(row.integer()?);
    let (word, style) = (row.text()?, row.option_text()?);
    let (_, _, kind) = KINDS.into_iter().find(|(kind, of, _)| *kind == word && *of == style.as_deref())?;
    let mut item = Item::new(id, profile, kind, row.int()?);
    item.source_id = source_id;
    let (title, is_resource) = (row.option_text()?, row.integer()? == 1);
    item.title = match title {
        None => Title::None,
        Some(text) if is_resource => Title::Resource(text),
        Some(text) => Title::Text(text),
    };
    item.intent = row.option_text()?;
    item.icon = row.option_blob()?.map(Arc::from);
    item.widget = Widget { id: row.int()?, provider: row.option_text()?, source: row.int()? };
    item.restored = row.int()?;
    item.options = row.int()?;
    item.modified = EpochMillis(row.integer()?);
    item.hold = match (row.option_text()?, row.option_integer()?) {
        (Some(code), Some(since)) => Some(Since { code, since: EpochMillis(since) }),
        (None, None) => None,
        _ => return None,
    };
    Some(item)
}

fn position(mut row: Fields) -> Option<(LayoutId, ItemId, Position)> {
    let (layout, id) = (LayoutId(row.integer()?), ItemId(row.integer()?));
    let (_kind, word, seated) = (row.text()?, row.text()?, row.integer()? == 1);
    let page = row.option_integer()?;
    let cells = (row.option_int()?, row.option_int()?, row.option_int()?, row.option_int()?);
    let slot = row.option_int()?;
    let (parent, _parent_kind, order) = (row.option_integer()?, row.option_text()?, row.option_int()?);
    let container = row.option_integer()?;
    let place = match word.as_str() {
        "desktop" => {
            let (x, y, width, height) = (cells.0?, cells.1?, cells.2?, cells.3?);
            Place::Desktop { page: PageId(page?), x, y, width, height }
        }
        "dock" => Place::Dock { slot: slot? },
        "inside" => Place::Inside { parent: ItemId(parent?), order: order? },
        "elsewhere" => Place::Elsewhere { container: container? },
        _ => return None,
    };
    Some((layout, id, Position { place, seated }))
}

/// The values of a row, taken from left to right. A row may be longer than this code knows.
pub(crate) struct Fields(pub(crate) std::vec::IntoIter<Value>);

impl Fields {
    pub(crate) fn value(&mut self) -> Option<Value> {
        self.0.next()
    }

    pub(crate) fn integer(&mut self) -> Option<i64> {
        match self.0.next()? {
            Value::Integer(number) => Some(number),
            _ => None,
        }
    }

    fn int(&mut self) -> Option<i32> {
        i32::try_from(self.integer()?).ok()
    }

    pub(crate) fn option_integer(&mut self) -> Option<Option<i64>> {
        match self.0.next()? {
            Value::Null => Some(None),
            Value::Integer(number) => Some(Some(number)),
            _ => None,
        }
    }

    fn option_int(&mut self) -> Option<Option<i32>> {
        match self.option_integer()? {
            None => Some(None),
            Some(number) => i32::try_from(number).ok().map(Some),
        }
    }

    pub(crate) fn text(&mut self) -> Option<String> {
        match self.0.next()? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn option_text(&mut self) -> Option<Option<String>> {
        match self.0.next()? {
            Value::Null => Some(None),
            Value::Text(text) => Some(Some(text)),
            _ => None,
        }
    }

    pub(crate) fn option_blob(&mut self) -> Option<Option<Vec<u8>>> {
        match self.0.next()? {
            Value::Null => Some(None),
            Value::Blob(bytes) => Some(Some(bytes)),
            _ => None,
        }
    }
}
