//! Random tables and platforms for property tests: numbers at the edges, containers of every kind, intents that fail in every
//! way, platforms that know some of it. Not a test itself.
#![allow(dead_code, reason = "each test binary uses what it needs")]

use ferrule_launcher_model::compat::placement::Grid;
use ferrule_launcher_model::compat::{LoadRow, SqlKey};
use ferrule_launcher_model::intent::ComponentName;
use ferrule_launcher_model::platform::{
    Activity, Answer, AppFlags, AppInfo, BoundWidget, InstallSession, Package, PinnedQuery, PinnedShortcut,
    PlatformSnapshot, Profile, ProfileKind, WidgetPlatform, WidgetProvider,
};
use proptest::prelude::*;

/// The grid of the random boards.
pub const GRID: Grid = Grid { columns: 4, rows: 5, hotseat: 4, search_columns: 4, folder: (4, 4) };

pub fn extreme() -> impl Strategy<Value = i32> {
    prop_oneof![
        4 => -2..6_i32,
        1 => prop::sample::select(vec![i32::MIN, i32::MAX, -101, -100, i32::MAX - 1, 99_999]),
    ]
}

pub fn container() -> impl Strategy<Value = i32> {
    prop_oneof![
        5 => Just(-100),
        2 => Just(-101),
        3 => 0..12_i32,
        1 => prop::sample::select(vec![-1, -103, -777, i32::MIN, i32::MAX]),
    ]
}

pub fn intent() -> impl Strategy<Value = Option<String>> {
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
    pub fn row()(
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

pub fn rows() -> impl Strategy<Value = Vec<LoadRow>> {
    prop::collection::vec(row(), 0..40).prop_map(|mut rows| {
        for (row, id) in rows.iter_mut().zip(1..) {
            row.row_id = id;
        }
        rows
    })
}

prop_compose! {
    pub fn platform()(
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
