//! Properties of the load that hold for any rows: no panic, determinism, independence of order, and what a second load of
//! a settled database may still do (SPEC-06, C18).

mod random;

use ferrule_launcher_model::compat::outcome::LoadEnd;
use ferrule_launcher_model::compat::placement::{Grid, Occupancy, Place, Placement};
use ferrule_launcher_model::compat::{
    BuildFlags, CancelAt, DbAction, DeleteReason, LoadInput, LoadOutcome, LoadRow, Verdict, assume_present,
    load, rows_after,
};
use ferrule_launcher_model::platform::{BoundWidget, PlatformSnapshot};
use ferrule_launcher_model::rows::favorites::{AOSP_COLUMNS, names};
use ferrule_launcher_model::rows::{Column, Table, Value};
use proptest::prelude::*;
use proptest::test_runner::Config;
use random::{GRID, container, extreme, intent, platform, rows};

/// The columns of the newest table, and one that nobody knows.
fn column_names() -> Vec<&'static str> {
    names(&AOSP_COLUMNS).into_iter().chain(["somethingElse"]).collect()
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        1 => Just(Value::Null),
        6 => (-102..12_i64).prop_map(Value::Integer),
        1 => any::<i64>().prop_map(Value::Integer),
        1 => any::<f64>().prop_map(Value::Real),
        2 => intent().prop_map(|text| Value::Text(text.unwrap_or_default())),
        1 => Just(Value::Text("com.p0/.W".to_owned())),
        1 => prop::collection::vec(any::<u8>(), 0..4).prop_map(Value::Blob),
    ]
}

fn run(rows: &[LoadRow], platform: &PlatformSnapshot) -> LoadOutcome {
    run_with(rows, platform, CancelAt::Never)
}

fn run_with(rows: &[LoadRow], platform: &PlatformSnapshot, cancel_at: CancelAt) -> LoadOutcome {
    let flags = BuildFlags { qsb_on_first_screen: false, ..BuildFlags::default() };
    load(&LoadInput {
        rows,
        grid: GRID,
        flags,
        platform,
        prior_load_pinned: false,
        cancel_at,
        is_current_file: true,
    })
}

/// The snapshot as it is once a load's binds were made.
fn platform_after(platform: &PlatformSnapshot, outcome: &LoadOutcome) -> PlatformSnapshot {
    let mut platform = platform.clone();
    let widgets = &mut platform.widgets;
    for call in outcome.bind_calls.iter().filter(|call| call.bound) {
        let provider =
            widgets.providers.iter().flatten().find(|provider| provider.component == call.provider).cloned();
        widgets.bound.extend(provider.map(|provider| BoundWidget {
            id: call.widget_id,
            provider,
            restore_completed: false,
        }));
    }
    if let Some(ids) = &mut widgets.host_ids {
        ids.extend(&outcome.widget_ids_allocated);
        ids.retain(|id| !outcome.widget_ids_freed.contains(id));
    }
    widgets.next_id += outcome.widget_ids_allocated.len() as i32;
    platform
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::default() })]

    /// LM-I7 as far as Launcher3 goes: rows load by id, whatever their order in the batch.
    #[test]
    fn order_of_the_batch_does_not_matter(rows in rows(), platform in platform()) {
        let mut reversed = rows.clone();
        reversed.reverse();
        prop_assert_eq!(run(&rows, &platform), run(&reversed, &platform));
    }

    /// Lists without a meaning in their order may come in any order.
    #[test]
    fn order_of_unordered_lists_does_not_matter(rows in rows(), platform in platform()) {
        let mut reversed = platform.clone();
        reversed.packages.reverse();
        reversed.pinned_shortcuts.reverse();
        reversed.profiles.reverse();
        reversed.widgets.bound.reverse();
        reversed.widgets.host_ids.iter_mut().for_each(|ids| ids.reverse());
        prop_assert_eq!(run(&rows, &platform), run(&rows, &reversed));
    }

    /// Every row has one verdict; accepted rows are in the model unless the clean-up took them; nothing else is.
    #[test]
    fn verdicts_and_model_agree(rows in rows(), platform in platform()) {
        let outcome = run(&rows, &platform);
        prop_assert_eq!(outcome.decisions.len(), rows.len());
        for decision in &outcome.decisions {
            let swept = outcome.swept.iter().any(|(id, _)| *id == decision.id);
            let in_model = outcome.model.items.contains_key(&decision.id);
            match decision.verdict {
                Verdict::Accept | Verdict::Adrift(_) => prop_assert_eq!(in_model, !swept),
                Verdict::Delete(_) | Verdict::Zombie(_) => prop_assert!(!in_model),
            }
        }
        let left = rows_after(&rows, &outcome);
        prop_assert!(outcome.model.items.keys().all(|id| left.iter().any(|row| row.id() == *id)));
    }

    /// SPEC-08: accepted desktop items are disjoint, dock slots distinct. A span that overflows holds no cell (C5).
    #[test]
    fn accepted_items_do_not_overlap(rows in rows(), platform in platform()) {
        let outcome = run(&rows, &platform);
        let mut cells = std::collections::HashSet::new();
        for item in outcome.model.items.values() {
            match item.container {
                -101 => prop_assert!(cells.insert((-101, item.screen, 0))),
                -100 if item.screen != -101 => {
                    let end = |start: i32, span: i32| start.checked_add(span).unwrap_or(start);
                    for x in item.cell_x..end(item.cell_x, item.span_x) {
                        for y in item.cell_y..end(item.cell_y, item.span_y) {
                            prop_assert!(cells.insert((item.screen, x, y)));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// C22: a cancelled load deletes nothing and clears no `restored`; its row-wise writes are those of the whole load.
    #[test]
    fn a_cancelled_load_commits_no_deletion(rows in rows(), platform in platform()) {
        let whole = run(&rows, &platform);
        let cancelled = run_with(&rows, &platform, CancelAt::BeforeCommit);
        prop_assert_eq!(cancelled.end, LoadEnd::CancelledBeforeCommit);
        prop_assert!(cancelled.model.items.is_empty());
        prop_assert_eq!(rows_after(&rows, &cancelled).len(), rows.len());
        prop_assert_eq!(&whole.actions[..cancelled.actions.len()], &cancelled.actions[..]);
        prop_assert_eq!(&whole.decisions, &cancelled.decisions);
    }

    /// SPEC-06 with C18: loads settle. After a few of them nothing is written or deleted any more, and the model stays.
    #[test]
    fn loads_settle(rows in rows(), platform in platform()) {
        let (mut rows, mut platform) = (rows, platform);
        for _ in 0..6 {
            let outcome = run(&rows, &platform);
            platform = platform_after(&platform, &outcome);
            rows = rows_after(&rows, &outcome);
        }
        let settled = run(&rows, &platform);
        let writes: Vec<_> = settled
            .actions
            .iter()
            .filter(|action| match action {
                DbAction::Sweep(_, ids) | DbAction::Delete(ids) => !ids.is_empty(),
                DbAction::FreeGhostWidgets(_) => false,
                // A zombie pair or retargeted row may be rewritten to what it is.
                _ => rows_after(&rows, &settled) != rows,
            })
            .collect();
        prop_assert!(writes.is_empty(), "{writes:?}");
        prop_assert_eq!(run(&rows, &platform_after(&platform, &settled)).model, settled.model);
    }

    /// On a phone that has everything, nothing is deleted for its target.
    #[test]
    fn nothing_is_missing_on_a_phone_that_has_everything(rows in rows()) {
        let outcome = run(&rows, &assume_present(&rows));
        for (id, reason) in outcome.deletions() {
            let structural = matches!(
                reason,
                DeleteReason::AppNoDbIntent
                    | DeleteReason::AppNoTargetPackage
                    | DeleteReason::InvalidWidgetSize
                    | DeleteReason::InvalidWidgetContainer
                    | DeleteReason::OverlappingItem
            );
            prop_assert!(structural, "{id}: {reason:?}");
        }
    }

    /// Any table loads, whatever its values and columns: a row a decision, no panic, and what is kept is a row.
    #[test]
    fn any_table_loads(rows in prop::collection::vec(prop::collection::vec(value(), column_names().len()), 0..20),
                       columns in prop::sample::subsequence(column_names(), 0..=column_names().len()),
                       platform in platform()) {
        let columns = columns.into_iter().map(|name| Column { name: name.to_owned(), ..Column::default() }).collect();
        let rows = LoadRow::from_table(&Table { columns, rows });
        let outcome = run(&rows, &platform);
        prop_assert_eq!(outcome.decisions.len(), rows.len());
        let left = rows_after(&rows, &outcome);
        prop_assert!(left.len() <= rows.len());
        run(&left, &platform_after(&platform, &outcome));
        run(&rows, &assume_present(&rows));
    }

    /// Placement never panics and never accepts a cell twice, whatever the numbers.
    #[test]
    fn placement_takes_any_numbers(
        places in prop::collection::vec((container(), extreme(), extreme(), extreme(), extreme(), extreme()), 0..60),
        columns in -1..8_i32, rows in -1..8_i32, hotseat in -1..8_i32, pinned in any::<bool>(),
    ) {
        let grid = Grid { columns, rows, hotseat, search_columns: columns, folder: (4, 4) };
        let mut occupancy = Occupancy::new(grid, pinned);
        for (container, screen, cell_x, cell_y, span_x, span_y) in places {
            let place = Place { container, screen, cell_x, cell_y, span_x, span_y };
            let first = occupancy.check(&place);
            if first == Placement::Accepted && container == -101 {
                prop_assert_eq!(occupancy.check(&place), Placement::Rejected);
            }
        }
    }
}
