//! Each way in which today's launcher loses a home screen at a load, one test a way: symptom and cause first, then what
//! users get. The ways were seen in runs of Launcher3's own code; every test also holds the loss against `compat`.

use ferrule_launcher_model::compat::placement::Grid;
use ferrule_launcher_model::compat::{
    BuildFlags, CancelAt, LoadInput, LoadOutcome, LoadRow, SqlKey, assume_present, load as legacy_load,
};
use ferrule_launcher_model::platform::{Answer, InstallSession, PinnedQuery, PlatformSnapshot, Unlisted};
use ferrule_launcher_model::safe::{
    Deviation, Remedy, SafeOutcome, Seat, State, load, rows_after, violations,
};

const GRID: Grid = Grid { columns: 4, rows: 5, hotseat: 4, search_columns: 4, folder: (4, 4) };
const NO_BAR: BuildFlags = BuildFlags {
    qsb_on_first_screen: false,
    smartspace_removal_toggle: false,
    smartspace_enabled: true,
    first_page_widget: false,
    support_archiving: true,
    app_pairs: true,
    widgets: true,
};

fn row(id: i64, item_type: i32, (cell_x, cell_y): (i32, i32)) -> LoadRow {
    LoadRow {
        row_id: id,
        item_type,
        container: -100,
        cell_x,
        cell_y,
        span_x: 1,
        span_y: 1,
        widget_id: -1,
        sql_container: SqlKey::Int(-100),
        sql_type: SqlKey::Int(item_type.into()),
        ..LoadRow::default()
    }
}

fn app(id: i64, cell: (i32, i32)) -> LoadRow {
    let intent = format!(
        "#Intent;action=android.intent.action.MAIN;category=android.intent.category.LAUNCHER;\
         launchFlags=0x10200000;component=org.app{id}/.Main;end"
    );
    LoadRow { intent: Some(intent), title: Some(format!("App {id}")), ..row(id, 0, cell) }
}

fn shortcut(id: i64, cell: (i32, i32)) -> LoadRow {
    LoadRow { intent: Some(format!("#Intent;package=org.mail;S.shortcut_id=s{id};end")), ..row(id, 6, cell) }
}

fn widget(id: i64, cell: (i32, i32)) -> LoadRow {
    LoadRow { provider: Some("org.clock/.Face".to_owned()), widget_id: 70, ..row(id, 4, cell) }
}

fn inside(container: i32, rank: i32, row: LoadRow) -> LoadRow {
    LoadRow { container, rank, sql_container: SqlKey::Int(container.into()), ..row }
}

fn input<'a>(rows: &'a [LoadRow], platform: &'a PlatformSnapshot, flags: BuildFlags) -> LoadInput<'a> {
    LoadInput {
        rows,
        grid: GRID,
        flags,
        platform,
        prior_load_pinned: false,
        cancel_at: CancelAt::Never,
        is_current_file: true,
    }
}

/// Loads twice, holds every law, and answers with the first load.
fn safe(rows: &[LoadRow], platform: &PlatformSnapshot) -> SafeOutcome {
    let first = load(&input(rows, platform, NO_BAR), &[]);
    assert_eq!(violations(&input(rows, platform, NO_BAR), &first), Vec::<String>::new());
    let left = rows_after(rows, &first.writes);
    let platform = first.effects.applied_to(platform);
    let second = load(&input(&left, &platform, NO_BAR), &first.pages);
    assert_eq!((second.writes.len(), &second.items), (0, &first.items));
    first
}

fn legacy(rows: &[LoadRow], platform: &PlatformSnapshot) -> LoadOutcome {
    legacy_load(&input(rows, platform, NO_BAR))
}

/// Rows that Launcher3 deletes.
fn lost(outcome: &LoadOutcome) -> Vec<i32> {
    let mut ids: Vec<i32> = outcome.deletions().map(|(id, _)| id).collect();
    ids.extend(outcome.swept.iter().map(|(id, _)| *id));
    ids.sort_unstable();
    ids
}

fn states(outcome: &SafeOutcome) -> Vec<(i64, State)> {
    outcome.rows.iter().map(|row| (row.row_id, row.state)).collect()
}

fn codes(outcome: &SafeOutcome, id: i64) -> &[Deviation] {
    outcome.row(id).map_or(&[], |row| &row.deviations)
}

fn cell(page: i32, x: i32, y: i32) -> Option<Seat> {
    Some(Seat::Desktop { page, x, y, width: 1, height: 1 })
}

fn seat(outcome: &SafeOutcome, id: i64) -> Option<Seat> {
    outcome.row(id).and_then(|row| row.seat)
}

#[test]
fn a_locked_private_space_costs_no_icon() {
    // Symptom: every icon of a profile is gone after a start. Cause: a profile that the user manager does not list counts as
    // removed (J.1.1).
    let rows = [app(1, (0, 0)), LoadRow { profile: 11, ..app(2, (1, 0)) }];
    let mut phone = assume_present(&rows);
    phone.profiles.retain(|profile| profile.serial != 11);
    assert_eq!(lost(&legacy(&rows, &phone)), [2]);
    let outcome = safe(&rows, &phone);
    assert_eq!(states(&outcome), [(1, State::Live), (2, State::Held)]);
    let explanation = outcome.explain(2, Some(1_700_000_000_000)).expect("it is not what it was");
    assert_eq!(explanation.remedies, [Remedy::BringProfileBack { profile: 11 }]);
    assert_eq!((explanation.since_ms, explanation.seat), (Some(1_700_000_000_000), cell(0, 1, 0)));
    assert_eq!(safe(&rows, &assume_present(&rows)).items[&2].cell_x, 1);
}

#[test]
fn a_package_that_is_being_updated_costs_no_icon() {
    // Symptom: an icon vanishes during an app's update. Cause: a package that is not reported after boot counts as
    // uninstalled (J.1.2).
    let rows = [app(1, (2, 3))];
    let mut phone = assume_present(&rows);
    phone.packages.clear();
    phone.activities.clear();
    assert_eq!(lost(&legacy(&rows, &phone)), [1]);
    let outcome = safe(&rows, &phone);
    assert_eq!((states(&outcome), seat(&outcome, 1)), (vec![(1, State::Held)], cell(0, 2, 3)));
    let install = Remedy::InstallPackage { package: "org.app1".to_owned(), profile: 0 };
    assert_eq!(outcome.rows[0].remedies, std::slice::from_ref(&install));
    phone.unlisted = Unlisted::Unknown;
    assert_eq!(safe(&rows, &phone).rows[0].remedies, [Remedy::WaitForPlatform, install]);
}

#[test]
fn a_provider_that_is_not_there_for_a_moment_costs_no_configuration() {
    // Symptom: a widget is gone and must be set up anew. Cause: its row is deleted while the provider is null, then its id is
    // freed as a ghost in the same load (J.1.3, J.1.30).
    let rows = [widget(1, (0, 0))];
    let mut phone = assume_present(&rows);
    phone.widgets.bound.clear();
    let theirs = legacy(&rows, &phone);
    assert_eq!((lost(&theirs), theirs.widget_ids_freed), (vec![1], vec![70]));
    let outcome = safe(&rows, &phone);
    assert_eq!(states(&outcome), [(1, State::Held)]);
    assert!(outcome.effects.widget_ids_freed.is_empty());
    assert_eq!(outcome.effects.widget_ids_kept, [70]);
}

#[test]
fn a_ghost_is_what_no_row_refers_to() {
    // Symptom: a widget works until the next start. Cause: ids of rows of type 5 with a normal id do not count as used (C12).
    let rows = [LoadRow { item_type: 5, sql_type: SqlKey::Int(5), ..widget(1, (0, 0)) }];
    let mut phone = assume_present(&rows);
    phone.widgets.host_ids = Some(vec![70, 71]);
    assert_eq!(legacy(&rows, &phone).widget_ids_freed, [70, 71]);
    let outcome = safe(&rows, &phone);
    assert_eq!(outcome.effects.widget_ids_freed, [71]);
    assert_eq!(outcome.effects.widget_ids_kept, [70]);
}

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
fn one_missing_app_does_not_cost_its_partner() {
    // Symptom: uninstalling one app of a pair removes the other one's icon too. Cause: the missing member is deleted, the pair is
    // no pair any more and is deleted, the other member has no parent (B.5 in order).
    let rows = [row(1, 10, (0, 0)), inside(1, 0, app(2, (0, 0))), inside(1, 1, app(3, (0, 0)))];
    let mut phone = assume_present(&rows);
    phone.packages.retain(|package| package.name != "org.app3");
    phone.activities.retain(|activity| activity.component.package != "org.app3");
    assert_eq!(lost(&legacy(&rows, &phone)), [1, 2, 3]);
    let outcome = safe(&rows, &phone);
    assert_eq!(states(&outcome), [(1, State::Live), (2, State::Live), (3, State::Held)]);
    assert_eq!(outcome.contents[&1], [2, 3]);
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
fn a_serial_above_32_bits_is_nobody_elses() {
    // Symptom: an icon of one profile starts another profile's app. Cause: the serial is read as a 32-bit number, so 2^32 is 0
    // (profileid_value/*).
    let rows = [LoadRow { sql_profile: SqlKey::Int(1 << 32), ..app(1, (0, 0)) }];
    let phone = assume_present(&rows);
    assert_eq!(legacy(&rows, &phone).model.items[&1].profile, 0);
    let outcome = safe(&rows, &phone);
    assert_eq!(codes(&outcome, 1), [Deviation::HeldProfileUnreadable]);
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
fn shortcuts_outlive_a_failed_query_for_pins() {
    // Symptom: all pinned shortcuts are gone after the launcher lost the home role or a query failed, and re-adding them is all
    // that helps. Cause: a query that returns null counts as an empty list; the rows are deleted and the pins dropped in the same
    // load (J.1.15, J.1.30).
    let rows = [shortcut(1, (0, 0)), shortcut(2, (1, 0))];
    let mut phone = assume_present(&rows);
    phone.profiles[0].pinned_query = PinnedQuery::Null;
    assert_eq!(lost(&legacy(&rows, &phone)), [1, 2]);
    let outcome = safe(&rows, &phone);
    assert_eq!(states(&outcome), [(1, State::Held), (2, State::Held)]);
    assert!(outcome.effects.pin_calls.is_empty());
    // One pin is really gone: its row is held, and the other row's pin is not touched.
    phone.profiles[0].pinned_query = PinnedQuery::Answered;
    phone.pinned_shortcuts.retain(|pin| pin.id == "s1");
    let outcome = safe(&rows, &phone);
    assert_eq!(states(&outcome), [(1, State::Live), (2, State::Held)]);
    assert!(outcome.effects.pin_calls.is_empty());
    let pin = Remedy::PinShortcut { package: "org.mail".to_owned(), id: "s2".to_owned(), profile: 0 };
    assert_eq!(outcome.rows[1].remedies, [pin]);
}

#[test]
fn pins_of_held_shortcuts_are_kept() {
    // Symptom: a shortcut of a profile that was away for one start never works again. Cause: the load that deletes the row unpins
    // it, so the app forgets it (J.1.30).
    let rows = [LoadRow { item_type: 6, profile: 0, sql_profile: SqlKey::Text, ..shortcut(1, (0, 0)) }];
    let phone = assume_present(&rows);
    let outcome = safe(&rows, &phone);
    assert_eq!(states(&outcome), [(1, State::Held)]);
    assert!(outcome.effects.pin_calls.is_empty());
}

#[test]
fn a_wiped_table_gives_nothing_back() {
    // Symptom: after a home screen was reset, putting an old copy of the database back restores neither widgets nor shortcuts.
    // Cause: the load of the empty table frees all widget ids and unpins everything (J.1.30; GRID C11: a failed upgrade resets the
    // screen at every start).
    let rows = [shortcut(1, (0, 0)), widget(2, (1, 0))];
    let phone = assume_present(&rows);
    let theirs = legacy(&[], &phone);
    assert_eq!((theirs.widget_ids_freed, theirs.pin_calls.len()), (vec![70], 1));
    let outcome = safe(&[], &phone);
    assert!(outcome.effects.widget_ids_freed.is_empty() && outcome.effects.pin_calls.is_empty());
}

#[test]
fn an_installer_of_another_profile_does_not_cost_a_promise() {
    // Symptom: restored icons vanish though their apps are being installed. Cause: whether an installer is trusted is remembered
    // by name, whatever the profile that was looked at first (J.1.28, trustmemo/first10).
    let rows = [LoadRow { restored: 1, ..app(1, (0, 0)) }];
    let mut phone = assume_present(&rows);
    phone.packages.clear();
    phone.activities.clear();
    let session = |profile| InstallSession {
        package: "org.app1".to_owned(),
        profile,
        installer: Some("com.inst".to_owned()),
        progress: 0.1,
    };
    phone.sessions = vec![session(10), session(0)];
    assert_eq!(lost(&legacy(&rows, &phone)), [1]);
    assert_eq!(states(&safe(&rows, &phone)), [(1, State::Held)]);
}

#[test]
fn an_activity_that_was_not_reported_is_not_replaced() {
    // Symptom: an icon starts another screen of its app from one day to the next. Cause: an activity that is not reported counts as
    // gone, and the row is rewritten to the package's first activity (B.3 row 4).
    let rows = [app(1, (0, 0))];
    let mut phone = assume_present(&rows);
    phone.activities[0].enabled = Answer::Unknown;
    let theirs = legacy(&rows, &phone);
    assert!(!theirs.actions.is_empty());
    let outcome = safe(&rows, &phone);
    assert_eq!(codes(&outcome, 1), [Deviation::HeldInsteadOfRetargeted]);
    assert!(outcome.writes.is_empty());
}

#[test]
fn an_intent_with_a_bad_number_is_no_zombie() {
    // Symptom: an icon is gone, yet its cell cannot be used for long: what is put there may be deleted. Cause: a number that cannot
    // be parsed escapes the handler for bad intents (C1).
    let rows = [LoadRow { intent: Some("#Intent;i.x=abc;end".to_owned()), ..app(1, (0, 0)) }];
    let phone = assume_present(&rows);
    assert!(legacy(&rows, &phone).model.items.is_empty());
    let outcome = safe(&rows, &phone);
    assert_eq!(
        (codes(&outcome, 1), seat(&outcome, 1)),
        (&[Deviation::HeldInsteadOfSkipped][..], cell(0, 0, 0))
    );
}

#[test]
fn a_folder_of_a_profile_that_is_gone_keeps_its_icons() {
    // Symptom: after a restore folders are gone with all that was in them. Cause: a folder's serial, which nothing uses, is not that
    // of a known profile (README "facts": collections ignore profileId, an unknown serial still deletes them).
    let rows = [LoadRow { profile: 77, ..row(1, 2, (0, 0)) }, inside(1, 0, app(2, (0, 0)))];
    let mut phone = assume_present(&rows);
    phone.profiles.retain(|profile| profile.serial == 0);
    assert_eq!(lost(&legacy(&rows, &phone)), [1, 2]);
    let outcome = safe(&rows, &phone);
    assert_eq!(outcome.contents[&1], [2]);
    assert_eq!(codes(&outcome, 1), [Deviation::CollectionProfileIgnored]);
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
fn an_app_that_is_only_away_keeps_its_label() {
    // Symptom: icons without a name while the phone boots. Cause: the stored label is not read where the activity is missing (C20).
    let rows = [app(1, (0, 0))];
    let mut phone = assume_present(&rows);
    phone.packages.clear();
    phone.activities.clear();
    phone.boot_completed = Answer::No;
    assert_eq!(legacy(&rows, &phone).model.items[&1].title.as_deref(), Some(""));
    let outcome = safe(&rows, &phone);
    assert_eq!(outcome.items[&1].title.as_deref(), Some("App 1"));
    assert_eq!(codes(&outcome, 1), [Deviation::TitleKept]);
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
