//! What a safe load answers: a line a row, the live items, the pages, what to write.
//!
//! One list of rows is the only record of states; the lists of held, quarantined, opaque and moved rows are views of it, so
//! no row can be in two of them or in none.

use std::collections::BTreeMap;

use super::deviation::Deviation;
use super::effects::Effects;
use super::explain::Remedy;
use super::fate::{LegacyEnd, State};
use super::target::RowTarget;
use super::writes::RowWrite;
use crate::compat::LoadRow;
use crate::compat::model::{Item, ItemId};
use crate::compat::placement::{CONTAINER_DESKTOP, CONTAINER_HOTSEAT};

/// Where a row stands, as the database stores it. Numbers as the row has them, sensible or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredPlace {
    /// Container: −100 desktop, −101 dock, else a collection.
    pub container: i32,
    /// Page, or dock index.
    pub screen: i32,
    /// Column.
    pub cell_x: i32,
    /// Row.
    pub cell_y: i32,
    /// Width in cells.
    pub span_x: i32,
    /// Height in cells.
    pub span_y: i32,
    /// Order in a folder; the split in a pair.
    pub rank: i32,
}

impl StoredPlace {
    /// The place of a row.
    pub fn of(row: &LoadRow) -> Self {
        Self {
            container: row.container,
            screen: row.screen,
            cell_x: row.cell_x,
            cell_y: row.cell_y,
            span_x: row.span_x,
            span_y: row.span_y,
            rank: row.rank,
        }
    }

    /// This place moved to a seat; what the seat does not say stays as it is.
    pub(super) fn moved_to(self, seat: Seat) -> Self {
        match seat {
            Seat::Desktop { page, x, y, width, height } => Self {
                container: CONTAINER_DESKTOP,
                screen: page,
                cell_x: x,
                cell_y: y,
                span_x: width,
                span_y: height,
                ..self
            },
            Seat::Dock { index } if self.container == CONTAINER_HOTSEAT && self.screen == index => self,
            // The dock's column mirrors the index (A.1).
            Seat::Dock { index } => {
                Self { container: CONTAINER_HOTSEAT, screen: index, cell_x: index, cell_y: 0, ..self }
            }
            Seat::Inside { collection, rank } => Self { container: collection, rank, ..self },
        }
    }
}

/// A place of its own on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Seat {
    /// Cells of a page.
    Desktop {
        /// The page's id, 0 or more.
        page: i32,
        /// Column of the left cell.
        x: i32,
        /// Row of the top cell.
        y: i32,
        /// Width in cells.
        width: i32,
        /// Height in cells.
        height: i32,
    },
    /// A slot of the dock.
    Dock {
        /// From 0.
        index: i32,
    },
    /// Among the contents of a folder, a pair, or of something opaque that has contents.
    Inside {
        /// The id of its row.
        collection: ItemId,
        /// Order in a folder, from 0 without gaps; elsewhere as stored.
        rank: i32,
    },
}

/// What became of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowOutcome {
    /// SQLite's row id.
    pub row_id: i64,
    /// Where the row ended.
    pub state: State,
    /// What Launcher3 would have made of it.
    pub legacy: LegacyEnd,
    /// How that differs, most important first; empty where it does not.
    pub deviations: Vec<Deviation>,
    /// Where the user left it.
    pub left: StoredPlace,
    /// Where it stands now; none in quarantine, and where no place can be given (the overflow).
    pub seat: Option<Seat>,
    /// The item type as stored.
    pub item_type: i32,
    /// The stored label, for a place-holder.
    pub title: Option<String>,
    /// What would bring it back to where and what it was; empty for a row that is both.
    pub remedies: Vec<Remedy>,
    /// What it names, to be asked for by name; none for a live row, whose item says it. Boxed: few rows have one.
    pub target: Option<Box<RowTarget>>,
}

impl RowOutcome {
    /// The code that stands for the row in reports: its first deviation's, else `LM_LOADED`.
    pub fn code(&self) -> &'static str {
        self.deviations.first().map_or(crate::compat::Verdict::Accept.code(), |deviation| deviation.code())
    }

    /// The id by which other rows name it; the row id, which has 32 bits but for rows that are held for their id.
    pub(super) fn left_id(&self) -> ItemId {
        self.row_id as ItemId
    }

    /// The deviation by which it was moved, if it was.
    pub fn moved_by(&self) -> Option<Deviation> {
        self.deviations.iter().copied().find(|deviation| deviation.is_move())
    }
}

/// The answer of a safe load.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SafeOutcome {
    /// A line a row, by ascending row id.
    pub rows: Vec<RowOutcome>,
    /// The live items at their places.
    pub items: BTreeMap<ItemId, Item>,
    /// What folders, pairs and opaque rows contain, in order; held and opaque children are among them.
    pub contents: BTreeMap<ItemId, Vec<ItemId>>,
    /// The pages from left to right, empty ones that the caller named included.
    pub pages: Vec<i32>,
    /// Whether the search bar holds the first row of page 0.
    pub first_page_pinned: bool,
    /// What to write, so that the next load finds what this one shows. Nothing deletes a row.
    pub writes: Vec<RowWrite>,
    /// What to do outside the model.
    pub effects: Effects,
}

impl SafeOutcome {
    /// The rows in one state.
    pub fn in_state(&self, state: State) -> impl Iterator<Item = &RowOutcome> {
        self.rows.iter().filter(move |row| row.state == state)
    }

    /// The rows that were moved.
    pub fn relocated(&self) -> impl Iterator<Item = &RowOutcome> {
        self.rows.iter().filter(|row| row.moved_by().is_some())
    }

    /// The line of one row.
    pub fn row(&self, row_id: i64) -> Option<&RowOutcome> {
        let at = self.rows.binary_search_by_key(&row_id, |row| row.row_id).ok()?;
        self.rows.get(at)
    }
}
