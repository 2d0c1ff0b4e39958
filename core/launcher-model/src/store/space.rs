//! Free places of one layout: what is taken, and the nearest that is not.
//!
//! The order in which free places are tried is SPEC-08's: on the item's own page by distance, then row, then column;
//! then on the following pages, then on those before. A page of its own comes last, so there is always a place.

use std::collections::BTreeSet;

use super::check::cells;
use super::item::{Content, GridSize, LayoutId, PageId, Place};

/// What is taken in one layout.
#[derive(Debug, Clone)]
pub struct Space {
    grid: GridSize,
    pages: Vec<PageId>,
    cells: BTreeSet<(PageId, i32, i32)>,
    slots: BTreeSet<i32>,
}

impl Space {
    /// What the seated items of a layout take.
    pub fn of(content: &Content, layout: LayoutId) -> Option<Self> {
        let shown = content.layouts.get(&layout)?;
        let pages = shown.pages.iter().map(|page| page.id).collect();
        let mut space = Self { grid: shown.grid, pages, cells: BTreeSet::new(), slots: BTreeSet::new() };
        for item in content.items.values() {
            if let Some(place) = item.seat(layout) {
                space.take(place);
            }
        }
        Some(space)
    }

    /// An empty layout.
    pub fn empty(grid: GridSize, pages: Vec<PageId>) -> Self {
        Self { grid, pages, cells: BTreeSet::new(), slots: BTreeSet::new() }
    }

    /// Whether a place on the desktop or in the dock exists and is free. Places in collections are no matter of space.
    pub fn is_free(&self, place: Place) -> bool {
        match place {
            Place::Desktop { page, x, y, width, height } => {
                let fits =
                    |at: i32, size: i32, side: i32| at >= 0 && size >= 1 && size <= side && at <= side - size;
                self.pages.contains(&page)
                    && fits(x, width, self.grid.columns)
                    && fits(y, height, self.grid.rows)
                    && cells(x, y, width, height).all(|(x, y)| !self.cells.contains(&(page, x, y)))
            }
            Place::Dock { slot } => (0..self.grid.dock).contains(&slot) && !self.slots.contains(&slot),
            Place::Inside { .. } | Place::Elsewhere { .. } => false,
        }
    }

    /// Takes a place.
    pub fn take(&mut self, place: Place) {
        match place {
            Place::Desktop { page, x, y, width, height } => {
                let (width, height) = (width.min(self.grid.columns), height.min(self.grid.rows));
                self.cells.extend(cells(x, y, width, height).map(|(x, y)| (page, x, y)));
            }
            Place::Dock { slot } => {
                self.slots.insert(slot);
            }
            Place::Inside { .. } | Place::Elsewhere { .. } => {}
        }
    }

    /// The size that an item can have here: at least one cell, at most the grid.
    pub fn clamp(&self, width: i32, height: i32) -> (i32, i32) {
        (width.clamp(1, self.grid.columns), height.clamp(1, self.grid.rows))
    }

    /// The free place nearest to a wish; `None` when every page is full and a new one is needed.
    pub fn nearest(&self, wish: Place) -> Option<Place> {
        let (home, x, y, width, height) = match wish {
            Place::Desktop { page, x, y, width, height } => (Some(page), x, y, width, height),
            Place::Dock { slot } => {
                let slots = (0..self.grid.dock).filter(|free| !self.slots.contains(free));
                if let Some(slot) = slots.min_by_key(|free| (free.abs_diff(slot), *free)) {
                    return Some(Place::Dock { slot });
                }
                // The dock is full: the first page with room, from its lowest row up, nearest the dock.
                (None, slot, self.grid.rows, 1, 1)
            }
            Place::Inside { .. } | Place::Elsewhere { .. } => (None, 0, 0, 1, 1),
        };
        let (width, height) = self.clamp(width, height);
        let start = home.and_then(|home| self.pages.iter().position(|page| *page == home)).unwrap_or(0);
        let (before, from) = self.pages.split_at_checked(start).unwrap_or((&[], &self.pages));
        from.iter().chain(before).find_map(|page| self.nearest_on(*page, (x, y), (width, height)))
    }

    fn nearest_on(&self, page: PageId, (x, y): (i32, i32), (width, height): (i32, i32)) -> Option<Place> {
        let (last_x, last_y) = (self.grid.columns - width, self.grid.rows - height);
        let mut best: Option<((u64, i32, i32), Place)> = None;
        for row in 0..=last_y {
            for column in 0..=last_x {
                let place = Place::Desktop { page, x: column, y: row, width, height };
                let (dx, dy) = (u64::from(column.abs_diff(x)), u64::from(row.abs_diff(y)));
                let rank = (dx.saturating_mul(dx).saturating_add(dy.saturating_mul(dy)), row, column);
                if best.is_none_or(|(found, _)| rank < found) && self.is_free(place) {
                    best = Some((rank, place));
                }
            }
        }
        best.map(|(_, place)| place)
    }
}
