//! Rows and loads for the regression tests of the safe load: a small home screen on a phone that has everything its rows
//! name. Not a test itself.
#![allow(dead_code, reason = "each test binary uses what it needs")]

use ferrule_launcher_model::compat::placement::Grid;
use ferrule_launcher_model::compat::{
    BuildFlags, CancelAt, LoadInput, LoadOutcome, LoadRow, SqlKey, load as legacy_load,
};
use ferrule_launcher_model::platform::PlatformSnapshot;
use ferrule_launcher_model::safe::{Deviation, SafeOutcome, Seat, State, load, rows_after, violations};

pub const GRID: Grid = Grid { columns: 4, rows: 5, hotseat: 4, search_columns: 4, folder: (4, 4) };
pub const NO_BAR: BuildFlags = BuildFlags {
    qsb_on_first_screen: false,
    smartspace_removal_toggle: false,
    smartspace_enabled: true,
    first_page_widget: false,
    support_archiving: true,
    app_pairs: true,
    widgets: true,
};

pub fn row(id: i64, item_type: i32, (cell_x, cell_y): (i32, i32)) -> LoadRow {
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

pub fn app(id: i64, cell: (i32, i32)) -> LoadRow {
    let intent = format!(
        "#Intent;action=android.intent.action.MAIN;category=android.intent.category.LAUNCHER;\
         launchFlags=0x10200000;component=org.app{id}/.Main;end"
    );
    LoadRow { intent: Some(intent), title: Some(format!("App {id}")), ..row(id, 0, cell) }
}

pub fn shortcut(id: i64, cell: (i32, i32)) -> LoadRow {
    LoadRow { intent: Some(format!("#Intent;package=org.mail;S.shortcut_id=s{id};end")), ..row(id, 6, cell) }
}

pub fn widget(id: i64, cell: (i32, i32)) -> LoadRow {
    LoadRow { provider: Some("org.clock/.Face".to_owned()), widget_id: 70, ..row(id, 4, cell) }
}

pub fn inside(container: i32, rank: i32, row: LoadRow) -> LoadRow {
    LoadRow { container, rank, sql_container: SqlKey::Int(container.into()), ..row }
}

pub fn input<'a>(rows: &'a [LoadRow], platform: &'a PlatformSnapshot, flags: BuildFlags) -> LoadInput<'a> {
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
pub fn safe(rows: &[LoadRow], platform: &PlatformSnapshot) -> SafeOutcome {
    let first = load(&input(rows, platform, NO_BAR), &[]);
    assert_eq!(violations(&input(rows, platform, NO_BAR), &first), Vec::<String>::new());
    let left = rows_after(rows, &first.writes);
    let platform = first.effects.applied_to(platform);
    let second = load(&input(&left, &platform, NO_BAR), &first.pages);
    assert_eq!((second.writes.len(), &second.items), (0, &first.items));
    first
}

pub fn legacy(rows: &[LoadRow], platform: &PlatformSnapshot) -> LoadOutcome {
    legacy_load(&input(rows, platform, NO_BAR))
}

/// Rows that Launcher3 deletes.
pub fn lost(outcome: &LoadOutcome) -> Vec<i32> {
    let mut ids: Vec<i32> = outcome.deletions().map(|(id, _)| id).collect();
    ids.extend(outcome.swept.iter().map(|(id, _)| *id));
    ids.sort_unstable();
    ids
}

pub fn states(outcome: &SafeOutcome) -> Vec<(i64, State)> {
    outcome.rows.iter().map(|row| (row.row_id, row.state)).collect()
}

pub fn codes(outcome: &SafeOutcome, id: i64) -> &[Deviation] {
    outcome.row(id).map_or(&[], |row| &row.deviations)
}

pub fn cell(page: i32, x: i32, y: i32) -> Option<Seat> {
    Some(Seat::Desktop { page, x, y, width: 1, height: 1 })
}

pub fn seat(outcome: &SafeOutcome, id: i64) -> Option<Seat> {
    outcome.row(id).and_then(|row| row.seat)
}
