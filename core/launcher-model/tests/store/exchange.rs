//! Imports and exports: each product and version in, both shapes out, and back.

use ferrule_launcher_model::export::{Format, Note, NoteCode, Overflow};
use ferrule_launcher_model::import::{ImportOptions, Outcome};
use ferrule_launcher_model::neutral::FolderStyle;
use ferrule_launcher_model::neutral::Title;
use ferrule_launcher_model::recognise::Product;
use ferrule_launcher_model::rows::Value;
use ferrule_launcher_model::rows::favorites::{AOSP_COLUMNS, MIUI_COLUMNS, names};
use ferrule_launcher_model::store::{Change, Edit, Item, ItemId, Kind, Place, StoreError};
use rusqlite::Connection;

use crate::kit::*;

/// The columns of the newest table.
fn own_columns() -> [&'static str; 19] {
    names(&AOSP_COLUMNS)
}

#[test]
fn every_kind_of_item_comes_back_as_it_was_and_the_second_import_changes_nothing() {
    let place = Place4::new();
    let source = place.dir.path().join("launcher.db");
    aosp(&source, "", BOARD);
    let mut store = place.store();
    let report = store.import_file(&source, &import_options()).unwrap();
    assert_eq!((report.product, report.user_version, report.outcome), (Product::Aosp, 32, Outcome::Imported));
    assert_eq!((report.items, report.pages, report.opaque, report.overflow), (12, 2, 1, 0));
    sound(&mut store);
    let before = store.content().clone();
    assert_eq!(before.inside(ItemId(2), before.active), [ItemId(3), ItemId(4)]);

    let out = place.dir.path().join("out.db");
    let report = store.export(Format::Favorites, &out).unwrap();
    assert_eq!(report.notes, [], "AOSP's own home screen can be said in AOSP's shape");
    assert_eq!(dump(&out, "favorites", &own_columns()), dump(&source, "favorites", &own_columns()));

    let again = store.import_file(&out, &import_options()).unwrap();
    assert!(again.unchanged, "{:?}", again.notes);
    assert_eq!(store.content(), &before);
    sound(&mut store);
}

#[test]
fn unknown_columns_types_and_odd_values_survive_the_edit_of_others() {
    let place = Place4::new();
    let source = place.dir.path().join("launcher.db");
    aosp(
        &source,
        ",badgeColor INTEGER DEFAULT 5,\"odd name\" TEXT,iconPackage TEXT",
        "INSERT INTO favorites (_id,intent,container,screen,cellX,cellY,spanX,spanY,itemType,badgeColor,\"odd name\")
           VALUES (1,'a',-100,0,0,0,3,1,0,x'00FF','it''s'), (2,'b',-100,0,1,0,1,1,0,1e300,NULL),
                  (3,'c',-100,0,2,0,1,1,1234,NULL,'kept'), (4,'d',-101,1,'x',9,1,1,'0',7,NULL);",
    );
    let mut store = place.store();
    store.import_file(&source, &import_options()).unwrap();
    let edit = Edit::Title(Title::Text("Changed".to_owned()));
    store.write(&[Change::Edit { id: ItemId(2), edit }], "user", NOW).unwrap();
    let fresh = add(app("new"), cell(first_page(store.content()), 0, 3));
    store.write(&[fresh], "user", NOW).unwrap();
    drop(store);

    let mut store = place.store();
    sound(&mut store);
    let out = place.dir.path().join("out.db");
    store.export(Format::Favorites, &out).unwrap();
    let mut columns = own_columns().to_vec();
    columns.extend(["badgeColor", "odd name", "iconPackage"]);
    let (mut before, after) = (dump(&source, "favorites", &columns), dump(&out, "favorites", &columns));
    before[1] = before[1].replace("2 NULL 'b'", "2 'Changed' 'b'");
    assert_eq!(after[..4], before[..]);
    assert!(after[4].ends_with("5 NULL NULL"), "a new row has the column's own default: {}", after[4]);
    assert!(store.import_file(&out, &import_options()).unwrap().unchanged);
}

#[test]
fn what_has_no_place_is_kept_in_the_overflow_and_exported_on_free_cells() {
    let place = Place4::new();
    let source = place.dir.path().join("launcher.db");
    aosp(
        &source,
        "",
        "INSERT INTO favorites (_id,intent,container,screen,cellX,cellY,spanX,spanY,itemType) VALUES
           (1,'a',-100,0,0,0,1,1,0), (2,'b',-100,0,0,0,1,1,0), (3,'c',-100,0,9,9,1,1,0), (4,'d',-101,1,1,0,1,1,0),
           (5,'e',-101,1,1,0,1,1,0), (6,'f',77,0,0,0,1,1,0), (7,'g',-100,0,2,0,99,1,4), (8,'h',NULL,NULL,NULL,NULL,NULL,NULL,0),
           (9,'i',9,0,0,0,1,1,2), (10,'j',1,0,0,0,1,1,0);",
    );
    let mut store = place.store();
    let report = store.import_file(&source, &import_options()).unwrap();
    assert_eq!(report.items, 10);
    let overflow: Vec<i64> = store.content().overflow().map(|item| item.id.0).collect();
    assert_eq!(overflow, [2, 3, 5, 6, 7, 8, 9, 10]);
    sound(&mut store);

    // For a load, the rows are as the source had them.
    let (rows, _) = store.rows(Format::Favorites, Overflow::AsWished);
    let beside = Place4::new();
    let mut other = beside.store();
    other.import_rows(&rows, &import_options()).unwrap();
    assert_eq!(other.content().overflow().count(), overflow.len());

    let out = place.dir.path().join("out.db");
    let report = store.export(Format::Favorites, &out).unwrap();
    let unplaced = report.notes.iter().filter(|note| note.code == NoteCode::Unplaced).count();
    assert_eq!(unplaced, overflow.len(), "each of them is listed");
    let beside = Place4::new();
    let mut again = beside.store();
    let report = again.import_file(&out, &import_options()).unwrap();
    assert_eq!((report.items, report.overflow), (10, 0), "legacy finds a place for each: {:?}", report.notes);
    assert_eq!(leaves(again.content()), leaves(store.content()));
    sound(&mut store);
}

#[test]
fn old_versions_come_in_without_any_upgrade_step() {
    let place = Place4::new();
    let source = place.dir.path().join("launcher.db");
    // Version 12: no profile, no rank, pages in a table whose order is not that of the numbers.
    database(
        &source,
        "CREATE TABLE favorites (_id INTEGER PRIMARY KEY,title TEXT,intent TEXT,container INTEGER,screen INTEGER,
           cellX INTEGER,cellY INTEGER,spanX INTEGER,spanY INTEGER,itemType INTEGER,appWidgetId INTEGER NOT NULL DEFAULT -1,
           isShortcut INTEGER,iconType INTEGER,iconPackage TEXT,iconResource TEXT,icon BLOB,uri TEXT,displayMode INTEGER);
         CREATE TABLE workspaceScreens (_id INTEGER PRIMARY KEY,screenRank INTEGER,modified INTEGER);
         INSERT INTO workspaceScreens VALUES (3,1,0),(7,0,0);
         INSERT INTO favorites (_id,intent,container,screen,cellX,cellY,spanX,spanY,itemType,uri) VALUES
           (1,'first',-100,7,0,0,1,1,0,NULL), (2,'second',-100,3,0,0,1,1,1,'content://x'), (3,NULL,-100,3,1,0,1,1,2,NULL),
           (4,'third',3,0,0,1,1,1,0,NULL), (5,'fourth',3,0,1,0,1,1,0,NULL);
         PRAGMA user_version = 12;",
    );
    let mut store = place.store();
    let options = ImportOptions { main_profile: 10, ..import_options() };
    let report = store.import_file(&source, &options).unwrap();
    assert_eq!((report.product, report.items, report.overflow), (Product::Aosp, 5, 0));
    let content = store.content();
    let numbers: Vec<i64> = content.layout().unwrap().pages.iter().map(|page| page.number).collect();
    assert_eq!(numbers, [3, 7], "the k-th page has the k-th smallest number");
    let page_of = |id| match content.items[&ItemId(id)].seat(content.active) {
        Some(Place::Desktop { page, .. }) => page,
        other => panic!("{other:?}"),
    };
    assert_eq!(page_of(1), content.layout().unwrap().pages[0].id, "page 7 was the first");
    assert_eq!(content.inside(ItemId(3), content.active), [ItemId(5), ItemId(4)], "by row, then column");
    assert!(content.items.values().all(|item| item.profile.0 == 10), "rows from before profiles");
    assert_eq!(content.items[&ItemId(2)].columns["uri"], Value::Text("content://x".to_owned()));
    let out = place.dir.path().join("out.db");
    store.export(Format::Favorites, &out).unwrap();
    let rows = dump(&out, "favorites", &["_id", "screen", "rank", "profileId", "uri"]);
    assert_eq!(
        rows,
        ["1 3 0 10 NULL", "2 7 0 10 'content://x'", "3 7 0 10 NULL", "4 0 1 10 NULL", "5 0 0 10 NULL"]
    );
    assert!(
        store.import_file(&out, &options).unwrap().notes.iter().all(|note| note.code != "LM_IMPORT_REPLACED")
    );
    sound(&mut store);
}

const MIUI_BOARD: &str = "
INSERT INTO screens VALUES (4,'Second',1,0),(9,NULL,0,0),(2,NULL,2,0);
INSERT INTO favorites (_id,title,intent,container,screen,cellX,cellY,spanX,spanY,itemType,itemFlags,label,launchCount,profileId)
 VALUES (1,'Mail','m',-100,9,0,0,1,1,0,0,NULL,'3',0), (2,'com.miui.home:string/tools',NULL,-100,4,0,0,2,2,21,1,NULL,NULL,0),
 (3,NULL,'in2',2,-1,0,0,1,1,0,0,'Label',NULL,0), (4,NULL,'in1',2,-1,5,0,1,1,1,0,NULL,NULL,999),
 (5,NULL,NULL,-100,4,2,0,2,2,22,0,NULL,NULL,0), (6,'Dock','d',-101,2,2,0,1,1,0,0,NULL,NULL,0),
 (7,NULL,NULL,-100,9,0,2,2,2,18,160,NULL,NULL,0), (8,NULL,NULL,-100,9,2,2,2,2,19,0,'007',NULL,0),
 (9,NULL,NULL,-100,2,0,0,4,2,5,0,NULL,NULL,0), (10,'Later','p',-100,9,1,0,1,1,11,16,NULL,NULL,0),
 (11,NULL,NULL,-100,9,3,0,1,1,15,0,NULL,NULL,0);
UPDATE favorites SET appWidgetId=6 WHERE _id=9; UPDATE favorites SET uri='theme.mtz', product_id='abc' WHERE _id=8;
INSERT INTO favorites (_id,container,screen,cellX,cellY,spanX,spanY,itemType,appWidgetId,appWidgetProvider)
 VALUES (12,-100,4,0,3,4,1,4,77,'w/.P');";

#[test]
fn a_miui_home_screen_comes_back_in_its_own_shape() {
    let place = Place4::new();
    let source = place.dir.path().join("launcher4x6.db");
    database(&source, &(MIUI60.to_owned() + MIUI_BOARD));
    let mut store = place.store();
    let options = ImportOptions { grid: None, ..import_options() };
    let report = store.import_file(&source, &options).unwrap();
    assert_eq!((report.product, report.items, report.pages, report.overflow), (Product::Miui, 12, 3, 0));
    let content = store.content();
    assert_eq!((content.layout().unwrap().grid.columns, content.layout().unwrap().grid.rows), (4, 6));
    let titles: Vec<_> = content.layout().unwrap().pages.iter().map(|page| page.title.as_deref()).collect();
    assert_eq!(titles, [None, Some("Second"), None], "in the order of screenOrder");
    assert_eq!(content.items[&ItemId(2)].kind, Kind::Folder(FolderStyle::Big));
    sound(&mut store);
    let before = store.content().clone();

    let out = place.dir.path().join("out.db");
    assert_eq!(store.export(Format::Miui, &out).unwrap().notes, []);
    let (mut expected, found) =
        (dump(&source, "favorites", &names(&MIUI_COLUMNS)), dump(&out, "favorites", &names(&MIUI_COLUMNS)));
    // The order in a folder is 0..n-1 from now on (LM-I4); the screen of a dock item means nothing, its column does.
    expected[3] = expected[3].replace(" 5 0 1 1 1 ", " 1 0 1 1 1 ");
    assert_eq!(found, expected);
    let screens = ["_id", "title", "screenOrder", "screenType"];
    let mut pages = dump(&source, "screens", &screens);
    pages.sort();
    assert_eq!(dump(&out, "screens", &screens), pages);
    assert!(
        store
            .import_file(&out, &ImportOptions { grid: Some(before.layout().unwrap().grid), ..options })
            .unwrap()
            .unchanged
    );
    assert_eq!(store.content(), &before);
}

#[test]
fn a_miui_home_screen_in_aosps_shape_says_what_it_cannot_say() {
    let place = Place4::new();
    let source = place.dir.path().join("launcher4x6.db");
    database(&source, &(MIUI60.to_owned() + MIUI_BOARD));
    let mut store = place.store();
    store.import_file(&source, &ImportOptions { grid: None, ..import_options() }).unwrap();
    let out = place.dir.path().join("out.db");
    let report = store.export(Format::Favorites, &out).unwrap();
    let count = |code| report.notes.iter().filter(|note| note.code == code).count();
    assert_eq!(count(NoteCode::FolderStyle), 2);
    assert_eq!(
        count(NoteCode::TypeForeign),
        5,
        "two MaMl widgets, a gadget, type 15, a shortcut that is not pinned"
    );
    assert_eq!((count(NoteCode::PageTitle), count(NoteCode::PageRenumbered)), (1, 2));
    assert!(count(NoteCode::ColumnLeftOut) > 0);
    let beside = Place4::new();
    let mut again = beside.store();
    let back = again.import_file(&out, &ImportOptions { grid: None, ..import_options() }).unwrap();
    assert_eq!((back.product, back.items, back.overflow), (Product::Aosp, 12, 0), "{:?}", back.notes);
}

/// Across families too, what the other shape can hold comes back, and what it cannot is listed.
#[test]
fn an_export_in_the_other_familys_shape_comes_back_but_for_what_is_listed() {
    let place = Place4::new();
    let source = place.dir.path().join("launcher.db");
    let odd = "DELETE FROM favorites WHERE _id IN (9, 10, 11); UPDATE favorites SET cellX = 7, cellY = 3 WHERE _id = 4;";
    aosp(&source, "", &(BOARD.to_owned() + odd));
    let mut store = place.store();
    store.import_file(&source, &import_options()).unwrap();
    let before = store.content().clone();
    let out = place.dir.path().join("out.db");
    let exported = store.export(Format::Miui, &out).unwrap();
    let back = store.import_file(&out, &import_options()).unwrap();
    assert_eq!((back.product, back.items, back.quarantined, back.overflow), (Product::Miui, 9, 0, 0));
    assert_eq!(store.content().layouts, before.layouts);
    assert_eq!(store.content().items.len(), before.items.len());
    for (id, old) in &before.items {
        let new = &store.content().items[id];
        let same = Item { item_type: old.item_type, columns: old.columns.clone(), ..new.clone() };
        assert_eq!(&same, old, "but for its number of the type and what is kept beside it");
        for name in old.columns.keys() {
            let is_listed = |note: &Note| {
                (note.item, note.code, note.detail.as_str())
                    == (Some(*id), NoteCode::ColumnLeftOut, name.as_str())
            };
            assert!(exported.notes.iter().any(is_listed), "{name} of {id:?}: {:?}", exported.notes);
        }
    }
    assert!(before.items[&ItemId(4)].columns.contains_key("cellX"), "there was something to list");
    sound(&mut store);
    // From now on the shape is its own.
    let again = place.dir.path().join("again.db");
    store.export(Format::Miui, &again).unwrap();
    assert!(store.import_file(&again, &import_options()).unwrap().unchanged);
}

#[test]
fn an_import_of_another_home_screen_puts_the_old_one_into_quarantine() {
    let place = Place4::new();
    let (first, second) = (place.dir.path().join("a.db"), place.dir.path().join("b.db"));
    aosp(&first, "", BOARD);
    aosp(
        &second,
        "",
        "INSERT INTO favorites (_id,intent,container,screen,cellX,cellY,spanX,spanY,itemType) VALUES
           (1,'other',-100,0,0,0,1,1,0), (5,'#Intent;component=dial/.Main;end',-101,0,0,0,1,1,0);",
    );
    let mut store = place.store();
    store.import_file(&first, &import_options()).unwrap();
    let before = leaves(store.content());
    let report = store.import_file(&second, &import_options()).unwrap();
    sound(&mut store);
    assert_eq!((report.items, report.quarantined), (2, 11));
    let mut expected = before;
    expected.push("App Some(\"other\") -1".to_owned());
    expected.sort();
    assert_eq!(leaves(store.content()), expected, "LM-I1");
    assert_ne!(
        store.content().items[&ItemId(1)].intent.as_deref(),
        Some("other"),
        "LM-I16: 1 is the old item's number"
    );
    assert!(store.content().items[&ItemId(5)].quarantine.is_none());
    assert_eq!(store.snapshots().len(), 1);

    let id = ItemId(2);
    store.write(&[Change::Restore { id }], "user", NOW).unwrap();
    assert_eq!(store.content().items[&id].quarantine, None);
    assert_eq!(
        store.content().inside(id, store.content().active).len(),
        0,
        "its contents were put away one by one"
    );
    sound(&mut store);
}

/// A new number is none that a row names as its container: the row would find itself in what has that number by chance.
#[test]
fn whoever_is_renumbered_gets_no_number_that_a_row_names() {
    let place = Place4::new();
    let source = place.dir.path().join("launcher.db");
    aosp(
        &source,
        "",
        "INSERT INTO favorites (_id,intent,container,screen,cellX,cellY,spanX,spanY,itemType) VALUES
           (1,'a',3,0,0,0,1,1,0), (2,'b',4,0,1,0,1,1,0), (4294967297,NULL,-100,0,0,0,1,1,2);",
    );
    let mut store = place.store();
    store.import_file(&source, &import_options()).unwrap();
    let content = store.content();
    let folder = content.items.values().find(|item| matches!(item.kind, Kind::Folder(_))).unwrap();
    assert_eq!(folder.id, ItemId(5));
    assert!(content.inside(folder.id, content.active).is_empty());
    sound(&mut store);
}

#[test]
fn a_file_that_is_no_launchers_is_refused_and_nothing_changes() {
    let place = Place4::new();
    let mut store = place.store();
    store.write(&[add(app("a"), cell(first_page(store.content()), 0, 0))], "user", NOW).unwrap();
    let before = store.content().clone();
    let text = place.dir.path().join("notes.txt");
    std::fs::write(&text, "no database at all, only text that goes on and on").unwrap();
    let error = store.import_file(&text, &import_options()).unwrap_err();
    assert_eq!(error.code(), "LM_SOURCE_NOT_A_DATABASE");
    assert!(matches!(error, StoreError::Source(_)));
    assert_eq!(store.content(), &before);
    assert_eq!(store.snapshots(), []);
}

#[test]
fn an_export_never_replaces_a_file() {
    let place = Place4::new();
    let store = place.store();
    let out = place.dir.path().join("out.db");
    std::fs::write(&out, "somebody's").unwrap();
    assert_eq!(store.export(Format::Favorites, &out).unwrap_err().code(), "LM_STORE_EXISTS");
    assert_eq!(std::fs::read(&out).unwrap(), b"somebody's");
}

#[test]
fn lawnchair_and_launcher2_come_in_with_their_own_columns() {
    for (more, table_of_pages, product) in [
        (",customIcon BLOB,titleAlias TEXT,swipeUpAction TEXT", "", Product::Lawnchair),
        (
            "",
            "CREATE TABLE workspaceScreens (_id INTEGER PRIMARY KEY,screenRank INTEGER,modified INTEGER);",
            Product::Aosp,
        ),
    ] {
        let place = Place4::new();
        let source = place.dir.path().join("launcher.db");
        aosp(&source, more, &(BOARD.to_owned() + table_of_pages));
        let mut store = place.store();
        let report = store.import_file(&source, &import_options()).unwrap();
        assert_eq!((report.product, report.items), (product, 12));
        sound(&mut store);
    }
    let place = Place4::new();
    let source = place.dir.path().join("launcher.db");
    database(
        &source,
        "CREATE TABLE favorites (_id INTEGER PRIMARY KEY,title TEXT,intent TEXT,container INTEGER,screen INTEGER,cellX INTEGER,
           cellY INTEGER,spanX INTEGER,spanY INTEGER,itemType INTEGER,appWidgetId INTEGER NOT NULL DEFAULT -1,isShortcut INTEGER,
           iconType INTEGER,iconPackage TEXT,iconResource TEXT,icon BLOB,uri TEXT,displayMode INTEGER);
         INSERT INTO favorites (_id,intent,container,screen,cellX,cellY,spanX,spanY,itemType,isShortcut) VALUES
           (1,'a',-100,2,0,0,1,1,0,1), (2,'b',-101,0,0,0,1,1,1,1); PRAGMA user_version = 9;",
    );
    let mut store = place.store();
    let report = store.import_file(&source, &import_options()).unwrap();
    assert_eq!((report.product, report.items, report.overflow), (Product::Launcher2, 2, 0));
}

/// A store is well formed in SQLite's eyes and still says what no launcher's table can: a damaged byte is enough. Whatever is in
/// it can be exported.
#[test]
fn what_no_table_can_hold_does_not_keep_a_store_from_being_exported() {
    let place = Place4::new();
    let mut store = place.store();
    let page = first_page(store.content());
    store
        .write(&[add(app("mail"), cell(page, 0, 0)), add(app("maps"), cell(page, 1, 0))], "user", NOW)
        .unwrap();
    drop(store);
    let connection = Connection::open(place.file()).unwrap();
    let declared = [
        ("rowid", "INTEGER NOT NULL"),
        ("a", "TEXT CHECK (0)"),
        ("b", "INT, c INT"),
        ("d", "INT GENERATED ALWAYS AS (1)"),
        ("e", "SELECT"),
        ("f", "VARCHAR(20"),
        ("g", "INTEGER UNIQUE"),
        ("h\0i", "TEXT"),
        ("", "TEXT"),
        ("j", "VARCHAR(20, 3)"),
    ];
    for (ord, (name, declared)) in declared.iter().enumerate() {
        connection
            .execute(
                "INSERT INTO source_columns (ord, name, declared, default_sql) VALUES (?1, ?2, ?3, ?4)",
                rusqlite::params![ord as i64, name, declared, "'x\0y'"],
            )
            .unwrap();
    }
    let values = [
        ("modified", None),
        ("_id", Some("one")),
        ("appWidgetId", Some(" 0.1000000000000000055511151231257827 ")),
    ];
    for (name, value) in values {
        connection
            .execute(
                "INSERT INTO item_columns (item_id, name, value) VALUES (2, ?1, ?2)",
                rusqlite::params![name, value],
            )
            .unwrap();
    }
    // A number in a column of texts loses its last digits.
    connection
        .execute(
            "INSERT INTO item_columns (item_id, name, value) VALUES (1, 'title', 0.30000000000000004)",
            [],
        )
        .unwrap();
    for item in [1, 2] {
        connection
            .execute("INSERT INTO item_columns (item_id, name, value) VALUES (?1, 'rowid', 7)", [item])
            .unwrap();
    }
    drop(connection);
    let store = place.store();
    for (format, name) in [(Format::Favorites, "a.db"), (Format::Miui, "b.db")] {
        let report = store.export(format, &place.dir.path().join(name)).unwrap();
        assert_eq!(report.items, 2);
    }
    let columns = dump(&place.dir.path().join("a.db"), "pragma_table_info('favorites')", &["name", "type"]);
    assert!(columns.contains(&"'j' 'VARCHAR(20, 3)'".to_owned()), "a plain type is taken over: {columns:?}");
}
