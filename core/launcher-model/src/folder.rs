//! How a folder lays its items out, and what a new folder may be called (C.8, SPEC-23, SPEC-29).
//!
//! Counts and ranks only; no views, no drawing. The shape starts from the last one, so a [`FolderGrid`] is kept while
//! folders are visited one after another, as Launcher3 does.

mod names;

pub use names::{NameSlots, NamedItem, SLOTS, Suggested, suggest};

/// Folders of at most this many items show the first ranks in their icon.
pub const PREVIEW_ITEMS: usize = 4;
/// Upper bound for either side of a folder's page.
const SIDE_MAX: usize = 64;

/// The shape of a folder's page, 0x0 before the first use.
///
/// ```
/// # use ferrule_launcher_model::folder::FolderGrid;
/// let mut grid = FolderGrid::new(4, 3);
/// grid.set_items(8);
/// assert_eq!(grid.shape(), (3, 3));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FolderGrid {
    columns_max: usize,
    rows_max: usize,
    columns: usize,
    rows: usize,
    items: usize,
}

impl FolderGrid {
    /// A grid of at most `columns` x `rows`, each 1 to 64.
    pub fn new(columns: usize, rows: usize) -> Self {
        let side = |count: usize| count.clamp(1, SIDE_MAX);
        Self { columns_max: side(columns), rows_max: side(rows), columns: 0, rows: 0, items: 0 }
    }

    /// Columns and rows.
    pub fn shape(&self) -> (usize, usize) {
        (self.columns, self.rows)
    }

    /// Fits the shape to a number of items, starting from the present shape.
    pub fn set_items(&mut self, items: usize) {
        if items == self.items {
            return;
        }
        self.items = items;
        if items >= self.page_items() {
            (self.columns, self.rows) = (self.columns_max, self.rows_max);
            return;
        }
        loop {
            let before = self.shape();
            self.step(items);
            if self.shape() == before {
                return;
            }
        }
    }

    /// One step: grow the shorter side, or drop a row or a column that is not needed.
    fn step(&mut self, items: usize) {
        let (columns, rows) = self.shape();
        if columns * rows < items {
            if (columns <= rows || rows == self.rows_max) && columns < self.columns_max {
                self.columns += 1;
            } else if rows < self.rows_max {
                self.rows += 1;
            }
            self.rows = self.rows.max(1);
        } else if rows >= columns && rows > 0 && (rows - 1) * columns >= items {
            self.rows -= 1;
        } else if columns > 0 && (columns - 1) * rows >= items {
            self.columns -= 1;
        }
    }

    /// Items of a full page.
    pub fn page_items(&self) -> usize {
        self.columns_max * self.rows_max
    }

    /// Column and row of a rank on its page; `None` while the shape is empty.
    pub fn cell(&self, rank: usize) -> Option<(usize, usize)> {
        let on_page = rank.checked_rem(self.page_items())?;
        Some((on_page.checked_rem(self.columns)?, on_page.checked_div(self.columns)?))
    }

    /// Whether the item of a rank shows in the preview of a page: the first four ranks of a small folder, otherwise, and
    /// on later pages, the upper left two by two cells.
    pub fn is_in_preview(&self, page: usize, rank: usize) -> bool {
        if page == 0 && self.items <= PREVIEW_ITEMS {
            return rank < PREVIEW_ITEMS;
        }
        let column = rank.checked_rem(self.columns);
        let row = rank.checked_div(self.columns);
        column.is_some_and(|column| column < 2) && row.is_some_and(|row| row < 2)
    }
}
