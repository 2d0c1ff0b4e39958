//! Stores of other versions (contracts 5): every shipped format opens for ever, a newer one is read or left alone.

use std::fs;
use std::path::{Path, PathBuf};

use ferrule_launcher_model::export::Format;
use ferrule_launcher_model::neutral::Title;
use ferrule_launcher_model::store::{Change, Edit, ItemId, ModelStore, schema};
use rusqlite::Connection;

use crate::kit::*;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/model-store")
}

/// What the fixtures were made of. `FERRULE_BLESS` makes that of the newest format, once; a shipped one is never made anew.
fn make_fixture(file: &Path) {
    let place = Place4::new();
    let source = place.dir.path().join("launcher.db");
    aosp(&source, ",badgeColor INTEGER", BOARD);
    let mut store = place.store();
    store.import_file(&source, &import_options()).unwrap();
    let hold = Change::Hold { id: ItemId(1), code: "LM_TEST".to_owned() };
    let away = Change::Quarantine { id: ItemId(6), code: "LM_TEST".to_owned(), until: None };
    store
        .write(&[hold, away, Change::AddPage { at: 1, title: Some("Empty".to_owned()) }], "load", NOW)
        .unwrap();
    drop(store);
    fs::create_dir_all(fixtures()).unwrap();
    fs::copy(place.file(), file).unwrap();
}

#[test]
fn a_store_of_every_format_opens_with_everything_in_it() {
    for format in 1..=schema::FORMAT {
        let fixture = fixtures().join(format!("format-{format}.db"));
        if !fixture.exists() && std::env::var_os("FERRULE_BLESS").is_some() {
            make_fixture(&fixture);
        }
        opens_with_everything_in_it(&fixture, format);
    }
}

fn opens_with_everything_in_it(fixture: &Path, format: i64) {
    let place = Place4::new();
    fs::copy(fixture, place.file()).unwrap();
    let found = dump(&place.file(), "meta", &["key", "value"]);
    assert!(found.contains(&format!("'format' {format}")), "{found:?}");
    let opened = place.open();
    assert_eq!((opened.report.created, &opened.report.salvage), (false, &None));
    let mut store = opened.store;
    sound(&mut store);
    let content = store.content().clone();
    assert_eq!((content.items.len(), content.quarantined().count()), (12, 1));
    assert_eq!(content.layout().unwrap().pages.len(), 3);
    assert_eq!(content.items[&ItemId(1)].hold.as_ref().unwrap().code, "LM_TEST");
    assert_eq!(content.items[&ItemId(7)].widget.provider.as_deref(), Some("clock/.Provider"));
    assert_eq!(content.declared[0].name, "badgeColor");
    assert!(store.audit(None).unwrap().len() >= 14);
    store.write(&[Change::Restore { id: ItemId(6) }], "user", NOW).unwrap();
    store.export(Format::Favorites, &place.dir.path().join("out.db")).unwrap();
    sound(&mut store);
}

#[test]
fn a_store_that_asks_for_a_newer_reader_is_left_alone_to_the_byte() {
    for in_log in [false, true] {
        let place = Place4::new();
        drop(place.store());
        let connection = Connection::open(place.file()).unwrap();
        connection.pragma_update(None, "journal_mode", "wal").unwrap();
        connection.execute("UPDATE meta SET value = 99 WHERE key IN ('format', 'min_reader')", []).unwrap();
        let log = place.dir.path().join("ferrule_model.db-wal");
        if in_log {
            // Copied as a killed process leaves it: the new version stands in the log alone.
            let (main, wal) = (fs::read(place.file()).unwrap(), fs::read(&log).unwrap());
            drop(connection);
            fs::write(place.file(), main).unwrap();
            fs::write(&log, wal).unwrap();
        } else {
            drop(connection);
        }
        let bytes = || (fs::read(place.file()).unwrap(), fs::read(&log).unwrap_or_default());
        let before = bytes();
        assert_eq!(!before.1.is_empty(), in_log);
        let error = ModelStore::open(&place.file(), options()).unwrap_err();
        assert_eq!(error.code(), "LM_STORE_TOO_NEW");
        assert_eq!(bytes(), before);
    }
}

#[test]
fn what_a_newer_format_added_survives_edits_imports_and_snapshots() {
    let place = Place4::new();
    let source = place.dir.path().join("launcher.db");
    aosp(&source, "", BOARD);
    let mut store = place.store();
    store.import_file(&source, &import_options()).unwrap();
    drop(store);
    database(
        &place.file(),
        "ALTER TABLE items ADD COLUMN mood TEXT; UPDATE items SET mood = 'm' || id;
         ALTER TABLE positions ADD COLUMN tilt INTEGER; UPDATE positions SET tilt = item_id;
         CREATE TABLE wallpapers (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO wallpapers VALUES (1, 'sea');
         UPDATE meta SET value = 99 WHERE key = 'format';",
    );
    let mut store = place.store();
    let page = first_page(store.content());
    let edit = Edit::Title(Title::Text("t".to_owned()));
    let moved = Change::Place { id: ItemId(1), place: cell(page, 3, 4), code: None };
    store.write(&[Change::Edit { id: ItemId(1), edit }, moved], "user", NOW).unwrap();
    let out = place.dir.path().join("out.db");
    store.export(Format::Favorites, &out).unwrap();
    database(&out, "UPDATE favorites SET title = 'renamed by legacy' WHERE _id = 3");
    assert!(!store.import_file(&out, &import_options()).unwrap().unchanged);
    let id = store.snapshots()[0].id;
    store.restore(id, NOW).unwrap();
    sound(&mut store);
    drop(store);
    let rows = dump(&place.file(), "items", &["id", "mood"]);
    assert!(rows.contains(&"1 'm1'".to_owned()) && rows.len() == 12, "{rows:?}");
    assert_eq!(dump(&place.file(), "positions", &["item_id", "tilt"])[0], "1 1");
    assert_eq!(dump(&place.file(), "wallpapers", &["name"]), ["'sea'"]);
    assert_eq!(dump(&place.file(), "meta", &["key", "value"])[0], "'format' 99", "never lowered");
}

#[test]
fn another_programs_database_is_left_alone() {
    let place = Place4::new();
    aosp(&place.file(), "", BOARD);
    let before = fs::read(place.file()).unwrap();
    assert_eq!(ModelStore::open(&place.file(), options()).unwrap_err().code(), "LM_STORE_FOREIGN");
    assert_eq!(fs::read(place.file()).unwrap(), before);
}

#[test]
fn a_second_opening_is_refused_while_the_first_lasts() {
    let place = Place4::new();
    let store = place.store();
    assert_eq!(ModelStore::open(&place.file(), options()).unwrap_err().code(), "LM_STORE_LOCKED");
    drop(store);
    drop(place.store());
}

/// Every table and column of the schema is explained on the page, and the page names no others.
#[test]
fn the_page_of_the_format_names_every_table_and_column() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = fs::read_to_string(root.join("docs/formats/launcher-model-store.md")).unwrap();
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(schema::CREATE).unwrap();
    connection.execute_batch(schema::KEPT).unwrap();
    for table in schema::TABLES {
        let section = page
            .split(&format!("\n## `{table}`"))
            .nth(1)
            .unwrap_or_else(|| panic!("{table} is not explained"));
        let section = section.split("\n## ").next().unwrap();
        let mut statement = connection.prepare("SELECT name FROM pragma_table_info(?1)").unwrap();
        let columns: Vec<String> =
            statement.query_map([table], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap();
        assert!(!columns.is_empty(), "{table}");
        let explained: Vec<&str> =
            section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
        assert_eq!(explained, columns, "{table}");
    }
}
