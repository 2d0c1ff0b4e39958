//! The laws of a safe load on random tables (LM-I1..I8, LM-I14, LM-I15, LM-I17 as far as they concern loading).
//!
//! Each law that one answer can break is in `safe::violations`; here are the ones that take two loads. The number of cases is
//! proptest's own unless `PROPTEST_CASES` says otherwise, which the nightly run does.

mod random;

use ferrule_launcher_model::compat::placement::Grid;
use ferrule_launcher_model::compat::{BuildFlags, CancelAt, LoadInput, LoadRow, SqlKey, assume_present};
use ferrule_launcher_model::platform::{Answer, PlatformSnapshot, Unlisted};
use ferrule_launcher_model::safe::{Deviation, SafeOutcome, State, load, rows_after, violations};
use proptest::prelude::*;
use proptest::test_runner::Config;
use random::{GRID, platform, rows};

/// Grid, flags and what an earlier load left: everything but rows and platform.
#[derive(Debug, Clone)]
struct Setting {
    grid: Grid,
    flags: BuildFlags,
    prior_load_pinned: bool,
    pages: Vec<i32>,
}

fn setting() -> impl Strategy<Value = Setting> {
    let grid = prop_oneof![
        6 => Just(GRID),
        2 => (1..6_i32, 1..6_i32, 0..6_i32, 0..6_i32).prop_map(|(columns, rows, hotseat, search_columns)| Grid {
            columns, rows, hotseat, search_columns, ..GRID
        }),
        1 => (-1..2_i32, -1..2_i32, -1..2_i32).prop_map(|(columns, rows, hotseat)| Grid {
            columns, rows, hotseat, ..GRID
        }),
    ];
    let flags =
        any::<(bool, bool, bool, bool)>().prop_map(|(qsb, toggle, wanted, first_page_widget)| BuildFlags {
            qsb_on_first_screen: qsb,
            smartspace_removal_toggle: toggle,
            smartspace_enabled: wanted,
            first_page_widget,
            app_pairs: !(qsb && toggle && wanted),
            ..BuildFlags::default()
        });
    let pages = prop::collection::vec(-2..9_i32, 0..5);
    (grid, flags, any::<bool>(), pages).prop_map(|(grid, flags, prior_load_pinned, pages)| Setting {
        grid,
        flags,
        prior_load_pinned,
        pages,
    })
}

/// Rows of which some have serials that do not fit, and ids that do not.
fn odd_rows() -> impl Strategy<Value = Vec<LoadRow>> {
    (rows(), prop::collection::vec((0..40_usize, 0..4_u8), 0..3)).prop_map(|(mut rows, odd)| {
        for (at, kind) in odd {
            let Some(row) = rows.get_mut(at) else { continue };
            match kind {
                0 => row.sql_profile = SqlKey::Int(1 << 32),
                1 => row.sql_profile = SqlKey::Text,
                2 => row.row_id += 1 << 32,
                _ => row.is_unreadable = true,
            }
        }
        rows
    })
}

impl Setting {
    fn input<'a>(&self, rows: &'a [LoadRow], platform: &'a PlatformSnapshot) -> LoadInput<'a> {
        LoadInput {
            rows,
            grid: self.grid,
            flags: self.flags,
            platform,
            prior_load_pinned: self.prior_load_pinned,
            cancel_at: CancelAt::Never,
            is_current_file: true,
        }
    }

    fn load(&self, rows: &[LoadRow], platform: &PlatformSnapshot) -> SafeOutcome {
        load(&self.input(rows, platform), &self.pages)
    }

    /// The setting that a load leaves.
    fn after(&self, outcome: &SafeOutcome) -> Self {
        Self { prior_load_pinned: outcome.first_page_pinned, pages: outcome.pages.clone(), ..self.clone() }
    }
}

fn places(outcome: &SafeOutcome) -> Vec<(i64, Option<ferrule_launcher_model::safe::Seat>)> {
    outcome.rows.iter().map(|row| (row.row_id, row.seat)).collect()
}

/// A platform that has not answered anything about apps and widgets yet.
fn silent(platform: &PlatformSnapshot) -> PlatformSnapshot {
    let mut silent = platform.clone();
    silent.unlisted = Unlisted::Unknown;
    silent.packages.clear();
    silent.activities.clear();
    silent.widgets.providers = None;
    silent.widgets.bound.clear();
    silent
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::default() })]

    /// LM-I1, I2, I3, I4, I17, and every difference from Launcher3 has a code.
    #[test]
    fn one_load_breaks_no_law(rows in odd_rows(), platform in platform(), setting in setting()) {
        let outcome = setting.load(&rows, &platform);
        prop_assert_eq!(violations(&setting.input(&rows, &platform), &outcome), Vec::<String>::new());
    }

    /// LM-I5, LM-I6: a load of what a load left changes nothing and shows the same, in the world that its calls left.
    #[test]
    fn a_second_load_changes_nothing(rows in odd_rows(), platform in platform(), setting in setting()) {
        let first = setting.load(&rows, &platform);
        let left = rows_after(&rows, &first.writes);
        let platform = first.effects.applied_to(&platform);
        let second = setting.after(&first).load(&left, &platform);
        prop_assert_eq!(&second.writes, &Vec::new());
        prop_assert_eq!(&second.items, &first.items);
        prop_assert_eq!(&second.contents, &first.contents);
        prop_assert_eq!(&second.pages, &first.pages);
        prop_assert_eq!(places(&second), places(&first));
        // A pin that the system does not have yet may be asked for again; none is dropped any more.
        for call in &second.effects.pin_calls {
            let mut pins = platform.pinned_shortcuts.iter();
            let keeps_all = pins.all(|pin| {
                (&pin.package, pin.profile) != (&call.package, call.profile) || call.ids.contains(&pin.id)
            });
            prop_assert!(keeps_all, "{:?}", call);
        }
        prop_assert_eq!(&second.effects.bind_calls, &Vec::new());
        // What was moved stays moved without being moved again.
        prop_assert_eq!(second.relocated().filter(|row| row.state == State::Live).count(), 0);
    }

    /// LM-I6 without what is in quarantine: the store keeps those rows elsewhere, and nothing may depend on them.
    #[test]
    fn quarantine_leaves_no_gap(rows in odd_rows(), platform in platform(), setting in setting()) {
        let first = setting.load(&rows, &platform);
        let mut left = rows_after(&rows, &first.writes);
        left.retain(|row| first.row(row.row_id).is_none_or(|line| line.state != State::Quarantined));
        let platform = first.effects.applied_to(&platform);
        let second = setting.after(&first).load(&left, &platform);
        prop_assert_eq!(&second.writes, &Vec::new());
        prop_assert_eq!(&second.items, &first.items);
        prop_assert_eq!(second.in_state(State::Quarantined).count(), 0);
    }

    /// LM-I7: the order of the batch does not matter.
    #[test]
    fn order_of_the_batch_does_not_matter(rows in odd_rows(), platform in platform(), setting in setting()) {
        let mut reversed = rows.clone();
        reversed.reverse();
        prop_assert_eq!(setting.load(&rows, &platform), setting.load(&reversed, &platform));
    }

    /// LM-I8: a platform that has not answered costs no item its place or its row; when it answers, everything is where it
    /// was, and only what has no place of its own in the table moves at all.
    #[test]
    fn unknown_moves_nothing(rows in odd_rows(), platform in platform(), setting in setting()) {
        let before = setting.load(&rows, &platform);
        let rows = rows_after(&rows, &before.writes);
        let platform = before.effects.applied_to(&platform);
        let setting = setting.after(&before);
        let unknown = silent(&platform);
        let dark = setting.load(&rows, &unknown);
        // Rows are as the last full load left them, so nothing moves in the dark …
        prop_assert_eq!(places(&dark), places(&before));
        for write in &dark.writes {
            prop_assert!(write.place.is_none() && write.intent.is_none(), "{:?}", write);
        }
        // … and nothing has moved when the light is back.
        let left = rows_after(&rows, &dark.writes);
        let light = setting.after(&dark).load(&left, &platform);
        prop_assert_eq!(places(&light), places(&before));
    }

    /// LM-I8, the other way round: what is installed later goes live exactly where it was held.
    #[test]
    fn what_comes_back_is_where_it_was(rows in rows(), platform in platform(), setting in setting()) {
        let held = setting.load(&rows, &platform);
        let left = rows_after(&rows, &held.writes);
        let everything = assume_present(&left);
        let back = setting.after(&held).load(&left, &everything);
        // A row whose profile is back may turn out to be void; what lay beside it moves up.
        let away = |outcome: &SafeOutcome| outcome.in_state(State::Quarantined).count();
        if away(&back) != away(&held) {
            return Ok(());
        }
        for row in held.in_state(State::Held) {
            let now = back.row(row.row_id).expect("a row stays a row");
            // What had no place gets one as soon as its smallest size is known.
            if now.state == State::Live && row.seat.is_some() {
                prop_assert_eq!(now.seat, row.seat);
            }
        }
    }

    /// LM-I15: whatever happens to an item, its profile stays the one that its row names.
    #[test]
    fn no_item_changes_its_profile(rows in odd_rows(), platform in platform(), setting in setting()) {
        let outcome = setting.load(&rows, &platform);
        let by_id = |id: i32| rows.iter().find(|row| row.row_id == i64::from(id)).expect("an item has a row");
        for item in outcome.items.values() {
            let row = by_id(item.id);
            if matches!(row.item_type, 2 | 10) {
                continue; // a collection has none of its own
            }
            prop_assert_eq!(item.profile, i64::from(row.profile));
            prop_assert!(!matches!(row.sql_profile, SqlKey::Text));
        }
    }

    /// LM-I14 for a load: of a row that is not live nothing but its place is written.
    #[test]
    fn rows_that_are_not_live_keep_their_columns(rows in odd_rows(), platform in platform(), setting in setting()) {
        let outcome = setting.load(&rows, &platform);
        for write in &outcome.writes {
            let line = outcome.row(write.row_id).expect("a write is of a row");
            if line.state != State::Live {
                prop_assert!(write.intent.is_none() && write.restored.is_none() && write.widget.is_none());
            }
            if line.state == State::Quarantined {
                prop_assert!(write.place.is_none());
            }
        }
    }

    /// J.1.30: no id and no pin that a row refers to is given back, and an empty table gives nothing back.
    #[test]
    fn nothing_is_given_back_that_a_row_needs(rows in odd_rows(), platform in platform(), setting in setting()) {
        let outcome = setting.load(&rows, &platform);
        let left = rows_after(&rows, &outcome.writes);
        for row in left.iter().filter(|row| matches!(row.item_type, 4 | 5)) {
            prop_assert!(!outcome.effects.widget_ids_freed.contains(&row.widget_id));
        }
        let shortcuts: Vec<&LoadRow> = left.iter().filter(|row| row.item_type == 6).collect();
        for call in &outcome.effects.pin_calls {
            for pin in platform.pinned_shortcuts.iter().filter(|pin| {
                (&pin.package, pin.profile) == (&call.package, call.profile) && !call.ids.contains(&pin.id)
            }) {
                let text = format!("package={};S.shortcut_id={};", pin.package, pin.id);
                let is_needed = shortcuts.iter().any(|row| {
                    i64::from(row.profile) == pin.profile
                        && row.intent.as_deref().is_some_and(|intent| intent.contains(&text))
                });
                prop_assert!(!is_needed, "{:?} drops {}", call, pin.id);

            }
        }
        let wiped = setting.load(&[], &platform);
        prop_assert!(wiped.effects.pin_calls.is_empty() && wiped.effects.widget_ids_freed.is_empty());
    }

    /// A row that is not where or what it was can be explained, and no other.
    #[test]
    fn every_difference_is_explained(rows in odd_rows(), platform in platform(), setting in setting()) {
        let outcome = setting.load(&rows, &platform);
        for row in &outcome.rows {
            let explanation = outcome.explain(row.row_id, Some(7));
            prop_assert_eq!(explanation.is_some(), row.code() != "LM_LOADED");
            if let Some(explanation) = explanation {
                prop_assert_eq!(explanation.since_ms, Some(7));
                let is_moved = explanation.why.iter().any(|deviation| deviation.is_move());
                prop_assert!(!(row.state != State::Live || is_moved) || !explanation.remedies.is_empty());
                prop_assert!(!explanation.why.iter().any(|deviation| deviation.is_effect()));
            }
        }
    }

    /// Boot, sessions and locks change what is shown, never how many rows there are.
    #[test]
    fn a_phone_that_knows_nothing_holds_everything(rows in rows()) {
        let setting = Setting {
            grid: GRID,
            flags: BuildFlags { qsb_on_first_screen: false, ..BuildFlags::default() },
            prior_load_pinned: false,
            pages: Vec::new(),
        };
        let nothing = PlatformSnapshot { unlisted: Unlisted::Unknown, boot_completed: Answer::Yes, ..PlatformSnapshot::default() };
        let outcome = setting.load(&rows, &nothing);
        prop_assert_eq!(outcome.rows.len(), rows.len());
        let void = outcome.in_state(State::Quarantined).filter(|row| {
            row.deviations.first() == Some(&Deviation::QuarantinedInsteadOfDeleted)
        });
        prop_assert_eq!(void.count(), 0, "nothing is void before its profile is known");
    }
}
