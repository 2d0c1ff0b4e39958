//! The cells of pages and dock: who keeps a place, and where the others go (SPEC-08 NEW, LM-I2).
//!
//! Nothing is refused: a place that cannot be had is answered with the nearest free one on its page, else with the first
//! free one of the pages in their order, else with a new page. Not here: who asks first.
//!
//! Invariants: seats are disjoint, inside the grid and outside the reserved row; no arithmetic wraps (C5); the search for
//! a place is bounded by the cells of the pages that have room.

use std::collections::{BTreeMap, BTreeSet};

use super::deviation::Deviation;
use super::outcome::{Seat, StoredPlace};
use crate::compat::placement::{CONTAINER_HOTSEAT, FIRST_PAGE, Grid};
use crate::hash::FastMap;

/// Pages have at most this many columns and rows for the search of a free place.
const SIDE_MAX: i64 = 128;

/// Cells, in 64 bits so that no sum of stored numbers wraps.
#[derive(Debug, Clone, Copy)]
struct Area {
    x: i64,
    y: i64,
    width: i64,
    height: i64,
}

impl Area {
    fn overlaps(&self, other: &Self) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }

    fn cells(&self) -> i64 {
        self.width.saturating_mul(self.height)
    }
}

#[derive(Debug, Default)]
struct Page {
    taken: Vec<Area>,
    cells: i64,
}

/// Pages and dock while seats are given out.
#[derive(Debug)]
pub(super) struct Board {
    columns: i64,
    rows: i64,
    dock_size: i32,
    reserved: Option<Area>,
    pages: FastMap<i32, Page>,
    /// The pages from left to right.
    order: Vec<i32>,
    dock: BTreeSet<i32>,
    /// What pages with a number below zero are called now.
    renamed: BTreeMap<i32, i32>,
}

impl Board {
    /// A board with these pages: the ones that the caller knows in their order, then the others by number.
    pub(super) fn new(grid: Grid, first_row_reserved: bool, known: &[i32], used: &BTreeSet<i32>) -> Self {
        let side = |side: i32| i64::from(side).clamp(0, SIDE_MAX);
        let (columns, rows) = (side(grid.columns), side(grid.rows));
        let width = i64::from(grid.search_columns).clamp(0, columns);
        let reserved =
            (first_row_reserved && width > 0).then_some(Area { x: 0, y: 0, width, height: 1.min(rows) });
        let mut order: Vec<i32> = Vec::new();
        let mut seen = BTreeSet::new();
        for page in known.iter().chain(used).filter(|page| **page >= 0) {
            if seen.insert(*page) {
                order.push(*page);
            }
        }
        let mut board = Self {
            columns,
            rows,
            dock_size: grid.hotseat,
            reserved,
            pages: FastMap::default(),
            order,
            dock: BTreeSet::new(),
            renamed: BTreeMap::new(),
        };
        if board.order.is_empty() && used.is_empty() {
            board.order.push(FIRST_PAGE);
        }
        for page in used.iter().filter(|page| **page < 0) {
            let number = board.new_page();
            board.renamed.insert(*page, number);
        }
        board
    }

    /// The pages in their order, new ones included.
    pub(super) fn order(&self) -> &[i32] {
        &self.order
    }

    /// The number of a page that is asked for.
    fn page_number(&self, page: i32) -> i32 {
        self.renamed.get(&page).copied().unwrap_or(page)
    }

    /// Takes exactly this place, or says why it cannot be had. A page that has a new number is no reason.
    pub(super) fn claim(&mut self, place: &StoredPlace) -> Result<Seat, Deviation> {
        if place.container == CONTAINER_HOTSEAT {
            let index = place.screen;
            let is_free = (0..self.dock_size).contains(&index) && self.dock.insert(index);
            return if is_free { Ok(Seat::Dock { index }) } else { Err(Deviation::RelocatedDock) };
        }
        let page = self.page_number(place.screen);
        let area = Area {
            x: place.cell_x.into(),
            y: place.cell_y.into(),
            width: place.span_x.into(),
            height: place.span_y.into(),
        };
        if !self.is_inside(&area) {
            return Err(Deviation::RelocatedOutOfBounds);
        }
        if self.reserved_on(page).is_some_and(|reserved| reserved.overlaps(&area)) {
            return Err(Deviation::RelocatedReservedRow);
        }
        if self.is_taken(page, &area) {
            return Err(Deviation::RelocatedOverlap);
        }
        Ok(self.take(page, area))
    }

    /// The free slot of the dock that is nearest to one that cannot be had.
    pub(super) fn near_slot(&mut self, place: &StoredPlace) -> Option<Seat> {
        let index = (0..self.dock_size.min(SIDE_MAX as i32))
            .filter(|slot| place.container == CONTAINER_HOTSEAT && !self.dock.contains(slot))
            .min_by_key(|slot| (i64::from(*slot) - i64::from(place.screen)).abs())?;
        self.dock.insert(index);
        Some(Seat::Dock { index })
    }

    /// The nearest free cells to a place that cannot be had: on its page by distance, row, column. `size` is what the item
    /// needs now.
    pub(super) fn near(&mut self, place: &StoredPlace, size: (i32, i32)) -> Option<Seat> {
        if place.container == CONTAINER_HOTSEAT {
            // Overflow of the dock: the lowest row of the first page with room, nearest to the slot.
            let wanted = i64::from(place.screen);
            return self.on_any_page(size, |area| (-area.y, (area.x - wanted).abs(), area.x));
        }
        let page = self.page_number(place.screen);
        let (x, y) = (i64::from(place.cell_x), i64::from(place.cell_y));
        let near = self.free_on(page, size, |area| {
            let (dx, dy) = (i128::from(area.x - x), i128::from(area.y - y));
            (dx * dx + dy * dy, area.y, area.x)
        });
        match near {
            Some(area) => Some(self.take(page, area)),
            None => self.anywhere(size),
        }
    }

    /// The first free place of the pages in their order, row by row (SPEC-14); else a new page.
    pub(super) fn anywhere(&mut self, size: (i32, i32)) -> Option<Seat> {
        self.on_any_page(size, |area| (area.y, area.x))
    }

    /// The size that an item gets on this grid: its own, or the page's where that is smaller and not below the item's
    /// smallest; none if no page can hold it.
    pub(super) fn fitting(&self, size: (i32, i32), smallest: Option<(i32, i32)>) -> Option<(i32, i32)> {
        let fit = |want: i32, side: i64, smallest: Option<i32>| {
            if i64::from(want) <= side {
                return Some(want);
            }
            let side = i32::try_from(side).ok()?;
            smallest.filter(|smallest| (*smallest).max(1) <= side).map(|_| side)
        };
        Some((
            fit(size.0.max(1), self.columns, smallest.map(|s| s.0))?,
            fit(size.1.max(1), self.rows, smallest.map(|s| s.1))?,
        ))
    }

    fn on_any_page<K: Ord>(&mut self, size: (i32, i32), rank: impl Fn(&Area) -> K) -> Option<Seat> {
        let found =
            self.order.iter().find_map(|page| self.free_on(*page, size, &rank).map(|area| (*page, area)));
        if let Some((page, area)) = found {
            return Some(self.take(page, area));
        }
        let empty = Area { x: 0, y: 0, width: size.0.into(), height: size.1.into() };
        if !self.is_inside(&empty) {
            return None;
        }
        let page = self.new_page();
        let area = self.free_on(page, size, &rank)?;
        Some(self.take(page, area))
    }

    /// The best free place on one page.
    fn free_on<K: Ord>(&self, page: i32, size: (i32, i32), rank: impl Fn(&Area) -> K) -> Option<Area> {
        let (width, height) = (i64::from(size.0), i64::from(size.1));
        let taken = self.pages.get(&page).map_or(0, |page| page.cells);
        if self.columns * self.rows - taken < width * height {
            return None;
        }
        (0..=self.rows - height)
            .flat_map(|y| (0..=self.columns - width).map(move |x| Area { x, y, width, height }))
            .filter(|area| !self.reserved_on(page).is_some_and(|reserved| reserved.overlaps(area)))
            .filter(|area| !self.is_taken(page, area))
            .min_by_key(|area| rank(area))
    }

    fn is_inside(&self, area: &Area) -> bool {
        area.x >= 0
            && area.y >= 0
            && area.width > 0
            && area.height > 0
            && area.x + area.width <= self.columns
            && area.y + area.height <= self.rows
    }

    fn reserved_on(&self, page: i32) -> Option<Area> {
        self.reserved.filter(|_| page == FIRST_PAGE)
    }

    fn is_taken(&self, page: i32, area: &Area) -> bool {
        self.pages.get(&page).is_some_and(|page| page.taken.iter().any(|taken| taken.overlaps(area)))
    }

    fn take(&mut self, number: i32, area: Area) -> Seat {
        let page = self.pages.entry(number).or_default();
        page.taken.push(area);
        page.cells = page.cells.saturating_add(area.cells());
        let cell = |cell: i64| i32::try_from(cell).unwrap_or(i32::MAX);
        Seat::Desktop {
            page: number,
            x: cell(area.x),
            y: cell(area.y),
            width: cell(area.width),
            height: cell(area.height),
        }
    }

    /// A page behind the others: one more than the highest number (SPEC-04), or the first that is free.
    fn new_page(&mut self) -> i32 {
        let highest = self.order.iter().copied().max().unwrap_or(0).max(0);
        let number = match highest.checked_add(1) {
            Some(number) => number,
            None => (1..).find(|number| !self.order.contains(number)).unwrap_or(i32::MAX),
        };
        self.order.push(number);
        number
    }
}
