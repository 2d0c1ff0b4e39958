//! The invariants of a safe load, checked on one answer (LM-I1..I4, and that no difference is without a code).
//!
//! For tests, for `check` on the command line and for shadow runs; it decides nothing. Quadratic nowhere, bounded by rows
//! and cells.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::fate::State;
use super::outcome::{RowOutcome, SafeOutcome, Seat, StoredPlace};
use super::subject::legacy;
use crate::compat::model::{Item, ItemId, ItemKind};
use crate::compat::placement::{CONTAINER_DESKTOP, CONTAINER_HOTSEAT, FIRST_PAGE};
use crate::compat::{LoadInput, TYPE_FOLDER, TYPE_PAIR, pinned};

/// What is wrong with an answer, one line each; empty for every answer of [`super::load()`].
///
/// ```
/// # use ferrule_launcher_model::compat::{BuildFlags, CancelAt, LoadInput, placement::Grid};
/// # use ferrule_launcher_model::platform::PlatformSnapshot;
/// # use ferrule_launcher_model::safe::{load, violations};
/// let input = LoadInput {
///     rows: &[],
///     grid: Grid { columns: 4, rows: 6, hotseat: 4, search_columns: 4, folder: (4, 4) },
///     flags: BuildFlags::default(),
///     platform: &PlatformSnapshot::default(),
///     prior_load_pinned: false,
///     cancel_at: CancelAt::Never,
///     is_current_file: true,
/// };
/// assert!(violations(&input, &load(&input, &[])).is_empty());
/// ```
pub fn violations(input: &LoadInput<'_>, outcome: &SafeOutcome) -> Vec<String> {
    let mut found = Vec::new();
    conservation(input, outcome, &mut found);
    seats(input, outcome, &mut found);
    tree(outcome, &mut found);
    differences(input, outcome, &mut found);
    found
}

/// LM-I1, LM-I17: as many lines as rows; live rows are items, others are not.
fn conservation(input: &LoadInput<'_>, outcome: &SafeOutcome, found: &mut Vec<String>) {
    let mut rows: Vec<i64> = input.rows.iter().map(|row| row.row_id).collect();
    rows.sort_unstable();
    if rows != outcome.rows.iter().map(|row| row.row_id).collect::<Vec<_>>() {
        found.push("LM-I1: the lines are not the rows".to_owned());
    }
    let live: Vec<i64> = outcome.in_state(State::Live).map(|row| row.row_id).collect();
    if live != outcome.items.keys().map(|id| i64::from(*id)).collect::<Vec<_>>() {
        found.push("LM-I1: the items are not the live rows".to_owned());
    }
    for row in outcome.rows.iter().filter(|row| row.state != State::Live) {
        if !row.deviations.first().is_some_and(|deviation| deviation.is_state()) || row.remedies.is_empty() {
            found.push(format!("LM-I17: row {} is {:?} without a reason or a remedy", row.row_id, row.state));
        }
    }
}

/// LM-I2: seats are disjoint and inside.
fn seats(input: &LoadInput<'_>, outcome: &SafeOutcome, found: &mut Vec<String>) {
    let grid = input.grid;
    let reserved = outcome.first_page_pinned && !input.flags.first_page_widget;
    let mut cells: BTreeSet<(i32, i32, i32)> = BTreeSet::new();
    let mut dock: BTreeSet<i32> = BTreeSet::new();
    for row in &outcome.rows {
        let is_free = match row.seat {
            Some(Seat::Desktop { page, x, y, width, height }) => {
                let is_inside = page >= 0
                    && outcome.pages.contains(&page)
                    && x >= 0
                    && y >= 0
                    && i64::from(x) + i64::from(width) <= i64::from(grid.columns)
                    && i64::from(y) + i64::from(height) <= i64::from(grid.rows)
                    && !(reserved && page == FIRST_PAGE && y == 0 && x < grid.search_columns);
                is_inside
                    && (x..x.saturating_add(width))
                        .all(|x| (y..y.saturating_add(height)).all(|y| cells.insert((page, x, y))))
            }
            Some(Seat::Dock { index }) => (0..grid.hotseat).contains(&index) && dock.insert(index),
            Some(Seat::Inside { .. }) => row.state != State::Quarantined,
            None => row.state != State::Live,
        };
        if !is_free {
            found.push(format!("LM-I2: row {} at {:?} as {:?}", row.row_id, row.seat, row.state));
        }
    }
}

/// LM-I3 and LM-I4.
fn tree(outcome: &SafeOutcome, found: &mut Vec<String>) {
    let lines: HashMap<i64, &RowOutcome> = outcome.rows.iter().map(|row| (row.row_id, row)).collect();
    let mut held_by: BTreeMap<ItemId, Vec<(ItemId, i32)>> = BTreeMap::new();
    for row in &outcome.rows {
        let Some(Seat::Inside { collection, rank }) = row.seat else { continue };
        held_by.entry(collection).or_default().push((row.left_id(), rank));
        let parent = lines.get(&i64::from(collection));
        let fits = parent.is_some_and(|parent| match (parent.state, parent.item_type) {
            (State::Quarantined, _) => false,
            (State::Opaque, _) => row.state != State::Live,
            (_, TYPE_FOLDER) => row.item_type != TYPE_FOLDER || row.state == State::Opaque,
            (_, TYPE_PAIR) => !matches!(row.item_type, TYPE_FOLDER | TYPE_PAIR),
            _ => false,
        });
        let is_shut = parent.is_none_or(|parent| parent.state != State::Live);
        if !fits || (is_shut && row.state == State::Live) {
            found.push(format!("LM-I3: row {} lies in {collection}", row.row_id));
        }
    }
    for (collection, mut children) in held_by {
        let listed = outcome.contents.get(&collection).cloned().unwrap_or_default();
        let item_type = lines.get(&i64::from(collection)).map(|row| (row.item_type, row.state));
        match item_type {
            Some((TYPE_FOLDER, state)) if state != State::Opaque => {
                children.sort_by_key(|(_, rank)| *rank);
                let ranks_count = children.iter().map(|(_, rank)| *rank).eq(0..children.len() as i32);
                if !ranks_count || !children.iter().map(|(id, _)| *id).eq(listed.iter().copied()) {
                    found.push(format!("LM-I4: folder {collection} has {children:?}, lists {listed:?}"));
                }
            }
            Some((TYPE_PAIR, state)) if state != State::Opaque && children.len() != 2 => {
                found.push(format!("LM-I3: pair {collection} has {children:?}"));
            }
            _ => {}
        }
    }
    for row in outcome.rows.iter().filter(|row| row.state != State::Quarantined && row.state != State::Opaque)
    {
        let is_empty = !outcome.contents.contains_key(&row.left_id());
        let is_seated = row.seat.is_some();
        if matches!(row.item_type, TYPE_FOLDER | TYPE_PAIR) && is_empty && is_seated {
            found.push(format!("LM-I3: row {} is a collection without contents", row.row_id));
        }
    }
}

/// A row without a deviation is in Launcher3's model with the same facts; what Launcher3 shows at a sensible place stays there.
fn differences(input: &LoadInput<'_>, outcome: &SafeOutcome, found: &mut Vec<String>) {
    let legacy = legacy(input);
    let sized: BTreeSet<i64> =
        input.rows.iter().filter(|row| row.cells.is_some()).map(|row| row.row_id).collect();
    let is_stable = pinned::row_is_reserved(&input.flags, input.prior_load_pinned)
        == (outcome.first_page_pinned && !input.flags.first_page_widget);
    for row in &outcome.rows {
        let theirs = Some(row.left_id())
            .filter(|id| i64::from(*id) == row.row_id)
            .and_then(|id| legacy.model.items.get(&id));
        let ours = outcome.items.get(&row.left_id());
        // Cells that Launcher3's table has no column for are no answer of its.
        let as_sized = theirs.cloned().map(|item| match ours.filter(|_| sized.contains(&row.row_id)) {
            Some(ours) => Item { span_x: ours.span_x, span_y: ours.span_y, ..item },
            None => item,
        });
        if row.deviations.is_empty() && !same(as_sized.as_ref(), ours) {
            found.push(format!("row {}: {theirs:?} became {ours:?} without a code", row.row_id));
        }
        let is_told = row.deviations.iter().any(|deviation| deviation.tells_loss());
        if row.state == State::Live && !is_told && !legacy.model.shows(row.left_id()) {
            found.push(format!("row {}: not shown by Launcher3, shown here without a code", row.row_id));
        }
        let (Some(theirs), true) = (theirs, row.legacy.is_loaded() && is_stable) else { continue };
        let is_sensible = match theirs.container {
            CONTAINER_DESKTOP => {
                theirs.screen >= 0
                    && theirs.cell_x.checked_add(theirs.span_x).is_some()
                    && theirs.cell_y.checked_add(theirs.span_y).is_some()
            }
            CONTAINER_HOTSEAT => true,
            _ => false,
        };
        let is_away = row.state == State::Quarantined;
        if is_sensible && !is_away && !stays(theirs, row.left, row.seat) {
            found.push(format!("row {}: shown at {theirs:?}, moved to {:?}", row.row_id, row.seat));
        }
    }
}

fn stays(theirs: &Item, left: StoredPlace, seat: Option<Seat>) -> bool {
    match seat {
        Some(Seat::Desktop { page, x, y, .. }) => {
            left.container == CONTAINER_DESKTOP
                && (page, x, y) == (theirs.screen, theirs.cell_x, theirs.cell_y)
        }
        Some(Seat::Dock { index }) => left.container == CONTAINER_HOTSEAT && index == theirs.screen,
        Some(Seat::Inside { .. }) | None => false,
    }
}

/// Equal but for the numbers that the host gives out, which depend on how many it gives out.
fn same(theirs: Option<&Item>, ours: Option<&Item>) -> bool {
    let (Some(theirs), Some(ours)) = (theirs, ours) else { return false };
    match (&theirs.kind, &ours.kind) {
        (ItemKind::Widget(a), ItemKind::Widget(b)) if a.widget_id != b.widget_id => {
            let mut other = theirs.clone();
            if let ItemKind::Widget(widget) = &mut other.kind {
                widget.widget_id = b.widget_id;
            }
            other == *ours
        }
        _ => theirs == ours,
    }
}
