//! The row decision, a case a rule: a row, a platform, and what becomes of it (B.3, B.4, SPEC-07, SPEC-08).

use ferrule_launcher_model::compat::model::{IconSource, Item, ItemKind};
use ferrule_launcher_model::compat::outcome::SweepStep;
use ferrule_launcher_model::compat::pages::pages;
use ferrule_launcher_model::compat::placement::Grid;
use ferrule_launcher_model::compat::{
    BuildFlags, CancelAt, DbAction, LoadInput, LoadOutcome, LoadRow, Rule, SqlKey, load,
};
use ferrule_launcher_model::intent::ComponentName;
use ferrule_launcher_model::platform::{
    Activity, Answer, AppFlags, AppInfo, InstallSession, Package, PinnedQuery, PinnedShortcut,
    PlatformSnapshot, Profile, ProfileKind, WidgetPlatform, WidgetProvider,
};

const GRID: Grid = Grid { columns: 4, rows: 5, hotseat: 4, search_columns: 4, folder: (4, 4) };

fn row(id: i64, item_type: i32) -> LoadRow {
    LoadRow {
        row_id: id,
        item_type,
        container: -100,
        span_x: 1,
        span_y: 1,
        widget_id: -1,
        sql_container: SqlKey::Int(-100),
        sql_type: SqlKey::Int(i64::from(item_type)),
        ..LoadRow::default()
    }
}

fn app(id: i64, component: &str) -> LoadRow {
    let intent = format!(
        "#Intent;action=android.intent.action.MAIN;category=android.intent.category.LAUNCHER;\
         launchFlags=0x10200000;component={component};end"
    );
    LoadRow { intent: Some(intent), title: Some("Stored".to_owned()), ..row(id, 0) }
}

fn shortcut(id: i64, package: &str, shortcut: &str) -> LoadRow {
    let intent = format!("#Intent;package={package};S.shortcut_id={shortcut};end");
    LoadRow { intent: Some(intent), title: Some(" Stored ".to_owned()), ..row(id, 6) }
}

fn widget(id: i64, restored: i32) -> LoadRow {
    LoadRow { provider: Some("org.clock/.Face".to_owned()), widget_id: 7, restored, ..row(id, 4) }
}

fn child_of(parent: i32, row: LoadRow) -> LoadRow {
    LoadRow { container: parent, sql_container: SqlKey::Int(i64::from(parent)), ..row }
}

/// A phone with one app (`org.mail`, two activities, the second switched off), one pin and one widget provider.
fn phone() -> PlatformSnapshot {
    let activity = |class: &str, enabled: bool| Activity {
        component: ComponentName::new("org.mail", format!("org.mail.{class}")),
        profile: 0,
        enabled: enabled.into(),
        resolves: enabled.into(),
        in_list: enabled,
        label: format!("Mail {class}"),
        loading_progress: 1.0,
    };
    PlatformSnapshot {
        profiles: vec![Profile {
            serial: 0,
            user_id: 0,
            kind: ProfileKind::Main,
            quiet: Answer::No,
            unlocked: Answer::Yes,
            pinned_query: PinnedQuery::Answered,
        }],
        own_package: "org.launcher".to_owned(),
        packages: vec![Package {
            name: "org.mail".to_owned(),
            profile: 0,
            enabled: Answer::Yes,
            info: AppInfo::Found(AppFlags { installed: true, enabled: true, ..AppFlags::default() }),
        }],
        activities: vec![activity("Inbox", true), activity("Old", false)],
        pinned_shortcuts: vec![PinnedShortcut {
            package: "org.mail".to_owned(),
            id: "compose".to_owned(),
            profile: 0,
            activity: None,
            short_label: Some("Compose".to_owned()),
            enabled: true,
            disabled_reason: 0,
            manifest: false,
            dynamic: true,
        }],
        widgets: WidgetPlatform {
            providers: Some(vec![WidgetProvider {
                component: ComponentName::new("org.clock", "org.clock.Face"),
                profile: 0,
                configure: None,
                min_span: (2, 1),
            }]),
            host_ids: Some(vec![7]),
            bind_allowed: Answer::Yes,
            next_id: 100,
            ..WidgetPlatform::default()
        },
        boot_completed: Answer::Yes,
        ..PlatformSnapshot::default()
    }
}

fn run(rows: &[LoadRow], platform: &PlatformSnapshot) -> LoadOutcome {
    load(&LoadInput {
        rows,
        grid: GRID,
        flags: BuildFlags { qsb_on_first_screen: false, ..BuildFlags::default() },
        platform,
        prior_load_pinned: false,
        cancel_at: CancelAt::Never,
        is_current_file: true,
    })
}

/// The code and the deciding rule of the only row.
fn decide(row: LoadRow, platform: &PlatformSnapshot) -> (&'static str, Rule) {
    let outcome = run(&[row], platform);
    outcome
        .decisions
        .first()
        .map_or(("no decision", Rule::TypeUnknown), |decision| (decision.verdict.code(), decision.rule))
}

fn icon_facts(item: &Item) -> Option<(Option<&str>, i32, i32, IconSource)> {
    item.icon().map(|icon| (item.title.as_deref(), icon.status.0, icon.runtime.0, icon.icon))
}

#[test]
fn every_row_of_the_tables_has_its_outcome() {
    let phone = phone();
    let booting = PlatformSnapshot { boot_completed: Answer::No, ..phone.clone() };
    let mut on_card = phone.clone();
    on_card.packages[0].enabled = Answer::No;
    on_card.packages[0].info =
        AppInfo::Found(AppFlags { installed: true, enabled: true, external: true, ..AppFlags::default() });
    let mut locked = phone.clone();
    locked.profiles[0].pinned_query = PinnedQuery::Failed;
    let mut safe_mode = phone.clone();
    safe_mode.safe_mode = true;
    let mut no_list = phone.clone();
    no_list.activities.clear();
    let text = |text: &str| LoadRow { intent: Some(text.to_owned()), ..row(1, 0) };
    let restored = |restored: i32| LoadRow { restored, ..app(1, "org.gone/.Main") };

    for (what, row, platform, code, rule) in [
        (
            "profile",
            LoadRow { profile: 5, ..app(1, "org.mail/.Inbox") },
            &phone,
            "LM_USER_PROFILE_DELETED",
            Rule::ProfileUnknown,
        ),
        ("type", row(1, 99), &phone, "LM_ZOMBIE_UNKNOWN_TYPE", Rule::TypeUnknown),
        ("1", row(1, 0), &phone, "LM_APP_NO_DB_INTENT", Rule::App1NoIntent),
        ("1, C1", text("#Intent;i.x=abc;end"), &phone, "LM_ZOMBIE_INTENT_NUMBER", Rule::IntentNumber),
        ("2", text("not an intent"), &phone, "LM_APP_NO_TARGET_PACKAGE", Rule::App2NoTarget),
        ("3", app(1, "org.mail/.Inbox"), &phone, "LM_LOADED", Rule::App),
        ("4", app(1, "org.mail/.Old"), &phone, "LM_LOADED", Rule::App),
        ("4", app(1, "org.mail/.Old"), &no_list, "LM_APP_NO_LAUNCH_INTENT", Rule::App4NoLaunchIntent),
        (
            "C3",
            text("#Intent;component=org.mail/.Inbox;SEL;package=b;end"),
            &phone,
            "LM_ZOMBIE_SELECTOR",
            Rule::AppSelector,
        ),
        ("5a", restored(5), &phone, "LM_LOADED", Rule::Promise),
        ("5c", restored(1), &phone, "LM_APP_NOT_RESTORED_OR_INSTALLED", Rule::App5cNotInstalling),
        ("6", app(1, "org.mail/.Inbox"), &on_card, "LM_LOADED", Rule::App),
        ("7", app(1, "org.gone/.Main"), &booting, "LM_LOADED", Rule::App),
        ("8", app(1, "org.gone/.Main"), &phone, "LM_APP_NOT_INSTALLED_EXTERNAL_MEDIA", Rule::App8Gone),
        ("restore type", restored(4), &phone, "LM_ZOMBIE_RESTORE_TYPE", Rule::PromiseRestoreType),
        ("C4", text("#Intent;package=org.mail;end"), &phone, "LM_ZOMBIE_UNRESOLVED", Rule::AppUnresolved),
        (
            "C2",
            LoadRow { item_type: 6, ..text("#Intent;package=org.mail;end") },
            &phone,
            "LM_ZOMBIE_SHORTCUT_ID_MISSING",
            Rule::DeepNoId,
        ),
        ("pinned", shortcut(1, "org.mail", "compose"), &phone, "LM_LOADED", Rule::DeepPinned),
        (
            "not pinned",
            shortcut(1, "org.mail", "other"),
            &phone,
            "LM_SHORTCUT_NOT_FOUND",
            Rule::DeepNotPinned,
        ),
        ("locked", shortcut(1, "org.mail", "other"), &locked, "LM_LOADED", Rule::DeepLocked),
        (
            "widget 1",
            LoadRow { provider: Some("bad".to_owned()), ..widget(1, 0) },
            &phone,
            "LM_ZOMBIE_PROVIDER",
            Rule::Widget1Provider,
        ),
        (
            "widget 2",
            LoadRow { span_x: 0, ..widget(1, 0) },
            &phone,
            "LM_INVALID_WIDGET_SIZE",
            Rule::Widget2Size,
        ),
        (
            "widget 3",
            LoadRow { container: 9, ..widget(1, 0) },
            &phone,
            "LM_INVALID_WIDGET_CONTAINER",
            Rule::Widget3Container,
        ),
        (
            "widget 4",
            LoadRow { options: 1, ..widget(1, 0) },
            &phone,
            "LM_NO_SEARCH_WIDGET",
            Rule::Widget4Search,
        ),
        ("widget 5", widget(1, 0), &safe_mode, "LM_LOADED", Rule::Widget13Pending),
        ("widget 8", widget(1, 4), &phone, "LM_INVALID_WIDGET_ID", Rule::Widget8Missing),
        ("widget 9", widget(1, 1), &phone, "LM_LOADED", Rule::Widget12Real),
        (
            "widget 9, C6",
            LoadRow { intent: Some("#Intent;end".to_owned()), ..widget(1, 33) },
            &phone,
            "LM_ZOMBIE_BIND_EXTRAS_MISSING",
            Rule::Widget9NoExtras,
        ),
        (
            "widget 11",
            widget(1, 0),
            &phone,
            "LM_UNSPECIFIED_WIDGET_INFLATION_RESULT",
            Rule::Widget11NoProvider,
        ),
        ("widget 13", widget(1, 2), &phone, "LM_UNRESTORED_PENDING_WIDGET", Rule::Widget13NeverStarted),
        (
            "B.4 dock",
            LoadRow { container: -101, screen: 4, ..app(1, "org.mail/.Inbox") },
            &phone,
            "LM_OVERLAPPING_ITEM",
            Rule::Placement,
        ),
        (
            "B.4 dock",
            LoadRow { container: -101, screen: -1, ..app(1, "org.mail/.Inbox") },
            &phone,
            "LM_ZOMBIE_HOTSEAT_INDEX",
            Rule::Placement,
        ),
        (
            "B.4 bounds",
            LoadRow { cell_x: 4, ..app(1, "org.mail/.Inbox") },
            &phone,
            "LM_OVERLAPPING_ITEM",
            Rule::Placement,
        ),
    ] {
        assert_eq!(decide(row, platform), (code, rule), "{what}");
    }
}

#[test]
fn a_retarget_is_written_and_keeps_restored_in_the_database() {
    // Row 4, C18a: memory has no restored bit, the row keeps it until the next load.
    let outcome = run(&[LoadRow { restored: 1, ..app(1, "org.mail/.Old") }], &phone());
    let text = "#Intent;action=android.intent.action.MAIN;category=android.intent.category.LAUNCHER;\
                launchFlags=0x10200000;component=org.mail/.Inbox;end";
    assert_eq!(outcome.actions[0], DbAction::RetargetIntent { id: 1, intent: text.to_owned() });
    assert!(outcome.restored_committed().is_empty());
    let item = &outcome.model.items[&1];
    assert_eq!(icon_facts(item), Some((Some("Mail Inbox"), 0, 128, IconSource::Activity)));
    assert_eq!(item.icon().and_then(|icon| icon.intent.package.as_deref()), Some("org.mail"));
}

#[test]
fn a_session_of_a_trusted_installer_starts_a_promise() {
    // Row 5b: bit 4 is written at once, the progress is the session's.
    let mut phone = phone();
    let session = |installer: &str| InstallSession {
        package: "org.gone".to_owned(),
        profile: 0,
        installer: Some(installer.to_owned()),
        progress: 0.42,
    };
    phone.sessions = vec![session("org.launcher")];
    let promise = LoadRow { restored: 1, ..app(1, "org.gone/.Main") };
    let outcome = run(std::slice::from_ref(&promise), &phone);
    assert_eq!(outcome.actions[0], DbAction::SetRestored { id: 1, restored: 5 });
    let icon = outcome.model.items[&1].icon().expect("a promise has an icon");
    assert_eq!((icon.shown_progress(), icon.is_promise()), (42, true));
    // A session of anyone else is none.
    phone.sessions = vec![session("org.mail")];
    assert_eq!(decide(promise, &phone).0, "LM_APP_NOT_RESTORED_OR_INSTALLED");
}

#[test]
fn a_widget_is_bound_and_its_old_id_freed() {
    // Widget row 9 and B.5.4.
    let outcome = run(&[LoadRow { span_x: 2, ..widget(1, 3) }], &phone());
    let provider = "org.clock/org.clock.Face".to_owned();
    assert_eq!(outcome.actions[0], DbAction::SetWidget { id: 1, widget_id: 100, provider, restored: 0 });
    assert_eq!((outcome.widget_ids_allocated, outcome.widget_ids_freed), (vec![100], vec![7]));
    let ItemKind::Widget(widget) = &outcome.model.items[&1].kind else { panic!("no widget") };
    assert_eq!((widget.min_span, widget.pending), ((2, 1), false));
}

#[test]
fn a_folder_out_of_bounds_takes_its_children_with_it() {
    // J.1.4: the folder is deleted for its place, the children as unparented, and a phantom stays.
    let rows = [
        LoadRow { cell_x: 9, ..row(1, 2) },
        child_of(1, app(2, "org.mail/.Inbox")),
        child_of(1, app(3, "org.mail/.Inbox")),
    ];
    let outcome = run(&rows, &phone());
    assert_eq!(outcome.decisions[0].verdict.code(), "LM_OVERLAPPING_ITEM");
    assert_eq!(outcome.swept, [(2, SweepStep::Unparented), (3, SweepStep::Unparented)]);
    assert!(outcome.model.items.is_empty());
    assert_eq!(outcome.model.collections[&1].contents, [(2, 0), (3, 1)]);
}

#[test]
fn children_may_come_before_their_pair() {
    // The placeholder folder is replaced; members keep the order of ids (C10).
    let rows = [
        child_of(3, LoadRow { rank: 5, ..app(1, "org.mail/.Inbox") }),
        child_of(3, LoadRow { rank: 2, ..app(2, "org.mail/.Inbox") }),
        row(3, 10),
    ];
    let model = run(&rows, &phone()).model;
    assert!(model.collections[&3].is_pair);
    assert_eq!(model.collections[&3].contents, [(1, 5), (2, 2)]);
    assert_eq!(model.workspace_items, [3]);
}

#[test]
fn one_null_container_stops_the_cleaning_of_folders() {
    // SPEC-09 (e) and C11: two of them stop the cleaning of pairs.
    let lost = |id| LoadRow { container: 0, sql_container: SqlKey::Null, ..app(id, "org.mail/.Inbox") };
    let swept = |rows: &[LoadRow]| run(rows, &phone()).swept;
    let (folder, pair) = (row(1, 2), LoadRow { cell_x: 1, ..row(2, 10) });
    let deleted = app(3, "org.gone/.Main");
    let both = [(1, SweepStep::EmptyFolder), (2, SweepStep::BadAppPair)];
    assert_eq!(swept(&[folder.clone(), pair.clone(), deleted.clone()]), both);
    assert_eq!(swept(&[folder.clone(), pair.clone(), deleted.clone(), lost(4)]), both[1..]);
    assert_eq!(swept(&[folder, pair, deleted, lost(4), lost(5)]), []);
}

#[test]
fn pins_follow_the_model() {
    // SPEC-11: nothing in the model, so the package loses its pin; a failed query changes nothing.
    let mut phone = phone();
    let calls = run(&[], &phone).pin_calls;
    assert_eq!((calls.len(), calls[0].package.as_str(), calls[0].ids.len()), (1, "org.mail", 0));
    assert!(run(&[shortcut(1, "org.mail", "compose")], &phone).pin_calls.is_empty());
    phone.profiles[0].pinned_query = PinnedQuery::NotPermitted;
    assert!(run(&[], &phone).pin_calls.is_empty());
}

// What follows was found by comparing random databases with the Kotlin legacy; no recorded case holds it.

#[test]
fn a_widget_without_size_is_deleted_whatever_its_extras() {
    // The intent of bit 32 is read after rows 2 and 3, not before.
    let bad = |row| LoadRow { intent: Some("#Intent;i.n=abc;end".to_owned()), ..row };
    assert_eq!(decide(bad(LoadRow { span_x: 0, ..widget(1, 32) }), &phone()).0, "LM_INVALID_WIDGET_SIZE");
    assert_eq!(decide(bad(child_of(9, widget(1, 32))), &phone()).0, "LM_INVALID_WIDGET_CONTAINER");
    assert_eq!(decide(bad(widget(1, 32)), &phone()).0, "LM_ZOMBIE_INTENT_NUMBER");
}

#[test]
fn an_allocated_id_does_not_change_what_kind_of_widget_it_is() {
    // C12: the row's own id tells, before the load gives it another.
    let outcome = run(&[LoadRow { widget_id: -100, ..widget(1, 3) }], &phone());
    assert_eq!(outcome.widget_ids_allocated, [100]);
    assert_eq!(outcome.model.items[&1].type_number(), 5);
}

#[test]
fn a_shortcut_of_a_newer_app_is_disabled() {
    let mut phone = phone();
    phone.pinned_shortcuts[0].disabled_reason = 100;
    let model = run(&[shortcut(1, "org.mail", "compose")], &phone).model;
    assert!(model.items[&1].icon().is_some_and(|icon| icon.is_disabled()));
}

#[test]
fn members_of_a_pair_are_looked_up_at_full_resolution() {
    // B.2.11: as those in the preview of a folder; the cache knows nothing of either.
    let gone = |id| LoadRow { restored: 5, ..app(id, "gone.app/.Main") };
    let mut locked = phone();
    locked.boot_completed = Answer::No;
    let model = run(&[child_of(3, gone(1)), child_of(3, gone(2)), row(3, 10)], &locked).model;
    assert_eq!(model.items[&1].title.as_deref(), Some(""));
}

#[test]
fn ghosts_are_looked_for_even_if_the_host_does_not_answer() {
    let mut phone = phone();
    phone.widgets.host_ids = None;
    let outcome = run(&[], &phone);
    assert_eq!(outcome.actions.last(), Some(&DbAction::FreeGhostWidgets(Vec::new())));
}

#[test]
fn page_0_is_forced_by_the_build_and_not_by_the_user() {
    // SPEC-10: the removed bar leaves the page; a bar that is a real widget does not force it.
    let forced = |first_page_widget| {
        let rows = [LoadRow { screen: 1, ..app(1, "org.mail/.Inbox") }];
        let outcome = load(&LoadInput {
            rows: &rows,
            grid: GRID,
            flags: BuildFlags {
                smartspace_removal_toggle: true,
                smartspace_enabled: false,
                first_page_widget,
                ..BuildFlags::default()
            },
            platform: &phone(),
            prior_load_pinned: false,
            cancel_at: CancelAt::Never,
            is_current_file: true,
        });
        pages(&outcome.model)
    };
    assert_eq!((forced(false), forced(true)), (vec![0, 1], vec![1]));
}

/// A pending widget looks its package up, rejected or not; from then on archived apps show the package. A promise that is
/// looked up while its row is read is not marked as archived yet.
#[test]
fn an_archived_app_shows_its_package_once_that_is_known() {
    let mut platform = phone();
    let mail = AppFlags { installed: true, enabled: true, archived: true, ..AppFlags::default() };
    platform.packages[0].info = AppInfo::Found(mail);
    let pending = LoadRow { provider: Some("org.mail/.W".to_owned()), cell_x: 9, ..widget(1, 3) };
    let promise = LoadRow { cell_x: 1, restored: 14, ..shortcut(3, "org.mail", "gone") };
    let promise = LoadRow {
        intent: promise.intent.map(|intent| intent.replace(";end", ";component=org.mail/.Inbox;end")),
        ..promise
    };
    let rows = [pending, app(2, "org.mail/.Inbox"), promise];
    let outcome = run(&rows, &platform);
    assert!(!outcome.model.items.contains_key(&1), "rejected for its place");
    let shown = |id: i32| icon_facts(&outcome.model.items[&id]).map(|(title, .., icon)| (title, icon));
    assert_eq!(shown(2), Some((Some("org.mail"), IconSource::Package)));
    assert_eq!(shown(3), Some((Some("Mail Inbox"), IconSource::Activity)));
    let alone = run(&rows[1..], &platform);
    assert_eq!(alone.model.items[&2].title.as_deref(), Some("Mail Inbox"));
}
