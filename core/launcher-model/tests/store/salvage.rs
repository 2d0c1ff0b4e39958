//! Damaged files: set aside, read page by page, filled up from the last snapshot, never lost without a word.

use std::fs;

use ferrule_launcher_model::salvage::Origin;
use ferrule_launcher_model::snapshot::Reason;
use ferrule_launcher_model::store::{Change, Content, ItemId, check};

use crate::kit::*;

const PAGE: usize = 4096;

/// A store of 60 apps on three pages, and what it holds.
fn sixty(place: &Place4) -> Content {
    let mut store = place.store();
    store
        .write(&[Change::AddPage { at: 1, title: None }, Change::AddPage { at: 2, title: None }], "user", NOW)
        .unwrap();
    let pages: Vec<_> = store.content().layout().unwrap().pages.iter().map(|page| page.id).collect();
    let mut changes = Vec::new();
    for page in pages {
        for (x, y) in (0..5).flat_map(|y| (0..4).map(move |x| (x, y))) {
            let mut item = app(&format!("com.example.app{}x{x}y{y}", page.0));
            item.icon = Some(vec![u8::try_from(x).unwrap(); 300].into());
            changes.push(add(item, cell(page, x, y)));
        }
    }
    store.write(&changes, "user", NOW).unwrap();
    store.content().clone()
}

#[test]
fn any_one_page_lost_costs_nothing_when_there_is_a_snapshot() {
    let place = Place4::new();
    let before = sixty(&place);
    place.store().snapshot(Reason::Manual, NOW).unwrap();
    let whole = fs::read(place.file()).unwrap();
    for page in 0..whole.len() / PAGE {
        let mut bytes = whole.clone();
        bytes[page * PAGE..(page + 1) * PAGE].fill(0xA5);
        fs::write(place.file(), &bytes).unwrap();
        let opened = place.open();
        let Some(report) = opened.report.salvage else {
            assert_eq!(opened.store.content(), &before, "page {page} held nothing");
            continue;
        };
        assert_eq!(leaves(opened.store.content()), leaves(&before), "page {page}: {report:?}");
        assert_eq!(check(opened.store.content()), []);
        assert_eq!(opened.store.content().overflow().count(), 0);
        let aside = report.set_aside.unwrap();
        assert_eq!(fs::read(&aside).unwrap(), bytes, "page {page}: the damaged file is kept as it was");
        assert!(aside.file_name().unwrap().to_str().unwrap().starts_with("ferrule_model.db.damaged-"));
        fs::remove_file(aside).unwrap();
    }
}

#[test]
fn without_a_snapshot_only_what_the_bad_page_held_is_lost() {
    let place = Place4::new();
    let before = sixty(&place);
    let whole = fs::read(place.file()).unwrap();
    let mut most = 0;
    for page in 0..whole.len() / PAGE {
        let mut bytes = whole.clone();
        bytes[page * PAGE..(page + 1) * PAGE].fill(0);
        fs::write(place.file(), &bytes).unwrap();
        let opened = place.open();
        assert_eq!(check(opened.store.content()), []);
        most = most.max(before.items.len() - opened.store.items().len());
        for item in opened.store.items() {
            let was = &before.items[&item.id];
            assert_eq!((&item.intent, &item.icon, item.kind), (&was.intent, &was.icon, was.kind));
        }
    }
    assert!(most <= 10, "one page held {most} items");
}

#[test]
fn the_first_page_lost_hides_nothing() {
    let place = Place4::new();
    let before = sixty(&place);
    let mut bytes = fs::read(place.file()).unwrap();
    bytes[..PAGE].fill(0xFF);
    fs::write(place.file(), bytes).unwrap();
    let opened = place.open();
    let report = opened.report.salvage.unwrap();
    assert_eq!((report.origin, report.items), (Origin::Rows, before.items.len()));
    assert_eq!(opened.store.content().items, before.items);
    assert_eq!(opened.store.content().layouts, before.layouts);
}

#[test]
fn the_log_is_read_when_the_main_file_is_empty_or_gone() {
    for gone in [true, false] {
        let place = Place4::new();
        // The log is copied while the store is open: closing would move it into the file.
        let mut store = place.store();
        let page = first_page(store.content());
        store
            .write(&[add(app("a"), cell(page, 0, 0)), add(app("b"), cell(page, 1, 0))], "user", NOW)
            .unwrap();
        let before = store.content().clone();
        let log = fs::read(place.dir.path().join("ferrule_model.db-wal")).unwrap();
        drop(store);
        let place = Place4::new();
        fs::write(place.dir.path().join("ferrule_model.db-wal"), log).unwrap();
        if !gone {
            fs::write(place.file(), "").unwrap();
        }
        let opened = place.open();
        assert_eq!(opened.report.salvage.unwrap().origin, Origin::Rows);
        assert_eq!(opened.store.content().items, before.items);
    }
}

#[test]
fn a_file_with_nothing_left_falls_back_to_the_snapshot_then_to_the_default_layout() {
    let place = Place4::new();
    let before = sixty(&place);
    place.store().snapshot(Reason::Manual, NOW).unwrap();
    fs::write(place.file(), vec![7; 20 * PAGE]).unwrap();
    let opened = place.open();
    assert_eq!(opened.report.salvage.unwrap().origin, Origin::Snapshot);
    assert_eq!(opened.store.content().items, before.items);
    drop(opened.store);

    fs::remove_file(place.file()).unwrap();
    let opened = place.open();
    assert_eq!(opened.report.salvage.unwrap().set_aside, None);
    assert_eq!(opened.store.content().items, before.items, "a lost file is no reason to start afresh");
    drop(opened.store);

    fs::remove_dir_all(place.dir.path().join("ferrule_model.db.snapshots")).unwrap();
    fs::write(place.file(), vec![7; 20 * PAGE]).unwrap();
    let opened = place.open();
    assert_eq!(opened.report.salvage.unwrap().origin, Origin::Nothing);
    assert!(opened.report.default_layout_due);
    drop(opened.store);
    let opened = place.open();
    assert!(opened.report.default_layout_due, "until it is there");
    assert_eq!(opened.report.salvage, None);
}

#[test]
fn what_the_user_deleted_after_the_snapshot_stays_deleted() {
    let place = Place4::new();
    let before = sixty(&place);
    let mut store = place.store();
    store.snapshot(Reason::Manual, NOW).unwrap();
    store.write(&[Change::Delete { id: ItemId(7) }], "user", NOW).unwrap();
    drop(store);
    let mut bytes = fs::read(place.file()).unwrap();
    bytes[..PAGE].fill(0xFF);
    fs::write(place.file(), bytes).unwrap();
    let store = place.store();
    assert_eq!(store.items().len(), before.items.len() - 1);
    assert!(!store.content().items.contains_key(&ItemId(7)));
}

#[test]
fn an_interrupted_salvage_is_finished_by_the_next_opening() {
    let place = Place4::new();
    let before = sixty(&place);
    let finished = place.dir.path().join("ferrule_model.db.salvaged");
    fs::rename(place.file(), &finished).unwrap();
    let opened = place.open();
    assert_eq!(opened.store.content(), &before);
    assert!(!finished.exists());
}
