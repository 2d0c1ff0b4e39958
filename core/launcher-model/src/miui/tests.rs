//! Tests of reading MIUI rows, on databases made here with the declared types of the original.

use rusqlite::Connection;

use super::*;
use crate::recognise::{Product, Shape, recognise};
use crate::rows::{Column, Table};

/// The tables of version 60 (G.2).
const SCHEMA: &str = "
    CREATE TABLE favorites (_id INTEGER PRIMARY KEY, title TEXT, intent TEXT, container INTEGER, screen INTEGER,
        cellX INTEGER, cellY INTEGER, spanX INTEGER, spanY INTEGER, itemType INTEGER,
        appWidgetId INTEGER NOT NULL DEFAULT -1, isShortcut INTEGER, iconType INTEGER, iconPackage TEXT,
        iconResource TEXT, icon BLOB, uri TEXT, displayMode INTEGER, launchCount TEXT, sortMode INTEGER,
        itemFlags INTEGER NOT NULL DEFAULT 0, profileId INTEGER NOT NULL DEFAULT 0, label STRING,
        appWidgetProvider STRING, originWidgetId INTEGER NOT NULL DEFAULT -1, product_id STRING);
    CREATE TABLE screens (_id INTEGER PRIMARY KEY, title TEXT, screenOrder INTEGER NOT NULL DEFAULT -1,
        screenType INTEGER NOT NULL DEFAULT 0);
    PRAGMA user_version = 60;";

fn board(rows: &str) -> Board {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(SCHEMA).unwrap();
    connection.execute_batch(rows).unwrap();
    let table = |name: &str| {
        let mut statement = connection.prepare(&format!("SELECT * FROM {name} ORDER BY rowid")).unwrap();
        let columns: Vec<Column> = statement
            .column_names()
            .iter()
            .map(|name| Column { name: (*name).to_owned(), ..Column::default() })
            .collect();
        let value = |value: rusqlite::types::Value| match value {
            rusqlite::types::Value::Null => Value::Null,
            rusqlite::types::Value::Integer(value) => Value::Integer(value),
            rusqlite::types::Value::Real(value) => Value::Real(value),
            rusqlite::types::Value::Text(text) => Value::Text(text),
            rusqlite::types::Value::Blob(bytes) => Value::Blob(bytes),
        };
        let width = columns.len();
        let rows = statement
            .query_map([], |row| (0..width).map(|at| row.get(at).map(value)).collect())
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        Table { columns, rows }
    };
    read(&SourceRows { user_version: 60, favorites: table("favorites"), screens: Some(table("screens")) })
}

fn item(board: &Board, id: i64) -> &Item {
    board.items.iter().find(|item| item.source_id == id).unwrap()
}

#[test]
fn the_schema_is_recognised() {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(SCHEMA).unwrap();
    let columns = |table: &str| -> Vec<String> {
        let mut statement = connection.prepare("SELECT name FROM pragma_table_info(?1)").unwrap();
        statement.query_map([table], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    };
    let tables = vec!["favorites".to_owned(), "screens".to_owned()];
    let shape =
        Shape { user_version: 60, tables, favorites: columns("favorites"), screens: columns("screens") };
    let recognition = recognise(&shape);
    assert_eq!((recognition.product, recognition.version_agrees()), (Product::Miui, true));
    assert_eq!(recognition.foreign_columns, Vec::<String>::new());
}

#[test]
fn pages_follow_screen_order_not_number() {
    let board = board(
        "INSERT INTO screens (_id, title, screenOrder) VALUES (1, NULL, 2), (2, 'b', 0), (5, NULL, 1);
         INSERT INTO favorites (_id, container, screen, cellX, cellY, spanX, spanY, itemType) VALUES
         (1, -100, 1, 0, 0, 1, 1, 0), (2, -100, 2, 3, 5, 1, 1, 0), (3, -100, 9, 0, 0, 1, 1, 0);",
    );
    assert_eq!(board.pages.iter().map(|page| page.source_id).collect::<Vec<_>>(), [2, 5, 1, 9]);
    assert_eq!(item(&board, 1).place, Place::Desktop { page: 2, x: 0, y: 0, width: 1, height: 1 });
    assert_eq!(item(&board, 2).place, Place::Desktop { page: 0, x: 3, y: 5, width: 1, height: 1 });
    assert_eq!(board.notes, [Note { source_id: 3, code: NoteCode::PageNotListed }]);
    assert_eq!(extent(&board.items), Grid { columns: 4, rows: 6 });
}

#[test]
fn every_type_has_its_kind_and_unknown_ones_stay() {
    let board = board(
        "INSERT INTO screens (_id, screenOrder) VALUES (1, 0);
         INSERT INTO favorites (_id, container, screen, cellX, cellY, spanX, spanY, itemType, appWidgetId,
            appWidgetProvider, product_id, uri, itemFlags) VALUES
         (1, -100, 1, 0, 0, 1, 1, 0, -1, NULL, NULL, NULL, 4), (2, -100, 1, 1, 0, 1, 1, 1, -1, NULL, NULL, NULL, 0),
         (3, -100, 1, 2, 0, 1, 1, 2, -1, NULL, NULL, NULL, 0), (4, -100, 1, 0, 1, 2, 2, 4, 77, 'a.b/.W', NULL, NULL, 0),
         (5, -100, 1, 2, 1, 4, 2, 5, 6, NULL, NULL, NULL, 0), (6, -100, 1, 3, 0, 1, 1, 11, -1, NULL, NULL, NULL, 16),
         (7, -100, 1, 0, 3, 1, 1, 21, -1, NULL, NULL, NULL, 0), (8, -100, 1, 2, 3, 2, 2, 22, -1, NULL, NULL, NULL, 0),
         (9, -100, 1, 0, 5, 2, 1, 19, -1, NULL, 'p-1', '/x.mtz', 160), (10, -100, 1, 2, 5, 1, 1, 15, -1, NULL, NULL, NULL, 0);",
    );
    let kinds: Vec<(i64, Kind)> = {
        let mut kinds: Vec<_> = board.items.iter().map(|item| (item.source_id, item.kind.clone())).collect();
        kinds.sort_by_key(|(id, _)| *id);
        kinds
    };
    assert_eq!(
        kinds,
        [
            (1, Kind::App),
            (2, Kind::Shortcut),
            (3, Kind::Folder(FolderStyle::Small)),
            (4, Kind::Widget { widget_id: 77, provider: Some("a.b/.W".to_owned()) }),
            (5, Kind::Internal { gadget_id: 6 }),
            (6, Kind::Promise),
            (7, Kind::Folder(FolderStyle::Big)),
            (8, Kind::Folder(FolderStyle::BigNine)),
            (9, Kind::Opaque { item_type: 19 }),
            (10, Kind::Opaque { item_type: 15 }),
        ]
    );
    assert!(matches!(item(&board, 7).place, Place::Desktop { width: 2, height: 2, .. }));
    let opaque = &item(&board, 9).opaque;
    assert!(opaque.contains(&("uri".to_owned(), Value::Text("/x.mtz".to_owned()))));
    assert!(opaque.contains(&("itemFlags".to_owned(), Value::Integer(160))));
    assert!(opaque.contains(&("product_id".to_owned(), Value::Text("p-1".to_owned()))));
}

#[test]
fn folders_are_ordered_by_cell_x_and_bad_containers_are_kept() {
    let board = board(
        "INSERT INTO screens (_id, screenOrder) VALUES (1, 0);
         INSERT INTO favorites (_id, container, screen, cellX, cellY, itemType) VALUES
         (1, -100, 1, 0, 0, 2), (2, 1, 0, 7, 0, 0), (3, 1, 0, 0, 0, 0), (4, 1, 0, 7, 0, 1),
         (5, 99, 0, 0, 0, 0), (6, 7, 0, 0, 0, 2), (7, 6, 0, 0, 0, 2), (8, -103, 0, 0, 0, 0), (9, 6, 0, 1, 0, 0);",
    );
    let place = |id| item(&board, id).place;
    assert_eq!(place(3), Place::Inside { collection: 1, order: 0 });
    assert_eq!(place(2), Place::Inside { collection: 1, order: 1 });
    assert_eq!(place(4), Place::Inside { collection: 1, order: 2 });
    assert_eq!(place(5), Place::Elsewhere { container: 99 });
    assert_eq!(place(6), Place::Elsewhere { container: 7 });
    assert_eq!(place(7), Place::Elsewhere { container: 6 });
    assert_eq!(place(8), Place::Elsewhere { container: -103 });
    assert_eq!(place(9), Place::Inside { collection: 6, order: 0 });
    let codes: Vec<(i64, NoteCode)> = board.notes.iter().map(|note| (note.source_id, note.code)).collect();
    assert_eq!(
        codes,
        [(5, NoteCode::CollectionMissing), (6, NoteCode::CollectionCycle), (7, NoteCode::CollectionCycle)]
    );
    assert_eq!(board.items.first().map(|item| item.source_id), Some(1), "collections come first");
}

#[test]
fn string_columns_turn_numeric_texts_into_numbers() {
    let board = board(
        "INSERT INTO favorites (_id, container, screen, cellX, itemType, title, label) VALUES
         (1, -101, 0, 0, 0, NULL, '007'), (2, -101, 0, 1, 2, 'com.miui.home:string/default_folder_title_tools', NULL),
         (3, -101, 0, 2, 22, 'a:string/ b', '1e3');",
    );
    assert_eq!(item(&board, 1).title, Title::Text("7".to_owned()));
    assert_eq!(
        item(&board, 2).title,
        Title::Resource("com.miui.home:string/default_folder_title_tools".to_owned())
    );
    assert_eq!(item(&board, 3).title, Title::Text("a:string/ b".to_owned()));
    let codes: Vec<(i64, NoteCode)> = board.notes.iter().map(|note| (note.source_id, note.code)).collect();
    assert_eq!(
        codes,
        [(1, NoteCode::NumericText), (3, NoteCode::NumericText), (3, NoteCode::BigFolderInDock)]
    );
}

#[test]
fn dock_indices_come_from_the_column_that_tells_items_apart() {
    let index = |rows: &str, id| match item(&board(rows), id).place {
        Place::Dock { index } => index,
        other => panic!("{other:?}"),
    };
    let columns = "INSERT INTO favorites (_id, container, screen, cellX, itemType) VALUES";
    assert_eq!(index(&format!("{columns} (1, -101, 0, 3, 0), (2, -101, 0, 1, 0)"), 1), 3);
    assert_eq!(index(&format!("{columns} (1, -101, 4, 0, 0), (2, -101, 2, 0, 0)"), 2), 2);
    assert_eq!(index(&format!("{columns} (1, -101, 4, 0, 0), (2, -101, 4, 0, 0)"), 2), 1);
}
