//! Properties of the load that hold for any rows: no panic, determinism, independence of order, and what a second load of
//! a settled database may still do (SPEC-06, C18).

use ferrule_launcher_model::compat::outcome::LoadEnd;
use ferrule_launcher_model::compat::placement::{Grid, Occupancy, Place, Placement};
use ferrule_launcher_model::compat::{
    BuildFlags, CancelAt, DbAction, DeleteReason, LoadInput, LoadOutcome, LoadRow, SqlKey, Verdict,
    assume_present, load, rows_after,
};
use ferrule_launcher_model::intent::ComponentName;
use ferrule_launcher_model::platform::{
    Activity, Answer, AppFlags, AppInfo, BoundWidget, InstallSession, Package, PinnedQuery, PinnedShortcut,
    PlatformSnapshot, Profile, ProfileKind, WidgetPlatform, WidgetProvider,
};
use ferrule_launcher_model::rows::{Column, Table, Value};
use proptest::prelude::*;
use proptest::test_runner::Config;

const GRID: Grid = Grid { columns: 4, rows: 5, hotseat: 4, search_columns: 4, folder: (4, 4) };

fn extreme() -> impl Strategy<Value = i32> {
    prop_oneof![
        4 => -2..6_i32,
        1 => prop::sample::select(vec![i32::MIN, i32::MAX, -101, -100, i32::MAX - 1, 99_999]),
    ]
}

fn container() -> impl Strategy<Value = i32> {
    prop_oneof![
        5 => Just(-100),
        2 => Just(-101),
        3 => 0..12_i32,
        1 => prop::sample::select(vec![-1, -103, -777, i32::MIN, i32::MAX]),
    ]
}

fn intent() -> impl Strategy<Value = Option<String>> {
    let app = |package: &str, class: &str| {
        format!(
            "#Intent;action=android.intent.action.MAIN;category=android.intent.category.LAUNCHER;\
             launchFlags=0x10200000;component={package}/.{class};end"
        )
    };
    prop_oneof![
        6 => (0..4_u8, 0..3_u8).prop_map(move |(package, class)| Some(app(&format!("com.p{package}"), &format!("A{class}")))),
        3 => (0..4_u8, 0..3_u8).prop_map(|(package, id)| Some(format!(
            "#Intent;package=com.p{package};S.shortcut_id=s{id};end"
        ))),
        1 => Just(None),
        1 => prop::sample::select(vec![
            "", " ", "not an intent", "#Intent;i.x=abc;end", "#Intent;end", "#Intent;broken",
            "#Intent;component=com.p0/.A0;SEL;package=com.p1;end", "#Intent;S.k=v;end",
        ]).prop_map(|text| Some(text.to_owned())),
    ]
}

prop_compose! {
    fn row()(
        place in (container(), extreme(), extreme(), extreme(), extreme(), extreme()),
        kind in (prop::sample::select(vec![0, 0, 0, 6, 6, 2, 2, 10, 4, 4, 5, 1, 99]), extreme(), extreme()),
        bits in prop_oneof![3 => Just(0), 2 => 0..64_i32, 1 => extreme()],
        profile in prop_oneof![6 => Just(0), 2 => Just(10), 1 => extreme()],
        intent in intent(),
        provider in prop::sample::select(vec![None, Some("com.p0/.W"), Some("com.p1/.W"), Some("bad")]),
        options in 0..4_i32,
        null_container in prop::bool::weighted(0.03),
    ) -> LoadRow {
        let (container, screen, cell_x, cell_y, span_x, span_y) = place;
        let (item_type, widget_id, rank) = kind;
        LoadRow {
            container: if null_container { 0 } else { container },
            screen, cell_x, cell_y, span_x, span_y, item_type, widget_id, rank, options, profile, intent,
            restored: bits,
            provider: provider.map(str::to_owned),
            title: Some("T".to_owned()),
            sql_container: if null_container { SqlKey::Null } else { SqlKey::Int(i64::from(container)) },
            sql_type: SqlKey::Int(i64::from(item_type)),
            ..LoadRow::default()
        }
    }
}

fn rows() -> impl Strategy<Value = Vec<LoadRow>> {
    prop::collection::vec(row(), 0..40).prop_map(|mut rows| {
        for (row, id) in rows.iter_mut().zip(1..) {
            row.row_id = id;
        }
        rows
    })
}

prop_compose! {
    fn platform()(
        enabled in prop::collection::vec(any::<(bool, bool, bool)>(), 4),
        activities in prop::collection::vec(any::<bool>(), 12),
        pins in prop::collection::vec(any::<bool>(), 12),
        session in any::<bool>(),
        boot in any::<bool>(),
        safe in prop::bool::weighted(0.1),
        query in prop::sample::select(vec![PinnedQuery::Answered, PinnedQuery::Failed, PinnedQuery::Null]),
        provider in any::<(bool, bool)>(),
    ) -> PlatformSnapshot {
        let profile = |serial, kind| Profile {
            serial, user_id: serial as i32, kind, quiet: Answer::No, unlocked: Answer::Yes, pinned_query: query,
        };
        let name = |index: usize| format!("com.p{index}");
        let provider_of = |index: usize| WidgetProvider {
            component: ComponentName::new(name(index), format!("com.p{index}.W")),
            profile: 0,
            configure: provider.1.then(|| ComponentName::new(name(index), "C")),
            min_span: (1, 2),
        };
        PlatformSnapshot {
            profiles: vec![profile(0, ProfileKind::Main), profile(10, ProfileKind::Work)],
            packages: enabled.iter().enumerate().map(|(index, (enabled, installed, external))| Package {
                name: name(index),
                profile: 0,
                enabled: (*enabled).into(),
                info: AppInfo::Found(AppFlags {
                    installed: *installed, enabled: true, external: *external, system: true, ..AppFlags::default()
                }),
            }).collect(),
            activities: activities.iter().enumerate().map(|(index, enabled)| Activity {
                component: ComponentName::new(name(index / 3), format!("com.p{}.A{}", index / 3, index % 3)),
                profile: 0,
                enabled: (*enabled).into(),
                resolves: (*enabled).into(),
                in_list: *enabled,
                label: "L".to_owned(),
                loading_progress: 1.0,
            }).collect(),
            pinned_shortcuts: pins.iter().enumerate().filter(|(_, pinned)| **pinned).map(|(index, _)| PinnedShortcut {
                package: name(index / 3), id: format!("s{}", index % 3), profile: 0, activity: None,
                short_label: None, enabled: true, disabled_reason: 0, manifest: false, dynamic: true,
            }).collect(),
            sessions: session.then(|| InstallSession {
                package: name(1), profile: 0, installer: Some(name(0)), progress: 0.5,
            }).into_iter().collect(),
            widgets: WidgetPlatform {
                providers: Some(if provider.0 { vec![provider_of(0)] } else { Vec::new() }),
                bound: vec![BoundWidget { id: 1, provider: provider_of(1), restore_completed: false }],
                host_ids: Some(vec![1, 2, 3]),
                bind_allowed: Answer::Yes,
                next_id: 1000,
                ..WidgetPlatform::default()
            },
            boot_completed: boot.into(),
            safe_mode: safe,
            ..PlatformSnapshot::default()
        }
    }
}

const COLUMNS: [&str; 20] = [
    "_id",
    "title",
    "intent",
    "container",
    "screen",
    "cellX",
    "cellY",
    "spanX",
    "spanY",
    "itemType",
    "appWidgetId",
    "icon",
    "appWidgetProvider",
    "modified",
    "restored",
    "profileId",
    "rank",
    "options",
    "appWidgetSource",
    "somethingElse",
];

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
    fn any_table_loads(rows in prop::collection::vec(prop::collection::vec(value(), COLUMNS.len()), 0..20),
                       columns in prop::sample::subsequence(COLUMNS.to_vec(), 0..=COLUMNS.len()),
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
