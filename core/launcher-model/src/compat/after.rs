//! The rows that a load leaves: its writes applied to what it read.
//!
//! For a dry run, a second load or a comparison with what legacy left; nothing is written to a database.

use std::collections::{HashMap, HashSet};

use super::input::LoadRow;
use super::model::ItemId;
use super::outcome::{DbAction, LoadOutcome};

/// The rows after a load's writes, in the order they were given. `modified` is not part of a row here.
pub fn rows_after(rows: &[LoadRow], outcome: &LoadOutcome) -> Vec<LoadRow> {
    let mut after = rows.to_vec();
    let places: HashMap<ItemId, usize> =
        after.iter().enumerate().map(|(place, row)| (row.id(), place)).collect();
    let mut edit = |id: &ItemId, change: &dyn Fn(&mut LoadRow)| {
        if let Some(row) = places.get(id).and_then(|place| after.get_mut(*place)) {
            change(row);
        }
    };
    let mut gone: HashSet<ItemId> = HashSet::new();
    for action in &outcome.actions {
        match action {
            DbAction::RetargetIntent { id, intent } => edit(id, &|row| row.intent = Some(intent.clone())),
            DbAction::SetRestored { id, restored } => edit(id, &|row| row.restored = *restored),
            DbAction::SetWidget { id, widget_id, provider, restored } => edit(id, &|row| {
                row.widget_id = *widget_id;
                row.provider = Some(provider.clone());
                row.restored = *restored;
            }),
            DbAction::ClearRestored(ids) => ids.iter().for_each(|id| edit(id, &|row| row.restored = 0)),
            DbAction::Delete(ids) | DbAction::Sweep(_, ids) => gone.extend(ids),
            DbAction::FreeGhostWidgets(_) => {}
        }
    }
    after.retain(|row| !gone.contains(&row.id()));
    after
}
