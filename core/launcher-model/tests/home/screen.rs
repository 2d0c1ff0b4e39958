//! One home screen on a disk: import, load, load again, explain, bring back, go back, export.

use ferrule_launcher_model::compat::placement::Grid;
use ferrule_launcher_model::compat::{BuildFlags, LoadRow, SqlKey, assume_present};
use ferrule_launcher_model::export::Format;
use ferrule_launcher_model::home::{Home, Loaded};
use ferrule_launcher_model::platform::PlatformSnapshot;
use ferrule_launcher_model::safe::{Remedy, Seat, State};
use ferrule_launcher_model::snapshot::Reason;
use ferrule_launcher_model::store::{Change, Event, ItemId, OpenOptions, Place, Refusal, StoreError};
use tempfile::TempDir;

use super::kit::{LATER, NOW, import_options, leaves, phone, size_of, table};
use super::random::GRID;

const FLAGS: BuildFlags = BuildFlags {
    qsb_on_first_screen: false,
    smartspace_removal_toggle: false,
    smartspace_enabled: true,
    first_page_widget: false,
    support_archiving: true,
    app_pairs: true,
    widgets: true,
};

fn row(id: i64, package: &str, (cell_x, cell_y): (i32, i32)) -> LoadRow {
    let intent = format!(
        "#Intent;action=android.intent.action.MAIN;category=android.intent.category.LAUNCHER;\
         launchFlags=0x10200000;component={package}/.Main;end"
    );
    LoadRow {
        row_id: id,
        container: -100,
        sql_container: SqlKey::Int(-100),
        title: Some(package.to_owned()),
        intent: Some(intent),
        cell_x,
        cell_y,
        span_x: 1,
        span_y: 1,
        widget_id: -1,
        ..LoadRow::default()
    }
}

/// Mail; Gone, which is not installed; Clash on Mail's cell; a void one; a thing that nobody knows.
fn rows() -> Vec<LoadRow> {
    vec![
        row(1, "org.mail", (0, 0)),
        row(2, "org.gone", (1, 0)),
        row(3, "org.clash", (0, 0)),
        LoadRow { intent: None, ..row(4, "org.void", (3, 0)) },
        LoadRow { item_type: 77, ..row(5, "org.odd", (2, 2)) },
    ]
}

/// A phone that has everything but one app.
fn without_gone() -> PlatformSnapshot {
    let mut platform = assume_present(&rows());
    platform.packages.retain(|package| package.name != "org.gone");
    platform.activities.retain(|activity| activity.component.package != "org.gone");
    platform
}

fn imported(dir: &TempDir) -> Home {
    let options = OpenOptions::new(NOW, size_of(GRID), 0);
    let (mut home, report) = Home::open(&dir.path().join("ferrule_model.db"), options).unwrap();
    assert!(report.created && report.default_layout_due);
    home.import_rows(&table(&rows()), &import_options(GRID)).unwrap();
    home
}

#[test]
fn what_a_load_decides_is_in_the_store_with_time_and_code() {
    let dir = tempfile::tempdir().unwrap();
    let mut home = imported(&dir);
    let platform = without_gone();
    let loaded = home.load(&phone(GRID, FLAGS, &platform), LATER);
    assert!(loaded.written && loaded.problem.is_none(), "{:?}", loaded.problem);
    let states: Vec<State> = loaded.outcome.rows.iter().map(|line| line.state).collect();
    assert_eq!(states, [State::Live, State::Held, State::Live, State::Quarantined, State::Opaque]);

    let again = home.load(&phone(GRID, FLAGS, &platform), LATER);
    assert_eq!((again.changes.len(), again.written, again.problem.is_none()), (0, false, true));
    assert_eq!(again.outcome.items, loaded.outcome.items);
    assert_eq!(leaves(home.content()).len(), 5);
    home.verify().unwrap();

    let gone = home.explain(ItemId(2)).unwrap().unwrap();
    assert_eq!((gone.state, gone.since), (State::Held, Some(LATER)));
    assert_eq!(gone.code.as_deref(), Some("LM_HELD_INSTEAD_OF_DELETED"));
    assert_eq!(gone.remedies, [Remedy::InstallPackage { package: "org.gone".to_owned(), profile: 0 }]);
    assert!(gone.legacy.is_some_and(|legacy| legacy.is_deleted()));

    let clash = home.explain(ItemId(3)).unwrap().unwrap();
    assert_eq!(clash.code.as_deref(), Some("LM_RELOCATED_OVERLAP"));
    let moved = clash.moved.unwrap();
    assert_eq!((moved.at, clash.since, clash.remedies), (LATER, Some(LATER), vec![Remedy::MoveBack]));
    assert!(matches!(moved.from, Some(Place::Desktop { x: 0, y: 0, .. })), "{:?}", moved.from);

    let void = home.explain(ItemId(4)).unwrap().unwrap();
    assert_eq!((void.state, void.place), (State::Quarantined, None));
    assert_eq!(void.remedies, [Remedy::RestoreOrDismiss]);
    let mail = home.explain(ItemId(1)).unwrap().unwrap();
    assert_eq!((mail.state, mail.code, mail.remedies.len()), (State::Live, None, 0));
    assert_eq!(home.explain(ItemId(99)).unwrap(), None);
    let explained: Vec<i64> = home.explain_all().unwrap().iter().map(|line| line.item.0).collect();
    assert_eq!(explained, [2, 3, 4, 5]);
}

/// What is missing comes back where it was, and its trail says since when it was missing and until when.
#[test]
fn what_comes_back_is_released() {
    let dir = tempfile::tempdir().unwrap();
    let mut home = imported(&dir);
    let seat = |loaded: &Loaded| loaded.outcome.row(2).unwrap().seat;
    let held = home.load(&phone(GRID, FLAGS, &without_gone()), NOW);
    let back = home.load(&phone(GRID, FLAGS, &assume_present(&rows())), LATER);
    assert_eq!(seat(&held), Some(Seat::Desktop { page: 0, x: 1, y: 0, width: 1, height: 1 }));
    assert_eq!(seat(&back), seat(&held));
    let trail = home.audit(Some(ItemId(2))).unwrap();
    let events: Vec<(Event, i64)> = trail.iter().map(|entry| (entry.event, entry.at.0)).collect();
    assert_eq!(events, [(Event::Imported, NOW.0), (Event::Held, NOW.0), (Event::Released, LATER.0)]);
    assert_eq!(home.explain(ItemId(2)).unwrap().unwrap().code, None);
}

#[test]
fn a_move_by_the_user_ends_the_explanation_of_one_by_a_load() {
    let dir = tempfile::tempdir().unwrap();
    let mut home = imported(&dir);
    home.load(&phone(GRID, FLAGS, &assume_present(&rows())), NOW);
    let page = home.content().layout().unwrap().pages[0].id;
    let place = Place::Desktop { page, x: 3, y: 4, width: 1, height: 1 };
    home.edit(&[Change::Place { id: ItemId(3), place, code: None }], "user", LATER).unwrap();
    assert_eq!(home.explain(ItemId(3)).unwrap().unwrap().code, None);
    assert_eq!(home.load(&phone(GRID, FLAGS, &assume_present(&rows())), LATER).changes, []);
}

#[test]
fn snapshots_exports_and_restoring_are_one_call_each() {
    let dir = tempfile::tempdir().unwrap();
    let mut home = imported(&dir);
    home.load(&phone(GRID, FLAGS, &without_gone()), NOW);
    let before = home.content().clone();
    let snapshot = home.take_snapshot(NOW).unwrap();
    home.edit(&[Change::Delete { id: ItemId(1) }], "user", LATER).unwrap();
    home.restore(ItemId(4), LATER).unwrap();
    assert_eq!(home.content().quarantined().count(), 0);
    let missing = home.restore(ItemId(4), LATER).unwrap_err();
    assert!(matches!(missing, StoreError::Refused { refusal: Refusal::NotAway(ItemId(4)), .. }), "{missing}");
    home.go_back(snapshot.id, LATER).unwrap();
    assert_eq!(home.content().items, before.items);
    assert_eq!(home.snapshots().last().unwrap().reason, Reason::Restore);
    let out = dir.path().join("launcher.db");
    assert_eq!(home.export(Format::Favorites, &out).unwrap().items, 4);
    assert_eq!(home.export(Format::Favorites, &out).unwrap_err().code(), "LM_STORE_EXISTS");
    assert_eq!(home.export_rows(Format::Favorites).0.favorites.rows.len(), 4);
    assert!(home.daily_snapshot(LATER).unwrap().is_some());
    assert!(home.daily_snapshot(LATER).unwrap().is_none());
}

/// Before another size of grid there is a snapshot, and the layout of the first size stays.
#[test]
fn another_grid_is_another_layout() {
    let dir = tempfile::tempdir().unwrap();
    let mut home = imported(&dir);
    let platform = assume_present(&rows());
    home.load(&phone(GRID, FLAGS, &platform), NOW);
    let before = home.content().clone();
    let small = Grid { columns: 2, rows: 2, hotseat: 2, ..GRID };
    let loaded = home.load(&phone(small, FLAGS, &platform), LATER);
    assert!(loaded.written, "{:?}", loaded.problem);
    assert_eq!(home.snapshots().last().unwrap().reason, Reason::Migration);
    assert_eq!(home.content().layouts.len(), 2);
    assert!(home.load(&phone(small, FLAGS, &platform), LATER).changes.is_empty());
    let back = home.load(&phone(GRID, FLAGS, &platform), LATER);
    assert_eq!(back.changes, [Change::ShowGrid { grid: size_of(GRID) }]);
    for (id, item) in &before.items {
        assert_eq!(home.content().items[id].seat(before.active), item.seat(before.active));
    }
}

/// A grid that no screen has, as a caller in trouble may pass, changes nothing.
#[test]
fn an_impossible_grid_leaves_the_layout() {
    let dir = tempfile::tempdir().unwrap();
    let mut home = imported(&dir);
    let platform = assume_present(&rows());
    home.load(&phone(GRID, FLAGS, &platform), NOW);
    let odd = Grid { columns: 0, rows: -3, hotseat: 900, ..GRID };
    let loaded = home.load(&phone(odd, FLAGS, &platform), LATER);
    assert_eq!(loaded.changes, []);
    assert_eq!(home.content().layouts.len(), 1);
}

/// A search bar wants the first page, which legacy's table may not name.
#[test]
fn the_page_of_the_search_bar_is_made_once() {
    let dir = tempfile::tempdir().unwrap();
    let options = OpenOptions::new(NOW, size_of(GRID), 0);
    let (mut home, _) = Home::open(&dir.path().join("ferrule_model.db"), options).unwrap();
    let rows = [LoadRow { screen: 3, ..row(1, "org.mail", (0, 0)) }];
    home.import_rows(&table(&rows), &import_options(GRID)).unwrap();
    let platform = assume_present(&rows);
    let flags = BuildFlags { qsb_on_first_screen: true, ..FLAGS };
    let first = home.load(&phone(GRID, flags, &platform), NOW);
    assert_eq!(first.outcome.pages, [0, 3]);
    let pages: Vec<_> = first.pages.iter().map(|shown| (shown.number, shown.page.is_some())).collect();
    assert_eq!(pages, [(0, true), (3, true)]);
    let second = home.load(&phone(GRID, flags, &platform), NOW);
    assert_eq!((second.changes.len(), second.pages), (0, first.pages));
}

/// A page below 0 gets another number here. The search bar's row is Launcher3's page 0 all the same, and what is said of
/// Launcher3 is what it does with the rows that came in.
#[test]
fn what_launcher3_does_is_told_by_its_own_page_numbers() {
    let on = |screen: i32, row: LoadRow| LoadRow { screen, ..row };
    let rows = [
        on(-1, row(1, "org.left", (0, 0))),
        on(0, row(2, "org.bar", (1, 0))),
        on(0, row(3, "org.below", (1, 1))),
        on(1, row(4, "org.right", (1, 0))),
    ];
    let flags = BuildFlags { qsb_on_first_screen: true, ..FLAGS };
    let platform = assume_present(&rows);
    let dir = tempfile::tempdir().unwrap();
    let options = OpenOptions::new(NOW, size_of(GRID), 0);
    let (mut home, _) = Home::open(&dir.path().join("ferrule_model.db"), options).unwrap();
    home.import_rows(&table(&rows), &import_options(GRID)).unwrap();
    let first = home.load(&phone(GRID, flags, &platform), NOW);
    let codes: Vec<&str> = first.outcome.rows.iter().map(|line| line.legacy.code()).collect();
    assert_eq!(codes, ["LM_LOADED", "LM_OVERLAPPING_ITEM", "LM_LOADED", "LM_LOADED"]);
    assert!(first.outcome.rows.iter().all(|line| line.state == State::Live));
    assert_eq!(first.outcome.rows[1].code(), "LM_SHOWN_INSTEAD_OF_LOST");
    let second = home.load(&phone(GRID, flags, &platform), LATER);
    assert_eq!((second.changes.len(), &second.outcome.items), (0, &first.outcome.items));
}
