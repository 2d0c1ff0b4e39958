//! Each way in which today's launcher loses items at a load for where they are, one test a way: symptom and cause first, then
//! what users get. The ways were seen in runs of Launcher3's own code; every test also holds the loss against `compat`.

mod safe_kit;

use ferrule_launcher_model::compat::{
    BuildFlags, LoadInput, LoadRow, SqlKey, assume_present, load as legacy_load, rows_of_board,
};
use ferrule_launcher_model::neutral::{Board, FolderStyle, Item, Kind, Place, Title};
use ferrule_launcher_model::platform::Unlisted;
use ferrule_launcher_model::safe::{Deviation, Remedy, Seat, State, load, rows_after};
use safe_kit::{NO_BAR, app, cell, codes, input, inside, legacy, lost, row, safe, seat, states, widget};

#[test]
fn a_folder_with_one_bad_cell_keeps_all_its_icons() {
    // Symptom: a folder and dozens of icons are gone, or a phantom folder shows icons that no longer exist. Cause: the folder is
    // deleted for its place, its children as unparented; the placeholder stays in the map (J.1.4).
    let rows =
        [row(1, 2, (4, 0)), inside(1, 0, app(2, (0, 0))), inside(1, 1, app(3, (0, 0))), app(4, (3, 0))];
    let phone = assume_present(&rows);
    assert_eq!(lost(&legacy(&rows, &phone)), [1, 2, 3]);
    assert!(legacy(&rows, &phone).model.collections.contains_key(&1), "the phantom");
    let outcome = safe(&rows, &phone);
    assert_eq!(outcome.contents[&1], [2, 3]);
    assert_eq!(
        (codes(&outcome, 1), seat(&outcome, 1)),
        (&[Deviation::RelocatedOutOfBounds][..], cell(0, 3, 1))
    );
    assert!(outcome.contents.keys().all(|id| outcome.items.contains_key(id)), "no phantom");
}

#[test]
fn colliding_items_are_moved_to_the_nearest_cell() {
    // Symptom: the later of two icons on a cell is gone. Cause: rejected rows are deleted (J.1.5).
    let rows = [app(1, (1, 1)), app(2, (1, 1)), app(3, (1, 0))];
    let phone = assume_present(&rows);
    assert_eq!(lost(&legacy(&rows, &phone)), [2]);
    let outcome = safe(&rows, &phone);
    assert_eq!((seat(&outcome, 1), seat(&outcome, 3)), (cell(0, 1, 1), cell(0, 1, 0)));
    assert_eq!((codes(&outcome, 2), seat(&outcome, 2)), (&[Deviation::RelocatedOverlap][..], cell(0, 0, 1)));
}

#[test]
fn a_zombie_keeps_its_cell() {
    // Symptom: an icon that an update of the launcher could read again deletes another one. Cause: a row of unknown type is
    // neither shown nor deleted and its cell looks free, so the next item is put there (J.1.6).
    let rows = [row(1, 19, (0, 0)), app(2, (0, 0))];
    let phone = assume_present(&rows);
    let theirs = legacy(&rows, &phone);
    assert_eq!((lost(&theirs), theirs.model.items.len()), (vec![], 1));
    let outcome = safe(&rows, &phone);
    assert_eq!(states(&outcome), [(1, State::Opaque), (2, State::Live)]);
    // What the user sees stays; the row that nobody sees yields, and has a place of its own from now on.
    assert_eq!((seat(&outcome, 2), seat(&outcome, 1)), (cell(0, 0, 0), cell(0, 1, 0)));
    let mut readable = rows_after(&rows, &outcome.writes);
    readable[0] = LoadRow { container: -100, screen: 0, cell_x: 1, ..app(1, (1, 0)) };
    let phone = assume_present(&readable);
    assert_eq!(safe(&readable, &phone).items.len(), 2);
}

#[test]
fn a_pair_around_a_pair_is_not_deleted_in_the_next_load() {
    // Symptom: an app pair disappears one start after it became invisible. Cause: a pair whose member is a pair throws while it
    // is read, so its cell is free; something takes the cell, and the pair collides in the next load (C9).
    let rows = [
        inside(3, 0, row(1, 10, (0, 0))),
        inside(3, 1, app(2, (0, 0))),
        row(3, 10, (1, 1)),
        inside(1, 0, app(4, (0, 0))),
        inside(1, 1, app(5, (0, 0))),
        app(6, (1, 1)),
        inside(3, 2, app(7, (0, 0))),
    ];
    let phone = assume_present(&rows);
    assert!(!legacy(&rows, &phone).model.items.contains_key(&3));
    let outcome = safe(&rows, &phone);
    assert_eq!(outcome.items.len(), 7);
    assert_eq!((outcome.contents[&1].len(), outcome.contents[&3].as_slice()), (2, &[2, 7][..]));
    assert_eq!(codes(&outcome, 1), [Deviation::RelocatedNested]);
}

#[test]
fn a_chain_of_orphans_is_settled_at_once() {
    // Symptom: icons go one after another, a start at a time. Cause: each step of the clean-up runs once, so what a step empties
    // is cleaned up by a later load (J.1.23, structure/orphan_chain).
    let rows = [
        row(1, 2, (0, 0)),
        inside(1, 0, row(2, 10, (0, 0))),
        inside(2, 0, app(3, (0, 0))),
        inside(99, 0, app(4, (0, 0))),
        row(5, 2, (1, 0)),
    ];
    let phone = assume_present(&rows);
    assert_eq!(lost(&legacy(&rows, &phone)), [2, 3, 4], "and the folders are left for later");
    let outcome = safe(&rows, &phone);
    // The pair of one dissolves into the folder; the orphan comes to the desktop; the empty folder goes, and is kept.
    assert_eq!(outcome.contents[&1], [3]);
    assert_eq!(codes(&outcome, 4), [Deviation::RelocatedOrphan]);
    let quarantined: Vec<i64> = outcome.in_state(State::Quarantined).map(|row| row.row_id).collect();
    assert_eq!(quarantined, [2, 5]);
}

#[test]
fn a_null_container_blocks_nothing_and_is_shown() {
    // Symptom: empty folders stay for ever, and an icon is nowhere. Cause: one NULL container makes SQL's NOT IN match nothing;
    // the row itself becomes an invisible child of collection 0 (J.1.23, C11).
    let nowhere = |id| LoadRow { container: 0, sql_container: SqlKey::Null, ..app(id, (0, 0)) };
    let rows = [row(1, 2, (0, 0)), row(2, 10, (1, 0)), nowhere(3), nowhere(4)];
    let phone = assume_present(&rows);
    let theirs = legacy(&rows, &phone);
    assert!(lost(&theirs).is_empty() && !theirs.model.workspace_items.contains(&3));
    let outcome = safe(&rows, &phone);
    let away: Vec<i64> = outcome.in_state(State::Quarantined).map(|row| row.row_id).collect();
    assert_eq!((away, seat(&outcome, 3), seat(&outcome, 4)), (vec![1, 2], cell(0, 0, 0), cell(0, 1, 0)));
}

#[test]
fn folders_in_themselves_come_out() {
    // Symptom: a folder and its icons are in no view, and no clean-up ever finds them. Cause: a folder may contain itself, or two
    // each other; every container exists, so nothing is an orphan (structure/folder_self, folder_cycle).
    let rows = [
        inside(1, 0, row(1, 2, (0, 0))),
        inside(1, 1, app(2, (0, 0))),
        inside(4, 0, row(3, 2, (0, 0))),
        inside(3, 0, row(4, 2, (0, 0))),
        inside(3, 1, app(5, (0, 0))),
        inside(4, 1, app(6, (0, 0))),
    ];
    let phone = assume_present(&rows);
    assert!(lost(&legacy(&rows, &phone)).is_empty());
    let outcome = safe(&rows, &phone);
    assert_eq!(outcome.items.len(), 6);
    for id in [1, 3, 4] {
        assert_eq!(codes(&outcome, id), [Deviation::RelocatedNested]);
        assert!(matches!(seat(&outcome, id), Some(Seat::Desktop { .. })));
    }
}

#[test]
fn children_of_an_app_and_of_unknown_containers_are_shown() {
    // Symptom: icons are in the database and nowhere else. Cause: any existing row, and any negative number, counts as a container
    // (README "facts": child_of_app, containers -1, -103, -777).
    let rows = [app(1, (0, 0)), inside(1, 0, app(2, (0, 0))), inside(-103, 0, app(3, (0, 0)))];
    let phone = assume_present(&rows);
    assert_eq!(legacy(&rows, &phone).model.workspace_items, [1]);
    let outcome = safe(&rows, &phone);
    assert_eq!(codes(&outcome, 2), [Deviation::RelocatedNotACollection]);
    assert_eq!(codes(&outcome, 3), [Deviation::RelocatedUnknownContainer]);
    assert_eq!((seat(&outcome, 2), seat(&outcome, 3)), (cell(0, 1, 0), cell(0, 2, 0)));
}

#[test]
fn the_row_of_the_search_bar_is_reserved_from_the_first_load_on() {
    // Symptom: icons in the first row vanish at the second start after the search bar was made removable. Cause: the first load of
    // a process does not reserve the row, the next one does and deletes what lies there (C18c).
    let flags = BuildFlags { qsb_on_first_screen: true, smartspace_removal_toggle: true, ..NO_BAR };
    let rows = [app(1, (1, 0))];
    let phone = assume_present(&rows);
    let first = legacy_load(&input(&rows, &phone, flags));
    assert!(lost(&first).is_empty());
    let next = legacy_load(&LoadInput { prior_load_pinned: true, ..input(&rows, &phone, flags) });
    assert_eq!(lost(&next), [1]);
    for prior_load_pinned in [false, true] {
        let outcome = load(&LoadInput { prior_load_pinned, ..input(&rows, &phone, flags) }, &[]);
        assert_eq!(codes(&outcome, 1), [Deviation::RelocatedReservedRow]);
        assert_eq!(seat(&outcome, 1), cell(0, 1, 1));
    }
}

#[test]
fn a_span_that_overflows_is_made_to_fit() {
    // Symptom: a widget lies over everything and nothing knows. Cause: the bounds test adds in 32 bits (C5).
    let rows = [LoadRow { cell_x: 2, span_x: i32::MAX, ..widget(1, (0, 0)) }, app(2, (2, 0))];
    let phone = assume_present(&rows);
    assert!(lost(&legacy(&rows, &phone)).is_empty());
    let outcome = safe(&rows, &phone);
    assert_eq!(codes(&outcome, 1), [Deviation::RelocatedResized]);
    assert_eq!(seat(&outcome, 1), Some(Seat::Desktop { page: 0, x: 0, y: 1, width: 4, height: 1 }));
    assert_eq!(seat(&outcome, 2), cell(0, 2, 0));
}

#[test]
fn a_smaller_dock_overflows_to_the_desktop() {
    // Symptom: after a change of the dock its last icons are gone. Cause: an index at or above the size is deleted, a negative one
    // throws (B.4).
    let docked = |id, slot| LoadRow {
        container: -101,
        screen: slot,
        sql_container: SqlKey::Int(-101),
        ..app(id, (0, 0))
    };
    let rows = [docked(1, 0), docked(2, 1), docked(3, 2), docked(4, -1), docked(5, 4)];
    let phone = assume_present(&rows);
    assert_eq!(lost(&legacy(&rows, &phone)), [5]);
    let outcome = safe(&rows, &phone);
    assert_eq!(seat(&outcome, 4), Some(Seat::Dock { index: 3 }));
    assert_eq!((codes(&outcome, 5), seat(&outcome, 5)), (&[Deviation::RelocatedDock][..], cell(0, 3, 4)));
}

#[test]
fn a_page_with_a_number_below_zero_becomes_a_page() {
    // Symptom: a page comes and goes. Cause: page ids are not validated, and -201 exists only while dragging (J.1.31).
    let rows = [app(1, (0, 0)), LoadRow { screen: -201, ..app(2, (3, 3)) }];
    let phone = assume_present(&rows);
    let outcome = safe(&rows, &phone);
    assert_eq!((outcome.pages.as_slice(), seat(&outcome, 2)), (&[0, 1][..], cell(1, 3, 3)));
    assert_eq!(codes(&outcome, 2), [Deviation::RelocatedPage]);
}

#[test]
fn empty_pages_stay() {
    // Symptom: an empty page that the user made is gone after a start. Cause: pages are what items are on (J.1.20).
    let rows = [app(1, (0, 0))];
    let phone = assume_present(&rows);
    let outcome = load(&input(&rows, &phone, NO_BAR), &[3, 0, 7]);
    assert_eq!(outcome.pages, [3, 0, 7]);
}

#[test]
fn children_of_something_unknown_stay_with_it() {
    // Symptom: a vendor's big folder is a hole in the screen and its icons are nowhere. Cause: children of a row of unknown type are
    // kept invisible for ever (child_of_zombie).
    let rows = [row(1, 21, (0, 0)), inside(1, 0, app(2, (0, 0)))];
    let phone = assume_present(&rows);
    let outcome = safe(&rows, &phone);
    assert_eq!(states(&outcome), [(1, State::Opaque), (2, State::Held)]);
    assert_eq!(outcome.contents[&1], [2]);
    assert_eq!(outcome.rows[1].remedies, [Remedy::RestoreCollection { collection: 1 }]);
}

#[test]
fn the_order_in_a_folder_is_stored_and_counts_who_is_away() {
    // Symptom: icons of a folder change their order when one of them comes back. Cause: ranks are repaired in memory only, and
    // over the children that loaded (J.1.16).
    let rows = [
        row(1, 2, (0, 0)),
        inside(1, 5, app(2, (0, 0))),
        inside(1, 0, app(3, (0, 1))),
        inside(1, 0, app(4, (0, 0))),
    ];
    let mut phone = assume_present(&rows);
    phone.packages.retain(|package| package.name != "org.app3");
    let outcome = safe(&rows, &phone);
    assert_eq!(outcome.contents[&1], [4, 3, 2]);
    assert_eq!(seat(&outcome, 2), Some(Seat::Inside { collection: 1, rank: 2 }));
    assert_eq!((codes(&outcome, 2), codes(&outcome, 4)), (&[Deviation::RankDiffers][..], &[][..]));
    let ranks: Vec<(i64, i32)> =
        outcome.writes.iter().filter_map(|write| Some((write.row_id, write.place?.rank))).collect();
    assert_eq!(ranks, [(2, 2), (3, 1)]);
}

#[test]
fn no_container_is_not_the_row_with_id_0() {
    // Symptom: an icon without a container turns up in a folder. Cause: NULL is read as 0, which a row may have as its id.
    let rows = [
        row(0, 2, (0, 0)),
        inside(0, 0, app(2, (0, 0))),
        LoadRow { container: 0, sql_container: SqlKey::Null, ..app(3, (0, 0)) },
    ];
    let outcome = safe(&rows, &assume_present(&rows));
    assert_eq!((outcome.contents[&0].as_slice(), seat(&outcome, 3)), (&[2][..], cell(0, 1, 0)));
}

/// LM-I8: what is too large for any page and finds the dock full waits behind the dock, where it claims no slot that another
/// has got, whoever the platform has not answered for in the next load.
#[test]
fn a_row_without_any_place_claims_no_slot_of_another() {
    let dock = |slot: i32, row: LoadRow| LoadRow {
        container: -101,
        screen: slot,
        sql_container: SqlKey::Int(-101),
        ..row
    };
    let mut rows: Vec<LoadRow> = (0..3).map(|slot| dock(slot, app(i64::from(slot) + 1, (slot, 0)))).collect();
    rows.push(LoadRow {
        provider: Some("bad".to_owned()),
        span_x: 9,
        span_y: 9,
        ..dock(3, widget(4, (3, 0)))
    });
    rows.push(dock(3, app(5, (3, 0))));
    let platform = assume_present(&rows);
    let light = safe(&rows, &platform);
    assert_eq!((seat(&light, 4), seat(&light, 5)), (None, Some(Seat::Dock { index: 3 })));
    let rows = rows_after(&rows, &light.writes);
    let mut silent = platform;
    silent.unlisted = Unlisted::Unknown;
    silent.packages.clear();
    silent.activities.clear();
    silent.widgets.providers = None;
    let dark = safe(&rows, &silent);
    assert_eq!(dark.writes, []);
    assert_eq!((seat(&dark, 4), seat(&dark, 5)), (None, Some(Seat::Dock { index: 3 })));
}

/// Symptom: two icons are on no screen, and gone after the next start. Cause: the clean-up takes an orphan pair away and leaves
/// its members, which are in memory and in nothing (B.5.3 runs once).
#[test]
fn members_of_an_orphan_pair_are_not_left_in_memory_alone() {
    let rows =
        [inside(99, 0, row(1, 10, (0, 0))), inside(1, 0, app(2, (0, 0))), inside(1, 1, app(3, (0, 0)))];
    let phone = assume_present(&rows);
    let theirs = legacy(&rows, &phone);
    assert_eq!(lost(&theirs), [1]);
    assert!(theirs.model.items.contains_key(&2) && !theirs.model.shows(2));
    let outcome = safe(&rows, &phone);
    assert_eq!(states(&outcome), [(1, State::Live), (2, State::Live), (3, State::Live)]);
    assert_eq!(outcome.contents[&1], [2, 3]);
    assert_eq!(codes(&outcome, 1), [Deviation::RelocatedOrphan]);
    assert_eq!(codes(&outcome, 2), [Deviation::ShownInsteadOfLost]);
    assert_eq!(codes(&outcome, 3), [Deviation::ShownInsteadOfLost]);
    let after = rows_after(&rows, &outcome.writes);
    assert_eq!(codes(&safe(&after, &phone), 2), [], "it is told once");
}

/// Symptom: an icon lies on a big folder. Cause: a table of Launcher3's has one cell for any folder, so the other three of
/// MIUI's look free.
#[test]
fn nothing_is_put_on_the_cells_of_a_big_folder() {
    let item = |source_id: i64, kind: Kind, place: Place| Item {
        source_id,
        profile: 0,
        kind,
        place,
        title: Title::None,
        intent: app(source_id, (0, 0)).intent,
        icon: None,
        opaque: Vec::new(),
    };
    let folder = Place::Desktop { page: 0, x: 0, y: 0, width: 2, height: 2 };
    let board = Board {
        items: vec![
            item(1, Kind::Folder(FolderStyle::Big), folder),
            item(2, Kind::App, Place::Inside { collection: 1, order: 0 }),
            item(3, Kind::App, Place::Elsewhere { container: 99 }),
        ],
        ..Board::default()
    };
    let rows = rows_of_board(&board);
    let outcome = safe(&rows, &assume_present(&rows));
    assert_eq!(seat(&outcome, 1), Some(Seat::Desktop { page: 0, x: 0, y: 0, width: 2, height: 2 }));
    assert_eq!(seat(&outcome, 3), cell(0, 2, 0));
}
