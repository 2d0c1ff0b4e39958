//! Places of a layout that the first load would not accept (SPEC-05, NEW): reported when the layout is read.
//!
//! Legacy notices neither: the loader deletes such rows later, when nobody remembers the layout (A.9, B.4). This check
//! changes nothing about the rows; an author or a build runs it, and `safe` can place the items elsewhere.

use std::collections::BTreeMap;

use super::platform::LayoutGrid;
use super::row::{Cell, LayoutRow};

const CONTAINER_DESKTOP: i32 = -100;
const CONTAINER_DOCK: i32 = -101;

/// A row whose place is no good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlaceFault {
    /// Id of the row.
    pub row: i32,
    /// Id of the earlier row whose cells it shares; none when it lies outside the grid or has no place.
    pub other: Option<i32>,
}

impl PlaceFault {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        if self.other.is_some() { "LM_LAYOUT_OVERLAP" } else { "LM_LAYOUT_OUTSIDE" }
    }
}

/// Rows of the desktop and the dock that overlap an earlier row or do not fit the grid, in the order of the rows. A row
/// at fault takes no cells, so it is not held against later ones.
pub fn check_places(rows: &[LayoutRow], grid: LayoutGrid) -> Vec<PlaceFault> {
    let mut taken = BTreeMap::new();
    let mut faults = Vec::new();
    for row in rows {
        let Some(cells) = cells_of(row, grid) else { continue };
        let other = cells.iter().flatten().find_map(|cell| taken.get(cell).copied());
        match cells {
            Some(cells) if other.is_none() => taken.extend(cells.into_iter().map(|cell| (cell, row.id))),
            _ => faults.push(PlaceFault { row: row.id, other }),
        }
    }
    faults
}

type Place = (i32, i32, i64, i64);

/// The cells of a row: the outer `None` where it has none to take (in a folder), the inner one where it has no good place.
#[allow(clippy::option_option, reason = "two different absences, told apart at the only caller")]
fn cells_of(row: &LayoutRow, grid: LayoutGrid) -> Option<Option<Vec<Place>>> {
    let screen = row.screen;
    match row.container {
        Some(CONTAINER_DOCK) => {
            let slot = screen.filter(|slot| (0..grid.dock).contains(slot));
            Some(slot.map(|slot| vec![(CONTAINER_DOCK, slot, 0, 0)]))
        }
        Some(CONTAINER_DESKTOP) => Some(desktop_cells(row, screen, grid)),
        _ => None,
    }
}

fn desktop_cells(row: &LayoutRow, screen: Option<i32>, grid: LayoutGrid) -> Option<Vec<Place>> {
    let number = |cell: &Cell| match cell {
        Cell::Integer(value) => Some(*value),
        _ => None,
    };
    let inside = |at: i64, span: i64, size: i32| {
        at >= 0 && span >= 1 && at.checked_add(span).is_some_and(|end| end <= i64::from(size))
    };
    let screen = screen.filter(|screen| *screen >= 0)?;
    let (x, y) = (number(&row.cell_x)?, number(&row.cell_y)?);
    let (width, height) = (number(&row.span_x)?, number(&row.span_y)?);
    if !inside(x, width, grid.columns) || !inside(y, height, grid.rows) {
        return None;
    }
    let cells = (x..x + width).flat_map(|x| (y..y + height).map(move |y| (CONTAINER_DESKTOP, screen, x, y)));
    Some(cells.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: i32, container: i32, screen: i32, place: (i64, i64), span: (i64, i64)) -> LayoutRow {
        LayoutRow {
            id,
            container: Some(container),
            screen: Some(screen),
            cell_x: Cell::Integer(place.0),
            cell_y: Cell::Integer(place.1),
            span_x: Cell::Integer(span.0),
            span_y: Cell::Integer(span.1),
            ..LayoutRow::default()
        }
    }

    #[test]
    fn overlaps_and_rows_outside_are_named() {
        let grid = LayoutGrid { columns: 4, rows: 5, dock: 4 };
        let mut text = row(8, -100, 3, (0, 0), (1, 1));
        text.cell_x = Cell::Text("left".into());
        let rows = [
            row(1, -100, 0, (0, 0), (2, 2)),
            row(2, -100, 0, (1, 1), (1, 1)),
            row(3, -100, 1, (1, 1), (1, 1)),
            row(4, -100, 0, (3, 3), (2, 1)),
            row(5, -101, 3, (0, 0), (1, 1)),
            row(6, -101, 3, (1, 0), (1, 1)),
            row(7, -101, 4, (0, 0), (1, 1)),
            text,
            row(9, 1, 0, (0, 0), (1, 1)),
            row(10, -100, 0, (i64::MAX, 0), (1, 1)),
        ];
        let faults = check_places(&rows, grid);
        let named: Vec<_> = faults.iter().map(|fault| (fault.row, fault.other)).collect();
        assert_eq!(named, [(2, Some(1)), (4, None), (6, Some(5)), (7, None), (8, None), (10, None)]);
        assert_eq!(
            faults.iter().map(PlaceFault::code).filter(|code| *code == "LM_LAYOUT_OVERLAP").count(),
            2
        );
    }
}
