//! What a store holds as the rows of a load: each item that is not in quarantine, where the store has it.
//!
//! The same rows as an export to AOSP's table has, without the table: a seated item's place is the store's own, so a load
//! finds every seat as it was given. Page numbers are those of an export, or places from the left where one of them is no
//! number for a screen; what Launcher3 would make of a row is then asked under the number of the export.

use std::collections::{BTreeMap, BTreeSet};

use crate::compat::bits::IconRestore;
use crate::compat::{LoadRow, SqlKey};
use crate::export::page_numbers;
use crate::export::row::{self, Cells};
use crate::neutral::{FolderStyle, Title};
use crate::rows::{Value, favorites};
use crate::store::{Content, Family, Item, ItemId, Kind, PageId, Place};

/// Page numbers above this are not used, so that a load can always add pages.
const NUMBER_MAX: i32 = 1 << 30;
/// Columns and rows of a big folder whose own size is not known.
const BIG_FOLDER: (i32, i32) = (2, 2);

/// The pages of the shown layout and what a load calls them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Numbers {
    /// From left to right.
    pub(super) order: Vec<i32>,
    by_page: BTreeMap<PageId, i32>,
    by_number: BTreeMap<i32, PageId>,
    /// The numbers of an export, where they are not those of the load.
    legacy: BTreeMap<PageId, i32>,
}

impl Numbers {
    pub(super) fn of(content: &Content) -> Self {
        let pages = content.layout().map(|layout| layout.pages.as_slice()).unwrap_or_default();
        let exported = page_numbers(pages, Family::Aosp);
        let own: Option<Vec<i32>> = exported
            .iter()
            .map(|number| i32::try_from(*number).ok().filter(|own| (0..=NUMBER_MAX).contains(own)))
            .collect();
        let mut numbers = Self::default();
        if own.is_none() {
            let as_read = exported.iter().map(|number| *number as i32);
            numbers.legacy = pages.iter().map(|page| page.id).zip(as_read).collect();
        }
        let order = own.unwrap_or_else(|| (0_i32..).zip(pages).map(|(place, _)| place).collect());
        for (page, number) in pages.iter().zip(order) {
            numbers.add(page.id, number);
        }
        numbers
    }

    pub(super) fn add(&mut self, page: PageId, number: i32) {
        self.order.push(number);
        self.by_page.insert(page, number);
        self.by_number.insert(number, page);
    }

    /// The page that a load calls by a number.
    pub(super) fn page(&self, number: i32) -> Option<PageId> {
        self.by_number.get(&number).copied()
    }

    fn number(&self, page: PageId) -> i32 {
        self.by_page.get(&page).copied().unwrap_or_default()
    }
}

/// The rows, by ascending number.
pub(super) fn rows(content: &Content, numbers: &Numbers) -> Vec<LoadRow> {
    let docked = |item: &Item| match item.seat(content.active) {
        Some(Place::Dock { slot }) => Some(slot),
        _ => None,
    };
    let dock: BTreeSet<i32> = content.items.values().filter_map(docked).collect();
    let here = content.items.values().filter(|item| item.quarantine.is_none());
    here.map(|item| row_of(content, item, numbers, &dock)).collect()
}

/// `dock` are the slots that are taken.
fn row_of(content: &Content, item: &Item, numbers: &Numbers, dock: &BTreeSet<i32>) -> LoadRow {
    let position = item.positions.get(&content.active);
    let place = position.map_or(Place::Elsewhere { container: 0 }, |position| position.place);
    let screen = match place {
        Place::Desktop { page, .. } => numbers.number(page),
        _ => 0,
    };
    let cells = Cells::of(place, screen.into(), |parent| parent.0);
    let item_type = row::item_type(item, content.family, Family::Aosp).0;
    let promise = if item.kind == Kind::Promise { IconRestore::AUTO_INSTALL.0 } else { 0 };
    let mut row = LoadRow {
        row_id: item.id.0,
        title: match &item.title {
            Title::None => None,
            Title::Text(title) | Title::Resource(title) => Some(title.clone()),
        },
        intent: item.intent.clone(),
        container: cells.container as i32,
        screen: cells.screen as i32,
        cell_x: cells.x,
        cell_y: cells.y,
        span_x: cells.width,
        span_y: cells.height,
        item_type,
        widget_id: item.widget.id,
        has_icon: item.icon.as_ref().is_some_and(|icon| !icon.is_empty()),
        provider: item.widget.provider.clone(),
        restored: item.restored | promise,
        profile: item.profile.0 as i32,
        rank: cells.rank,
        options: item.options,
        source: item.widget.source,
        sql_container: SqlKey::Int(cells.container),
        sql_type: SqlKey::Int(item_type.into()),
        sql_profile: SqlKey::Int(item.profile.0),
        ..LoadRow::default()
    };
    if content.family == Family::Aosp {
        for (name, value) in &item.columns {
            as_stored(&mut row, name, value);
        }
    }
    if let Place::Desktop { page, .. } = place
        && let Some(number) = numbers.legacy.get(&page)
    {
        (row.screen, row.legacy_screen) = (numbers.number(page), Some(*number));
    }
    match place {
        Place::Inside { .. } => {}
        // What a folder of the store cannot hold comes behind what it holds.
        Place::Elsewhere { container } if is_folder(content, ItemId(container)) => row.rank = i32::MAX,
        _ => row.rank = 0,
    }
    if matches!(place, Place::Dock { .. }) {
        // The dock's column mirrors the slot (A.1).
        (row.cell_x, row.cell_y) = (row.screen, 0);
    }
    if position.is_some_and(|position| position.seated) {
        seat(content, &mut row, place, &cells);
    } else if !row.is_unreadable {
        row.cells = wished_cells(item.kind, place);
        if let (Place::Dock { slot }, Some(layout)) = (place, content.layout())
            && dock.contains(&slot)
        {
            // Behind the last slot it asks for none that another has; Launcher3 may have lost that other.
            (row.screen, row.legacy_screen) = (slot.max(layout.grid.dock), Some(slot));
        }
    }
    row
}

/// A column whose stored value is not the canonical one.
fn as_stored(row: &mut LoadRow, name: &str, value: &Value) {
    let text = |row: &mut LoadRow| match value.text() {
        Ok(text) => text.map(std::borrow::Cow::into_owned),
        Err(_) => {
            row.is_unreadable = true;
            None
        }
    };
    let Some((own, _)) = favorites::AOSP_COLUMNS.iter().find(|(own, _)| own.eq_ignore_ascii_case(name))
    else {
        return;
    };
    match *own {
        "title" => row.title = text(row),
        "intent" => row.intent = text(row),
        "appWidgetProvider" => row.provider = text(row),
        "icon" => row.has_icon = matches!(value, Value::Blob(bytes) if !bytes.is_empty()),
        "_id" | "modified" => {}
        number => {
            let read = value.int().unwrap_or_else(|_| {
                row.is_unreadable = true;
                0
            });
            match number {
                "container" => (row.container, row.sql_container) = (read, SqlKey::of(value.as_ref())),
                "screen" => row.screen = read,
                "cellX" => row.cell_x = read,
                "cellY" => row.cell_y = read,
                "spanX" => row.span_x = read,
                "spanY" => row.span_y = read,
                "itemType" => (row.item_type, row.sql_type) = (read, SqlKey::of(value.as_ref())),
                "appWidgetId" => row.widget_id = read,
                "restored" => row.restored = read,
                "profileId" => (row.profile, row.sql_profile) = (read, SqlKey::of(value.as_ref())),
                "rank" => row.rank = read,
                "options" => row.options = read,
                "appWidgetSource" => row.source = read,
                _ => {}
            }
        }
    }
}

/// The place of a seated item is the store's, whatever its columns say.
fn seat(content: &Content, row: &mut LoadRow, place: Place, cells: &Cells) {
    row.container = cells.container as i32;
    row.sql_container = SqlKey::Int(cells.container);
    row.cells = Some((cells.width, cells.height));
    match place {
        Place::Desktop { .. } => {
            (row.screen, row.cell_x, row.cell_y) = (cells.screen as i32, cells.x, cells.y);
            (row.span_x, row.span_y) = (cells.width, cells.height);
        }
        Place::Dock { slot } => (row.screen, row.cell_x) = (slot, slot),
        Place::Inside { parent, order } => {
            (row.screen, row.cell_x, row.cell_y) = (0, 0, 0);
            // The rank of a pair's member is its split.
            if is_folder(content, parent) {
                row.rank = order;
            }
        }
        Place::Elsewhere { .. } => {}
    }
}

fn is_folder(content: &Content, id: ItemId) -> bool {
    content.items.get(&id).is_some_and(|item| matches!(item.kind, Kind::Folder(_)))
}

/// The cells of a waiting item that its row cannot say to a load.
fn wished_cells(kind: Kind, place: Place) -> Option<(i32, i32)> {
    match (kind, place) {
        (Kind::Folder(FolderStyle::Big | FolderStyle::BigNine), Place::Desktop { width, height, .. }) => {
            Some((width.max(1), height.max(1)))
        }
        (Kind::Folder(FolderStyle::Big | FolderStyle::BigNine), _) => Some(BIG_FOLDER),
        (kind, _) if !kind.has_span() => Some((1, 1)),
        _ => None,
    }
}
