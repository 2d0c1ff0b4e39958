//! The laws of a load through the store, on random tables: import, load, load (LM-I1 to LM-I6, LM-I16, LM-I17).
//!
//! Nothing is written to a disk: the changes that a load asks for are applied as the store applies them.

use ferrule_launcher_model::compat::placement::Grid;
use ferrule_launcher_model::compat::{BuildFlags, LoadRow, SqlKey};
use ferrule_launcher_model::home::{Loaded, preview};
use ferrule_launcher_model::import::dry_run;
use ferrule_launcher_model::safe::{Seat, State};
use ferrule_launcher_model::store::{AuditEntry, Content, ItemId, Place, apply, check};
use proptest::prelude::*;
use proptest::test_runner::Config;

use super::kit::{LATER, NOW, empty, import_options, leaves, phone, size_of, table};
use super::random::{GRID, platform, rows};

/// A grid, or a size that no screen has.
fn grid() -> impl Strategy<Value = Grid> {
    prop_oneof![7 => screen(), 1 => Just(Grid { columns: 0, rows: -1, ..GRID })]
}

fn screen() -> impl Strategy<Value = Grid> {
    prop_oneof![
        1 => Just(GRID),
        2 => (1..6_i32, 1..6_i32, 0..6_i32, 0..6_i32).prop_map(|(columns, rows, hotseat, search_columns)| Grid {
            columns, rows, hotseat, search_columns, ..GRID
        }),
    ]
}

fn flags() -> impl Strategy<Value = BuildFlags> {
    any::<(bool, bool, bool)>().prop_map(|(qsb, first_page_widget, app_pairs)| BuildFlags {
        qsb_on_first_screen: qsb,
        first_page_widget,
        app_pairs,
        ..BuildFlags::default()
    })
}

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

/// What a store holds after a load, and what its trail says.
fn after(content: &Content, loaded: &Loaded) -> Result<(Content, Vec<AuditEntry>), TestCaseError> {
    apply(content, &loaded.changes, LATER)
        .map_err(|refusal| TestCaseError::fail(format!("refused: {refusal}: {:?}", loaded.changes)))
}

/// The store holds what the load says.
fn agrees(content: &Content, loaded: &Loaded) -> Result<(), TestCaseError> {
    for line in &loaded.outcome.rows {
        let item = &content.items[&ItemId(line.row_id)];
        prop_assert_eq!(item.quarantine.is_some(), line.state == State::Quarantined, "{:?}", line);
        if line.state != State::Quarantined {
            let held = matches!(line.state, State::Held | State::Opaque);
            prop_assert_eq!(item.hold.as_ref().map(|hold| hold.code.as_str()), held.then_some(line.code()));
        }
        let page_of =
            |number: i32| {
                loaded.pages.iter().position(|shown| shown.number == number).and_then(|at| {
                    content.layout().and_then(|layout| layout.pages.get(at)).map(|page| page.id)
                })
            };
        match (line.seat, item.seat(content.active)) {
            (
                Some(Seat::Desktop { page, x, y, .. }),
                Some(Place::Desktop { page: own, x: left, y: top, .. }),
            ) => {
                prop_assert_eq!((page_of(page), x, y), (Some(own), left, top));
            }
            (Some(Seat::Dock { index }), Some(Place::Dock { slot })) => prop_assert_eq!(index, slot),
            (Some(Seat::Inside { collection, .. }), Some(Place::Inside { parent, .. })) => {
                prop_assert_eq!(i64::from(collection), parent.0);
            }
            // In something that nobody understands: kept, and no seat of ours.
            (Some(Seat::Inside { .. }), None) => prop_assert_ne!(line.state, State::Live),
            (None, None) => prop_assert_ne!(line.state, State::Live),
            (seat, own) => prop_assert!(false, "{line:?}: {seat:?} is {own:?}"),
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::default() })]

    #[test]
    fn a_load_through_the_store_loses_nothing_and_a_second_changes_nothing(
        rows in odd_rows(), platform in platform(), grid in grid(), flags in flags(),
    ) {
        let (content, report) = dry_run(&empty(grid), &table(&rows), &import_options(grid)).unwrap();
        prop_assert_eq!(report.items, rows.len());
        let before = leaves(&content);
        let first = preview(&content, &phone(grid, flags, &platform), NOW);
        prop_assert_eq!(first.outcome.rows.len(), rows.len());
        let (content, trail) = after(&content, &first)?;
        prop_assert_eq!(check(&content), vec![]);
        let left = leaves(&content);
        prop_assert!(left.keys().eq(before.keys()), "{left:?} of {before:?}");
        agrees(&content, &first)?;
        // LM-I17: whoever is not on the screen as it was has an entry with a code.
        for line in first.outcome.rows.iter().filter(|line| line.state != State::Live) {
            let told = trail.iter().any(|entry| entry.item == Some(ItemId(line.row_id)) && entry.code.is_some());
            prop_assert!(told, "{:?}", line);
        }
        let platform = first.outcome.effects.applied_to(&platform);
        let second = preview(&content, &phone(grid, flags, &platform), LATER);
        prop_assert_eq!(&second.changes, &vec![]);
        for (id, item) in &second.outcome.items {
            prop_assert_eq!(Some(item), first.outcome.items.get(id));
        }
        prop_assert_eq!(second.outcome.items.len(), first.outcome.items.len());
        prop_assert_eq!(&second.outcome.pages, &first.outcome.pages);
        for id in &second.outcome.effects.widget_ids_freed {
            prop_assert!(content.items.values().all(|item| item.widget.id != *id), "{id} is needed");
        }
    }

    /// Another size of grid and back: nothing is lost, and the first size has everything where it was.
    #[test]
    fn a_change_of_the_grid_and_back_leaves_everything_where_it_was(
        rows in odd_rows(), platform in platform(), grids in (screen(), screen()), flags in flags(),
    ) {
        // A search bar of another width moves what is under it, in the same layout.
        let other = Grid { search_columns: grids.0.search_columns, ..grids.1 };
        let grids = (grids.0, if size_of(grids.0) == size_of(grids.1) { other } else { grids.1 });
        let (content, _) = dry_run(&empty(grids.0), &table(&rows), &import_options(grids.0)).unwrap();
        let first = preview(&content, &phone(grids.0, flags, &platform), NOW);
        let (content, _) = after(&content, &first)?;
        let platform = first.outcome.effects.applied_to(&platform);
        let other = preview(&content, &phone(grids.1, flags, &platform), NOW);
        let (there, _) = after(&content, &other)?;
        prop_assert_eq!(check(&there), vec![]);
        agrees(&there, &other)?;
        let platform = other.outcome.effects.applied_to(&platform);
        prop_assert_eq!(&preview(&there, &phone(grids.1, flags, &platform), NOW).changes, &vec![]);
        let back = preview(&there, &phone(grids.0, flags, &platform), NOW);
        let (back, _) = after(&there, &back)?;
        prop_assert_eq!(leaves(&back), leaves(&there));
        for (id, item) in content.items.iter().filter(|(_, item)| item.quarantine.is_none()) {
            let now = &back.items[id];
            if let Some(place @ (Place::Desktop { .. } | Place::Dock { .. })) = item.seat(content.active)
                && now.quarantine.is_none()
            {
                prop_assert_eq!(now.seat(back.active), Some(place), "{:?}", id);
            }
        }
    }
}
