//! Laws for every home screen and every order of changes (LM-I1 to LM-I4, LM-I14, LM-I16, LM-I17). They are about data, so
//! thousands of cases take seconds; `PROPTEST_CASES` sets how many.

use std::collections::BTreeSet;

use ferrule_launcher_model::export::{Format, Overflow, rows};
use ferrule_launcher_model::import::{ImportOptions, dry_run};
use ferrule_launcher_model::rows::favorites::{AOSP_COLUMNS, names};
use ferrule_launcher_model::rows::{Column, SourceRows, Table, Value};
use ferrule_launcher_model::store::{
    Change, Content, Edit, EpochMillis, Event, Family, ItemId, ModelStore, PageId, Place, ProfileSerial,
    check, image,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::kit::*;

/// The columns of the newest table, and two that nobody knows.
fn column_names() -> Vec<&'static str> {
    names(&AOSP_COLUMNS).into_iter().chain(["badgeColor", "note"]).collect()
}

/// A value as hostile files have it: mostly of the right type.
fn odd(usual: impl Strategy<Value = i64> + 'static) -> impl Strategy<Value = Value> {
    prop_oneof![
        20 => usual.prop_map(Value::Integer),
        1 => Just(Value::Null),
        1 => Just(Value::Text("x".to_owned())),
        1 => Just(Value::Text("3".to_owned())),
        1 => Just(Value::Real(1.5)),
        1 => any::<i64>().prop_map(Value::Integer),
        1 => Just(Value::Blob(vec![0, 255])),
    ]
}

fn text() -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => "[a-z]{0,3}".prop_map(Value::Text),
        1 => Just(Value::Null),
        1 => Just(Value::Integer(7)),
    ]
}

/// A row; its number is given by its place.
fn row() -> impl Strategy<Value = Vec<Value>> {
    let place = (
        odd(prop_oneof![6 => Just(-100_i64), 2 => Just(-101), 4 => 1..12_i64, 1 => -5..0_i64]),
        odd(0..4_i64),
        odd(-1..5_i64),
        odd(-1..6_i64),
        odd(0..4_i64),
        odd(1..3_i64),
    );
    let kind = odd(
        prop_oneof![6 => Just(0_i64), 1 => Just(1), 3 => Just(2), 2 => Just(4), 1 => Just(5), 2 => Just(6), 1 => Just(10), 1 => Just(77)],
    );
    let rest = (odd(-1..50_i64), text(), odd(0..3_i64), odd(Just(0)), odd(0..4_i64));
    (place, kind, text(), text(), rest, odd(Just(0)), text(), odd(Just(5))).prop_map(
        |(
            (container, screen, x, y, width, height),
            kind,
            title,
            intent,
            (widget, provider, restored, profile, rank),
            options,
            note,
            badge,
        )| {
            let number = |value: Value| if value.is_null() { Value::Integer(0) } else { value };
            vec![
                Value::Null,
                title,
                intent,
                container,
                screen,
                x,
                y,
                width,
                height,
                kind,
                number(widget),
                Value::Null,
                provider,
                Value::Integer(0),
                number(restored),
                profile,
                number(rank),
                number(options),
                Value::Integer(-1),
                badge,
                note,
            ]
        },
    )
}

fn source() -> impl Strategy<Value = SourceRows> {
    vec(row(), 0..25).prop_map(|mut rows| {
        for (row, id) in rows.iter_mut().zip(1..) {
            row[0] = Value::Integer(id);
        }
        let column = |name: &&str| Column {
            name: (*name).to_owned(),
            declared: String::new(),
            default: (*name == "profileId").then(|| "0".to_owned()),
        };
        let favorites = Table { columns: column_names().iter().map(column).collect(), rows };
        SourceRows { user_version: 32, favorites, screens: None }
    })
}

fn empty() -> Content {
    Content::empty(GRID, Family::Aosp, ProfileSerial(0))
}

/// A change, by numbers that are made to fit what is there.
fn change() -> impl Strategy<Value = (u8, usize, usize, i32, i32)> {
    (0..12_u8, any::<usize>(), any::<usize>(), -1..6, -1..6)
}

fn build(content: &Content, (what, first, second, x, y): (u8, usize, usize, i32, i32)) -> Change {
    let ids: Vec<ItemId> = content.items.keys().copied().collect();
    let pick = |at: usize| ids.get(at % ids.len().max(1)).copied().unwrap_or(ItemId(1));
    let pages: Vec<PageId> = content.layout().unwrap().pages.iter().map(|page| page.id).collect();
    let (id, page) = (pick(first), pages[second % pages.len()]);
    let place = match second % 4 {
        0 => Place::Dock { slot: x },
        1 => Place::Inside { parent: pick(second / 4), order: y },
        _ => Place::Desktop { page, x, y, width: 1 + x.rem_euclid(2), height: 1 },
    };
    let code = || "LM_TEST".to_owned();
    match what {
        0 => add(app(&format!("app{first}")), place),
        1 => add(folder(), place),
        2 | 3 => Change::Place { id, place, code: None },
        4 => Change::Quarantine { id, code: code(), until: None },
        5 => Change::Restore { id },
        6 => Change::Hold { id, code: code() },
        7 => Change::Release { id },
        8 => Change::AddPage { at: second % 5, title: None },
        9 => Change::MovePage { page, to: first % 5 },
        10 => Change::RemovePage { page },
        _ => Change::Edit { id, edit: Edit::Options(x) },
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a source holds, every row is an item, and what comes of it is a home screen.
    #[test]
    fn any_rows_make_a_home_screen_with_every_row_in_it(source in source(), grid in any::<bool>()) {
        let options = ImportOptions { grid: grid.then_some(GRID), ..import_options() };
        let (content, report) = dry_run(&empty(), &source, &options).unwrap();
        prop_assert_eq!(check(&content), []);
        prop_assert_eq!(content.items.len(), source.favorites.rows.len());
        prop_assert_eq!(report.items, source.favorites.rows.len());
        for item in content.items.values() {
            prop_assert_eq!(image::decode(&image::encode(item)), Some(item.clone()));
        }
    }

    /// import(export(x)) = x, and what an import kept of a row is in the export again.
    #[test]
    fn an_export_comes_back_as_it_was(source in source()) {
        let (content, _) = dry_run(&empty(), &source, &import_options()).unwrap();
        let (out, report) = rows(&content, Format::Favorites, Overflow::AsWished);
        prop_assert_eq!(out.favorites.rows.len(), content.items.len(), "{:?}", report.notes);
        let (again, report) = dry_run(&content, &out, &import_options()).unwrap();
        prop_assert_eq!(&again.items, &content.items);
        prop_assert_eq!(&again.layouts, &content.layouts);
        prop_assert!(report.notes.iter().all(|note| note.code != "LM_IMPORT_REPLACED"));
        // LM-I14: the columns that nobody knows are as the source had them.
        for (row, exported) in source.favorites.rows.iter().zip(&out.favorites.rows) {
            prop_assert_eq!(&row[19..], &exported[19..]);
        }
    }

    /// For legacy every item has a place, and none is lost on the way there and back.
    #[test]
    fn legacy_gets_every_item_on_a_place_of_its_own(source in source()) {
        let (content, _) = dry_run(&empty(), &source, &import_options()).unwrap();
        let (out, _) = rows(&content, Format::Favorites, Overflow::OnFreeCells);
        let (again, report) = dry_run(&empty(), &out, &import_options()).unwrap();
        prop_assert_eq!(report.overflow, 0, "{:?}", report.notes);
        prop_assert_eq!(again.items.len(), content.items.len());
        prop_assert_eq!(leaves(&again), leaves(&content));
    }

    /// The other family's shape carries every row too.
    #[test]
    fn every_row_crosses_over_to_miui(source in source()) {
        let (content, _) = dry_run(&empty(), &source, &import_options()).unwrap();
        let (out, _) = rows(&content, Format::Miui, Overflow::OnFreeCells);
        let (again, _) = dry_run(&empty(), &out, &import_options()).unwrap();
        prop_assert_eq!(again.family, Family::Miui);
        prop_assert_eq!(again.items.len(), content.items.len());
        prop_assert_eq!(check(&again), []);
    }

    /// Any order of changes: a refused list changes nothing, an accepted one leaves a home screen; without a deletion no
    /// item goes; every removal has its image; numbers only grow.
    #[test]
    fn no_order_of_changes_loses_an_item(source in source(), steps in vec(vec(change(), 1..4), 0..20)) {
        let (mut content, _) = dry_run(&empty(), &source, &import_options()).unwrap();
        let mut expected: BTreeSet<ItemId> = content.items.keys().copied().collect();
        for (step, time) in steps.into_iter().zip(0..) {
            let changes: Vec<Change> = step.into_iter().map(|step| build(&content, step)).collect();
            let Ok((next, audit)) = ferrule_launcher_model::store::apply(&content, &changes, EpochMillis(time)) else {
                continue;
            };
            prop_assert_eq!(check(&next), []);
            prop_assert!(next.next_item >= content.next_item && next.next_page >= content.next_page);
            expected.extend((content.next_item..next.next_item).map(ItemId));
            prop_assert_eq!(next.items.keys().copied().collect::<BTreeSet<_>>(), expected.clone(), "LM-I1");
            for entry in audit.iter().filter(|entry| entry.event == Event::Quarantined) {
                let kept = image::decode(entry.image.as_ref().unwrap()).unwrap();
                prop_assert_eq!(Some(kept.id), entry.item, "LM-I17");
            }
            content = next;
        }
    }

    /// Any bytes are an image or none.
    #[test]
    fn any_bytes_decode_or_do_not(bytes in vec(any::<u8>(), 0..200)) {
        if let Some(item) = image::decode(&bytes) {
            prop_assert_eq!(image::decode(&image::encode(&item)), Some(item));
        }
    }

    /// Restoring what was put away, with nothing done in between, is as if nothing had happened.
    #[test]
    fn away_and_back_is_where_it_was(source in source(), which in any::<usize>()) {
        let (content, _) = dry_run(&empty(), &source, &import_options()).unwrap();
        let seated: Vec<ItemId> =
            content.items.values().filter(|item| item.seat(content.active).is_some()).map(|item| item.id).collect();
        // Not rejected: of many cases proptest refuses to reject more than a thousand.
        let Some(id) = seated.get(which % seated.len().max(1)).copied() else { return Ok(()) };
        let changes = [
            Change::Quarantine { id, code: "LM_TEST".to_owned(), until: None },
            Change::Restore { id },
        ];
        let (after, _) = ferrule_launcher_model::store::apply(&content, &changes, NOW).unwrap();
        for (id, item) in &content.items {
            prop_assert_eq!(&after.items[id].positions, &item.positions);
            prop_assert_eq!(&after.items[id].quarantine, &None);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// What is in memory is what is in the file, after every write (LM-I5's storing half).
    #[test]
    fn the_file_holds_what_memory_holds(source in source(), second in source(), steps in vec(vec(change(), 1..4), 0..8)) {
        let place = Place4::new();
        let mut store = place.store();
        store.import_rows(&source, &import_options()).unwrap();
        for step in steps {
            let changes: Vec<Change> = step.into_iter().map(|step| build(store.content(), step)).collect();
            let _ = store.write(&changes, "test", NOW);
            sound(&mut store);
        }
        let expected = store.content().clone();
        drop(store);
        let mut store: ModelStore = place.store();
        prop_assert_eq!(store.content(), &expected);
        store.import_rows(&second, &import_options()).unwrap();
        sound(&mut store);
        prop_assert!(leaves(store.content()).len() >= leaves(&expected).len(), "LM-I1");
        let out = place.dir.path().join("out.db");
        store.export(Format::Favorites, &out).unwrap();
        store.export(Format::Miui, &place.dir.path().join("miui.db")).unwrap();
        store.restore(store.snapshots().last().map_or(0, |last| last.id), NOW).ok();
        sound(&mut store);
    }
}
