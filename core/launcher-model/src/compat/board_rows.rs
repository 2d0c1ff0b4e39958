//! The rows that a foreign launcher's board would have in Launcher3's own table.
//!
//! For looking at what Launcher3 would make of a home screen that it never reads itself (it wipes a file of MIUI's
//! version). Numbers and places are translated, nothing is decided: a thing without a counterpart keeps a type that
//! Launcher3 does not know. Not an import, which belongs to the store.

use super::app::{TYPE_APP, TYPE_DEEP_SHORTCUT};
use super::bits::IconRestore;
use super::collection::{TYPE_FOLDER, TYPE_PAIR};
use super::input::{LoadRow, SqlKey};
use super::placement::{CONTAINER_DESKTOP, CONTAINER_HOTSEAT};
use super::widget::{TYPE_CUSTOM_WIDGET, TYPE_WIDGET};
use crate::intent::{EXTRA_SHORTCUT_ID, Intent};
use crate::neutral::{Board, FolderStyle, Item, Kind, Place, Title};

/// Shortcuts of the old kind, which a load at the current schema passes over (A.2).
const TYPE_LEGACY_SHORTCUT: i32 = 1;
/// What stands for a thing that Launcher3 has no type for; never written by anybody (A.2).
const TYPE_NONE: i32 = -1;
/// Id of an item without a widget.
const NO_WIDGET: i32 = -1;
/// Columns and rows of a big folder that lies on no desktop.
const BIG_FOLDER: (i32, i32) = (2, 2);

/// Translates a board, a row an item, with the pages numbered from 0 in their order.
pub fn rows_of_board(board: &Board) -> Vec<LoadRow> {
    board.items.iter().map(row).collect()
}

fn row(item: &Item) -> LoadRow {
    let mut row = LoadRow {
        row_id: item.source_id,
        title: match &item.title {
            Title::None => None,
            Title::Text(text) | Title::Resource(text) => Some(text.clone()),
        },
        intent: item.intent.clone(),
        has_icon: item.icon.as_ref().is_some_and(|icon| !icon.is_empty()),
        profile: item.profile as i32,
        sql_profile: SqlKey::Int(item.profile),
        span_x: 1,
        span_y: 1,
        widget_id: NO_WIDGET,
        source: -1,
        ..LoadRow::default()
    };
    match &item.kind {
        Kind::App => row.item_type = TYPE_APP,
        Kind::Promise => {
            row.item_type = TYPE_APP;
            row.restored = IconRestore::AUTO_INSTALL.0;
        }
        Kind::Shortcut => row.item_type = shortcut_type(item.intent.as_deref()),
        Kind::Folder(style) => {
            row.item_type = TYPE_FOLDER;
            row.cells = folder_cells(*style, &item.place);
        }
        Kind::AppPair => row.item_type = TYPE_PAIR,
        Kind::Widget { widget_id, provider } => {
            row.item_type = TYPE_WIDGET;
            row.widget_id = *widget_id;
            row.provider = provider.clone();
        }
        Kind::Internal { .. } => row.item_type = TYPE_CUSTOM_WIDGET,
        Kind::Opaque { item_type } => {
            let is_free = !(0..=TYPE_CUSTOM_WIDGET).contains(item_type) && *item_type != TYPE_DEEP_SHORTCUT;
            row.item_type = if is_free { *item_type } else { TYPE_NONE };
        }
    }
    place(item, &mut row);
    row.sql_type = SqlKey::Int(row.item_type.into());
    row.sql_container = SqlKey::Int(row.container.into());
    row
}

/// The cells of a folder that is larger than its type says: Launcher3 reads none of them, a safe load keeps them.
fn folder_cells(style: FolderStyle, place: &Place) -> Option<(i32, i32)> {
    match (style, *place) {
        (FolderStyle::Small, _) => None,
        (FolderStyle::Big | FolderStyle::BigNine, Place::Desktop { width, height, .. }) => {
            Some((width, height))
        }
        (FolderStyle::Big | FolderStyle::BigNine, _) => Some(BIG_FOLDER),
    }
}

/// A shortcut that the system has pinned names its id; all others are of the old kind.
fn shortcut_type(intent: Option<&str>) -> i32 {
    let is_pinned = intent
        .and_then(|text| Intent::parse(text).ok())
        .is_some_and(|intent| intent.string_extra(EXTRA_SHORTCUT_ID).is_some());
    if is_pinned { TYPE_DEEP_SHORTCUT } else { TYPE_LEGACY_SHORTCUT }
}

fn place(item: &Item, row: &mut LoadRow) {
    match item.place {
        Place::Desktop { page, x, y, width, height } => {
            row.container = CONTAINER_DESKTOP;
            row.screen = i32::try_from(page).unwrap_or(i32::MAX);
            (row.cell_x, row.cell_y) = (x, y);
            (row.span_x, row.span_y) = (width, height);
        }
        Place::Dock { index } => {
            row.container = CONTAINER_HOTSEAT;
            (row.screen, row.cell_x) = (index, index);
        }
        Place::Inside { collection, order } => {
            row.container = collection as i32;
            row.rank = i32::try_from(order).unwrap_or(i32::MAX);
        }
        Place::Elsewhere { container } => row.container = container as i32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(source_id: i64, kind: Kind, place: Place) -> Item {
        let intent = Some("#Intent;component=com.a/.Main;end".to_owned());
        Item {
            source_id,
            profile: 0,
            kind,
            place,
            title: Title::Text("A".to_owned()),
            intent,
            icon: None,
            opaque: Vec::new(),
        }
    }

    #[test]
    fn each_item_becomes_one_row_at_its_place() {
        let desktop = Place::Desktop { page: 2, x: 1, y: 3, width: 2, height: 2 };
        let widget = Kind::Widget { widget_id: 9, provider: Some("com.w/.W".to_owned()) };
        let board = Board {
            items: vec![
                item(1, Kind::Folder(FolderStyle::Big), desktop),
                item(2, Kind::App, Place::Inside { collection: 1, order: 4 }),
                item(3, widget, Place::Dock { index: 3 }),
                item(4, Kind::Opaque { item_type: 18 }, desktop),
                item(5, Kind::Opaque { item_type: 4 }, desktop),
                item(6, Kind::Shortcut, Place::Elsewhere { container: -7 }),
            ],
            ..Board::default()
        };
        let rows = rows_of_board(&board);
        let facts: Vec<_> = rows.iter().map(|row| (row.id(), row.item_type, row.container)).collect();
        assert_eq!(facts, [(1, 2, -100), (2, 0, 1), (3, 4, -101), (4, 18, -100), (5, -1, -100), (6, 1, -7)]);
        let [folder, child, widget, ..] = rows.as_slice() else { panic!("{} rows", rows.len()) };
        assert_eq!((folder.screen, folder.cell_x, folder.cell_y), (2, 1, 3));
        assert_eq!((folder.span_x, folder.span_y), (2, 2));
        assert_eq!((child.rank, widget.screen, widget.widget_id), (4, 3, 9));
        assert_eq!(child.sql_container, SqlKey::Int(1));
    }

    #[test]
    fn a_big_folder_keeps_its_cells() {
        let at = |width, height| Place::Desktop { page: 0, x: 0, y: 0, width, height };
        let board = Board {
            items: vec![
                item(1, Kind::Folder(FolderStyle::Big), at(2, 2)),
                item(2, Kind::Folder(FolderStyle::BigNine), Place::Dock { index: 1 }),
                item(3, Kind::Folder(FolderStyle::Small), at(1, 1)),
            ],
            ..Board::default()
        };
        let cells: Vec<_> = rows_of_board(&board).iter().map(|row| row.cells).collect();
        assert_eq!(cells, [Some((2, 2)), Some((2, 2)), None]);
    }
}
