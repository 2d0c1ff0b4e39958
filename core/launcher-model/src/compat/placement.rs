//! The placement check (B.4, SPEC-08): which accepted rows keep their place, first come first served.
//!
//! Reproduces Launcher3's arithmetic, 32-bit wrap-around included (C5): a span that overflows passes the bounds test and
//! marks nothing. Not here: relocation, which is `safe`'s; nothing is ever moved.
//!
//! Invariants: work and memory are bounded by the grid, whatever the coordinates; nothing panics.

use crate::hash::FastMap;

/// The container id of the desktop (A.3).
pub const CONTAINER_DESKTOP: i32 = -100;
/// The container id of the dock, the *hotseat* (A.3).
pub const CONTAINER_HOTSEAT: i32 = -101;
/// The page whose first row the search bar may reserve (C19).
pub const FIRST_PAGE: i32 = 0;

/// The grid that a load places into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    /// Columns of a page, 1 to a few dozen.
    pub columns: i32,
    /// Rows of a page.
    pub rows: i32,
    /// Slots of the dock in the database.
    pub hotseat: i32,
    /// Columns that the pinned search bar takes in row 0 of page 0.
    pub search_columns: i32,
    /// Columns and rows of a folder's page; they decide which of its icons are in the preview (C.8).
    pub folder: (usize, usize),
}

/// Where a row wants to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The container.
    pub container: i32,
    /// Page on the desktop, index in the dock.
    pub screen: i32,
    /// Column of the left cell.
    pub cell_x: i32,
    /// Row of the top cell.
    pub cell_y: i32,
    /// Width in cells.
    pub span_x: i32,
    /// Height in cells.
    pub span_y: i32,
}

/// What the check says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// The cells were free and are taken now.
    Accepted,
    /// Out of bounds or taken: the row is deleted as `OVERLAPPING_ITEM`.
    Rejected,
    /// Launcher3 throws: the index is outside an array of this length.
    Throws {
        /// The index.
        index: i32,
        /// The length of the array.
        length: i32,
    },
}

/// The rules of B.4, for the evidence that each of them is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlacementRule {
    /// B.4: a dock index at or above the dock's size is rejected.
    HotseatBound,
    /// B.4: an occupied dock slot rejects.
    HotseatOccupied,
    /// B.4: containers other than desktop and dock are not checked.
    OtherContainer,
    /// B.4: outside the page is rejected.
    DesktopBounds,
    /// B.4, C19: a pinned first row occupies its cells on page 0.
    PinnedRow,
    /// B.4: an occupied cell rejects.
    DesktopOccupied,
}

impl PlacementRule {
    /// Every rule.
    pub const ALL: [Self; 6] = [
        Self::HotseatBound,
        Self::HotseatOccupied,
        Self::OtherContainer,
        Self::DesktopBounds,
        Self::PinnedRow,
        Self::DesktopOccupied,
    ];
}

/// Cells of one page or of the dock.
#[derive(Debug, Clone)]
struct Cells {
    width: i32,
    height: i32,
    taken: Taken,
}

/// A bit a cell where 64 are enough, as they are for any real screen.
#[derive(Debug, Clone)]
enum Taken {
    Few(u64),
    Many(Vec<bool>),
}

/// Upper bound for either side of an occupancy grid; a larger grid is not a screen.
const SIDE_MAX: i32 = 1024;

impl Cells {
    fn new(width: i32, height: i32) -> Self {
        let (width, height) = (width.clamp(0, SIDE_MAX), height.clamp(0, SIDE_MAX));
        let cells = (width as usize).saturating_mul(height as usize);
        let taken = if cells <= 64 { Taken::Few(0) } else { Taken::Many(vec![false; cells]) };
        Self { width, height, taken }
    }

    fn index(&self, x: i32, y: i32) -> usize {
        (y as usize).saturating_mul(self.width as usize).saturating_add(x as usize)
    }

    fn is_taken(&self, x: i32, y: i32) -> bool {
        let index = self.index(x, y);
        match &self.taken {
            Taken::Few(bits) => *bits & bit(index) != 0,
            Taken::Many(cells) => cells.get(index).copied().unwrap_or(false),
        }
    }

    /// Whether a rectangle is inside and free; 32-bit wrap-around as in Java.
    fn is_region_vacant(&self, place: &Place) -> bool {
        let right = place.cell_x.wrapping_add(place.span_x).wrapping_sub(1);
        let bottom = place.cell_y.wrapping_add(place.span_y).wrapping_sub(1);
        if place.cell_x < 0 || place.cell_y < 0 || right >= self.width || bottom >= self.height {
            return false;
        }
        (place.cell_x..=right).all(|x| (place.cell_y..=bottom).all(|y| !self.is_taken(x, y)))
    }

    fn mark(&mut self, x: i32, y: i32, span_x: i32, span_y: i32) {
        if x < 0 || y < 0 {
            return;
        }
        for column in x..x.wrapping_add(span_x).min(self.width) {
            for row in y..y.wrapping_add(span_y).min(self.height) {
                let index = self.index(column, row);
                match &mut self.taken {
                    Taken::Few(bits) => *bits |= bit(index),
                    Taken::Many(cells) => {
                        if let Some(cell) = cells.get_mut(index) {
                            *cell = true;
                        }
                    }
                }
            }
        }
    }
}

/// The bit of a cell.
fn bit(index: usize) -> u64 {
    u32::try_from(index).ok().and_then(|index| 1_u64.checked_shl(index)).unwrap_or(0)
}

/// The occupied cells of a load so far.
///
/// ```
/// # use ferrule_launcher_model::compat::placement::{Grid, Occupancy, Place, Placement};
/// let mut occupancy = Occupancy::new(Grid { columns: 4, rows: 4, hotseat: 3, search_columns: 4, folder: (4, 4) }, false);
/// let place = Place { container: -100, screen: 1, cell_x: 0, cell_y: 0, span_x: 1, span_y: 1 };
/// assert_eq!(occupancy.check(&place), Placement::Accepted);
/// assert_eq!(occupancy.check(&place), Placement::Rejected);
/// ```
#[derive(Debug, Clone)]
pub struct Occupancy {
    grid: Grid,
    first_row_pinned: bool,
    /// Pages by id. The dock lies under its own container id, so a page with that id would share its cells, as in
    /// Launcher3.
    pages: FastMap<i32, Cells>,
}

impl Occupancy {
    /// Nothing is taken yet; `first_row_pinned` as [`super::pinned::row_is_reserved`] says (C19).
    pub fn new(grid: Grid, first_row_pinned: bool) -> Self {
        Self { grid, first_row_pinned, pages: FastMap::default() }
    }

    /// Checks one row and takes its cells if it is accepted.
    pub fn check(&mut self, place: &Place) -> Placement {
        match place.container {
            CONTAINER_HOTSEAT => self.check_hotseat(place.screen),
            CONTAINER_DESKTOP => self.check_desktop(place),
            // B.4: any other container is accepted without a check.
            _ if holds(PlacementRule::OtherContainer, true) => Placement::Accepted,
            _ => Placement::Rejected,
        }
    }

    fn check_hotseat(&mut self, index: i32) -> Placement {
        let size = self.grid.hotseat;
        // B.4: index at or above the dock's size is rejected; below zero Launcher3 leaves its array.
        if holds(PlacementRule::HotseatBound, index >= size) {
            return Placement::Rejected;
        }
        let throws = |length| Placement::Throws { index, length };
        match self.pages.get_mut(&CONTAINER_HOTSEAT) {
            Some(cells) if index < 0 || index >= cells.width => throws(cells.width),
            // A page with the dock's id, on a grid without rows, leaves no slot to look at.
            Some(cells) if cells.height == 0 => Placement::Throws { index: 0, length: 0 },
            Some(cells) if holds(PlacementRule::HotseatOccupied, cells.is_taken(index, 0)) => {
                Placement::Rejected
            }
            Some(cells) => {
                cells.mark(index, 0, 1, 1);
                Placement::Accepted
            }
            None if index < 0 => throws(size),
            None => {
                let mut cells = Cells::new(size, 1);
                cells.mark(index, 0, 1, 1);
                self.pages.insert(CONTAINER_HOTSEAT, cells);
                Placement::Accepted
            }
        }
    }

    fn check_desktop(&mut self, place: &Place) -> Placement {
        let grid = self.grid;
        let outside = place.cell_x < 0
            || place.cell_y < 0
            || place.cell_x.wrapping_add(place.span_x) > grid.columns
            || place.cell_y.wrapping_add(place.span_y) > grid.rows;
        if holds(PlacementRule::DesktopBounds, outside) {
            return Placement::Rejected;
        }
        let pinned = self.first_row_pinned;
        let cells = self.pages.entry(place.screen).or_insert_with(|| {
            // One column and row more than the page has, as Launcher3 makes it.
            let mut cells = Cells::new(grid.columns.saturating_add(1), grid.rows.saturating_add(1));
            if holds(PlacementRule::PinnedRow, place.screen == FIRST_PAGE && pinned) {
                cells.mark(0, 0, grid.search_columns, 1);
            }
            cells
        });
        if holds(PlacementRule::DesktopOccupied, !cells.is_region_vacant(place)) {
            return Placement::Rejected;
        }
        cells.mark(place.cell_x, place.cell_y, place.span_x, place.span_y);
        Placement::Accepted
    }
}

/// Whether a rule's condition holds; the one place where the mutation evidence can break a rule.
fn holds(rule: PlacementRule, condition: bool) -> bool {
    super::mutants::holds(super::mutants::Mutation::Placement(rule), condition)
}
