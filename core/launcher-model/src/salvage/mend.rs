//! Makes a home screen of what salvage found: whatever is wrong is put right without losing an item.
//!
//! Pure. Counters go above every number seen; missing layouts and pages are made; each item keeps its place if it can
//! (lower numbers first, B.4), else it goes to the nearest free one. Afterwards `check` finds nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::store::check::ITEM_ID_MAX;
use crate::store::item::{
    Content, DESKTOP, EpochMillis, GridSize, ItemId, Layout, LayoutId, Page, PageId, Place, Position,
};
use crate::store::space::Space;
use crate::store::{Change, apply};

/// Puts a home screen right. `grid` is used where the layout itself is lost.
pub(crate) fn mend(mut content: Content, grid: GridSize, now: EpochMillis) -> Content {
    content.items.retain(|id, item| *id == item.id && (1..=ITEM_ID_MAX).contains(&id.0));
    if !content.layouts.contains_key(&content.active) {
        match content.layouts.keys().next() {
            Some(first) => content.active = *first,
            None => {
                content.active = LayoutId(content.active.0.max(1));
                content.layouts.insert(content.active, Layout { grid, pages: Vec::new() });
            }
        }
    }
    counters(&mut content);
    let layouts: Vec<LayoutId> = content.layouts.keys().copied().collect();
    for id in layouts {
        pages(&mut content, id);
        seats(&mut content, id);
    }
    let active = content.active;
    for item in content.items.values_mut() {
        let known = |layout: &LayoutId| content.layouts.contains_key(layout);
        item.positions.retain(|layout, _| known(layout));
        if item.positions.is_empty() {
            let position = Position { place: Place::Elsewhere { container: DESKTOP }, seated: false };
            item.positions.insert(active, position);
        }
    }
    content.settle_wishes();
    let lost: Vec<ItemId> = content.overflow().map(|item| item.id).collect();
    for id in lost {
        // What cannot be placed even on a new page stays in the overflow, where it is listed.
        if let Ok((better, _)) = apply(&content, &[Change::Restore { id }], now) {
            content = better;
        }
    }
    content
}

fn counters(content: &mut Content) {
    let highest = content.items.keys().map(|id| id.0).max().unwrap_or(0);
    content.next_item = content.next_item.max(highest + 1);
    let pages = content.layouts.values().flat_map(|layout| &layout.pages).map(|page| page.id.0);
    let wished =
        content.items.values().flat_map(|item| item.positions.values()).filter_map(|position| match position
            .place
        {
            Place::Desktop { page, .. } => Some(page.0),
            _ => None,
        });
    let highest = pages.chain(wished).max().unwrap_or(0).min(i64::MAX - 1);
    content.next_page = content.next_page.max(highest + 1).max(1);
}

/// Each page once, none without a number of its own, those that items lie on included.
fn pages(content: &mut Content, id: LayoutId) {
    let elsewhere: BTreeSet<PageId> = content
        .layouts
        .iter()
        .filter(|(other, _)| **other < id)
        .flat_map(|(_, layout)| layout.pages.iter().map(|page| page.id))
        .collect();
    let used: BTreeSet<PageId> = content
        .items
        .values()
        .filter_map(|item| match item.seat(id)? {
            Place::Desktop { page, .. } => Some(page),
            _ => None,
        })
        .collect();
    let next_page = content.next_page;
    let Some(layout) = content.layouts.get_mut(&id) else { return };
    let mut seen = elsewhere.clone();
    let mut numbers = BTreeSet::new();
    layout.pages.retain(|page| page.id.0 >= 1 && seen.insert(page.id) && numbers.insert(page.number));
    let lost = used.into_iter().filter(|page| page.0 >= 1 && page.0 < next_page && !seen.contains(page));
    let lost: Vec<PageId> = lost.collect();
    for page in lost {
        let number = numbers.last().map_or(0, |last: &i64| last.saturating_add(1));
        numbers.insert(number);
        layout.pages.push(Page { id: page, number, title: None });
    }
    if layout.pages.is_empty() {
        layout.pages.push(Page { id: PageId(next_page), number: 0, title: None });
        content.next_page = next_page + 1;
    }
}

/// Keeps the seats that can be kept and takes the others away.
fn seats(content: &mut Content, id: LayoutId) {
    let Some(layout) = content.layouts.get(&id) else { return };
    let mut space = Space::empty(layout.grid, layout.pages.iter().map(|page| page.id).collect());
    let kinds: BTreeMap<ItemId, _> =
        content.items.iter().map(|(id, item)| (*id, (item.kind, item.quarantine.is_some()))).collect();
    let mut inside: BTreeMap<ItemId, Vec<(i32, ItemId)>> = BTreeMap::new();
    for item in content.items.values_mut() {
        let away = item.quarantine.is_some();
        let kind = item.kind;
        let Some(position) = item.positions.get_mut(&id).filter(|position| position.seated) else { continue };
        position.seated = match position.place {
            Place::Inside { parent, order } => {
                let fits = kinds.get(&parent).is_some_and(|(parent, parent_away)| {
                    kind.fits_inside(*parent) && (away || !*parent_away)
                });
                if fits {
                    inside.entry(parent).or_default().push((order, item.id));
                }
                fits
            }
            place => !away && space.is_free(place),
        };
        if position.seated {
            space.take(position.place);
        }
    }
    for (parent, mut contents) in inside {
        contents.sort_unstable();
        for ((_, child), order) in contents.into_iter().zip(0..) {
            if let Some(item) = content.items.get_mut(&child) {
                item.positions.insert(id, Position { place: Place::Inside { parent, order }, seated: true });
            }
        }
    }
}
