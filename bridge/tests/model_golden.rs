//! Golden bytes of the launcher model's packed forms, the same files that the Kotlin tests read (`tests/golden`).
//!
//! A change of these files is a change of the format: run with `FERRULE_BLESS=1` to write them, and explain it in
//! docs/formats/model-packed.md.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test, also outside of its functions")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use ferrule::wire::model::{answer, question, report, rows};
use ferrule_launcher_model::compat::bits::{IconRestore, RuntimeFlags, WidgetRestore};
use ferrule_launcher_model::compat::model::{Icon, IconSource, Item, ItemId, ItemKind, Widget};
use ferrule_launcher_model::compat::outcome::{BindCall, PinCall, RowFault};
use ferrule_launcher_model::compat::placement::Grid;
use ferrule_launcher_model::compat::{BuildFlags, DeleteReason, Verdict};
use ferrule_launcher_model::import::{ImportReport, Note, Outcome};
use ferrule_launcher_model::intent::{ComponentName, Intent};
use ferrule_launcher_model::platform::{
    Activity, Answer, AppFlags, AppInfo, BoundWidget, InstallSession, Package, PinnedQuery, PinnedShortcut,
    PlatformSnapshot, Profile, ProfileKind, QueuedPin, Unlisted, WidgetPlatform, WidgetProvider,
};
use ferrule_launcher_model::recognise::Product;
use ferrule_launcher_model::rows::{Column, SourceRows, Table, Value};
use ferrule_launcher_model::safe::{
    Deviation, Effects, LegacyEnd, Remedy, RowOutcome, RowTarget, SafeOutcome, Seat, State, StoredPlace,
};

fn golden(name: &str, bytes: &[u8]) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/golden").join(name);
    if std::env::var_os("FERRULE_BLESS").is_some() {
        std::fs::write(&path, bytes).unwrap();
    }
    assert_eq!(std::fs::read(&path).unwrap(), bytes, "{name} differs; see the head of this file");
}

const GRID: Grid = Grid { columns: 5, rows: 6, hotseat: 4, search_columns: 3, folder: (4, 2) };
/// A serial that needs both words.
const WORK: i64 = 0x1_0000_000a;

fn component(class: &str) -> ComponentName {
    ComponentName::new("com.a", format!("com.a.{class}"))
}

fn provider(class: &str) -> WidgetProvider {
    let configure = Some(component("Configure"));
    WidgetProvider { component: component(class), profile: 0, configure, min_span: (2, 1) }
}

/// A made-up phone: nearly every field differs from its default, and one text is not ASCII.
fn phone() -> question::Question {
    let profile = |serial, user_id, kind, quiet, unlocked, pinned_query| Profile {
        serial,
        user_id,
        kind,
        quiet,
        unlocked,
        pinned_query,
    };
    let flags = AppFlags { installed: true, enabled: true, suspended: true, ..AppFlags::default() };
    let platform = PlatformSnapshot {
        profiles: vec![
            profile(0, 0, ProfileKind::Main, Answer::No, Answer::Yes, PinnedQuery::Answered),
            profile(WORK, 10, ProfileKind::Work, Answer::Yes, Answer::Unknown, PinnedQuery::Failed),
        ],
        current_profile: 0,
        own_package: "com.launcher".to_owned(),
        packages: vec![
            Package {
                name: "com.a".to_owned(),
                profile: 0,
                enabled: Answer::Yes,
                info: AppInfo::Found(AppFlags { installed: true, enabled: true, ..AppFlags::default() }),
            },
            Package {
                name: "com.a".to_owned(),
                profile: WORK,
                enabled: Answer::Unknown,
                info: AppInfo::Found(flags),
            },
            Package { name: "com.b".to_owned(), profile: 0, enabled: Answer::No, info: AppInfo::NotFound },
            Package {
                name: "com.c".to_owned(),
                profile: 0,
                enabled: Answer::Unknown,
                info: AppInfo::Unknown,
            },
        ],
        activities: vec![Activity {
            component: component("Main"),
            profile: 0,
            enabled: Answer::Yes,
            resolves: Answer::Unknown,
            in_list: true,
            label: "Ä\u{1f4f1}".to_owned(),
            loading_progress: 0.5,
        }],
        unlisted: Unlisted::Unknown,
        pinned_shortcuts: vec![PinnedShortcut {
            package: "com.a".to_owned(),
            id: "s1".to_owned(),
            profile: 0,
            activity: Some(component("Main")),
            short_label: Some("Short".to_owned()),
            enabled: true,
            disabled_reason: 100,
            manifest: false,
            dynamic: true,
        }],
        queued_pins: vec![QueuedPin { package: "com.a".to_owned(), id: "s2".to_owned(), profile: WORK }],
        sessions: vec![InstallSession {
            package: "com.c".to_owned(),
            profile: 0,
            installer: Some("com.store".to_owned()),
            progress: 0.25,
        }],
        widgets: WidgetPlatform {
            providers: Some(vec![provider("Clock")]),
            bound: vec![BoundWidget { id: 7, provider: provider("Clock"), restore_completed: true }],
            host_ids: Some(vec![7, 8]),
            bind_allowed: Answer::Yes,
            custom: vec![component("Own")],
            search_component: Some(component("Search")),
            next_id: 9,
        },
        safe_mode: true,
        boot_completed: Answer::No,
    };
    let flags = BuildFlags { qsb_on_first_screen: false, first_page_widget: true, ..BuildFlags::default() };
    question::Question { grid: GRID, flags, platform }
}

#[test]
fn the_question_has_its_golden_bytes() {
    let bytes = question::encode(&phone());
    golden("model-question.bin", &bytes);
    assert_eq!(question::decode(&bytes).unwrap(), phone());
}

fn batch() -> SourceRows {
    let column = |name: &str, declared: &str, default: Option<&str>| Column {
        name: name.to_owned(),
        declared: declared.to_owned(),
        default: default.map(str::to_owned),
    };
    let favorites = Table {
        columns: vec![
            column("_id", "INTEGER", None),
            column("title", "TEXT", None),
            column("profileId", "INTEGER", Some("10")),
        ],
        rows: vec![
            vec![Value::Integer(1), Value::Text("Ä".to_owned()), Value::Integer(-1)],
            vec![Value::Integer(i64::MAX), Value::Null, Value::Real(2.5)],
            vec![Value::Integer(3), Value::Blob(vec![0, 0xff]), Value::Text(String::new())],
        ],
    };
    let screens =
        Table { columns: vec![column("_id", "INTEGER", None)], rows: vec![vec![Value::Integer(4)]] };
    SourceRows { user_version: 32, favorites, screens: Some(screens) }
}

#[test]
fn the_rows_have_their_golden_bytes() {
    let bytes = rows::encode(&batch());
    golden("model-rows.bin", &bytes);
    assert_eq!(rows::decode(&bytes).unwrap(), batch());
    let none = SourceRows::default();
    assert_eq!(rows::decode(&rows::encode(&none)).unwrap(), none);
}

fn item(id: ItemId, container: i32, kind: ItemKind) -> Item {
    Item {
        id,
        container,
        screen: 2,
        cell_x: id,
        cell_y: 1,
        span_x: 1,
        span_y: 1,
        rank: 0,
        title: Some(format!("Item {id}").into()),
        profile: WORK,
        kind,
    }
}

fn icon(intent: Intent) -> Box<Icon> {
    Box::new(Icon {
        intent: intent.into(),
        status: IconRestore::RESTORED,
        runtime: RuntimeFlags::INSTALL_SESSION,
        progress: 40,
        icon: IconSource::Blob,
    })
}

fn items() -> Vec<Item> {
    let widget = Widget {
        widget_id: 7,
        is_custom: false,
        provider: component("Clock"),
        restore: WidgetRestore::STARTED,
        options: 1,
        install_progress: 12,
        min_span: (2, 1),
        pending: true,
        source: -103,
        bind_options: Some(Intent::deep_shortcut("com.a", None, "extras")),
    };
    let shortcut = Intent::deep_shortcut("com.a", Some(component("Main")), "s1");
    vec![
        item(1, -100, ItemKind::App(icon(Intent::main_activity(component("Main"))))),
        item(2, -101, ItemKind::DeepShortcut(icon(shortcut))),
        item(3, -100, ItemKind::Folder { options: 4 }),
        item(4, 3, ItemKind::App(icon(Intent::main_activity(component("Inner$Main"))))),
        item(5, 3, ItemKind::AppPair),
        item(6, -100, ItemKind::Widget(Box::new(widget))),
    ]
}

fn row(
    row_id: i64,
    state: State,
    legacy: Verdict,
    deviations: &[Deviation],
    remedies: Vec<Remedy>,
) -> RowOutcome {
    let left =
        StoredPlace { container: -100, screen: 1, cell_x: 4, cell_y: 5, span_x: 2, span_y: 3, rank: 6 };
    RowOutcome {
        row_id,
        state,
        legacy: LegacyEnd::Verdict(legacy),
        deviations: deviations.to_vec(),
        left,
        seat: None,
        item_type: 0,
        title: Some("Stored".to_owned()),
        remedies,
        target: None,
    }
}

/// One row of each kind and state.
fn outcome() -> SafeOutcome {
    let package = || "com.c".to_owned();
    let mut rows: Vec<RowOutcome> =
        (1..=6).map(|id| row(id, State::Live, Verdict::Accept, &[], Vec::new())).collect();
    rows[1] = row(
        2,
        State::Live,
        Verdict::Delete(DeleteReason::OverlappingItem),
        &[Deviation::RelocatedDock, Deviation::StateSettled],
        vec![Remedy::MoveBack],
    );
    let held = [
        Remedy::WaitForPlatform,
        Remedy::InstallPackage { package: package(), profile: WORK },
        Remedy::PinShortcut { package: package(), id: "s9".to_owned(), profile: 0 },
        Remedy::LargerGrid { columns: 6, rows: 7 },
        Remedy::SetUpWidget { provider: Some(component("Clock")) },
        Remedy::SetUpWidget { provider: None },
    ];
    let gone = Verdict::Delete(DeleteReason::AppNotRestoredOrInstalled);
    let mut seated = row(7, State::Held, gone, &[Deviation::HeldInsteadOfDeleted], held.to_vec());
    seated.target = Some(Box::new(RowTarget {
        profile: WORK,
        component: Some(ComponentName::new("com.c", "com.c.Main")),
        package: Some("com.c".into()),
    }));
    seated.seat = Some(Seat::Desktop { page: 2, x: 0, y: 3, width: 1, height: 1 });
    let mut inside = row(8, State::Held, gone, &[Deviation::HeldInsteadOfDeleted], Vec::new());
    inside.target = Some(Box::new(RowTarget { package: Some("com.c".into()), ..RowTarget::default() }));
    inside.seat = Some(Seat::Inside { collection: 3, rank: 2 });
    let void = Verdict::Delete(DeleteReason::AppNoDbIntent);
    let unknown = Verdict::Zombie(RowFault::UnknownType);
    let mut opaque = row(
        10,
        State::Opaque,
        unknown,
        &[Deviation::KeptOpaque],
        vec![Remedy::UpdateLauncher { item_type: 19 }],
    );
    opaque.seat = Some(Seat::Dock { index: 3 });
    opaque.item_type = 19;
    rows.extend([
        seated,
        inside,
        row(
            9,
            State::Quarantined,
            void,
            &[Deviation::QuarantinedInsteadOfDeleted],
            vec![Remedy::RestoreOrDismiss],
        ),
        opaque,
        row(
            1 << 40,
            State::Held,
            Verdict::Accept,
            &[Deviation::HeldRowId],
            vec![Remedy::BringProfileBack { profile: 0 }],
        ),
    ]);
    SafeOutcome {
        rows,
        items: items().into_iter().map(|item| (item.id, item)).collect(),
        contents: BTreeMap::from([(3, vec![5, 4, 8])]),
        pages: vec![2, 0, 1],
        first_page_pinned: true,
        writes: Vec::new(),
        effects: Effects {
            bind_calls: vec![BindCall {
                widget_id: 9,
                provider: component("Clock"),
                profile: WORK,
                bound: true,
            }],
            widget_ids_allocated: vec![9],
            widget_ids_freed: vec![3, 4],
            pin_calls: vec![
                PinCall {
                    package: "com.a".to_owned(),
                    profile: 0,
                    ids: BTreeSet::from(["s1".to_owned(), "s2".to_owned()]),
                },
                PinCall { package: "com.b".to_owned(), profile: WORK, ids: BTreeSet::new() },
            ],
            pending_packages: BTreeSet::from([("com.c".to_owned(), WORK)]),
            waits_for_boot: true,
            ..Effects::default()
        },
    }
}

fn answer_bytes() -> Vec<u8> {
    let problem = Some(("LM_STORE_DISK_FULL", "no space is left"));
    answer::encode(&answer::Answer { outcome: &outcome(), grid: GRID, changes: 5, problem })
}

#[test]
fn the_answer_has_its_golden_bytes() {
    let bytes = answer_bytes();
    golden("model-answer.bin", &bytes);
    assert_eq!(answer::check(&bytes).unwrap(), 11);
}

#[test]
fn the_report_has_its_golden_bytes() {
    let note = |row, code, detail: &str| Note { row, code, detail: detail.to_owned() };
    let bytes = report::encode(&ImportReport {
        product: Product::Miui,
        user_version: 60,
        outcome: Outcome::Salvaged,
        items: 180,
        pages: 6,
        quarantined: 2,
        opaque: 3,
        overflow: 1,
        unchanged: false,
        notes: vec![
            note(Some(1 << 33), "LM_KEPT_OPAQUE", "type 19"),
            note(None, "LM_SOURCE_DAMAGED", "1 stretches"),
        ],
    });
    golden("model-report.bin", &bytes);
    assert_eq!(report::check(&bytes).unwrap(), 2);
}

/// Reads bytes as their form does; whether they were taken.
type Read = fn(&[u8]) -> bool;

/// Every form with its reader.
fn forms() -> Vec<(Vec<u8>, Read)> {
    vec![
        (question::encode(&phone()), |bytes| question::decode(bytes).is_ok()),
        (rows::encode(&batch()), |bytes| rows::decode(bytes).is_ok()),
        (answer_bytes(), |bytes| answer::check(bytes).is_ok()),
    ]
}

#[test]
fn every_cut_is_refused() {
    for (bytes, read) in forms() {
        assert!(read(&bytes));
        for end in 0..bytes.len() {
            assert!(!read(&bytes[..end]), "cut at {end}");
        }
        let mut longer = bytes.clone();
        longer.extend([0; 4]);
        assert!(!read(&longer));
    }
}

#[test]
fn every_flipped_byte_is_read_or_refused() {
    for (bytes, read) in forms() {
        let mut refused = 0;
        for at in 0..bytes.len() {
            for flip in [0x01, 0x80, 0xff] {
                let mut hostile = bytes.clone();
                hostile[at] ^= flip;
                refused += usize::from(!read(&hostile));
            }
        }
        assert!(refused > 50, "{refused} refused");
    }
}

#[test]
fn a_newer_format_is_named_and_longer_parts_are_read_as_far_as_known() {
    let mut newer = question::encode(&phone());
    newer[4] = 2;
    assert_eq!(question::decode(&newer).unwrap_err().code(), "FFI_FORMAT_TOO_NEW");

    // A later library: the header has two more words, and there is one more section, empty here.
    let mut longer = rows::encode(&batch());
    let header = usize::from(u16::from_le_bytes([longer[6], longer[7]]));
    longer.splice(header..header, [0, 0, 0, 0, 7, 0, 0, 0]);
    longer[6] += 8;
    longer[20] += 1;
    let total = (longer.len() as u32).to_le_bytes();
    longer[8..12].copy_from_slice(&total);
    assert_eq!(rows::decode(&longer).unwrap(), batch());
}
