//! Imports of damaged files into a home screen: what the file has lost is no reason to take anything off the screen (LM-I1).

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use ferrule_launcher_model::import::{ImportOptions, Outcome};
use ferrule_launcher_model::store::{Content, GridSize, ItemId, ModelStore, Place};
use rusqlite::Connection;

use crate::kit::*;

/// How many items the home screen of these tests has: folder 1 with 2 and 3, folder 60 with 61 and 62, and apps.
const ITEMS: i64 = 100;
const PAGE_BYTES: usize = 4096;

/// A file with a home screen that fills several pages of it.
fn source(place: &Place4) -> PathBuf {
    let file = place.dir.path().join("launcher.db");
    aosp(&file, "", "");
    let connection = Connection::open(&file).unwrap();
    for id in 1..=ITEMS {
        let (container, kind) = match id {
            1 | 60 => (-100, 2),
            2 | 3 => (1, 0),
            61 | 62 => (60, 0),
            _ => (-100, 0),
        };
        let place = (id % 4, id / 4 % 5, id / 20);
        connection
            .execute(
                "INSERT INTO favorites (_id, intent, container, cellX, cellY, screen, spanX, spanY, itemType, rank, icon)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, 1, ?7, ?8, zeroblob(300))",
                rusqlite::params![id, app_intent(&format!("app{id}")), container, place.0, place.1, place.2, kind, id % 3],
            )
            .unwrap();
    }
    drop(connection);
    change(&file, "");
    file
}

/// Changes a file, and leaves no stale copies of rows in it.
fn change(file: &Path, sql: &str) {
    Connection::open(file).unwrap().execute_batch(&format!("{sql}; VACUUM")).unwrap();
}

/// The store with the file's home screen, and what it holds.
fn imported(place: &Place4, file: &Path) -> (ModelStore, Content) {
    let mut store = place.store();
    assert_eq!(store.import_file(file, &import_options()).unwrap().items, ITEMS as usize);
    sound(&mut store);
    let content = store.content().clone();
    (store, content)
}

/// Overwrites one page of a file.
fn tear(file: &Path, page: usize) {
    let mut bytes = fs::read(file).unwrap();
    bytes[page * PAGE_BYTES..(page + 1) * PAGE_BYTES].fill(0xA5);
    fs::write(file, bytes).unwrap();
}

/// Overwrites the page that a row is on. Inner pages of a table may hold stale rows; its leaves begin with 13.
fn tear_away(file: &Path, id: i64) {
    let bytes = fs::read(file).unwrap();
    let intent = app_intent(&format!("app{id}"));
    let has_row =
        |page: &&[u8]| page[0] == 13 && page.windows(intent.len()).any(|window| window == intent.as_bytes());
    let pages: Vec<&[u8]> = bytes.chunks(PAGE_BYTES).collect();
    tear(file, pages.iter().rposition(has_row).unwrap());
}

/// The place of a seated item in the shown layout.
fn seat(content: &Content, id: i64) -> Place {
    content.items[&ItemId(id)].seat(content.active).unwrap_or_else(|| panic!("item {id} has no place"))
}

/// Every item is on the screen.
fn all_shown(content: &Content) {
    assert_eq!(content.items.len(), ITEMS as usize);
    assert_eq!(content.quarantined().count(), 0);
    assert_eq!(content.overflow().count(), 0);
}

#[test]
fn whichever_page_of_a_source_is_torn_the_home_screen_stays_as_it_is() {
    let place = Place4::new();
    let file = source(&place);
    let (mut store, before) = imported(&place, &file);
    let pages = fs::metadata(&file).unwrap().len() as usize / PAGE_BYTES;
    let mut outcomes = BTreeSet::new();
    for page in 0..pages {
        let torn = place.dir.path().join("torn.db");
        fs::copy(&file, &torn).unwrap();
        tear(&torn, page);
        let outcome = match store.import_file(&torn, &import_options()) {
            Ok(report) => {
                assert_eq!(report.outcome, Outcome::Salvaged);
                assert!(
                    report.items > 0 && report.items < ITEMS as usize,
                    "{} items of page {page}",
                    report.items
                );
                let kept =
                    report.notes.iter().filter(|note| note.code == "LM_IMPORT_SOURCE_INCOMPLETE").count();
                assert_eq!(report.items + kept, ITEMS as usize);
                "salvaged"
            }
            Err(error) => error.code(),
        };
        outcomes.insert(outcome);
        assert_eq!(store.content(), &before, "page {page}");
        sound(&mut store);
    }
    assert_eq!(
        outcomes.into_iter().collect::<Vec<_>>(),
        ["LM_SOURCE_NOTHING_LEFT", "LM_SOURCE_NOT_A_DATABASE", "salvaged"]
    );
}

#[test]
fn a_file_that_was_cut_off_before_its_first_item_is_refused_and_the_default_layout_stays_due() {
    let place = Place4::new();
    let file = source(&place);
    let (mut store, before) = imported(&place, &file);
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..2 * PAGE_BYTES]).unwrap();
    assert_eq!(store.import_file(&file, &import_options()).unwrap_err().code(), "LM_SOURCE_NOTHING_LEFT");
    assert_eq!(store.content(), &before);
    assert_eq!(store.snapshots(), []);

    let beside = Place4::new();
    let mut fresh = beside.store();
    assert_eq!(fresh.import_file(&file, &import_options()).unwrap_err().code(), "LM_SOURCE_NOTHING_LEFT");
    assert!(fresh.default_layout_due());
    drop(fresh);
    assert!(beside.open().report.default_layout_due);
}

#[test]
fn what_the_source_lost_gives_way_to_what_it_has_and_is_never_dropped() {
    let place = Place4::new();
    let file = source(&place);
    let (mut store, before) = imported(&place, &file);
    // 5 goes to where 70 is, a new one to where 71 is; then 70 and 71 are lost.
    change(
        &file,
        "UPDATE favorites SET (cellX, cellY, screen) = (SELECT cellX, cellY, screen FROM favorites WHERE _id = 70) WHERE _id = 5;
         UPDATE favorites SET intent = 'new', (cellX, cellY, screen) = (SELECT cellX, cellY, screen FROM favorites WHERE _id = 71)
          WHERE _id = 6;",
    );
    tear_away(&file, 70);
    let report = store.import_file(&file, &import_options()).unwrap();
    sound(&mut store);
    let content = store.content();
    assert_eq!(
        content.items.len(),
        ITEMS as usize + 1,
        "6 is another item now, and the old one is on the screen"
    );
    assert_eq!((content.quarantined().count(), content.overflow().count()), (0, 0));
    assert_eq!(seat(content, 5), seat(&before, 70), "the source's item has its place");
    assert_ne!(seat(content, 70), seat(&before, 70));
    assert_eq!(seat(content, 69), seat(&before, 69), "nobody else moves");
    let moved = report.notes.iter().filter(|note| note.detail.ends_with("at another place")).count();
    assert_eq!(moved, 2);
    let trail = store.audit(Some(ItemId(70))).unwrap();
    assert_eq!(trail.last().unwrap().code.as_deref(), Some("LM_IMPORT_SOURCE_INCOMPLETE"));
    assert!(trail.last().unwrap().image.is_some(), "where it was can be looked up");
}

#[test]
fn a_folder_and_its_contents_stay_together_whichever_of_them_is_lost() {
    for lost in [1, 60] {
        let place = Place4::new();
        let file = source(&place);
        // Row 2 and 61 lie on the other side of the table from their folders.
        change(
            &file,
            "UPDATE favorites SET container = 60 WHERE _id = 2; UPDATE favorites SET container = 1 WHERE _id IN (61, 62);",
        );
        let (mut store, before) = imported(&place, &file);
        tear_away(&file, lost);
        store.import_file(&file, &import_options()).unwrap();
        all_shown(store.content());
        for folder in [1, 60] {
            let inside = |content: &Content| content.inside(ItemId(folder), content.active);
            assert_eq!(inside(store.content()), inside(&before), "folder {folder}, lost {lost}");
        }
        sound(&mut store);
    }
}

#[test]
fn a_damaged_source_of_another_size_or_launcher_takes_nothing_away() {
    let place = Place4::new();
    let file = source(&place);
    let (mut store, before) = imported(&place, &file);
    let whole = fs::read(&file).unwrap();
    for (grid, moves) in [
        (GridSize { columns: 6, rows: 6, dock: 6 }, false),
        (GridSize { columns: 3, rows: 3, dock: 3 }, true),
    ] {
        fs::write(&file, &whole).unwrap();
        tear_away(&file, 70);
        let options = ImportOptions { grid: Some(grid), ..import_options() };
        store.import_file(&file, &options).unwrap();
        sound(&mut store);
        assert_eq!(store.content().layout().unwrap().grid, grid);
        assert_eq!(store.content().quarantined().count(), 0);
        let overflow = store.content().overflow().count();
        assert_eq!(overflow > 0, moves, "only what the file has waits for the load");
        assert!(store.content().overflow().all(|item| item.id != ItemId(70)));
    }
    let miui = place.dir.path().join("launcher4x5.db");
    database(&miui, MIUI60);
    let connection = Connection::open(&miui).unwrap();
    for id in 201..=300 {
        connection
            .execute(
                "INSERT INTO favorites (_id, intent, container, screen, cellX, cellY, spanX, spanY, itemType, icon)
                 VALUES (?1, ?2, -100, ?3, ?4, ?5, 1, 1, 0, zeroblob(300))",
                rusqlite::params![id, app_intent(&format!("app{id}")), id / 20, id % 4, id / 4 % 5],
            )
            .unwrap();
    }
    drop(connection);
    change(&miui, "");
    tear_away(&miui, 250);
    let report = store.import_file(&miui, &import_options()).unwrap();
    assert_eq!((report.outcome, report.quarantined), (Outcome::Salvaged, 0));
    assert!(before.items.keys().all(|id| store.content().items.contains_key(id)));
    sound(&mut store);
}
