//! The layouts beside the shown one: how one comes to be, and what the edits of another leave of it.
//!
//! Edits are made in the shown layout only. What they mean for the others is decided here and nothing else: who went off the
//! screen has no seat there either, and the contents of collections close up (LM-I4).

use std::collections::{BTreeMap, BTreeSet};

use super::change::Refusal;
use super::check::Fault;
use super::item::{Content, GridSize, ItemId, Layout, LayoutId, Page, PageId, Place, Position};

/// Shows the layout for a size; answers whether another one is shown now.
pub(super) fn show(content: &mut Content, grid: GridSize) -> Result<bool, Refusal> {
    let shown = content.layout().ok_or(Refusal::Broken(Fault::NoActiveLayout(content.active)))?;
    if shown.grid == grid {
        return Ok(false);
    }
    let known = content.layouts.iter().find(|(_, layout)| layout.grid == grid).map(|(id, _)| *id);
    let id = match known {
        Some(id) => id,
        None => copy_shown(content, grid)?,
    };
    content.active = id;
    settle(content, id);
    Ok(true)
}

/// A new layout as the shown one is, as far as the size allows.
fn copy_shown(content: &mut Content, grid: GridSize) -> Result<LayoutId, Refusal> {
    let from = content.active;
    let last = content.layouts.keys().next_back().map_or(0, |last| last.0);
    let id = LayoutId(last.checked_add(1).ok_or(Refusal::NumbersExhausted)?);
    let pages = content.layout().map(|layout| layout.pages.clone()).unwrap_or_default();
    let mut numbers = BTreeMap::new();
    let mut copies = Vec::with_capacity(pages.len());
    for page in pages {
        let new = PageId(content.next_page);
        content.next_page = new.0.checked_add(1).ok_or(Refusal::NumbersExhausted)?;
        numbers.insert(page.id, new);
        copies.push(Page { id: new, ..page });
    }
    content.layouts.insert(id, Layout { grid, pages: copies });
    for item in content.items.values_mut() {
        let Some(Position { place, seated }) = item.positions.get(&from).copied() else { continue };
        let place = match place {
            Place::Desktop { page, x, y, width, height } => {
                let page = numbers.get(&page).copied().unwrap_or(page);
                Place::Desktop { page, x, y, width, height }
            }
            place => place,
        };
        item.positions.insert(id, Position { place, seated: seated && is_within(place, grid) });
    }
    Ok(id)
}

/// Whether a place that was free in another size is one in this size.
fn is_within(place: Place, grid: GridSize) -> bool {
    let fits = |at: i32, size: i32, side: i32| at >= 0 && size <= side && at <= side - size;
    match place {
        Place::Desktop { x, y, width, height, .. } => {
            fits(x, width, grid.columns) && fits(y, height, grid.rows)
        }
        Place::Dock { slot } => slot < grid.dock,
        Place::Inside { .. } | Place::Elsewhere { .. } => true,
    }
}

/// Brings every layout but the shown one in line with what was edited.
pub(super) fn settle_hidden(content: &mut Content) {
    let hidden: Vec<LayoutId> = content.layouts.keys().copied().filter(|id| *id != content.active).collect();
    for layout in hidden {
        settle(content, layout);
    }
}

/// Brings every layout in line with what was put into the shown one or taken off the screen.
pub(crate) fn settle_all(content: &mut Content) {
    settle_hidden(content);
    settle(content, content.active);
}

/// Takes the seats of what is off the screen, and closes the gaps.
fn settle(content: &mut Content, layout: LayoutId) {
    let away: BTreeSet<ItemId> = content.quarantined().map(|item| item.id).collect();
    for item in content.items.values_mut() {
        let is_away = item.quarantine.is_some();
        let Some(position) = item.positions.get_mut(&layout).filter(|position| position.seated) else {
            continue;
        };
        position.seated = match position.place {
            // A collection in quarantine keeps its contents, and nobody else's.
            Place::Inside { parent, .. } => is_away == away.contains(&parent),
            Place::Desktop { .. } | Place::Dock { .. } => !is_away,
            Place::Elsewhere { .. } => false,
        };
    }
    let mut contents: BTreeMap<ItemId, Vec<(i32, ItemId)>> = BTreeMap::new();
    for item in content.items.values() {
        if let Some(Place::Inside { parent, order }) = item.seat(layout) {
            contents.entry(parent).or_default().push((order, item.id));
        }
    }
    for (parent, mut children) in contents {
        children.sort_unstable();
        for ((_, child), order) in children.into_iter().zip(0..) {
            if let Some(item) = content.items.get_mut(&child) {
                item.positions
                    .insert(layout, Position { place: Place::Inside { parent, order }, seated: true });
            }
        }
    }
}
