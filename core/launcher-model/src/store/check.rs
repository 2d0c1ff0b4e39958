//! What must hold of every home screen, as a test of data (LM-I2 to LM-I4, LM-I16).
//!
//! It is run before a commit, after every read of a file and by tests; it repairs nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::item::{Content, Item, ItemId, Layout, LayoutId, PageId, Place};
use crate::hash::FastSet;

/// The highest number that legacy's 32-bit ids can hold.
pub const ITEM_ID_MAX: i64 = i32::MAX as i64;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Fault {
    /// The shown layout does not exist.
    #[error("the shown layout {0:?} does not exist")]
    NoActiveLayout(LayoutId),
    /// A layout's size is out of bounds.
    #[error("the size of layout {0:?} is out of bounds")]
    GridSize(LayoutId),
    /// Two pages of a layout have one number, or one page is in two layouts.
    #[error("page {0:?} is there twice")]
    PageTwice(PageId),
    /// A page's number was not given by the counter.
    #[error("page {0:?} is beyond the counter")]
    PageCounter(PageId),
    /// An item's number is out of range, not its own, or not given by the counter.
    #[error("item {0:?} has a number out of range")]
    ItemNumber(ItemId),
    /// An item is in no layout at all.
    #[error("item {0:?} has no position")]
    NoPosition(ItemId),
    /// An item is seated in a layout, on a page or in a collection that does not exist.
    #[error("item {0:?} lies in nothing")]
    NoParent(ItemId),
    /// An item's cells are outside of the grid, or its slot outside of the dock.
    #[error("item {0:?} lies outside of the grid")]
    OutOfBounds(ItemId),
    /// Two items claim a cell, a slot or an order (LM-I2, LM-I4).
    #[error("item {0:?} lies on another")]
    Overlap(ItemId),
    /// A collection holds what it may not hold (LM-I3).
    #[error("item {0:?} may not lie in its collection")]
    Nesting(ItemId),
    /// The contents of a collection are not numbered 0..n-1 (LM-I4).
    #[error("the contents of item {0:?} have gaps")]
    Gaps(ItemId),
    /// An item in quarantine blocks a place on the screen.
    #[error("item {0:?} is in quarantine and on the screen")]
    QuarantinedSeat(ItemId),
}

/// Everything that is wrong with a home screen; empty when nothing is.
pub fn check(content: &Content) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !content.layouts.contains_key(&content.active) {
        faults.push(Fault::NoActiveLayout(content.active));
    }
    let mut pages = BTreeSet::new();
    for (id, layout) in &content.layouts {
        if !layout.grid.is_valid() {
            faults.push(Fault::GridSize(*id));
        }
        let mut numbers = BTreeSet::new();
        for page in &layout.pages {
            if !pages.insert(page.id) || !numbers.insert(page.number) {
                faults.push(Fault::PageTwice(page.id));
            }
            if page.id.0 < 1 || page.id.0 >= content.next_page {
                faults.push(Fault::PageCounter(page.id));
            }
        }
    }
    for (id, item) in &content.items {
        if item.id != *id || !(1..=ITEM_ID_MAX).contains(&id.0) || id.0 >= content.next_item {
            faults.push(Fault::ItemNumber(*id));
        }
        if item.positions.is_empty() {
            faults.push(Fault::NoPosition(*id));
        }
        if item.positions.keys().any(|layout| !content.layouts.contains_key(layout)) {
            faults.push(Fault::NoParent(*id));
        }
    }
    for (id, layout) in &content.layouts {
        check_layout(content, *id, layout, &mut faults);
    }
    faults
}

fn check_layout(content: &Content, id: LayoutId, layout: &Layout, faults: &mut Vec<Fault>) {
    let pages: FastSet<PageId> = layout.pages.iter().map(|page| page.id).collect();
    let mut taken: FastSet<(PageId, i32, i32)> = FastSet::default();
    let mut slots = BTreeSet::new();
    let mut orders: BTreeMap<ItemId, BTreeSet<i32>> = BTreeMap::new();
    let seated = content.items.values().filter_map(|item| item.seat(id).map(|place| (item, place)));
    for (item, place) in seated {
        match place {
            Place::Desktop { page, x, y, width, height } => {
                if item.quarantine.is_some() {
                    faults.push(Fault::QuarantinedSeat(item.id));
                }
                if !pages.contains(&page) {
                    faults.push(Fault::NoParent(item.id));
                }
                let fits =
                    |at: i32, size: i32, side: i32| at >= 0 && size >= 1 && size <= side && at <= side - size;
                if !fits(x, width, layout.grid.columns) || !fits(y, height, layout.grid.rows) {
                    faults.push(Fault::OutOfBounds(item.id));
                    continue;
                }
                let mut free = true;
                for (column, row) in cells(x, y, width, height) {
                    free &= taken.insert((page, column, row));
                }
                if !free {
                    faults.push(Fault::Overlap(item.id));
                }
            }
            Place::Dock { slot } => {
                if item.quarantine.is_some() {
                    faults.push(Fault::QuarantinedSeat(item.id));
                }
                if !(0..layout.grid.dock).contains(&slot) {
                    faults.push(Fault::OutOfBounds(item.id));
                }
                if !slots.insert(slot) {
                    faults.push(Fault::Overlap(item.id));
                }
            }
            Place::Inside { parent, order } => {
                faults.extend(nesting(content, item, parent));
                let away = |item: &Item| item.quarantine.is_some();
                if id == content.active && !away(item) && content.items.get(&parent).is_some_and(away) {
                    faults.push(Fault::QuarantinedSeat(item.id));
                }
                if !orders.entry(parent).or_default().insert(order) {
                    faults.push(Fault::Overlap(item.id));
                }
            }
            Place::Elsewhere { .. } => faults.push(Fault::NoParent(item.id)),
        }
    }
    for (parent, orders) in orders {
        if !orders.iter().zip(0..).all(|(order, expected)| *order == expected) {
            faults.push(Fault::Gaps(parent));
        }
    }
}

fn nesting(content: &Content, item: &Item, parent: ItemId) -> Option<Fault> {
    match content.items.get(&parent) {
        None => Some(Fault::NoParent(item.id)),
        Some(parent) if !item.kind.fits_inside(parent.kind) => Some(Fault::Nesting(item.id)),
        Some(_) => None,
    }
}

/// The cells of a rectangle, row by row. The caller has proved that it is inside of a grid.
pub(crate) fn cells(x: i32, y: i32, width: i32, height: i32) -> impl Iterator<Item = (i32, i32)> {
    (y..y.saturating_add(height))
        .flat_map(move |row| (x..x.saturating_add(width)).map(move |column| (column, row)))
}
