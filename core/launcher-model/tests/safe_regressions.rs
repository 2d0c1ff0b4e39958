//! Each way in which today's launcher loses items at a load for what they need, one test a way: symptom and cause first, then
//! what users get. The ways were seen in runs of Launcher3's own code; every test also holds the loss against `compat`.

mod safe_kit;

use ferrule_launcher_model::compat::{LoadRow, SqlKey, assume_present};
use ferrule_launcher_model::platform::{Answer, InstallSession, PinnedQuery, Unlisted};
use ferrule_launcher_model::safe::{Deviation, Remedy, State};
use safe_kit::{app, cell, codes, inside, legacy, lost, row, safe, seat, shortcut, states, widget};

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
